//! `factorage ingest` as a user meets it.

use std::fs;

use serde_json::Value;

use super::{contents, done, folder, run};

const UNKNOWN: &str = "Belegcode;Wer;Wann;Wieviel\nA-1;North Mill;2026-05-18;1250,00\n";

const MAPPING: &str = "[columns]\ninvoice_number = \"Belegcode\"\ndebtor_name = [\"Who\", \"Wer\"]\n\
                       invoice_date = \"Wann\"\namount = \"Wieviel\"\n";

#[test]
fn a_good_run_writes_the_frames_and_the_certificate() {
    let folder = folder();
    let stdout = done(&folder, &["ingest", "good.csv", "--out", "out"]);
    assert!(
        stdout.starts_with("good.csv: layout plain (one row per invoice), 2 rows\n"),
        "{stdout}"
    );
    assert!(stdout.contains("Ledger: 2 rows in = 2 invoices; it foots."), "{stdout}");
    assert!(stdout.contains("USD: 349.95 open"), "{stdout}");
    let written = contents(&folder.path().join("out"));
    let names: Vec<&str> = written.keys().map(String::as_str).collect();
    let expected = [
        "debtors.parquet",
        "footing.json",
        "ingest.json",
        "invoices.parquet",
        "rejects.csv",
        "settlements.parquet",
    ];
    assert_eq!(names, expected);
    let json = done(&folder, &["ingest", "good.csv", "--json"]);
    assert_eq!(json.as_bytes(), written["ingest.json"]);
}

#[test]
fn an_unknown_layout_gives_a_mapping_that_reads_the_file_once_it_is_filled_in() {
    let folder = folder();
    fs::write(folder.path().join("odd.csv"), UNKNOWN).expect("a file");
    let output = run(&folder, &["ingest", "odd.csv"]);
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(stderr.starts_with("factorage: odd.csv: no column for invoice_number, "), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    let starter = String::from_utf8(output.stdout).expect("UTF-8");
    for line in ["[columns]", "# invoice_number = \"?\"", "#   \"Belegcode\""] {
        assert!(starter.contains(line), "{starter}");
    }
    let filled = starter
        .replace("# invoice_number = \"?\"", "invoice_number = \"Belegcode\"")
        .replace("# debtor_name = \"?\"", "debtor_name = \"Wer\"")
        .replace("# invoice_date = \"?\"", "invoice_date = \"Wann\"")
        .replace("# amount = \"?\"", "amount = \"Wieviel\"");
    for mapping in [filled.as_str(), MAPPING] {
        fs::write(folder.path().join("m.toml"), mapping).expect("a mapping");
        let json = done(&folder, &["ingest", "odd.csv", "--mapping", "m.toml", "--json"]);
        let read: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(read["open_balance"]["USD"], "1250.00");
        assert_eq!(read["layout"], "mapping");
    }
}

#[test]
fn a_refusal_is_json_on_stdout_and_a_sentence_on_stderr() {
    let folder = folder();
    let two_ways =
        "Invoice,Customer,Date,Amount\n1,Mill,05/06/2026,10.00\n2,Mill,07/06/2026,20.00\n";
    fs::write(folder.path().join("l.csv"), two_ways).expect("a file");
    let output = run(&folder, &["ingest", "l.csv", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let refusal: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(
        (&refusal["status"], &refusal["code"]),
        (&"refused".into(), &"ambiguous_dates".into())
    );
    let message = refusal["message"].as_str().expect("a sentence");
    assert_eq!(
        message,
        "l.csv: 05/06/2026 (line 2) could be 5 June or 6 May, and no other date settles it; set \
         --date-order dmy (day first) or --date-order mdy (month first)"
    );
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(stderr, format!("factorage: {message}\n"));
    for (order, first) in [("dmy", "2026-06-05"), ("mdy", "2026-05-06")] {
        let json = done(&folder, &["ingest", "l.csv", "--json", "--date-order", order]);
        let read: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(read["invoices"][0]["invoice_date"], first);
    }
}

#[test]
fn a_layout_can_be_asked_for_by_name() {
    let folder = folder();
    let known = run(&folder, &["ingest", "good.csv", "--layout", "quickbooks"]);
    let stderr = String::from_utf8(known.stderr).expect("UTF-8");
    assert!(
        stderr.starts_with("factorage: 'quickbooks' is not a layout for --layout: expected auto, "),
        "{stderr}"
    );
    let auto = done(&folder, &["ingest", "good.csv", "--layout", "auto", "--json"]);
    assert_eq!(auto, done(&folder, &["ingest", "good.csv", "--json"]));
}

#[test]
fn a_zip_and_a_folder_are_their_files() {
    let folder = folder();
    let payments = "Payment Number,Payment Date,Customer No,Invoice Number,Amount\n\
                    P-1,2026-06-20,11,2,349.95\n";
    let inner = folder.path().join("month");
    fs::create_dir(&inner).expect("a folder");
    fs::copy(folder.path().join("good.csv"), inner.join("a.csv")).expect("a copy");
    fs::write(inner.join("b.csv"), payments).expect("a file");
    let mut zip =
        zip::ZipWriter::new(fs::File::create(folder.path().join("m.zip")).expect("a zip"));
    for name in ["a.csv", "b.csv"] {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(name, options).expect("a member");
        let bytes = fs::read(inner.join(name)).expect("a file");
        std::io::Write::write_all(&mut zip, &bytes).expect("its bytes");
    }
    zip.finish().expect("a zip");
    for name in ["month", "m.zip"] {
        let json = done(&folder, &["ingest", name, "--json"]);
        let read: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(read["open_balance"]["USD"], "0.00", "{name}");
        assert_eq!(read["counts"]["settlements"], 2, "{name}");
    }
}

#[test]
fn the_help_says_how_to_get_an_unknown_export_in() {
    let help = done(&folder(), &["ingest", "--help"]);
    for words in ["--mapping <FILE>", "invoice_number = \"Doc. No.\"", "--date-order", "--decimal"]
    {
        assert!(help.contains(words), "{help}");
    }
}
