//! Computes the report from the books.

use rust_decimal::prelude::ToPrimitive;

use basics::Currency;
use policy::Policy;
use portfolio::{
    Buckets, CashForecast, ClientBook, Reporting, Scales, Scenario, ageing, book_risk,
    capital_report, cash_forecast, collecting, credit_limits, currencies, default_rates,
    dilution_report, early_warning, key_figures, provisions, shares, stress, turnover_report,
    usual_scenarios,
};

use super::result::PortfolioReport;
use super::{MOST_LISTED, PortfolioError, Read};

impl Read {
    /// Computes the report on these books.
    pub fn judged(
        self,
        books: Vec<ClientBook>,
        buckets: &Buckets,
        policy: &Policy,
        asked: &[Scenario],
    ) -> Result<PortfolioReport, PortfolioError> {
        let terms = *policy.risk();
        let defaults = default_rates(&books, &terms);
        let cash = cash_forecast(&books, terms.seed);
        // Before the simulation, so that a slip in a scenario is told at once.
        asked.iter().try_for_each(|scenario| scenario.check(&books))?;
        let (mut risk, mut stressed) = (Vec::new(), Vec::new());
        for (currency, scales) in self.scales(&books)? {
            let slow = timing(&books, &scales, &cash, policy);
            let reporting = Reporting { currency, scales: &scales };
            risk.push(book_risk(&books, &defaults, &terms, reporting, slow)?);
            let usual = usual_scenarios(&books, &scales);
            let scenarios: Vec<Scenario> = usual.into_iter().chain(asked.iter().cloned()).collect();
            let all = stress(&books, &defaults, &terms, &scales, &scenarios);
            stressed.push((currency, all));
        }
        let ageing = ageing(&books, buckets)?;
        let turnover = turnover_report(&books)?;
        let provisions = provisions(&books, buckets, &terms, defaults.clone())?;
        let Self { as_of, failures, match_rule, warnings, rates } = self;
        Ok(PortfolioReport {
            as_of,
            failures,
            match_rule,
            warnings,
            rates,
            key_figures: key_figures(
                &books,
                &ageing.by_due_date,
                &turnover.now,
                &provisions.clients,
                &cash,
            ),
            compared: None,
            ageing,
            concentration: shares(&books, MOST_LISTED)?,
            dilution: dilution_report(&books, MOST_LISTED)?,
            turnover,
            collections: collecting(&books, buckets)?,
            provisions,
            capital: capital_report(&books, &defaults, &terms),
            early_warning: early_warning(&books),
            credit_limits: credit_limits(&books)?,
            risk,
            stressed,
            cash,
            books,
        })
    }

    /// The currencies in which risk is measured: that of the rates, else each by itself.
    fn scales(&self, books: &[ClientBook]) -> Result<Vec<(Currency, Scales)>, PortfolioError> {
        let all = currencies(books);
        let Some(rates) = &self.rates else {
            let alone = |currency: Currency| {
                (currency, Scales::from([(currency, 1.0 / currency.minor_units())]))
            };
            return Ok(all.into_iter().map(alone).collect());
        };
        let mut scales = Scales::new();
        for currency in all {
            let rate = rates.rate(currency, self.as_of)?.to_f64().unwrap_or(f64::NAN);
            scales.insert(currency, rate / currency.minor_units());
        }
        Ok(vec![(rates.to(), scales)])
    }
}

/// The cost of a month in which collections are one standard deviation slow: that share of the
/// funds in use stays out a month longer, at the factor's cost of funds.
fn timing(books: &[ClientBook], scales: &Scales, cash: &[CashForecast], policy: &Policy) -> f64 {
    let (cost, _) = policy.cost_of_funds();
    let of = |book: &ClientBook| {
        let scale = scales.get(&book.currency).copied().unwrap_or(0.0);
        let pace = cash.iter().find(|cash| cash.currency == book.currency);
        book.exposure.funds as f64 * scale * pace.map_or(0.0, |cash| cash.pace.month)
    };
    books.iter().map(of).sum::<f64>() * cost.to_f64() / 12.0
}
