//! The offer in the words of the business owner: cash and dates, what it costs, and what is not
//! bought.

use chrono::{Days, NaiveDate};
use maud::{Markup, html};

use offer::PartTotals;

use super::figures::{apr, count, counted, date, money, rate, ratio, share_or_none, sum};
use super::view::PartView;
use super::{cost, disclosures, menu, recourse};

/// The section for the business owner.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    html! {
        section.owner id={ (view.id) "-owner" } {
            h3 { "For the business owner" }
            @if view.buys() {
                (lead(view))
                (cash(view))
                (menu::section(view))
                (cost::section(view))
                (recourse::section(view))
            } @else {
                (nothing(view))
            }
            (not_bought(view))
            (statements(view))
            (disclosures::section(view))
        }
    }
}

fn lead(view: &PartView<'_>) -> Markup {
    let totals = &view.part.totals;
    html! {
        p.lead {
            "We offer to buy " (count(totals.bought_invoices)) " of your "
            (counted(totals.open_invoices, "open invoice")) ": "
            strong { (sum(totals.amount_bought)) } " of the " (sum(totals.gross))
            " that your customers owe you. You can accept until "
            strong { (date(view.offer.valid_until)) } "."
        }
    }
}

fn nothing(view: &PartView<'_>) -> Markup {
    let totals = &view.part.totals;
    html! {
        p.lead {
            strong {
                "We do not offer to buy any of your invoices as of " (date(view.offer.as_of)) "."
            }
            " So there is no advance, and nothing to pay. What your customers owe you ("
            (sum(totals.gross)) " on " (counted(totals.open_invoices, "open invoice"))
            ") stays yours; below is why."
        }
        @if let Some(decline) = &view.part.decline { p { (decline.sentence) } }
    }
}

/// The three amounts into which the amount bought falls.
fn cash(view: &PartView<'_>) -> Markup {
    let totals = &view.part.totals;
    let fee_share = share_or_none(ratio(totals.fee, totals.amount_bought));
    html! {
        div.cards {
            div.card.first {
                p.what { "You receive on " (date(view.offer.as_of)) }
                p.amount { (money(totals.net_funded)) " " small { (view.part.currency) } }
                p {
                    (rate(totals.advance_rate_percent)) " of the amount bought, paid at once"
                    @if totals.prepaid_charges.minor() > 0 {
                        ", less charges of " (money(totals.prepaid_charges))
                    }
                    "."
                }
            }
            @if totals.expected_rebate.minor() >= 0 {
                div.card {
                    p.what { "You receive later, as we expect it" }
                    p.amount { (money(totals.expected_rebate)) " " small { (view.part.currency) } }
                    p { (later(view, totals)) }
                }
            }
            div.card {
                p.what { "It costs you, as we expect it" }
                p.amount { (money(totals.fee)) " " small { (view.part.currency) } }
                p {
                    "APR " strong { (apr(totals.apr_percent)) } "; " (fee_share)
                    " of the amount bought."
                }
            }
        }
        p.note { (adds_up(totals)) }
    }
}

fn later(view: &PartView<'_>, totals: &PartTotals) -> Markup {
    html! {
        "We hold back " (sum(totals.reserve)) " until your customers pay"
        @if let (Some(mean), Some(last)) = (mean_date(view), last_date(view)) {
            ": on average around " (date(mean)) ", the last of it by about " (date(last))
        }
        "."
    }
}

fn adds_up(totals: &PartTotals) -> String {
    if totals.expected_rebate.minor() < 0 {
        let advance_and_fee =
            format!("advance {} and fee {}", money(totals.advance), money(totals.fee));
        return format!(
            "The fee that we expect is larger than what we hold back: {advance_and_fee} are {} \
             more than the amount bought, which you would owe us.",
            sum(totals.expected_rebate).trim_start_matches('-')
        );
    }
    format!(
        "{} now + {} later + {} fee = {} bought. These are expectations: the fee and what you \
         receive later depend on when your customers pay.",
        money(totals.advance),
        money(totals.expected_rebate),
        money(totals.fee),
        sum(totals.amount_bought)
    )
}

/// The as-of date plus the mean of the expected days.
fn mean_date(view: &PartView<'_>) -> Option<NaiveDate> {
    let days = view.part.totals.mean_expected_days.filter(|days| (0.0..36_500.0).contains(days))?;
    view.offer.as_of.checked_add_days(Days::new(days.round() as u64))
}

/// The latest expected date of what is bought.
fn last_date(view: &PartView<'_>) -> Option<NaiveDate> {
    let prices = view.bought.all.iter().filter_map(|line| line.price);
    prices.map(|price| price.expected_date).max()
}

fn not_bought(view: &PartView<'_>) -> Markup {
    let steps: Vec<_> = view.part.waterfall.iter().filter(|step| step.invoices > 0).collect();
    if steps.is_empty() {
        return html! {};
    }
    html! {
        h4 { "What we do not buy, and why" }
        ul {
            @for step in steps {
                li {
                    (sum(step.amount)) " on " (counted(step.invoices, "invoice")) ": "
                    (step.rule.to_owner()) "."
                }
            }
        }
        p.note {
            "These stay yours. The list "
            a href={ "#" (view.id) "-not-bought" } { "Invoices not bought" } " names each of them."
        }
    }
}

fn statements(view: &PartView<'_>) -> Markup {
    let conditions = view.part.conditions.len();
    html! {
        @if view.buys() && conditions > 0 {
            p.note {
                "The offer rests on " (counted(conditions, "statement"))
                " that you would confirm: see "
                a href={ "#" (view.id) "-conditions" } { "Conditions" } "."
            }
        }
    }
}
