//! The payment, credit and write-off that a row states, as reductions of its invoice in order of
//! their dates.

use basics::{Currency, Day};

use super::field::Field;
use super::maybe_day::MaybeDay;
use super::row_cells::{Cells, RowFault, amount, day, fault};
use super::{ReductionKind, RejectCode};

/// A reduction that the row itself states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reduction {
    /// Its kind.
    pub kind: ReductionKind,
    /// Its date; none if the row gives none.
    pub date: MaybeDay,
    /// Minor units, positive.
    pub amount: i64,
    /// True if it exceeds the open balance: a credit of the debtor that no invoice has used.
    pub unapplied: bool,
    /// True if it is only the difference between amount and balance, so that a payment in a row of
    /// its own may be the same money.
    pub implied: bool,
}

/// The reductions of one row: for each kind, the part applied and the part beyond the balance.
pub type Reductions = [Option<Reduction>; 6];

/// A reduction as stated in its cells.
#[derive(Debug, Clone, Copy)]
struct Stated {
    kind: ReductionKind,
    date: Option<Day>,
    /// `None`: everything open on that day.
    amount: Option<i64>,
}

/// The payment, credit and write-off of a row.
///
/// They are applied in order of their dates, undated ones first and on one day the payment last, so
/// that a later one never changes what an earlier one did. A payment without an amount pays
/// everything then open; the part beyond the open balance stays unapplied. On a credit note
/// (`face` < 0) the paid cells say how much of it was used.
pub fn reductions(row: &impl Cells, currency: Currency, face: i64) -> Result<Reductions, RowFault> {
    let credit = stated(row, ReductionKind::CreditNote, currency)?;
    let write_off = stated(row, ReductionKind::WriteOff, currency)?;
    // In 128 bits, because the sum of two amounts may exceed 64.
    let cut = |s: Option<Stated>| i128::from(s.and_then(|s| s.amount).unwrap_or_default());
    let reduces_credit_note = face < 0 && (credit.is_some() || write_off.is_some());
    if reduces_credit_note || cut(credit) + cut(write_off) > i128::from(face.max(0)) {
        let field = if credit.is_some() { Field::CreditedAmount } else { Field::WrittenOffAmount };
        let message = "credits and write-offs together exceed the amount of the invoice";
        return Err(fault(row, RejectCode::ReductionsExceedFace, field, message));
    }
    if face < 0 {
        // The paid cells of a credit note may carry its sign, so they are read by `used_up` alone.
        return Ok([used_up(row, currency, face)?, None, None, None, None, None]);
    }
    let mut all = [credit, write_off, stated(row, ReductionKind::Payment, currency)?];
    // A payment alone, the usual case, needs no order.
    if credit.is_some() || write_off.is_some() {
        // `None` sorts before every date, and the sort is stable: on one day the payment stays
        // last.
        all.sort_by_key(|s| s.map(|s| s.date));
    }
    let mut open = face;
    let mut reductions = Reductions::default();
    for (slot, stated) in all.into_iter().enumerate() {
        let Some(Stated { kind, date, amount }) = stated else { continue };
        let wanted = amount.unwrap_or(open);
        let applied = wanted.min(open);
        open -= applied;
        let some = |amount: i64, unapplied| {
            let implied = kind == ReductionKind::Payment && row.paid_is_implied();
            let date = date.into();
            (amount > 0).then_some(Reduction { kind, date, amount, unapplied, implied })
        };
        reductions[2 * slot] = some(applied, false);
        reductions[2 * slot + 1] = some(wanted - applied, true);
    }
    Ok(reductions)
}

/// The part of a credit note that was used, whichever sign the export gives the amount.
fn used_up(row: &impl Cells, currency: Currency, face: i64) -> Result<Option<Reduction>, RowFault> {
    let date = day(row, Field::PaidDate)?;
    let paid = amount(row, Field::PaidAmount, currency)?.map(i64::saturating_abs);
    let all = face.saturating_abs();
    // As on an invoice, a date alone means everything.
    let used = paid.or(date.map(|_| all)).unwrap_or_default().min(all);
    let kind = ReductionKind::Payment;
    Ok((used > 0).then_some(Reduction {
        kind,
        date: date.into(),
        amount: used,
        unapplied: false,
        implied: false,
    }))
}

/// The reduction of one kind that the row's own cells state; a stated zero is none.
fn stated(
    row: &impl Cells,
    kind: ReductionKind,
    currency: Currency,
) -> Result<Option<Stated>, RowFault> {
    let (amount_field, date_field) = match kind {
        ReductionKind::Payment => (Field::PaidAmount, Field::PaidDate),
        ReductionKind::CreditNote => (Field::CreditedAmount, Field::CreditedDate),
        ReductionKind::WriteOff => (Field::WrittenOffAmount, Field::WrittenOffDate),
        // No cell of an invoice's own row states one.
        ReductionKind::Adjustment => return Ok(None),
    };
    let date = day(row, date_field)?;
    let amount = amount(row, amount_field, currency)?;
    match amount {
        Some(0) => Ok(None),
        Some(stated) if stated < 0 => {
            let message = "expected a positive amount; put a reversal in a row of its own";
            Err(fault(row, RejectCode::NegativeSettlement, amount_field, message))
        }
        None if kind != ReductionKind::Payment || date.is_none() => Ok(None),
        amount => Ok(Some(Stated { kind, date, amount })),
    }
}
