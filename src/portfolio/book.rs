use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use basics::{Currency, Day, Money, Rate, day_number};
use offer::{Certificate, Standing};

use super::outcomes::Outcomes;

/// Weeks ahead for which collections are forecast.
pub const WEEKS: usize = 13;

/// One client's receivables in one currency at the as-of date and over the months before it.
#[derive(Debug, Clone)]
pub struct ClientBook {
    /// The client's id.
    pub client: String,
    /// Its sector; empty where the portfolio names none.
    pub sector: String,
    /// Currency of every amount.
    pub currency: Currency,
    /// The end of this day is when everything is judged.
    pub as_of: NaiveDate,
    /// The last date in the ledger.
    pub last_known: Day,
    /// Debtors that have or had invoices, in order of their id.
    pub debtors: Vec<BookDebtor>,
    /// Open invoices, in canonical order.
    pub invoices: Vec<BookInvoice>,
    /// Ends of months, the first one first; the last one is the as-of date.
    pub months: Vec<MonthEnd>,
    /// Credits of the months, applied or not: (day, minor units), by day.
    pub credits: Vec<(Day, i64)>,
    /// What took reductions by their kind in the last 12 months, minor units.
    pub causes: Causes,
    /// What became of invoices that fell due long enough ago.
    pub outcomes: Outcomes,
    /// What defaulted between each end of month and the next, minor units.
    pub defaults: Vec<i128>,
    /// The borrowing base.
    pub certificate: Certificate,
    /// Rate at which eligible receivables are advanced.
    pub advance_rate: Rate,
    /// Dilution of the last 12 months.
    pub dilution: Rate,
    /// How the factor stands to this client.
    pub exposure: Exposure,
    /// Whether a ledger of it had to be judged by the policy's prior curve alone.
    pub rests_on_prior: bool,
}

/// How the factor stands to a client.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposure {
    /// Funds in use, minor units: the facility's, else the advance on all that is eligible.
    pub funds: i64,
    /// Whether they are the facility's.
    pub is_drawn: bool,
    /// Line, where there is one.
    pub line: Option<i64>,
    /// Whether unpaid invoices go back to the client.
    pub recourse: bool,
    /// Yearly probability that the client fails.
    pub client_default: f64,
    /// Share of what is not collected that is credit loss.
    pub credit_share: f64,
    /// Share lost of what the factor bears.
    pub loss_given_default: f64,
    /// Days after the due date at which recourse is taken.
    pub recourse_days: Day,
    /// More days past due than this is ineligible.
    pub past_due_days: Day,
    /// Dilution up to here needs no reserve.
    pub dilution_threshold: f64,
}

/// What reduced invoices in the last 12 months beside cash, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Causes {
    /// Credits that name their invoice.
    pub applied_credits: i128,
    /// Credits that name none.
    pub unapplied_credits: i128,
    /// Credits of disputed invoices, part of the first.
    pub disputed_credits: i128,
    /// Written off: credit loss, no dilution.
    pub write_offs: i128,
    /// Sum of days from issue to first credit, by credited amount; for the lag.
    pub lag_days: i128,
    /// The credited amount that those days are weighted by.
    pub lag_weight: i128,
}

/// A debtor of a client.
#[derive(Debug, Clone, PartialEq)]
pub struct BookDebtor {
    /// Its id in the client's ledger.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who it is across clients.
    pub identity: String,
    /// The group to which it belongs.
    pub group: Option<String>,
    /// The most that is bought of it from this client.
    pub limit: Option<Money>,
    /// Its unapplied credits, minor units.
    pub unapplied: i64,
    /// First issue date.
    pub first_issue: Day,
    /// Last payment that closed an invoice.
    pub last_paid: Option<Day>,
    /// Faces issued in the last 12 months, minor units.
    pub sales: i64,
    /// Credited in them.
    pub credited: i64,
    /// Written off in them.
    pub written_off: i64,
    /// How late it paid in the last 3 months.
    pub recent: Lateness,
    /// How late it paid in the 9 months before.
    pub before: Lateness,
    /// Years for which it was seen before its first default.
    pub years: f64,
    /// Whether it ever defaulted by the policy's definition.
    pub has_defaulted: bool,
    /// Whether it is in default now.
    pub in_default: bool,
    /// How many days past due its oldest open invoice is; 0 where none is.
    pub oldest_past_due: Day,
}

/// Days late of what was paid, weighted by amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lateness {
    /// Faces, minor units.
    pub amount: i128,
    /// Sum of face x days late; negative: early.
    pub amount_days: i128,
    /// Invoices.
    pub invoices: usize,
}

impl Lateness {
    /// Takes in a paid invoice.
    pub fn add(&mut self, face: i64, days: Day) {
        self.amount += i128::from(face);
        self.amount_days += i128::from(face) * i128::from(days);
        self.invoices += 1;
    }

    /// Takes in another sum.
    pub fn merge(&mut self, other: Self) {
        self.amount += other.amount;
        self.amount_days += other.amount_days;
        self.invoices += other.invoices;
    }

    /// Mean days late, weighted by face; `None` where nothing was paid.
    pub fn mean(&self) -> Option<f64> {
        (self.amount > 0).then(|| self.amount_days as f64 / self.amount as f64)
    }
}

/// An open invoice.
#[derive(Debug, Clone, PartialEq)]
pub struct BookInvoice {
    /// Index of its debtor.
    pub debtor: usize,
    /// The client's number.
    pub number: String,
    /// Issue date.
    pub issue: Day,
    /// Due date.
    pub due: Day,
    /// Open balance, minor units.
    pub open: i64,
    /// What passes the policy's rules, minor units, bought already or not.
    pub eligible: i64,
    /// Whether the debtor disputes it.
    pub disputed: bool,
    /// P(collected by the end of week w), w = 0 (today) to [`WEEKS`].
    pub weeks: [f32; WEEKS + 1],
    /// P(collected by the day of recourse).
    pub collected: f32,
    /// Expected days to its collection, or to recourse.
    pub expected_days: f32,
}

/// The client's receivables at the end of a month, as they were known then.
#[derive(Debug, Clone, PartialEq)]
pub struct MonthEnd {
    /// The day.
    pub date: NaiveDate,
    /// Issued, open, credited and written off of all invoices issued by then.
    pub standing: Standing,
    /// Open balance by bucket of days past due, minor units.
    pub buckets: Vec<i128>,
    /// Part of it that was not past due.
    pub current: i128,
    /// Faces issued in the 90 days to it.
    pub sales_90: i128,
    /// By month of issue.
    pub vintages: BTreeMap<Month, Standing>,
    /// Sum of age in days x open balance of its open invoices, by month of issue.
    pub aged: BTreeMap<Month, i128>,
    /// Faces issued in the month to debtors of less than 90 days.
    pub new_debtors: i128,
    /// What closed in the month, by how late.
    pub paid: Lateness,
    /// What was expected then of the weeks after it, beside what came; weeks that the ledger
    /// knows whole.
    pub weeks: Vec<WeekSeen>,
}

/// Collections of a week as they were expected and as they came, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct WeekSeen {
    /// Expected by the curves of the day before it.
    pub expected: f64,
    /// Variance of that if every invoice is paid by itself.
    pub variance: f64,
    /// What came.
    pub collected: f64,
}

impl MonthEnd {
    /// True days sales outstanding: sum over open invoices of age x open balance / faces issued in
    /// the month of issue.
    pub fn true_days(&self) -> f64 {
        let of = |(month, aged): (&Month, &i128)| {
            let issued = self.vintages.get(month).map_or(0, |vintage| vintage.issued);
            if issued > 0 { *aged as f64 / issued as f64 } else { 0.0 }
        };
        self.aged.iter().map(of).sum()
    }
}

impl WeekSeen {
    /// Takes in another sum.
    pub fn merge(&mut self, other: Self) {
        self.expected += other.expected;
        self.variance += other.variance;
        self.collected += other.collected;
    }
}

/// A calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl Month {
    /// The month of a day.
    pub fn of(date: NaiveDate) -> Self {
        Self { year: date.year(), month: date.month() }
    }

    /// Months from this one to a later one.
    pub fn until(self, later: Self) -> i32 {
        let months = |month: Self| month.year * 12 + i32::try_from(month.month).unwrap_or(0);
        months(later) - months(self)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// Buckets of days past due (or since issue): the first one ends with day 0, each further one with
/// the next of `ends`, the last one never.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buckets {
    ends: Vec<Day>,
}

impl Default for Buckets {
    fn default() -> Self {
        Self { ends: vec![30, 60, 90] }
    }
}

impl Buckets {
    /// Buckets that end with these days, ascending and above 0; `None` for others.
    pub fn new(ends: Vec<Day>) -> Option<Self> {
        let lawful =
            ends.first().is_some_and(|&first| first > 0) && ends.is_sorted_by(|a, b| a < b);
        lawful.then_some(Self { ends })
    }

    /// Number of buckets.
    pub fn count(&self) -> usize {
        self.ends.len() + 2
    }

    /// The bucket of so many days.
    pub fn index(&self, days: Day) -> usize {
        if days <= 0 { 0 } else { 1 + self.ends.partition_point(|&end| end < days) }
    }

    /// Names by days past due.
    pub fn past_due_names(&self) -> Vec<String> {
        self.names("not yet due")
    }

    /// Names by days since issue.
    pub fn age_names(&self) -> Vec<String> {
        self.names("today or later")
    }

    fn names(&self, first: &str) -> Vec<String> {
        let mut names = vec![first.to_owned()];
        let mut from = 1;
        for end in &self.ends {
            names.push(format!("{from}-{end} days"));
            from = end + 1;
        }
        names.push(format!("over {} days", from - 1));
        names
    }
}

impl ClientBook {
    /// The as-of date as a day number.
    pub fn day(&self) -> Day {
        day_number(self.as_of)
    }

    /// Open balance of all invoices, minor units.
    pub fn open(&self) -> i128 {
        self.invoices.iter().map(|invoice| i128::from(invoice.open)).sum()
    }

    /// What the client may still draw, major units; nothing without a facility, where all that its
    /// base allows is taken as drawn.
    pub fn may_be_drawn(&self) -> f64 {
        if self.exposure.is_drawn { self.certificate.base.excess.to_f64().max(0.0) } else { 0.0 }
    }

    /// Unapplied credits of all debtors, minor units.
    pub fn unapplied(&self) -> i128 {
        self.debtors.iter().map(|debtor| i128::from(debtor.unapplied)).sum()
    }
}
