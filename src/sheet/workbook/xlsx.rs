//! XLSX and XLSM: a zip archive of XML parts that refer to each other by relationships.

mod book;
mod references;
mod styles;
mod worksheet;

use std::collections::{HashMap, HashSet};
use std::io::Read;

use super::super::archive::Package;
use super::super::{Sheet, SheetError};
use super::grid::{Budget, Grid};
use super::strings::SharedStrings;
use super::xml::{Node, Xml, attribute};
use book::SheetEntry;
use references::Shared;

const ROOT_RELATIONS: &str = "_rels/.rels";
const USUAL_WORKBOOKS: [&str; 2] = ["xl/workbook.xml", "xl/workbook.bin"];

/// The most relationships of a part.
const MAX_RELATIONS: usize = 100_000;

/// A relationship: the last segment of its type, and the name of the part to which it leads.
struct Relation {
    kind: String,
    part: String,
}

/// Returns true if the archive has the parts of a workbook.
pub(super) fn is_xlsx(package: &Package<'_>) -> bool {
    package.has(ROOT_RELATIONS) || USUAL_WORKBOOKS.iter().any(|part| package.has(part))
}

/// Reads the worksheets of the workbook.
///
/// # Errors
/// As `read_workbook`.
pub(super) fn read(
    package: &mut Package<'_>,
    budget: &mut Budget,
) -> Result<Vec<Sheet>, SheetError> {
    let path = workbook_part(package)?;
    if path.rsplit_once('.').is_some_and(|(_, extension)| extension == "bin") {
        let problem = "it is a binary workbook (XLSB); save it as XLSX";
        return Err(SheetError::NoTable(problem.to_owned()));
    }
    let relations = relations(package, &path)?;
    let mut book = book::read(open(package, &path)?)?;
    let entries = std::mem::take(&mut book.sheets);
    if entries.is_empty() {
        return Err(SheetError::NoTable("it lists no worksheets".to_owned()));
    }
    // By kind and not by name, as programs other than Excel choose names of their own.
    let of_kind = |kind: &str| relations.values().find(|relation| relation.kind == kind);
    let strings = match of_kind("sharedStrings") {
        Some(relation) if package.has(&relation.part) => {
            worksheet::shared_strings(open(package, &relation.part)?)?
        }
        _ => SharedStrings::default(),
    };
    let dates = match of_kind("styles") {
        Some(relation) if package.has(&relation.part) => {
            styles::read(open(package, &relation.part)?)?
        }
        _ => Vec::new(),
    };
    let shared = Shared { strings, dates, book };
    worksheets(package, &entries, &relations, &shared, budget)
}

fn worksheets(
    package: &mut Package<'_>,
    entries: &[SheetEntry],
    relations: &HashMap<String, Relation>,
    shared: &Shared,
    budget: &mut Budget,
) -> Result<Vec<Sheet>, SheetError> {
    let mut seen = HashSet::new();
    let mut sheets = Vec::new();
    for SheetEntry { name, relation, hidden } in entries {
        let Some(relation) = relations.get(relation) else {
            let problem = format!("worksheet `{name}` does not refer to a part of the file");
            return Err(SheetError::Damaged(problem));
        };
        // Chart and dialogue sheets have no cells.
        if relation.kind != "worksheet" {
            continue;
        }
        // Thousands of worksheets that share one large part would take hours to read.
        if !seen.insert(relation.part.to_lowercase()) {
            let problem = format!("two worksheets refer to the part {}", relation.part);
            return Err(SheetError::Damaged(problem));
        }
        let mut grid = Grid::new(name, *hidden, budget);
        worksheet::read(open(package, &relation.part)?, shared, &mut grid)?;
        sheets.push(grid.finish());
    }
    Ok(sheets)
}

fn open<'p>(package: &'p mut Package<'_>, path: &str) -> Result<Xml<impl Read + 'p>, SheetError> {
    let missing = || SheetError::Damaged(format!("its part {path} is missing"));
    Ok(Xml::new(package.part(path)?.ok_or_else(missing)?))
}

fn workbook_part(package: &mut Package<'_>) -> Result<String, SheetError> {
    if package.has(ROOT_RELATIONS) {
        let relations = relations(package, "")?;
        let main = relations.into_values().find(|relation| relation.kind == "officeDocument");
        if let Some(Relation { part, .. }) = main {
            return Ok(part);
        }
    }
    let usual = USUAL_WORKBOOKS.into_iter().find(|part| package.has(part));
    // If that part is missing too, the error names it.
    Ok(usual.unwrap_or(USUAL_WORKBOOKS[0]).to_owned())
}

/// Reads the relationships of a part, by identifier; with an empty name, those of the whole
/// package.
fn relations(
    package: &mut Package<'_>,
    part: &str,
) -> Result<HashMap<String, Relation>, SheetError> {
    let (directory, file) = part.rsplit_once('/').unwrap_or(("", part));
    let mut xml = open(package, &resolve(directory, &format!("_rels/{file}.rels")))?;
    let mut relations = HashMap::new();
    loop {
        let node = xml.next()?;
        let Node::Open(element) = node else {
            if matches!(node, Node::End) {
                return Ok(relations);
            }
            continue;
        };
        let kind = attribute(&element, "Type")?;
        let target = attribute(&element, "Target")?;
        let id = attribute(&element, "Id")?;
        if let (Some(id), Some(kind), Some(target)) = (id, kind, target) {
            // The last segment only: the strict variant of the format has other namespaces.
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            let relation = Relation { kind, part: resolve(directory, &target) };
            relations.insert(id.into_owned(), relation);
        }
        if relations.len() > MAX_RELATIONS {
            let problem = format!("a part has more than {MAX_RELATIONS} relationships");
            return Err(SheetError::Damaged(problem));
        }
    }
}

/// The name of the part to which `target` leads from `directory`.
fn resolve(directory: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let base = if target.starts_with('/') { "" } else { directory };
    let mut steps: Vec<&str> = Vec::new();
    for step in base.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}
