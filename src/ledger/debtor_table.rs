use std::hash::BuildHasher;

use compact_str::CompactString;
use hashbrown::{DefaultHashBuilder, HashTable};

/// A debtor of one client: the id within the client's ledger, and what its rows say of it.
///
/// The four texts stand in one allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Debtor {
    text: Box<str>,
    /// Where id, name and country begin in `text`; the client begins it.
    starts: [u32; 3],
    /// Whether rows disagree on the name.
    pub several_names: bool,
}

/// What one row says of its debtor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DebtorCells<'a> {
    pub client: &'a str,
    pub id: &'a str,
    pub name: &'a str,
    pub country: &'a str,
}

/// Numbers the debtors in the order in which they are met; the numbers are made canonical at the end.
#[derive(Debug, Default)]
pub(super) struct DebtorTable {
    debtors: Vec<Debtor>,
    index: HashTable<Entry>,
    hasher: DefaultHashBuilder,
}

/// What tells a debtor apart, short enough to stand in the table itself.
#[derive(Debug)]
struct Entry {
    /// Client and id, one behind the other.
    key: CompactString,
    /// Hash of the name and country last seen, so that a row which says nothing new costs no further look.
    seen: u64,
    client_len: u32,
    code: u32,
}

impl Entry {
    fn is(&self, client: &str, id: &str) -> bool {
        self.client_len as usize == client.len()
            && self.key.len() == client.len() + id.len()
            && self.key.starts_with(client)
            && self.key.ends_with(id)
    }

    fn client_and_id(&self) -> (&str, &str) {
        self.key.split_at(self.client_len as usize)
    }
}

impl DebtorTable {
    /// The code of the debtor, adding it when new, and taking in what this row says of name and country.
    pub fn code(&mut self, cells: DebtorCells<'_>) -> u32 {
        let DebtorCells { client, id, name, country } = cells;
        let hash = self.hasher.hash_one((client, id));
        let seen = self.hasher.hash_one((name, country));
        if let Some(entry) = self.index.find_mut(hash, |entry| entry.is(client, id)) {
            if entry.seen != seen {
                entry.seen = seen;
                self.debtors[entry.code as usize].take_in(name, country);
            }
            return entry.code;
        }
        // Rows are counted in 32 bits and every debtor has a row, so the code fits; so does a cell's length.
        let code = self.debtors.len() as u32;
        self.debtors.push(Debtor::new(cells));
        let key = CompactString::from(client) + id;
        let entry = Entry { key, seen, client_len: client.len() as u32, code };
        self.index.insert_unique(hash, entry, |entry| self.hasher.hash_one(entry.client_and_id()));
        code
    }

    /// All debtors, index = code.
    pub fn into_debtors(self) -> Vec<Debtor> {
        self.debtors
    }
}

impl Debtor {
    fn new(cells: DebtorCells<'_>) -> Self {
        let DebtorCells { client, id, name, country } = cells;
        // A row is far shorter than 4 GiB: blocks that large are never read.
        let start = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
        let name_at = client.len() + id.len();
        Self {
            text: [client, id, name, country].concat().into(),
            starts: [start(client.len()), start(name_at), start(name_at + name.len())],
            several_names: false,
        }
    }

    /// The client's id.
    pub fn client(&self) -> &str {
        &self.text[..self.starts[0] as usize]
    }

    /// The debtor's id in the client's ledger.
    pub fn id(&self) -> &str {
        &self.text[self.starts[0] as usize..self.starts[1] as usize]
    }

    /// The first name in text order when rows disagree, so that row order cannot matter.
    pub fn name(&self) -> &str {
        &self.text[self.starts[1] as usize..self.starts[2] as usize]
    }

    /// As for the name; empty when no row names a country.
    pub fn country(&self) -> &str {
        &self.text[self.starts[2] as usize..]
    }

    fn take_in(&mut self, name: &str, country: &str) {
        let other_name = self.name() != name;
        let country_first =
            !country.is_empty() && (self.country().is_empty() || country < self.country());
        if !other_name && !country_first {
            return;
        }
        let cells = DebtorCells {
            client: self.client(),
            id: self.id(),
            name: name.min(self.name()),
            country: if country_first { country } else { self.country() },
        };
        let several_names = self.several_names || other_name;
        *self = Self { several_names, ..Self::new(cells) };
    }

    /// Joins what two tables know of one debtor.
    pub fn merge(&mut self, other: &Self) {
        let several_names = self.several_names || other.several_names;
        self.take_in(other.name(), other.country());
        self.several_names |= several_names;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells<'a>(client: &'a str, name: &'a str, country: &'a str) -> DebtorCells<'a> {
        DebtorCells { client, id: "D1", name, country }
    }

    #[test]
    fn the_order_of_rows_does_not_choose_the_name() {
        let read = |rows: &[(&str, &str)]| {
            let mut table = DebtorTable::default();
            for (name, country) in rows {
                assert_eq!(table.code(cells("", name, country)), 0);
            }
            table.into_debtors()
        };
        let forward = read(&[("Zeta", ""), ("Acme", "US"), ("Zeta", "DE")]);
        assert_eq!(forward, read(&[("Zeta", "DE"), ("Zeta", ""), ("Acme", "US")]));
        assert_eq!((forward[0].name(), forward[0].country()), ("Acme", "DE"));
        assert!(forward[0].several_names);
    }

    #[test]
    fn one_id_at_two_clients_is_two_debtors() {
        let mut table = DebtorTable::default();
        assert_eq!(table.code(cells("A", "x", "")), 0);
        assert_eq!(table.code(cells("B", "x", "")), 1);
        assert_eq!(table.code(cells("A", "x", "")), 0);
    }
}
