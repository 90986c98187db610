use std::io::Write;

use serde_json::{Value, json};

use super::super::ReportError;
use super::sheet::{Cell, Section, Table};
use app::PortfolioReport;

/// The version of the document's shape.
const FORMAT: &str = "factorage.portfolio/1";

/// Writes `portfolio.json`: one key per section, in it one key per table, which is a list of rows,
/// one per line; a column is a member of each row. Amounts are decimal texts beside a currency,
/// shares numbers from 0 to 1, days ISO dates, and what is not defined is null. Rows are written
/// one by one, so that memory does not grow with the document.
///
/// # Errors
/// If `out` cannot be written to.
pub fn portfolio_json(
    report: &PortfolioReport,
    sections: &[Section],
    mut out: impl Write,
) -> Result<(), ReportError> {
    let out = &mut out;
    write!(out, "{{\n \"format\": \"{FORMAT}\",\n \"as_of\": \"{}\",\n", report.as_of)?;
    writeln!(out, " \"match_rule\": {},", json!(report.match_rule))?;
    let failures = report.failures.iter();
    let failures: Vec<Value> =
        failures.map(|f| json!({ "client": f.client, "reason": f.reason })).collect();
    write!(out, " \"failed\": {}", Value::Array(failures))?;
    for section in sections {
        // Keys are the program's own words, which need no escaping.
        write!(out, ",\n \"{}\": {{\n  \"notes\": {}", section.key, json!(section.notes))?;
        for table in &section.tables {
            write!(out, ",\n  \"{}\": [", table.key)?;
            for (index, cells) in table.rows.iter().enumerate() {
                write!(out, "{}\n   ", if index == 0 { "" } else { "," })?;
                row(table, cells, out)?;
            }
            write!(out, "\n  ]")?;
        }
        write!(out, "\n }}")?;
    }
    Ok(writeln!(out, "\n}}")?)
}

fn row(table: &Table, cells: &[Cell], out: &mut impl Write) -> Result<(), ReportError> {
    for (index, (column, cell)) in table.columns.iter().zip(cells).enumerate() {
        let start = if index == 0 { "{" } else { ", " };
        write!(out, "{start}\"{}\": {}", column.key, value(cell))?;
    }
    Ok(write!(out, "}}")?)
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => json!(text),
        Cell::Count(count) => json!(count),
        Cell::Amount(amount) => json!(amount.to_string()),
        // Digits beyond a billionth are noise of the computation.
        Cell::Share(number) | Cell::Number(number, _) => json!((number * 1e9).round() / 1e9),
        Cell::Day(day) => json!(day.to_string()),
        Cell::None => Value::Null,
    }
}
