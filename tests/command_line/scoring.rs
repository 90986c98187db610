//! `factorage train`, `model show`, `backtest`, and models in `evaluate`.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use super::{contents, done, folder, refused, run};

const ORIGIN: &str = "2026-03-31";

/// A folder with a generated ledger of 280 rows, `l.csv`.
fn with_ledger() -> TempDir {
    let folder = folder();
    let rows = ["--invoices", "280", "--debtors", "12", "--seed", "3", "--out", "l.csv"];
    done(&folder, &[["generate"].as_slice(), &rows].concat());
    folder
}

fn predictions(folder: &TempDir, ledger: &str) -> String {
    let args = ["backtest", ledger, "--origins", ORIGIN, "--as-of", "2026-06-30"];
    let args = [args.as_slice(), &["--predictions", "p.csv", "--json"]].concat();
    done(folder, &args);
    fs::read_to_string(folder.path().join("p.csv")).expect("predictions")
}

#[test]
fn a_model_is_trained_shown_and_used() {
    let folder = with_ledger();
    let told = done(&folder, &["train", "l.csv", "--out", "m.json"]);
    assert!(told.contains("Tested on the ") && told.contains("Model written to m.json"), "{told}");
    let again = done(&folder, &["train", "l.csv", "--json"]);
    assert_eq!(contents(folder.path())["m.json"], again.as_bytes(), "training differs");
    let shown = done(&folder, &["model", "show", "m.json"]);
    assert!(shown.contains("Most used features:") && shown.contains("SHA-256"), "{shown}");
    let offer = |model| done(&folder, &["evaluate", "l.csv", "--json", "--model", model]);
    let (trained, file, km) = (offer("train"), offer("m.json"), offer("km"));
    for (text, marks) in [
        (&trained, ["\"model\": \"boosted\"", "\"score_reasons\""]),
        (&file, ["\"model_sha256\"", "\"score_reasons\""]),
        (&km, ["\"model\": \"km\"", "\"curve_weights\""]),
    ] {
        assert!(marks.iter().all(|mark| text.contains(mark)), "{marks:?}");
    }
    assert!(!km.contains("score_reasons") && offer("auto") == trained);
}

#[test]
fn a_backtest_predicts_what_was_open_and_sees_nothing_later() {
    let folder = with_ledger();
    let all = fs::read_to_string(folder.path().join("l.csv")).expect("a ledger");
    let mut reader = csv::Reader::from_reader(all.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let at = |name| header.iter().position(|cell| cell == name).expect("a column");
    let (issued, disputed) = (at("invoice_date"), at("disputed_date"));
    let later = |cell: &str| cell > ORIGIN;
    let mut then = csv::Writer::from_writer(Vec::new());
    then.write_record(&header).expect("a header");
    let mut last = Vec::new();
    for row in reader.records() {
        let mut row: Vec<String> = row.expect("a row").iter().map(str::to_owned).collect();
        last.clone_from(&row);
        if later(&row[issued]) {
            continue;
        }
        // Later facts are blanked: what was known at the origin is all that is left.
        for (date, amount) in [
            ("paid_date", "paid_amount"),
            ("credited_date", "credited_amount"),
            ("written_off_date", "written_off_amount"),
        ] {
            if later(&row[at(date)]) {
                row[at(date)].clear();
                row[at(amount)].clear();
            }
        }
        if later(&row[disputed]) {
            row[disputed].clear();
            "false".clone_into(&mut row[at("disputed")]);
        }
        then.write_record(&row).expect("a row");
    }
    // One later invoice keeps the ledger's own date.
    "2026-06-30".clone_into(&mut last[issued]);
    "2026-07-30".clone_into(&mut last[at("due_date")]);
    then.write_record(&last).expect("a row");
    let expected = predictions(&folder, "l.csv");
    fs::write(folder.path().join("then.csv"), then.into_inner().expect("bytes")).expect("a ledger");
    assert_eq!(predictions(&folder, "then.csv"), expected);
    assert!(expected.lines().count() > 20);
    for line in expected.lines().skip(1) {
        let numbers: Vec<f64> =
            line.split(',').skip(2).map(|cell| cell.parse().expect("a number")).collect();
        assert!(numbers[..5].windows(2).all(|two| two[0] <= two[1]), "{line}");
        assert!(numbers[5..].windows(2).all(|two| two[0] <= two[1]), "{line}");
    }
}

#[test]
fn a_backtest_writes_its_page_and_its_figures() {
    let folder = with_ledger();
    let args = ["backtest", "l.csv", "--origins", "2026-02-28,2026-03-31", "--out", "bt"];
    let told = done(&folder, &args);
    assert!(told.contains("Model less each baseline") && told.contains("bt."), "{told}");
    let files = contents(&folder.path().join("bt"));
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["backtest.html", "backtest.json", "predictions.csv"]);
    let page = String::from_utf8_lossy(&files["backtest.html"]);
    assert!(page.matches("<svg").count() == 5 && !page.contains("NaN"), "five diagrams");
    assert!(!page.contains("http://") && !page.contains("<script"));
    let json = String::from_utf8_lossy(&files["backtest.json"]);
    for slice in ["origin", "debtor history", "debtor size", "currency"] {
        assert!(json.contains(&format!("\"slice\": \"{slice}\"")), "{slice}");
    }
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let of_all = |name: &str| {
        let slices = json["slices"].as_array().expect("slices").iter();
        slices.clone().find(|slice| slice["slice"] == name).expect("a slice").clone()
    };
    // The only currency is the whole ledger.
    let against = &json["model_less"][0];
    assert_eq!(against["name"], "kaplan_meier");
    assert!(against["mean_brier"]["low"].is_number());
    for score in ["mean_brier", "mean_log_loss"] {
        assert_eq!(of_all("currency")["model_less_kaplan_meier"][score], against[score]);
    }
    // Mean over the origins of |expected less collected| over collected.
    let cash = json["collections_30"].as_array().expect("cash");
    let off = |row: &Value| {
        let number = |name: &str| row[name].as_f64().expect("a number");
        (number("expected") / number("collected") - 1.0).abs()
    };
    let mean = cash.iter().map(off).sum::<f64>() / cash.len() as f64;
    let told = json["metrics"][0]["collections_30_error"].as_f64().expect("a number");
    assert!(cash.len() == 2 && (mean - told).abs() < 1e-9, "{mean} {told}");
}

#[test]
fn wrong_requests_are_refused_in_one_sentence() {
    let folder = with_ledger();
    done(&folder, &["train", "l.csv", "--out", "m.json"]);
    fs::write(folder.path().join("old.json"), "{\"format\": \"factorage.model/0\"}").expect("old");
    for (args, expected) in [
        (vec!["train", "good.csv"], "at least 50 invoices paid in cash to learn from, found 1"),
        (vec!["evaluate", "good.csv", "--model", "train"], "at least 50 invoices paid"),
        (vec!["evaluate", "l.csv", "--model", "none.json"], "none.json: there is no such file"),
        (vec!["evaluate", "l.csv", "--model", "l.csv"], "l.csv: not a model file"),
        (vec!["model", "show", "old.json"], "old.json: the model file has format"),
        (vec!["backtest", "l.csv", "--origins", "2026-06-30"], "is not before 2026-06-30"),
        (vec!["backtest", "l.csv", "--origins", "1999-12-31"], "no invoice was open"),
        (
            vec!["backtest", "l.csv", "--origins", ORIGIN, "--model", "m.json"],
            "it has already seen the outcomes",
        ),
        (vec!["backtest", "l.csv", "--origins", "soon"], "expected a date such as"),
    ] {
        let sentence = refused(&folder, &args);
        assert!(sentence.contains(expected), "{args:?}: {sentence}");
    }
    assert!(!run(&folder, &["backtest", "l.csv"]).status.success(), "without origins");
}
