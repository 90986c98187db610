use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use basics::OutOfRange;
use basics::handwritten::{Conflict, Reading, Tree};

use super::super::field::{Field, bare};
use super::super::notation::{DateOrder, Decimal};
use super::mapping_error::MappingError;
use super::{DocumentKind, Layout, StatusKind, TableKind};

/// One spelling or several.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
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

/// A layout in the form of its file.
#[derive(Debug, Deserialize, JsonSchema)]
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
    sub_customers: Option<String>,
    #[serde(default)]
    tracking: Vec<[String; 2]>,
    date_order: Option<DateOrder>,
    decimal: Option<Decimal>,
    #[schemars(schema_with = "columns")]
    columns: BTreeMap<String, Spellings>,
    #[serde(default)]
    #[schemars(schema_with = "document_types")]
    document_types: BTreeMap<String, Spellings>,
    #[serde(default)]
    #[schemars(schema_with = "statuses")]
    statuses: BTreeMap<String, Spellings>,
}

fn mapping() -> String {
    "mapping".to_owned()
}

impl FromStr for Layout {
    type Err = MappingError;

    /// Reads a layout or a user's mapping file.
    ///
    /// # Errors
    /// If the text is not TOML, has unknown keys or values, or maps no column; all faults are
    /// listed.
    fn from_str(text: &str) -> Result<Self, MappingError> {
        let reading = Reading::<LayoutFile>::of(Tree::toml(text)?);
        let reading = reading.hold(LayoutFile::names_none).hold(LayoutFile::splits_at_nothing);
        let file = reading.finish()?;
        let mut columns = Vec::new();
        let mut buckets = Vec::new();
        for (name, spellings) in &file.columns {
            match Field::by_name(name) {
                Some(field) => columns.push((field, spellings.bare())),
                // `buckets`: the schema allows no other name that is no field.
                None => buckets = spellings.bare(),
            }
        }
        // Two fields may list the same spelling; the one earlier in the enum is the more important
        // and takes the column.
        columns.sort_by_key(|(field, _)| *field);
        let document_types = words(&file.document_types, DocumentKind::by_name);
        let statuses = words(&file.statuses, StatusKind::by_name);
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
            sub_customers: file.sub_customers,
            tracking: file
                .tracking
                .iter()
                .map(|pair| pair.each_ref().map(|name| bare(name)))
                .collect(),
            date_order: file.date_order,
            decimal: file.decimal,
            columns,
            buckets,
            document_types,
            statuses,
        })
    }
}

impl LayoutFile {
    /// A conflict if no column is mapped.
    fn names_none(&self) -> Vec<Conflict> {
        if self.columns.keys().any(|name| Field::by_name(name).is_some()) {
            return Vec::new();
        }
        let expected = "lines such as invoice_number = \"Doc. No.\"";
        vec![OutOfRange::new("columns", "no column", expected).into()]
    }

    /// A conflict if the mark before sub-customers is empty.
    fn splits_at_nothing(&self) -> Vec<Conflict> {
        let empty = self.sub_customers.as_deref().is_some_and(|mark| mark.trim().is_empty());
        let conflict = || OutOfRange::new("sub_customers", "no mark", "a mark such as \":\"");
        empty.then(|| conflict().into()).into_iter().collect()
    }
}

/// The kind of each word; names that are not kinds were already refused by the schema.
fn words<K: Copy>(
    of: &BTreeMap<String, Spellings>,
    by_name: fn(&str) -> Option<K>,
) -> HashMap<String, K> {
    let kinds = of.iter().filter_map(|(name, spellings)| Some((by_name(name)?, spellings)));
    kinds
        .flat_map(|(kind, spellings)| spellings.bare().into_iter().map(move |w| (w, kind)))
        .collect()
}

fn columns(generator: &mut SchemaGenerator) -> Schema {
    spelled(generator, Field::all().map(Field::name).chain(["buckets"]))
}

fn document_types(generator: &mut SchemaGenerator) -> Schema {
    spelled(generator, DocumentKind::names())
}

fn statuses(generator: &mut SchemaGenerator) -> Schema {
    spelled(generator, StatusKind::names())
}

/// The schema of a table with these keys, each with its spellings.
fn spelled(
    generator: &mut SchemaGenerator,
    names: impl IntoIterator<Item = &'static str>,
) -> Schema {
    let spellings = generator.subschema_for::<Spellings>().to_value();
    let properties: serde_json::Map<_, _> =
        names.into_iter().map(|name| (name.to_owned(), spellings.clone())).collect();
    json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
}
