//! A section as text for a terminal: the figures of `portfolio.json` in aligned columns.

use std::fmt::Write;

use basics::counted;

use words::say;

use super::super::terminal::printable;
use super::html::shown;
use super::sheet::{Cell, Section, Table};

/// The most rows of a table; `portfolio.json` has all of them.
const MOST_ROWS: usize = 25;

/// Widest cell; longer words end in an ellipsis.
const WIDEST: usize = 96;

/// Widest line of a note.
const LINE: usize = 96;

/// Renders a section as text.
pub fn section_text(section: &Section) -> String {
    let mut out = String::new();
    // Writing to a text cannot fail.
    let _ = written(section, &mut out);
    printable(&out)
}

fn written(section: &Section, out: &mut String) -> std::fmt::Result {
    writeln!(out, "\n{}\n{}", section.title, "=".repeat(section.title.chars().count()))?;
    for note in &section.notes {
        wrapped(note, out)?;
    }
    section.tables.iter().try_for_each(|table| table_text(table, out))
}

/// Writes a sentence in lines of at most [`LINE`] characters.
fn wrapped(text: &str, out: &mut String) -> std::fmt::Result {
    let mut used = 0;
    for word in text.split_whitespace() {
        let long = word.chars().count();
        if used > 0 && used + 1 + long > LINE {
            writeln!(out)?;
            used = 0;
        }
        let gap = if used > 0 { " " } else { "" };
        write!(out, "{gap}{word}")?;
        used += gap.len() + long;
    }
    writeln!(out)
}

fn table_text(table: &Table, out: &mut String) -> std::fmt::Result {
    writeln!(out, "\n{}", table.title)?;
    if table.rows.is_empty() {
        return writeln!(out, "  {}", say("portfolio_page.no_rows"));
    }
    let titles: Vec<String> = table.columns.iter().map(|column| column.title.clone()).collect();
    let rows = table.rows.iter().take(MOST_ROWS);
    let mut lines: Vec<Vec<String>> = vec![titles];
    lines.extend(rows.map(|row| row.iter().map(cell_text).collect()));
    if table.has_sums() {
        let sum = |at: usize| match table.sum(at) {
            _ if at == 0 => say("portfolio_page.total"),
            sum => sum.as_ref().map_or(String::new(), cell_text),
        };
        lines.push((0..table.columns.len()).map(sum).collect());
    }
    let columns: Vec<(usize, bool)> = (0..table.columns.len())
        .map(|at| {
            let width = lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
            (width, table.rows.iter().any(|row| matches!(row[at], Cell::Text(_))))
        })
        .collect();
    for line in &lines {
        let mut text = String::new();
        for (cell, (width, is_text)) in line.iter().zip(&columns) {
            if *is_text {
                write!(text, "  {cell:<width$}")?;
            } else {
                write!(text, "  {cell:>width$}")?;
            }
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    match table.rows.len().saturating_sub(MOST_ROWS) {
        0 => Ok(()),
        more => {
            let more = counted(more, "more row", "more rows");
            writeln!(out, "  and {more}; --json and --out DIR have all of them.")
        }
    }
}

/// A cell on one line, cut where it is too wide.
fn cell_text(cell: &Cell) -> String {
    let text = shown(cell);
    if text.chars().count() <= WIDEST {
        return text;
    }
    let kept: String = text.chars().take(WIDEST - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::super::sheet::{column, summed};
    use super::*;

    #[test]
    fn columns_are_aligned_and_long_tables_are_cut() {
        let row = |at: i64| {
            let name = if at == 0 { "One with a long name" } else { "Other" };
            vec![Cell::from(name), Cell::Count(1000 * at), Cell::Share(0.125)]
        };
        let table = Table {
            key: "t",
            title: "A table".to_owned(),
            columns: vec![column("a", "Name"), summed("b", "Count"), column("c", "Share")],
            rows: (0..27).map(row).collect(),
        };
        let section = Section {
            key: "s",
            title: "Section".to_owned(),
            notes: vec!["word ".repeat(30)],
            charts: Vec::new(),
            tables: vec![table],
        };
        let text = section_text(&section);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(&lines[..3], ["", "Section", "======="]);
        assert!(lines.iter().all(|line| line.chars().count() <= LINE), "{text}");
        assert!(text.contains("\n  Name                    Count    Share\n"), "{text}");
        assert!(text.contains("\n  One with a long name        0  12.50 %\n"), "{text}");
        assert!(text.contains("\n  Other                  24,000  12.50 %\n"), "{text}");
        assert!(text.contains("\n  Total                 351,000\n"), "{text}");
        assert!(text.ends_with("  and 2 more rows; --json and --out DIR have all of them.\n"));
    }
}
