use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Money, Rate};
use policy::{Eligibility, Policy, Pool};
use pricing::PricingError;

use super::borrowing_base::{BorrowingBase, BorrowingTerms, borrowing_base};
use super::facility::{Comparison, Facility};
use super::roll_forward::RollForward;

/// The borrowing base of a part; the waterfall of the part has the ineligibles one by one.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Certificate {
    /// The roll-forward of the receivables since the previous certificate or, without one, over the
    /// last month.
    pub roll_forward: RollForward,
    /// All open invoices.
    pub gross: Money,
    /// The receivables that the rules take; what is already bought or above the line stays
    /// eligible.
    pub ineligible: Money,
    /// Eligible receivables, reserves, availability, and the amount that may still be drawn.
    #[serde(flatten)]
    pub base: BorrowingBase,
    /// The client's own figures beside ours, if it declares any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declared: Vec<Comparison>,
}

/// The input to the borrowing base of a part.
pub struct CertificateInput<'a> {
    /// The rules.
    pub policy: &'a Policy,
    /// One client's open receivables in one currency.
    pub pool: &'a Pool,
    /// The facility agreed with the client; one in another currency does not count.
    pub facility: Option<&'a Facility>,
    /// The funds in use without a facility: those of the offer that is completed, if one is.
    pub in_use: Option<Money>,
    /// Dilution of the trailing 12 months.
    pub dilution: Rate,
    /// The roll-forward of the receivables since the previous certificate.
    pub roll_forward: RollForward,
}

impl CertificateInput<'_> {
    /// Returns the borrowing base, with line, funds in use and the client's own figures out of the
    /// facility.
    ///
    /// # Errors
    /// If an amount overflows.
    pub fn certificate(&self, eligibility: &Eligibility) -> Result<Certificate, PricingError> {
        let (policy, pool, currency) = (self.policy, self.pool, self.pool.currency);
        let facility = self.facility.filter(|facility| facility.currency == currency);
        let zero = Money::zero(currency);
        let amount = |of: fn(&Facility) -> Amount| {
            facility.map_or(Ok(zero), |facility| facility.money(of(facility)))
        };
        let line = facility.and_then(|facility| facility.line.map(|line| facility.money(line)));
        let terms = BorrowingTerms {
            // The cap without the points for dilution, which a certificate shows as a reserve.
            advance_rate: policy.advance_cap(),
            dilution: self.dilution,
            dilution_threshold: policy.dilution_threshold(),
            other_reserves: amount(|facility| facility.other_reserves)?,
            line: line.transpose()?,
            outstanding: match (facility, self.in_use) {
                (None, Some(in_use)) => in_use,
                _ => amount(|facility| facility.outstanding)?,
            },
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

#[cfg(test)]
mod tests {
    use super::super::samples::{listed, pool, read_back, rolled, usd};
    use super::*;
    use basics::Currency;
    use policy::assess;

    const FACILITY: &str = "currency = \"USD\"\nline = 5000\noutstanding = \"1000.25\"\n\
                            other_reserves = 100\n[declared]\ngross = \"8000\"\n";

    fn certificate(pool: &Pool, facility: Option<&str>) -> Certificate {
        let policy = listed();
        let facility: Option<Facility> = facility.map(|text| text.parse().expect("a facility"));
        let input = CertificateInput {
            policy: &policy,
            pool,
            facility: facility.as_ref(),
            in_use: None,
            dilution: Rate::default(),
            roll_forward: rolled(pool.currency),
        };
        input.certificate(&assess(pool, &policy)).expect("a certificate")
    }

    #[test]
    fn what_the_rules_take_is_gross_less_eligible() {
        let found = certificate(&pool(), None);
        // 7,900.50, of which 400.00 are 61 days past due.
        assert_eq!((found.gross, found.ineligible), (usd(790_050), usd(40_000)));
        assert_eq!(found.base.eligible, usd(750_050));
        // 80 % of 7,500.50; without a facility nothing is drawn and no line is agreed.
        assert_eq!(found.base.excess, usd(600_040));
        assert_eq!((found.base.line, found.declared.len()), (None, 0));
        read_back(&found, Currency::USD);
    }

    #[test]
    fn a_facility_brings_line_reserves_drawings_and_the_client_s_own_figures() {
        let found = certificate(&pool(), Some(FACILITY));
        // 6,000.40 less 100.00 of reserves; the line of 5,000.00 less 1,000.25 is left.
        assert_eq!(found.base.net_availability, usd(590_040));
        assert_eq!((found.base.borrowing_base, found.base.excess), (usd(500_000), usd(399_975)));
        assert_eq!(found.declared.len(), 1);
        assert_eq!(found.declared[0].difference, usd(9_950), "8,000.00 less 7,900.50");
        read_back(&found, Currency::USD);
    }

    #[test]
    fn a_facility_in_another_currency_does_not_count() {
        let euros = FACILITY.replace("USD", "EUR");
        let (with, without) = (certificate(&pool(), Some(&euros)), certificate(&pool(), None));
        assert_eq!((with.base, with.declared), (without.base, without.declared));
    }

    #[test]
    fn what_is_bought_already_stays_eligible() {
        let mut funded = pool();
        funded.receivables[0].funded = true;
        assert_eq!(certificate(&funded, None).base, certificate(&pool(), None).base);
    }
}
