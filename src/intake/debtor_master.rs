//! The user's own file about debtors: who is who, to which group they belong, and what the ledger
//! cannot know of them.

use std::collections::HashMap;

use sheet::{FileError, Sheet};

use super::error::IntakeError;
use super::field::{bare, shown};
use super::guidance::DebtorFile;
use super::known_columns::read_text;
use super::name::folded;

/// What the user says of one debtor; absent cells say nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DebtorFacts {
    /// Id or name, as the ledger has it.
    pub debtor: String,
    /// Id or name of the debtor that it really is.
    pub same_as: String,
    /// Its group; empty when the file names none.
    pub group: String,
    /// ISO 3166 code; empty when the file names none.
    pub country: String,
    /// Whether it is a government.
    pub government: Option<bool>,
    /// Whether it is an affiliate of the client.
    pub affiliate: Option<bool>,
    /// Whether it is insolvent.
    pub insolvent: Option<bool>,
    /// Whether it buys as a consumer.
    pub consumer: Option<bool>,
    /// Whether it is billed by progress, with retainage or on consignment.
    pub progress_billing: Option<bool>,
    /// Whether its contracts forbid assignment.
    pub non_assignable: Option<bool>,
    /// Credit limit in major units, as written.
    pub limit: String,
    /// What the client owes the debtor in major units, as written.
    pub payable: String,
    /// Line of the file.
    pub line: u64,
}

/// The debtor file; empty without one.
#[derive(Debug, Default)]
pub struct DebtorMaster {
    debtors: Vec<DebtorFacts>,
    /// The first of each id, and of each spelling of a name.
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
    /// It is about the debtors of this ledger alone.
    is_own: bool,
}

/// The columns, with what else they may be called.
const COLUMNS: [(&str, &[&str]); 12] = [
    ("debtor", &["debtor_id", "debtor_name", "customer", "name"]),
    ("same_as", &["merge_into", "merge", "is"]),
    ("group", &["debtor_group", "parent"]),
    ("country", &["debtor_country"]),
    ("government", &["is_government"]),
    ("affiliate", &["is_affiliate", "related"]),
    ("insolvent", &["insolvency", "bankrupt"]),
    ("limit", &["credit_limit"]),
    ("payable", &["payable_to_debtor", "owed_to_debtor"]),
    ("consumer", &["is_consumer", "private"]),
    ("progress_billing", &["progress", "retainage", "consignment"]),
    ("non_assignable", &["anti_assignment", "assignment_forbidden"]),
];

impl DebtorMaster {
    /// Reads the file: a header row with `debtor` and any of the other columns, one row per debtor.
    ///
    /// # Errors
    /// [`IntakeError::Debtors`] naming line, column and value.
    pub fn read(file: &DebtorFile) -> Result<Self, IntakeError> {
        let (DebtorFile::Own(path) | DebtorFile::Register(path)) = file;
        let is_own = matches!(file, DebtorFile::Own(_));
        let file = path.display().to_string();
        let bytes =
            std::fs::read(path).map_err(|source| FileError::Io { file: file.clone(), source })?;
        let sheet = read_text(&file, &bytes)?.sheet;
        let master =
            Self::of_sheet(&sheet).map_err(|message| IntakeError::Debtors { file, message })?;
        Ok(Self { is_own, ..master })
    }

    fn of_sheet(sheet: &Sheet) -> Result<Self, String> {
        let mut rows = sheet.rows().filter(|row| !row.is_empty());
        let header = rows.next().ok_or("is empty, expected a header row with the column debtor")?;
        let mut columns = [None; COLUMNS.len()];
        for (at, _, text) in header.cells() {
            let named = COLUMNS.iter().position(|(name, others)| {
                bare(name) == bare(text) || others.iter().any(|other| bare(other) == bare(text))
            });
            let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
            let named = named.ok_or_else(|| {
                format!("no column is called '{}'; expected {}", shown(text), names.join(", "))
            })?;
            columns[named] = Some(at);
        }
        if columns[0].is_none() {
            return Err("has no column debtor".to_owned());
        }
        let mut debtors = Vec::new();
        for row in rows {
            let text = |at: usize| columns[at].map_or("", |column| row.text(column)).to_owned();
            let flag = |at: usize| -> Result<Option<bool>, String> {
                let cell = text(at);
                if cell.is_empty() {
                    return Ok(None);
                }
                let (name, line) = (COLUMNS[at].0, row.line);
                super::cell::flag(&cell)
                    .map(Some)
                    .map_err(|_| format!("line {line}, {name}: expected yes or no, found '{cell}'"))
            };
            if text(0).is_empty() {
                return Err(format!("line {}: the debtor is empty", row.line));
            }
            debtors.push(DebtorFacts {
                debtor: text(0),
                same_as: text(1),
                group: text(2),
                country: text(3),
                government: flag(4)?,
                affiliate: flag(5)?,
                insolvent: flag(6)?,
                limit: amount(&text(7), "limit", row.line)?,
                payable: amount(&text(8), "payable", row.line)?,
                consumer: flag(9)?,
                progress_billing: flag(10)?,
                non_assignable: flag(11)?,
                line: row.line,
            });
        }
        let (mut by_id, mut by_name) = (HashMap::new(), HashMap::new());
        for (at, facts) in debtors.iter().enumerate() {
            by_id.entry(facts.debtor.clone()).or_insert(at);
            by_name.entry(folded(&facts.debtor)).or_insert(at);
        }
        Ok(Self { debtors, by_id, by_name, is_own: true })
    }

    /// Every debtor that the ledger has to have, named itself or as `same_as`, with its line.
    pub fn expected(&self) -> impl Iterator<Item = (u64, &str)> {
        let both = |facts| {
            let DebtorFacts { debtor, same_as, line, .. }: &DebtorFacts = facts;
            [(*line, debtor.as_str()), (*line, same_as.as_str())]
        };
        let all = self.debtors.iter().flat_map(both).filter(|(_, name)| !name.is_empty());
        all.filter(|_| self.is_own)
    }

    /// Pairs of debtors that the user declares to be one: whom, and who it really is.
    pub fn merges(&self) -> impl Iterator<Item = (&str, &str)> {
        let merges = self.debtors.iter().filter(|facts| !facts.same_as.is_empty());
        merges.map(|facts| (facts.debtor.as_str(), facts.same_as.as_str()))
    }

    /// What the user says of the debtor with this id or one of these names.
    pub fn facts<'n>(
        &self,
        id: &str,
        mut names: impl Iterator<Item = &'n str>,
    ) -> Option<&DebtorFacts> {
        if self.debtors.is_empty() {
            return None;
        }
        let by_id = self.by_id.get(id);
        let at = by_id.or_else(|| names.find_map(|name| self.by_name.get(&folded(name))));
        at.map(|&at| &self.debtors[at])
    }
}

/// An amount of the file, a point before its decimals.
fn amount(cell: &str, column: &str, line: u64) -> Result<String, String> {
    if cell.is_empty() {
        return Ok(String::new());
    }
    let plain = cell.replace(',', "");
    let number: Result<rust_decimal::Decimal, _> = plain.parse();
    match number {
        Ok(number) if !number.is_sign_negative() => Ok(number.to_string()),
        _ => {
            Err(format!("line {line}, {column}: expected an amount such as 250000, found '{cell}'"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<DebtorMaster, String> {
        let sheet = read_text("d.csv", text.as_bytes()).expect("text").sheet;
        DebtorMaster::of_sheet(&sheet)
    }

    #[test]
    fn a_debtor_is_found_by_id_or_by_any_spelling_of_its_name() {
        let master = read("debtor,group,government,limit\nNorth Mill Ltd,Mills,no,\"250,000\"\n")
            .expect("reads");
        let facts = master.facts("7", ["NORTH MILL LTD."].into_iter()).expect("found");
        assert_eq!((facts.group.as_str(), facts.limit.as_str()), ("Mills", "250000"));
        assert_eq!(facts.government, Some(false));
        assert!(master.facts("7", ["South Mill"].into_iter()).is_none());
    }

    #[test]
    fn a_wrong_cell_is_named_with_its_line() {
        for (text, error) in [
            ("debtor,colour\n", "no column is called 'colour'"),
            ("group\nx\n", "has no column debtor"),
            ("debtor,government\nA,perhaps\n", "line 2, government: expected yes or no"),
            ("debtor,limit\nA,much\n", "line 2, limit: expected an amount"),
            ("debtor,group\n,x\n", "line 2: the debtor is empty"),
        ] {
            let found = read(text).map(|_| ()).expect_err(text);
            assert!(found.contains(error), "{found}");
        }
    }
}
