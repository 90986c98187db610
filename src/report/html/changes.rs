//! What is different from the client's previous ledger.

use maud::{Markup, html};

use super::figures::{NONE, date, money, name};
use super::table::{Table, left_out, number, row, text};
use super::view::PartView;

/// Most rows shown.
const MOST: usize = 100;

/// The differences; nothing where no previous ledger was given or nothing is odd.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let all = &view.part.changes;
    if all.is_empty() {
        return html! {};
    }
    let currency = view.part.currency;
    let columns = vec![
        text("What"),
        text("Invoice"),
        text("Customer"),
        text("Dated, due before"),
        text("Dated, due now"),
        number(format!("Amount before, {currency}")),
        number(format!("Amount now, {currency}")),
    ];
    let rows = all.iter().take(MOST).map(|change| {
        let dates = |facts: &offer::InvoiceFacts| {
            html! { (date(facts.invoice_date)) ", " (date(facts.due_date)) }
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
        h4 { "Different from the previous ledger" }
        (left_out(all.len().min(MOST), all.len(), "offer.json"))
        (Table::new("Differences from the previous ledger", columns, rows.collect()).render())
    }
}
