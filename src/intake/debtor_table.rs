use std::collections::{BTreeMap, BTreeSet};
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
    /// The customers that rows call a part of it: their ids, or names where rows have no id; once
    /// debtors are joined, also what rows call those that are joined with it.
    pub children: BTreeSet<Box<str>>,
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
    /// The customer that the row names, if this one is its parent; else empty.
    pub child: &'a str,
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
            children: Some(cells.child)
                .filter(|child| !child.is_empty())
                .map(Box::from)
                .into_iter()
                .collect(),
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

    /// Shows its names no more, because it is only a part of another debtor.
    pub fn forget_names(&mut self) {
        let names: Vec<Box<str>> = self.names().map(|(_, name)| name.into()).collect();
        self.children.extend(names);
        (self.name, self.others) = <_>::default();
    }

    /// Gives it this one name, and no id but the name if no row has one.
    pub fn call(&mut self, name: &str) {
        if self.by_name {
            self.id = name.into();
        }
        self.others.clear();
        self.name = (name.into(), Day::MIN);
    }

    fn take_country(&mut self, country: &str) {
        // Not the first one read, as the order of rows must not matter.
        if !country.is_empty() && (self.country.is_empty() || *country < *self.country) {
            self.country = country.into();
        }
    }

    fn take_child(&mut self, child: &str) {
        if !child.is_empty() && !self.children.contains(child) {
            self.children.insert(child.into());
        }
    }

    /// Adds what another table knows of the same debtor.
    pub fn merge(&mut self, other: &Self) {
        for (first, name) in other.names() {
            self.take_name(name, first);
        }
        self.take_country(&other.country);
        self.by_name &= other.by_name;
        self.children.extend(other.children.iter().cloned());
        if self.id != other.id {
            self.children.insert(other.id.clone());
        }
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
    /// Hash of what was last seen beside the key, and the first issue date of that name, so that a
    /// row which says nothing new costs no further look.
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
        let DebtorCells { client, id, name, country, by_name, child, issue } = cells;
        let hash = self.hasher.hash_one((client, id));
        let mut seen = self.hasher.hash_one((name, country)) ^ u64::from(by_name);
        // Few rows have a parent, and the others should not pay for it.
        if !child.is_empty() {
            seen = seen.rotate_left(1) ^ self.hasher.hash_one(child);
        }
        if let Some(entry) = self.index.find_mut(hash, |entry| entry.is(client, id)) {
            if entry.seen != seen || issue < entry.first {
                let debtor = &mut self.debtors[entry.code as usize];
                debtor.take_country(country);
                debtor.by_name &= by_name;
                debtor.take_child(child);
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
        DebtorCells { client, id: "D1", name, country, by_name: false, child: "", issue }
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

    /// In each order one row has an id, so the debtor is not known by name only.
    #[test]
    fn the_order_of_rows_does_not_choose_whether_a_debtor_has_an_id() {
        let [bare, with_id, later] = [("", true, 5), ("Acme", false, 5), ("", true, 3)];
        for order in [[bare, with_id, later], [with_id, bare, later], [later, bare, with_id]] {
            let mut table = DebtorTable::default();
            for (id, by_name, issue) in order {
                let id = if id.is_empty() { "Acme" } else { id };
                let (name, country, child) = ("Acme", "", "");
                table.code(DebtorCells { client: "", id, name, country, by_name, child, issue });
            }
            let debtors = table.into_debtors();
            assert_eq!((debtors.len(), debtors[0].by_name), (1, false), "{order:?}");
        }
    }

    #[test]
    fn a_parent_keeps_each_customer_that_is_a_part_of_it_once() {
        let mut table = DebtorTable::default();
        for child in ["East", "", "West", "East"] {
            table.code(DebtorCells { child, ..cells("", "Acme", "", 1) });
        }
        let children = &table.into_debtors()[0].children;
        assert_eq!(children.iter().map(|child| &**child).collect::<Vec<_>>(), ["East", "West"]);
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
