//! The fit of the model by origin, debtor history, debtor size, currency and client.

use std::collections::{BTreeMap, BTreeSet};

use basics::from_day_number;
use scoring::validation::{Interval, Metrics};

use super::result::{Backtest, COMPARED, PredictedInvoice, cases, model_less};

/// The most values of one kind of slice.
const MOST: usize = 40;

/// The fit of the model on some of the invoices.
pub struct Slice {
    /// The kind of slice, such as "currency".
    pub of: &'static str,
    /// The value that its invoices share.
    pub value: String,
    /// The fit of the model.
    pub model: Option<Metrics>,
    /// The fit of the debtor's Kaplan-Meier curve.
    pub kaplan_meier: Option<Metrics>,
    /// The number of debtors.
    pub debtors: usize,
    /// The model less that curve, in Brier score and log-loss; `None` for too few debtors.
    pub difference: Option<[Interval; 2]>,
}

impl Slice {
    fn new(of: &'static str, value: String, scored: Vec<&PredictedInvoice>) -> Self {
        let debtors: BTreeSet<usize> = scored.iter().map(|scored| scored.case.debtor).collect();
        Self {
            of,
            value,
            model: Metrics::of(&cases(scored.iter().copied(), COMPARED[0].1)),
            debtors: debtors.len(),
            difference: model_less(scored.iter().copied(), COMPARED[1].1),
            kaplan_meier: Metrics::of(&cases(scored, COMPARED[1].1)),
        }
    }
}

/// All slices, kind by kind; of a kind with more than `MOST` values, those with the most
/// invoices.
pub fn slices(backtest: &Backtest) -> Vec<Slice> {
    let size = debtor_sizes(backtest);
    let mut all = Vec::new();
    let mut add = |of: &'static str, value: &dyn Fn(&PredictedInvoice) -> String| {
        let mut groups: BTreeMap<String, Vec<&PredictedInvoice>> = BTreeMap::new();
        for scored in &backtest.scored {
            groups.entry(value(scored)).or_default().push(scored);
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        if groups.len() > MOST {
            // The sort is stable: of equally large groups the first by name stays in.
            groups.sort_by_key(|(_, scored)| std::cmp::Reverse(scored.len()));
            groups.truncate(MOST);
        }
        all.extend(groups.into_iter().map(|(value, scored)| Slice::new(of, value, scored)));
    };
    add("origin", &|scored| from_day_number(scored.case.origin).to_string());
    add("debtor history", &|scored| {
        match scored.case.paid_before {
            0 => "none paid (cold start)",
            1 | 2 => "1 or 2 paid (cold start)",
            3..=9 => "3 to 9 paid",
            10..=49 => "10 to 49 paid",
            _ => "50 or more paid",
        }
        .to_owned()
    });
    add("debtor size", &|scored| size[&scored.case.debtor].to_owned());
    add("currency", &|scored| scored.currency.to_string());
    if backtest.clients.len() > 1 {
        add("client", &|scored| backtest.clients[scored.client].clone());
    }
    all
}

/// The third that each debtor is in by its balances over all origins.
fn debtor_sizes(backtest: &Backtest) -> BTreeMap<usize, &'static str> {
    let mut owed: BTreeMap<usize, f64> = BTreeMap::new();
    for scored in &backtest.scored {
        *owed.entry(scored.case.debtor).or_default() += scored.case.amount;
    }
    let mut order: Vec<(usize, f64)> = owed.into_iter().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    // Rounded up, so that the last debtor is in the third third and not in a fourth.
    let third = order.len().div_ceil(3).max(1);
    let names = ["smallest third", "middle third", "largest third"];
    order.iter().enumerate().map(|(at, (debtor, _))| (*debtor, names[at / third])).collect()
}
