use std::io::Write;

use serde_json::{Map, Value, json};

use super::super::ReportError;
use super::PortfolioReport;
use super::sheet::{Cell, Section, Table};

/// Writes `portfolio.json`: one key per section, in it one key per table, which is a list of rows;
/// a column is a member of each row. Amounts are decimal texts beside a currency, shares numbers
/// from 0 to 1, days ISO dates, what is not defined is null.
///
/// # Errors
/// What the writer says.
pub fn portfolio_json(
    report: &PortfolioReport,
    sections: &[Section],
    mut out: impl Write,
) -> Result<(), ReportError> {
    let mut document = Map::new();
    document.insert("format".into(), json!("factorage.portfolio/1"));
    document.insert("as_of".into(), json!(report.as_of.to_string()));
    document.insert("match_rule".into(), json!(report.match_rule));
    let failures = report.failures.iter();
    let failures: Vec<Value> =
        failures.map(|f| json!({ "client": f.client, "reason": f.reason })).collect();
    document.insert("failed".into(), Value::Array(failures));
    for section in sections {
        let mut members = Map::new();
        members.insert("notes".into(), json!(section.notes));
        for table in &section.tables {
            members.insert(table.key.into(), rows(table));
        }
        document.insert(section.key.into(), Value::Object(members));
    }
    serde_json::to_writer_pretty(&mut out, &Value::Object(document))?;
    Ok(out.write_all(b"\n")?)
}

fn rows(table: &Table) -> Value {
    let row = |cells: &Vec<Cell>| {
        let members = table.columns.iter().zip(cells);
        Value::Object(members.map(|(column, cell)| (column.key.clone(), value(cell))).collect())
    };
    Value::Array(table.rows.iter().map(row).collect())
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => json!(text),
        Cell::Count(count) => json!(count),
        Cell::Amount(amount) => json!(amount.to_string()),
        // Below a billionth nothing is meant, and texts stay short.
        Cell::Share(number) | Cell::Number(number, _) => json!((number * 1e9).round() / 1e9),
        Cell::Day(day) => json!(day.to_string()),
        Cell::None => Value::Null,
    }
}
