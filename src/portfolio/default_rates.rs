use policy::RiskTerms;

use super::book::{BookDebtor, ClientBook};
use super::credit_loss::horizon_default_probability;

/// Shortest horizon of a default, in days.
const LEAST_DAYS: f64 = 30.0;

/// Yearly default rates of debtors.
#[derive(Debug, Clone, PartialEq)]
pub struct DefaultRates {
    /// Number of debtors that defaulted while observed, over all clients.
    pub defaults: usize,
    /// Years for which debtors were observed before their first default.
    pub years: f64,
    /// Yearly rate over all clients, shrunk towards the policy's prior.
    pub pooled: f64,
    /// Yearly rate of each book, shrunk towards that of the others.
    pub by_book: Vec<f64>,
}

/// Returns yearly default rates. The policy's prior counts as `prior_debtor_years` of all clients,
/// and the rate of the other clients as the same number of years of each client (gamma-Poisson
/// shrinkage):
///
/// ```text
/// rate = (defaults + prior years x prior rate) / (debtor-years observed + prior years)
/// ```
///
/// A debtor defaults when, at a month end, the policy's share of what it owes (a quarter) is more
/// than the policy's days (90) past due, undisputed and mostly unpaid, or when most of an invoice
/// was written off. Source: Basel CRE36.68 for the days; the rest is defined here.
pub fn default_rates(books: &[ClientBook], terms: &RiskTerms) -> DefaultRates {
    let seen = |book: &ClientBook| {
        let defaults = book.debtors.iter().filter(|debtor| debtor.has_defaulted).count();
        (defaults, book.debtors.iter().map(|debtor| debtor.years).sum::<f64>())
    };
    rates_of(&books.iter().map(seen).collect::<Vec<_>>(), terms)
}

/// Computes the rates from defaults and years of each book.
fn rates_of(all: &[(usize, f64)], terms: &RiskTerms) -> DefaultRates {
    let weight = f64::from(terms.prior_debtor_years);
    let defaults: usize = all.iter().map(|(defaults, _)| defaults).sum();
    let years: f64 = all.iter().map(|(_, years)| years).sum();
    let drawn = |defaults: usize, years: f64, to: f64| {
        ((defaults as f64 + weight * to) / (years + weight)).clamp(0.0, 1.0)
    };
    let prior = terms.prior_default_percent.to_f64();
    let pooled = drawn(defaults, years, prior);
    // Each book is shrunk towards the others without itself: its own defaults must not count twice.
    let own = |&(own_defaults, own_years): &(usize, f64)| {
        // A difference of sums of doubles may fall a hair below 0.
        let others = drawn(defaults - own_defaults, (years - own_years).max(0.0), prior);
        drawn(own_defaults, own_years, others)
    };
    let by_book = all.iter().map(own).collect();
    DefaultRates { defaults, years, pooled, by_book }
}

/// Returns the probability that a debtor defaults before its open invoices are expected to be
/// collected; 1 if it is in default.
pub fn debtor_default(debtor: &BookDebtor, yearly: f64, days: f64) -> f64 {
    if debtor.in_default {
        return 1.0;
    }
    horizon_default_probability(yearly, days.max(LEAST_DAYS)).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 50 years of the prior of 2 % are one default.
    #[test]
    fn one_client_leans_on_the_prior_once() {
        let rates = of(&[(0, 150.0)]);
        assert!((rates.0 - 1.0 / 200.0).abs() < 1e-12);
        assert!((rates.1[0] - 1.0 / 200.0).abs() < 1e-12);
        // The second client's others are the first: (0 + 1) / 200, so (3 + 50 / 200) / 100.
        let rates = of(&[(0, 150.0), (3, 50.0)]);
        assert!((rates.0 - 4.0 / 250.0).abs() < 1e-12);
        assert!((rates.1[1] - 3.25 / 100.0).abs() < 1e-12);
    }

    fn of(seen: &[(usize, f64)]) -> (f64, Vec<f64>) {
        let rates = rates_of(seen, &RiskTerms::default());
        (rates.pooled, rates.by_book)
    }
}
