use std::io::Write;
use std::ops::Range;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};

use basics::Money;
use words::{Facts, say, say_with};

use super::super::ReportError;
use super::sheet::{Cell, Column, Section, Table};
use app::PortfolioReport;

/// The most rows of a table in a workbook; `portfolio.json` has all of them.
const MOST_ROWS: usize = 100_000;

/// The height of one line of a heading, in points.
const HEADING: f64 = 15.0;

/// Writes `portfolio.xlsx`: a sheet for each section, its tables below each other, typed cells,
/// and formulas where a reader would expect a sum.
///
/// # Errors
/// If the workbook cannot be built or `out` cannot be written to.
pub fn portfolio_xlsx(
    report: &PortfolioReport,
    sections: &[Section],
    mut out: impl Write,
) -> Result<(), ReportError> {
    let title = say_with("portfolio_page.workbook", &Facts::new().with("date", report.as_of));
    workbook(&title, sections, &mut out)
}

/// Writes a workbook with a sheet for each section.
///
/// # Errors
/// If the workbook cannot be built or `out` cannot be written to.
pub(crate) fn workbook(
    title: &str,
    sections: &[Section],
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let failed = |error: XlsxError| ReportError::Text(format!("writing XLSX: {error}"));
    let mut workbook = Workbook::new();
    let day = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
    // No clock: the same report gives the same bytes.
    let properties =
        rust_xlsxwriter::DocProperties::new().set_title(title).set_creation_datetime(&day);
    workbook.set_properties(&properties);
    for section in sections {
        let sheet = workbook.add_worksheet();
        written(sheet, section).map_err(failed)?;
    }
    let bytes = workbook.save_to_buffer().map_err(failed)?;
    Ok(out.write_all(&bytes)?)
}

struct Formats {
    title: Format,
    head: Format,
    head_number: Format,
    amount: [Format; 4],
    sum: [Format; 4],
    count: Format,
    share: Format,
    number: [Format; 5],
    day: Format,
    note: Format,
}

impl Formats {
    fn new() -> Self {
        let decimals = |count: usize| match count {
            0 => "#,##0".to_owned(),
            _ => format!("#,##0.{}", "0".repeat(count)),
        };
        let amount = |count: usize| Format::new().set_num_format(decimals(count));
        let bold =
            |format: Format| format.set_bold().set_border_top(rust_xlsxwriter::FormatBorder::Thin);
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_border_bottom(rust_xlsxwriter::FormatBorder::Thin);
        Self {
            title: Format::new().set_bold().set_font_size(12),
            // Numbers stand at the right by themselves, their headings do not.
            head_number: head.clone().set_align(rust_xlsxwriter::FormatAlign::Right),
            head,
            amount: std::array::from_fn(amount),
            sum: std::array::from_fn(|count| bold(amount(count))),
            count: Format::new().set_num_format("#,##0"),
            share: Format::new().set_num_format("0.00%"),
            number: std::array::from_fn(amount),
            // A day is a number too and would stand at the right, far from the texts beside it.
            day: Format::new()
                .set_num_format("yyyy-mm-dd")
                .set_align(rust_xlsxwriter::FormatAlign::Left),
            note: Format::new().set_italic(),
        }
    }
}

fn written(sheet: &mut Worksheet, section: &Section) -> Result<(), XlsxError> {
    let formats = Formats::new();
    // The key and not the title: the name of a sheet has at most 31 characters.
    sheet.set_name(section.key)?;
    // One page wide and as many high as it takes.
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    let mut row = 0;
    sheet.write_with_format(row, 0, &section.title, &formats.title)?;
    row += 1;
    for note in &section.notes {
        sheet.write_with_format(row, 0, note, &formats.note)?;
        row += 1;
    }
    let widths = widths(section);
    for (column, width) in (0..).zip(&widths) {
        sheet.set_column_width(column, *width)?;
    }
    for (index, table) in section.tables.iter().enumerate() {
        row += 1;
        row = table_at(sheet, table, row, &formats, &widths)?;
        if index == 0 && section.tables.len() == 1 {
            // The only table's header stays in sight.
            let header = row_of_header(section);
            sheet.set_freeze_panes(header + 1, 1)?;
        }
    }
    // Of several headers none can stay in sight; the title does.
    if section.tables.len() > 1 {
        sheet.set_freeze_panes(1, 1)?;
    }
    Ok(())
}

/// The row of the first table's headings: above it are title, notes, a blank row and the table's
/// own title.
fn row_of_header(section: &Section) -> u32 {
    u32::try_from(section.notes.len()).unwrap_or(0) + 3
}

/// The width of each column in characters: that of its longest cell and heading word in any table,
/// because all tables of a sheet share their columns.
fn widths(section: &Section) -> Vec<f64> {
    let columns = section.tables.iter().map(|table| table.columns.len()).max().unwrap_or(0);
    let width = |column: usize| {
        let tables = section.tables.iter().filter(|table| column < table.columns.len());
        let longest = tables.flat_map(|table| {
            // The first rows are enough for a width; a table may have a hundred thousand.
            let cells = table.rows.iter().take(200).map(move |row| length(&row[column]));
            let words = table.columns[column].title.split_whitespace();
            cells.chain(words.map(|word| word.chars().count()))
        });
        longest.max().unwrap_or(8).clamp(9, 42) as f64 + 1.5
    };
    (0..columns).map(width).collect()
}

fn length(cell: &Cell) -> usize {
    match cell {
        Cell::Text(text) => text.chars().count(),
        Cell::Amount(amount) => amount.grouped().len(),
        // With room for the separators of thousands.
        Cell::Count(count) => count.to_string().len() + 3,
        Cell::Share(_) | Cell::Number(..) => 9,
        Cell::Day(_) => 11,
        Cell::None => 1,
    }
}

/// The number of lines that the headings of a table take in columns of these widths.
fn lines(table: &Table, widths: &[f64]) -> f64 {
    let of =
        |(column, width): (&Column, &f64)| (column.title.chars().count() as f64 / width).ceil();
    table.columns.iter().zip(widths).map(of).fold(1.0, f64::max)
}

fn table_at(
    sheet: &mut Worksheet,
    table: &Table,
    mut row: u32,
    formats: &Formats,
    widths: &[f64],
) -> Result<u32, XlsxError> {
    sheet.write_with_format(row, 0, &table.title, &formats.title)?;
    row += 1;
    sheet.set_row_height(row, HEADING * lines(table, widths))?;
    for (at, column) in (0..).zip(&table.columns) {
        let is_text =
            table.rows.iter().any(|cells| matches!(cells[usize::from(at)], Cell::Text(_)));
        let format = if is_text { &formats.head } else { &formats.head_number };
        sheet.write_with_format(row, at, &column.title, format)?;
    }
    row += 1;
    let first = row;
    for cells in table.rows.iter().take(MOST_ROWS) {
        for (at, cell) in (0..).zip(cells) {
            write_cell(sheet, (row, at), cell, formats)?;
        }
        row += 1;
    }
    if table.has_sums() {
        sheet.write_with_format(row, 0, say("portfolio_page.total"), &formats.sum[0])?;
        for at in 0..table.columns.len() {
            if let Some(sum) = table.sum(at) {
                sum_cell(sheet, first..row, u16::try_from(at).unwrap_or(0), &sum, formats)?;
            }
        }
        row += 1;
    }
    Ok(row)
}

/// Writes a sum as a formula, with its value for readers that do not compute.
fn sum_cell(
    sheet: &mut Worksheet,
    rows: Range<u32>,
    column: u16,
    sum: &Cell,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let name = rust_xlsxwriter::utility::column_number_to_name(column);
    let Range { start: first, end: row } = rows;
    // Formulas count rows from 1, so the exclusive end is the number of the last row.
    let formula = format!("=SUM({name}{}:{name}{row})", first + 1);
    let (result, format) = match sum {
        Cell::Amount(amount) => (amount.to_string(), &formats.sum[digits(*amount)]),
        Cell::Count(count) => (count.to_string(), &formats.sum[0]),
        // `Table::sum` gives no other kind of cell.
        _ => return Ok(()),
    };
    let formula = Formula::new(formula).set_result(result);
    sheet.write_with_format(row, column, formula, format)?;
    Ok(())
}

fn digits(amount: Money) -> usize {
    amount.currency().digits().min(3) as usize
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) => sheet.write(row, column, text)?,
        Cell::Count(count) => {
            // A count of rows is far below 2^53.
            sheet.write_with_format(row, column, *count as f64, &formats.count)?
        }
        Cell::Amount(amount) => {
            let format = &formats.amount[digits(*amount)];
            // Excel has no decimals; the exact amount is in the JSON.
            sheet.write_with_format(row, column, amount.to_f64(), format)?
        }
        Cell::Share(share) => sheet.write_with_format(row, column, *share, &formats.share)?,
        Cell::Number(number, decimals) => {
            sheet.write_with_format(row, column, *number, &formats.number[(*decimals).min(4)])?
        }
        Cell::Day(day) => {
            let day = ExcelDateTime::parse_from_str(&day.to_string())?;
            sheet.write_with_format(row, column, &day, &formats.day)?
        }
        Cell::None => return Ok(()),
    };
    Ok(())
}
