use chrono::NaiveDate;

use basics::{Currency, Day, Money, MoneyError, from_day_number};

use super::ageing::currencies;
use super::book::{Buckets, ClientBook, Month};
use super::roll_rates::{RollRates, roll_rates};
use super::turnover_report::together;

/// Weeks after which an amount that was not collected counts as at stake.
const AT_STAKE: usize = 4;

/// Months of a vintage that are shown.
const AGES: usize = 7;

/// Roll rates of a currency.
#[derive(Debug, Clone, PartialEq)]
pub struct RollsOf {
    /// The currency.
    pub currency: Currency,
    /// The buckets that have an end.
    pub buckets: Vec<String>,
    /// The rates from each bucket but the last to the next.
    pub rates: RollRates,
}

/// The collections of the invoices issued in a month.
#[derive(Debug, Clone, PartialEq)]
pub struct Vintage {
    /// The month of issue.
    pub month: Month,
    /// The currency.
    pub currency: Currency,
    /// The amount issued in that month.
    pub issued: Money,
    /// Share collected by the end of that month and of each month after it; `None` if it is not
    /// known yet.
    pub collected: Vec<Option<f64>>,
}

/// The next step in collecting from a debtor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NextStep {
    /// Apply its credits to what is past due: there is nothing to ask for.
    ApplyCredit,
    /// Resolve the dispute.
    Dispute,
    /// Send a reminder and a statement.
    Reminder,
    /// Call the debtor.
    Call,
    /// Stop further credit until it pays.
    Hold,
    /// Hand the account over to a lawyer or a collection agency.
    Legal,
}

impl NextStep {
    /// Returns the step in a word or two.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApplyCredit => "apply credit",
            Self::Dispute => "dispute",
            Self::Reminder => "reminder",
            Self::Call => "call",
            Self::Hold => "hold",
            Self::Legal => "legal",
        }
    }

    /// Returns the step for the days past due of the oldest invoice. If most of what is past due is
    /// disputed, the dispute comes first.
    pub fn of(days_past_due: Day, mostly_disputed: bool) -> Self {
        match days_past_due {
            _ if mostly_disputed => Self::Dispute,
            ..=14 => Self::Reminder,
            15..=45 => Self::Call,
            46..=90 => Self::Hold,
            _ => Self::Legal,
        }
    }
}

/// A debtor with something past due.
#[derive(Debug, Clone, PartialEq)]
pub struct ToCollect {
    /// Index of the book.
    pub book: usize,
    /// Index of the debtor in the book.
    pub debtor: usize,
    /// The client.
    pub client: String,
    /// The debtor's id.
    pub id: String,
    /// The debtor's name.
    pub name: String,
    /// Open balance.
    pub open: Money,
    /// Open balance past due.
    pub past_due: Money,
    /// Part of it that is disputed.
    pub disputed: Money,
    /// Its unapplied credits.
    pub unapplied: Money,
    /// Due date of its oldest open invoice.
    pub since: NaiveDate,
    /// Days past due of that invoice.
    pub days: Day,
    /// Day of its last payment.
    pub last_paid: Option<NaiveDate>,
    /// Mean days late in the last 3 months and in the 9 months before.
    pub late: (Option<f64>, Option<f64>),
    /// Amount past due and not expected within 4 weeks.
    pub at_stake: Money,
    /// The next step.
    pub step: NextStep,
}

/// Payment behaviour and the collectors' worklist.
#[derive(Debug, Clone, PartialEq)]
pub struct Collecting {
    /// Roll rates.
    pub rolls: Vec<RollsOf>,
    /// Vintages.
    pub vintages: Vec<Vintage>,
    /// The worklist, sorted by the amount at stake, largest first.
    pub worklist: Vec<ToCollect>,
}

/// Returns roll rates, vintages and the collectors' worklist.
///
/// # Errors
/// [`MoneyError::OutOfRange`] if a sum overflows.
pub fn collecting(books: &[ClientBook], buckets: &Buckets) -> Result<Collecting, MoneyError> {
    let mut all = Collecting { rolls: vec![], vintages: vec![], worklist: worklist(books)? };
    for currency in currencies(books) {
        let own: Vec<&ClientBook> = books.iter().filter(|b| b.currency == currency).collect();
        let months = together(&own);
        let balances = |month: &super::book::MonthEnd| {
            month.buckets.iter().map(|&minor| minor as f64).collect::<Vec<f64>>()
        };
        // Balances stay in the last bucket, so its growth does not tell what rolled into it.
        let closed = |month| {
            let mut balances = balances(month);
            balances.pop();
            balances
        };
        let periods: Vec<Vec<f64>> = months.iter().map(closed).collect();
        // Too few month ends or buckets give no rates, which is no fault of the book.
        if let Ok(rates) = roll_rates(&periods) {
            let mut buckets = buckets.past_due_names();
            buckets.pop();
            all.rolls.push(RollsOf { currency, buckets, rates });
        }
        let Some(last) = months.last() else { continue };
        for end in &months[1..] {
            let month = Month::of(end.date);
            let Some(now) = last.vintages.get(&month) else { continue };
            let collected = |age: usize| {
                let then = months.iter().find(|m| month.until(Month::of(m.date)) == age as i32)?;
                let standing = then.vintages.get(&month)?;
                Some(standing.collected() as f64 / standing.issued as f64)
            };
            all.vintages.push(Vintage {
                month,
                currency,
                issued: Money::from_total(now.issued, currency)?,
                collected: (0..AGES).map(collected).collect(),
            });
        }
    }
    Ok(all)
}

#[derive(Default, Clone, Copy)]
struct Owed {
    open: i64,
    past_due: i64,
    disputed: i64,
    at_stake: f64,
    oldest: Option<Day>,
}

fn worklist(books: &[ClientBook]) -> Result<Vec<ToCollect>, MoneyError> {
    let mut all = Vec::new();
    for (at, book) in books.iter().enumerate() {
        let day = book.day();
        let mut owed = vec![Owed::default(); book.debtors.len()];
        for invoice in &book.invoices {
            let sum = &mut owed[invoice.debtor];
            sum.open = sum.open.saturating_add(invoice.open);
            if invoice.due < day {
                sum.past_due = sum.past_due.saturating_add(invoice.open);
                sum.disputed =
                    sum.disputed.saturating_add(if invoice.disputed { invoice.open } else { 0 });
                sum.at_stake += invoice.open as f64 * f64::from(1.0 - invoice.weeks[AT_STAKE]);
                sum.oldest = Some(sum.oldest.map_or(invoice.due, |due| due.min(invoice.due)));
            }
        }
        for (place, (debtor, owed)) in book.debtors.iter().zip(owed).enumerate() {
            let Some(oldest) = owed.oldest else { continue };
            let money = |minor| Money::from_minor(minor, book.currency);
            all.push(ToCollect {
                book: at,
                debtor: place,
                client: book.client.clone(),
                id: debtor.id.clone(),
                name: debtor.name.clone(),
                open: money(owed.open),
                past_due: money(owed.past_due),
                disputed: money(owed.disputed),
                unapplied: money(debtor.unapplied),
                since: from_day_number(oldest),
                days: day - oldest,
                last_paid: debtor.last_paid.map(from_day_number),
                late: (debtor.recent.mean(), debtor.before.mean()),
                at_stake: Money::from_expectation(owed.at_stake, book.currency)?,
                // Its own credits come first: net of them it owes nothing that is past due.
                step: if debtor.unapplied >= owed.past_due {
                    NextStep::ApplyCredit
                } else {
                    NextStep::of(day - oldest, 2 * owed.disputed > owed.past_due)
                },
            });
        }
    }
    all.sort_by(|a, b| {
        let key = |row: &ToCollect| std::cmp::Reverse(row.at_stake.minor());
        // Ties by client and id, so that the order of files does not show.
        (key(a), &a.client, &a.id).cmp(&(key(b), &b.client, &b.id))
    });
    Ok(all)
}
