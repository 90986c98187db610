//! The disclosures that state law requires, as they would be printed.

use maud::{Markup, html};

use pricing::Disclosure;

use super::say::{say, sentence};
use super::table::{Table, row, text};
use super::view::PartView;

/// All disclosures of a part; nothing without any.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let all = &view.part.disclosures;
    html! {
        @if !all.is_empty() {
            h4 id={ (view.id) "-disclosures" } { (say("page_disclosures.title")) }
            p.note { (say("page_disclosures.note")) " " (say("page_disclosures.note_apr")) }
            @for disclosure in all { (one(disclosure)) }
        }
    }
}

fn one(disclosure: &Disclosure) -> Markup {
    let columns = vec![
        text(say("page_disclosures.item")),
        text(say("page_disclosures.this_offer")),
        text(say("page_disclosures.meaning")),
        text(say("page_disclosures.rule")),
    ];
    let rows = disclosure
        .rows
        .iter()
        .map(|line| row![line.label, line.value, line.explanation, line.rule])
        .collect();
    let title = format!("{}, {}", disclosure.heading, disclosure.jurisdiction.name());
    let heading = sentence("page_disclosures.heading")
        .with("heading", &disclosure.heading)
        .with("state", disclosure.jurisdiction.name());
    html! {
        h5 { (heading) }
        @if !disclosure.applies {
            p.note { (sentence("page_disclosures.above_limit").with("law", &disclosure.law)) }
        }
        (Table::new(title, columns, rows).render())
        ul.note { @for setting in &disclosure.settings { li { (setting) } } }
        // The words of the regulation, which no catalogue may change.
        @if disclosure.jurisdiction == pricing::Jurisdiction::Ca {
            p.note {
                "Applicable law requires this information to be provided to you to help you make an \
                informed decision. By signing below, you are confirming that you received this \
                information."
            }
        }
        p.signature { (say("page_disclosures.signature")) }
    }
}
