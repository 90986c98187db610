use basics::folded;

use super::super::batch::{Batch, RowReader};
use super::super::cell::flag;
use super::super::field::Field;
use super::super::layout::{StatusKind, TableKind};
use super::super::note::{Note, warning};
use super::super::reject::{MAX_QUOTED, MOST_REJECTS};
use super::super::row_cells::Cells;
use super::super::table::{Check, Classified, Notation, RowKind, Table};
use super::interpret::{self, Oddity, TableFacts, Verdict, interpret};
use super::lines::Pending;
use super::payments::{Payments, Share};
use super::tally::Tally;
use super::{Customer, DocumentCells, fill};

/// Findings about the tables of a file, beside their rows.
#[derive(Debug, Default)]
pub struct TablesRead {
    pub customers: Vec<Customer>,
    pub checks: Vec<Check>,
    pub warnings: Vec<Note>,
    pub readings: Vec<Note>,
}

/// A table with its classified rows and its notation.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    pub file: &'a str,
    pub table: &'a Table<'a>,
    pub classified: &'a Classified,
    pub notation: &'a Notation,
    pub client: &'a str,
}

/// Reads every row of a table into the batch: each becomes a document, a reduction, a classified
/// row or a reject.
pub fn read_table(
    reading: Reading<'_>,
    reader: &mut RowReader<'_>,
    batch: &mut Batch,
    read: &mut TablesRead,
) {
    let facts = facts(&reading);
    let mut documents = Documents {
        reading,
        facts,
        reader,
        batch,
        read,
        pending: Pending::default(),
        payments: Payments::default(),
        paid: Vec::new(),
        cells: DocumentCells::new(0),
        last_void: false,
        full_rows: reading.table.expects_full_rows(reading.classified),
        tally: Tally::default(),
    };
    for index in reading.table.rows() {
        documents.row(index);
        if documents.batch.rejects.len() > MOST_REJECTS {
            // The file will be refused, so the rest would be read for nothing.
            break;
        }
    }
    documents.finish();
}

/// The signs of the payments and credits of a table.
fn facts(reading: &Reading<'_>) -> TableFacts {
    let Reading { table, classified, notation, .. } = reading;
    let mut facts = TableFacts::default();
    let column = |field| table.columns.position(field);
    let Some(word) = column(Field::DocumentType) else { return facts };
    if table.columns.has(Field::DebitCredit) || table.columns.has(Field::Credit) {
        // The side tells what a row does, and credits come out negative.
        return facts;
    }
    let amounts = [Field::OpenBalance, Field::Amount].into_iter().filter_map(column);
    let amounts: Vec<usize> = amounts.collect();
    let documents = table.body_rows().filter(|&at| classified.kind(at) == RowKind::Document);
    for row in documents.map(|at| table.sheet.row(at)) {
        let mut amounts = amounts.iter().filter_map(|&at| notation.number(row, at));
        if let Some(amount) = amounts.find(|amount| !amount.is_zero()) {
            facts.take_sign(table, row.text(word), amount.is_sign_negative());
        }
    }
    facts
}

struct Documents<'a, 'r, 'o> {
    reading: Reading<'a>,
    facts: TableFacts,
    reader: &'r mut RowReader<'o>,
    batch: &'r mut Batch,
    read: &'r mut TablesRead,
    pending: Pending,
    payments: Payments,
    /// Payments stated in the rows of their invoices.
    paid: Vec<DocumentCells>,
    cells: DocumentCells,
    /// True if the document above is a draft or void, which its further lines are as well.
    last_void: bool,
    /// True if a row with fewer cells than the header is damaged.
    full_rows: bool,
    /// Counts of documents that a ledger does not usually hold.
    tally: Tally,
}

impl Documents<'_, '_, '_> {
    fn row(&mut self, index: usize) {
        let Reading { table, classified, .. } = self.reading;
        let counts = &mut self.batch.counts;
        counts.read += 1;
        let classes = &mut counts.classes;
        match classified.kind(index) {
            RowKind::Blank => classes.blank += 1,
            RowKind::GroupHeader => classes.group_header += 1,
            RowKind::Subtotal => classes.subtotal += 1,
            RowKind::Total => classes.total += 1,
            RowKind::Other => classes.other += 1,
            // The header of a sheet does not count as a row, in the same way as in the plain
            // layout; its second row and further headers are titles.
            RowKind::Header if index == table.header && !table.is_section() => counts.read -= 1,
            RowKind::Title | RowKind::Header => classes.title += 1,
            RowKind::Continuation => self.continuation(index),
            RowKind::Document => self.document(index),
        }
    }

    fn fill(&mut self, index: usize) {
        let Reading { table, classified, notation, .. } = self.reading;
        let row = table.sheet.row(index);
        let around = fill::Around {
            group: classified.group(index),
            above: classified.debtor_row(index).map(|above| table.sheet.row(above)),
            currency: classified.currency(index),
        };
        fill::fill(table, row, notation, around, &mut self.cells);
        self.cells.already_assigned = self.pays_another();
        if let Some((column, paid_when)) = table.paid_flag
            && flag(row.text(column)) == Ok(paid_when)
            // The words of a status column say more than a yes or no.
            && self.cells.cell(Field::Status).is_empty()
        {
            self.cells.set(Field::Status, "paid");
        }
    }

    /// True if the payee is not the client, provided that the client is known.
    fn pays_another(&self) -> bool {
        let (payee, own) = (self.cells.cell(Field::Payee), self.cells.cell(Field::ClientId));
        let client = if own.is_empty() { self.reading.client } else { own };
        !payee.is_empty() && !client.is_empty() && folded(payee) != folded(client)
    }

    fn continuation(&mut self, index: usize) {
        self.fill(index);
        if self.last_void {
            self.batch.counts.classes.void_or_draft += 1;
        } else if self.pending.take_line(&self.cells) {
            self.batch.counts.classes.invoice_line += 1;
        } else {
            // A line above every document: the check of the row names what it lacks.
            self.reader.take(&self.cells, self.cells.line, self.batch);
        }
    }

    fn document(&mut self, index: usize) {
        let Reading { table, .. } = self.reading;
        if let Some((found, row)) = self.of_wrong_width(index) {
            self.reader.refuse_width(found, &row, table.sheet.row(index).line, self.batch);
            return;
        }
        self.fill(index);
        match table.layout.table {
            TableKind::Customers => {
                self.read.customers.push(Customer::of(&self.cells, self.reading.client));
                self.batch.counts.classes.customer += 1;
            }
            TableKind::Payments if self.is_void() => {
                self.batch.counts.classes.void_or_draft += 1;
            }
            TableKind::Payments => {
                // Counted again in `finish`, once it is known what the row is.
                self.batch.counts.read -= 1;
                self.payments.take(&self.cells);
            }
            TableKind::InvoicePayments => self.by_payment(),
            _ if table.is_by_line() => self.by_line(),
            _ => self.whole(),
        }
    }

    /// Number of cells and text of a row whose width does not fit: cells beyond the header have no
    /// meaning, and a row with fewer may have been cut off.
    fn of_wrong_width(&self, index: usize) -> Option<(usize, String)> {
        let Reading { table, .. } = self.reading;
        let row = table.sheet.row(index);
        let header = table.columns.width();
        let is_short = self.full_rows && (1..header).contains(&row.width);
        let short = is_short.then_some(row.width);
        let width = table.width_beyond_header(index).or(short)?;
        let mut start = String::new();
        let mut at = 0;
        for (column, _, text) in row.cells() {
            // A column may be far to the right, but a reject quotes only the beginning.
            let commas = (column - at).min(MAX_QUOTED);
            start.extend(std::iter::repeat_n(',', commas));
            start.push_str(text);
            at = column;
            if start.len() > 4 * MAX_QUOTED {
                break;
            }
        }
        let behind = (width - 1 - at).min(MAX_QUOTED);
        start.extend(std::iter::repeat_n(',', behind));
        Some((width, start))
    }

    /// True if the document is a draft or void.
    fn is_void(&self) -> bool {
        let status = self.reading.table.layout.status(self.cells.cell(Field::Status));
        status == Some(StatusKind::VoidOrDraft)
    }

    /// Reads a row that may be one of several of its document.
    fn by_line(&mut self) {
        self.last_void = self.is_void();
        if self.last_void {
            self.batch.counts.classes.void_or_draft += 1;
        } else if self.pending.take(&self.cells) {
            self.batch.counts.classes.invoice_line += 1;
        } else {
            self.batch.counts.read -= 1;
        }
    }

    /// Reads a row that is one payment of its invoice, which may have several.
    fn by_payment(&mut self) {
        if self.is_void() {
            self.batch.counts.classes.void_or_draft += 1;
            return;
        }
        let negative = self.cells.number(Field::PaidAmount).is_some_and(|n| n.is_sign_negative());
        if negative || self.cells.has_faults() || !self.reader.would_take(&self.cells) {
            // The row becomes a reject as a whole, and its check names the first fault.
            self.whole();
            return;
        }
        let paid = self.cells.number(Field::PaidAmount).filter(|paid| !paid.is_zero());
        let payment = paid.map(|paid| self.cells.payment(paid));
        if let Some(fault) = payment.as_ref().and_then(|paid| self.reader.settlement_fault(paid)) {
            self.reader.refuse(&self.cells, fault, self.cells.line, self.batch);
            return;
        }
        if self.pending.take_paid(&self.cells, paid) {
            self.batch.counts.classes.payment += 1;
        } else {
            self.batch.counts.read -= 1;
        }
        self.paid.extend(payment.map(|mut payment| {
            // It has no number of its own: otherwise two equal payments would count as one
            // repeated.
            payment.set(Field::InvoiceNumber, "");
            payment
        }));
    }

    /// Reads the document in `self.cells`, which holds all its rows.
    fn whole(&mut self) {
        let (verdict, oddity) = interpret(self.reading.table, self.facts, &mut self.cells);
        let line = self.cells.line;
        let supplier = !self.cells.cell(Field::Supplier).is_empty();
        self.tally.payables +=
            u64::from(supplier || interpret::is_payable(self.reading.table, &self.cells));
        if let Some(oddity) = oddity {
            self.note(&oddity);
        }
        match verdict {
            Verdict::Invoice | Verdict::Unapplied(_) => {
                // Where a column names the type, a minus is no sign of inverted amounts.
                let by_sign = self.cells.cell(Field::DocumentType).is_empty();
                self.tally.negative += u64::from(by_sign && verdict != Verdict::Invoice);
                self.tally.positive += u64::from(verdict == Verdict::Invoice);
                self.reader.take(&self.cells, line, self.batch);
            }
            Verdict::Applied(_) => self.reader.take_settlement(&self.cells, line, self.batch),
            Verdict::UsedUp(kind) => self.batch.counts.classes.count(kind),
            Verdict::VoidOrDraft => self.batch.counts.classes.void_or_draft += 1,
            Verdict::Other => {
                let amount = [Field::OpenBalance, Field::Amount, Field::Debit];
                let amount = amount.iter().find_map(|&field| self.cells.number(field));
                self.tally.add_other(amount.unwrap_or_default());
                self.batch.counts.classes.other += 1;
            }
            Verdict::UnknownType => {
                let fault = interpret::unknown_type(&self.cells);
                self.reader.refuse(&self.cells, fault, line, self.batch);
            }
        }
    }

    fn note(&mut self, oddity: &Oddity) {
        let (file, line) = (self.reading.file, self.cells.line);
        let number = self.cells.cell(Field::InvoiceNumber);
        let place = format!("{file}, line {line}: invoice {number}");
        let warnings = &mut self.read.warnings;
        match oddity {
            Oddity::OpenExceedsAmount { open, amount } => warnings.push(Note::new(
                warning::OPEN_EXCEEDS_AMOUNT,
                format!(
                    "{place} has an open balance of {open}, more than its amount of {amount}; \
                     the open balance is used as its face amount"
                ),
            )),
            Oddity::BalanceDisagrees { stated, computed } => {
                warnings.push(Note::new(
                    warning::BALANCE_DISAGREES,
                    format!(
                        "{place} shows an open balance of {stated}, but its amount less payments \
                         and credits is {computed}; the stated balance is used"
                    ),
                ));
                let columns = &self.reading.table.columns;
                self.read.checks.push(Check {
                    file: file.to_owned(),
                    row: line,
                    what: "balance",
                    scope: number.to_owned(),
                    column: columns.header_of(Field::OpenBalance).to_owned(),
                    expected: *stated,
                    found: *computed,
                    difference: *computed - *stated,
                });
            }
        }
    }

    /// Reads the documents and payments that are only complete once every row was seen.
    fn finish(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        for cells in pending.into_documents() {
            self.batch.counts.read += 1;
            self.cells = cells;
            self.whole();
        }
        for paid in std::mem::take(&mut self.paid) {
            self.reader.add_settlement(&paid, paid.line, self.batch);
        }
        let payments = std::mem::take(&mut self.payments);
        for (cells, share) in payments.into_settlements() {
            self.batch.counts.read += 1;
            self.payment(&cells, share);
        }
        self.read.warnings.extend(self.tally.notes(self.reading.file));
    }

    fn payment(&mut self, cells: &DocumentCells, share: Share) {
        let line = cells.line;
        if share == Share::Nothing {
            // Another row of the same payment holds all of it.
            self.batch.counts.classes.payment += 1;
            return;
        }
        if share == Share::Reversal {
            let fault = interpret::reversal(cells);
            self.reader.refuse(cells, fault, line, self.batch);
            return;
        }
        self.cells = cells.clone();
        self.cells.settles = Some(super::super::ReductionKind::Payment);
        let Share::Both { unapplied, .. } = share else {
            self.reader.take_settlement(&self.cells, line, self.batch);
            return;
        };
        let mut rest = self.cells.clone();
        rest.set(Field::AppliedTo, "");
        rest.set_number(Field::Amount, unapplied);
        let fault = self.reader.settlement_fault(&self.cells);
        if let Some(fault) = fault.or_else(|| self.reader.settlement_fault(&rest)) {
            self.reader.refuse(&self.cells, fault, line, self.batch);
            return;
        }
        self.reader.take_settlement(&self.cells, line, self.batch);
        self.reader.add_settlement(&rest, line, self.batch);
    }
}
