//! Invoices that take several rows: one row per line item, or one per payment.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::super::field::Field;
use super::super::notation::is_unknown_day;
use super::super::row_cells::Cells;
use super::DocumentCells;

/// Invoices whose rows are still being gathered.
#[derive(Debug, Default)]
pub struct Pending {
    invoices: Vec<Gathering>,
    by_key: HashMap<(String, String), Vec<usize>>,
    /// Index of the document in the row above.
    last: usize,
}

/// One invoice and the sum of its lines.
#[derive(Debug)]
struct Gathering {
    cells: DocumentCells,
    lines: Decimal,
    any_line: bool,
}

impl Gathering {
    /// Keeps the latest delivery of all lines: until then some of it is yet to come.
    fn take_delivery(&mut self, cells: &DocumentCells) {
        let field = Field::DeliveryDate;
        let own = &mut self.cells;
        if own.is_faulty(field) {
            return;
        }
        if let Some(fault) = cells.fault(field) {
            own.set_fault(field, fault);
        } else {
            // What is not known yet tells less than any date.
            let key = |cell| (!is_unknown_day(cell), cell);
            let is_later = key(own.cell(field)) < key(cells.cell(field));
            if own.cell(field).is_empty() || is_later && !cells.cell(field).is_empty() {
                own.set(field, cells.cell(field));
            }
        }
    }
}

impl Pending {
    /// Adds a row that has the keys of its document; true if it is a further line of a known one.
    pub fn take(&mut self, cells: &DocumentCells) -> bool {
        let number = cells.cell(Field::InvoiceNumber);
        let id = cells.cell(Field::DocumentId);
        // A unit separator, so that no id and name can be confused with another pair.
        let debtor = [Field::DebtorId, Field::DebtorName, Field::Job];
        let debtor = debtor.map(|field| cells.cell(field)).join("\u{1f}");
        let document = if number.is_empty() { id } else { number }.to_owned();
        let key = (debtor, document);
        // Without a number and an id, each row is a document of its own.
        let bearing = self.by_key.get(&key).filter(|_| !key.1.is_empty());
        let same = |&&at: &&usize| same_document(&self.invoices[at].cells, cells);
        let known = bearing.and_then(|bearing| bearing.iter().find(same)).copied();
        let at = known.unwrap_or(self.invoices.len());
        if known.is_none() {
            self.by_key.entry(key).or_default().push(at);
            let cells = cells.clone();
            self.invoices.push(Gathering { cells, lines: Decimal::ZERO, any_line: false });
        }
        self.last = at;
        self.add(at, cells);
        known.is_some()
    }

    /// Adds a row that holds an invoice and one payment of it; true if the invoice is known. The
    /// payments are kept apart; the face of an invoice without an amount is its open balance plus
    /// its payments.
    pub fn take_paid(&mut self, cells: &DocumentCells, paid: Option<Decimal>) -> bool {
        let mut invoice = cells.clone();
        let open = invoice.number(Field::OpenBalance);
        for field in [Field::PaidAmount, Field::PaidDate, Field::OpenBalance] {
            invoice.clear_field(field);
        }
        let known = self.take(&invoice);
        if let (true, Some(open)) = (cells.cell(Field::Amount).is_empty(), open)
            && let Some(gathering) = self.invoices.get_mut(self.last)
        {
            let before = gathering.cells.number(Field::Amount).filter(|_| known).unwrap_or(open);
            gathering.cells.set_number(Field::Amount, before + paid.unwrap_or_default());
        }
        known
    }

    /// Adds a row without keys, as a further line of the document above it; false if there is none.
    pub fn take_line(&mut self, cells: &DocumentCells) -> bool {
        let any = !self.invoices.is_empty();
        if any {
            self.add(self.last, cells);
        }
        any
    }

    fn add(&mut self, at: usize, cells: &DocumentCells) {
        let gathering = &mut self.invoices[at];
        gathering.take_delivery(cells);
        let fault = cells.fault(Field::LineAmount).or(cells.fault(Field::LineTax));
        // If the rows repeat a total, no line is needed for the face.
        if let Some(fault) = fault
            && gathering.cells.cell(Field::Amount).is_empty()
        {
            gathering.cells.set_fault(Field::Amount, fault);
        }
        let Some(amount) = cells.number(Field::LineAmount) else { return };
        let tax = cells.number(Field::LineTax).unwrap_or_default();
        let line = amount.checked_add(tax).unwrap_or(Decimal::MAX);
        gathering.lines = gathering.lines.checked_add(line).unwrap_or(Decimal::MAX);
        gathering.any_line = true;
    }

    /// The documents, each with its amount: the total that its rows repeat, else the sum of its
    /// lines.
    pub fn into_documents(self) -> impl Iterator<Item = DocumentCells> {
        self.invoices.into_iter().map(|gathering| {
            let Gathering { mut cells, lines, any_line } = gathering;
            let states_none =
                cells.cell(Field::Amount).is_empty() && !cells.is_faulty(Field::Amount);
            if any_line && states_none {
                cells.set_number(Field::Amount, lines);
            }
            cells
        })
    }
}

/// True if two rows with one number are lines of one document: the cells of its head are the same.
/// The number alone does not suffice, because some ledgers use one twice.
fn same_document(a: &DocumentCells, b: &DocumentCells) -> bool {
    [Field::InvoiceDate, Field::DueDate, Field::Amount, Field::OpenBalance, Field::Currency]
        .iter()
        .all(|&field| b.cell(field).is_empty() || a.cell(field) == b.cell(field))
}
