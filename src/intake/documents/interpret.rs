//! The interpretation of one row: an invoice with its open balance, a credit, or nothing to buy.

use rust_decimal::Decimal;

use super::super::ReductionKind;
use super::super::field::{Field, bare};
use super::super::layout::{DocumentKind, StatusKind, TableKind};
use super::super::reject::{RejectCode, quoted};
use super::super::row_cells::{Cells, RowFault};
use super::super::table::Table;
use super::{DocumentCells, terms};

/// The result for one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// An invoice.
    Invoice,
    /// A credit or payment that names no invoice.
    Unapplied(ReductionKind),
    /// A credit or payment of the invoice that it names.
    Applied(ReductionKind),
    /// A credit that the open balances of the invoices already include in full.
    UsedUp(ReductionKind),
    /// Not yet, or no longer, a claim.
    VoidOrDraft,
    /// A debit other than an invoice, such as a journal entry or a refund.
    Other,
    /// An unknown type.
    UnknownType,
}

/// An oddity of a row that is read all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// More is open than was invoiced.
    OpenExceedsAmount { open: Decimal, amount: Decimal },
    /// Amount, payments and balance contradict each other: the stated balance and the computed one.
    BalanceDisagrees { stated: Decimal, computed: Decimal },
}

/// Sign conventions of a table as a whole.
#[derive(Debug, Clone, Copy, Default)]
pub struct TableFacts {
    /// Number of payments with a minus, less those without.
    payments: i64,
    /// Number of credit notes and write-offs with a minus, less those without.
    credits: i64,
}

/// Letters and words for a debit.
const DEBITS: [&str; 6] = ["s", "d", "dr", "debit", "soll", "debet"];

/// Letters and words for a credit.
const CREDITS: [&str; 6] = ["h", "c", "cr", "credit", "haben", "k"];

/// Converts the amounts of the row to those of the plain layout and decides what the row is.
pub fn interpret(
    table: &Table<'_>,
    facts: TableFacts,
    cells: &mut DocumentCells,
) -> (Verdict, Option<Oddity>) {
    let status = table.layout.status(cells.cell(Field::Status));
    if status == Some(StatusKind::VoidOrDraft) {
        return (Verdict::VoidOrDraft, None);
    }
    let amounts = amounts(table, cells);
    let Some(kind) = kind(table, cells, amounts.face()) else {
        return (Verdict::UnknownType, None);
    };
    due_from_terms(cells);
    if kind == DocumentKind::Other {
        return (Verdict::Other, None);
    }
    let Some(settles) = settles(kind) else {
        match status {
            Some(StatusKind::Disputed) => cells.set(Field::Disputed, "yes"),
            Some(StatusKind::Assigned) => cells.already_assigned = true,
            _ => {}
        }
        let amounts = blank_balance(table, cells, amounts);
        let oddity = invoice(cells, amounts, status);
        return (Verdict::Invoice, oddity);
    };
    // On a tie they are taken to have a minus, as in most exports.
    let usually_negative = match kind {
        DocumentKind::Payment => facts.payments >= 0,
        DocumentKind::Adjustment => true,
        _ => facts.credits >= 0,
    };
    // A payment or credit with the other sign reverses one, so it raises what is owed.
    let negative =
        amounts.face().filter(|face| !face.is_zero()).map(|face| face.is_sign_negative());
    let adds = negative.is_some_and(|negative| negative != usually_negative)
        && !(table.layout.signs_vary && kind == DocumentKind::Payment)
        // A payments file is judged as a whole, by `Payments::into_settlements`.
        && table.layout.table != TableKind::Payments;
    if adds {
        return (Verdict::Other, None);
    }
    credit(cells, amounts, settles)
}

fn settles(kind: DocumentKind) -> Option<ReductionKind> {
    match kind {
        DocumentKind::CreditNote => Some(ReductionKind::CreditNote),
        DocumentKind::Payment => Some(ReductionKind::Payment),
        DocumentKind::WriteOff => Some(ReductionKind::WriteOff),
        DocumentKind::Adjustment => Some(ReductionKind::Adjustment),
        DocumentKind::Invoice | DocumentKind::Payable | DocumentKind::Other => None,
    }
}

/// The amounts of a row; credits of the debtor negative.
#[derive(Debug, Clone, Copy)]
struct Amounts {
    amount: Option<Decimal>,
    open: Option<Decimal>,
}

impl Amounts {
    fn face(self) -> Option<Decimal> {
        self.amount.or(self.open)
    }
}

fn amounts(table: &Table<'_>, cells: &mut DocumentCells) -> Amounts {
    let mut amount = cells.number(Field::Amount);
    let two_columns = table.columns.has(Field::Debit) || table.columns.has(Field::Credit);
    if two_columns && !table.columns.has(Field::Amount) {
        for field in [Field::Debit, Field::Credit] {
            copy_fault(cells, field, Field::Amount);
        }
        let (debit, credit) = (cells.number(Field::Debit), cells.number(Field::Credit));
        if debit.is_some() || credit.is_some() {
            let (debit, credit) = (debit.unwrap_or_default(), credit.unwrap_or_default());
            // Hence the absolute value: some exports write the credit column with a minus.
            amount = debit.checked_sub(credit.abs());
        }
    }
    let mut open = cells.number(Field::OpenBalance);
    if open.is_some_and(|open| !open.is_zero()) {
        // Some systems leave the amount of a payment at zero and state only its balance.
        amount = amount.filter(|amount| !amount.is_zero());
    }
    // The check of the row reads the amount and not the balance; a bad one must not pass.
    copy_fault(cells, Field::OpenBalance, Field::Amount);
    if table.columns.has(Field::DebitCredit) {
        let letter = bare(cells.cell(Field::DebitCredit));
        // The letter decides, whatever sign the number has.
        let sided = |number: Decimal| match letter.as_str() {
            side if DEBITS.contains(&side) => number.abs(),
            side if CREDITS.contains(&side) => -number.abs(),
            _ => number,
        };
        (amount, open) = (amount.map(sided), open.map(sided));
    }
    Amounts { amount, open }
}

fn copy_fault(cells: &mut DocumentCells, from: Field, to: Field) {
    if let Some(fault) = cells.fault(from)
        && !cells.is_faulty(to)
    {
        cells.set_fault(to, fault);
    }
}

/// The kind of document that the row names, or else that its sign suggests; `None` if the word is
/// unknown.
fn kind(table: &Table<'_>, cells: &DocumentCells, face: Option<Decimal>) -> Option<DocumentKind> {
    let negative = face.is_some_and(|face| face < Decimal::ZERO);
    let carries = [Field::InvoiceNumber, Field::DebtorName]
        .iter()
        .any(|&field| table.layout.document(cells.cell(field)) == Some(DocumentKind::Other));
    if carries {
        // A balance brought forward repeats documents that are listed elsewhere, or not at all.
        return Some(DocumentKind::Other);
    }
    let word = cells.cell(Field::DocumentType);
    let entries = table.layout.table == TableKind::Entries || table.columns.has(Field::Credit);
    match table.layout.table {
        TableKind::Payments => return Some(DocumentKind::Payment),
        _ if word.is_empty() => {}
        _ => match table.layout.document(word) {
            Some(DocumentKind::Invoice | DocumentKind::Payable) if negative => {
                return Some(DocumentKind::CreditNote);
            }
            Some(kind) => return Some(kind),
            // Entries are told by their sign, so that an unknown word does no harm.
            None if entries || table.is_by_line() => {}
            None => return None,
        },
    }
    Some(match (negative, entries) {
        (false, _) => DocumentKind::Invoice,
        (true, true) => DocumentKind::Payment,
        (true, false) => DocumentKind::CreditNote,
    })
}

/// Sets a missing due date from the payment terms.
fn due_from_terms(cells: &mut DocumentCells) {
    if !cells.cell(Field::DueDate).is_empty() || cells.cell(Field::Terms).is_empty() {
        return;
    }
    let issue: Option<chrono::NaiveDate> = cells.cell(Field::InvoiceDate).parse().ok();
    let days = terms::days(cells.cell(Field::Terms));
    if let (Some(issue), Some(days)) = (issue, days)
        && let Some(due) = issue.checked_add_days(chrono::Days::new(u64::from(days)))
    {
        cells.set(Field::DueDate, &due.to_string());
    }
}

/// Reads an empty open balance as zero, in a report that has the column.
fn blank_balance(table: &Table<'_>, cells: &DocumentCells, amounts: Amounts) -> Amounts {
    let blank = amounts.open.is_none() && !cells.is_faulty(Field::OpenBalance);
    // There `Pending::take_paid` has cleared the balance, which says nothing then.
    let apart = table.layout.table == TableKind::InvoicePayments;
    if !apart && table.columns.has(Field::OpenBalance) && blank && amounts.amount.is_some() {
        Amounts { open: Some(Decimal::ZERO), ..amounts }
    } else {
        amounts
    }
}

/// Sets the face of an invoice and what was paid of it, from whichever of amount, balance and
/// payments the row states.
fn invoice(
    cells: &mut DocumentCells,
    amounts: Amounts,
    status: Option<StatusKind>,
) -> Option<Oddity> {
    let written_off = status == Some(StatusKind::WrittenOff);
    let paid = cells.number(Field::PaidAmount);
    let credited = cells.number(Field::CreditedAmount);
    let cut = cells.number(Field::WrittenOffAmount);
    let stated = paid.unwrap_or_default() + credited.unwrap_or_default() + cut.unwrap_or_default();
    let (amount, open) = match (amounts.amount, amounts.open) {
        (None, None) => return None,
        (Some(amount), None) => {
            cells.set_number(Field::Amount, amount);
            if written_off && cut.is_none() {
                cells.set_number(Field::WrittenOffAmount, amount - stated);
            } else if status == Some(StatusKind::Paid) && stated.is_zero() {
                cells.set_number(Field::PaidAmount, amount);
                cells.paid_is_implied = true;
            }
            return None;
        }
        (None, Some(open)) => (open + stated, open),
        (Some(amount), Some(open)) => (amount, open),
    };
    if open > amount {
        cells.set_number(Field::Amount, open + stated);
        if paid.is_none() {
            cells.set(Field::PaidAmount, "0");
        }
        if written_off && cut.is_none() {
            cells.set_number(Field::WrittenOffAmount, open);
        }
        return Some(Oddity::OpenExceedsAmount { open, amount });
    }
    cells.set_number(Field::Amount, amount);
    let rest = amount - open - stated;
    if written_off && cut.is_none() {
        cells.set_number(Field::WrittenOffAmount, open);
    }
    if rest.is_zero() {
        if paid.is_none() && !cells.is_faulty(Field::PaidAmount) {
            // Without this zero, a payment date alone would mean that everything was paid.
            cells.set(Field::PaidAmount, "0");
        }
        return None;
    }
    let paid_in_all = paid.unwrap_or_default() + rest;
    if !cells.is_faulty(Field::PaidAmount) {
        // What is stated may exceed what is missing; a negative payment would be a reject.
        cells.set_number(Field::PaidAmount, paid_in_all.max(Decimal::ZERO));
        cells.paid_is_implied = paid.is_none();
    }
    let any_stated = [paid, credited, cut].into_iter().flatten().any(|sum| !sum.is_zero());
    any_stated.then_some(Oddity::BalanceDisagrees { stated: open, computed: amount - stated })
}

/// Sets the amounts of a payment or credit: its face as a negative amount and the part of it that
/// was used, or the amount applied if it names its invoice.
fn credit(
    cells: &mut DocumentCells,
    amounts: Amounts,
    kind: ReductionKind,
) -> (Verdict, Option<Oddity>) {
    cells.settles = Some(kind);
    let own_number = bare(cells.cell(Field::InvoiceNumber));
    let target = bare(cells.cell(Field::AppliedTo));
    // A document that repeats its own number there names no other.
    let applied = !target.is_empty() && target != own_number;
    let open = amounts.open.map(|open| open.abs());
    let amount = amounts.amount.map(|amount| amount.abs());
    if applied {
        copy_fault(cells, Field::AppliedAmount, Field::Amount);
        let applied_amount = cells.number(Field::AppliedAmount).map(|amount| amount.abs());
        let sum = applied_amount.or(open).or(amount);
        if sum.is_some_and(|sum| sum.is_zero()) && amount.is_some_and(|amount| !amount.is_zero()) {
            return (Verdict::UsedUp(kind), None);
        }
        if let Some(sum) = sum {
            cells.set_number(Field::Amount, sum);
        }
        return (Verdict::Applied(kind), None);
    }
    let Some(face) = amount.or(open) else { return (Verdict::Unapplied(kind), None) };
    cells.set_number(Field::Amount, -face);
    let used = open.map_or(Decimal::ZERO, |open| (face - open).max(Decimal::ZERO));
    cells.set_number(Field::PaidAmount, used);
    // On a credit note these cells would be a fault: see `reductions`.
    cells.set(Field::CreditedAmount, "");
    cells.set(Field::WrittenOffAmount, "");
    (Verdict::Unapplied(kind), None)
}

/// The fault of a payment that reverses another.
pub fn reversal(cells: &DocumentCells) -> RowFault {
    RowFault {
        code: RejectCode::NegativeSettlement,
        field: Some(Field::Amount),
        column: None,
        value: quoted(cells.cell(Field::Amount)),
        message: "a negative payment reverses an earlier one, but the file does not say which"
            .to_owned(),
    }
}

/// The fault of an unknown type.
pub fn unknown_type(cells: &DocumentCells) -> RowFault {
    RowFault {
        code: RejectCode::UnknownDocumentType,
        field: Some(Field::DocumentType),
        column: None,
        value: quoted(cells.cell(Field::DocumentType)),
        message: "expected a known document type such as invoice, credit note or payment; map \
                  other types in a mapping file (--mapping)"
            .to_owned(),
    }
}

impl TableFacts {
    /// Counts the sign of a row of this type.
    pub fn take_sign(&mut self, table: &Table<'_>, word: &str, negative: bool) {
        let sign = if negative { 1 } else { -1 };
        match table.layout.document(word) {
            Some(DocumentKind::Payment) => self.payments += sign,
            Some(DocumentKind::CreditNote | DocumentKind::WriteOff) => self.credits += sign,
            _ => {}
        }
    }
}

/// True if a row's type is that of a supplier's document.
pub fn is_payable(table: &Table<'_>, cells: &DocumentCells) -> bool {
    table.layout.payables
        || table.layout.document(cells.cell(Field::DocumentType)) == Some(DocumentKind::Payable)
}
