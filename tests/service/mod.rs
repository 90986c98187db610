//! The service as its callers meet it, over HTTP, on SQLite and on PostgreSQL.

mod accepting;
mod approval;
mod audit;
mod audit_roles;
mod backup;
mod bank_lines;
mod books;
mod buying;
mod client_reads;
mod clock;
mod completing;
mod confirmations;
mod corrections;
mod database;
mod debtors;
mod document;
mod evaluations;
mod funding;
mod heavy;
mod job_steps;
mod jobs;
mod kill;
mod line;
mod log;
mod migrations;
mod model;
mod older;
mod once;
mod payout;
mod policies;
mod put_back;
mod recovery;
mod roles;
mod server;
mod settlements;
mod shares;
mod spellings;
mod story;
mod tampering;
mod tampering_beside;
mod texts;
mod transfers;
mod undone;
mod wrong;

/// A good ledger: three rows, one of them paid, the others due long after any test.
const GOOD: &str = "\
invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount,paid_date
1,10,North Mill,2026-05-04,2026-06-03,USD,1250.00,2026-06-08
2,11,South Mill,2026-06-18,2026-07-17,USD,349.95,
3,12,East Mill,2026-06-20,2026-07-20,USD,800.00,
";

/// The standard policy, with offers that stand for a year.
fn long_policy() -> String {
    let text = String::from_utf8(server::data("policies/standard.toml")).expect("UTF-8");
    let long = text.replace("valid_days = 14 ", "valid_days = 365 ");
    assert_ne!(text, long, "the standard policy says how long an offer stands");
    long
}
