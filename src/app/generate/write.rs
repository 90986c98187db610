//! The ledger as CSV.

use std::fmt::{self, Write as _};
use std::io::Write;

use chrono::NaiveDate;
use csv::{Writer, WriterBuilder};

use super::debtor::Identity;
use super::row::{Booking, Row, RowKind};

/// Names of the columns, in their order.
const COLUMNS: [&str; 18] = [
    "client_id",
    "invoice_number",
    "debtor_id",
    "debtor_name",
    "invoice_date",
    "due_date",
    "currency",
    "amount",
    "paid_date",
    "paid_amount",
    "credited_amount",
    "credited_date",
    "written_off_amount",
    "written_off_date",
    "disputed",
    "disputed_date",
    "po_number",
    "country",
];
/// Bytes gathered before the output is called.
const BUFFER: usize = 1 << 18;

/// Writes the header and the rows in the order given.
pub(super) fn write_ledger<W: Write>(
    rows: &[Row],
    identities: &[Identity],
    currency: &str,
    out: W,
) -> Result<(), csv::Error> {
    let writer = WriterBuilder::new().buffer_capacity(BUFFER).from_writer(out);
    let mut fields = Fields { writer, text: String::new() };
    fields.writer.write_record(COLUMNS)?;
    for row in rows {
        fields.row(row, &identities[row.debtor as usize], currency)?;
    }
    fields.writer.flush()?;
    Ok(())
}

/// Writes values as fields, using one buffer for all of them.
struct Fields<W: Write> {
    writer: Writer<W>,
    text: String,
}

impl<W: Write> Fields<W> {
    fn row(&mut self, row: &Row, identity: &Identity, currency: &str) -> Result<(), csv::Error> {
        let prefix = match row.kind {
            RowKind::Invoice => "INV",
            RowKind::CreditNote => "CN",
        };
        let paid = row.total_paid();
        self.show(format_args!("C{:03}", row.client + 1))?;
        self.show(format_args!("{prefix}-{:06}", row.number))?;
        self.show(format_args!("D{:05}", row.debtor + 1))?;
        self.writer.write_field(&identity.name)?;
        self.date(Some(row.invoice_date))?;
        self.date(Some(row.due_date))?;
        self.writer.write_field(currency)?;
        self.cents(Some(row.amount))?;
        self.date(date_of(paid))?;
        self.cents(cents_of(paid))?;
        self.cents(cents_of(row.credited))?;
        self.date(date_of(row.credited))?;
        self.cents(cents_of(row.written_off))?;
        self.date(date_of(row.written_off))?;
        self.writer.write_field(if row.disputed.is_some() { "true" } else { "false" })?;
        self.date(row.disputed)?;
        match row.purchase_order {
            Some(number) => self.show(format_args!("PO-{number:05}"))?,
            None => self.writer.write_field("")?,
        }
        self.writer.write_field(identity.country.code())?;
        self.writer.write_record(None::<&[u8]>)
    }

    fn date(&mut self, date: Option<NaiveDate>) -> Result<(), csv::Error> {
        match date {
            Some(date) => self.show(format_args!("{date}")),
            None => self.writer.write_field(""),
        }
    }

    fn cents(&mut self, cents: Option<i64>) -> Result<(), csv::Error> {
        let Some(cents) = cents else {
            return self.writer.write_field("");
        };
        let sign = if cents < 0 { "-" } else { "" };
        let size = cents.unsigned_abs();
        self.show(format_args!("{sign}{}.{:02}", size / 100, size % 100))
    }

    fn show(&mut self, value: fmt::Arguments<'_>) -> Result<(), csv::Error> {
        self.text.clear();
        // Writing to a string fails only when a value refuses to be formatted, which numbers
        // and dates within the calendar do not.
        let _ = self.text.write_fmt(value);
        self.writer.write_field(&self.text)
    }
}

fn date_of(booking: Option<Booking>) -> Option<NaiveDate> {
    booking.map(|booking| booking.date)
}

fn cents_of(booking: Option<Booking>) -> Option<i64> {
    booking.map(|booking| booking.cents)
}
