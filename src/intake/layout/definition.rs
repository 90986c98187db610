use std::collections::HashMap;

use super::super::field::{Columns, Field, Strength, bare, document_type, field_named, status};
use super::super::notation::{DateOrder, Decimal};
use super::kinds::{DocumentKind, StatusKind, TableKind};

/// One export format.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Name in snake case, as given to `--layout`.
    pub name: String,
    /// Title for people.
    pub title: String,
    pub table: TableKind,
    /// Groups of spellings; one of each group must be a header cell.
    pub(super) headers: Vec<Vec<String>>,
    pub(super) without: Vec<String>,
    pub(super) titles: Vec<String>,
    /// True if the documents are payables: what the client owes to suppliers.
    pub payables: bool,
    /// True if payments may have either sign, so that only their type tells what they are.
    pub signs_vary: bool,
    /// The mark between a customer and its sub-customer or job, as in `Customer:Job`, for products
    /// whose names cannot contain it. The customer before the first mark is the debtor, and so is
    /// the customer around the groups of its sub-customers.
    pub sub_customers: Option<String>,
    /// Pairs of columns: the name of a category that users make up, and the option chosen. If a
    /// column of parents or jobs may be called like the category, the option is one.
    pub(super) tracking: Vec<[String; 2]>,
    /// The date order of the product, if it always uses the same.
    pub date_order: Option<DateOrder>,
    /// The decimal mark of the product, if it always uses the same.
    pub decimal: Option<Decimal>,
    pub(super) columns: Vec<(Field, Vec<String>)>,
    pub(super) buckets: Vec<String>,
    pub(super) document_types: HashMap<String, DocumentKind>,
    pub(super) statuses: HashMap<String, StatusKind>,
}

/// Fields that are recognised by their general names if a layout does not list them. They mean the
/// same in every export, unlike amounts and invoice dates.
const ALWAYS: [Field; 15] = [
    Field::Currency,
    Field::PoNumber,
    Field::Job,
    Field::Country,
    Field::Status,
    Field::DocumentType,
    Field::Terms,
    Field::DebtorGroup,
    Field::ParentDebtor,
    Field::ClientId,
    Field::Disputed,
    Field::DisputedDate,
    Field::DeliveryDate,
    Field::DueDate,
    Field::DebtorId,
];

impl Layout {
    /// Score of how well a header row fits, from the number of required header cells and a title
    /// above it; `None` if it does not fit.
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
            // General layouts and mapping files have no features: they are chosen, not recognised.
            [] if self.headers.is_empty() => None,
            [] => Some(2 * self.headers.len()),
            // A title is worth more than two columns: reports that differ only in a column or two
            // are told apart by it.
            any if any.iter().any(titled) => Some(2 * self.headers.len() + 5),
            _ => None,
        }
    }

    /// The columns of a further header in a table of this layout; by their general names if the
    /// layout recognises fewer.
    pub fn columns_of(&self, header: &[String]) -> Columns {
        let own = self.columns(header);
        match Columns::named("", header) {
            Ok(general) if general.taken() > own.taken() => general,
            _ => own,
        }
    }

    /// The columns of a header row by the names in this layout.
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
        let at = |name: &String| cells.iter().position(|cell| cell == name);
        let pairs =
            self.tracking.iter().filter_map(|[name, option]| Some([at(name)?, at(option)?]));
        columns.set_tracking(pairs.collect());
        self.add_general(&mut columns, header);
        columns
    }

    fn add_general(&self, columns: &mut Columns, header: &[String]) {
        for (at, cell) in header.iter().enumerate() {
            let Some((field, strength)) = field_named(cell) else { continue };
            // Where the layout has names of its own, a general one may mean something else.
            let spoken_of = self.columns.iter().any(|(of, _)| *of == field);
            // No other column is ever called like these, however little their names say.
            let clear = matches!(field, Field::Job | Field::ParentDebtor | Field::DeliveryDate);
            let clear = clear || strength > Strength::Weak;
            let wanted = ALWAYS.contains(&field) && clear && !spoken_of;
            if wanted && !columns.has(field) && !columns.is_taken(at) {
                columns.set(field, at);
            }
        }
    }

    /// The kind of document that a type cell names; `None` if the word is unknown.
    pub fn document(&self, cell: &str) -> Option<DocumentKind> {
        let own = self.document_types.get(&bare(cell)).copied();
        own.or_else(|| document_type(cell).and_then(DocumentKind::by_name))
    }

    /// The kind of status that a status cell names; `None` for the many that change nothing.
    pub fn status(&self, cell: &str) -> Option<StatusKind> {
        let own = self.statuses.get(&bare(cell)).copied();
        own.or_else(|| status(cell).and_then(StatusKind::by_name))
    }

    /// Every spelling of a column in this layout.
    pub fn spellings(&self) -> impl Iterator<Item = &String> {
        self.columns.iter().flat_map(|(_, names)| names).chain(&self.buckets)
    }
}
