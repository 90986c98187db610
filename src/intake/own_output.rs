//! Files that Factorage wrote itself and that are not ledgers.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

use sheet::FileError;

use super::confirmation_columns::CONFIRMATION_COLUMNS;
use super::field::bare;
use super::own_column::OwnColumn;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Outputs {
    table: Vec<Table>,
    document: Vec<Document>,
    format: Option<Format>,
}

#[derive(Debug, Deserialize)]
struct Table {
    #[serde(flatten)]
    output: Output,
    headers: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Document {
    #[serde(flatten)]
    output: Output,
    members: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Format {
    #[serde(flatten)]
    output: Output,
    starts: String,
}

/// A kind of file that Factorage writes, or that is written for it.
#[derive(Debug, Clone, Deserialize)]
pub struct Output {
    what: String,
    instead: String,
    /// True if people write it for Factorage.
    #[serde(skip)]
    is_by_hand: bool,
}

impl Output {
    /// The error for a file of this kind.
    pub fn refused(&self, file: &str) -> FileError {
        FileError::OwnOutput {
            file: file.to_owned(),
            what: if self.is_by_hand {
                self.what.clone()
            } else {
                format!("{} that Factorage wrote", self.what)
            },
            instead: self.instead.clone(),
        }
    }
}

static OUTPUTS: LazyLock<Outputs> =
    LazyLock::new(|| toml::from_str(include_str!("own_outputs.toml")).unwrap_or_default());

/// The headers of every table, in the form in which names are compared.
static HEADERS: LazyLock<Vec<(Vec<String>, &'static Output)>> = LazyLock::new(|| {
    let compared = |table: &'static Table| {
        (table.headers.iter().map(|cell| bare(cell)).collect(), &table.output)
    };
    OUTPUTS.table.iter().map(compared).collect()
});

/// The kind of output that a table with this header is, if it is one of ours.
pub fn of_header<S: AsRef<str>>(header: &[S]) -> Option<&'static Output> {
    let cells: HashSet<String> = header.iter().map(|cell| bare(cell.as_ref())).collect();
    let fits = |(headers, _): &&(Vec<String>, _)| headers.iter().all(|cell| cells.contains(cell));
    let written = HEADERS.iter().find(fits).map(|(_, output)| *output);
    written.or_else(|| is_of_confirmations(&cells).then_some(&CONFIRMATIONS))
}

/// The file of answers that is given with `--confirmations`.
static CONFIRMATIONS: LazyLock<Output> = LazyLock::new(|| Output {
    what: "a file of confirmations".to_owned(),
    instead: "give it with --confirmations".to_owned(),
    is_by_hand: true,
});

/// True if a header has every column that the file of confirmations needs, under any of its names.
/// A status may stand in any ledger, so the outcome must be called nothing so common.
fn is_of_confirmations(cells: &HashSet<String>) -> bool {
    let called = |own: &OwnColumn| {
        [&[own.name], own.others].concat().iter().any(|name| cells.contains(&bare(name)))
    };
    let has_outcome = ["outcome", "answer"].iter().any(|name| cells.contains(*name));
    has_outcome && CONFIRMATION_COLUMNS.iter().filter(|own| own.required).all(called)
}

/// The kind of output that a JSON document with these members is, if it is one of ours.
pub fn of_members(members: &[(String, &str)]) -> Option<&'static Output> {
    let there = |name: &String| members.iter().any(|(key, _)| key == name);
    let document = OUTPUTS.document.iter().find(|document| document.members.iter().all(there));
    document.map(|document| &document.output).or_else(|| {
        let format = OUTPUTS.format.as_ref()?;
        let start = format!("\"{}", format.starts);
        let says_so = |(key, value): &(String, &str)| key == "format" && value.starts_with(&start);
        members.iter().any(says_so).then_some(&format.output)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_one_and_each_entry_tells_its_file_apart() {
        let outputs: Outputs = toml::from_str(include_str!("own_outputs.toml")).expect("TOML");
        assert!(outputs.table.len() > 15 && outputs.document.len() > 3);
        assert!(outputs.table.iter().all(|table| table.headers.len() >= 4));
        assert!(outputs.format.is_some());
    }

    #[test]
    fn a_file_of_confirmations_is_told_by_its_header_and_named() {
        let full = "client,debtor,invoice,amount,outcome,by,at,how,note,document_sha256".split(',');
        let full: Vec<&str> = full.collect();
        let other = ["Date", "Channel", "Customer", "Number", "Answer", "Person"];
        let required = ["debtor", "invoice", "outcome", "by", "at", "how"];
        for header in [&full[..], &other, &required] {
            let own = of_header(header).unwrap_or_else(|| panic!("{header:?}"));
            let said = own.refused("a.csv").to_string();
            let expected = "a.csv: is not a ledger but a file of confirmations; give it with \
                            --confirmations";
            assert_eq!(said, expected);
        }
        let ledger = ["customer", "number", "date", "amount", "status", "person", "method"];
        for header in [&ledger[..], &other[..5], &required[1..]] {
            assert!(of_header(header).is_none(), "{header:?}");
        }
    }

    #[test]
    fn a_foreign_table_is_none_of_ours() {
        assert!(of_header(&["client", "number", "date", "amount", "currency"]).is_none());
        assert!(of_members(&[("invoices".to_owned(), "[]"), ("format".to_owned(), "1")]).is_none());
    }
}
