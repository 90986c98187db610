//! `factorage report`: a folder of ledgers in, three files and an exit code out.

use std::fs;
use std::io::Read;

use serde_json::Value;
use tempfile::TempDir;

use super::{done, folder, run};

const NORTH: &str = "\
invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount,paid_date
1,10,Alder Mill,2026-05-04,2026-06-03,USD,1250.00,2026-06-08
2,10,Alder Mill,2026-05-18,2026-06-17,USD,350.00,
3,11,Birch Mill,2026-06-10,2026-07-10,USD,900.00,
";
const SOUTH: &str = "\
invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount,paid_date
7,10,Alder Mill,2026-04-01,2026-05-01,USD,700.00,
8,12,Cedar Mill,2026-06-02,2026-07-02,USD,50.00,
";

pub fn portfolio() -> TempDir {
    let folder = folder();
    let book = folder.path().join("book");
    fs::create_dir(&book).expect("a folder");
    fs::write(book.join("north.csv"), NORTH).expect("a ledger");
    fs::write(book.join("south.csv"), SOUTH).expect("a ledger");
    folder
}

pub fn json(folder: &TempDir, args: &[&str]) -> Value {
    let all = [&["report", "book", "--json", "--as-of", "2026-06-30"], args].concat();
    serde_json::from_str(&done(folder, &all)).expect("JSON")
}

pub fn row<'a>(table: &'a Value, key: &str, value: &str) -> &'a Value {
    let rows = table.as_array().expect("rows");
    rows.iter().find(|row| row[key] == value).unwrap_or_else(|| panic!("no {value} in {table}"))
}

#[test]
fn a_folder_of_ledgers_is_a_portfolio() {
    let folder = portfolio();
    let report = json(&folder, &[]);
    let ageing = &report["ageing"]["by_due_date"];
    assert_eq!(row(ageing, "client", "north")["open"], "1250.00");
    let all = row(ageing, "client", "All clients");
    // 900 + 50 are not due; 350 is 13 days, 700 is 60 days past due.
    let buckets: Vec<&Value> = (0..5).map(|at| &all[&format!("bucket_{at}")]).collect();
    assert_eq!(buckets, ["950.00", "350.00", "700.00", "0.00", "0.00"]);
    // Alder Mill has one id with both clients.
    let alder = row(&report["concentration"]["debtors"], "identity", "10");
    assert_eq!((&alder["clients"], &alder["open"]), (&2.into(), &"1050.00".into()));
    let notes = report["ageing"]["notes"].to_string();
    assert!(notes.contains("agree to the cent"), "{notes}");
    assert!(report["provisions"]["notes"].to_string().contains("prior"), "nobody ever defaulted");
    // 700 x 60 days of 4 on April 30 and so on: sales of 90 days are 1,250 + 350 + 900 + 50.
    let turnover = row(&report["turnover"]["now"], "client", "All clients");
    assert_eq!(turnover["sales_90"], "2550.00");
    let worst = &report["collections"]["worklist"][0];
    assert_eq!((&worst["debtor_name"], &worst["step"]), (&"Alder Mill".into(), &"hold".into()));
}

#[test]
fn debtors_are_one_as_the_portfolio_says() {
    let folder = portfolio();
    let manifest = "as_of = \"2026-06-30\"\nsame_id_is_same_debtor = false\ndebtors = \"d.toml\"\n\
        ageing_days = [15, 45]\n\
        [[client]]\nid = \"N\"\nledger = \"north.csv\"\n[[client]]\nid = \"S\"\nledger = [\"south.csv\"]\n";
    fs::write(folder.path().join("book/portfolio.toml"), manifest).expect("writes");
    let list = "[[debtor]]\nkey = \"REG-1\"\ngroup = \"Mills\"\naccounts = [\n\
        { client = \"N\", debtor = \"11\" }, { client = \"S\", debtor = \"12\" }]\n";
    fs::write(folder.path().join("book/d.toml"), list).expect("writes");
    let report = json(&folder, &[]);
    let shared = row(&report["concentration"]["debtors"], "identity", "REG-1");
    assert_eq!(shared["open"], "950.00");
    assert_eq!(row(&report["concentration"]["debtors"], "identity", "N/10")["open"], "350.00");
    assert_eq!(report["concentration"]["groups"][0]["identity"], "Mills");
    let all = row(&report["ageing"]["by_due_date"], "client", "All clients");
    assert_eq!((&all["bucket_1"], &all["bucket_3"]), (&"350.00".into(), &"700.00".into()));
}

#[test]
fn an_unreadable_ledger_fails_alone_and_the_exit_code_says_so() {
    let folder = portfolio();
    fs::write(folder.path().join("book/west.csv"), "not,a\nledger,\n").expect("writes");
    let args = ["report", "book", "--as-of", "2026-06-30", "--out", "out", "--letters", "letters"];
    let output = run(&folder, &args);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("1 ledger could not be used") && told.contains("west"), "{told}");
    let text = fs::read_to_string(folder.path().join("out/portfolio.json")).expect("a report");
    let report: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(report["failed"][0]["client"], "west");
    assert_eq!(row(&report["ageing"]["by_due_date"], "client", "All clients")["open"], "2000.00");
    let page = fs::read_to_string(folder.path().join("out/portfolio.html")).expect("a page");
    assert!(page.contains("could not be used") && !page.contains("http://"));
    let letter = fs::read_to_string(folder.path().join("letters/south/10-Alder Mill.txt"));
    let letter = letter.expect("a letter");
    assert!(letter.contains("700.00 USD is past due") && letter.contains("2026-05-01"), "{letter}");
}

#[test]
fn the_workbook_has_a_sheet_for_each_section_and_sums_as_formulas() {
    let folder = portfolio();
    let args = ["report", "book", "--as-of", "2026-06-30", "--out", "out"];
    done(&folder, &[&args[..], &["--sections", "borrowing_base,ageing"]].concat());
    let file = fs::File::open(folder.path().join("out/portfolio.xlsx")).expect("a workbook");
    let mut archive = zip::ZipArchive::new(file).expect("a workbook");
    let mut part = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).expect(name).read_to_string(&mut text).expect("text");
        text
    };
    let book = part("xl/workbook.xml");
    assert!(book.contains("name=\"ageing\"") && book.contains("name=\"borrowing_base\""), "{book}");
    let sheet = part("xl/worksheets/sheet2.xml");
    // Gross: 1,250 + 750, a formula with its value.
    assert!(sheet.contains("<f>SUM(C7:C8)</f><v>2000.00</v>"), "{sheet}");
    assert!(sheet.contains("<pane "), "no frozen header");
}

#[test]
fn the_same_portfolio_gives_the_same_bytes() {
    let folder = portfolio();
    for out in ["a", "b"] {
        done(&folder, &["report", "book", "--as-of", "2026-06-30", "--out", out]);
    }
    for name in ["portfolio.json", "portfolio.html", "portfolio.xlsx"] {
        let read = |out: &str| fs::read(folder.path().join(out).join(name)).expect("a file");
        assert_eq!(read("a"), read("b"), "{name}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    let folder = portfolio();
    let refused = |args: &[&str]| super::refused(&folder, &[&["report"], args].concat());
    assert!(refused(&["nowhere"]).contains("nowhere"));
    fs::write(folder.path().join("book/portfolio.toml"), "colour = 1\n").expect("writes");
    let unknown = refused(&["book"]);
    assert!(unknown.contains("line 1") && unknown.contains("colour"), "{unknown}");
    fs::write(
        folder.path().join("book/portfolio.toml"),
        "ageing_days = [30, 30]\n[[client]]\n\
        id = \"N\"\nledger = \"north.csv\"\n",
    )
    .expect("writes");
    assert!(refused(&["book"]).contains("ageing_days"));
    fs::write(folder.path().join("s.toml"), "[[scenario]]\nname = \"x\"\nboom = 1\n")
        .expect("writes");
    let scenario = refused(&["good.csv", "--scenarios", "s.toml"]);
    assert!(scenario.contains("s.toml") && scenario.contains("boom"), "{scenario}");
}

#[test]
fn what_is_listed_twice_is_refused_and_scenarios_are_checked() {
    let folder = portfolio();
    let manifest = |text: &str| {
        fs::write(folder.path().join("book/portfolio.toml"), text).expect("writes");
    };
    let client = |id: &str| format!("[[client]]\nid = \"{id}\"\nledger = \"north.csv\"\n");
    let refused = |args: &[&str]| super::refused(&folder, &[&["report", "book"], args].concat());
    manifest(&(client("N") + &client("N")));
    let told = "line 5: client.id = \"N\": expected a name that no other client has";
    assert!(refused(&[]).contains(told), "{}", refused(&[]));
    manifest(&client(" "));
    assert!(refused(&[]).contains("line 2: client.id = \" \": expected a name"));
    manifest(&format!("debtors = \"d.toml\"\n{}", client("N")));
    let account = "{ client = \"N\", debtor = \"10\" }";
    let twice = format!(
        "[[debtor]]\nkey = \"A\"\naccounts = [{account}]\n[[debtor]]\nkey = \"B\"\n\
        accounts = [{account}]\n"
    );
    fs::write(folder.path().join("book/d.toml"), twice).expect("writes");
    assert!(refused(&[]).contains("listed twice"));
    manifest(&client("N"));
    for (scenario, told) in [
        ("name = \"x\"\ndefault_times = -2", "default_times"),
        ("name = \"x\"\nslower_days = nan", "slower_days"),
        ("name = \"x\"\nsector = \"nosuch\"", "sector"),
        ("slower_days = 3", "a name"),
    ] {
        let text = format!("[[scenario]]\n{scenario}\n");
        fs::write(folder.path().join("s.toml"), text).expect("writes");
        let error = refused(&["--scenarios", "s.toml"]);
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn funds_that_nobody_s_invoices_cover_are_lost_with_the_client() {
    let folder = portfolio();
    let manifest = "[[client]]\nid = \"S\"\nledger = \"south.csv\"\nfacility = \"f.toml\"\n";
    fs::write(folder.path().join("book/portfolio.toml"), manifest).expect("writes");
    let facility = "currency = \"USD\"\noutstanding = 500\n";
    fs::write(folder.path().join("book/f.toml"), facility).expect("writes");
    let loss = |as_of: &str| {
        let text = done(&folder, &["report", "book", "--json", "--as-of", as_of]);
        let report: Value = serde_json::from_str(&text).expect("JSON");
        let row = &report["provisions"]["clients"][0];
        let amount = row["expected_loss"].as_str().expect("an amount").to_owned();
        (amount.parse::<f64>().expect("an amount"), report["overview"]["notes"].to_string())
    };
    // Half a year on nothing is eligible any more, and the funds still are at stake.
    let (now, notes) = loss("2026-06-30");
    let (later, stale) = loss("2026-12-31");
    assert!(later > now && now > 0.0, "{now} {later}");
    assert!(stale.contains("more than 31 days") && !notes.contains("more than 31 days"));
}
