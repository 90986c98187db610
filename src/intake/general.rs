//! Files of any layout: finds the tables in their sheets and the documents in the tables.

use std::sync::Arc;

use chrono::NaiveDate;

use basics::counted;
use sheet::{FileError, Input, Numbers, Opened, Progress, Sheet, by_name, open};

use super::batch::{Batch, RowReader};
use super::documents::{Reading, TablesRead, read_table};
use super::field::Field;
use super::known_columns::KnownColumns;
use super::layout::{self, Layout, TableKind, starter};
use super::notation::find_date_in;
use super::note::{Note, warning};
use super::reject::check_count;
use super::shown::{shown, shown_header};
use super::table::{
    Check, Notation, Recognised, Table, classify, has_running_balance, recognise, sections,
};
use super::unit;
use super::{FileRead, IngestOptions, IntakeError, IntakeNotes, Shard};

/// The most differing totals of one file that are named one by one.
const NAMED: usize = 50;

/// Reads every file by its own layout.
pub fn read(
    inputs: &[Input],
    options: &IngestOptions,
    progress: Progress<'_>,
) -> Result<Vec<(Arc<str>, FileRead)>, IntakeError> {
    let chosen = chosen_layout(options)?;
    let mut files = Vec::new();
    for input in inputs {
        let (several, others) = open(input, &KnownColumns)?;
        let alone = several.len() + others.len() == 1;
        let mut strays: Vec<IntakeError> = others.into_iter().map(IntakeError::from).collect();
        let before = files.len();
        for mut opened in several {
            progress(opened.bytes);
            let index = u16::try_from(files.len()).map_err(|_| IntakeError::TooManyFiles)?;
            let read = match opened.refused.take() {
                Some(refused) => Err(refused.into()),
                None => read_file(&opened, index, chosen.as_ref(), options),
            };
            match read {
                Ok(file) => files.push((Arc::clone(&opened.name), file)),
                // Other files may be beside the ledger in a folder, but one file alone must be one.
                Err(error) if alone || !error.is_no_ledger() => return Err(error),
                Err(error) => strays.push(error),
            }
        }
        match files.get_mut(before) {
            Some((_, first)) => {
                let left_out = |error: IntakeError| {
                    let text = match error {
                        IntakeError::File(FileError::NotLedger { file, what }) => {
                            format!("{file}: is {what}; the file was left out")
                        }
                        other => format!("{other}; the file was left out"),
                    };
                    Note::new(warning::IGNORED_SHEET, text)
                };
                first.notes.warnings.extend(strays.into_iter().map(left_out));
            }
            None => {
                if let Some(error) = strays.into_iter().next() {
                    return Err(error);
                }
            }
        }
    }
    Ok(files)
}

/// The layout that the user chose by name or wrote as a mapping file.
fn chosen_layout(options: &IngestOptions) -> Result<Option<Layout>, IntakeError> {
    if let Some(path) = &options.guidance.mapping {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| FileError::Io { file: file.clone(), source })?;
        let mut layout: Layout =
            text.parse().map_err(|source| IntakeError::Mapping { file, source })?;
        "mapping".clone_into(&mut layout.name);
        return Ok(Some(layout));
    }
    match options.guidance.layout.as_deref() {
        None | Some("auto") => Ok(None),
        Some(name) => match layout::named(name) {
            Some(layout) => Ok(Some(layout.clone())),
            None => Err(IntakeError::NoSuchLayout {
                name: name.to_owned(),
                known: layout::embedded()
                    .iter()
                    .map(|l| l.name.clone())
                    .collect::<Vec<_>>()
                    .join(", "),
            }),
        },
    }
}

fn read_file(
    opened: &Opened,
    index: u16,
    chosen: Option<&Layout>,
    options: &IngestOptions,
) -> Result<FileRead, IntakeError> {
    let file = opened.name.as_ref();
    let mut notes = IntakeNotes::default();
    let mut tables = tables(opened, chosen, &mut notes)?;
    let announced = tables.iter().filter_map(|table| stated_as_of(table, true)).max();
    for table in &mut tables {
        table.assumed = Some(table.currency.unwrap_or(options.currency));
        table.recognise_flags();
        // Debtor groups are taken from the user's debtor file only, so this column is not used.
        table.columns.unset(Field::DebtorGroup);
    }
    notes.readings.extend(units_of(file, &tables)?);
    let notation = Notation::of(file, &tables, &options.guidance, announced)?;
    notes.readings.extend(notation.notes.iter().cloned());
    let titled = tables.iter().filter_map(|table| stated_in_order(table, &notation)).max();
    let other = tables.iter().filter_map(|table| stated_as_of(table, false)).max();
    notes.stated_as_of = announced.or(titled).or(other);
    for table in &mut tables {
        if has_running_balance(table, &notation) {
            let column = table.columns.header_of(Field::OpenBalance).to_owned();
            table.columns.unset(Field::OpenBalance);
            notes.readings.push(Note::new(
                "running_balance",
                format!("{file}: column '{column}' is a running balance, not an open balance"),
            ));
        }
        // Otherwise its empty cells would be read as zero, and every invoice as paid.
        if !holds_numbers(table, Field::OpenBalance, &notation) {
            table.columns.unset(Field::OpenBalance);
        }
    }
    let mut shards = Vec::new();
    let mut read = TablesRead::default();
    let whole = Whole { opened, index, options };
    for table in &tables {
        shards.push(read_one(whole, table, &notation, &mut read));
        let batches = shards.iter().flat_map(|shard: &Shard| &shard.batches);
        check_count(file, batches.flat_map(|batch| &batch.rejects))?;
        notes.warnings.extend(hidden_rows(file, table));
    }
    notes.warnings.append(&mut read.warnings);
    notes.readings.append(&mut read.readings);
    notes.warnings.extend(check_warnings(&read.checks));
    notes.checks = read.checks;
    let columns = |of: fn(&super::Columns) -> Vec<String>| -> Vec<String> {
        tables.iter().flat_map(|table| of(&table.columns)).collect()
    };
    if let Some(encoding) = opened.encoding {
        notes.readings.push(Note::new("encoding", format!("{file}: read as {encoding}")));
    }
    Ok(FileRead {
        shards,
        bytes: opened.bytes,
        sha256: opened.sha256.clone(),
        layout: tables.first().map_or(String::new(), |table| table.layout.name.clone()),
        layout_title: tables.first().map_or(String::new(), |table| table.layout.title.clone()),
        is_ledger: tables.iter().any(|table| is_ledger(table.layout.table)),
        recognised: columns(super::Columns::recognised_headers),
        ignored: columns(super::Columns::ignored),
        not_utf8: opened.not_utf8,
        customers: read.customers,
        notes,
    })
}

/// A note for each table in which the unit of an amount had to be assumed.
fn units_of(file: &str, tables: &[Table<'_>]) -> Result<Vec<Note>, IntakeError> {
    tables.iter().filter_map(|table| unit_of(file, table).transpose()).collect()
}

fn unit_of(file: &str, table: &Table<'_>) -> Result<Option<Note>, IntakeError> {
    let numbers =
        |column: usize| table.sheet.numbers.get(column).copied().unwrap_or(Numbers::Unsaid);
    unit::judged(file, &table.columns, numbers)
}

/// True if any cell of the column is a number.
fn holds_numbers(table: &Table<'_>, field: Field, notation: &Notation) -> bool {
    let Some(column) = table.columns.position(field) else { return true };
    table
        .body_rows()
        .map(|at| table.sheet.row(at))
        .any(|row| notation.number(row, column).is_some())
}

fn is_ledger(table: TableKind) -> bool {
    !matches!(table, TableKind::Customers | TableKind::Payments)
}

/// The tables of a file; a sheet without one gets a warning.
fn tables<'a>(
    opened: &'a Opened,
    chosen: Option<&'a Layout>,
    notes: &mut IntakeNotes,
) -> Result<Vec<Table<'a>>, IntakeError> {
    let file = opened.name.as_ref();
    let mut tables = Vec::new();
    let mut failed = None;
    for sheet in &opened.sheets {
        let problem = match recognise(file, sheet, chosen) {
            Ok(Recognised::Table(table)) if table.is_scaled() => {
                IntakeError::ScaledAmounts { file: file.to_owned() }
            }
            Ok(Recognised::Table(mut table)) => {
                // The header stands nearer to the amounts than a title does.
                table.currency = table.currency.or(table.titled_currency());
                tables.extend(sections(*table));
                continue;
            }
            // We write our reports as whole workbooks, so the other sheets are ours as well.
            Ok(Recognised::Own(own)) => return Err(own.refused(file).into()),
            Ok(Recognised::CustomerTotals { line, header }) => {
                IntakeError::CustomerTotals { file: file.to_owned(), line, header }
            }
            Ok(Recognised::Nothing { best: None }) => without_columns(file, sheet),
            Ok(Recognised::Nothing { best: Some(header) }) => IntakeError::UnknownLayout {
                file: file.to_owned(),
                missing: super::Columns::missing_in(file, &header),
                found: shown_header(&header),
                mapping: starter(&header),
            },
            Err(error) => error,
        };
        // A single sheet without a ledger is an error, which says so.
        if sheet.rows().any(|row| !row.is_empty()) && opened.sheets.len() > 1 {
            notes.warnings.push(Note::new(
                warning::IGNORED_SHEET,
                format!("{file}: sheet '{}' contains no ledger and was left out", sheet.name),
            ));
        }
        // An empty sheet says less about the file than any other.
        if failed.is_none() || !matches!(problem, IntakeError::File(FileError::Empty(_))) {
            failed = Some(problem);
        }
    }
    if !tables.is_empty() {
        return Ok(tables);
    }
    let problem = failed.unwrap_or_else(|| FileError::Empty(file.to_owned()).into());
    // The name only now: a file called `export.log` may hold a ledger.
    match by_name(file) {
        Some(what) if problem.is_no_ledger() => {
            Err(FileError::NotLedger { file: file.to_owned(), what }.into())
        }
        _ => Err(problem),
    }
}

/// The error for a sheet in which no row has two cells.
fn without_columns(file: &str, sheet: &Sheet) -> IntakeError {
    let Some(row) = sheet.rows().find(|row| !row.is_empty()) else {
        return FileError::Empty(file.to_owned()).into();
    };
    let begins = row.cells().next().map_or("", |(.., text)| text);
    IntakeError::NoColumns { file: file.to_owned(), begins: shown(begins) }
}

/// The file that a table belongs to, and how it is read.
#[derive(Clone, Copy)]
struct Whole<'a> {
    opened: &'a Opened,
    index: u16,
    options: &'a IngestOptions,
}

fn read_one(
    Whole { opened, index, options }: Whole<'_>,
    table: &Table<'_>,
    notation: &Notation,
    read: &mut TablesRead,
) -> Shard {
    let file = opened.name.as_ref();
    let classified = classify(table, file, notation);
    read.checks.extend(classified.checks.iter().cloned());
    let suppressed = table.rows().filter(|&at| classified.debtor_row(at).is_some()).count();
    if suppressed > 0 {
        let text = format!(
            "{file}: {}; the debtor of the row above was used",
            counted(suppressed, "row names no debtor", "rows name no debtor")
        );
        read.readings.push(Note::new("debtor_above", text));
    }
    if let Some(first) = classified.unchecked.first() {
        read.warnings.push(Note::new(
            warning::TOTAL_UNCHECKED,
            format!(
                "{file}: {} several currencies and cannot be checked (first: line {first})",
                counted(classified.unchecked.len(), "total spans", "totals span")
            ),
        ));
    }
    let mut reader = RowReader::new(Arc::clone(&opened.name), index, &table.columns, options);
    reader.split_names(table.sub_customers);
    let mut batch = Batch::with_capacity(table.rows().len());
    let reading =
        Reading { file, table, classified: &classified, notation, client: &options.client };
    read_table(reading, &mut reader, &mut batch, read);
    if reader.with_job > 0 {
        let rows = counted(
            reader.with_job,
            "row is for a job, project or sub-customer of its debtor",
            "rows are for a job, project or sub-customer of their debtor",
        );
        let text = format!("{file}: {rows}");
        read.readings.push(Note::new("sub_customers", text));
    }
    Shard { debtors: reader.debtors.into_debtors(), batches: vec![batch] }
}

/// The date above the header of a report: one after words such as `as of` if `announced`; otherwise
/// any date, which may be the day of printing, and only in a report of open items.
fn stated_as_of(table: &Table<'_>, announced: bool) -> Option<NaiveDate> {
    let mut dates = table.titles().filter_map(|title| find_date_in(&title));
    let open_items = table.layout.table == TableKind::OpenItems;
    let of_kind = dates.find(|(_, said)| *said == announced);
    of_kind.filter(|_| announced || open_items).map(|(date, _)| date)
}

/// The date after words such as `as of` that can only be read in the date order of the file.
fn stated_in_order(table: &Table<'_>, notation: &Notation) -> Option<NaiveDate> {
    table.titles().find_map(|title| {
        let lower = title.to_lowercase();
        let says = ["as of", "as at", "statement date", "report date", "stand:", "stichtag"];
        let said = says.iter().any(|words| lower.contains(words));
        let mut words = title.split_whitespace().filter(|_| said);
        words.find_map(|word| notation.read_date(word))
    })
}

fn hidden_rows(file: &str, table: &Table<'_>) -> Option<Note> {
    let hidden: Vec<u64> = table
        .rows()
        .map(|at| table.sheet.row(at))
        .filter(|row| row.hidden)
        .map(|row| row.line)
        .collect();
    // All of its rows are hidden then, so that they are not told one by one.
    if table.sheet.hidden {
        let sheet = &table.sheet.name;
        let text = format!("{file}: sheet '{sheet}' is hidden in the workbook but was read");
        return Some(Note::new(warning::HIDDEN_ROWS, text));
    }
    let first = hidden.first()?;
    Some(Note::new(
        warning::HIDDEN_ROWS,
        format!(
            "{file}: {} read (first: row {first})",
            counted(
                hidden.len(),
                "row is hidden in the workbook but was",
                "rows are hidden in the workbook but were"
            )
        ),
    ))
}

/// A warning for each total of the file that differs from the sum of its rows.
fn check_warnings(checks: &[Check]) -> Vec<Note> {
    let failing: Vec<&Check> = checks.iter().filter(|check| !check.difference.is_zero()).collect();
    let mut notes = Vec::new();
    for check in failing.iter().take(NAMED) {
        let (code, sum, parts) = match check.what {
            "total" => (warning::TOTAL_DIFFERS, "the total".to_owned(), "rows"),
            "subtotal" if check.scope.is_empty() => {
                (warning::SUBTOTAL_DIFFERS, "the subtotal".to_owned(), "rows")
            }
            "subtotal" => {
                (warning::SUBTOTAL_DIFFERS, format!("the subtotal of '{}'", check.scope), "rows")
            }
            "bucket" => {
                let sum = format!("the balance of invoice {}", check.scope);
                (warning::BUCKETS_DIFFER, sum, "ageing buckets")
            }
            // A balance that disagrees was already warned of when its row was read.
            _ => continue,
        };
        let Check { file, row, column, expected, found, difference, .. } = check;
        notes.push(Note::new(
            code,
            format!(
                "{file}, line {row}: {sum} in '{column}' is {expected}, but its {parts} add up to \
                 {found} (difference {difference})"
            ),
        ));
    }
    if failing.len() > NAMED {
        let more = failing.len() - NAMED;
        notes.push(Note::new(
            warning::TOTAL_DIFFERS,
            format!(
                "{} as well; all are listed under the checks",
                counted(more, "other total differs", "other totals differ")
            ),
        ));
    }
    notes
}
