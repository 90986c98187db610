//! ODS: a zip archive whose `content.xml` holds all tables.

mod cell;

use std::collections::HashSet;
use std::io::Read;

use quick_xml::events::BytesStart;

use super::super::archive::Package;
use super::super::{CellKind, MAX_COLUMNS, Sheet, SheetError};
use super::grid::{Budget, Grid, MAX_ROWS};
use super::xml::{Node, Xml, attribute, count};
use super::{MAX_SHEETS, too_many_sheets};
use cell::Value;

const CONTENT: &str = "content.xml";

/// Returns true if the archive has the parts of an OpenDocument file, encrypted or not.
pub(super) fn is_ods(package: &Package<'_>) -> bool {
    package.has(CONTENT) || package.has("encrypted-package")
}

/// Reads the worksheets of the document.
///
/// # Errors
/// As `read_workbook`.
pub(super) fn read(
    package: &mut Package<'_>,
    budget: &mut Budget,
) -> Result<Vec<Sheet>, SheetError> {
    if is_encrypted(package)? {
        return Err(SheetError::Encrypted);
    }
    let missing = || SheetError::Damaged(format!("its part {CONTENT} is missing"));
    let mut xml = Xml::new(package.part(CONTENT)?.ok_or_else(missing)?);
    let mut sheets = None;
    let mut hidden_styles = HiddenStyles::default();
    loop {
        match xml.next()? {
            Node::Open(element) => match element.name().into_inner() {
                // Styles stand before the tables that name them.
                "style:style" | "style:table-properties" => hidden_styles.note(&element)?,
                "office:spreadsheet" => drop(sheets.get_or_insert_with(Vec::new)),
                "table:table" if let Some(sheets) = &mut sheets => {
                    let name = attribute(&element, "table:name")?.unwrap_or_default().into_owned();
                    let hidden = hidden_styles.hide(&element)?;
                    let mut grid = Grid::new(&name, hidden, budget);
                    read_table(&mut xml, &mut grid)?;
                    sheets.push(grid.finish());
                    if sheets.len() > MAX_SHEETS {
                        return Err(too_many_sheets());
                    }
                }
                _ => {}
            },
            Node::End => break,
            _ => {}
        }
    }
    let no_spreadsheet =
        || SheetError::NoTable("it is an OpenDocument file but not a spreadsheet".to_owned());
    sheets.ok_or_else(no_spreadsheet)
}

fn is_encrypted(package: &mut Package<'_>) -> Result<bool, SheetError> {
    if package.has("encrypted-package") {
        return Ok(true);
    }
    let Some(manifest) = package.part("META-INF/manifest.xml")? else { return Ok(false) };
    let mut xml = Xml::new(manifest);
    loop {
        match xml.next()? {
            Node::Open(element) if element.local_name().into_inner() == "encryption-data" => {
                return Ok(true);
            }
            Node::End => return Ok(false),
            _ => {}
        }
    }
}

/// The names of styles that hide their tables.
#[derive(Default)]
struct HiddenStyles {
    current: String,
    hidden: HashSet<String>,
}

impl HiddenStyles {
    fn note(&mut self, element: &BytesStart<'_>) -> Result<(), SheetError> {
        if let Some(name) = attribute(element, "style:name")? {
            self.current = name.into_owned();
        } else if attribute(element, "table:display")?.is_some_and(|display| display == "false") {
            self.hidden.insert(std::mem::take(&mut self.current));
        }
        Ok(())
    }

    fn hide(&self, table: &BytesStart<'_>) -> Result<bool, SheetError> {
        let style = attribute(table, "table:style-name")?;
        Ok(style.is_some_and(|style| self.hidden.contains(style.as_ref())))
    }
}

/// Reads the table whose beginning was the last node, to its end.
fn read_table<R: Read>(xml: &mut Xml<R>, grid: &mut Grid<'_>) -> Result<(), SheetError> {
    let outside = xml.depth() - 1;
    let mut next_line = 1;
    while xml.depth() > outside {
        let Node::Open(element) = xml.next()? else { continue };
        match element.name().into_inner() {
            "table:table-row" => {
                let repeated = repeated(&element, "table:number-rows-repeated")?;
                let visibility = attribute(&element, "table:visibility")?;
                // `collapse` is hidden by hand, `filter` by a filter.
                let hidden = visibility.is_some_and(|visibility| visibility != "visible");
                let cells = read_row(xml, grid, next_line)?;
                if !cells.is_empty() {
                    for line in next_line..next_line.saturating_add(repeated) {
                        grid.row(line, hidden)?;
                        put_row(&cells, grid)?;
                    }
                }
                next_line = next_line.saturating_add(repeated);
            }
            "table:table-header-rows" | "table:table-rows" | "table:table-row-group" => {}
            // Shapes, forms, conditions and the like may contain tables and rows of their own.
            _ => xml.skip()?,
        }
    }
    Ok(())
}

/// A cell that is not empty, repeated in this many columns from `column` on.
struct Run {
    column: u64,
    repeated: u64,
    kind: CellKind,
    text: String,
}

/// Reads the row whose beginning was the last node, to its end.
fn read_row<R: Read>(
    xml: &mut Xml<R>,
    grid: &mut Grid<'_>,
    line: u64,
) -> Result<Vec<Run>, SheetError> {
    let outside = xml.depth() - 1;
    let mut column: u64 = 0;
    let mut runs = Vec::new();
    while xml.depth() > outside {
        let Node::Open(element) = xml.next()? else { continue };
        let repeated = match element.name().into_inner() {
            "table:table-cell" => {
                let repeated = repeated(&element, "table:number-columns-repeated")?;
                let value = Value::of(&element)?;
                let (kind, text) = value.read(xml, line)?;
                grid.look_at_cell(text.len())?;
                if !text.trim().is_empty() {
                    if column >= MAX_COLUMNS as u64 {
                        return Err(SheetError::TooManyColumns { line });
                    }
                    runs.push(Run { column, repeated, kind, text });
                }
                repeated
            }
            // The content under a merged cell is not displayed.
            "table:covered-table-cell" => {
                let repeated = repeated(&element, "table:number-columns-repeated")?;
                grid.look_at_cell(0)?;
                xml.skip()?;
                repeated
            }
            _ => {
                xml.skip()?;
                0
            }
        };
        column = column.saturating_add(repeated);
    }
    Ok(runs)
}

fn put_row(runs: &[Run], grid: &mut Grid<'_>) -> Result<(), SheetError> {
    for run in runs {
        for column in run.column..run.column.saturating_add(run.repeated) {
            let column = usize::try_from(column).unwrap_or(MAX_COLUMNS);
            grid.cell(column, run.kind, &run.text)?;
        }
    }
    Ok(())
}

fn repeated(element: &BytesStart<'_>, name: &str) -> Result<u64, SheetError> {
    // Blank cells and rows at the end of a table may be repeated to row 2^20 and beyond, which only
    // means "to the end".
    // One beyond the limit, so that repeated text out there is refused and not cut off.
    Ok(count(element, name)?.unwrap_or(1).clamp(1, MAX_ROWS + 1))
}
