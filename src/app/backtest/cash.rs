//! Cash in the 30 days after each origin: expected then, and collected since.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use basics::{Currency, from_day_number};
use scoring::validation::collections_30;

use super::result::{Backtest, COMPARED, PredictedInvoice, cases};

/// Collections on the invoices open at one origin within 30 days of it, in major units.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cash {
    /// The day at whose end the forecast was made.
    pub origin: NaiveDate,
    /// The currency.
    pub currency: Currency,
    /// The open balance at the origin.
    pub open: f64,
    /// The collections expected by the model.
    pub expected: f64,
    /// The collections expected by the debtors' Kaplan-Meier curves.
    pub kaplan_meier: f64,
    /// The open balance of the invoices then closed mainly by payment, which is what the model
    /// predicts.
    pub collected: f64,
    /// The cash paid on all of them, part payments included and credits not.
    pub paid: f64,
}

/// The cash by origin and currency, without origins whose 30 days are not over.
pub fn cash(backtest: &Backtest) -> Vec<Cash> {
    let mut groups: BTreeMap<_, Vec<&PredictedInvoice>> = BTreeMap::new();
    for scored in backtest.scored.iter().filter(|scored| scored.case.outcome(30).is_some()) {
        groups.entry((scored.case.origin, scored.currency)).or_default().push(scored);
    }
    let of = |((origin, currency), scored): ((_, Currency), Vec<&PredictedInvoice>)| {
        let [model, km] = [0, 1]
            .map(|compared| collections_30(&cases(scored.iter().copied(), COMPARED[compared].1)));
        Cash {
            origin: from_day_number(origin),
            currency,
            open: scored.iter().map(|scored| scored.case.amount).sum(),
            expected: model.0,
            kaplan_meier: km.0,
            collected: model.1,
            paid: scored.iter().filter_map(|scored| scored.paid_30).sum(),
        }
    };
    groups.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use scoring::validation::{Case, Forecast};

    #[test]
    fn cash_is_expected_and_counted_by_origin_and_currency() {
        let scored = |origin, currency: &str, amount, collected, p: f64| {
            let case =
                Case { origin, known_until: 60, collected, debtor: 0, amount, paid_before: 0 };
            let of = |p| Forecast { within: [p; 5], days: [1, 2, 3] };
            PredictedInvoice {
                client: 0,
                invoice_number: String::new(),
                currency: currency.parse().expect("a currency"),
                case,
                paid_30: Some(amount / 2.0),
                model: of(p),
                km: of(0.5),
                debtor_average: of(0.0),
                base_rate: of(0.0),
            }
        };
        let backtest = Backtest {
            scored: vec![
                scored(10, "USD", 100.0, Some(40), 0.9),
                scored(10, "USD", 50.0, Some(41), 0.2),
                scored(10, "EUR", 30.0, None, 0.1),
                // Its 30 days end a day after what is known.
                scored(31, "USD", 70.0, Some(50), 0.8),
            ],
            models: Vec::new(),
            known_until: from_day_number(60),
            rejects: 0,
            clients: Vec::new(),
        };
        let found = cash(&backtest);
        let plain = |of: &Cash| {
            let Cash { currency, open, kaplan_meier, collected, paid, .. } = of;
            format!("{currency} {open} {kaplan_meier} {collected} {paid}")
        };
        assert_eq!([plain(&found[0]), plain(&found[1])], ["EUR 30 15 0 15", "USD 150 75 100 75"]);
        assert!((found[0].expected - 3.0).abs() < 1e-12);
        assert!((found[1].expected - 100.0).abs() < 1e-12);
    }
}
