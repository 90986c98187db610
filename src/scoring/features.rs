//! The features of the boosted hazard, declared once: the same functions serve training and
//! scoring.
//!
//! A model file records name, meaning and unit of every feature and is refused if they differ, so a
//! change of wording here makes trained models unusable.

use super::calendar::{day_of_month, month_place, weekday};
use super::facts::InvoiceFacts;

/// The topic of a feature: the reasons of a score are given by topic.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// The debtor's payment history.
    DebtorHistory,
    /// The debtor's payments in recent weeks.
    DebtorTrend,
    /// The debtor's open balance and the part that is overdue.
    DebtorBalance,
    /// Size of the invoice.
    Amount,
    /// Terms and age of the invoice.
    Age,
    /// Weekdays and days of the month on which payments come.
    Calendar,
    /// The recent payments of all the client's debtors.
    ClientTrend,
    /// Disputes, credits and part payments.
    Disputes,
}

/// A feature of an open invoice at the end of a day.
pub(super) struct InvoiceFeature {
    pub name: &'static str,
    pub meaning: &'static str,
    pub unit: &'static str,
    pub topic: Topic,
    pub value: fn(&InvoiceFacts<'_>) -> f64,
}

/// A feature of one of the days that follow.
pub(super) struct DayFeature {
    pub name: &'static str,
    pub meaning: &'static str,
    pub unit: &'static str,
    pub topic: Topic,
    pub value: fn(&InvoiceFacts<'_>, i32) -> f64,
}

const fn of(
    name: &'static str,
    meaning: &'static str,
    unit: &'static str,
    topic: Topic,
    value: fn(&InvoiceFacts<'_>) -> f64,
) -> InvoiceFeature {
    InvoiceFeature { name, meaning, unit, topic, value }
}

const fn on(
    name: &'static str,
    meaning: &'static str,
    unit: &'static str,
    topic: Topic,
    value: fn(&InvoiceFacts<'_>, i32) -> f64,
) -> DayFeature {
    DayFeature { name, meaning, unit, topic, value }
}

fn yes(fact: bool) -> f64 {
    f64::from(u8::from(fact))
}

use Topic::{
    Age, Amount, Calendar, ClientTrend, DebtorBalance, DebtorHistory, DebtorTrend, Disputes,
};

/// Features that are constant over the days that follow. Unknown values are NaN.
// A line for each feature keeps the list readable as a table.
#[rustfmt::skip]
pub(super) static OF_INVOICE: &[InvoiceFeature] = &[
    of("amount", "original amount", "ln of major units", Amount, |f| f.invoice.face.ln_1p()),
    of("amount_vs_usual", "amount over what the debtor usually pays", "ln of the ratio", Amount, |f| f.amount_vs_usual),
    of("terms", "due date less issue date", "days", Age, |f| f64::from(f.invoice.due - f.invoice.issue)),
    of("age", "days since issue", "days", Age, |f| f64::from(f.client.day - f.invoice.issue)),
    of("age_vs_usual", "days since issue over the debtor's mean days to pay", "days", Age, |f| f64::from(f.client.day - f.invoice.issue) - f.debtor.days_to_pay),
    of("days_to_due", "days to the due date, negative when past it", "days", Age, |f| f64::from(-f.age(0))),
    of("past_due_vs_usual", "days past due over the debtor's usual lateness", "days", Age, |f| f64::from(f.age(0)) - f.debtor.late_usual),
    of("due_weekday", "weekday of the due date", "Monday = 0", Calendar, |f| weekday(f.invoice.due) as f64),
    of("due_day", "day of the month of the due date", "1 to 31", Calendar, |f| f64::from(day_of_month(f.invoice.due))),
    of("issue_weekday", "weekday of the issue date", "Monday = 0", Calendar, |f| weekday(f.invoice.issue) as f64),
    of("issue_day", "day of the month of the issue date", "1 to 31", Calendar, |f| f64::from(day_of_month(f.invoice.issue))),
    of("paid_count", "invoices that the debtor has paid", "invoices", DebtorHistory, |f| f.debtor.paid_count),
    of("late_spread", "standard deviation of the debtor's days late", "days", DebtorHistory, |f| f.debtor.late_spread),
    of("late_most", "the debtor's greatest days late", "days", DebtorHistory, |f| f.debtor.late_most),
    of("late_last", "days late of the debtor's last payment", "days", DebtorTrend, |f| f.debtor.late_last),
    of("late_last_three", "mean days late of the debtor's last three payments", "days", DebtorTrend, |f| f.debtor.late_last_three),
    of("late_recent", "mean days late, halved in weight every 62 days", "days", DebtorTrend, |f| f.debtor.late_recent),
    of("late_usual", "mean days late, shrunk towards the client's debtors", "days", DebtorHistory, |f| f.debtor.late_usual),
    of("late_share", "share of invoices paid late, shrunk", "0 to 1", DebtorHistory, |f| f.debtor.late_share),
    of("days_to_pay", "mean days from issue to payment", "days", DebtorHistory, |f| f.debtor.days_to_pay),
    of("days_since_paid", "days since the debtor last paid", "days", DebtorTrend, |f| f.debtor.days_since_paid),
    of("pay_days", "different days on which the debtor has paid", "days", DebtorHistory, |f| f.debtor.pay_days),
    of("paid_last_30", "invoices paid in the last 30 days", "invoices", DebtorTrend, |f| f.debtor.paid_last_30),
    of("speed", "the debtor's payments over those expected of it", "ratio", DebtorHistory, |f| f.debtor.speed),
    of("recent_speed", "the same in the last 90 days", "ratio", DebtorTrend, |f| f.debtor.recent_speed),
    of("by_30", "P(collected within 30 days) by the debtor's own history", "0 to 1", DebtorHistory, |f| f.by_30),
    of("by_90", "P(collected within 90 days) by the debtor's own history", "0 to 1", DebtorHistory, |f| f.by_90),
    of("open_count", "open invoices of the debtor", "invoices", DebtorBalance, |f| f.debtor.open_count as f64),
    of("open_amount", "what the debtor owes in this currency", "ln of major units", DebtorBalance, |f| f.owed().0.ln_1p()),
    of("overdue_count", "overdue invoices of the debtor", "invoices", DebtorBalance, |f| f.debtor.overdue_count as f64),
    of("overdue_amount", "what of it is overdue", "ln of major units", DebtorBalance, |f| f.owed().1.ln_1p()),
    of("overdue_share", "share of its open invoices that is overdue", "0 to 1", DebtorBalance, |f| f.debtor.overdue_count as f64 / f.debtor.open_count as f64),
    of("most_overdue", "days past due of its oldest open invoice", "days", DebtorBalance, |f| f.debtor.most_overdue),
    of("due_rank", "open invoices of the debtor that fall due earlier", "invoices", DebtorBalance, |f| f.due_rank),
    of("issued_last_30", "invoices issued to the debtor in the last 30 days", "invoices", DebtorBalance, |f| f.debtor.issued_last_30),
    of("concentration", "the debtor's share of what the client is owed", "0 to 1", DebtorBalance, |f| f.concentration),
    of("client_late", "mean days late of what the client's debtors paid in the last 30 days", "days", ClientTrend, |f| f.client.recent_late),
    of("client_speed_30", "payments of all debtors over those expected, last 30 days", "ratio", ClientTrend, |f| f.client.speeds[0]),
    of("client_speed_90", "the same, last 90 days", "ratio", ClientTrend, |f| f.client.speeds[1]),
    of("client_speed_180", "the same, last 180 days", "ratio", ClientTrend, |f| f.client.speeds[2]),
    of("part_paid", "a part has been paid", "0 or 1", Disputes, |f| yes(f.since(f.invoice.first_cash))),
    of("part_credited", "a part has been credited", "0 or 1", Disputes, |f| yes(f.since(f.invoice.first_credit))),
    of("disputed", "the debtor disputes it, by a dated entry", "0 or 1", Disputes, |f| yes(f.since(f.invoice.disputed))),
    of("credited_share", "share of the debtor's invoices with a credit, shrunk", "0 to 1", Disputes, |f| f.debtor.credited_share),
];

/// Features of the day itself, `days` days later.
#[rustfmt::skip]
pub(super) static OF_DAY: &[DayFeature] = &[
    on("days_ahead", "days from the as-of date", "days", Age, |_, days| f64::from(days)),
    on("days_past_due", "days past due on the day", "days", Age, |f, days| f64::from(f.age(days))),
    on("day_past_usual", "days past due on the day over the debtor's usual lateness", "days", DebtorHistory, |f, days| f64::from(f.age(days)) - f.debtor.late_usual),
    on("day_age_vs_usual", "days since issue on the day over the debtor's mean days to pay", "days", DebtorHistory, |f, days| f64::from(f.client.day + days - f.invoice.issue) - f.debtor.days_to_pay),
    on("weekday", "weekday of the day", "Monday = 0", Calendar, |f, days| weekday(f.client.day + days) as f64),
    on("weekday_habit", "how much more often than others the debtor pays on this weekday", "ln of the ratio", Calendar, |f, days| f64::from(f.debtor.weekday_lifts[weekday(f.client.day + days)])),
    on("month_habit", "how much more often than others the debtor pays at this time of the month", "ln of the ratio", Calendar, |f, days| f64::from(f.debtor.place_lifts[month_place(f.client.day + days)])),
    on("client_month_habit", "how much more often than evenly all debtors pay at this time of the month", "ln of the ratio", Calendar, |f, days| f64::from(f.client.place_habits[month_place(f.client.day + days)])),
    on("base", "log-odds of payment on the day by the debtor's own history", "log-odds", DebtorHistory, |f, days| logit(f.base_hazard(days))),
];

/// Returns the number of all features, those of the invoice first.
pub(super) fn count() -> usize {
    OF_INVOICE.len() + OF_DAY.len()
}

/// Returns the topic of every feature, in order.
pub(super) fn topics() -> impl Iterator<Item = Topic> {
    OF_INVOICE.iter().map(|f| f.topic).chain(OF_DAY.iter().map(|f| f.topic))
}

/// Returns name, meaning and unit of every feature, in order.
pub(super) fn declared() -> impl Iterator<Item = [&'static str; 3]> {
    let invoice = OF_INVOICE.iter().map(|f| [f.name, f.meaning, f.unit]);
    invoice.chain(OF_DAY.iter().map(|f| [f.name, f.meaning, f.unit]))
}

/// Returns the constant features.
pub(super) fn of_invoice(facts: &InvoiceFacts<'_>) -> impl Iterator<Item = f32> {
    OF_INVOICE.iter().map(|feature| (feature.value)(facts) as f32)
}

/// Returns the features of the day `days` days later.
pub(super) fn of_day(facts: &InvoiceFacts<'_>, days: i32) -> impl Iterator<Item = f32> {
    OF_DAY.iter().map(move |feature| (feature.value)(facts, days) as f32)
}

/// Returns the log-odds of a probability strictly between 0 and 1.
pub(super) fn logit(p: f64) -> f64 {
    (p / (1.0 - p)).ln()
}
