//! Invoices that are gone from a ledger, as the last of the earlier ledgers that has them shows
//! them.

use chrono::NaiveDate;

use super::comparing::Comparing;
use super::matching::matched;
use super::shown_ledger::{ShownDebtor, ShownInvoice, ShownLedger};

/// Finds the invoices that the new ledger lacks, each with the index of the last ledger that has
/// it and its index there; the last ledgers first.
pub(super) fn last_shown(all: &[Comparing<'_>]) -> Vec<(usize, usize)> {
    let mut later = ShownLedger { date: NaiveDate::MAX, debtors: Vec::new(), invoices: Vec::new() };
    let mut found = Vec::new();
    for (of, comparing) in all.iter().enumerate().rev() {
        let gone = gone(comparing);
        let matched = matched(&gone, &later);
        let last = matched.gone.iter().map(|&at| (of, comparing.matched.gone[at]));
        found.extend(last);
        // Nobody is left to compare with the first.
        if of == 0 {
            break;
        }
        let debtors = matched.debtors.iter().enumerate().map(|(at, same)| {
            same.unwrap_or_else(|| {
                later.debtors.push(gone.debtors[at].clone());
                later.debtors.len() - 1
            })
        });
        let debtors: Vec<usize> = debtors.collect();
        later.invoices.extend(matched.gone.iter().map(|&at| {
            let invoice = gone.invoices[at];
            ShownInvoice { debtor: debtors[invoice.debtor], ..invoice }
        }));
    }
    found
}

/// The invoices of an earlier ledger that the new one lacks, under the ids of its debtors.
fn gone<'a>(Comparing { before, now, matched }: &Comparing<'a>) -> ShownLedger<'a> {
    let debtor = |(own, same): (&ShownDebtor<'a>, &Option<usize>)| match same {
        Some(same) => now.debtors[*same].clone(),
        None => own.clone(),
    };
    ShownLedger {
        date: before.date,
        debtors: before.debtors.iter().zip(&matched.debtors).map(debtor).collect(),
        invoices: matched.gone.iter().map(|&at| before.invoices[at]).collect(),
    }
}
