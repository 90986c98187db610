use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// A debtor of one client: the id within the client's ledger, and what its rows say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Debtor {
    pub client: Box<str>,
    pub id: Box<str>,
    /// The first name in text order when rows disagree, so that row order cannot matter.
    pub name: Box<str>,
    /// As for the name; empty when no row names a country.
    pub country: Box<str>,
    /// Whether rows disagree on the name.
    pub several_names: bool,
}

/// Numbers the debtors in the order in which they are met; the numbers are made canonical at the end.
#[derive(Debug, Default)]
pub(super) struct DebtorTable {
    debtors: Vec<Debtor>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl DebtorTable {
    /// The code of (client, id), adding it when new, and taking in what this row says of name and country.
    pub fn code(&mut self, client: &str, id: &str, name: &str, country: &str) -> u32 {
        let hash = self.hasher.hash_one((client, id));
        let same = |&code: &u32| {
            let debtor = &self.debtors[code as usize];
            *debtor.id == *id && *debtor.client == *client
        };
        if let Some(&code) = self.index.find(hash, same) {
            self.debtors[code as usize].take_in(name, country);
            return code;
        }
        // Rows are counted in 32 bits and every debtor has a row, so the code fits.
        let code = u32::try_from(self.debtors.len()).unwrap_or(u32::MAX);
        self.debtors.push(Debtor {
            client: client.into(),
            id: id.into(),
            name: name.into(),
            country: country.into(),
            several_names: false,
        });
        let debtors = &self.debtors;
        self.index.insert_unique(hash, code, |&code| {
            let debtor = &debtors[code as usize];
            self.hasher.hash_one((&*debtor.client, &*debtor.id))
        });
        code
    }

    /// All debtors, index = code.
    pub fn into_debtors(self) -> Vec<Debtor> {
        self.debtors
    }
}

impl Debtor {
    fn take_in(&mut self, name: &str, country: &str) {
        if *self.name != *name {
            self.several_names = true;
            if *name < *self.name {
                self.name = name.into();
            }
        }
        if !country.is_empty() && (self.country.is_empty() || *country < *self.country) {
            self.country = country.into();
        }
    }

    /// Joins what two tables know of one debtor.
    pub fn merge(&mut self, other: &Self) {
        self.several_names |= other.several_names;
        self.take_in(&other.name, &other.country);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_rows_does_not_choose_the_name() {
        let read = |rows: &[(&str, &str)]| {
            let mut table = DebtorTable::default();
            for (name, country) in rows {
                assert_eq!(table.code("", "D1", name, country), 0);
            }
            table.into_debtors()
        };
        let forward = read(&[("Zeta", ""), ("Acme", "US"), ("Zeta", "DE")]);
        assert_eq!(forward, read(&[("Zeta", "DE"), ("Zeta", ""), ("Acme", "US")]));
        assert_eq!(&*forward[0].name, "Acme");
        assert!(forward[0].several_names);
    }

    #[test]
    fn one_id_at_two_clients_is_two_debtors() {
        let mut table = DebtorTable::default();
        assert_eq!(table.code("A", "D1", "x", ""), 0);
        assert_eq!(table.code("B", "D1", "x", ""), 1);
        assert_eq!(table.code("A", "D1", "x", ""), 0);
    }
}
