//! Amounts in minor units, told by the name of their column, and whole numbers without a unit.

use std::fs;

use polars::prelude::{DataFrame, DataType, IntoColumn, NamedFrom, ParquetWriter, Series};

use super::own_files::{DAY, Figures, figures, refused_as_ours};
use super::{done, folder};

/// Two invoices with amounts in columns of these names and types.
fn table(amounts: &[(&str, [&str; 2], DataType)]) -> Vec<u8> {
    let texts = |name: &str, cells: [&str; 2]| Series::new(name.into(), cells).into_column();
    let mut columns = vec![
        texts("number", ["1", "2"]),
        texts("customer", ["North Mill", "South Mill"]),
        texts("date", ["2026-05-04", "2026-05-18"]),
        texts("currency", ["USD", "KWD"]),
    ];
    for (name, cells, dtype) in amounts {
        columns.push(texts(name, *cells).cast(dtype).expect("numbers"));
    }
    let mut frame = DataFrame::new(2, columns).expect("columns of one length");
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).expect("a Parquet file");
    bytes
}

fn of(currencies: [(&str, u64, i128, i128); 2]) -> Figures {
    currencies.map(|(code, count, face, open)| (code.to_owned(), (count, face, open))).into()
}

#[test]
fn minor_units_are_known_by_the_name_of_their_column_in_every_format() {
    let folder = folder();
    let expected = of([("USD", 1, 125_000, 125_000), ("KWD", 1, 1_234, 1_234)]);
    let part = of([("USD", 1, 125_000, 25_000), ("KWD", 1, 1_234, 1_234)]);
    let files: [(&str, Vec<u8>, &Figures); 7] = [
        (
            "plain.parquet",
            table(&[("amount_minor", ["125000", "1234"], DataType::Int64)]),
            &expected,
        ),
        (
            "floats.parquet",
            table(&[("Amount Minor", ["125000", "1234"], DataType::Float64)]),
            &expected,
        ),
        (
            "open.parquet",
            table(&[
                ("face_minor", ["125000", "1234"], DataType::Int64),
                ("open_minor", ["25000", "1234"], DataType::Int64),
            ]),
            &part,
        ),
        (
            "mixed.parquet",
            table(&[
                ("face", ["1250.000", "1.234"], DataType::Decimal(18, 3)),
                ("open_minor", ["25000", "1234"], DataType::Int64),
            ]),
            &part,
        ),
        (
            "plain.csv",
            b"number,customer,date,currency,amount_minor,paid_amount_minor,paid_date\n\
              1,North,2026-05-04,USD,125000,100000,2026-06-01\n2,South,2026-05-18,KWD,1234,,\n"
                .to_vec(),
            &part,
        ),
        (
            "general.csv",
            b"Report of open items\nnumber;customer;date;currency;face_minor;open_minor\n\
              1;North;04.05.2026;USD;125000;25000\n2;South;18.05.2026;KWD;1234;1234\n"
                .to_vec(),
            &part,
        ),
        (
            "l.json",
            br#"[{"number": "1", "customer": "North", "date": "2026-05-04", "currency": "USD",
                  "faceMinor": 125000, "open_minor": 25000},
                 {"number": "2", "customer": "South", "date": "2026-05-18", "currency": "KWD",
                  "faceMinor": 1234, "open_minor": 1234}]"#
                .to_vec(),
            &part,
        ),
    ];
    for (name, bytes, expected) in files {
        fs::write(folder.path().join(name), bytes).expect("a ledger");
        assert_eq!(figures(&folder, &[name], false), *expected, "{name}");
        let told = done(&folder, &["ingest", name, "--as-of", DAY]);
        assert!(!told.contains("major units"), "{name}: {told}");
    }
    let halves =
        "number,customer,date,amount_minor\n1,North,2026-05-04,1250.5\n2,South,2026-05-04,7\n";
    fs::write(folder.path().join("halves.csv"), halves).expect("a ledger");
    let told = done(&folder, &["ingest", "halves.csv"]);
    assert!(told.contains("expected a whole number of minor units"), "{told}");
}

#[test]
fn integers_without_a_unit_are_major_units_and_said_to_be() {
    let folder = folder();
    let expected = of([("USD", 1, 125_000, 125_000), ("KWD", 1, 34_000, 34_000)]);
    let integers = table(&[("amount", ["1250", "34"], DataType::Int64)]);
    fs::write(folder.path().join("l.parquet"), integers).expect("a ledger");
    let two = table(&[
        ("amount", ["1250", "34"], DataType::Int64),
        ("open", ["1250", "34"], DataType::Int32),
    ]);
    fs::write(folder.path().join("open.parquet"), two).expect("a ledger");
    let json = r#"[{"number": 1, "customer": "North", "date": "2026-05-04", "currency": "USD", "amount": 1250},
                   {"number": 2, "customer": "South", "date": "2026-05-18", "currency": "KWD", "amount": 34}]"#;
    fs::write(folder.path().join("l.json"), json).expect("a ledger");
    for name in ["l.parquet", "open.parquet", "l.json"] {
        assert_eq!(figures(&folder, &[name], false), expected, "{name}");
        for command in ["ingest", "evaluate"] {
            let told = done(&folder, &[command, name, "--as-of", DAY]);
            assert!(told.contains("whole numbers without a unit, read as major units"), "{told}");
            assert!(told.contains("as in amount_minor"), "{told}");
        }
    }
}

#[test]
fn integers_beside_decimals_are_refused() {
    let folder = folder();
    for (amounts, says) in [
        (
            vec![
                ("amount", ["125000", "3400"], DataType::Int64),
                ("open", ["250.50", "34.00"], DataType::Decimal(18, 2)),
            ],
            "column 'amount' holds whole numbers while 'open' has decimals",
        ),
        (
            vec![
                ("amount", ["1250.50", "34.00"], DataType::Float64),
                ("paid_amount", ["1000", "0"], DataType::Int64),
            ],
            "column 'paid_amount' holds whole numbers while 'amount' has decimals",
        ),
    ] {
        fs::write(folder.path().join("l.parquet"), table(&amounts)).expect("a ledger");
        refused_as_ours(&folder, "l.parquet", says);
    }
    // Nothing is paid, in whatever unit.
    let none = table(&[
        ("amount", ["1250.50", "34.00"], DataType::Float64),
        ("paid_amount", ["0", "0"], DataType::Int64),
    ]);
    fs::write(folder.path().join("l.parquet"), none).expect("a ledger");
    done(&folder, &["ingest", "l.parquet"]);
}
