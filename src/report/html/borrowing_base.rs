//! The borrowing base certificate, with the client's own figures beside ours.

use maud::{Markup, html};

use policy::Rule;

use super::figures::{less, money, rate};
use super::say::{say, sentence};
use super::table::{Table, number, row, text};
use super::view::PartView;

/// The certificate, from the gross receivables to what is available to draw.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let certificate = &view.part.borrowing_base;
    let base = &certificate.base;
    let rolled = &certificate.roll_forward;
    let opening = sentence("page_base.receivables_on").with("date", rolled.from.to_string());
    let mut rows = vec![
        row![opening, money(rolled.opening)],
        row![say("page_base.issued"), money(rolled.sales)],
        row![say("page_base.collected"), less(rolled.collections)],
        row![say("page_base.credited"), less(rolled.credits)],
        row![say("page_base.written_off"), less(rolled.write_offs)],
        row![say("page_base.gross"), money(certificate.gross)],
    ];
    for step in view.part.waterfall.iter().filter(|step| step.invoices > 0) {
        // What is bought already or above the line is eligible all the same.
        let eligible = [Rule::AlreadyFunded, Rule::FacilityLimit, Rule::NoFeasibleTerms];
        if !eligible.contains(&step.rule) {
            rows.push(row![step.title, less(step.amount)]);
        }
    }
    rows.push(row![say("page_base.eligible"), money(base.eligible)]);
    let cap = view.policy.map_or(String::new(), |policy| rate(policy.advance_cap()));
    let availability = sentence("page_base.gross_availability").with("rate", cap);
    rows.push(row![availability, money(base.gross_availability)]);
    rows.push(row![say("page_base.dilution_reserve"), less(base.dilution_reserve)]);
    if base.other_reserves.minor() > 0 {
        rows.push(row![say("page_base.other_reserves"), less(base.other_reserves)]);
    }
    rows.push(row![say("page_base.net_availability"), money(base.net_availability)]);
    if let Some(line) = base.line {
        rows.push(row![say("label.line"), money(line)]);
    }
    rows.push(row![say("label.borrowing_base"), money(base.borrowing_base)]);
    rows.push(row![say("page_base.outstanding"), less(base.outstanding)]);
    let left = match base.excess.minor() {
        ..0 => say("page_base.overadvance"),
        _ => say("page_base.available"),
    };
    rows.push(row![left, money(base.excess)]);
    let columns = vec![text(say("label.figure")), number(view.part.currency.to_string())];
    html! {
        h4 { (say("label.borrowing_base")) }
        (Table::new(say("label.borrowing_base"), columns, rows).render())
        @if !certificate.declared.is_empty() { (declared(view)) }
    }
}

fn declared(view: &PartView<'_>) -> Markup {
    let columns = vec![
        text(say("label.figure")),
        number(say("page_base.client_declares")),
        number(say("page_base.ledger_gives")),
        number(say("label.difference")),
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
    Table::new(say("page_base.declared"), columns, rows.collect()).render()
}
