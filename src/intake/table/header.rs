use std::sync::LazyLock;

use basics::Currency;
use sheet::{CellKind, Sheet, SheetRow};

use super::super::IntakeError;
use super::super::documents::currency;
use super::super::field::{Columns, Field, bare};
use super::super::layout::{self, Layout};
use super::super::own_output::{self, Output};
use super::super::shown::{shown, shown_header};
use super::Table;
use super::bucket::is_bucket;

/// The most rows, blank ones left out, in which the header is searched.
const LOOKED_AT: usize = 200;

/// The most rows in which the header is searched, blank ones included.
const LOOKED_AT_WITH_BLANKS: usize = 1000;

/// The most ageing buckets of a table. All of them are added up in every row, so a hostile header
/// of thousands would be slow.
const MOST_BUCKETS: usize = 64;

/// The layout of a table that is recognised only by general column names.
static GENERAL: LazyLock<Option<Layout>> = LazyLock::new(|| general("general", "invoices"));

/// The general layout of a table of payments.
static PAYMENTS: LazyLock<Option<Layout>> = LazyLock::new(|| general("payments", "payments"));

/// The general layout of a table of debtors.
static CUSTOMERS: LazyLock<Option<Layout>> = LazyLock::new(|| general("customers", "customers"));

/// The result of searching a sheet for a table.
pub enum Recognised<'a> {
    /// A table.
    Table(Box<Table<'a>>),
    /// A table that Factorage wrote and that is not a ledger.
    Own(&'static Output),
    /// Debtors with amounts but without invoices.
    CustomerTotals { line: u64, header: String },
    /// No table: no row names enough columns; with the row that names most, if any does.
    Nothing { best: Option<Vec<String>> },
}

/// One or two rows that may be the header.
struct Candidate {
    row: usize,
    rows: usize,
    cells: Vec<String>,
    /// The currency that the cells name, if they name only one.
    currency: Option<Currency>,
}

impl Candidate {
    fn new(row: usize, rows: usize, mut cells: Vec<String>) -> Self {
        let mut named: Vec<Currency> = Vec::new();
        for cell in &mut cells {
            if let Some((rest, currency)) = currency::in_header(cell) {
                *cell = rest.to_owned();
                named.push(currency);
            }
        }
        named.dedup();
        let currency = if let [only] = named.as_slice() { Some(*only) } else { None };
        Self { row, rows, cells, currency }
    }
}

/// Finds the header of a sheet: by `wanted` if the user chose a layout, else by the layout that
/// fits best, else by the general names of columns.
///
/// # Errors
/// If two columns claim one field and no layout fits ([`IntakeError::RepeatedColumn`]).
pub fn recognise<'a>(
    file: &str,
    sheet: &'a Sheet,
    wanted: Option<&'a Layout>,
) -> Result<Recognised<'a>, IntakeError> {
    let candidates = candidates(sheet);
    if let Some(layout) = wanted {
        return Ok(by_mapping(sheet, layout, &candidates));
    }
    // Before the layouts: our own lists have enough known columns to pass for a ledger.
    let own = candidates.iter().find_map(|candidate| own_output::of_header(&candidate.cells));
    if let Some(own) = own {
        return Ok(Recognised::Own(own));
    }
    let mut best: Option<(usize, &Layout, &Candidate)> = None;
    let mut titles: Vec<String> = Vec::new();
    let mut above = 0;
    for candidate in &candidates {
        // Rows above ascend with the candidates, so that each is copied once.
        for row in above..candidate.row {
            titles.extend(sheet.row(row).cells().map(|(_, _, text)| text.to_owned()));
        }
        above = above.max(candidate.row);
        for layout in layout::embedded() {
            if let Some(fit) = layout.fit(&candidate.cells, &titles)
                // Strictly more, so that a tie goes to the upper row.
                && best.is_none_or(|(most, ..)| fit > most)
            {
                best = Some((fit, layout, candidate));
            }
        }
    }
    match best {
        Some((_, layout, candidate)) => {
            Ok(table(sheet, layout, layout.columns(&candidate.cells), candidate))
        }
        None => by_general_names(file, sheet, &candidates),
    }
}

fn table<'a>(
    sheet: &'a Sheet,
    layout: &'a Layout,
    columns: Columns,
    candidate: &Candidate,
) -> Recognised<'a> {
    let (header, body) = (candidate.row, candidate.row + candidate.rows);
    let currency = candidate.currency;
    let end = sheet.height();
    let mut table = Table {
        sheet,
        layout,
        sub_customers: layout.sub_customers.as_deref(),
        columns,
        currency,
        assumed: None,
        paid_flag: None,
        start: 0,
        header,
        head: Vec::new(),
        body,
        end,
    };
    table.take_head();
    Recognised::Table(Box::new(table))
}

/// The table below the row in which the mapping finds most of its columns.
fn by_mapping<'a>(
    sheet: &'a Sheet,
    layout: &'a Layout,
    candidates: &[Candidate],
) -> Recognised<'a> {
    let mut best: Option<(usize, Columns, &Candidate)> = None;
    for candidate in candidates {
        let columns = layout.columns(&candidate.cells);
        let found = columns.recognised_headers().len();
        if found > 0 && best.as_ref().is_none_or(|(most, ..)| found > *most) {
            best = Some((found, columns, candidate));
        }
    }
    match best {
        Some((_, columns, candidate)) => table(sheet, layout, columns, candidate),
        None => Recognised::Nothing { best: widest(candidates) },
    }
}

fn by_general_names<'a>(
    file: &str,
    sheet: &'a Sheet,
    candidates: &[Candidate],
) -> Result<Recognised<'a>, IntakeError> {
    let mut best: Option<(usize, &Candidate)> = None;
    for candidate in candidates {
        // One known word may as well be a title.
        let named = Columns::recognised(&candidate.cells);
        if named > 1 && best.is_none_or(|(most, _)| named > most) {
            best = Some((named, candidate));
        }
    }
    let (Some((_, candidate)), Some(general)) = (best, GENERAL.as_ref()) else {
        return Ok(Recognised::Nothing { best: widest(candidates) });
    };
    let mut columns = Columns::named(file, &candidate.cells)?;
    let is_free_bucket = |&(at, cell): &(usize, &String)| is_bucket(cell) && !columns.is_taken(at);
    let buckets: Vec<usize> =
        candidate.cells.iter().enumerate().filter(is_free_bucket).map(|(at, _)| at).collect();
    if (2..=MOST_BUCKETS).contains(&buckets.len()) {
        columns.set_buckets(buckets);
    }
    if let Some(payments) = as_payments(&columns, &candidate.cells) {
        return Ok(table(sheet, of_kind(general, &PAYMENTS), payments, candidate));
    }
    let has = |field| columns.has(field);
    let amounts =
        [Field::Amount, Field::OpenBalance, Field::Debit, Field::Credit, Field::PaidAmount]
            .into_iter()
            .any(has)
            || has(Field::AppliedAmount)
            || has(Field::LineAmount)
            || !columns.buckets().is_empty();
    let debtor = has(Field::DebtorId) || has(Field::DebtorName);
    let dated = has(Field::InvoiceDate) || has(Field::DueDate) || has(Field::PaidDate);
    let numbered = has(Field::InvoiceNumber) || has(Field::AppliedTo);
    // Payables pass too, so that they are told rather than unknown.
    if amounts && (numbered && (dated || debtor) || has(Field::Supplier) && dated) {
        return Ok(table(sheet, general, columns, candidate));
    }
    if amounts && debtor && !numbered && !dated {
        let line = sheet.row(candidate.row).line;
        return Ok(Recognised::CustomerTotals { line, header: shown_header(&candidate.cells) });
    }
    if debtor && !amounts && !numbered && has(Field::DebtorId) && has(Field::DebtorName) {
        return Ok(table(sheet, of_kind(general, &CUSTOMERS), columns, candidate));
    }
    Ok(Recognised::Nothing { best: Some(candidate.cells.clone()) })
}

/// A layout with this name and kind that knows only the general names of columns.
fn general(name: &str, table: &str) -> Option<Layout> {
    let text = format!(
        "name = '{name}'\ntitle = 'recognised by its column names'\ntable = '{table}'\n\
         [columns]\ninvoice_number = 'invoice_number'"
    );
    text.parse().ok()
}

fn of_kind(otherwise: &'static Layout, kind: &'static LazyLock<Option<Layout>>) -> &'static Layout {
    kind.as_ref().unwrap_or(otherwise)
}

/// The layout of a table of payments.
pub fn payments_layout(otherwise: &Layout) -> &Layout {
    PAYMENTS.as_ref().unwrap_or(otherwise)
}

/// Column names for the number of a payment itself.
const PAYMENT_NUMBERS: [&str; 8] = [
    "paymentnumber",
    "paymentno",
    "paymentid",
    "paymentref",
    "paymentreference",
    "receiptnumber",
    "receiptno",
    "zahlungsnummer",
];

/// The columns of a payments file, whose rows are dated payments that only name their invoices;
/// `None` for any other table.
pub fn as_payments(columns: &Columns, header: &[String]) -> Option<Columns> {
    use Field as F;
    // With a due date, or with both other dates, the rows are invoices that state their payment.
    let dated_invoices =
        columns.has(F::InvoiceDate) && columns.has(F::PaidDate) || columns.has(F::DueDate);
    let own_number = header.iter().position(|cell| PAYMENT_NUMBERS.contains(&bare(cell).as_str()));
    let says_so = own_number.is_some() || columns.has(F::AppliedAmount);
    let date = columns.position(F::PaidDate).or(columns.position(F::InvoiceDate))?;
    if dated_invoices || !says_so || columns.has(F::OpenBalance) {
        return None;
    }
    let mut payments = columns.clone();
    payments.unset(F::InvoiceDate);
    payments.set(F::PaidDate, date);
    if let Some(target) = columns.position(F::AppliedTo).or(columns.position(F::InvoiceNumber)) {
        payments.set(F::AppliedTo, target);
    }
    match own_number {
        Some(at) => payments.set(F::InvoiceNumber, at),
        None => payments.unset(F::InvoiceNumber),
    }
    if let (false, Some(paid)) = (columns.has(F::Amount), columns.position(F::PaidAmount)) {
        payments.set(F::Amount, paid);
    }
    payments.unset(F::PaidAmount);
    let sums = payments.has(F::Amount) || payments.has(F::AppliedAmount);
    sums.then_some(payments)
}

fn widest(candidates: &[Candidate]) -> Option<Vec<String>> {
    let mut widest: Option<&Candidate> = None;
    for candidate in candidates {
        if widest.is_none_or(|other| filled(&candidate.cells) > filled(&other.cells)) {
            widest = Some(candidate);
        }
    }
    widest.map(|candidate| candidate.cells.iter().map(|cell| shown(cell)).collect())
}

fn filled(cells: &[String]) -> usize {
    cells.iter().filter(|cell| !cell.is_empty()).count()
}

/// The rows that may be a header: those of at least two cells, each also together with the row
/// below if that only continues it.
fn candidates(sheet: &Sheet) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let mut seen = 0;
    for index in 0..sheet.height().min(LOOKED_AT_WITH_BLANKS) {
        let row = sheet.row(index);
        if row.is_empty() {
            continue;
        }
        seen += 1;
        if seen > LOOKED_AT {
            break;
        }
        if row.len() < 2 {
            continue;
        }
        let cells = texts(row);
        if let Some(below) = (index + 1 < sheet.height()).then(|| sheet.row(index + 1))
            && continues(row, below)
        {
            // First, so that both rows together win a tie with the upper one alone.
            candidates.push(Candidate::new(index, 2, joined(&cells, below)));
        }
        candidates.push(Candidate::new(index, 1, cells));
    }
    candidates
}

/// The cells of a row, with each run of white space in them reduced to one space.
pub fn texts(row: SheetRow<'_>) -> Vec<String> {
    let width = row.cells().last().map_or(0, |(column, ..)| column + 1);
    let mut cells = vec![String::new(); width];
    for (column, _, text) in row.cells() {
        cells[column] = text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    cells
}

/// True if the row below a header has only words, each below a word of the header.
fn continues(header: SheetRow<'_>, below: SheetRow<'_>) -> bool {
    let word = |(column, kind, text): (usize, CellKind, &str)| {
        let is_word = text.chars().all(|c| c.is_alphabetic() || " ./()-".contains(c));
        kind == CellKind::Text && is_word && text.len() <= 20 && !header.text(column).is_empty()
    };
    (2..header.len()).contains(&below.len()) && below.cells().all(word)
}

fn joined(header: &[String], below: SheetRow<'_>) -> Vec<String> {
    let cell = |(column, text): (usize, &String)| match below.text(column) {
        "" => text.clone(),
        more => format!("{text} {more}"),
    };
    header.iter().enumerate().map(cell).collect()
}
