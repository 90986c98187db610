//! Parquet files that cannot be read: one sentence, never the frame library's own words of panic.

use std::fs;
use std::path::Path;

use polars::prelude::{DataFrame, IntoColumn, NamedFrom, ParquetWriter, Series};

use super::{folder, refused, run};

/// A Parquet ledger of two invoices.
fn parquet() -> Vec<u8> {
    let texts = |name: &str, cells: [&str; 2]| Series::new(name.into(), cells).into_column();
    let columns = vec![
        texts("number", ["1", "2"]),
        texts("customer", ["North Mill", "South Mill"]),
        texts("date", ["2026-05-04", "2026-05-18"]),
        Series::new("amount".into(), [1250.0, 349.95]).into_column(),
    ];
    let mut frame = DataFrame::new(2, columns).expect("columns of one length");
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).expect("a Parquet file");
    bytes
}

#[test]
fn a_parquet_file_cut_short_is_refused_in_one_sentence() {
    let folder = folder();
    let whole = parquet();
    for length in [4, 5, 8, 100, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
        fs::write(folder.path().join("l.parquet"), &whole[..length]).expect("a file");
        let sentence = refused(&folder, &["evaluate", "l.parquet"]);
        assert!(sentence.starts_with("factorage: l.parquet: "), "{length} bytes: {sentence}");
    }
}

#[test]
fn a_wrong_byte_never_ends_in_a_panic() {
    let folder = folder();
    let whole = parquet();
    let footer = whole.len() * 3 / 5;
    let mut complaints = Vec::new();
    for at in (footer..whole.len() - 8).step_by(5) {
        let mut bytes = whole.clone();
        bytes[at] = 0x11;
        fs::write(folder.path().join("l.parquet"), &bytes).expect("a file");
        let output = run(&folder, &["evaluate", "l.parquet"]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        if !matches!(output.status.code(), Some(0 | 1)) || stderr.lines().count() > 1 {
            complaints.push(format!("byte {at} of {}: {}: {stderr}", whole.len(), output.status));
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn a_column_of_a_type_that_no_cell_can_have_is_named() {
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ledger_files/parquet/refused");
    for (name, column) in [
        ("struct_debtor", "debtor_id"),
        ("list_amount", "amount"),
        ("half_float_amount", "amount"),
        ("int16_debtor", "debtor_id"),
        ("uint8_flag", "disputed"),
    ] {
        let folder = folder();
        fs::copy(files.join(format!("{name}.parquet")), folder.path().join("l.parquet"))
            .expect("copied");
        let sentence = refused(&folder, &["evaluate", "l.parquet"]);
        assert!(sentence.contains(column), "{name}: {sentence}");
    }
}
