use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Money;

use super::super::{Apr, PricingError, RepaymentFlow, finance_charge, line_apr, pool_apr};
use super::Jurisdiction;

/// Choices that the law leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisclosureSettings {
    /// Name of the product in the heading, one to five words.
    pub product: String,
    /// Whether all of the reserve is reasonably anticipated to be returned but for the fee, on the
    /// evidence of past performance: else it counts as finance charge (10 CCR 943(a)(3)).
    pub reserve_return_anticipated: bool,
    /// Decimals of a disclosed APR: the rule says ten basis points, its own example has two.
    #[schemars(range(min = 1, max = 4))]
    pub apr_decimals: u8,
    /// Whether California's disclosure is for this sale or for an agreement with many.
    #[serde(default)]
    pub agreement: Agreement,
}

/// What California's disclosure is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// This sale: 10 CCR 912.
    #[default]
    Specific,
    /// A general agreement: 10 CCR 913, by an example at the approved advance limit.
    General,
}

/// One receivable as it is disclosed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisclosedLine {
    /// Amount bought.
    pub amount: Money,
    /// Advance.
    pub advance: Money,
    /// Days to its payment, at least 1.
    pub day: u32,
    /// Fee for payment on that day.
    pub fee: Money,
}

/// What a disclosure is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureFacts {
    /// The receivables.
    pub lines: Vec<DisclosedLine>,
    /// Charges taken out of the advance.
    pub prepaid: Money,
    /// How the days of payment were set, in words.
    pub term_rule: String,
    /// What happens to unpaid receivables, in words.
    pub repurchase: String,
    /// Charges that the client can avoid, in words.
    pub avoidable: Vec<String>,
    /// Charges of a month, which belong to the agreement and not to one sale, in words.
    pub monthly: Vec<String>,
    /// What is bought, in words.
    pub receivables: String,
    /// Choices.
    pub settings: DisclosureSettings,
}

/// The figures of a disclosure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figures {
    pub amount: Money,
    pub advance: Money,
    pub financed: Money,
    pub charge: Money,
    /// Amount financed plus finance charge: NY FSL 806(d), whose (c) says minus.
    pub payment: Money,
    pub apr: Apr,
    /// The rate as if all were one payment at the end of the term.
    pub single: Apr,
    /// Days, weighted by advance and rounded up; first and last.
    pub term: u32,
    pub first: u32,
    pub last: u32,
}

impl DisclosureFacts {
    pub(super) fn figures(&self) -> Result<Figures, PricingError> {
        let zero = Money::zero(self.prepaid.currency());
        let total = |of: fn(&DisclosedLine) -> Money| {
            self.lines.iter().try_fold(zero, |sum, line| sum.checked_add(of(line)))
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
            let kept = finance_charge(line.fee, reserve, zero, anticipated)?;
            flows.push(RepaymentFlow { day: line.day, amount: line.advance.checked_add(kept)? });
            weighted += f64::from(line.day) * line.advance.minor() as f64;
        }
        let apr = pool_apr(financed, &flows)?;
        let days = || self.lines.iter().map(|line| line.day);
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

    /// The APR as it is printed.
    pub(super) fn printed(&self, apr: Apr) -> String {
        let decimals = self.settings.apr_decimals;
        // Half up, also where a double stands a hair below the half.
        let scale = 10_f64.powi(i32::from(decimals));
        let rounded = (apr.percent() * scale + 1e-9).round() / scale;
        format!("{rounded:.*}%", usize::from(decimals))
    }

    /// What is not in the finance charge of one sale, in words.
    pub(super) fn beside(&self) -> String {
        if self.monthly.is_empty() {
            return String::new();
        }
        format!(" Not in it, because they belong to no single sale: {}.", self.monthly.join("; "))
    }

    /// The choices in words.
    pub(super) fn settings_in_words(&self, jurisdiction: Jurisdiction) -> Vec<String> {
        let reserve = if self.settings.reserve_return_anticipated {
            "The reserve is reasonably anticipated to be returned but for the fee, so it is no \
             finance charge"
        } else {
            "The reserve is not reasonably anticipated to be returned, so it counts as finance charge"
        };
        let (reserve_rule, decimals_rule) = match jurisdiction {
            Jurisdiction::Ca => (
                " (10 CCR 943(a)(3))",
                " (10 CCR 901(a)(5) says ten basis points, its example has two decimals)",
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
    /// The term in words.
    pub(super) fn term_in_words(&self) -> String {
        if self.first == self.last {
            return format!("{} days", self.term);
        }
        format!("{} days on average ({} to {} days)", self.term, self.first, self.last)
    }
}
