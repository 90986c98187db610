use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

use basics::{Currency, Money, Rate};

use super::concentration::Concentration;
use super::cross_aging::CrossAging;
use super::limit_terms::{LimitBasis, LimitTerms};

/// The numbers of a policy that its rules test receivables against, as plain values.
#[derive(Debug, Clone)]
pub struct Criteria {
    /// The most days past due at which an invoice is bought.
    pub past_due_days: i32,
    /// The most days past due at which an invoice that has been bought stays eligible.
    pub stays_past_due_days: i32,
    /// The most days from the invoice date at which an invoice is bought, unless the debtor's usual
    /// terms allow more; the largest number if the policy names none.
    pub invoice_age_days: i32,
    /// The same for an invoice that has been bought, to stay eligible.
    pub stays_invoice_age_days: i32,
    /// The usual terms of a debtor if no paid invoices show any, in days.
    pub assumed_terms_days: u16,
    /// The most days to the due date that are eligible.
    pub maximum_days_to_due: i32,
    /// The smallest open balance that is bought, in major units of the currency of the pool.
    pub minimum_open: Decimal,
    /// The names of the country whose debtors are not foreign, separated by `|`.
    pub home_country: Option<String>,
    /// The rule by which a debtor's past-due share makes its whole balance ineligible.
    pub cross_aging: CrossAging,
    /// Limits on debtors and groups.
    pub limits: LimitTerms,
    /// The cap on one debtor.
    pub concentration: Concentration,
    /// The largest advance rate.
    pub advance_cap: Rate,
    /// The smallest advance rate that is offered; the largest if the policy does not test the
    /// reserve.
    pub lowest_advance: Rate,
}

impl Criteria {
    /// Returns the most days past due that are eligible, for an invoice that has been bought before
    /// or one that is to be bought.
    pub fn past_due(&self, funded: bool) -> i32 {
        if funded { self.stays_past_due_days } else { self.past_due_days }
    }

    /// Returns the most days from the invoice date that are eligible whatever the debtor's terms.
    pub fn invoice_age(&self, funded: bool) -> i32 {
        if funded { self.stays_invoice_age_days } else { self.invoice_age_days }
    }

    /// Returns the most days from the invoice date that are eligible for a debtor whose usual terms
    /// are so many days: it may be as late as the policy allows by these.
    pub fn most_age(&self, funded: bool, usual_terms: i32) -> i32 {
        self.invoice_age(funded).max(usual_terms.saturating_add(self.past_due(funded)))
    }

    /// Returns true if the country, as written, is the one whose debtors are not foreign.
    pub fn is_home(&self, country: &str) -> bool {
        let home = self.home_country.as_deref().unwrap_or_default();
        home.split('|').any(|name| name.trim().eq_ignore_ascii_case(country.trim()))
    }

    /// Returns the balance that a limit allows, minor units.
    pub(super) fn balance(&self, limit: Money) -> i64 {
        match self.limits.basis {
            LimitBasis::Balance => limit.minor(),
            LimitBasis::Funded => self.at_largest_advance(limit),
        }
    }

    /// Returns the most that may be bought so that the advance on it at the largest rate, rounded
    /// down, is no more than `funds`: the largest b with b x rate < funds + 1, in minor units.
    /// Without funds that is nothing, not the minor unit whose advance is rounded to nothing.
    pub(super) fn at_largest_advance(&self, funds: Money) -> i64 {
        Self::at_advance(self.advance_cap, funds)
    }

    /// The same at this rate.
    pub(super) fn at_advance(rate: Rate, funds: Money) -> i64 {
        if funds.minor() <= 0 && !rate.fraction().is_zero() {
            return 0;
        }
        let above = Decimal::from(funds.minor()).checked_add(Decimal::ONE);
        let bought = above.and_then(|above| above.checked_div(rate.fraction()));
        // At a rate of 0 %, by which nothing can be divided, a purchase uses up no funds.
        let below = |bought: Decimal| (bought.ceil() - Decimal::ONE).to_i64();
        bought.and_then(below).unwrap_or(i64::MAX)
    }

    /// Returns the amount by which a limit must rise for `balance` more minor units to be bought:
    /// for a limit on funds, the advance on them at the largest rate, rounded up.
    pub(super) fn use_of_limit(&self, balance: i64, currency: Currency) -> Option<Money> {
        match self.limits.basis {
            LimitBasis::Balance => Some(Money::from_minor(balance, currency)),
            LimitBasis::Funded => self.advance_on(balance, currency),
        }
    }

    /// Returns the advance on `balance` minor units at the largest rate, rounded up.
    pub(super) fn advance_on(&self, balance: i64, currency: Currency) -> Option<Money> {
        let funds = Decimal::from(balance).checked_mul(self.advance_cap.fraction())?;
        // Up: raised by a fraction less, the limit would still cut the last minor unit.
        let funds = funds.round_dp_with_strategy(0, RoundingStrategy::ToPositiveInfinity);
        Some(Money::from_minor(funds.to_i64()?, currency))
    }
}

#[cfg(test)]
mod tests {
    use basics::{Currency, Money};

    use crate::Policy;

    /// The advance on the balance that a limit on funds allows, rounded down, is not above the
    /// limit, and that on one cent more is.
    #[test]
    fn a_limit_on_funds_is_used_up_to_the_cent() {
        let criteria = Policy::standard().expect("a policy").criteria().clone();
        for cents in [1, 84, 85, 86, 999_999, 1_000_000] {
            let most = criteria.at_largest_advance(Money::from_minor(cents, Currency::USD));
            let advance = |balance: i64| balance * 85 / 100;
            assert!(advance(most) <= cents && advance(most + 1) > cents, "{cents}: {most}");
        }
        // The advance on one cent would be rounded to nothing.
        assert_eq!(criteria.at_largest_advance(Money::zero(Currency::USD)), 0);
    }

    #[test]
    fn a_country_is_home_under_any_of_its_names() {
        let mut criteria = Policy::standard().expect("a policy").criteria().clone();
        assert!(!criteria.is_home("US"), "the standard policy names no country");
        criteria.home_country = Some("US | United States".to_owned());
        for (country, is_home) in [("us", true), (" United states ", true), ("United", false)] {
            assert_eq!(criteria.is_home(country), is_home, "{country}");
        }
    }
}
