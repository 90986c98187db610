use chrono::NaiveDate;

use basics::Money;
use words::say;

use super::book::{ClientBook, MonthEnd};
use super::dilution_report::monthly_dilution;
use super::turnover::dso;

/// An early-warning signal.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// The client.
    pub client: String,
    /// A stable code.
    pub code: &'static str,
    /// The figure in words.
    pub title: String,
    /// The value now.
    pub value: f64,
    /// The value from which it is a warning.
    pub threshold: f64,
    /// Funds in use with the client, in the currency of the book.
    pub at_stake: Money,
    /// The values at earlier month ends.
    pub history: Vec<(NaiveDate, f64)>,
}

impl Signal {
    /// True if the value has reached the threshold.
    pub fn warns(&self) -> bool {
        self.value >= self.threshold
    }
}

/// A rule: code, name of its title in the catalogue, threshold and value at a month end.
struct Rule {
    code: &'static str,
    title: &'static str,
    threshold: f64,
    value: fn(&ClientBook, usize) -> Option<f64>,
}

/// The rules. The thresholds are our own, drawn from the signs that supervisors and trade bodies
/// publish (OCC, Equiniti's nine signs): a signal is a reason to look, never to decline.
const RULES: [Rule; 6] = [
    Rule {
        code: "turnover_jump",
        title: "portfolio_signal.turnover_jump",
        threshold: 1.5,
        value: turnover_jump,
    },
    Rule {
        code: "dso_drift",
        title: "portfolio_signal.dso_drift",
        threshold: 1.2,
        value: dso_drift,
    },
    Rule {
        code: "credits_up_collections_down",
        title: "portfolio_signal.credits_up_collections_down",
        threshold: 1.5,
        value: credits_up,
    },
    Rule {
        code: "ageing_shift",
        title: "portfolio_signal.ageing_shift",
        threshold: 0.05,
        value: ageing_shift,
    },
    Rule {
        code: "new_debtors",
        title: "portfolio_signal.new_debtors",
        threshold: 0.2,
        value: new_debtors,
    },
    Rule {
        code: "paid_later",
        title: "portfolio_signal.paid_later",
        threshold: 10.0,
        value: paid_later,
    },
];

/// Returns every client's signals, warnings first.
pub fn early_warning(books: &[ClientBook]) -> Vec<Signal> {
    let mut all = Vec::new();
    for book in books {
        let last = book.months.len() - 1;
        let at_stake = Money::from_minor(book.exposure.funds, book.currency);
        for rule in &RULES {
            let Some(value) = (rule.value)(book, last) else { continue };
            // No earlier month end has six whole months before its own.
            let before = (7..last)
                .filter_map(|at| (rule.value)(book, at).map(|value| (book.months[at].date, value)));
            all.push(Signal {
                client: book.client.clone(),
                code: rule.code,
                title: say(rule.title),
                value,
                threshold: rule.threshold,
                at_stake,
                history: before.collect(),
            });
        }
        if let Some(line) = book.exposure.line.filter(|&line| line > 0) {
            all.push(Signal {
                client: book.client.clone(),
                code: "fully_drawn",
                title: say("portfolio_signal.fully_drawn"),
                value: book.exposure.funds as f64 / line as f64,
                threshold: 0.95,
                at_stake,
                history: Vec::new(),
            });
        }
    }
    all.sort_by(|a, b| {
        let key = |signal: &Signal| (!signal.warns(), signal.client.clone(), signal.code);
        key(a).cmp(&key(b))
    });
    all
}

fn sales(months: &[MonthEnd], at: usize) -> f64 {
    (months[at].standing.issued - months[at - 1].standing.issued) as f64
}

/// Returns a value over the mean of the six before it.
fn over_six(at: usize, value: impl Fn(usize) -> Option<f64>) -> Option<f64> {
    let before: Option<Vec<f64>> = (at.checked_sub(6)?..at).map(&value).collect();
    let mean = before?.iter().sum::<f64>() / 6.0;
    let now = value(at)?;
    (mean > 0.0).then(|| now / mean)
}

fn turnover_jump(book: &ClientBook, at: usize) -> Option<f64> {
    // The first month end has no sales of its own: its flow starts before the months known.
    if at < 7 {
        return None;
    }
    over_six(at, |at| Some(sales(&book.months, at)))
}

fn dso_of(book: &ClientBook, at: usize) -> Option<f64> {
    let month = &book.months[at];
    dso(month.standing.open as f64, month.sales_90 as f64, 90.0).ok()
}

fn dso_drift(book: &ClientBook, at: usize) -> Option<f64> {
    over_six(at, |at| dso_of(book, at))
}

fn collected(book: &ClientBook, at: usize) -> f64 {
    (book.months[at].standing.collected() - book.months[at - 1].standing.collected()) as f64
}

fn credits_up(book: &ClientBook, at: usize) -> Option<f64> {
    let monthly = monthly_dilution(book);
    // The dilution ratios start with the second flow.
    let ratio = |at: usize| {
        let (credits, sales) = monthly.get(at.checked_sub(2)?)?;
        (*sales > 0).then(|| *credits as f64 / *sales as f64)
    };
    if at < 8 {
        return None;
    }
    let fell = over_six(at, |at| Some(collected(book, at)))? < 1.0;
    let up = over_six(at, ratio)?;
    // The published sign is both at once: with collections as usual the ratio warns of nothing.
    Some(if fell { up } else { 0.0 })
}

fn old_share(month: &MonthEnd) -> Option<f64> {
    // With the usual buckets, the two beyond 60 days; with others, the last two.
    let from = month.buckets.len().saturating_sub(2);
    let old: i128 = month.buckets[from..].iter().sum();
    (month.standing.open > 0).then(|| old as f64 / month.standing.open as f64)
}

fn ageing_shift(book: &ClientBook, at: usize) -> Option<f64> {
    Some(old_share(&book.months[at])? - old_share(&book.months[at.checked_sub(6)?])?)
}

fn new_debtors(book: &ClientBook, at: usize) -> Option<f64> {
    // In a ledger's first months every debtor is new.
    let seen = book.months.get(at.checked_sub(6)?)?.standing.issued > 0;
    let sales = sales(&book.months, at);
    (seen && sales > 0.0).then(|| book.months[at].new_debtors as f64 / sales)
}

fn paid_later(book: &ClientBook, at: usize) -> Option<f64> {
    let before: Option<Vec<f64>> =
        (at.checked_sub(6)?..at).map(|at| book.months[at].paid.mean()).collect();
    Some(book.months[at].paid.mean()? - before?.iter().sum::<f64>() / 6.0)
}
