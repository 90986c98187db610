//! The habits of one debtor: what it buys, when it pays and how it goes wrong.

use chrono::{NaiveDate, Weekday};

use super::calendar::{PaymentRun, add_days};
use super::options::Payers;
use super::period::Period;
use super::portfolio::Role;
use super::random::{Draws, whole};

/// Payment terms in days with their weights.
const TERMS: [(i64, u64); 5] = [(15, 7), (30, 52), (45, 18), (60, 18), (90, 5)];
/// Probability that an invoice carries the debtor's own terms.
const OWN_TERMS: f64 = 0.93;
/// Smallest and largest invoice in cents.
const AMOUNTS: (i64, i64) = (2_500, 2_500_000_000);
/// Natural logarithm of the median invoice of the median client in cents, about 2,200.00.
const MEDIAN_LOG_CENTS: f64 = 12.3;
/// The days by which a debtor that slows down pays later.
const SLOWED: f64 = 15.0;
/// Days over which a failing debtor slows down before it stops, and by how many days it slows.
const DECLINE: (f64, f64) = (120.0, 40.0);
/// A stray late payment comes this many days late, plus an exponential wait of the second mean.
const STRAY: (f64, f64) = (10.0, 22.0);

/// A debtor's manner of paying around the due date.
#[derive(Debug, Clone, Copy)]
enum Manner {
    Exact,
    Early,
    Prompt,
    FewDays,
    Late,
    VeryLate,
}

/// The manners with their weights.
const MANNERS: [(Manner, u64); 6] = [
    (Manner::Exact, 17),
    (Manner::Early, 10),
    (Manner::Prompt, 25),
    (Manner::FewDays, 34),
    (Manner::Late, 11),
    (Manner::VeryLate, 3),
];

/// Days between the due date and the day a payment is ready.
#[derive(Debug, Clone, Copy)]
struct Lateness {
    /// Mean in days, negative when early.
    level: f64,
    /// Standard deviation in days.
    jitter: f64,
    /// Probability of a stray late payment.
    stray: f64,
    /// Change of the level over the whole period, in days.
    drift: f64,
}

/// The habits of one debtor, constant over the period except where said otherwise.
pub(super) struct Profile {
    /// First and last day of the period on which the debtor is invoiced, by number.
    pub(super) active: (i64, i64),
    /// Probability that an invoice names a purchase order.
    pub(super) order_chance: f64,
    /// Probability that an invoice is disputed.
    pub(super) dispute_chance: f64,
    /// Probability that an undisputed invoice is credited in part.
    pub(super) credit_chance: f64,
    terms: i64,
    /// Natural logarithm of the median invoice in cents, and its standard deviation.
    size: (f64, f64),
    lateness: Lateness,
    run: PaymentRun,
    /// The day from which a failing debtor pays nothing.
    stops: Option<NaiveDate>,
    /// The day after which what falls due is paid [`SLOWED`] days later.
    slows: Option<NaiveDate>,
}

impl Profile {
    /// Draws the habits of a debtor whose client invoices amounts larger than usual by the
    /// factor whose natural logarithm is `client_scale`.
    pub(super) fn draw(role: Role, client_scale: f64, period: &Period, draws: &mut Draws) -> Self {
        let (lateness, run) = draw_payment(draws);
        let spread = if draws.chance(0.06) { 0.04 } else { draws.uniform(0.3, 0.9) };
        let wants_orders = draws.chance(0.55);
        let last = period.last_day();
        let (active, stops) = match role {
            Role::Anchor => ((0, last), None),
            Role::Ordinary => (draw_active(last, draws), None),
            Role::Failing => {
                let stop = draws.between(last * 30 / 100, last * 75 / 100);
                // The client notices late, and goes on invoicing for a month to three.
                let cut_off = last.min(stop + draws.between(30, 90));
                ((0, cut_off), Some(period.date_of(stop)))
            }
        };
        Self {
            active,
            order_chance: if wants_orders { 0.95 } else { 0.17 },
            dispute_chance: (0.015 * draws.factor(0.6)).min(0.15),
            credit_chance: (0.034 * draws.factor(0.5)).min(0.25),
            terms: draws.weighted(&TERMS, 30),
            size: (MEDIAN_LOG_CENTS + client_scale + draws.normal(0.7), spread),
            lateness,
            run,
            stops,
            slows: None,
        }
    }

    /// Adopts the payment habits of the ledger; mixed ones stay as they are.
    pub(super) fn adopt(&mut self, payers: Payers, period: &Period, draws: &mut Draws) {
        match payers {
            Payers::Mixed => {}
            Payers::Weekly => self.run = PaymentRun::Weekly(draw_weekday(draws)),
            Payers::MonthEnd => self.run = PaymentRun::MonthEnd,
            Payers::Slowing => self.slows = Some(period.date_of(period.last_day() / 2)),
        }
    }

    /// Draws the terms of one invoice in days.
    pub(super) fn draw_terms(&self, draws: &mut Draws) -> i64 {
        if draws.chance(OWN_TERMS) { self.terms } else { draws.weighted(&TERMS, self.terms) }
    }

    /// Draws the amount of one invoice in cents.
    pub(super) fn draw_amount(&self, draws: &mut Draws) -> i64 {
        let (median, spread) = self.size;
        let (least, most) = AMOUNTS;
        let cents = whole((median + draws.normal(spread)).exp(), least, most);
        // Some prices are agreed as whole units of the currency.
        if draws.chance(0.15) { cents / 100 * 100 } else { cents }
    }

    /// Draws the day on which an undisturbed invoice is paid, always after its own date.
    pub(super) fn draw_payment_date(
        &self,
        (invoice_date, due_date): (NaiveDate, NaiveDate),
        period: &Period,
        draws: &mut Draws,
    ) -> NaiveDate {
        let Lateness { level, jitter, stray, drift } = self.lateness;
        let progress = share_of_period(invoice_date, period);
        let mut wait = level + drift * progress + draws.normal(jitter);
        if draws.chance(stray) {
            wait += STRAY.0 + draws.exponential(STRAY.1);
        }
        wait += self.decline_at(due_date);
        if self.slows.is_some_and(|slows| due_date > slows) {
            wait += SLOWED;
        }
        let ready = add_days(due_date, whole(wait, -60, 720));
        self.next_run(ready.max(add_days(invoice_date, 1)))
    }

    /// The first payment run of the debtor on or after a date.
    pub(super) fn next_run(&self, ready: NaiveDate) -> NaiveDate {
        self.run.next_from(ready)
    }

    /// True when the debtor pays nothing any more on this date.
    pub(super) fn has_stopped(&self, date: NaiveDate) -> bool {
        self.stops.is_some_and(|stop| date >= stop)
    }

    /// Additional lateness in days of a debtor about to stop, growing day by day.
    fn decline_at(&self, due_date: NaiveDate) -> f64 {
        let (over, most) = DECLINE;
        self.stops.map_or(0.0, |stop| {
            let left = days_between(due_date, stop);
            most * (1.0 - left / over).clamp(0.0, 1.0)
        })
    }
}

/// Draws a debtor's lateness and its payment runs.
fn draw_payment(draws: &mut Draws) -> (Lateness, PaymentRun) {
    let manner = draws.weighted(&MANNERS, Manner::Prompt);
    let (low, high, jitter, stray) = match manner {
        Manner::Exact => (0.0, 0.0, 0.0, 0.015),
        Manner::Early => (-10.0, -3.0, 1.5, 0.01),
        Manner::Prompt => (-4.0, 1.0, 2.0, 0.02),
        Manner::FewDays => (1.0, 10.0, 3.5, 0.035),
        Manner::Late => (12.0, 28.0, 7.0, 0.06),
        Manner::VeryLate => (30.0, 60.0, 12.0, 0.10),
    };
    let level = draws.uniform(low, high);
    let drifts = !matches!(manner, Manner::Exact) && draws.chance(0.15);
    let drift = if drifts { draws.uniform(-5.0, 14.0) } else { 0.0 };
    let run = match manner {
        // Days of runs would make an exact payer late.
        Manner::Exact => PaymentRun::Daily,
        _ => draw_run(draws),
    };
    (Lateness { level, jitter, stray, drift }, run)
}

fn draw_weekday(draws: &mut Draws) -> Weekday {
    let weekdays = [
        (Weekday::Mon, 10),
        (Weekday::Tue, 15),
        (Weekday::Wed, 20),
        (Weekday::Thu, 25),
        (Weekday::Fri, 30),
    ];
    draws.weighted(&weekdays, Weekday::Fri)
}

fn draw_run(draws: &mut Draws) -> PaymentRun {
    let weekday = draw_weekday(draws);
    let runs = [
        (PaymentRun::Daily, 27),
        (PaymentRun::Weekly(weekday), 50),
        (PaymentRun::TwiceMonthly, 23),
    ];
    draws.weighted(&runs, PaymentRun::Daily)
}

/// Draws the days on which an ordinary debtor is invoiced: most are invoiced throughout, some are
/// newly won, some lost.
fn draw_active(last: i64, draws: &mut Draws) -> (i64, i64) {
    if draws.chance(0.14) {
        (draws.between(last / 10, last * 7 / 10), last)
    } else if draws.chance(0.07) {
        (0, draws.between(last * 3 / 10, last * 9 / 10))
    } else {
        (0, last)
    }
}

/// The position of a date in the period, from zero to one.
fn share_of_period(date: NaiveDate, period: &Period) -> f64 {
    days_between(period.start, date) / days_between(period.start, period.end).max(1.0)
}

#[expect(clippy::cast_precision_loss, reason = "the days of a few centuries fit a mantissa")]
fn days_between(from: NaiveDate, to: NaiveDate) -> f64 {
    to.signed_duration_since(from).num_days() as f64
}
