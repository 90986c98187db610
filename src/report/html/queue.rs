//! The invoices to confirm with their customers first.

use maud::{Markup, html};

use super::figures::{money, name};
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
        text("Invoice"),
        text("Customer"),
        number(format!("Amount bought, {currency}")),
        text("Why"),
        number(format!("Expected loss avoided, {currency}")),
    ];
    let rows = queue.iter().map(|line| {
        let why: Vec<&str> = line.reasons.iter().map(|reason| words(reason)).collect();
        row![
            name(&line.invoice_number),
            name(&line.debtor_name),
            money(line.amount_bought),
            why.join(", "),
            money(line.expected_loss_avoided)
        ]
    });
    html! {
        h4 { "Confirm with the customers first" }
        (Table::new("Invoices to confirm", columns, rows.collect()).render())
    }
}

fn words(reason: &str) -> &'static str {
    match reason {
        "large" => "large",
        "new_debtor" => "has hardly ever paid",
        _ => "a date was assumed",
    }
}
