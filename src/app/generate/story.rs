//! The life of one invoice, from its date to its settlement or the lack of one.

use chrono::NaiveDate;

use super::behaviour::Profile;
use super::calendar::{add_days, month_close, working_day_from};
use super::period::Period;
use super::random::Draws;
use super::row::{Booking, Row, RowKind, portion};

/// Probability that a debtor that otherwise pays never pays an invoice.
const FORGOTTEN: f64 = 0.0004;
/// Probability that the first payment falls short.
const SHORT: f64 = 0.036;
/// Probability that the rest of a short payment follows.
const TOPPED_UP: f64 = 0.45;
/// Probability that an unpaid invoice is written off in the end.
const WRITTEN_OFF: f64 = 0.75;
/// Days after the due date at whose month end an unpaid invoice is written off.
const WRITE_OFF_AFTER: (i64, i64) = (155, 185);

/// The prospective end of an invoice, before chance decides the details of its payment.
struct Prospect {
    /// The day on which payment is going to arrive, if it does.
    payment: NaiveDate,
    /// True when no payment is going to arrive.
    never: bool,
    /// Credit granted, dated no later than the payment.
    credit: Option<Booking>,
    /// The day of a dispute.
    disputed: Option<NaiveDate>,
}

/// Draws an invoice with everything that ever happens to it, however late.
pub(super) fn draw_invoice(
    date: NaiveDate,
    profile: &Profile,
    period: &Period,
    draws: &mut Draws,
) -> Row {
    let mut row = blank_row(date, profile, draws);
    let usual = profile.draw_payment_date((date, row.due_date), period, draws);
    let mut prospect = if draws.chance(profile.dispute_chance) {
        draw_dispute(&row, usual, profile, draws)
    } else {
        draw_smooth_course(&row, usual, profile, draws)
    };
    prospect.never |= profile.has_stopped(prospect.payment) || draws.chance(FORGOTTEN);
    row.credited = prospect.credit;
    row.disputed = prospect.disputed;
    if prospect.never {
        write_off(&mut row, draws);
    } else {
        pay(&mut row, prospect.payment, profile, draws);
    }
    row
}

/// Draws a stand-alone credit note, due on its own date.
pub(super) fn draw_credit_note(date: NaiveDate, profile: &Profile, draws: &mut Draws) -> Row {
    let mut row = blank_row(date, profile, draws);
    row.kind = RowKind::CreditNote;
    row.due_date = date;
    row.purchase_order = None;
    row.amount = -portion(row.amount, draws.between(500, 6000));
    row
}

/// An invoice with its terms, amount and purchase order; nothing has happened to it yet.
///
/// Client and debtor are filled in by the caller, the number once the file order is known.
fn blank_row(date: NaiveDate, profile: &Profile, draws: &mut Draws) -> Row {
    let terms = profile.draw_terms(draws);
    let names_order = draws.chance(profile.order_chance);
    Row {
        client: 0,
        debtor: 0,
        kind: RowKind::Invoice,
        order: draws.bits(),
        number: 0,
        purchase_order: names_order.then(|| 10_000 + draws.bits() % 90_000),
        invoice_date: date,
        due_date: add_days(date, terms),
        amount: profile.draw_amount(draws),
        credited: None,
        paid: None,
        topped_up: None,
        written_off: None,
        disputed: None,
    }
}

/// Draws what becomes of an invoice nobody disputes; a few are credited in part.
fn draw_smooth_course(
    row: &Row,
    payment: NaiveDate,
    profile: &Profile,
    draws: &mut Draws,
) -> Prospect {
    let credit = draws.chance(profile.credit_chance).then(|| {
        // The smaller of two draws, because most credits are small against the invoice.
        let share = draws.between(200, 6000).min(draws.between(200, 6000));
        credit_between(row, share, (row.invoice_date, payment), draws)
    });
    Prospect { payment, never: false, credit, disputed: None }
}

/// Draws a dispute: most end in a late payment, some in a credit and a late payment, a few in
/// nothing at all.
fn draw_dispute(row: &Row, usual: NaiveDate, profile: &Profile, draws: &mut Draws) -> Prospect {
    // Raised before the payment that it holds up, and not long after the due date.
    let latest = usual.min(add_days(row.due_date, 16)).max(add_days(row.invoice_date, 2));
    let raised = draw_day((row.invoice_date, add_days(latest, -1)), draws);
    let mut prospect =
        Prospect { payment: usual, never: false, credit: None, disputed: Some(raised) };
    let later = |days| profile.next_run(add_days(usual.max(row.due_date), days));
    match draws.below(100) {
        0..55 => prospect.payment = later(draws.between(25, 120)),
        55..87 => {
            prospect.payment = later(draws.between(12, 75));
            let share = draws.between(800, 6000);
            prospect.credit = Some(credit_between(row, share, (raised, prospect.payment), draws));
        }
        _ => prospect.never = true,
    }
    prospect
}

/// Draws the day of a credit of the given basis points between two dates.
fn credit_between(
    row: &Row,
    basis_points: i64,
    days: (NaiveDate, NaiveDate),
    draws: &mut Draws,
) -> Booking {
    Booking { date: draw_day(days, draws), cents: portion(row.amount, basis_points) }
}

/// Draws a day between two dates, both included, a working day unless there is none left.
fn draw_day((first, last): (NaiveDate, NaiveDate), draws: &mut Draws) -> NaiveDate {
    let days = last.signed_duration_since(first).num_days();
    working_day_from(add_days(first, draws.between(1.min(days), days))).min(last)
}

/// Books the payment of what credits leave, at times in two steps or not in full.
fn pay(row: &mut Row, date: NaiveDate, profile: &Profile, draws: &mut Draws) {
    let owed = row.open_cents();
    if !draws.chance(SHORT) {
        row.paid = Some(Booking { date, cents: owed });
        return;
    }
    // Either something small is deducted, such as freight or a discount, or the debtor pays in
    // instalments.
    let share =
        if draws.chance(0.5) { draws.between(9000, 9900) } else { draws.between(2500, 8000) };
    let first = portion(owed, share);
    row.paid = Some(Booking { date, cents: first });
    let rest = profile.next_run(add_days(date, draws.between(14, 70)));
    if draws.chance(TOPPED_UP) && !profile.has_stopped(rest) {
        row.topped_up = Some(Booking { date: rest, cents: owed - first });
    }
}

/// Writes an unpaid invoice off at a month end about half a year after it was due, or leaves it.
fn write_off(row: &mut Row, draws: &mut Draws) {
    if draws.chance(WRITTEN_OFF) {
        let (low, high) = WRITE_OFF_AFTER;
        let decided = add_days(row.due_date, draws.between(low, high));
        // A credit still under way comes first, because the write-off covers what it leaves.
        let date = month_close(row.credited.map_or(decided, |credit| credit.date.max(decided)));
        row.written_off = Some(Booking { date, cents: row.open_cents() });
    }
}
