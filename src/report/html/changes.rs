//! The changes since the client's previous ledger, and what is billed anew.

use maud::{Markup, Render, html};

use super::figures::{NONE, date, money, name};
use super::say::{say, say_in, sentence};
use super::table::{Table, left_out, number, row, text};
use super::view::PartView;

/// The most rows shown.
const MOST: usize = 100;

/// The changes; nothing where no invoice changed or was billed anew.
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
    // Of what has other balances than before, the face alone would show no difference.
    let amount = |facts: &offer::InvoiceFacts| {
        if facts.face == facts.open {
            return html! { (money(facts.face)) };
        }
        let (face, open) = (money(facts.face), money(facts.open));
        sentence("page_changes.amount").with("face", face).with("open", open).render()
    };
    let rows = all.iter().take(MOST).map(|change| {
        let titles: Vec<&str> = change.kinds().map(offer::ChangeKind::title).collect();
        let (before, now) = (change.before.as_ref(), change.now.as_ref());
        let debtor = change
            .debtor_before
            .as_ref()
            .map(|was| sentence("page_changes.debtors").with("before", name(was)).render());
        let number = change
            .replaces
            .as_ref()
            .map(|number| sentence("page_changes.replaces").with("number", name(number)).render());
        let dates = |facts: &offer::InvoiceFacts| {
            sentence("page_changes.dates")
                .with("dated", date(facts.invoice_date))
                .with("due", date(facts.due_date))
                .render()
        };
        row![
            titles.join("; "),
            html! { (name(&change.invoice_number)) @if let Some(old) = number { " " (old) } },
            html! { (name(&change.debtor_name)) @if let Some(was) = debtor { " " (was) } },
            before.map_or(html! { (NONE) }, dates),
            now.map_or(html! { (NONE) }, dates),
            before.map_or(html! { (NONE) }, amount),
            now.map_or(html! { (NONE) }, amount)
        ]
    });
    let title = if let Some(previous) = view.part.previous_ledger {
        sentence("page_changes.since").with("previous", date(previous)).render()
    } else {
        html! { (say("page_changes.title")) }
    };
    html! {
        h4 { (title) }
        (left_out(all.len().min(MOST), all.len(), "offer.json"))
        (Table::new(say("page_changes.title"), columns, rows.collect()).render())
    }
}
