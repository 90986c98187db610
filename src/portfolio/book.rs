use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use basics::{Currency, Day, Money, Rate, day_number};
use offer::{Certificate, Standing};

use super::outcomes::Outcomes;

/// Number of weeks for which collections are forecast.
pub const WEEKS: usize = 13;

/// A client's receivables in one currency at the as-of date and over the months before it.
#[derive(Debug, Clone)]
pub struct ClientBook {
    /// The client's id.
    pub client: String,
    /// Sector; empty if the portfolio names none.
    pub sector: String,
    /// Currency of every amount.
    pub currency: Currency,
    /// The as-of date: everything is judged at the end of this day.
    pub as_of: NaiveDate,
    /// The last date in the ledger.
    pub last_known: Day,
    /// Debtors that have or had invoices, ordered by id.
    pub debtors: Vec<BookDebtor>,
    /// Open invoices, in canonical order.
    pub invoices: Vec<BookInvoice>,
    /// Month ends, the oldest first; the last one is the as-of date.
    pub months: Vec<MonthEnd>,
    /// Credits over these months, applied or not: (day, minor units), ordered by day.
    pub credits: Vec<(Day, i64)>,
    /// Reductions other than cash in the last 12 months, by cause, in minor units.
    pub causes: Causes,
    /// Outcomes of invoices that fell due long enough ago.
    pub outcomes: Outcomes,
    /// Amount that defaulted between each month end and the next, in minor units.
    pub defaults: Vec<i128>,
    /// The borrowing base.
    pub certificate: Certificate,
    /// Rate at which eligible receivables are advanced.
    pub advance_rate: Rate,
    /// Dilution of the last 12 months, by the trade's definition: credits over all sales.
    pub dilution: Rate,
    /// The dilution that the borrowing base counts, as an offer does: credits over the sales that
    /// are closed or eligible.
    pub counted_dilution: Rate,
    /// The factor's exposure to this client.
    pub exposure: Exposure,
    /// True if one of its ledgers had to be judged by the policy's prior curve alone.
    pub rests_on_prior: bool,
}

/// The factor's exposure to a client, and the terms that govern it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposure {
    /// Funds in use, in minor units: those of the facility or, without one, the advance on
    /// everything eligible.
    pub funds: i64,
    /// True if the funds in use are those of a facility.
    pub is_drawn: bool,
    /// The facility line, if there is one.
    pub line: Option<i64>,
    /// True if unpaid invoices go back to the client.
    pub recourse: bool,
    /// Yearly probability that the client fails.
    pub client_default: f64,
    /// Share of what is not collected that is credit loss.
    pub credit_share: f64,
    /// Share lost of what the factor bears.
    pub loss_given_default: f64,
    /// Dilution up to which no reserve is needed.
    pub dilution_threshold: f64,
}

/// Reductions other than cash in the last 12 months, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Causes {
    /// Credits that name their invoice.
    pub applied_credits: i128,
    /// Credits that name no invoice.
    pub unapplied_credits: i128,
    /// The part of `applied_credits` on disputed invoices.
    pub disputed_credits: i128,
    /// Write-offs: credit loss, not dilution.
    pub write_offs: i128,
    /// Sum of days from issue to first credit x credited amount, for the mean lag.
    pub lag_days: i128,
    /// The credited amount by which those days are weighted.
    pub lag_weight: i128,
}

/// A debtor of a client.
#[derive(Debug, Clone, PartialEq)]
pub struct BookDebtor {
    /// Id in the client's ledger.
    pub id: String,
    /// Name.
    pub name: String,
    /// Identity across clients.
    pub identity: String,
    /// The debtor group to which it belongs.
    pub group: Option<String>,
    /// The limit on what is bought of it from this client.
    pub limit: Option<Money>,
    /// Unapplied credits, in minor units.
    pub unapplied: i64,
    /// First issue date.
    pub first_issue: Day,
    /// Day of the last payment that closed an invoice.
    pub last_paid: Option<Day>,
    /// Amount invoiced in the last 12 months, in minor units.
    pub sales: i64,
    /// Amount credited on those invoices.
    pub credited: i64,
    /// Amount written off on those invoices.
    pub written_off: i64,
    /// Lateness of its payments in the last 3 months.
    pub recent: Lateness,
    /// Lateness of its payments in the 9 months before.
    pub before: Lateness,
    /// Years for which it was observed before its first default.
    pub years: f64,
    /// True if it is known to be insolvent.
    pub insolvent: bool,
    /// True if it ever defaulted by the policy's definition.
    pub has_defaulted: bool,
    /// True if it is in default now.
    pub in_default: bool,
    /// Days past due of its oldest open invoice; 0 if nothing is past due.
    pub oldest_past_due: Day,
}

/// Days late of paid invoices, weighted by face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lateness {
    /// Sum of the faces, in minor units.
    pub amount: i128,
    /// Sum of face x days late; negative if paid early.
    pub amount_days: i128,
    /// Number of invoices.
    pub invoices: usize,
}

impl Lateness {
    /// Adds a paid invoice.
    pub fn add(&mut self, face: i64, days: Day) {
        self.amount += i128::from(face);
        self.amount_days += i128::from(face) * i128::from(days);
        self.invoices += 1;
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: Self) {
        self.amount += other.amount;
        self.amount_days += other.amount_days;
        self.invoices += other.invoices;
    }

    /// Returns the mean days late, weighted by face; `None` if nothing was paid.
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
    /// Amount that passes the policy's rules, in minor units, whether bought already or not.
    pub eligible: i64,
    /// The last day on which its age leaves it eligible.
    pub eligible_until: Day,
    /// True if the debtor disputes it.
    pub disputed: bool,
    /// P(collected by the end of week w), w = 0 (today) to [`WEEKS`].
    pub weeks: [f32; WEEKS + 1],
    /// P(collected by the day of recourse).
    pub collected: f32,
    /// Expected days to its collection or to recourse, whichever is earlier.
    pub expected_days: f32,
}

/// A client's receivables at a month end, as known then.
#[derive(Debug, Clone, PartialEq)]
pub struct MonthEnd {
    /// The day.
    pub date: NaiveDate,
    /// Amounts issued, open, credited and written off, of all invoices issued by then.
    pub standing: Standing,
    /// Open balance by bucket of days past due, minor units.
    pub buckets: Vec<i128>,
    /// The part that was not past due.
    pub current: i128,
    /// Amount invoiced in the 90 days up to it.
    pub sales_90: i128,
    /// The same amounts as `standing`, by month of issue.
    pub vintages: BTreeMap<Month, Standing>,
    /// Sum of age in days x open balance over the open invoices, by month of issue.
    pub aged: BTreeMap<Month, i128>,
    /// Amount invoiced in the month to debtors first invoiced less than 90 days before.
    pub new_debtors: i128,
    /// Lateness of what was paid in the month.
    pub paid: Lateness,
    /// Collections expected then for the following weeks beside the actual ones, for weeks that the
    /// ledger covers completely.
    pub weeks: Vec<WeekSeen>,
}

/// Expected and actual collections of a week, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct WeekSeen {
    /// Expected by the curves of the day before it.
    pub expected: f64,
    /// Variance of the expectation if every invoice is paid independently.
    pub variance: f64,
    /// Collected.
    pub collected: f64,
}

impl MonthEnd {
    /// Returns the true days sales outstanding: sum over open invoices of age x open balance /
    /// amount invoiced in the month of issue.
    pub fn true_days(&self) -> f64 {
        let of = |(month, aged): (&Month, &i128)| {
            let issued = self.vintages.get(month).map_or(0, |vintage| vintage.issued);
            if issued > 0 { *aged as f64 / issued as f64 } else { 0.0 }
        };
        self.aged.iter().map(of).sum()
    }
}

impl WeekSeen {
    /// Adds another sum.
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
    /// Returns the month of a day.
    pub fn of(date: NaiveDate) -> Self {
        Self { year: date.year(), month: date.month() }
    }

    /// Returns the number of months from this one to a later one.
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

/// Buckets of days past due or since issue: the first ends with day 0, each further one with the
/// next of `ends`, the last is open.
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
    /// Creates buckets that end with these days; `None` unless they are above 0 and ascending.
    pub fn new(ends: Vec<Day>) -> Option<Self> {
        let lawful =
            ends.first().is_some_and(|&first| first > 0) && ends.is_sorted_by(|a, b| a < b);
        lawful.then_some(Self { ends })
    }

    /// Returns the number of buckets.
    pub fn count(&self) -> usize {
        self.ends.len() + 2
    }

    /// Returns the bucket of so many days.
    pub fn index(&self, days: Day) -> usize {
        if days <= 0 { 0 } else { 1 + self.ends.partition_point(|&end| end < days) }
    }

    /// Returns the names of buckets of days past due.
    pub fn past_due_names(&self) -> Vec<String> {
        self.names("not yet due")
    }

    /// Returns the names of buckets of days since issue.
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
    /// Returns the as-of date as a day number.
    pub fn day(&self) -> Day {
        day_number(self.as_of)
    }

    /// Returns the open balance of all invoices, in minor units.
    pub fn open(&self) -> i128 {
        self.invoices.iter().map(|invoice| i128::from(invoice.open)).sum()
    }

    /// Returns what the client may still draw, in major units. Without a facility it is nothing, as
    /// everything that its base allows counts as drawn.
    pub fn may_be_drawn(&self) -> f64 {
        if self.exposure.is_drawn { self.certificate.base.excess.to_f64().max(0.0) } else { 0.0 }
    }

    /// Returns the unapplied credits of all debtors, in minor units.
    pub fn unapplied(&self) -> i128 {
        self.debtors.iter().map(|debtor| i128::from(debtor.unapplied)).sum()
    }
}
