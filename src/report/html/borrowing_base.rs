//! The borrowing base certificate, with the client's own figures beside ours.

use maud::{Markup, html};

use policy::Rule;

use super::figures::{less, money, rate};
use super::table::{Table, number, row, text};
use super::view::PartView;

/// From gross ledger to what may still be drawn.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let certificate = &view.part.borrowing_base;
    let base = &certificate.base;
    let rolled = &certificate.roll_forward;
    let mut rows = vec![
        row![format!("Receivables on {}", rolled.from), money(rolled.opening)],
        row!["Invoices issued since", money(rolled.sales)],
        row!["Collected since", less(rolled.collections)],
        row!["Credited since", less(rolled.credits)],
        row!["Written off since", less(rolled.write_offs)],
        row!["Gross receivables", money(certificate.gross)],
    ];
    for step in view.part.waterfall.iter().filter(|step| step.invoices > 0) {
        // What is bought already or above the line is eligible all the same.
        let eligible = [Rule::AlreadyFunded, Rule::FacilityLimit, Rule::NoFeasibleTerms];
        if !eligible.contains(&step.rule) {
            rows.push(row![step.title, less(step.amount)]);
        }
    }
    rows.push(row!["Eligible", money(base.eligible)]);
    let cap = view.policy.map_or(String::new(), |policy| rate(policy.advance_cap()));
    rows.push(row![format!("Gross availability, {cap}"), money(base.gross_availability)]);
    rows.push(row!["Dilution reserve", less(base.dilution_reserve)]);
    if base.other_reserves.minor() > 0 {
        rows.push(row!["Other reserves", less(base.other_reserves)]);
    }
    rows.push(row!["Net availability", money(base.net_availability)]);
    if let Some(line) = base.line {
        rows.push(row!["Line", money(line)]);
    }
    rows.push(row!["Borrowing base", money(base.borrowing_base)]);
    rows.push(row!["Outstanding", less(base.outstanding)]);
    let left = if base.excess.minor() < 0 { "Overadvance" } else { "May still be drawn" };
    rows.push(row![left, money(base.excess)]);
    let columns = vec![text("Figure"), number(view.part.currency.to_string())];
    html! {
        h4 { "Borrowing base" }
        (Table::new("Borrowing base", columns, rows).render())
        @if !certificate.declared.is_empty() { (declared(view)) }
    }
}

fn declared(view: &PartView<'_>) -> Markup {
    let columns = vec![
        text("Figure"),
        number("Client declares"),
        number("Ledger gives"),
        number("Difference"),
    ];
    let lines = view.part.borrowing_base.declared.iter();
    let rows = lines.map(|line| {
        row![
            line.figure.replace('_', "-"),
            money(line.declared),
            money(line.computed),
            money(line.difference)
        ]
    });
    Table::new("The client's figures beside ours", columns, rows.collect()).render()
}
