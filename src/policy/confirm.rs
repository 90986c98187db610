use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Day, Money, Rate, Rounding};

use super::hold::{HoldKind, HoldReason};
use super::verification::VerificationRules;

/// The rules by which invoices are confirmed with their debtors, and which of them wait for it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmTerms {
    /// The reasons for which an invoice is held: bought once it is confirmed.
    pub hold: Vec<HoldReason>,
    /// The amount bought of an invoice, in major units, from which `large` holds it.
    #[schemars(extend("minimum" = 0))]
    pub from: Amount,
    /// The share of the amount bought that `coverage` wants confirmed, the largest invoices first;
    /// above 0 if `hold` lists `coverage`, and without effect if it does not.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub coverage_percent: Rate,
    /// The share of the other invoices that `drawn` picks at random; above 0 if `hold` lists
    /// `drawn`, and without effect if it does not.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub random_percent: Rate,
    /// A debtor is known once it has paid an invoice of at least this share of its largest open
    /// one.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub seasoned_percent: Rate,
    /// Days after which a confirmation does not count any more.
    #[schemars(range(min = 1, max = 365))]
    pub valid_days: u32,
    /// Probability that an invoice against which nothing speaks is not valid.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub invalid_percent: Rate,
    /// The factor by which that is likelier for a debtor with almost no payment history.
    #[schemars(range(min = 1, max = 1000))]
    pub new_debtor_factor: u32,
    /// Probability that an invoice that looks wrong is not valid.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub looks_wrong_percent: Rate,
    /// Probability that a confirmed invoice is not valid.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub confirmed_percent: Rate,
    /// The share of its advance that an invoice that is not valid costs.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub lost_percent: Rate,
    /// The most invoices in the queue that are not held.
    #[schemars(range(min = 0, max = 1000))]
    pub most: usize,
}

/// An invoice, as the rules of confirmation see it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confirmable<'a> {
    /// The amount bought of it, now or once it is confirmed.
    pub amount: Money,
    /// The advance on it.
    pub advance: Money,
    /// The reasons for which it is held, or would be if it were bought.
    pub reasons: &'a [HoldReason],
    /// True if the debtor has almost no payment history.
    pub is_new_debtor: bool,
    /// True if one of its dates was assumed.
    pub is_date_assumed: bool,
    /// True if its debtor has confirmed it.
    pub is_confirmed: bool,
}

/// An invoice to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verification {
    /// Its number.
    pub invoice_number: String,
    /// The debtor to ask.
    pub debtor_name: String,
    /// The amount bought, now or once it is confirmed; 0 if it would still be excluded.
    pub amount_bought: Money,
    /// The reasons to confirm it: those for which invoices are held, `copy` for one that a likely
    /// copy waits for, `large`, `new_debtor`, `date_assumed`, or `sample` for the next in order of
    /// what may be lost.
    pub reasons: Vec<std::borrow::Cow<'static, str>>,
    /// The same in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// True if the invoice is bought only once it is confirmed.
    #[serde(default)]
    pub held: bool,
    /// The loss that confirming it avoids on average: advance x P(not valid) x share lost.
    pub expected_loss_avoided: Money,
}

impl ConfirmTerms {
    /// The rules of a policy that was written before invoices could be held: nothing is.
    pub(super) fn without_holds(rules: &VerificationRules, lost_percent: Rate) -> Self {
        let none = Rate::from_bps(0.into());
        Self {
            hold: Vec::new(),
            from: rules.always_from,
            coverage_percent: none,
            random_percent: none,
            seasoned_percent: none,
            valid_days: 365,
            invalid_percent: rules.invalid_percent,
            new_debtor_factor: rules.new_debtor_factor,
            looks_wrong_percent: rules.invalid_percent,
            confirmed_percent: none,
            lost_percent,
            most: rules.most,
        }
    }

    /// Returns true if a confirmation of this day still counts at the as-of date.
    pub fn still_counts(&self, day: Day, as_of: Day) -> bool {
        i64::from(as_of) - i64::from(day) <= i64::from(self.valid_days)
    }

    /// Returns true if invoices are drawn at random, so that a seed is needed.
    pub fn draws(&self) -> bool {
        self.holds(HoldReason::Drawn) && self.random_percent.to_f64() > 0.0
    }

    /// Returns true if an invoice of which so much is bought is to be confirmed for its size.
    pub fn is_large(&self, bought: Money) -> bool {
        let from = || Money::round(self.from.0, bought.currency(), Rounding::Down);
        bought.minor() > 0 && from().is_ok_and(|from| bought.minor() >= from.minor())
    }

    /// Returns true if invoices are held for `reason`.
    pub fn holds(&self, reason: HoldReason) -> bool {
        self.hold.contains(&reason)
    }

    /// Returns the probability that an invoice is not valid: the largest that one of its reasons
    /// gives, because they are not independent.
    pub fn not_valid(&self, invoice: &Confirmable<'_>) -> f64 {
        if invoice.is_confirmed {
            return self.confirmed_percent.to_f64();
        }
        let mut probability = self.invalid_percent.to_f64();
        if invoice.is_new_debtor {
            probability *= f64::from(self.new_debtor_factor);
        }
        if invoice.reasons.iter().any(|reason| reason.kind() == HoldKind::LooksWrong) {
            probability = probability.max(self.looks_wrong_percent.to_f64());
        }
        probability.min(1.0)
    }

    /// Returns the loss that confirming an invoice avoids on average, minor units.
    pub fn loss_avoided(&self, invoice: &Confirmable<'_>) -> f64 {
        let lost = invoice.advance.minor() as f64 * self.lost_percent.to_f64();
        lost * self.not_valid(invoice)
    }
}
