//! The changes since the client's previous ledger.

use maud::{Markup, Render, html};

use super::figures::{NONE, date, money, name};
use super::say::{say, say_in, sentence};
use super::table::{Table, left_out, number, row, text};
use super::view::PartView;

/// The most rows shown.
const MOST: usize = 100;

/// The changes; nothing where no previous ledger was given or none of its invoices changed.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let all = &view.part.changes;
    if all.is_empty() {
        return html! {};
    }
    let currency = view.part.currency;
    let columns = vec![
        text(say("page_changes.what")),
        text(say("label.invoice")),
        text(say("label.customer")),
        text(say("page_changes.dates_before")),
        text(say("page_changes.dates_now")),
        number(say_in("page_changes.amount_before", currency)),
        number(say_in("page_changes.amount_now", currency)),
    ];
    let rows = all.iter().take(MOST).map(|change| {
        let dates = |facts: &offer::InvoiceFacts| {
            sentence("page_changes.dates")
                .with("dated", date(facts.invoice_date))
                .with("due", date(facts.due_date))
                .render()
        };
        row![
            change.change.title(),
            name(&change.invoice_number),
            name(&change.debtor_name),
            dates(&change.before),
            change.now.as_ref().map_or(html! { (NONE) }, dates),
            money(change.before.face),
            change.now.map_or(NONE.to_owned(), |now| money(now.face))
        ]
    });
    html! {
        h4 { (say("page_changes.title")) }
        (left_out(all.len().min(MOST), all.len(), "offer.json"))
        (Table::new(say("page_changes.title"), columns, rows.collect()).render())
    }
}
