//! The invoices: what is not bought and why, and what is bought at which price.

use maud::{Markup, html};

use basics::Money;
use offer::{Decision, OfferLine};

use super::figures::{NONE, SENTENCE, apr, date, money, name, share, shortened};
use super::rows::amount_not_bought;
use super::table::{Table, left_out, number, row, text};
use super::view::PartView;

/// Excluded and cut invoices.
pub(super) fn not_bought(view: &PartView<'_>) -> Markup {
    let currency = view.part.currency;
    let shown = view.not_bought.shown();
    let columns = vec![
        text("Invoice"),
        text("Debtor"),
        text("Due"),
        number("Days past due"),
        number(format!("Open, {currency}")),
        number(format!("Not bought, {currency}")),
        text("Decision"),
        text("Reason"),
        text("Why"),
        text("What would change it"),
        text("Would also fail"),
    ];
    let rows = shown.iter().map(|line| not_bought_row(line)).collect();
    html! {
        h4 id={ (view.id) "-not-bought" } { "Invoices not bought, or bought in part" }
        @if shown.is_empty() {
            p { "None: every open invoice is bought whole." }
        } @else {
            (left_out(shown.len(), view.not_bought.all.len(), "invoices.csv"))
            (Table::new("Invoices not bought whole, largest first", columns, rows).render())
        }
    }
}

fn not_bought_row(line: &OfferLine) -> Vec<Markup> {
    let missing = Money::from_minor(amount_not_bought(line), line.open.currency());
    let others: Vec<&str> = line.also_fails.iter().map(|rule| rule.code()).collect();
    row![
        name(&line.invoice_number),
        name(&line.debtor_name),
        date(line.due_date),
        line.days_past_due,
        money(line.open),
        money(missing),
        match line.decision {
            Decision::Buy => "bought",
            Decision::Part => "in part",
            Decision::Exclude => "excluded",
        },
        html! { code { (line.reason.map_or(NONE, |rule| rule.code())) } },
        html! { span.sentence { (shortened(line.why.as_deref().unwrap_or(NONE), SENTENCE)) } },
        line.counterfactual.as_ref().map_or(NONE, |change| change.sentence.as_str()),
        if others.is_empty() { NONE.to_owned() } else { others.join(", ") },
    ]
}

/// Bought invoices with their prices.
pub(super) fn bought(view: &PartView<'_>) -> Markup {
    let currency = view.part.currency;
    let shown = view.bought.shown();
    let amount = |heading: &str| number(format!("{heading}, {currency}"));
    let columns = vec![
        text("Invoice"),
        text("Debtor"),
        text("Due"),
        number("Days past due"),
        amount("Bought"),
        amount("Advance"),
        amount("Reserve"),
        text("Expected"),
        amount("Fee"),
        number("APR"),
        amount("Rebate"),
        amount("Expected loss"),
        number("Collected within 30 days"),
        number("60 days"),
        number("90 days"),
    ];
    let rows = shown.iter().filter_map(|line| bought_row(line)).collect();
    html! {
        h4 { "Invoices bought" }
        @if shown.is_empty() {
            p { "None." }
        } @else {
            p.note { "Fee, APR and rebate hold if the invoice is collected on its expected date." }
            (left_out(shown.len(), view.bought.all.len(), "invoices.csv"))
            (Table::new("Invoices bought, largest first", columns, rows).render())
        }
    }
}

fn bought_row(line: &OfferLine) -> Option<Vec<Markup>> {
    let price = line.price?;
    Some(row![
        name(&line.invoice_number),
        name(&line.debtor_name),
        date(line.due_date),
        line.days_past_due,
        money(price.amount_bought),
        money(price.advance),
        money(price.reserve),
        date(price.expected_date),
        money(price.fee),
        apr(price.apr_percent),
        money(price.expected_rebate),
        money(price.expected_loss),
        share(line.collected_30),
        share(line.collected_60),
        share(line.collected_90),
    ])
}
