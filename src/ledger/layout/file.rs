use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use serde::Deserialize;
use thiserror::Error;

use super::super::field::{Field, bare};
use super::super::notation::{DateOrder, Decimal};
use super::{DocumentKind, Layout, StatusKind, TableKind};

/// Why a mapping file cannot be used.
#[derive(Debug, Error)]
pub enum MappingError {
    /// Not the TOML that is expected; the text names line and column.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// A name that is not among the known ones.
    #[error("'{found}' is no {what}; expected one of {expected}")]
    Unknown {
        /// What the name should have been.
        what: &'static str,
        /// The name.
        found: String,
        /// The known ones.
        expected: String,
    },
    /// Nothing is mapped.
    #[error("[columns] names no column; expected lines such as invoice_number = \"Doc. No.\"")]
    NoColumn,
}

/// One spelling or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Spellings {
    One(String),
    Several(Vec<String>),
}

impl Spellings {
    fn bare(&self) -> Vec<String> {
        match self {
            Self::One(text) => vec![bare(text)],
            Self::Several(texts) => texts.iter().map(|text| bare(text)).collect(),
        }
    }
}

/// A layout as it stands in its file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutFile {
    #[serde(default = "mapping")]
    name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    table: TableKind,
    #[serde(default)]
    headers: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    titles: Vec<String>,
    #[serde(default)]
    payables: bool,
    #[serde(default)]
    signs_vary: bool,
    date_order: Option<DateOrder>,
    decimal: Option<Decimal>,
    columns: BTreeMap<String, Spellings>,
    #[serde(default)]
    document_types: BTreeMap<String, Spellings>,
    #[serde(default)]
    statuses: BTreeMap<String, Spellings>,
}

fn mapping() -> String {
    "mapping".to_owned()
}

impl FromStr for Layout {
    type Err = MappingError;

    /// Reads a layout or a user's mapping.
    fn from_str(text: &str) -> Result<Self, MappingError> {
        let file: LayoutFile = toml::from_str(text)?;
        let mut columns = Vec::new();
        let mut buckets = Vec::new();
        for (name, spellings) in &file.columns {
            match Field::by_name(name) {
                _ if name == "buckets" => buckets = spellings.bare(),
                Some(field) => columns.push((field, spellings.bare())),
                None => return Err(unknown("column", name, &fields())),
            }
        }
        if columns.is_empty() {
            return Err(MappingError::NoColumn);
        }
        // The same cell may serve two fields of different layouts; the more important takes it.
        columns.sort_by_key(|(field, _)| *field);
        let kinds = "invoice, credit_note, payment, write_off, adjustment, payable, other";
        let document_types =
            words(&file.document_types, "document type", kinds, DocumentKind::by_name)?;
        let states = "void_or_draft, disputed, written_off, paid, assigned";
        let statuses = words(&file.statuses, "status", states, StatusKind::by_name)?;
        let all = |texts: &[String]| texts.iter().map(|text| bare(text)).collect();
        Ok(Self {
            name: file.name,
            title: file.title,
            table: file.table,
            headers: file
                .headers
                .iter()
                .map(|names| names.split('|').map(bare).collect())
                .collect(),
            without: all(&file.without),
            titles: all(&file.titles),
            payables: file.payables,
            signs_vary: file.signs_vary,
            date_order: file.date_order,
            decimal: file.decimal,
            columns,
            buckets,
            document_types,
            statuses,
        })
    }
}

fn words<K: Copy>(
    of: &BTreeMap<String, Spellings>,
    what: &'static str,
    expected: &str,
    by_name: fn(&str) -> Option<K>,
) -> Result<HashMap<String, K>, MappingError> {
    let mut words = HashMap::new();
    for (name, spellings) in of {
        let kind = by_name(name).ok_or_else(|| unknown(what, name, expected))?;
        words.extend(spellings.bare().into_iter().map(|word| (word, kind)));
    }
    Ok(words)
}

fn unknown(what: &'static str, found: &str, expected: &str) -> MappingError {
    MappingError::Unknown { what, found: found.to_owned(), expected: expected.to_owned() }
}

fn fields() -> String {
    let names: Vec<_> = Field::all().map(Field::name).chain(["buckets"]).collect();
    names.join(", ")
}
