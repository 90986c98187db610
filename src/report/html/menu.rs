//! The offers that bring the factor the same, for the client to choose from.

use maud::{Markup, html};

use offer::MenuOffer;

use super::figures::{apr, money, rate};
use super::table::{Table, number, row, text};
use super::view::PartView;

/// The menu; nothing where the policy charges its fee plan as it stands.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let menu = &view.part.menu;
    if menu.len() < 2 {
        return html! {};
    }
    let currency = view.part.currency;
    let columns = vec![
        text("Offer"),
        number("Advance rate"),
        number(format!("You receive at once, {currency}")),
        number("Discount rate"),
        number(format!("Cost as we expect it, {currency}")),
        number("APR"),
        number(format!("You receive later, {currency}")),
    ];
    let rows = menu.iter().map(offer).collect();
    html! {
        h4 { "Choose how much you want at once" }
        (Table::new("Offers to choose from", columns, rows).render())
        p.note {
            "The first one is the offer of this page. Less at once costs less in money. All of them \
            bring us the same return on the money that we put in, before the discount rate is rounded \
            up. The discount rate is the first rate of the fee: " (menu[0].fee_plan) "."
        }
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
