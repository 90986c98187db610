//! The offer page and the credit memo of a few customers of the sample ledger, and the backtest
//! page of all of them.

use factorage::app::{BacktestRequest, Evaluation, backtest};
use factorage::ledger::Source;
use factorage::policy::Policy;
use factorage::report::html::{backtest_html, credit_memo, html};

use super::super::evaluated::{Desk, date};
use super::same_page;

/// Some that pay early, some that pay late, one that went insolvent.
const DEBTORS: [&str; 6] = ["D00010", "D00043", "D00047", "D00050", "D00055", "D00057"];

/// Rows of the sample ledger, and three that are odd: the amount of one is no number, one is
/// disputed, one is dated later.
fn ledger() -> String {
    let sample = include_str!("../../data/sample_ledger.csv");
    let (header, rows) = sample.split_once('\n').expect("a header");
    let of = |row: &&str| DEBTORS.iter().any(|debtor| row.contains(&format!(",{debtor},")));
    let rows: Vec<&str> = rows.lines().filter(of).collect();
    let odd = "\
C001,INV-002001,D00043,Holantis Plastics LLC,2026-06-29,2026-07-29,USD,1.2.3,,,,,,,false,,,US
C001,INV-002002,D00043,Holantis Plastics LLC,2026-06-10,2026-07-10,USD,410.00,,,,,,,true,2026-06-20,,US
C001,INV-002003,D00043,Holantis Plastics LLC,2026-07-06,2026-08-05,USD,250.00,,,,,,,false,,,US
";
    format!("{header}\n{}\n{odd}", rows.join("\n"))
}

fn offered() -> Evaluation {
    let standard = Policy::standard().expect("the standard policy");
    Desk::with("ledger.csv", ledger()).policy(standard).at("2026-06-30").evaluate()
}

#[test]
fn the_offer_page_reads_as_kept() {
    same_page("offer_page", &html(&offered()));
}

#[test]
fn the_credit_memo_reads_as_kept() {
    same_page("credit_memo", &credit_memo(&offered()));
}

#[test]
fn the_backtest_page_reads_as_kept() {
    let policy = Policy::standard().expect("the standard policy");
    let source = Source::bytes("ledger.csv", include_str!("../../data/sample_ledger.csv"));
    let origins = vec![date("2025-12-31"), date("2026-03-31")];
    let request = BacktestRequest::new([source], origins, policy);
    let backtest = backtest(&request, &|_| ()).expect("a backtest");
    same_page("backtest_page", &backtest_html(&backtest));
}
