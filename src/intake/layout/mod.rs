//! Layouts: how an accounting system's export calls its columns and what tells it apart. Each is a
//! TOML file in `layouts/`; a user's mapping file has the same form.

mod embedded;
mod file;
mod mapping_error;
mod starter;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::field::{Columns, Field, Strength, bare, document_type, field_named, status};
use super::notation::{DateOrder, Decimal};

pub use embedded::layout_names;
pub use embedded::{embedded, named};
pub use mapping_error::MappingError;
pub use starter::starter;

/// What one row of a table is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// An invoice.
    #[default]
    Invoices,
    /// A line item of an invoice.
    Lines,
    /// A document of any kind, with what is open of it.
    OpenItems,
    /// A payment of an invoice, together with that invoice.
    InvoicePayments,
    /// A payment, or its application to one invoice.
    Payments,
    /// A debit or credit entry.
    Entries,
    /// A debtor.
    Customers,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// An invoice, whatever its sign says.
    Invoice,
    /// A credit note.
    CreditNote,
    /// Cash.
    Payment,
    /// A bad debt.
    WriteOff,
    /// A journal entry.
    Adjustment,
    /// A supplier's document: a payable.
    Payable,
    /// None of these; its row is classified as other.
    Other,
}

impl DocumentKind {
    const KINDS: [(&str, Self); 7] = [
        ("invoice", Self::Invoice),
        ("credit_note", Self::CreditNote),
        ("payment", Self::Payment),
        ("write_off", Self::WriteOff),
        ("adjustment", Self::Adjustment),
        ("payable", Self::Payable),
        ("other", Self::Other),
    ];

    fn names() -> impl Iterator<Item = &'static str> {
        Self::KINDS.into_iter().map(|(name, _)| name)
    }

    fn by_name(name: &str) -> Option<Self> {
        Self::KINDS.into_iter().find(|(known, _)| *known == name).map(|(_, kind)| kind)
    }
}

/// What the status of a document says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusKind {
    /// Not, or no longer, a claim.
    VoidOrDraft,
    /// Disputed by the debtor.
    Disputed,
    /// Written off as bad debt.
    WrittenOff,
    /// Paid in full.
    Paid,
    /// Sold or pledged to someone else.
    Assigned,
}

impl StatusKind {
    const KINDS: [(&str, Self); 5] = [
        ("void_or_draft", Self::VoidOrDraft),
        ("disputed", Self::Disputed),
        ("written_off", Self::WrittenOff),
        ("paid", Self::Paid),
        ("assigned", Self::Assigned),
    ];

    fn names() -> impl Iterator<Item = &'static str> {
        Self::KINDS.into_iter().map(|(name, _)| name)
    }

    fn by_name(name: &str) -> Option<Self> {
        Self::KINDS.into_iter().find(|(known, _)| *known == name).map(|(_, kind)| kind)
    }
}

/// One export format.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Snake case, as `--layout` takes it.
    pub name: String,
    /// For people.
    pub title: String,
    pub table: TableKind,
    /// Groups of spellings, of each of which one must be a header cell.
    headers: Vec<Vec<String>>,
    without: Vec<String>,
    titles: Vec<String>,
    /// Whether the documents are those of suppliers: what the client owes.
    pub payables: bool,
    /// Whether payments stand with either sign, so that only their type tells what they are.
    pub signs_vary: bool,
    /// How the product writes ambiguous dates, when it always does so.
    pub date_order: Option<DateOrder>,
    /// How the product writes decimals, when it always does so.
    pub decimal: Option<Decimal>,
    columns: Vec<(Field, Vec<String>)>,
    buckets: Vec<String>,
    document_types: HashMap<String, DocumentKind>,
    statuses: HashMap<String, StatusKind>,
}

/// Fields that are taken by their general name when a layout does not speak of them.
const ALWAYS: [Field; 12] = [
    Field::Currency,
    Field::PoNumber,
    Field::Country,
    Field::Status,
    Field::DocumentType,
    Field::Terms,
    Field::DebtorGroup,
    Field::ClientId,
    Field::Disputed,
    Field::DisputedDate,
    Field::DueDate,
    Field::DebtorId,
];

impl Layout {
    /// How well a header row fits: the number of required header cells and a title above it;
    /// `None` when it does not.
    pub fn fit(&self, header: &[String], titles: &[String]) -> Option<usize> {
        let cells: Vec<String> = header.iter().map(|cell| bare(cell)).collect();
        let there = |name: &String| cells.contains(name);
        if !self.headers.iter().all(|names| names.iter().any(there))
            || self.without.iter().any(there)
        {
            return None;
        }
        let titled =
            |wanted: &String| titles.iter().any(|title| bare(title).contains(wanted.as_str()));
        match self.titles.as_slice() {
            [] if self.headers.is_empty() => None,
            [] => Some(2 * self.headers.len()),
            any if any.iter().any(titled) => Some(2 * self.headers.len() + 5),
            _ => None,
        }
    }

    /// The columns of a further header of a table that is read by this layout; by their general
    /// names where the layout names fewer.
    pub fn columns_of(&self, header: &[String]) -> Columns {
        let own = self.columns(header);
        match Columns::named("", header) {
            Ok(general) if general.taken() > own.taken() => general,
            _ => own,
        }
    }

    /// The columns of a header row as this layout names them.
    pub fn columns(&self, header: &[String]) -> Columns {
        let mut columns = Columns::unnamed(header);
        let cells: Vec<String> = header.iter().map(|cell| bare(cell)).collect();
        for (field, names) in &self.columns {
            let at = names.iter().find_map(|name| {
                let free = |&(at, cell): &(usize, &String)| cell == name && !columns.is_taken(at);
                cells.iter().enumerate().find(free).map(|(at, _)| at)
            });
            if let Some(at) = at {
                columns.set(*field, at);
            }
        }
        let is_bucket =
            |(at, cell): &(usize, &String)| self.buckets.contains(cell) && !columns.is_taken(*at);
        let buckets = cells.iter().enumerate().filter(is_bucket).map(|(at, _)| at).collect();
        columns.set_buckets(buckets);
        self.add_general(&mut columns, header);
        columns
    }

    fn add_general(&self, columns: &mut Columns, header: &[String]) {
        for (at, cell) in header.iter().enumerate() {
            let Some((field, strength)) = field_named(cell) else { continue };
            let spoken_of = self.columns.iter().any(|(of, _)| *of == field);
            let wanted = ALWAYS.contains(&field) && strength > Strength::Weak && !spoken_of;
            if wanted && !columns.has(field) && !columns.is_taken(at) {
                columns.set(field, at);
            }
        }
    }

    /// What a type cell says; `None` when no one knows the word.
    pub fn document(&self, cell: &str) -> Option<DocumentKind> {
        let own = self.document_types.get(&bare(cell)).copied();
        own.or_else(|| document_type(cell).and_then(DocumentKind::by_name))
    }

    /// What a status cell says; most say nothing that matters.
    pub fn status(&self, cell: &str) -> Option<StatusKind> {
        let own = self.statuses.get(&bare(cell)).copied();
        own.or_else(|| status(cell).and_then(StatusKind::by_name))
    }

    /// Every spelling by which the layout calls a column.
    pub fn spellings(&self) -> impl Iterator<Item = &String> {
        self.columns.iter().flat_map(|(_, names)| names).chain(&self.buckets)
    }
}

/// How many of the cells some layout spells as columns; used to choose among delimiters.
pub fn spelled<S: AsRef<str>>(cells: &[S]) -> usize {
    let known = |cell: &&S| SPELLINGS.contains(&bare(cell.as_ref()));
    cells.iter().filter(known).count()
}

static SPELLINGS: LazyLock<HashSet<String>> =
    LazyLock::new(|| embedded().iter().flat_map(Layout::spellings).cloned().collect());
