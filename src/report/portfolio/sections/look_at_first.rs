//! The table of what to look at first: the entries of each kind with the most money at stake.

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive;

use basics::{Currency, Money, grouped};
use portfolio::{NextStep, ToCollect};
use words::{Fact, Facts, say, say_with};

use super::super::sheet::{Cell, Table, column};
use app::PortfolioReport;

/// The most entries of one kind.
const MOST: usize = 12;

/// A client or debtor to look at, and why.
struct Entry {
    who: String,
    what: String,
    at_stake: Money,
}

/// The weights that make amounts of several currencies comparable, and the sentence on them.
pub(super) struct Weights {
    /// The weight of a minor unit of each currency.
    of: BTreeMap<Currency, f64>,
    /// The sentence that says how amounts are compared.
    pub words: String,
}

impl Weights {
    /// The weights by the report's rates; without them, each amount as a share of the open balance
    /// in its currency: money of two currencies is never compared by its figures.
    pub fn of(report: &PortfolioReport) -> Self {
        let mut open: BTreeMap<Currency, i128> = BTreeMap::new();
        for book in &report.books {
            let own = book.invoices.iter().map(|invoice| i128::from(invoice.open));
            *open.entry(book.currency).or_default() += own.sum::<i128>();
        }
        if open.len() < 2 {
            let of = open.into_keys().map(|currency| (currency, 1.0)).collect();
            return Self { of, words: order("as_they_are", None) };
        }
        let converted = report.rates.as_ref().and_then(|rates| {
            let rate = |&currency: &Currency| {
                let rate = rates.rate(currency, report.as_of).ok()?.to_f64()?;
                Some((currency, rate / currency.minor_units()))
            };
            let of: Option<BTreeMap<Currency, f64>> = open.keys().map(rate).collect();
            Some(Self { of: of?, words: order("converted", Some(rates.to())) })
        });
        converted.unwrap_or_else(|| Self {
            of: open.iter().map(|(&code, &open)| (code, 1.0 / (open as f64).max(1.0))).collect(),
            words: order("shares", None),
        })
    }

    fn weigh(&self, amount: Money) -> f64 {
        self.of.get(&amount.currency()).map_or(0.0, |weight| weight * amount.minor() as f64)
    }
}

fn order(compared: &'static str, currency: Option<Currency>) -> String {
    let facts = Facts::new().with("compared", Fact::Variant(compared)).and("currency", currency);
    say_with("portfolio_overview.note_order", &facts)
}

/// A kind of entry of which there can be many.
#[derive(Clone, Copy)]
enum Kind {
    Overadvance,
    Warning,
    LimitExceeded,
}

impl Kind {
    /// The section with the details.
    fn section(self) -> &'static str {
        match self {
            Self::Overadvance => "borrowing_base",
            Self::Warning => "early_warning",
            Self::LimitExceeded => "concentration",
        }
    }

    fn more(self, count: usize) -> String {
        let count = Fact::Count(count.try_into().unwrap_or(i64::MAX));
        let facts = Facts::new().with("count", count);
        match self {
            Self::Overadvance => say_with("portfolio_overview.more_overadvances", &facts),
            Self::Warning => say_with("portfolio_overview.more_warnings", &facts),
            Self::LimitExceeded => say_with("portfolio_overview.more_limits", &facts),
        }
    }
}

/// The rows gathered so far.
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

    /// Adds the entries of one kind, most at stake first; those beyond [`MOST`] become one row that
    /// counts them.
    fn add_all(&mut self, mut entries: Vec<Entry>, kind: Kind) {
        let weights = self.weights;
        entries.sort_by(|a, b| {
            let by_weight = weights.weigh(b.at_stake).total_cmp(&weights.weigh(a.at_stake));
            by_weight.then_with(|| (&a.who, &a.what).cmp(&(&b.who, &b.what)))
        });
        let more = entries.len().saturating_sub(MOST);
        for entry in entries.into_iter().take(MOST) {
            self.add(&entry.who, entry.what, kind.section(), Some(entry.at_stake));
        }
        if more > 0 {
            self.add(&say("portfolio_overview.others"), kind.more(more), kind.section(), None);
        }
    }
}

/// The table of what to look at first.
pub(super) fn table(report: &PortfolioReport, weights: &Weights) -> Table {
    let mut rows = Rows { weights, rows: Vec::new() };
    // Ledgers that could not be read come first: every other row is without them.
    for failure in &report.failures {
        rows.add(&failure.client, say("portfolio_overview.unread"), "above", None);
    }
    rows.add_all(overadvances(report), Kind::Overadvance);
    rows.add_all(warnings(report), Kind::Warning);
    rows.add_all(limits_exceeded(report), Kind::LimitExceeded);
    for risk in &report.risk {
        if let Some(debtor) = risk.debtors.first() {
            let part = grouped(&format!("{:.0}", debtor.contribution));
            let facts = Facts::new().with("part", part).with("currency", risk.currency);
            let what = say_with("portfolio_overview.contributor", &facts);
            rows.add(&debtor.name, what, "loss_distribution", None);
        }
    }
    let worst = report.collections.worklist.iter().min_by(|a, b| {
        // Of equals the first one: the worklist has an order of its own.
        weights.weigh(b.at_stake).total_cmp(&weights.weigh(a.at_stake))
    });
    if let Some(worst) = worst {
        rows.add(&worst.client, most_at_stake(worst), "collections", Some(worst.at_stake));
    }
    Table {
        key: "look_at_first",
        title: say("portfolio_overview.table_first"),
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

fn most_at_stake(worst: &ToCollect) -> String {
    let step = match worst.step {
        NextStep::ApplyCredit => say("portfolio_step.apply_credit"),
        NextStep::Dispute => say("portfolio_step.dispute"),
        NextStep::Reminder => say("portfolio_step.reminder"),
        NextStep::Call => say("portfolio_step.call"),
        NextStep::Hold => say("portfolio_step.hold"),
        NextStep::Legal => say("portfolio_step.legal"),
    };
    let facts = Facts::new()
        .with("debtor", worst.name.as_str())
        .with("past_due", worst.past_due)
        .with("currency", worst.past_due.currency())
        .with("days", Fact::Count(worst.days.into()))
        .with("step", step);
    say_with("portfolio_overview.worst", &facts)
}

fn overadvances(report: &PortfolioReport) -> Vec<Entry> {
    let of = |book: &portfolio::ClientBook| {
        let excess = book.certificate.base.excess;
        let over = Money::from_minor(excess.minor().checked_neg()?, book.currency);
        (over.minor() > 0).then(|| Entry {
            who: book.client.clone(),
            what: overadvanced(over),
            at_stake: over,
        })
    };
    report.books.iter().filter_map(of).collect()
}

fn overadvanced(over: Money) -> String {
    let facts = Facts::new().with("over", over).with("currency", over.currency());
    say_with("portfolio_overview.overadvance", &facts)
}

fn warnings(report: &PortfolioReport) -> Vec<Entry> {
    let signals = report.early_warning.iter().filter(|signal| signal.warns());
    let of = |signal: &portfolio::Signal| Entry {
        who: signal.client.clone(),
        what: warned(signal),
        at_stake: signal.at_stake,
    };
    signals.map(of).collect()
}

fn warned(signal: &portfolio::Signal) -> String {
    let facts = Facts::new()
        .with("signal", signal.title.as_str())
        .with("value", format!("{:.2}", signal.value))
        .with("threshold", format!("{:.2}", signal.threshold));
    say_with("portfolio_overview.warning", &facts)
}

fn limits_exceeded(report: &PortfolioReport) -> Vec<Entry> {
    let exceeded = report.concentration.limits.iter().filter(|limit| limit.excess.minor() > 0);
    let of = |limit: &portfolio::LimitUse| Entry {
        who: limit.client.clone(),
        what: beyond(limit),
        at_stake: limit.excess,
    };
    exceeded.map(of).collect()
}

fn beyond(limit: &portfolio::LimitUse) -> String {
    let facts = Facts::new()
        .with("debtor", limit.name.as_str())
        .with("limit", limit.limit)
        .with("excess", limit.excess)
        .with("currency", limit.limit.currency());
    say_with("portfolio_overview.limit_exceeded", &facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_counted_in_the_singular_and_the_plural() {
        let said = |kind: Kind| [1, 1_200].map(|count| kind.more(count));
        assert_eq!(
            said(Kind::Overadvance),
            [
                "1 more overadvance, with less at stake",
                "1,200 more overadvances, with less at stake"
            ]
        );
        assert_eq!(said(Kind::Warning)[0], "1 more warning, with less at stake");
        assert_eq!(said(Kind::LimitExceeded)[0], "1 more limit exceeded, by less");
    }

    #[test]
    fn the_order_says_how_currencies_are_compared() {
        assert!(order("as_they_are", None).ends_with("funds in use."));
        assert!(order("converted", Some(Currency::USD)).ends_with("compared in USD."));
        assert!(order("shares", None).ends_with("open balance in its currency."));
    }
}
