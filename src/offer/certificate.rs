use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Money, Rate};
use policy::{Eligibility, Policy, Pool};
use pricing::PricingError;

use super::borrowing_base::{BorrowingBase, BorrowingTerms, borrowing_base};
use super::facility::{Comparison, Facility};
use super::roll_forward::RollForward;

/// The borrowing base of a part: gross and ineligibles stand in its waterfall.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Certificate {
    /// How the receivables came about since the previous certificate, or the month before.
    pub roll_forward: RollForward,
    /// All open invoices.
    pub gross: Money,
    /// What the rules take; what is bought already and what is above the line stays eligible.
    pub ineligible: Money,
    /// Eligible receivables, reserves, availability, and what may still be drawn.
    #[serde(flatten)]
    pub base: BorrowingBase,
    /// The client's own figures beside ours, where it declares some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declared: Vec<Comparison>,
}

/// What the borrowing base of a part is computed from.
pub struct CertificateInput<'a> {
    /// The rules.
    pub policy: &'a Policy,
    /// One client's open receivables in one currency.
    pub pool: &'a Pool,
    /// What is agreed with the client and drawn; one in another currency does not count.
    pub facility: Option<&'a Facility>,
    /// Dilution of the trailing 12 months.
    pub dilution: Rate,
    /// How the receivables came about since the previous certificate.
    pub roll_forward: RollForward,
}

impl CertificateInput<'_> {
    /// The borrowing base, with what the facility says of line, funds in use and the client's own
    /// figures.
    ///
    /// # Errors
    /// [`PricingError`] when an amount overflows.
    pub fn certificate(&self, eligibility: &Eligibility) -> Result<Certificate, PricingError> {
        let (policy, pool, currency) = (self.policy, self.pool, self.pool.currency);
        let facility = self.facility.filter(|facility| facility.currency == currency);
        let zero = Money::zero(currency);
        let amount = |of: fn(&Facility) -> Amount| {
            facility.map_or(Ok(zero), |facility| facility.money(of(facility)))
        };
        let line = facility.and_then(|facility| facility.line.map(|line| facility.money(line)));
        let terms = BorrowingTerms {
            advance_rate: policy.advance_cap(),
            dilution: self.dilution,
            dilution_threshold: policy.dilution_threshold(),
            other_reserves: amount(|facility| facility.other_reserves)?,
            line: line.transpose()?,
            outstanding: amount(|facility| facility.outstanding)?,
        };
        let gross = Money::sum_minor(pool.receivables.iter().map(|r| r.open.minor()), currency)?;
        let eligible = eligibility.assessments.iter().map(|a| a.collateral().minor());
        let eligible = Money::sum_minor(eligible, currency)?;
        let declared = facility
            .map(|facility| facility.compare(&self.roll_forward, gross, eligible))
            .transpose()?;
        Ok(Certificate {
            roll_forward: self.roll_forward,
            gross,
            ineligible: gross.checked_sub(eligible)?,
            base: borrowing_base(eligible, &terms)?,
            declared: declared.unwrap_or_default(),
        })
    }
}
