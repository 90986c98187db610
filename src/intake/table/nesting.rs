use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use sheet::SheetRow;

use super::super::field::bare;

/// Bytes of a job from which no further group is added to it. Groups may lie within groups without
/// end in a hostile file, and each would repeat all those around it.
const LONGEST: usize = 200;

/// Distance of a label from the left edge: its column, then the blanks before its text.
pub type Depth = (usize, u8);

/// The distance of the first text of a row.
pub fn depth(row: SheetRow<'_>) -> Depth {
    row.cells().next().map_or((0, 0), |(column, ..)| (column, row.indent(column)))
}

/// A group that may be a debtor or a part of one.
struct Group {
    label: String,
    /// The group around it; always an earlier one.
    outer: Option<u32>,
    depth: Depth,
    /// True if documents stand in it and not only in groups within it.
    direct: bool,
    /// True if a sum of the file ends it.
    ended: bool,
    /// True if that sum agrees with the rows within it.
    agrees: bool,
}

/// The groups of a table that may be debtors, in the order of the file.
#[derive(Default)]
pub struct Nesting {
    groups: Vec<Group>,
}

/// The names that a group gives its documents.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Names {
    pub debtor: Arc<str>,
    /// The groups within that of the debtor, from the outside in; empty if there is none.
    pub job: String,
}

impl Nesting {
    /// Adds a group and returns its index.
    pub fn open(&mut self, label: &str, outer: Option<u32>, depth: Depth) -> u32 {
        let label = label.to_owned();
        let (direct, ended, agrees) = (false, false, false);
        self.groups.push(Group { label, outer, depth, direct, ended, agrees });
        self.groups.len() as u32 - 1
    }

    /// Notes that a document stands in the group.
    pub fn hold_document(&mut self, group: u32) {
        self.groups[group as usize].direct = true;
    }

    /// Notes that a sum of the file ends the group, and whether it agrees with its rows.
    pub fn end(&mut self, group: u32, agrees: bool) {
        let group = &mut self.groups[group as usize];
        group.ended = true;
        group.agrees |= agrees;
    }

    /// The names that each group gives its documents. `of_customers` says that the product puts
    /// customers into groups of customers; other tables must show it.
    pub fn names(&self, of_customers: bool) -> Vec<Names> {
        let roots = self.roots(of_customers);
        let apart = self.told_apart(&roots);
        let mut names: Vec<Names> = Vec::with_capacity(self.groups.len());
        for (at, group) in self.groups.iter().enumerate() {
            let root = roots[at] as usize;
            let debtor = Arc::clone(&apart[root]);
            let outer = group.outer.filter(|_| root != at);
            let job = outer.map_or(String::new(), |outer| self.job(group, &names[outer as usize]));
            names.push(Names { debtor, job });
        }
        names
    }

    /// The job of a group within another of the same debtor.
    fn job(&self, group: &Group, outer: &Names) -> String {
        // The documents of a customer itself, beside those of its jobs.
        let is_rest = group.outer.is_some_and(|outer| self.is_rest_of(group, outer));
        match (outer.job.as_str(), is_rest) {
            (job, _) if is_rest || job.len() > LONGEST => job.to_owned(),
            ("", _) => group.label.clone(),
            (job, _) => format!("{job}:{}", group.label),
        }
    }

    /// True if the group is called `Cool Cars - Other` within `Cool Cars`.
    fn is_rest_of(&self, group: &Group, outer: u32) -> bool {
        let rest = group.label.strip_suffix("Other").map(|name| name.trim_end_matches([' ', '-']));
        rest.is_some_and(|name| bare(name) == bare(&self.groups[outer as usize].label))
    }

    /// The debtor of each group: itself, or the outermost group around it that is a customer.
    fn roots(&self, of_customers: bool) -> Vec<u32> {
        // Where customers stand, regions and sales people do not: these hold no documents.
        let mut levels: HashSet<Depth> = HashSet::new();
        for group in &self.groups {
            levels.extend(Some(group.depth).filter(|_| group.direct));
            let outer = group.outer.filter(|&outer| self.is_rest_of(group, outer));
            levels.extend(outer.map(|outer| self.groups[outer as usize].depth));
        }
        let mut roots: Vec<u32> = Vec::with_capacity(self.groups.len());
        for (at, group) in (0..).zip(&self.groups) {
            let root = group.outer.map_or(at, |outer| {
                let around = &self.groups[outer as usize];
                let deeper = group.depth > around.depth;
                let is_part = if of_customers {
                    (around.ended || deeper) && !is_account(&around.label)
                } else {
                    deeper && around.agrees && levels.contains(&around.depth)
                };
                // Within a group that is a part itself, everything is.
                let root = roots[outer as usize];
                if is_part || root != outer { root } else { at }
            });
            roots.push(root);
        }
        roots
    }

    /// The label of each group, after the one around it if it is a debtor in several: `Apex: East`
    /// and `Borel: East`. Otherwise these two debtors would be one.
    fn told_apart(&self, roots: &[u32]) -> Vec<Arc<str>> {
        let outer = |group: &Group| {
            group.outer.map_or("", |outer| self.groups[outer as usize].label.as_str())
        };
        let debtors = || self.groups.iter().zip(0..).filter(|&(_, at)| roots[at as usize] == at);
        let mut around: HashMap<&str, (&str, bool)> = HashMap::new();
        for (group, _) in debtors() {
            let first = around.entry(&group.label).or_insert((outer(group), false));
            first.1 |= first.0 != outer(group);
        }
        let name = |group: &Group| {
            let several = around.get(group.label.as_str()).is_some_and(|(_, several)| *several);
            match outer(group) {
                parent if several && !parent.is_empty() => {
                    format!("{parent}: {}", group.label).into()
                }
                _ => group.label.as_str().into(),
            }
        };
        self.groups.iter().map(name).collect()
    }
}

/// True if a group is an account of the general ledger, which holds customers but is none.
fn is_account(label: &str) -> bool {
    ["accountsreceivable", "tradereceivables", "debtorscontrol"]
        .iter()
        .any(|account| bare(label).starts_with(account))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `outer` is the index of the group around it, `blanks` its distance from the edge.
    fn nesting(groups: &[(&str, Option<u32>, u8, bool, bool)]) -> Nesting {
        let mut nesting = Nesting::default();
        for &(label, outer, blanks, direct, agrees) in groups {
            let at = nesting.open(label, outer, (0, blanks));
            if direct {
                nesting.hold_document(at);
            }
            if agrees {
                nesting.end(at, true);
            }
        }
        nesting
    }

    fn named(nesting: &Nesting, of_customers: bool) -> Vec<(String, String)> {
        let names = nesting.names(of_customers).into_iter();
        names.map(|names| (names.debtor.to_string(), names.job)).collect()
    }

    fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter().map(|&(debtor, job)| (debtor.to_owned(), job.to_owned())).collect()
    }

    #[test]
    fn the_outermost_customer_is_the_debtor_and_the_groups_within_are_its_jobs() {
        let groups = [
            ("Cool Cars", None, 0, true, true),
            ("West", Some(0), 3, false, true),
            ("Job 7", Some(1), 6, true, true),
            ("Cool Cars - Other", Some(0), 3, true, true),
            ("Freeman", None, 0, true, true),
        ];
        let expected = pairs(&[
            ("Cool Cars", ""),
            ("Cool Cars", "West"),
            ("Cool Cars", "West:Job 7"),
            ("Cool Cars", ""),
            ("Freeman", ""),
        ]);
        for of_customers in [true, false] {
            assert_eq!(named(&nesting(&groups), of_customers), expected);
        }
    }

    #[test]
    fn a_group_that_only_holds_groups_is_no_debtor_unless_its_level_is_one_of_customers() {
        let regions = [
            ("North", None, 0, false, true),
            ("Acme", Some(0), 3, true, true),
            ("South", None, 0, false, true),
            ("Acme", Some(2), 3, true, true),
            ("Bolt", Some(2), 3, true, true),
        ];
        let apart =
            [("North", ""), ("North: Acme", ""), ("South", ""), ("South: Acme", ""), ("Bolt", "")];
        assert_eq!(named(&nesting(&regions), false), pairs(&apart));
        let parts =
            [("North", ""), ("North", "Acme"), ("South", ""), ("South", "Acme"), ("South", "Bolt")];
        assert_eq!(named(&nesting(&regions), true), pairs(&parts));
    }

    #[test]
    fn without_a_sum_or_without_a_step_to_the_right_groups_are_kept_apart() {
        let own = pairs(&[("Acme", ""), ("East", ""), ("Bolt", "")]);
        let bolt = ("Bolt", None, 0, true, true);
        let unsummed = [("Acme", None, 0, true, false), ("East", Some(0), 3, true, true), bolt];
        assert_eq!(named(&nesting(&unsummed), false), own);
        let level = [("Acme", None, 0, true, true), ("East", Some(0), 0, true, true), bolt];
        assert_eq!(named(&nesting(&level), false), own);
        // In a product whose customers have sub-customers, either is enough.
        let parts = pairs(&[("Acme", ""), ("Acme", "East"), ("Bolt", "")]);
        assert_eq!(named(&nesting(&unsummed), true), parts);
        assert_eq!(named(&nesting(&level), true), parts);
        let neither = [("Acme", None, 0, true, false), ("East", Some(0), 0, true, true), bolt];
        assert_eq!(named(&nesting(&neither), true), own);
    }

    #[test]
    fn an_account_of_the_general_ledger_is_no_debtor() {
        let groups =
            [("Accounts Receivable (A/R)", None, 0, false, true), ("Acme", Some(0), 3, true, true)];
        let expected = pairs(&[("Accounts Receivable (A/R)", ""), ("Acme", "")]);
        assert_eq!(named(&nesting(&groups), true), expected);
    }
}
