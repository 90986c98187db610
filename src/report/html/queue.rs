//! The invoices to confirm with their customers first.

use maud::{Markup, html};

use super::figures::{money, name, share, sum};
use super::say::{say, say_in, sentence};
use super::table::{Table, number, row, text};
use super::view::PartView;

/// The verification queue; nothing where the policy has no rules for one.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let queue = &view.part.verification_queue;
    if queue.is_empty() {
        return html! {};
    }
    let currency = view.part.currency;
    let columns = vec![
        text(say("label.invoice")),
        text(say("label.customer")),
        number(say_in("label.amount_bought", currency)),
        text(say("page_queue.held")),
        text(say("label.why")),
        number(say_in("page_queue.loss_avoided", currency)),
    ];
    let rows = queue.iter().map(|line| {
        row![
            name(&line.invoice_number),
            name(&line.debtor_name),
            money(line.amount_bought),
            if line.held { say("page_queue.yes") } else { say("page_queue.no") },
            html! { span.sentence { (line.why) } },
            money(line.expected_loss_avoided)
        ]
    });
    let covers = view.part.queue_covers.map(|covers| {
        sentence("page_queue.covers")
            .with("amount", sum(covers.amount))
            .with("share", share(covers.share))
    });
    html! {
        h4 { (say("page_queue.title")) }
        @if let Some(covers) = covers { p.note { (covers) } }
        (Table::new(say("page_queue.table"), columns, rows.collect()).render())
    }
}
