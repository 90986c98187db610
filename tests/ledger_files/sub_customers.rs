//! Customers with sub-customers, jobs and projects: the customer before them is the debtor.

use std::io::Cursor;

use calamine::{Reader as _, open_workbook_auto_from_rs};
use factorage::app::Evaluation;
use factorage::offer::OfferPart;
use factorage::policy::Policy;
use factorage::report::html::html;
use factorage::report::{ReportError, invoices_csv, invoices_parquet, offer_xlsx};
use polars::prelude::{ParquetReader, SerReader};

use super::path;
use crate::evaluated::{Desk, line, offer_text, only_part};

/// An invoice list of QuickBooks Online, which splits names at their colons.
fn invoice_list(rows: &str) -> Desk {
    let header = "Date,Transaction type,Num,Name,Due date,Amount,Open balance\n";
    Desk::with("ledger.csv", format!("{header}{rows}")).at("2026-06-30")
}

fn debtors(part: &OfferPart) -> Vec<&str> {
    let mut names: Vec<&str> = part.lines.iter().map(|line| line.debtor_name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn bought(part: &OfferPart) -> (String, String) {
    (part.totals.amount_bought.to_string(), part.totals.advance.to_string())
}

/// Three jobs of 4,000.00 and an unapplied 3,900.00 are one debtor with 8,100.00; another
/// has 4,000.00. Each is limited to 25 % of 12,100.00 = 3,025.00; 6,050.00 in all, and 85 % of it
/// are 5,142.50.
#[test]
fn jobs_share_the_concentration_limit_and_the_credits_of_their_customer() {
    let rows = "06/12/2026,Invoice,1040,Marlow Hotels:Kitchen,07/12/2026,4000.00,4000.00\n\
        06/13/2026,Invoice,1043,Marlow Hotels:Annexe:Roof,07/13/2026,4000.00,4000.00\n\
        06/14/2026,Invoice,1044,Marlow Hotels: Garden,07/14/2026,4000.00,4000.00\n\
        06/25/2026,Payment,P77,Marlow Hotels,06/25/2026,-3900.00,-3900.00\n\
        06/22/2026,Invoice,1042,Tern Studios,07/22/2026,4000.00,4000.00\n";
    let on_a_job = rows.replace("P77,Marlow Hotels,", "P77,Marlow Hotels:Garden,");
    for rows in [rows, &on_a_job] {
        let evaluation = invoice_list(rows).evaluate();
        let part = only_part(&evaluation);
        assert_eq!(debtors(part), ["Marlow Hotels", "Tern Studios"]);
        assert_eq!(line(part, "1043").debtor_id, "Marlow Hotels");
        assert_eq!(bought(part), ("6050.00".to_owned(), "5142.50".to_owned()));
        assert!(evaluation.warnings.is_empty(), "{:?}", evaluation.warnings);
        assert_eq!(evaluation.certificate.currencies[0].idle_credits.minor(), 0);
    }
}

#[test]
fn a_colon_in_the_names_of_other_files_is_a_part_of_the_name() {
    let text = "invoice_number,debtor_name,invoice_date,due_date,amount\n\
        V-1,Project: Alpha Films LLC,2026-06-04,2026-07-04,1250.00\n\
        V-2,Project: Beta Records,2026-06-05,2026-07-05,1250.00\n";
    let evaluation = Desk::with("ledger.csv", text).evaluate();
    let names = ["Project: Alpha Films LLC", "Project: Beta Records"];
    assert_eq!(debtors(only_part(&evaluation)), names);
}

/// Without the layout the names of `evaluate` come from the groups around the rows.
#[test]
fn groups_within_the_group_of_a_customer_are_its_jobs() {
    for (file, names) in [
        ("sub_customers_in_groups.csv", ["Marlow Hotels", "Tern Studios"]),
        ("sub_customers_in_columns_to_the_right.csv", ["Marlow Hotels", "Tern Studios"]),
        ("sub_customers_in_groups_without_sums.csv", ["Avery Mills", "Nettle House"]),
        (
            "sub_customers_below_invoices_of_their_parent.csv",
            ["C201 Padmore Stores", "C219 Reddy Optics"],
        ),
        ("sub_customers_of_one_name.csv", ["Apex Group", "Borel"]),
    ] {
        let evaluation = super::evaluated(&format!("exports/{file}"));
        assert_eq!(debtors(only_part(&evaluation)), names, "{file}");
    }
}

#[test]
fn a_parent_column_makes_the_parent_the_debtor() {
    for (file, names) in [
        ("parent_column_names.csv", vec!["Marlow Hotels", "Tern Studios"]),
        ("parent_column_beside_ids.csv", vec!["Marlow Hotels", "Tern Studios"]),
        ("parent_column_over_two_levels_and_left_blank.csv", vec!["Marlow Hotels"]),
        ("customer_group_column_joins_no_debtors.csv", vec!["Kitchen Ltd", "Roof Ltd"]),
    ] {
        let evaluation = super::evaluated(&format!("exports/{file}"));
        assert_eq!(debtors(only_part(&evaluation)), names, "{file}");
    }
}

/// The frame of invoices, which `ingest --out` writes as `invoices.parquet`.
#[test]
fn the_job_stays_beside_its_invoice() {
    use factorage::app::{IngestRequest, ingest};
    for (file, expected) in [
        ("sub_customers_in_names", vec![None, Some("Kitchen"), Some("Annexe:Roof"), None]),
        ("sub_customers_in_groups", vec![None, Some("Kitchen"), Some("Annexe:Roof"), None]),
        ("sub_customers_in_columns_to_the_right", vec![Some("Kitchen"), None, None]),
        ("parent_column_names", vec![Some("Kitchen"), None, Some("Roof"), None]),
        ("tracking_category_names_the_parent", vec![Some("Kitchen"), None, Some("Stage 2")]),
    ] {
        let file = path(&format!("exports/{file}.csv"));
        let policy = Policy::standard().expect("the standard policy");
        let ledger = ingest(&IngestRequest::new([file.clone()], policy), &|_| ())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
            .ledger;
        let jobs = ledger.invoices.column("job").expect("a column").str().expect("texts");
        let mut jobs: Vec<Option<&str>> = jobs.iter().collect();
        let mut expected = expected;
        jobs.sort_unstable();
        expected.sort_unstable();
        assert_eq!(jobs, expected, "{}", file.display());
    }
}

/// A debtor whose invoices are all paid: nothing is set off against the note of 300.00, so it is
/// told, at the as-of date at which that is so.
#[test]
fn a_credit_of_a_debtor_that_owes_nothing_is_told_and_counted() {
    let text = "invoice_number,debtor_name,invoice_date,due_date,amount,paid_date\n\
        V-1,Marlow Hotels,2026-06-04,2026-07-04,1250.00,\n\
        V-2,Tern Studios,2026-05-04,2026-06-04,500.00,2026-06-20\n\
        CN-3,Tern Studios,2026-06-10,2026-06-10,-300.00,\n";
    let told = |day: &str| {
        let evaluation = Desk::with("ledger.csv", text).at(day).evaluate();
        let notes = evaluation.warnings.into_iter().filter(|note| note.code == "idle_credit");
        (notes.map(|note| note.message).collect::<Vec<_>>(), evaluation.certificate)
    };
    let (notes, certificate) = told("2026-06-30");
    assert_eq!(
        notes,
        ["300.00 USD in unapplied credits of 1 debtor that has no open invoice (first: Tern \
          Studios); they reduce nothing that is bought, so check whose invoices they are for"]
    );
    assert_eq!(certificate.currencies[0].idle_credits.to_string(), "300.00");
    assert!(told("2026-06-15").0.is_empty(), "V-2 was open then");
    assert!(told("2026-06-05").0.is_empty(), "the note was not yet issued");
}

/// An overpayment counts as well, and in another currency than the debtor's invoices so does a
/// credit note; a write-off beyond a balance is no credit.
#[test]
fn every_kind_of_idle_credit_is_counted_in_its_currency() {
    let text = "invoice_number,debtor_name,invoice_date,due_date,currency,amount,paid_date,\
        paid_amount\n\
        V-1,Marlow Hotels,2026-06-04,2026-07-04,USD,1250.00,,\n\
        V-2,Tern Studios,2026-05-04,2026-06-04,USD,500.00,2026-06-20,540.00\n\
        CN-3,Marlow Hotels,2026-06-10,2026-06-10,EUR,-300.00,,\n\
        CN-4,Quill Press,2026-06-10,2026-06-10,USD,-70.00,2026-06-12,30.00\n";
    let evaluation = Desk::with("ledger.csv", text).at("2026-06-30").evaluate();
    let idle = evaluation.certificate.currencies.iter();
    let idle: Vec<_> = idle.map(|of| format!("{} {}", of.currency, of.idle_credits)).collect();
    // 540 - 500 and 70 - 30.
    assert_eq!(idle, ["EUR 300.00", "USD 80.00"]);
    let notes = evaluation.warnings.iter().filter(|note| note.code == "idle_credit");
    let notes: Vec<&str> = notes.map(|note| &note.message[..10]).collect();
    assert_eq!(notes, ["300.00 EUR", "80.00 USD "]);
}

/// Two invoices, the first of which is of this job, if it has a name.
fn with_job(job: &str) -> Evaluation {
    let colon = if job.is_empty() { "" } else { ":" };
    let rows = format!(
        "06/12/2026,Invoice,1040,Marlow Hotels{colon}{job},07/12/2026,4000.00,4000.00\n\
         06/22/2026,Invoice,1042,Tern Studios,07/22/2026,4000.00,4000.00\n"
    );
    invoice_list(&rows).evaluate()
}

fn written(write: impl FnOnce(&mut Vec<u8>) -> Result<(), ReportError>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut bytes).expect("written");
    bytes
}

#[test]
fn an_offer_shows_the_job_of_each_invoice() {
    for job in ["Kitchen", "Annexe:Roof", "=Garden"] {
        let with = with_job(job);
        let part = only_part(&with);
        assert_eq!(line(part, "1040").job.as_deref(), Some(job));
        assert_eq!(line(part, "1042").job, None);
        assert_eq!(offer_text(&with).matches("\"job\"").count(), 1);
        let table = written(|out| invoices_csv(&with, out));
        let mut read = csv::Reader::from_reader(table.as_slice());
        let at = read.headers().expect("a header").iter().position(|name| name == "job");
        let records = read.records().map(|record| record.expect("as wide as the header"));
        let mut jobs: Vec<String> = records.map(|own| own[at.expect("a column")].into()).collect();
        jobs.sort_unstable();
        // A name that a spreadsheet would run stands behind an apostrophe.
        let shown = if job.starts_with('=') { format!("'{job}") } else { job.to_owned() };
        assert_eq!(jobs, [String::new(), shown]);
        let page = html(&with);
        assert!(page.contains(job) && page.contains(">Job</th>"), "{job}");
    }
}

#[test]
fn an_offer_without_jobs_has_no_column_of_them() {
    let (with, without) = (with_job("Kitchen"), with_job(""));
    assert!(!offer_text(&without).contains("\"job\""));
    let table = String::from_utf8(written(|out| invoices_csv(&without, out))).expect("UTF-8");
    assert!(table.lines().next().is_some_and(|header| header.ends_with(",holds")), "{table}");
    assert!(!html(&without).contains(">Job</th>"));
    let columns = |evaluation: &Evaluation| {
        let table = written(|out| invoices_parquet(evaluation, out));
        let frame = ParquetReader::new(Cursor::new(table)).finish().expect("a frame").width();
        let book = written(|out| offer_xlsx(&evaluation.offer, out));
        let mut book = open_workbook_auto_from_rs(Cursor::new(book)).expect("a workbook");
        let sheets = book.worksheets();
        (frame, sheets.iter().map(|(_, cells)| cells.width()).collect::<Vec<_>>())
    };
    let (with, without) = (columns(&with), columns(&without));
    assert_eq!(with.0, without.0 + 1);
    assert_eq!(with.1.iter().sum::<usize>(), without.1.iter().sum::<usize>() + 1);
}
