//! Open invoices that are dated before an earlier ledger, which would have listed them and does
//! not.

use std::collections::HashMap;

use basics::from_day_number;
use chrono::NaiveDate;
use policy::{Finding, HoldReason};
use words::Facts;

use super::comparing::Comparing;
use super::ledger_change::{ChangeKind, LedgerChange};
use super::listed::Listed;
use super::told::{Changed, Told};

/// Tells of them by the last such ledger. Once a ledger has shown an invoice, one of a later date
/// may leave it out.
pub(super) fn backdated(all: &[Comparing<'_>]) -> Vec<Changed> {
    let mut first_shown: HashMap<usize, NaiveDate> = HashMap::new();
    for comparing in all {
        for &(_, new) in &comparing.matched.pairs {
            first_shown.entry(new).or_insert(comparing.before.date);
        }
    }
    let mut lacking: HashMap<usize, NaiveDate> = HashMap::new();
    for Comparing { before, now, matched } in all {
        let listed = Listed::of(before);
        for &at in &matched.new {
            let invoice = &now.invoices[at];
            let is_first = first_shown.get(&at).is_none_or(|&shown| before.date <= shown);
            if invoice.open > 0 && is_first && listed.would_list(invoice) {
                lacking.insert(at, before.date);
            }
        }
    }
    let found = lacking.into_iter().map(|(at, previous)| {
        let now = all[0].now;
        let invoice = &now.invoices[at];
        let issue = from_day_number(invoice.issue);
        let facts = Facts::new().with("issue", issue).with("previous", previous);
        let findings = vec![Finding::new(HoldReason::Backdated, facts)];
        let change = invoice.change(ChangeKind::Backdated, &now.debtors[invoice.debtor]);
        let change = LedgerChange { now: Some(invoice.facts()), ..change };
        Changed {
            place: invoice.place,
            told: Told { findings, ..Told::default() },
            change: Some((invoice.currency, change)),
        }
    });
    found.collect()
}
