//! The menu: offers that earn the factor the same return, for the client to choose from.

use maud::{Markup, html};

use offer::MenuOffer;

use super::figures::{apr, money, rate};
use super::say::{say, say_in, sentence};
use super::table::{Table, number, row, text};
use super::view::PartView;

/// The menu; nothing if the policy charges its fee plan without solving for a rate.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let menu = &view.part.menu;
    if menu.len() < 2 {
        return html! {};
    }
    let currency = view.part.currency;
    let columns = vec![
        text(say("page_menu.offer")),
        number(say("label.advance_rate")),
        number(say_in("page_menu.at_once", currency)),
        number(say("label.discount_rate")),
        number(say_in("page_menu.cost", currency)),
        number(say("label.apr")),
        number(say_in("page_menu.later", currency)),
    ];
    let rows = menu.iter().map(offer).collect();
    html! {
        h4 { (say("page_menu.title")) }
        (Table::new(say("page_menu.table"), columns, rows).stacked().render())
        p.note { (sentence("page_menu.note").with("fee_plan", &menu[0].fee_plan)) }
    }
}

fn offer(offer: &MenuOffer) -> Vec<Markup> {
    row![
        offer.choice.title(),
        rate(offer.advance_rate_percent),
        money(offer.net_funded),
        rate(offer.discount_rate_percent),
        money(offer.total_cost),
        apr(offer.apr_percent),
        money(offer.expected_rebate),
    ]
}
