use crate::underwriting::RiskTerms;

use super::book::{BookDebtor, ClientBook};
use super::credit_loss::horizon_default_probability;

/// Least days for which a debtor can default.
const LEAST_DAYS: f64 = 30.0;

/// How often debtors default.
#[derive(Debug, Clone, PartialEq)]
pub struct DefaultRates {
    /// Debtors that defaulted while they were seen, all clients.
    pub defaults: usize,
    /// Years for which debtors were seen before their first default.
    pub years: f64,
    /// Yearly rate over all clients, drawn to the policy's prior.
    pub pooled: f64,
    /// Yearly rate of each book, drawn to the pooled one.
    pub by_book: Vec<f64>,
}

/// Yearly rates of default: events over years seen, the policy's prior counting as so many years,
/// and all clients' rate as so many years of each client (gamma-Poisson shrinkage).
pub fn default_rates(books: &[ClientBook], terms: &RiskTerms) -> DefaultRates {
    let weight = f64::from(terms.prior_debtor_years);
    let seen = |book: &ClientBook| {
        let defaults = book.debtors.iter().filter(|debtor| debtor.has_defaulted).count();
        (defaults, book.debtors.iter().map(|debtor| debtor.years).sum::<f64>())
    };
    let all: Vec<(usize, f64)> = books.iter().map(seen).collect();
    let defaults: usize = all.iter().map(|(defaults, _)| defaults).sum();
    let years: f64 = all.iter().map(|(_, years)| years).sum();
    let drawn = |defaults: usize, years: f64, to: f64| {
        ((defaults as f64 + weight * to) / (years + weight)).clamp(0.0, 1.0)
    };
    let pooled = drawn(defaults, years, terms.prior_default_percent.to_f64());
    let by_book = all.iter().map(|&(defaults, years)| drawn(defaults, years, pooled)).collect();
    DefaultRates { defaults, years, pooled, by_book }
}

/// Probability that a debtor defaults before what it owes is expected to be collected; 1 for one
/// that is in default.
pub fn debtor_default(debtor: &BookDebtor, yearly: f64, days: f64) -> f64 {
    if debtor.in_default {
        return 1.0;
    }
    horizon_default_probability(yearly, days.max(LEAST_DAYS)).unwrap_or(1.0)
}
