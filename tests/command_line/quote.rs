//! `factorage quote`, `policy` and `verify`.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use super::{done, folder, refused};

fn quoted(folder: &TempDir, args: &[&str]) -> Value {
    let all: Vec<&str> = [&["quote", "--json"], args].concat();
    let quotes: Value = serde_json::from_str(&done(folder, &all)).expect("JSON");
    quotes[0].clone()
}

fn decide<'a>(args: &[&'a str]) -> Vec<&'a str> {
    let signed = ["--by", "A. Reed", "--at", "2026-07-01T10:00:00Z"];
    [&["decide"], args, &signed].concat()
}

#[test]
fn what_becomes_of_an_offer_stands_in_its_envelope_alone() {
    let folder = folder();
    done(&folder, &["evaluate", "good.csv", "--as-of", "2026-06-30", "--out", "o"]);
    let read = || -> Value {
        let text = fs::read_to_string(folder.path().join("o/offer.json")).expect("an offer");
        serde_json::from_str(&text).expect("JSON")
    };
    let made = read();
    let line = &made["offer"]["parts"][0]["lines"][0];
    let computed = line["decision"].as_str().expect("a decision");
    let other = if computed == "exclude" { "buy" } else { "exclude" };
    let (invoice, debtor) = ("2", line["debtor_id"].as_str().expect("an id"));
    let named = ["--invoice", invoice, "--debtor", debtor, "--decision", other];
    let overridden = [&["override", "o/offer.json"], &named[..], &["--reason", "Seen the order."]];
    done(&folder, &decide(&overridden.concat()));
    done(&folder, &decide(&["accept", "o/offer.json"]));
    let again = refused(&folder, &decide(&["withdraw", "o/offer.json"]));
    assert!(again.contains("the offer is accepted"), "{again}");
    let now = read();
    assert_eq!((&now["offer"], &now["offer_id"]), (&made["offer"], &made["offer_id"]));
    assert_eq!(now["envelope"]["status"], "accepted");
    let recorded = &now["envelope"]["overrides"][0];
    assert_eq!((&recorded["computed"], &recorded["decision"]), (&computed.into(), &other.into()));
    let status = done(&folder, &["decide", "status", "o/offer.json", "--on", "2026-08-01"]);
    assert!(status.starts_with("accepted\n") && status.contains("Seen the order."), "{status}");
    done(&folder, &["verify", "o/offer.json", "good.csv"]);

    done(&folder, &["evaluate", "good.csv", "--as-of", "2026-06-30", "--out", "p"]);
    let expired = done(&folder, &["decide", "status", "p/offer.json", "--on", "2026-08-01"]);
    assert_eq!(expired, "expired\n");
    let unknown = ["override", "p/offer.json", "--invoice", "9", "--debtor", "x", "--decision"];
    let unknown = refused(&folder, &decide(&[&unknown[..], &["buy", "--reason", "r"]].concat()));
    assert!(unknown.contains("no invoice 9 of debtor x"), "{unknown}");
    let path = folder.path().join("p/offer.json");
    let text = fs::read_to_string(&path).expect("an offer").replace("349.95", "949.95");
    fs::write(&path, text).expect("writes");
    let changed = refused(&folder, &decide(&["accept", "p/offer.json"]));
    assert!(changed.contains("does not match its offer: it was changed"), "{changed}");
}

const NUMBERS: [&str; 8] =
    ["--face", "50000", "--terms", "45", "--debtors", "8", "--as-of", "2026-06-30"];

#[test]
fn a_few_numbers_give_a_quote_with_its_range_and_assumptions() {
    let folder = folder();
    let text = done(&folder, &[&["quote"], &NUMBERS[..], &["--monthly-sales", "120,000"]].concat());
    for part in [
        "Quote (indicative) for 50,000.00 USD",
        "on 2026-06-30",
        "30 days",
        "60 days",
        "90 days",
        "you buy it back",
        "outstanding on average",
        "to pay earlier, we would quote",
        "8 invoices of equal amount, issued on 2026-06-30 and due 45 days later",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let quote = quoted(&folder, &NUMBERS);
    let amount = |key: &str| -> f64 { quote[key].as_str().expect(key).parse().expect("a decimal") };
    assert!((amount("net_funded") + amount("reserve") - 50_000.0).abs() < 1e-9);
    // The APR of a pay day: cost / funded x 365 / days.
    for day in quote["if_paid_after"].as_array().expect("days") {
        let fee: f64 = day["fee"].as_str().expect("a fee").parse().expect("a decimal");
        let days = day["days"].as_f64().expect("days");
        let apr = 100.0 * fee / amount("net_funded") * 365.0 / days;
        assert!((day["apr_percent"].as_f64().expect("an APR") - apr).abs() < 1e-3);
    }
    assert_eq!(quote["disclosures"].as_array().map(Vec::len), Some(2));
    assert!(quote["range"][0]["expected_cost"] != quote["range"][1]["expected_cost"]);
}

#[test]
fn a_quote_of_one_invoice_discloses_the_apr_of_its_due_date() {
    let folder = folder();
    let quote = quoted(
        &folder,
        &["--face", "50000", "--terms", "45", "--debtors", "1", "--as-of", "2026-06-30"],
    );
    let california = &quote["disclosures"][0];
    let rows = california["rows"].as_array().expect("rows");
    let labels: Vec<&str> = rows.iter().filter_map(|row| row["label"].as_str()).collect();
    assert_eq!(
        labels,
        [
            "Funding Provided",
            "Estimated Annual Percentage Rate (APR)",
            "Finance Charge",
            "Estimated Payment",
            "Estimated Term",
            "Prepayment"
        ]
    );
    assert_eq!(california["heading"], "OFFER SUMMARY - Factoring");
    let day = quote["if_paid_after"].as_array().expect("days").iter().find(|d| d["days"] == 45);
    let apr = day.expect("day 45")["apr_percent"].as_f64().expect("an APR");
    assert_eq!(rows[1]["value"], format!("{apr:.2}%"));
    assert_eq!(rows[4]["value"], "45 days");
    let york = quote["disclosures"][1]["rows"].as_array().expect("rows");
    assert_eq!(york.len(), 8);
    // 806(d): funding provided plus finance charge.
    let number = |row: &Value| -> f64 {
        let text = row["value"].as_str().expect("a value");
        text.trim_end_matches(" USD").replace(',', "").parse().expect("an amount")
    };
    assert!((number(&york[3]) - number(&york[0]) - number(&york[2])).abs() < 1e-9);
    assert!(rows.iter().chain(york).all(|row| row["rule"].as_str().is_some_and(|r| !r.is_empty())));
}

#[test]
fn a_ledger_gives_an_exact_quote() {
    let folder = folder();
    let quote = quoted(&folder, &["good.csv"]);
    assert_eq!(
        (quote["kind"].as_str(), quote["date"].as_str()),
        (Some("exact"), Some("2026-06-08"))
    );
}

#[test]
fn wrong_numbers_are_one_sentence() {
    let folder = folder();
    for (args, said) in [
        (vec!["quote"], "give --face AMOUNT"),
        (
            vec!["quote", "--face", "0"],
            "'0' is not a value for --face AMOUNT: expected an amount above 0",
        ),
        (
            vec!["quote", "--face", "100", "--terms", "0"],
            "--terms = 0: expected a whole number from 1 to 180",
        ),
        (
            vec!["quote", "--face", "100", "--debtors", "9", "--invoices", "3"],
            "at least one for each of 9 customers",
        ),
        (vec!["quote", "--face", "1.2345"], "more decimals than USD"),
        (vec!["quote", "--face", "1.234"], "the point could separate thousands or decimals"),
        (
            vec!["quote", "--face", "100", "--monthly-sales", "79228162514264337593543950335"],
            "--monthly-sales",
        ),
        (vec!["quote", "--face", "100", "--as-of=+262142-12-31"], "a day from 1970 to 2200"),
        (vec!["quote", "--face", "x"], "expected an amount above 0 such as 50000"),
    ] {
        let sentence = refused(&folder, &args);
        assert!(sentence.contains(said), "{sentence}");
    }
}

#[test]
fn a_policy_is_checked_and_explained() {
    let folder = folder();
    assert_eq!(done(&folder, &["policy", "check"]), "standard, version 1: valid.\n");
    let text = done(&folder, &["policy", "explain"]);
    for part in [
        "more than 60 days past due",
        "at most 85 %",
        "reaches 12 % a year",
        "California and New York",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let wrong = crate::evaluated::priced_policy_text(&[("advance.rate_percent", "120")]);
    fs::write(folder.path().join("wrong.toml"), wrong).expect("a policy");
    let sentence = refused(&folder, &["policy", "check", "wrong.toml"]);
    assert!(sentence.contains("advance.rate_percent = 120: expected a percent from 0 to 100"));
    let unknown = format!("surprise = 1\n{}", crate::evaluated::priced_policy_text(&[]));
    fs::write(folder.path().join("unknown.toml"), unknown).expect("a policy");
    assert!(refused(&folder, &["policy", "check", "unknown.toml"]).contains("surprise"));
}

#[test]
fn an_offer_is_recomputed_and_the_first_difference_named() {
    let folder = folder();
    done(&folder, &["evaluate", "good.csv", "--as-of", "2026-06-20", "--out", "made"]);
    let asked = ["evaluate", "good.csv", "--advance", "60", "--out", "asked"];
    done(&folder, &asked);
    assert!(
        done(&folder, &["verify", "asked/offer.json", "good.csv"]).contains(": verified, offer")
    );
    let same = done(&folder, &["verify", "made/offer.json", "good.csv"]);
    let text = fs::read_to_string(folder.path().join("made/offer.json")).expect("an offer");
    let offer: Value = serde_json::from_str(&text).expect("JSON");
    let id = offer["offer_id"].as_str().expect("an id");
    assert_eq!(same, format!("made/offer.json: verified, offer {id}.\n"));
    let tampered = text.replacen("\"gross\": \"349.95\"", "\"gross\": \"349.96\"", 1);
    assert_ne!(tampered, text);
    fs::write(folder.path().join("tampered.json"), &tampered).expect("an offer");
    let sentence = refused(&folder, &["verify", "tampered.json", "good.csv"]);
    assert!(sentence.contains("is 349.96 in the offer but 349.95 when recomputed"), "{sentence}");
    assert!(!sentence.contains("made by"), "by this engine: {sentence}");
    // Another engine may have computed it otherwise, so it is named.
    let older = tampered.replace("\"engine_version\": \"", "\"engine_version\": \"0.0.9-");
    assert_ne!(older, tampered);
    fs::write(folder.path().join("older.json"), older).expect("an offer");
    let sentence = refused(&folder, &["verify", "older.json", "good.csv"]);
    assert!(sentence.contains("The offer was made by factorage 0.0.9-"), "{sentence}");
    let renamed = text.replace(id, &"0".repeat(64));
    fs::write(folder.path().join("renamed.json"), renamed).expect("an offer");
    assert!(refused(&folder, &["verify", "renamed.json", "good.csv"]).contains("offer_id is 0000"));
    fs::write(folder.path().join("other.csv"), super::GOOD.replace("349.95", "350.95"))
        .expect("a ledger");
    let sentence = refused(&folder, &["verify", "made/offer.json", "other.csv"]);
    assert!(sentence.contains("These files have changed since: good.csv"), "{sentence}");
    assert!(refused(&folder, &["verify", "good.csv", "good.csv"]).contains("good.csv: "));
}
