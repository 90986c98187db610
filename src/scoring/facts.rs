//! The facts known at the end of a day about a client, a debtor and an invoice. Everything is taken
//! from the [`History`] as of that day, so that nothing later can be seen.

use basics::{Currency, Day};

use super::calendar::{MONTH_PLACES, PayDays, WEEKDAYS};
use super::hazard::{ALL, Age, AgeTable};
use super::history::{History, PastInvoice};
use super::km::KaplanMeier;
use super::shrinkage::DebtorHazard;

/// Days over which a client's recent speed is measured.
const SPEED_DAYS: [i32; 3] = [30, 90, 180];

/// Number of expected payments added to both sides before the speed of a client is judged.
const SPEED_PRIOR: f64 = 20.0;

/// The same for a debtor.
const DEBTOR_SPEED_PRIOR: f64 = 5.0;

/// The same for the last 90 days of a debtor.
const RECENT_SPEED_PRIOR: f64 = 3.0;

/// Number of usual paid invoices added to a debtor's own.
const USUAL: f64 = 5.0;

/// Lowest daily hazard from which a model starts.
// Above 0, because the log-odds of 0 are infinite.
const LOWEST: f64 = 1e-5;

/// The facts about a client at the end of a day.
#[derive(Debug)]
pub(super) struct ClientFacts<'a> {
    pub history: &'a History,
    pub day: Day,
    pub base: &'a KaplanMeier,
    /// Sums of the pooled hazard before each age, from the youngest age on.
    expected_before: AgeTable,
    pub pay_days: PayDays,
    pub place_habits: [f32; MONTH_PLACES],
    /// Mean days late of all paid invoices.
    mean_late: f64,
    /// Share of the paid invoices that were paid late.
    late_share: f64,
    /// Mean days late of invoices paid in the last 30 days.
    pub recent_late: f64,
    /// Payments seen over payments expected in the last 30, 90 and 180 days.
    pub speeds: [f64; 3],
    /// Faces of open invoices.
    open: Amounts,
}

/// Amounts in major units, kept apart by currency.
#[derive(Debug, Clone, Default)]
struct Amounts(Vec<(Currency, Mean)>);

impl Amounts {
    fn add(&mut self, currency: Currency, value: f64) {
        match self.0.iter_mut().find(|(own, _)| *own == currency) {
            Some((_, mean)) => mean.add(value),
            None => self.0.push((currency, Mean { sum: value, count: 1.0 })),
        }
    }

    fn of(&self, currency: Currency) -> Mean {
        let own = self.0.iter().find(|(own, _)| *own == currency);
        own.map(|&(_, mean)| mean).unwrap_or_default()
    }
}

/// A mean that starts empty.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    sum: f64,
    count: f64,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1.0;
    }

    /// Returns the mean; NaN if empty.
    fn value(self) -> f64 {
        self.sum / self.count
    }

    fn value_or(self, other: f64) -> f64 {
        if self.count > 0.0 { self.value() } else { other }
    }

    fn shrunk(self, usual: f64) -> f64 {
        (self.sum + USUAL * usual) / (self.count + USUAL)
    }
}

impl<'a> ClientFacts<'a> {
    /// Collects what was known at the end of `day`; `base` is the Kaplan-Meier estimate as of that
    /// day.
    pub fn new(history: &'a History, day: Day, base: &'a KaplanMeier) -> Self {
        let mut sum = 0.0;
        let expected_before = AgeTable::from_fn(ALL, |age| {
            sum += base.pool().at(age);
            sum - base.pool().at(age)
        });
        let mut facts = Self {
            history,
            day,
            base,
            expected_before,
            pay_days: PayDays::new(1.0),
            place_habits: [0.0; MONTH_PLACES],
            mean_late: 0.0,
            late_share: 0.5,
            recent_late: 0.0,
            speeds: [1.0; 3],
            open: Amounts::default(),
        };
        facts.add_invoices();
        facts.place_habits = facts.pay_days.place_habits();
        facts
    }

    fn add_invoices(&mut self) {
        let (mut late, mut late_share, mut recent) = Default::default();
        let mut counts = [(0.0, 0.0); 3];
        for invoice in self.history.invoices() {
            if let Some(days) = invoice.paid_late_by(self.day) {
                Mean::add(&mut late, f64::from(days));
                Mean::add(&mut late_share, f64::from(u8::from(days > 0)));
                self.pay_days.add(invoice.exit);
                if invoice.exit > self.day - 30 {
                    Mean::add(&mut recent, f64::from(days));
                }
            }
            if invoice.is_open_at(self.day) {
                self.open.add(invoice.currency, invoice.face);
            }
            for (counts, days) in counts.iter_mut().zip(SPEED_DAYS) {
                let (seen, expected) = self.paid_and_expected(invoice, days);
                *counts = (counts.0 + seen, counts.1 + expected);
            }
        }
        self.mean_late = late.value_or(0.0);
        self.late_share = late_share.value_or(0.5);
        self.recent_late = recent.value_or(0.0);
        self.speeds = counts.map(|(paid, due)| (paid + SPEED_PRIOR) / (due + SPEED_PRIOR));
    }

    /// Returns the payments of an invoice within the last `days` days, and those that the pool
    /// would expect.
    fn paid_and_expected(&self, invoice: &PastInvoice, days: i32) -> (f64, f64) {
        if !invoice.known || invoice.issue > self.day {
            return (0.0, 0.0);
        }
        let open = invoice.is_open_at(self.day);
        // At risk from the day after its issue, as in the tables that the expectation comes from.
        let from = (invoice.issue + 1).max(self.day - days + 1);
        let to = if open { self.day } else { invoice.exit };
        if to < from {
            return (0.0, 0.0);
        }
        let before = |age: Age| self.expected_before.at(age);
        // Sums before each age turn the expectation over a stretch into one difference.
        let expected = before(to - invoice.due + 1) - before(from - invoice.due);
        let paid = invoice.paid_late_by(self.day).is_some();
        (f64::from(u8::from(paid)), expected)
    }

    /// Returns the debtor with this number; `None` if it owed nothing on the day.
    pub fn debtor(&self, debtor: usize) -> Option<DebtorFacts> {
        let invoices = self.history.of_debtor(debtor);
        let open = invoices.iter().filter(|invoice| invoice.is_open_at(self.day));
        let mut facts = DebtorFacts { open_count: open.count(), ..DebtorFacts::default() };
        if facts.open_count == 0 {
            return None;
        }
        facts.add_open(invoices, self.day);
        facts.add_paid(invoices, self);
        facts.hazard = self.base.debtor_hazard(debtor);
        let (seen, expected) = self.base.seen_and_expected(debtor);
        facts.speed = (seen + DEBTOR_SPEED_PRIOR) / (expected + DEBTOR_SPEED_PRIOR);
        let (mut seen, mut expected) = (RECENT_SPEED_PRIOR, RECENT_SPEED_PRIOR);
        for invoice in invoices {
            let (paid, due) = self.paid_and_expected(invoice, SPEED_DAYS[1]);
            (seen, expected) = (seen + paid, expected + due);
        }
        facts.recent_speed = seen / expected;
        Some(facts)
    }
}

/// The facts about a debtor at the end of a day. Unknown values are NaN, which the trees treat as
/// missing.
#[derive(Debug, Clone, Default)]
pub(super) struct DebtorFacts {
    /// The daily hazard shown by its own history.
    pub hazard: DebtorHazard,
    pub paid_count: f64,
    /// Standard deviation of its days late.
    pub late_spread: f64,
    /// Greatest days late.
    pub late_most: f64,
    /// Days late of the last payment.
    pub late_last: f64,
    /// Mean days late of the last three payments.
    pub late_last_three: f64,
    /// Mean days late.
    pub late_mean: f64,
    /// Mean days late, weighted towards recent payments.
    pub late_recent: f64,
    /// Mean days late, shrunk towards the client's debtors.
    pub late_usual: f64,
    /// Share paid late, shrunk.
    pub late_share: f64,
    /// Mean days from issue to payment.
    pub days_to_pay: f64,
    pub days_since_paid: f64,
    /// Number of different days on which it paid.
    pub pay_days: f64,
    pub paid_last_30: f64,
    /// Logarithms of the amounts that it paid.
    paid_amounts: Amounts,
    /// Share of its invoices with a credit, shrunk towards none.
    pub credited_share: f64,
    pub weekday_lifts: [f32; WEEKDAYS],
    pub place_lifts: [f32; MONTH_PLACES],
    /// Payments of the debtor over those expected of it.
    pub speed: f64,
    /// The same over the last 90 days.
    pub recent_speed: f64,
    pub open_count: usize,
    /// Due dates of the open invoices, rising.
    open_due: Vec<Day>,
    pub overdue_count: usize,
    /// Faces of open invoices.
    open: Amounts,
    /// Faces of overdue invoices.
    overdue: Amounts,
    pub most_overdue: f64,
    pub issued_last_30: f64,
}

impl DebtorFacts {
    fn add_open(&mut self, invoices: &[PastInvoice], day: Day) {
        for invoice in invoices.iter().filter(|invoice| invoice.known && invoice.issue <= day) {
            self.issued_last_30 += f64::from(u8::from(invoice.issue > day - 30));
            if !invoice.is_open_at(day) {
                continue;
            }
            self.open.add(invoice.currency, invoice.face);
            self.open_due.push(invoice.due);
            if invoice.due < day {
                self.overdue_count += 1;
                self.overdue.add(invoice.currency, invoice.face);
                self.most_overdue = self.most_overdue.max(f64::from(day - invoice.due));
            }
        }
        self.open_due.sort_unstable();
    }

    fn add_paid(&mut self, invoices: &[PastInvoice], client: &ClientFacts<'_>) {
        let day = client.day;
        let paid = invoices.iter().filter_map(|i| Some((i.exit, i.paid_late_by(day)?, i)));
        let mut paid: Vec<_> = paid.collect();
        // By pay day; within a day by values that do not depend on the order of rows.
        paid.sort_by_key(|&(exit, late, invoice)| (exit, late, invoice.key));
        let (mut late, mut late_share, mut to_pay, mut last_three) =
            <(Mean, Mean, Mean, Mean)>::default();
        // One payment at the client's mean, so that a debtor without any has a value too.
        let (mut weights, mut weighted, mut squares) = (1.0, client.mean_late, 0.0);
        let mut days = PayDays::new(0.0);
        let mut last_day = None;
        (self.late_most, self.late_last) = (f64::NAN, f64::NAN);
        for (place, &(exit, days_late, invoice)) in paid.iter().enumerate() {
            let value = f64::from(days_late);
            late.add(value);
            late_share.add(f64::from(u8::from(days_late > 0)));
            to_pay.add(f64::from(exit - invoice.issue));
            self.paid_amounts.add(invoice.currency, invoice.face.ln_1p());
            squares += value * value;
            // Decays by e in 90 days, which halves the weight every 62.
            let weight = (-f64::from(day - exit) / 90.0).exp();
            weights += weight;
            weighted += weight * value;
            self.late_most = self.late_most.max(value);
            self.late_last = value;
            if place + 3 >= paid.len() {
                last_three.add(value);
            }
            if exit > day - 30 {
                self.paid_last_30 += 1.0;
            }
            // A run that pays ten invoices is one pay day, not ten.
            if last_day != Some(exit) {
                last_day = Some(exit);
                self.pay_days += 1.0;
                days.add(exit);
            }
        }
        self.paid_count = late.count;
        self.late_spread = spread(late, squares);
        self.late_last_three = last_three.value();
        self.late_mean = late.value();
        self.late_recent = weighted / weights;
        self.late_usual = late.shrunk(client.mean_late);
        self.late_share = late_share.shrunk(client.late_share);
        self.days_to_pay = to_pay.value();
        self.days_since_paid = last_day.map_or(f64::NAN, |last| f64::from(day - last));
        self.weekday_lifts = days.weekday_lifts(&client.pay_days);
        self.place_lifts = days.place_lifts(&client.pay_days);
        self.credited_share = credited_share(invoices, day);
    }

    /// Returns the daily hazard from which a model starts, at an age.
    pub fn base_hazard(&self, client: &ClientFacts<'_>, age: Age) -> f64 {
        let own = self.hazard.at(age).unwrap_or_else(|| client.base.pool().at(age));
        own.clamp(LOWEST, 1.0 - LOWEST)
    }
}

/// Returns the standard deviation; NaN for fewer than two values.
fn spread(mean: Mean, squares: f64) -> f64 {
    if mean.count < 2.0 {
        return f64::NAN;
    }
    // Of equal values, rounding may leave a hair below 0.
    ((squares - mean.count * mean.value().powi(2)).max(0.0) / (mean.count - 1.0)).sqrt()
}

fn credited_share(invoices: &[PastInvoice], day: Day) -> f64 {
    let issued = invoices.iter().filter(|invoice| invoice.known && invoice.issue <= day);
    let credited = |i: &&PastInvoice| i.first_credit.is_some_and(|first| first <= day);
    let (count, credits) = (issued.clone().count(), issued.filter(credited).count());
    credits as f64 / (count as f64 + USUAL)
}

/// The facts about an open invoice at the end of a day.
#[derive(Debug)]
pub(super) struct InvoiceFacts<'a> {
    pub client: &'a ClientFacts<'a>,
    pub debtor: &'a DebtorFacts,
    pub invoice: &'a PastInvoice,
    /// Number of open invoices of the debtor that fall due earlier.
    pub due_rank: f64,
    /// Logarithm of the amount over the debtor's usual paid amount in this currency; NaN if it has
    /// paid nothing.
    pub amount_vs_usual: f64,
    /// The debtor's share of what the client is owed in this currency.
    pub concentration: f64,
    /// P(collected within 30 days) by the debtor's own hazard.
    pub by_30: f64,
    /// P(collected within 90 days) by the debtor's own hazard.
    pub by_90: f64,
}

impl<'a> InvoiceFacts<'a> {
    pub fn new(
        client: &'a ClientFacts<'a>,
        debtor: &'a DebtorFacts,
        invoice: &'a PastInvoice,
    ) -> Self {
        let due_rank = debtor.open_due.partition_point(|&due| due < invoice.due) as f64;
        let currency = invoice.currency;
        let mut facts = Self {
            client,
            debtor,
            invoice,
            due_rank,
            amount_vs_usual: invoice.face.ln_1p() - debtor.paid_amounts.of(currency).value(),
            concentration: debtor.open.of(currency).sum / client.open.of(currency).sum,
            by_30: 0.0,
            by_90: 0.0,
        };
        // Collection alone, without removals: this is a feature, not a curve that prices.
        let mut open = 1.0;
        for days in 1..=90 {
            open *= 1.0 - facts.base_hazard(days);
            if days == 30 {
                facts.by_30 = 1.0 - open;
            }
        }
        facts.by_90 = 1.0 - open;
        facts
    }

    /// Returns the days past due, `days` days later.
    pub fn age(&self, days: i32) -> Age {
        self.client.day + days - self.invoice.due
    }

    /// Returns the daily hazard by the debtor's own history, `days` days later.
    pub fn base_hazard(&self, days: i32) -> f64 {
        self.debtor.base_hazard(self.client, self.age(days))
    }

    /// Returns the pooled daily hazard, `days` days later.
    pub fn pool_hazard(&self, days: i32) -> f64 {
        self.client.base.pool().at(self.age(days)).clamp(LOWEST, 1.0 - LOWEST)
    }

    /// Returns what the debtor owes in the currency of the invoice, and the part that is overdue.
    pub fn owed(&self) -> (f64, f64) {
        let currency = self.invoice.currency;
        (self.debtor.open.of(currency).sum, self.debtor.overdue.of(currency).sum)
    }

    /// True if a first event had happened by the day.
    pub fn since(&self, first: Option<Day>) -> bool {
        first.is_some_and(|first| first <= self.client.day)
    }
}
