use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Money;
use policy::Rule;

/// One step of the waterfall.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct WaterfallStep {
    /// The rule that takes the amount off.
    pub rule: Rule,
    /// Its name for a reader.
    pub title: Cow<'static, str>,
    /// Invoices that it excludes or cuts.
    pub invoices: usize,
    /// The amount that it takes off.
    pub amount: Money,
    /// The amount left after it.
    pub remaining: Money,
}

/// A debtor's weight in the pool.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct DebtorShare {
    /// Its id.
    pub debtor_id: String,
    /// Its name.
    pub debtor_name: String,
    /// Its open invoices.
    pub invoices: usize,
    /// Their open balance.
    pub gross: Money,
    /// Share of the gross ledger, 0 to 1.
    pub share: f64,
    /// Share of its balance that is more days past due than the policy allows, 0 to 1.
    pub past_due_share: f64,
    /// Amount bought.
    pub bought: Money,
    /// The amount above its concentration limit.
    pub above_limit: Money,
    /// Share of its open balance expected to be credited instead of paid, 0 to 1; absent with the
    /// Kaplan-Meier model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_dilution: Option<f64>,
    /// Standard deviation of that share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dilution_spread: Option<f64>,
    /// Amount-weighted collection curve of its open invoices: (days after the as-of date, share
    /// collected by then); empty in old offers, which did not show it.
    #[serde(default)]
    pub curve: Vec<(u32, f64)>,
}

/// Amount-weighted collection curve of the open invoices of one age.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Collections {
    /// Their ageing bucket.
    pub bucket: Cow<'static, str>,
    /// Their open balance.
    pub open: Money,
    /// (days after the as-of date, share collected by then).
    pub curve: Vec<(u32, f64)>,
}

#[cfg(test)]
mod tests {
    use super::super::samples::{listed, part, read_back};
    use basics::Currency;

    #[test]
    fn the_shares_of_all_debtors_are_the_whole_ledger() {
        let part = part(&listed());
        let shares: f64 = part.debtors.iter().map(|debtor| debtor.share).sum();
        assert!((shares - 1.0).abs() < 1e-6, "{shares}");
        let sum = |of: fn(&super::DebtorShare) -> i64| part.debtors.iter().map(of).sum::<i64>();
        assert_eq!(sum(|debtor| debtor.gross.minor()), part.totals.gross.minor());
        assert_eq!(sum(|debtor| debtor.bought.minor()), part.totals.amount_bought.minor());
        assert_eq!(sum(|debtor| debtor.invoices as i64), part.totals.open_invoices as i64);
    }

    #[test]
    fn curves_begin_at_nothing_and_never_fall() {
        let part = part(&listed());
        let of_debtors = part.debtors.iter().map(|debtor| &debtor.curve);
        let curves = of_debtors.chain(part.collections.iter().map(|band| &band.curve));
        for curve in curves {
            assert_eq!(curve[0], (0, 0.0));
            assert!(curve.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1), "{curve:?}");
        }
    }

    #[test]
    fn they_read_back() {
        let part = part(&listed());
        part.waterfall.iter().for_each(|step| read_back(step, Currency::USD));
        part.debtors.iter().for_each(|debtor| read_back(debtor, Currency::USD));
        part.collections.iter().for_each(|band| read_back(band, Currency::USD));
        let told = serde_json::to_value(&part.debtors[0]).expect("JSON");
        assert!(told.get("expected_dilution").is_none(), "no model tells it");
    }
}
