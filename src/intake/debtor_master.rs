//! The user's own file about debtors: which of them are the same, the groups they belong to, and
//! facts that the ledger does not hold.

use std::collections::HashMap;

use rust_decimal::Decimal;

use basics::{Amount, DebtorFact, DebtorFacts, folded};
use sheet::{FileError, Sheet};

use super::error::IntakeError;
use super::field::bare;
use super::guidance::DebtorFile;
use super::known_columns::read_text;
use super::shown::shown;

/// A row of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct DebtorRow {
    /// Id or name of the debtor, as in the ledger.
    debtor: String,
    /// The facts that the user states about it.
    facts: DebtorFacts,
    /// Line of the file.
    line: u64,
}

/// The debtor file; empty without one.
#[derive(Debug, Default)]
pub struct DebtorMaster {
    debtors: Vec<DebtorRow>,
    /// The first row of each id.
    by_id: HashMap<String, usize>,
    /// The first row of each spelling of a name.
    by_name: HashMap<String, usize>,
    /// True if the file is only about the debtors of this ledger.
    is_own: bool,
}

/// The column that names the debtor, with its other names.
const DEBTOR: (&str, &[&str]) = ("debtor", &["debtor_id", "debtor_name", "customer", "name"]);

impl DebtorMaster {
    /// Reads the file: a header row with `debtor` and any of the other columns, one row per debtor.
    ///
    /// # Errors
    /// If the file cannot be read, or with [`IntakeError::Debtors`] if it has no `debtor` column,
    /// an unknown column or a cell of the wrong form; the message names line, column and value.
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
        let header = rows.next().ok_or("is empty; expected a header row with a 'debtor' column")?;
        let facts = DebtorFacts::COLUMNS.iter().map(|column| (column.name, column.others));
        let known: Vec<(&str, &[&str])> = std::iter::once(DEBTOR).chain(facts).collect();
        let mut columns = vec![None; known.len()];
        for (at, _, text) in header.cells() {
            let named = known.iter().position(|(name, others)| {
                bare(name) == bare(text) || others.iter().any(|other| bare(other) == bare(text))
            });
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let named = named.ok_or_else(|| {
                format!("unknown column '{}'; expected one of: {}", shown(text), names.join(", "))
            })?;
            columns[named] = Some(at);
        }
        if columns[0].is_none() {
            return Err("has no 'debtor' column".to_owned());
        }
        let mut debtors = Vec::new();
        for row in rows {
            let text = |at: usize| columns[at].map_or("", |column: usize| row.text(column));
            if text(0).is_empty() {
                return Err(format!("line {}: debtor is empty", row.line));
            }
            let mut facts = DebtorFacts::default();
            for (at, column) in DebtorFacts::COLUMNS.iter().enumerate() {
                let cell = text(at + 1);
                if !cell.is_empty() {
                    let fault = |what| format!("line {}, {}: {what}", row.line, column.name);
                    take((column.fact)(&mut facts), cell).map_err(fault)?;
                }
            }
            debtors.push(DebtorRow { debtor: text(0).to_owned(), facts, line: row.line });
        }
        let (mut by_id, mut by_name) = (HashMap::new(), HashMap::new());
        for (at, row) in debtors.iter().enumerate() {
            by_id.entry(row.debtor.clone()).or_insert(at);
            by_name.entry(folded(&row.debtor)).or_insert(at);
        }
        Ok(Self { debtors, by_id, by_name, is_own: true })
    }

    /// Every debtor that should be in the ledger, named itself or as `same_as`, with its line.
    pub fn expected(&self) -> impl Iterator<Item = (u64, &str)> {
        let both = |row| {
            let DebtorRow { debtor, facts, line }: &DebtorRow = row;
            let real = facts.same_as.as_deref().unwrap_or_default();
            [(*line, debtor.as_str()), (*line, real)]
        };
        let all = self.debtors.iter().flat_map(both).filter(|(_, name)| !name.is_empty());
        all.filter(|_| self.is_own)
    }

    /// Pairs of debtors that the user declares to be one: an alias, and the debtor it really is.
    pub fn merges(&self) -> impl Iterator<Item = (&str, &str)> {
        let merges = self.debtors.iter().map(|row| (&row.debtor, &row.facts.same_as));
        merges.filter_map(|(debtor, same_as)| Some((debtor.as_str(), same_as.as_deref()?)))
    }

    /// The facts that the user states about the debtor with this id or one of these names.
    pub fn facts<'n>(
        &self,
        id: &str,
        mut names: impl Iterator<Item = &'n str>,
    ) -> Option<&DebtorFacts> {
        if self.debtors.is_empty() {
            return None;
        }
        // An id outranks a name here as in the rows of the ledger.
        let by_id = self.by_id.get(id);
        let at = by_id.or_else(|| names.find_map(|name| self.by_name.get(&folded(name))));
        at.map(|&at| &self.debtors[at].facts)
    }
}

/// Sets a fact from its cell; the error says what was expected.
fn take(fact: DebtorFact<'_>, cell: &str) -> Result<(), String> {
    match fact {
        DebtorFact::Text(text) => *text = Some(cell.to_owned()),
        DebtorFact::Flag(flag) => {
            let said = super::cell::flag(cell);
            *flag = Some(said.map_err(|_| format!("expected yes or no, found '{cell}'"))?);
        }
        // The decimal mark is a point here, whatever the ledger uses: this file is written by hand.
        DebtorFact::Amount(amount) => match cell.replace(',', "").parse::<Decimal>() {
            Ok(number) if !number.is_sign_negative() => *amount = Some(Amount(number)),
            _ => return Err(format!("expected an amount such as 250000, found '{cell}'")),
        },
    }
    Ok(())
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
        assert_eq!(facts.group.as_deref(), Some("Mills"));
        assert_eq!(facts.limit.map(|limit| limit.to_string()).as_deref(), Some("250000"));
        assert_eq!(facts.government, Some(false));
        assert!(master.facts("7", ["South Mill"].into_iter()).is_none());
    }

    #[test]
    fn a_wrong_cell_is_named_with_its_line() {
        for (text, error) in [
            ("debtor,colour\n", "unknown column 'colour'"),
            ("group\nx\n", "has no 'debtor' column"),
            ("debtor,government\nA,perhaps\n", "line 2, government: expected yes or no"),
            ("debtor,limit\nA,much\n", "line 2, limit: expected an amount"),
            ("debtor,group\n,x\n", "line 2: debtor is empty"),
        ] {
            let found = read(text).map(|_| ()).expect_err(text);
            assert!(found.contains(error), "{found}");
        }
    }
}
