use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Money, Rate};

/// The rules by which invoices are confirmed with their debtors before they are bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerificationRules {
    /// Probability that an invoice of the kind that is bought is not valid.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub invalid_percent: Rate,
    /// The factor by which that is likelier for a debtor with almost no payment history.
    #[schemars(range(min = 1, max = 1000))]
    pub new_debtor_factor: u32,
    /// Invoices of this amount or more are always confirmed.
    #[schemars(extend("minimum" = 0))]
    pub always_from: Amount,
    /// The most invoices in the queue.
    #[schemars(range(min = 0, max = 1000))]
    pub most: usize,
}

/// An invoice to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verification {
    /// Its number.
    pub invoice_number: String,
    /// The debtor to ask.
    pub debtor_name: String,
    /// Amount bought.
    pub amount_bought: Money,
    /// The reasons to confirm it: `large`, `new_debtor`, `date_assumed`.
    pub reasons: Vec<Cow<'static, str>>,
    /// The loss that confirming it avoids on average: advance x P(not valid) x loss given default.
    pub expected_loss_avoided: Money,
}

/// An invoice that is bought, as the rules of confirmation see it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confirmable {
    /// Amount bought.
    pub amount: Money,
    /// Advance on it.
    pub advance: Money,
    /// True if the debtor has almost no payment history.
    pub is_new_debtor: bool,
    /// True if one of its dates was assumed.
    pub is_date_assumed: bool,
}

impl VerificationRules {
    /// Returns the reasons to confirm an invoice, and the loss that confirming it avoids on average
    /// in minor units. Without a reason it is confirmed only if the queue has room.
    pub fn judge(
        &self,
        invoice: &Confirmable,
        loss_given_default: f64,
    ) -> (Vec<&'static str>, f64) {
        let mut reasons = Vec::new();
        let mut probability = self.invalid_percent.to_f64();
        if invoice.amount.to_decimal() >= self.always_from.0 {
            reasons.push("large");
        }
        if invoice.is_new_debtor {
            reasons.push("new_debtor");
            probability *= f64::from(self.new_debtor_factor);
        }
        if invoice.is_date_assumed {
            reasons.push("date_assumed");
        }
        let saved = invoice.advance.minor() as f64 * probability.min(1.0) * loss_given_default;
        (reasons, saved)
    }
}
