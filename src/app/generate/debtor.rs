//! One debtor's identity and all its rows.

use chrono::NaiveDate;

use super::behaviour::Profile;
use super::names::{Country, draw_country, name};
use super::period::Period;
use super::portfolio::{DebtorPlan, Portfolio, Role};
use super::random::{Draws, Stream};
use super::row::Row;
use super::story::{draw_credit_note, draw_invoice};

/// Probability that a row is a stand-alone credit note.
const CREDIT_NOTE: f64 = 0.003;
/// Fewest rows of a debtor that may receive stand-alone credit notes.
const ROWS_FOR_CREDIT_NOTES: usize = 5;

/// The facts about a debtor that its ledger repeats on every row.
pub(super) struct Identity {
    /// Trading name, unique within the ledger.
    pub(super) name: String,
    /// The country in which the debtor is based.
    pub(super) country: Country,
}

/// One debtor's part of the ledger, as it stands at the end date.
pub(super) struct DebtorLedger {
    /// The identity of the debtor.
    pub(super) identity: Identity,
    /// The rows in the order of their dates, not numbered yet.
    pub(super) rows: Vec<Row>,
}

/// Draws the debtor with this index, from streams no other debtor draws from.
pub(super) fn draw_debtor(
    portfolio: &Portfolio,
    index: usize,
    period: &Period,
    seed: u64,
) -> DebtorLedger {
    let plan = portfolio.debtors[index];
    // The options allow fewer debtors than 32 bits can count.
    let debtor = u32::try_from(index).unwrap_or(u32::MAX);
    let mut draws = Draws::new(seed, Stream::Debtor(debtor));
    let country = draw_country(&mut draws);
    let name = name(portfolio.first_name, debtor, country, &mut draws);
    // Each debtor opens its client's stream anew, so all of a client's draw the same scale.
    let client_scale = Draws::new(seed, Stream::Client(plan.client)).normal(0.5);
    let mut profile = Profile::draw(plan.role, client_scale, period, &mut draws);
    profile.adopt(portfolio.payers, period, &mut draws);
    let mut rows = draw_rows(&profile, plan, period, &mut draws);
    for (row, number) in rows.iter_mut().zip(0..) {
        row.client = plan.client;
        row.debtor = debtor;
        row.number = number;
        row.hide_after(period.end);
    }
    DebtorLedger { identity: Identity { name, country }, rows }
}

/// Draws the rows with their whole lives; the first and the last are always invoices.
fn draw_rows(profile: &Profile, plan: DebtorPlan, period: &Period, draws: &mut Draws) -> Vec<Row> {
    let mut dates = draw_dates(profile, plan.rows, period, draws);
    if plan.role == Role::Anchor {
        reach_end(&mut dates, period);
    }
    let inner = 1..plan.rows.saturating_sub(1);
    let mut rows = Vec::with_capacity(plan.rows);
    for (place, date) in dates.into_iter().enumerate() {
        let may_be_credit = plan.rows >= ROWS_FOR_CREDIT_NOTES && inner.contains(&place);
        rows.push(if may_be_credit && draws.chance(CREDIT_NOTE) {
            draw_credit_note(date, profile, draws)
        } else {
            draw_invoice(date, profile, period, draws)
        });
    }
    rows
}

/// Draws the dates of the rows, earliest first.
fn draw_dates(
    profile: &Profile,
    count: usize,
    period: &Period,
    draws: &mut Draws,
) -> Vec<NaiveDate> {
    let (first, last) = profile.active;
    let mut dates: Vec<NaiveDate> =
        (0..count).map(|_| period.draw_date(first, last, draws)).collect();
    dates.sort_unstable();
    dates
}

/// Moves the last date to the last working day of the period, unless it lies later already.
fn reach_end(dates: &mut [NaiveDate], period: &Period) {
    if let Some(last) = dates.last_mut() {
        *last = period.last_working_day().max(*last);
    }
}
