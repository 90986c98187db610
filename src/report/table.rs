//! Invoices and rejects as CSV and Parquet.

use std::fmt::{Display, Write as _};
use std::io::Write;

use chrono::NaiveDate;
use csv::Writer;
use polars::prelude::{
    Column, DataFrame, DataType, Int128Chunked, IntoColumn, NamedFrom, NewChunkedArray,
    ParquetCompression, ParquetWriter, PlSmallStr, PolarsResult, Series, StatisticsOptions,
};
use rayon::prelude::*;

use basics::{Money, day_number, iso_date};
use ledger::Reject;
use offer::{OfferLine, OfferPart, PricedLine};
use policy::Rule;

use super::ReportError;
use app::Evaluation;

/// The column of jobs, which is there only if a line has one.
const JOB: &str = "job";

const INVOICE_COLUMNS: [&str; 33] = [
    "client",
    "invoice_number",
    "debtor_id",
    "debtor_name",
    "invoice_date",
    "due_date",
    "currency",
    "days_past_due",
    "decision",
    "reason",
    "why",
    "also_fails",
    "face",
    "open",
    "amount_bought",
    "advance",
    "reserve",
    "fee",
    "expected_rebate",
    "expected_fee",
    "expected_loss",
    "expected_day",
    "expected_date",
    "apr_percent",
    "collected_30",
    "collected_60",
    "collected_90",
    "curve_basis",
    "source_file",
    "source_line",
    "held_amount",
    "held_advance",
    "holds",
];

/// Writes `invoices.csv`: one row per open invoice, amounts in major units, prices empty where the
/// invoice is not bought.
///
/// # Errors
/// If `out` cannot be written to.
pub fn invoices_csv(evaluation: &Evaluation, mut out: impl Write) -> Result<(), ReportError> {
    // The header alone: each part below has a writer of its own, so that cores share the work.
    let mut header = Writer::from_writer(&mut out);
    let columns = columns(evaluation);
    header.write_record(&columns)?;
    header.flush()?;
    drop(header);
    let has_jobs = columns.contains(&JOB);
    let parts: Result<Vec<Vec<u8>>, ReportError> = evaluation
        .offer
        .parts
        .par_iter()
        .map(|part| part_csv(evaluation, part, has_jobs))
        .collect();
    parts?.into_iter().try_for_each(|part| Ok(out.write_all(&part)?))
}

fn columns(evaluation: &Evaluation) -> Vec<&'static str> {
    let mut columns = INVOICE_COLUMNS.to_vec();
    columns.extend(has_jobs(&evaluation.offer.parts).then_some(JOB));
    columns
}

/// Returns true if any line has a job.
pub(super) fn has_jobs(parts: &[OfferPart]) -> bool {
    parts.iter().flat_map(|part| &part.lines).any(|line| line.job.is_some())
}

fn part_csv(
    evaluation: &Evaluation,
    part: &OfferPart,
    has_jobs: bool,
) -> Result<Vec<u8>, ReportError> {
    let files = &evaluation.provenance.ledger_files;
    let out = Writer::from_writer(Vec::with_capacity(300 * part.lines.len()));
    let mut cells = CsvCells { out, scratch: String::new() };
    for line in &part.lines {
        cells.identity(part, line)?;
        cells.decision(line)?;
        cells.show(line.face)?.show(line.open)?;
        cells.price(line.price.as_ref())?;
        cells.show(line.collected_30)?.show(line.collected_60)?.show(line.collected_90)?;
        let (file, row) = line.source;
        cells.text(line.curve_basis.as_str())?;
        cells.text(files.get(file).map_or("", |file| &file.name))?.show(row)?;
        cells.held(line)?;
        if has_jobs {
            cells.text(line.job.as_deref().unwrap_or_default())?;
        }
        // Ends the record, whose cells were written one by one.
        cells.out.write_record(None::<&[u8]>)?;
    }
    cells.out.into_inner().map_err(|error| ReportError::Text(error.to_string()))
}

/// Writes the cells of a row one by one.
struct CsvCells {
    out: Writer<Vec<u8>>,
    scratch: String,
}

impl CsvCells {
    fn text(&mut self, cell: &str) -> Result<&mut Self, ReportError> {
        self.out.write_field(safe(cell).as_bytes())?;
        Ok(self)
    }

    fn show(&mut self, value: impl Display) -> Result<&mut Self, ReportError> {
        self.scratch.clear();
        // Writing to a String cannot fail.
        let _ = write!(self.scratch, "{value}");
        self.out.write_field(&self.scratch)?;
        Ok(self)
    }

    fn date(&mut self, date: NaiveDate) -> Result<&mut Self, ReportError> {
        self.out.write_field(iso_date(date, &mut [0; 10]))?;
        Ok(self)
    }

    fn identity(&mut self, part: &OfferPart, line: &OfferLine) -> Result<(), ReportError> {
        self.text(&part.client)?.text(&line.invoice_number)?;
        self.text(&line.debtor_id)?.text(&line.debtor_name)?;
        self.date(line.invoice_date)?.date(line.due_date)?.text(part.currency.code())?;
        Ok(())
    }

    fn decision(&mut self, line: &OfferLine) -> Result<(), ReportError> {
        self.show(line.days_past_due)?.text(line.decision.as_str())?;
        self.text(line.reason.map_or("", |rule| rule.code()))?;
        self.text(line.why.as_deref().unwrap_or_default())?;
        let also: Vec<_> = line.also_fails.iter().map(|rule| rule.code()).collect();
        self.text(&also.join(" "))?;
        Ok(())
    }

    fn held(&mut self, line: &OfferLine) -> Result<(), ReportError> {
        match line.once_confirmed {
            Some(price) => self.show(price.amount_bought)?.show(price.advance)?,
            None => self.text("")?.text("")?,
        };
        self.text(&hold_codes(line))?;
        Ok(())
    }

    fn price(&mut self, price: Option<&PricedLine>) -> Result<(), ReportError> {
        let Some(price) = price else {
            // A cell for each that a price fills below.
            for _ in 0..10 {
                self.text("")?;
            }
            return Ok(());
        };
        self.show(price.amount_bought)?.show(price.advance)?.show(price.reserve)?;
        self.show(price.fee)?.show(price.expected_rebate)?.show(price.expected_fee)?;
        self.show(price.expected_loss)?.show(price.expected_day)?.date(price.expected_date)?;
        match price.apr_percent {
            Some(apr) => self.show(format_args!("{:.4}", apr.0))?,
            None => self.text("")?,
        };
        Ok(())
    }
}

/// The reasons for which a line is held, separated by blanks.
fn hold_codes(line: &OfferLine) -> String {
    line.holds.iter().map(|hold| hold.reason.code()).collect::<Vec<_>>().join(" ")
}

/// Writes `rejects.csv`: one row per rejected row, in order of file and line.
///
/// # Errors
/// If `out` cannot be written to.
pub fn rejects_csv(rejects: &[Reject], out: impl Write) -> Result<(), ReportError> {
    let mut writer = Writer::from_writer(out);
    writer.write_record(["file", "line", "column", "value", "code", "message"])?;
    for reject in rejects {
        let line = reject.line.to_string();
        let Reject { file, column, value, code, message, .. } = reject;
        let cells = [file.as_ref(), line.as_str(), column, value, code.as_str(), message];
        writer.write_record(cells.map(|cell| safe(cell).into_owned()))?;
    }
    Ok(writer.flush()?)
}

/// Puts an apostrophe before a text that a spreadsheet would run as a formula: ledgers come from
/// strangers, and the file is opened by staff.
fn safe(cell: &str) -> std::borrow::Cow<'_, str> {
    // Spreadsheets pass over a tab or a return before they look for a formula.
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{cell}").into();
    }
    cell.into()
}

/// Writes `invoices.parquet`: the rows of `invoices.csv` with typed columns, amounts as decimals.
///
/// # Errors
/// If the columns do not fit together or `out` cannot be written to.
pub fn invoices_parquet(evaluation: &Evaluation, out: impl Write) -> Result<(), ReportError> {
    let mut frame = invoice_frame(evaluation)?;
    ParquetWriter::new(out)
        .with_compression(ParquetCompression::Snappy)
        .with_statistics(StatisticsOptions::empty())
        .finish(&mut frame)?;
    Ok(())
}

fn invoice_frame(evaluation: &Evaluation) -> PolarsResult<DataFrame> {
    let parts = &evaluation.offer.parts;
    let digits = parts.iter().map(|part| part.currency.digits()).max().unwrap_or(2);
    let table = Lines {
        rows: parts.iter().flat_map(|p| p.lines.iter().map(move |l| (p, l))).collect(),
        digits,
    };
    let files = &evaluation.provenance.ledger_files;
    let columns: Vec<Column> = columns(evaluation)
        .par_iter()
        .map(|&name| match name {
            "source_file" => Ok(table
                .texts(name, |_, line| files.get(line.source.0).map(|file| file.name.as_str()))),
            _ => table.column(name),
        })
        .collect::<PolarsResult<_>>()?;
    DataFrame::new(table.rows.len(), columns)
}

/// A column of amounts as decimals with `digits` digits, at least as many as each currency has.
pub(super) fn decimals(
    name: &'static str,
    amounts: impl Iterator<Item = Option<Money>>,
    digits: u32,
) -> PolarsResult<Column> {
    let scaled = |money: Money| {
        // Amounts of currencies with fewer digits are brought to the scale of the column.
        i128::from(money.minor()) * 10_i128.pow(digits - money.currency().digits())
    };
    let amounts = amounts.map(|amount| amount.map(scaled));
    let column = Int128Chunked::from_iter_options(PlSmallStr::from_static(name), amounts);
    Ok(column.into_decimal(38, digits as usize)?.into_column())
}

/// The lines of all parts, from which columns are made.
struct Lines<'a> {
    rows: Vec<(&'a OfferPart, &'a OfferLine)>,
    digits: u32,
}

impl<'a> Lines<'a> {
    fn column(&self, name: &'static str) -> PolarsResult<Column> {
        Ok(match name {
            "client" => self.texts(name, |part, _| Some(&part.client)),
            "invoice_number" => self.texts(name, |_, line| Some(&line.invoice_number)),
            "debtor_id" => self.texts(name, |_, line| Some(&line.debtor_id)),
            "debtor_name" => self.texts(name, |_, line| Some(&line.debtor_name)),
            JOB => self.texts(name, |_, line| line.job.as_deref()),
            "currency" => self.texts(name, |part, _| Some(part.currency.code())),
            "decision" => self.texts(name, |_, line| Some(line.decision.as_str())),
            "reason" => self.texts(name, |_, line| line.reason.map(Rule::code)),
            "why" => self.texts(name, |_, line| line.why.as_deref()),
            "curve_basis" => self.texts(name, |_, line| Some(line.curve_basis.as_str())),
            "also_fails" => {
                let codes = |line: &OfferLine| {
                    line.also_fails.iter().map(|rule| rule.code()).collect::<Vec<_>>().join(" ")
                };
                self.values(name, |_, line| codes(line))
            }
            "holds" => self.values(name, |_, line| hold_codes(line)),
            "invoice_date" => self.dates(name, |line| Some(day_number(line.invoice_date)))?,
            "due_date" => self.dates(name, |line| Some(day_number(line.due_date)))?,
            "expected_date" => {
                self.dates(name, |line| line.price.map(|price| day_number(price.expected_date)))?
            }
            "days_past_due" => self.values(name, |_, line| line.days_past_due),
            "source_line" => self.values(name, |_, line| line.source.1),
            "expected_day" => self.values(name, |_, line| line.price.map(|p| p.expected_day)),
            "collected_30" => self.values(name, |_, line| line.collected_30),
            "collected_60" => self.values(name, |_, line| line.collected_60),
            "collected_90" => self.values(name, |_, line| line.collected_90),
            "apr_percent" => self.values(name, |_, line| {
                line.price.and_then(|price| price.apr_percent).map(|apr| apr.0)
            }),
            _ => self.amounts(name)?,
        })
    }

    fn amounts(&self, name: &'static str) -> PolarsResult<Column> {
        let of: fn(&OfferLine) -> Option<Money> = match name {
            "face" => |line| Some(line.face),
            "open" => |line| Some(line.open),
            "amount_bought" => |line| line.price.map(|price| price.amount_bought),
            "advance" => |line| line.price.map(|price| price.advance),
            "reserve" => |line| line.price.map(|price| price.reserve),
            "fee" => |line| line.price.map(|price| price.fee),
            "expected_rebate" => |line| line.price.map(|price| price.expected_rebate),
            "expected_fee" => |line| line.price.map(|price| price.expected_fee),
            "held_amount" => |line| line.once_confirmed.map(|price| price.amount_bought),
            "held_advance" => |line| line.once_confirmed.map(|price| price.advance),
            _ => |line| line.price.map(|price| price.expected_loss),
        };
        decimals(name, self.rows.iter().map(|(_, line)| of(line)), self.digits)
    }

    fn texts(
        &self,
        name: &'static str,
        of: impl Fn(&'a OfferPart, &'a OfferLine) -> Option<&'a str>,
    ) -> Column {
        self.values(name, of)
    }

    fn dates(
        &self,
        name: &'static str,
        of: impl Fn(&OfferLine) -> Option<i32>,
    ) -> PolarsResult<Column> {
        self.values(name, |_, line| of(line)).cast(&DataType::Date)
    }

    fn values<T>(
        &self,
        name: &'static str,
        of: impl Fn(&'a OfferPart, &'a OfferLine) -> T,
    ) -> Column
    where
        Series: NamedFrom<Vec<T>, [T]>,
    {
        let values: Vec<T> = self.rows.iter().map(|&(part, line)| of(part, line)).collect();
        Series::new(PlSmallStr::from_static(name), values).into_column()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_of_ours_is_a_formula() {
        for hostile in ["=1+1", "+1", "-1", "@x", "\tx"] {
            assert_eq!(safe(hostile), format!("'{hostile}"));
        }
        assert_eq!(safe("Acme = Co"), "Acme = Co");
    }
}
