//! What to look at first: of each kind the entries with the most money at stake.

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive;

use basics::{Currency, Money, counted, grouped};

use super::super::sheet::{Cell, Table, column};
use app::PortfolioReport;

/// Entries of each kind.
const MOST: usize = 12;

/// Something to look at.
struct Entry {
    who: String,
    what: String,
    at_stake: Money,
}

/// What makes amounts of several currencies comparable, and how that is said.
pub(super) struct Weights {
    /// What a minor unit of each currency counts.
    of: BTreeMap<Currency, f64>,
    /// How amounts are compared.
    pub words: String,
}

impl Weights {
    /// By the report's rates; without them, each amount as a share of its own currency's open
    /// balance: money of two currencies is never compared by its figures.
    pub fn of(report: &PortfolioReport) -> Self {
        let mut open: BTreeMap<Currency, i128> = BTreeMap::new();
        for book in &report.books {
            let own = book.invoices.iter().map(|invoice| i128::from(invoice.open));
            *open.entry(book.currency).or_default() += own.sum::<i128>();
        }
        let order = "What to look at first is in order of kind; within a kind the most money at \
                     stake comes first (funds in use of a client that warns, else what is in excess)";
        if open.len() < 2 {
            let of = open.into_keys().map(|currency| (currency, 1.0)).collect();
            return Self { of, words: format!("{order}.") };
        }
        let converted = report.rates.as_ref().and_then(|rates| {
            let rate = |&currency: &Currency| {
                let rate = rates.rate(currency, report.as_of).ok()?.to_f64()?;
                Some((currency, rate / currency.minor_units()))
            };
            let of: Option<BTreeMap<Currency, f64>> = open.keys().map(rate).collect();
            Some(Self { of: of?, words: format!("{order}, converted to {}.", rates.to()) })
        });
        converted.unwrap_or_else(|| Self {
            of: open.iter().map(|(&code, &open)| (code, 1.0 / (open as f64).max(1.0))).collect(),
            words: format!(
                "{order}, each as a share of the open balance of its currency: no rates were given."
            ),
        })
    }

    fn weigh(&self, amount: Money) -> f64 {
        self.of.get(&amount.currency()).map_or(0.0, |weight| weight * amount.minor() as f64)
    }
}

/// The rows that are gathered.
struct Rows<'a> {
    weights: &'a Weights,
    rows: Vec<Vec<Cell>>,
}

impl Rows<'_> {
    fn add(&mut self, who: &str, what: String, section: &str, at_stake: Option<Money>) {
        self.rows.push(vec![
            Cell::from(who),
            Cell::Text(what),
            at_stake.map_or(Cell::None, |amount| amount.currency().code().into()),
            at_stake.map_or(Cell::None, Cell::Amount),
            Cell::from(section),
        ]);
    }

    /// The entries of one kind, most at stake first, and how many more there are.
    fn add_all(&mut self, mut entries: Vec<Entry>, section: &str, names: [&str; 2]) {
        let weights = self.weights;
        entries.sort_by(|a, b| {
            let by_weight = weights.weigh(b.at_stake).total_cmp(&weights.weigh(a.at_stake));
            by_weight.then_with(|| (&a.who, &a.what).cmp(&(&b.who, &b.what)))
        });
        let more = entries.len().saturating_sub(MOST);
        for entry in entries.into_iter().take(MOST) {
            self.add(&entry.who, entry.what, section, Some(entry.at_stake));
        }
        if more > 0 {
            let rest = counted(more, &format!("more {}", names[0]), &format!("more {}", names[1]));
            self.add("others", format!("{rest}, with less at stake"), section, None);
        }
    }
}

/// What to look at first.
pub(super) fn table(report: &PortfolioReport, weights: &Weights) -> Table {
    let mut rows = Rows { weights, rows: Vec::new() };
    for failure in &report.failures {
        rows.add(&failure.client, "its ledger could not be read".to_owned(), "above", None);
    }
    rows.add_all(overadvances(report), "borrowing_base", ["overadvance", "overadvances"]);
    rows.add_all(warnings(report), "early_warning", ["warning", "warnings"]);
    let limits = ["limit exceeded", "limits exceeded"];
    rows.add_all(limits_exceeded(report), "concentration", limits);
    for risk in &report.risk {
        if let Some(debtor) = risk.debtors.first() {
            let part = grouped(&format!("{:.0}", debtor.contribution));
            let what = format!(
                "the debtor that contributes most to the shortfall at 99 %: {part} {}",
                risk.currency
            );
            rows.add(&debtor.name, what, "loss_distribution", None);
        }
    }
    let worst = report.collections.worklist.iter().min_by(|a, b| {
        // Of equals the first one: the worklist has an order of its own.
        weights.weigh(b.at_stake).total_cmp(&weights.weigh(a.at_stake))
    });
    if let Some(worst) = worst {
        let what = format!(
            "{} has most at stake: {} {} past due, oldest {}; next step: {}",
            worst.name,
            worst.past_due.grouped(),
            worst.past_due.currency(),
            counted(worst.days, "day", "days"),
            worst.step.as_str()
        );
        rows.add(&worst.client, what, "collections", Some(worst.at_stake));
    }
    Table {
        key: "look_at_first",
        title: "What to look at first".to_owned(),
        columns: vec![
            column("who", "Who"),
            column("what", "What"),
            column("currency", "Currency"),
            column("at_stake", "At stake"),
            column("section", "Section"),
        ],
        rows: rows.rows,
    }
}

fn overadvances(report: &PortfolioReport) -> Vec<Entry> {
    let of = |book: &portfolio::ClientBook| {
        let excess = book.certificate.base.excess;
        let over = Money::from_minor(excess.minor().checked_neg()?, book.currency);
        (over.minor() > 0).then(|| Entry {
            who: book.client.clone(),
            what: format!("overadvanced by {} {}", over.grouped(), book.currency),
            at_stake: over,
        })
    };
    report.books.iter().filter_map(of).collect()
}

fn warnings(report: &PortfolioReport) -> Vec<Entry> {
    let signals = report.early_warning.iter().filter(|signal| signal.warns());
    let of = |signal: &portfolio::Signal| Entry {
        who: signal.client.clone(),
        what: format!(
            "{}: {:.2}, from {:.2} a warning",
            signal.title, signal.value, signal.threshold
        ),
        at_stake: signal.at_stake,
    };
    signals.map(of).collect()
}

fn limits_exceeded(report: &PortfolioReport) -> Vec<Entry> {
    let exceeded = report.concentration.limits.iter().filter(|limit| limit.excess.minor() > 0);
    let of = |limit: &portfolio::LimitUse| Entry {
        who: limit.client.clone(),
        what: format!(
            "{} owes {} above its limit of {}",
            limit.name,
            limit.excess.grouped(),
            limit.limit.grouped()
        ),
        at_stake: limit.excess,
    };
    exceeded.map(of).collect()
}
