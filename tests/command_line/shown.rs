//! The terminal output of `factorage report`: tables, their order, singular and plural.

use std::fs;
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;

use super::report::{json, portfolio, row};
use super::{done, folder, refused, run};

/// The lines after one that is exactly this, up to the next blank line.
fn table<'a>(text: &'a str, title: &str) -> Vec<&'a str> {
    let mut lines = text.lines().skip_while(|line| *line != title);
    assert!(lines.next().is_some(), "no {title} in {text}");
    lines.take_while(|line| !line.is_empty()).collect()
}

#[test]
fn sections_asked_for_are_shown_as_tables_where_nothing_is_written() {
    let folder = portfolio();
    let args = ["report", "book", "--as-of", "2026-06-30"];
    let plain = done(&folder, &args);
    let shown = done(&folder, &[&args[..], &["--sections", "ageing,collections"]].concat());
    let tables = shown.strip_prefix(&plain).expect("the summary, then the tables");
    assert!(tables.starts_with("\nAgeing\n======\n"), "{tables}");
    let report = json(&folder, &[]);
    let open = &row(&report["ageing"]["by_due_date"], "client", "north")["open"];
    assert_eq!(open, "1250.00");
    let north = tables.lines().find(|line| line.trim_start().starts_with("north ")).expect("north");
    assert!(north.contains(" 1,250.00"), "{north}");
    assert!(tables.contains("Alder Mill") && !tables.contains("Early warning"), "{tables}");
    let out = done(&folder, &[&args[..], &["--sections", "ageing", "--out", "out"]].concat());
    assert_eq!(out, format!("{plain}Files written to out.\n"));
    let compared = done(&folder, &[&args[..], &["--compare", "2026-05-31"]].concat());
    let beside = "Compared with 2026-05-31; both columns use today's facilities and funds in use";
    let beside = table(&compared, beside);
    // 1,250 + 350 + 700 were open, of which 700 are still; today it is 2,000.
    let open = beside.iter().find(|line| line.contains("Open balance")).expect("a row");
    let figures: Vec<&str> = open.split_whitespace().rev().take(3).collect();
    assert_eq!(figures, ["-300", "2,300", "2,000"], "{compared}");
    fs::write(folder.path().join("s.toml"), "[[scenario]]\nname = \"Slow\"\nslower_days = 20\n")
        .expect("writes");
    let stressed = done(&folder, &[&args[..], &["--scenarios", "s.toml"]].concat());
    assert!(stressed.contains("\nStress\n======\n") || stressed.contains("Slow"), "{stressed}");
}

#[test]
fn a_day_after_the_as_of_date_is_nothing_to_compare_with() {
    let folder = portfolio();
    for args in [&["--as-of", "2026-06-30"][..], &[]] {
        let all = [&["report", "book", "--compare", "2026-07-01"], args].concat();
        let sentence = refused(&folder, &all);
        let as_of = if args.is_empty() { "2026-06-10" } else { "2026-06-30" };
        let both = format!("2026-07-01, is after the as-of date, {as_of}");
        assert!(sentence.contains(&both), "{sentence}");
        assert_eq!(run(&folder, &all).status.code(), Some(2));
    }
}

/// Two files of clients whose debtors slow down, in dollars and in euros, with a rate between them.
fn slowing(folder: &TempDir) {
    let book = folder.path().join("book");
    fs::create_dir(&book).expect("a folder");
    let mut manifest = "as_of = \"2026-06-30\"\nrates = \"rates.csv\"\n".to_owned();
    for (code, seed) in [("USD", "3"), ("EUR", "4")] {
        let out = format!("book/{code}.csv");
        let size = ["--invoices", "3000", "--debtors", "120", "--clients", "12"];
        let kind = ["--payers", "slowing", "--currency", code, "--seed", seed, "--out", &out];
        done(folder, &[&["generate"], &size[..], &kind[..]].concat());
        let entry = format!("[[client]]\nid = \"{code}\"\nledger = \"{code}.csv\"\n");
        manifest.push_str(&entry);
    }
    fs::write(book.join("portfolio.toml"), manifest).expect("a manifest");
    fs::write(book.join("rates.csv"), "from,to,rate,date\nEUR,USD,1.5,2026-06-01\n")
        .expect("rates");
}

#[test]
fn what_to_look_at_first_is_in_order_of_money_and_says_how_much_more_there_is() {
    let folder = folder();
    slowing(&folder);
    let report = json(&folder, &["--sections", "overview,early_warning"]);
    let signals = report["early_warning"]["signals"].as_array().expect("signals");
    let warning = signals.iter().filter(|signal| signal["warns"] == "yes").count();
    assert!(warning > 12, "{warning} warnings");
    let first = report["overview"]["look_at_first"].as_array().expect("rows");
    let own: Vec<&Value> = first.iter().filter(|row| row["section"] == "early_warning").collect();
    assert_eq!(own.len(), 13);
    assert_eq!(own[12]["who"], "Others");
    let words = if warning == 13 { "warning" } else { "warnings" };
    let more = format!("{} more {words}, with less at stake", warning - 12);
    assert_eq!(own[12]["what"], more);
    let dollars = |row: &&Value| {
        let amount: f64 = row["at_stake"].as_str().and_then(|a| a.parse().ok()).expect("an amount");
        if row["currency"] == "EUR" { 1.5 * amount } else { amount }
    };
    let at_stake: Vec<f64> = own[..12].iter().map(dollars).collect();
    assert!(at_stake.is_sorted_by(|a, b| a >= b) && at_stake[11] > 0.0, "{at_stake:?}");
    let currencies: std::collections::BTreeSet<String> =
        own[..12].iter().map(|row| row["currency"].to_string()).collect();
    assert_eq!(currencies.len(), 2, "{currencies:?}");
    let notes = report["overview"]["notes"].to_string();
    assert!(notes.contains("Amounts are compared in USD."), "{notes}");
}

#[test]
fn currencies_without_rates_are_compared_by_their_share_of_what_is_open() {
    let folder = folder();
    let book = folder.path().join("book");
    fs::create_dir(&book).expect("a folder");
    // In yen the amounts are a hundred times as high, and the smaller part of what is open.
    for (name, code, unit) in [("dollars", "USD", 1), ("yen", "JPY", 100)] {
        let part = if code == "USD" { [900, 50] } else { [500, 500] };
        let ledger = format!(
            "invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount\n\
             1,10,A,2026-02-01,2026-03-01,{code},{}\n2,11,B,2026-06-01,2026-07-01,{code},{}\n",
            unit * part[0],
            unit * part[1]
        );
        fs::write(book.join(format!("{name}.csv")), ledger).expect("a ledger");
    }
    let report = json(&folder, &["--sections", "overview"]);
    let first = report["overview"]["look_at_first"].as_array().expect("rows");
    let worst = first.iter().find(|row| row["section"] == "collections").expect("a worst debtor");
    assert_eq!(
        (&worst["who"], &worst["currency"]),
        (&"dollars".into(), &"USD".into()),
        "{first:?}"
    );
    let notes = report["overview"]["notes"].to_string();
    assert!(notes.contains("as a share of the open balance in its currency"), "{notes}");
}

#[test]
fn one_is_counted_in_the_singular() {
    let folder = folder();
    let summary = done(&folder, &["report", "good.csv"]);
    assert!(summary.starts_with("Portfolio as of 2026-06-08: 1 client\n"), "{summary}");
    assert!(summary.contains(" open in 1 invoice, "), "{summary}");
    let args = ["generate", "--invoices", "1", "--debtors", "1", "--out", "l.csv"];
    assert!(done(&folder, &args).starts_with("l.csv: 1 row ("));
    let quote = done(&folder, &["quote", "--face", "900", "--debtors", "1", "--terms", "1"]);
    assert!(
        quote.contains("1 invoice, issued on") && quote.contains("owed by 1 customer."),
        "{quote}"
    );
    assert!(quote.contains("due 1 day later"), "{quote}");
}

#[test]
fn a_report_of_the_service_tells_how_far_it_is() {
    let folder = folder();
    let size = ["--invoices", "20000", "--debtors", "90", "--out", "l.csv"];
    done(&folder, &[&["generate"], &size[..]].concat());
    let bytes = fs::metadata(folder.path().join("l.csv")).expect("a ledger").len();
    let work = serde_json::json!({
        "command": "report", "portfolio": "l.csv", "sections": [], "out": "out"
    });
    let mut job = super::job(&folder, &work);
    job.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = job.spawn().expect("a job");
    let _held = child.stdin.take();
    let output = child.wait_with_output().expect("an end");
    assert!(output.status.success());
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    let told: Vec<Vec<u64>> = told
        .lines()
        .map(|line| {
            let numbers = line.strip_prefix("progress: ").expect("a line of progress").split(' ');
            numbers.map(|number| number.parse().expect("a number")).collect()
        })
        .collect();
    // The file is read twice, for its date and for its rows, and told once.
    assert!(!told.is_empty() && bytes > 1 << 20, "{bytes} bytes");
    assert!(told.iter().all(|line| line[0] <= line[1] && line[1] == bytes), "{told:?}");
}
