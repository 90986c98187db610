//! The invoices to confirm with their customers first.

use maud::{Markup, html};

use super::figures::{money, name};
use super::say::{say, say_in};
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
        text(say("label.why")),
        number(say_in("page_queue.loss_avoided", currency)),
    ];
    let rows = queue.iter().map(|line| {
        let why: Vec<String> = line.reasons.iter().map(|reason| words(reason)).collect();
        row![
            name(&line.invoice_number),
            name(&line.debtor_name),
            money(line.amount_bought),
            why.join(", "),
            money(line.expected_loss_avoided)
        ]
    });
    html! {
        h4 { (say("page_queue.title")) }
        (Table::new(say("page_queue.table"), columns, rows.collect()).render())
    }
}

fn words(reason: &str) -> String {
    match reason {
        "large" => say("page_queue.large"),
        "new_debtor" => say("page_queue.new_debtor"),
        _ => say("page_queue.date_assumed"),
    }
}
