use std::collections::BTreeMap;
use std::hash::BuildHasher;

use compact_str::CompactString;
use hashbrown::{DefaultHashBuilder, HashTable};

use basics::{Day, DebtorFacts};

/// A debtor of one client: its id within the client's ledger, and the facts from its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debtor {
    /// The client that sold to it; empty when the ledger names none.
    pub client: Box<str>,
    /// Its id within that ledger; the name where rows have no id.
    pub id: Box<str>,
    /// The first country in text order when rows disagree; empty when no row names one.
    pub country: Box<str>,
    /// True if every row identifies the debtor by name only.
    pub by_name: bool,
    /// The facts from the user's debtor file.
    pub facts: Option<Box<DebtorFacts>>,
    /// The first name read and the first issue date of its rows; empty while no row names one.
    name: (Box<str>, Day),
    /// Further names, for the few debtors that have any.
    others: BTreeMap<Box<str>, Day>,
}

/// The cells of one row that describe its debtor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DebtorCells<'a> {
    pub client: &'a str,
    pub id: &'a str,
    /// Empty when the row names none.
    pub name: &'a str,
    pub country: &'a str,
    /// True if the row has no id, so that the name serves as one.
    pub by_name: bool,
    /// Issue date of the row.
    pub issue: Day,
}

impl Debtor {
    fn new(cells: DebtorCells<'_>) -> Self {
        Self {
            client: cells.client.into(),
            id: cells.id.into(),
            country: cells.country.into(),
            by_name: cells.by_name,
            facts: None,
            name: (cells.name.into(), cells.issue),
            others: BTreeMap::new(),
        }
    }

    /// The name to show: of several the first in text order, so that row order cannot matter; the
    /// id when no row names the debtor.
    pub fn shown_name(&self) -> &str {
        let name = self.names().map(|(_, name)| name).min();
        name.unwrap_or(&self.id)
    }

    /// Every name with the first issue date of its rows.
    pub fn names(&self) -> impl Iterator<Item = (Day, &str)> {
        let first = Some((self.name.1, &*self.name.0)).filter(|(_, name)| !name.is_empty());
        first.into_iter().chain(self.others.iter().map(|(name, &day)| (day, &**name)))
    }

    /// True if rows disagree on the name.
    pub fn has_several_names(&self) -> bool {
        !self.others.is_empty()
    }

    /// Adds a name from a row issued on `issue`, and returns the first issue date of that name.
    fn take_name(&mut self, name: &str, issue: Day) -> Day {
        if name.is_empty() {
            // Nothing is earlier, so that further rows of these cells cost no look.
            return Day::MIN;
        }
        if self.name.0.is_empty() {
            self.name = (name.into(), issue);
        }
        let first = if *self.name.0 == *name {
            &mut self.name.1
        } else {
            self.others.entry(name.into()).or_insert(issue)
        };
        *first = issue.min(*first);
        *first
    }

    /// Adds the facts from the user's debtor file; its country replaces the ledger's.
    pub fn take_facts(&mut self, facts: Option<DebtorFacts>) {
        if let Some(country) = facts.as_ref().and_then(|facts| facts.country.as_deref()) {
            self.country = country.into();
        }
        self.facts = facts.map(Box::new);
    }

    /// Adds the name and country from a customer list.
    pub fn take_customer(&mut self, name: &str, country: &str) {
        if self.name.0.is_empty() {
            // A customer list has no dates, so that its name counts on every day.
            self.name = (name.into(), Day::MIN);
        }
        self.take_country(country);
    }

    fn take_country(&mut self, country: &str) {
        // Not the first one read, as the order of rows must not matter.
        if !country.is_empty() && (self.country.is_empty() || *country < *self.country) {
            self.country = country.into();
        }
    }

    /// Adds what another table knows of the same debtor.
    pub fn merge(&mut self, other: &Self) {
        for (first, name) in other.names() {
            self.take_name(name, first);
        }
        self.take_country(&other.country);
        self.by_name &= other.by_name;
    }
}

/// Numbers the debtors in the order in which one thread reads them; the numbers become canonical
/// once all threads have finished.
#[derive(Debug, Default)]
pub struct DebtorTable {
    debtors: Vec<Debtor>,
    index: HashTable<Entry>,
    hasher: DefaultHashBuilder,
}

/// The key of a debtor, short enough to be held in the table itself.
#[derive(Debug)]
struct Entry {
    /// Client and id, one after the other.
    key: CompactString,
    /// Hash of the name and country last seen and the first issue date of that name, so that a row
    /// which says nothing new costs no further look.
    seen: u64,
    first: Day,
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
    /// The code of the debtor, which is added when new; the name and country of the row are kept.
    pub fn code(&mut self, cells: DebtorCells<'_>) -> u32 {
        let DebtorCells { client, id, name, country, by_name, issue } = cells;
        let hash = self.hasher.hash_one((client, id));
        let seen = self.hasher.hash_one((name, country));
        if let Some(entry) = self.index.find_mut(hash, |entry| entry.is(client, id)) {
            if entry.seen != seen || issue < entry.first {
                let debtor = &mut self.debtors[entry.code as usize];
                debtor.take_country(country);
                debtor.by_name &= by_name;
                (entry.seen, entry.first) = (seen, debtor.take_name(name, issue));
            }
            return entry.code;
        }
        // Rows are counted in 32 bits and every debtor has a row, so the code fits; so does a
        // cell's length.
        let code = self.debtors.len() as u32;
        self.debtors.push(Debtor::new(cells));
        let key = CompactString::from(client) + id;
        let entry = Entry { key, seen, first: issue, client_len: client.len() as u32, code };
        self.index.insert_unique(hash, entry, |entry| self.hasher.hash_one(entry.client_and_id()));
        code
    }

    /// All debtors, index = code.
    pub fn into_debtors(self) -> Vec<Debtor> {
        self.debtors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells<'a>(client: &'a str, name: &'a str, country: &'a str, issue: Day) -> DebtorCells<'a> {
        DebtorCells { client, id: "D1", name, country, by_name: false, issue }
    }

    #[test]
    fn the_order_of_rows_does_not_choose_the_name() {
        let rows = [("Zeta", "", 5), ("Acme", "US", 9), ("Zeta", "DE", 3), ("", "", 1)];
        let read = |order: [usize; 4]| {
            let mut table = DebtorTable::default();
            for (name, country, issue) in order.map(|index| rows[index]) {
                assert_eq!(table.code(cells("", name, country, issue)), 0);
            }
            let debtor = table.into_debtors().remove(0);
            let mut names: Vec<_> =
                debtor.names().map(|(first, name)| (first, name.to_owned())).collect();
            names.sort();
            (debtor.shown_name().to_owned(), debtor.country.clone(), names)
        };
        let expected = vec![(3, "Zeta".to_owned()), (9, "Acme".to_owned())];
        assert_eq!(read([0, 1, 2, 3]), ("Acme".to_owned(), "DE".into(), expected));
        for order in [[3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1]] {
            assert_eq!(read(order), read([0, 1, 2, 3]));
        }
    }

    #[test]
    fn a_debtor_without_a_name_is_shown_by_its_id() {
        let mut table = DebtorTable::default();
        table.code(cells("", "", "", 1));
        assert_eq!(table.into_debtors()[0].shown_name(), "D1");
    }

    #[test]
    fn one_id_at_two_clients_is_two_debtors() {
        let mut table = DebtorTable::default();
        assert_eq!(table.code(cells("A", "x", "", 1)), 0);
        assert_eq!(table.code(cells("B", "x", "", 1)), 1);
        assert_eq!(table.code(cells("A", "x", "", 1)), 0);
    }
}
