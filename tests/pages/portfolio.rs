//! The page on a portfolio of two clients and one unreadable ledger, and the letter to a debtor of
//! theirs.

use std::fs;

use factorage::app::{ReportRequest, report};
use factorage::report::portfolio::{Key, portfolio_html, sections, write_letters};

use super::super::evaluated::date;
use super::same_page;

const LEDGERS: [(&str, &str); 3] = [
    (
        "north.csv",
        "\
invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount,paid_date
1,10,Alder Mill,2026-05-04,2026-06-03,USD,1250.00,2026-06-08
2,10,Alder Mill,2026-05-18,2026-06-17,USD,350.00,
3,11,Birch Mill,2026-06-10,2026-07-10,USD,900.00,
",
    ),
    (
        "south.csv",
        "\
invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount,paid_date,disputed
7,10,Alder Mill,2026-04-01,2026-05-01,USD,700.00,,yes
8,12,Cedar Mill,2026-06-02,2026-07-02,USD,50.00,,
9,12,Cedar Mill,2026-05-02,2026-06-01,EUR,80.00,,
",
    ),
    ("west.csv", "not,a\nledger,\n"),
];

#[test]
fn the_portfolio_page_and_a_letter_read_as_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let (book, letters) = (folder.path().join("book"), folder.path().join("letters"));
    fs::create_dir(&book).expect("a folder");
    for (name, text) in LEDGERS {
        fs::write(book.join(name), text).expect("a ledger");
    }
    let request = ReportRequest {
        portfolio: book,
        as_of: Some(date("2026-06-30")),
        scenarios: None,
        compare: Some(date("2026-05-31")),
        policy: None,
        usual_policy: None,
    };
    let report = report(&request, &|_, _| ()).expect("a report");
    let sections = sections(&report, &Key::ALL).expect("sections");
    let page = portfolio_html(&report, &sections);
    let place = folder.path().display().to_string();
    same_page("portfolio_page", &page.replace(&place, "/clients"));
    write_letters(&report, &letters).expect("letters");
    let letter = fs::read_to_string(letters.join("south/10-Alder Mill.html")).expect("a letter");
    same_page("letter", &letter);
}
