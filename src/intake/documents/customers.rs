use super::super::field::Field;
use super::super::row_cells::Cells;
use super::DocumentCells;

/// A debtor in a customer list, which adds what the invoices in other files leave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The client; empty when the list names none.
    pub client: Box<str>,
    /// The id; empty when the list has none.
    pub id: Box<str>,
    /// The name.
    pub name: Box<str>,
    /// The country; empty when the list names none.
    pub country: Box<str>,
}

impl Customer {
    /// The customer in a row of the list; `client` if the row names none.
    pub fn of(cells: &DocumentCells, client: &str) -> Self {
        let text = |field| Box::from(cells.cell(field));
        let own = cells.cell(Field::ClientId);
        Self {
            client: if own.is_empty() { client.into() } else { own.into() },
            id: text(Field::DebtorId),
            name: text(Field::DebtorName),
            country: text(Field::Country),
        }
    }
}
