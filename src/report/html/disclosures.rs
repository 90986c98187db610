//! The disclosures as they would be printed.

use maud::{Markup, html};

use pricing::Disclosure;

use super::table::{Table, row, text};
use super::view::PartView;

/// All disclosures of a part; nothing without any.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let all = &view.part.disclosures;
    html! {
        @if !all.is_empty() {
            h4 id={ (view.id) "-disclosures" } { "Disclosures" }
            p.note {
                "As the law of each state asks for them with this offer. Prepared by rule, to be checked \
                by counsel before use."
            }
            @for disclosure in all { (one(disclosure)) }
        }
    }
}

fn one(disclosure: &Disclosure) -> Markup {
    let columns = vec![text("Item"), text("This offer"), text("What it means"), text("Rule")];
    let rows = disclosure
        .rows
        .iter()
        .map(|line| row![line.label, line.value, line.explanation, line.rule])
        .collect();
    let title = format!("{}, {}", disclosure.heading, disclosure.jurisdiction.name());
    html! {
        h5 { (disclosure.heading) " (" (disclosure.jurisdiction.name()) ")" }
        @if !disclosure.applies {
            p.note { "The offer is above the amount up to which " (disclosure.law) " applies." }
        }
        (Table::new(title, columns, rows).render())
        ul.note { @for setting in &disclosure.settings { li { (setting) } } }
        @if disclosure.jurisdiction == pricing::Jurisdiction::Ca {
            p.note {
                "Applicable law requires this information to be provided to you to help you make an \
                informed decision. By signing below, you are confirming that you received this \
                information."
            }
        }
        p.signature { "Recipient's signature ________________________  Date ____________" }
    }
}
