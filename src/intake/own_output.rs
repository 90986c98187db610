//! Files that Factorage wrote itself and that are not ledgers.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

use sheet::FileError;

use super::field::bare;

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

/// A kind of file that Factorage writes.
#[derive(Debug, Clone, Deserialize)]
pub struct Output {
    what: String,
    instead: String,
}

impl Output {
    /// The error for a file of this kind.
    pub fn refused(&self, file: &str) -> FileError {
        FileError::OwnOutput {
            file: file.to_owned(),
            what: self.what.clone(),
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
    HEADERS.iter().find(fits).map(|(_, output)| *output)
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
    fn a_foreign_table_is_none_of_ours() {
        assert!(of_header(&["client", "number", "date", "amount", "currency"]).is_none());
        assert!(of_members(&[("invoices".to_owned(), "[]"), ("format".to_owned(), "1")]).is_none());
    }
}
