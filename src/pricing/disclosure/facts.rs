use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Money;

use super::super::{Apr, Equal, PricingError, RepaymentFlow, finance_charge, line_apr, pool_apr};
use super::Jurisdiction;

/// Choices that the law leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisclosureSettings {
    /// Name of the product in the heading, one to five words.
    pub product: String,
    /// True if all of the reserve is reasonably anticipated to be returned but for the fee, on the
    /// evidence of past performance. Otherwise it counts as finance charge (10 CCR 943(a)(3)).
    pub reserve_return_anticipated: bool,
    /// Decimals of a disclosed APR. The rule asks for ten basis points; its own example has two
    /// decimals.
    #[schemars(range(min = 1, max = 4))]
    pub apr_decimals: u8,
    /// The transaction that California's disclosure covers: this sale, or an agreement on many.
    #[serde(default)]
    pub agreement: Agreement,
}

/// The transaction that California's disclosure covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// This sale: 10 CCR 912.
    #[default]
    Specific,
    /// A general agreement: 10 CCR 913, with an example at the approved advance limit.
    General,
}

/// The cost of early payment by a customer. A fee by the period charges one that has begun in full.
pub(super) const PREPAYMENT: &str = "If a customer pays early, you owe no prepayment charge. The \
     fee is that of the day of payment under the fee schedule; a period that has begun may be \
     charged in full.";

/// A receivable as disclosed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisclosedLine {
    /// Amount bought.
    pub amount: Money,
    /// Advance on it.
    pub advance: Money,
    /// Days to its assumed payment, at least 1.
    pub day: u32,
    /// Fee if it is paid on that day.
    pub fee: Money,
    /// The equal receivables that it stands for; all amounts are those of one.
    pub equal: Equal,
}

/// The facts from which a disclosure is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureFacts {
    /// The receivables.
    pub lines: Vec<DisclosedLine>,
    /// Charges taken out of the advance.
    pub prepaid: Money,
    /// The rule by which the days of payment were set, in words.
    pub term_rule: String,
    /// The treatment of unpaid receivables, in words.
    pub repurchase: String,
    /// Charges that the client can avoid, in words.
    pub avoidable: Vec<String>,
    /// Monthly charges, in words. They belong to the agreement, not to one sale.
    pub monthly: Vec<String>,
    /// The receivables bought, in words.
    pub receivables: String,
    /// The choices that the law leaves open.
    pub settings: DisclosureSettings,
}

/// The figures of a disclosure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figures {
    pub amount: Money,
    pub advance: Money,
    pub financed: Money,
    pub charge: Money,
    /// Amount financed plus finance charge: NY FSL 806(d). 806(c) says minus, which would make the
    /// APR negative.
    pub payment: Money,
    pub apr: Apr,
    /// The APR as if everything were paid at once at the end of the term.
    pub single: Apr,
    /// Mean term in days, weighted by advance and rounded up.
    pub term: u32,
    /// The first day of payment.
    pub first: u32,
    /// The last day of payment.
    pub last: u32,
}

impl DisclosureFacts {
    pub(super) fn figures(&self) -> Result<Figures, PricingError> {
        let zero = Money::zero(self.prepaid.currency());
        let total = |of: fn(&DisclosedLine) -> Money| {
            let all = self.lines.iter().map(|line| line.equal.all(of(line).minor()));
            Money::from_total(all.sum(), zero.currency())
        };
        let (amount, advance) = (total(|line| line.amount)?, total(|line| line.advance)?);
        let (fee, reserve) = (total(|line| line.fee)?, amount.checked_sub(advance)?);
        let anticipated = self.settings.reserve_return_anticipated;
        let charge = finance_charge(fee, reserve, self.prepaid, anticipated)?;
        if charge.minor() < 0 {
            return Err(PricingError::NegativeCost(charge.to_string()));
        }
        let financed = advance.checked_sub(self.prepaid)?;
        let mut flows = Vec::with_capacity(self.lines.len());
        let mut weighted = 0.0;
        for line in &self.lines {
            let reserve = line.amount.checked_sub(line.advance)?;
            // Prepaid charges have lowered the amount financed already: no repayment returns them.
            let kept = finance_charge(line.fee, reserve, zero, anticipated)?;
            let amount = line.equal.money(line.advance.checked_add(kept)?)?;
            flows.push(RepaymentFlow { day: line.day, amount });
            weighted += f64::from(line.day) * line.equal.all(line.advance.minor()) as f64;
        }
        // Refuses an amount financed of 0, so the division by the advance below is safe.
        let apr = pool_apr(financed, &flows)?;
        let days = || self.lines.iter().map(|line| line.day);
        // The subtraction keeps a mean of exactly 30 days from becoming 31 by the last bit of a
        // double.
        // A mean of days is a small positive number.
        let term = (weighted / advance.minor() as f64 - 1e-9).ceil() as u32;
        Ok(Figures {
            single: line_apr(charge, financed, term)?,
            amount,
            advance,
            financed,
            charge,
            payment: financed.checked_add(charge)?,
            apr,
            term,
            first: days().min().unwrap_or(0),
            last: days().max().unwrap_or(0),
        })
    }

    /// Returns the APR as printed.
    pub(super) fn printed(&self, apr: Apr) -> String {
        let decimals = self.settings.apr_decimals;
        // Half up, even if the double lies a hair below the half.
        let scale = 10_f64.powi(i32::from(decimals));
        let rounded = (apr.percent() * scale + 1e-9).round() / scale;
        format!("{rounded:.*}%", usize::from(decimals))
    }

    /// Returns a sentence on the charges that are not in the finance charge of one sale; empty if
    /// there are none.
    pub(super) fn beside(&self) -> String {
        if self.monthly.is_empty() {
            return String::new();
        }
        format!(
            " It does not include charges that belong to no single sale: {}.",
            self.monthly.join("; ")
        )
    }

    /// Returns the choices made, in words.
    pub(super) fn settings_in_words(&self, jurisdiction: Jurisdiction) -> Vec<String> {
        let reserve = if self.settings.reserve_return_anticipated {
            "The reserve is reasonably anticipated to be returned but for the fee, so it is \
             not a finance charge"
        } else {
            "The reserve is not reasonably anticipated to be returned, so it is a finance charge"
        };
        let (reserve_rule, decimals_rule) = match jurisdiction {
            Jurisdiction::Ca => (
                " (10 CCR 943(a)(3))",
                " (10 CCR 901(a)(5) asks for ten basis points; its example has two decimals)",
            ),
            _ => ("", ""),
        };
        vec![
            format!("{reserve}{reserve_rule}."),
            format!(
                "The APR is printed to {} decimals{decimals_rule}.",
                self.settings.apr_decimals
            ),
            format!("Term: {}", self.term_rule),
        ]
    }
}

impl Figures {
    /// Returns the term in words.
    pub(super) fn term_in_words(&self) -> String {
        if self.first == self.last {
            return format!("{} days", self.term);
        }
        format!("{} days on average ({} to {} days)", self.term, self.first, self.last)
    }
}
