//! The names of jobs change nothing that is offered.

use std::fmt::Write;

use chrono::TimeDelta;
use proptest::collection::vec;
use proptest::prelude::*;

use super::cases;
use super::ledgers::END;
use crate::evaluated::{Desk, date, offer_without_provenance};

/// A document: index of its debtor and of its job (0 is none), age in days, amount in cents, kind.
type Document = (usize, usize, i64, i64, &'static str);

fn documents() -> impl Strategy<Value = Vec<Document>> {
    let kind = prop_oneof![
        8 => Just("Invoice"),
        1 => Just("Credit Memo"),
        1 => Just("Payment"),
    ];
    vec((0_usize..4, 0_usize..4, 0_i64..150, 1_i64..900_000, kind), 2..40)
}

/// An invoice with its number: index of its customer and of its parent, age in days, dollars.
type Numbered = (usize, (usize, usize, i64, i64));

const DEBTORS: [&str; 4] = ["Marlow Hotels", "Tern Studios", "Quill Press", "Avery Mills"];
const JOBS: [&str; 4] = ["", "Kitchen", "Annexe:Roof", "Garden"];

/// The documents as rows, each beginning with the cells that name its debtor.
fn rows(documents: &[Document], naming: impl Fn(usize, usize) -> String) -> String {
    let mut rows = String::new();
    for (at, &(debtor, job, age, cents, kind)) in documents.iter().enumerate() {
        let issued = date(END) - TimeDelta::days(age);
        let due = issued + TimeDelta::days(30);
        let sign = if kind == "Invoice" { "" } else { "-" };
        let amount = format!("{sign}{}.{:02}", cents / 100, cents % 100);
        let names = naming(debtor, job);
        // Without a number a document would be rejected as long as it is an invoice.
        writeln!(rows, "{names},{issued},{kind},N{at},{due},{amount},{amount}").expect("a text");
    }
    rows
}

/// The offer, but for the names of the jobs.
fn offer(header: &str, rows: &str) -> Option<String> {
    let text = format!("{header},Date,Transaction type,Num,Due date,Amount,Open balance\n{rows}");
    let mut evaluation = Desk::with("ledger.csv", text).at(END).try_evaluate().ok()?;
    let parts = evaluation.offer.parts.iter_mut();
    parts.flat_map(|part| &mut part.lines).for_each(|line| line.job = None);
    assert!(evaluation.rejects.is_empty(), "{:?}", evaluation.rejects);
    Some(offer_without_provenance(&evaluation))
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn splitting_the_invoices_of_a_debtor_into_jobs_changes_no_figure(documents in documents()) {
        let whole = rows(&documents, |debtor, _| DEBTORS[debtor].to_owned());
        let whole = offer("Name", &whole);
        prop_assume!(whole.is_some(), "one of the documents is an invoice");
        let split = rows(&documents, |debtor, job| match JOBS[job] {
            "" => DEBTORS[debtor].to_owned(),
            job => format!("{}:{job}", DEBTORS[debtor]),
        });
        prop_assert_eq!(&offer("Name", &split), &whole, "jobs in names");
        let parents = rows(&documents, |debtor, job| match JOBS[job] {
            "" => format!("{},", DEBTORS[debtor]),
            // One of several jobs of this name, each with its own customer.
            job => format!("{job},{}", DEBTORS[debtor]),
        });
        prop_assert_eq!(&offer("Customer,Parent customer", &parents), &whole, "a parent column");
    }

    #[test]
    fn the_order_of_rows_changes_nothing_whoever_is_whose_parent(
        (rows, shuffled) in vec((0_usize..5, 0_usize..6, 0_i64..90, 1_i64..90_000), 2..12)
            .prop_map(|all| all.into_iter().enumerate().collect::<Vec<_>>())
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        // Circles and customers of several parents among them.
        const NAMES: [&str; 6] = ["Alder", "Birch", "Cedar", "Elm", "Fir", ""];
        let text = |rows: &[Numbered]| {
            let mut text = "Invoice No,Customer,Parent,Date,Amount,Type\n".to_owned();
            for &(at, (customer, parent, age, dollars)) in rows {
                let (customer, parent) = (NAMES[customer], NAMES[parent]);
                let issued = date(END) - TimeDelta::days(age);
                writeln!(text, "N{at},{customer},{parent},{issued},{dollars},Invoice")
                    .expect("a text");
            }
            text
        };
        let offer = |rows| {
            offer_without_provenance(&Desk::with("ledger.csv", text(rows)).at(END).evaluate())
        };
        prop_assert_eq!(offer(&rows), offer(&shuffled));
    }
}
