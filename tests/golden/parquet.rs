//! Parquet in: the same ledger, whatever type a column has.

use polars::prelude::*;

use super::{AS_OF, LEDGER};
use crate::evaluated::{Desk, offer_without_provenance};

/// The golden ledger as a frame of texts; an empty cell is null.
fn texts() -> DataFrame {
    let mut reader = csv::Reader::from_reader(LEDGER.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let records: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a record")).collect();
    let columns = header.iter().enumerate().map(|(index, name)| {
        let cells = records.iter().map(|record| record.get(index).filter(|cell| !cell.is_empty()));
        Series::new(name.into(), cells.collect::<Vec<_>>()).into_column()
    });
    DataFrame::new(records.len(), columns.collect()).expect("columns of one length")
}

/// The frame with these columns as these types.
fn typed(types: &[(&str, DataType)]) -> DataFrame {
    let mut frame = texts();
    for (name, dtype) in types {
        let column = frame.column(name).expect("a column").strict_cast(dtype);
        let _ = frame.with_column(column.expect("every cell fits the type")).expect("same length");
    }
    frame
}

fn offer(mut frame: DataFrame) -> String {
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).expect("a Parquet file");
    offer_without_provenance(&Desk::with("ledger.parquet", bytes).at(AS_OF).evaluate())
}

fn offer_of_the_csv() -> String {
    offer_without_provenance(&crate::evaluated::evaluated(LEDGER, AS_OF))
}

/// The column of flags as booleans.
fn flags(mut frame: DataFrame) -> DataFrame {
    let disputed = frame.column("disputed").expect("a column").str().expect("texts");
    let disputed: BooleanChunked =
        disputed.iter().map(|cell| cell.map(|cell| cell == "yes")).collect();
    let _ = frame
        .with_column(disputed.with_name("disputed".into()).into_column())
        .expect("same length");
    frame
}

#[test]
fn columns_of_text_are_read_as_a_csv_is() {
    assert_eq!(offer(texts()), offer_of_the_csv());
}

#[test]
fn dates_floats_integers_and_booleans_are_read_as_a_csv_is() {
    let amounts = ["amount", "paid_amount", "credited_amount", "written_off_amount"];
    let dates = ["invoice_date", "due_date", "paid_date", "credited_date", "written_off_date"];
    let mut types: Vec<(&str, DataType)> = vec![("debtor_id", DataType::Int64)];
    types.extend(amounts.map(|name| (name, DataType::Float64)));
    types.extend(dates.map(|name| (name, DataType::Date)));
    assert_eq!(offer(flags(typed(&types))), offer_of_the_csv());
}

#[test]
fn decimals_timestamps_and_small_integers_are_read_as_a_csv_is() {
    let millis = DataType::Datetime(TimeUnit::Milliseconds, None);
    let micros = DataType::Datetime(TimeUnit::Microseconds, None);
    let nanos = DataType::Datetime(TimeUnit::Nanoseconds, None);
    let types = [
        ("debtor_id", DataType::UInt32),
        ("amount", DataType::Decimal(18, 2)),
        ("paid_amount", DataType::Decimal(38, 4)),
        ("credited_amount", DataType::Float32),
        ("written_off_amount", DataType::Float64),
        ("written_off_amount", DataType::Int32),
        ("invoice_date", DataType::Date),
        ("invoice_date", millis),
        ("due_date", DataType::Date),
        ("due_date", micros),
        ("paid_date", DataType::Date),
        ("paid_date", nanos),
    ];
    assert_eq!(offer(typed(&types)), offer_of_the_csv());
}
