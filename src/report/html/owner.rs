//! The offer in the words of the business owner: cash and dates, what it costs, and what is not
//! bought.

use chrono::{Days, NaiveDate};
use maud::{Markup, html};

use offer::PartTotals;

use super::figures::{apr, date, fee_share, money, rate, sum};
use super::say::{Sentence, say, sentence};
use super::view::PartView;
use super::{cost, disclosures, header, held, menu, recourse};

/// The section for the business owner.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    html! {
        section.owner id={ (view.id) "-owner" } {
            h3 { (say("page.for_the_owner")) }
            (header::notices(view.part, true))
            @if view.buys() {
                (lead(view))
                (cash(view))
                (held::to_owner(view))
                (menu::section(view))
                (cost::section(view))
                (recourse::section(view))
            } @else {
                (nothing(view))
                (held::to_owner(view))
            }
            (not_bought(view))
            (warranties(view))
            (disclosures::section(view))
        }
    }
}

fn lead(view: &PartView<'_>) -> Markup {
    let totals = &view.part.totals;
    let offered = sentence("page_owner.lead")
        .count("bought", totals.bought_invoices)
        .count("invoices", totals.open_invoices)
        .with("amount", html! { strong { (sum(totals.amount_bought)) } })
        .with("gross", sum(totals.gross))
        .with("until", html! { strong { (date(view.offer.valid_until)) } });
    html! {
        p.lead { (offered) }
    }
}

fn nothing(view: &PartView<'_>) -> Markup {
    let totals = &view.part.totals;
    if totals.held.is_some() {
        let terms = &view.part.terms;
        let later = sentence("page_owner.nothing_yet")
            .with("date", date(view.offer.as_of))
            .with("advance", rate(terms.advance_rate_percent))
            .with("plan", terms.fee_plan.words())
            .with("until", html! { strong { (date(view.offer.valid_until)) } });
        return html! {
            p.lead { (later) }
            @if let Some(cost) = cost_once_confirmed(view) { p { (cost) } }
        };
    }
    let nothing = sentence("page_owner.nothing").with("date", date(view.offer.as_of));
    let stays = sentence("page_owner.nothing_stays")
        .with("gross", sum(totals.gross))
        .count("invoices", totals.open_invoices);
    html! {
        p.lead { strong { (nothing) } " " (stays) }
        @if let Some(decline) = &view.part.decline { p { (decline.sentence) } }
    }
}

/// The expected cost and APR once all is confirmed: those of the menu's first offer, which is this
/// one where it is about all that is held.
fn cost_once_confirmed(view: &PartView<'_>) -> Option<Sentence> {
    let (held, this) = (view.part.totals.held?, view.part.menu.first()?);
    (this.advance == held.advance).then(|| {
        sentence("page_owner.costs_once_confirmed")
            .with("cost", sum(this.total_cost))
            .with("apr", html! { strong { (apr(this.apr_percent)) } })
    })
}

/// The three amounts into which the amount bought falls.
fn cash(view: &PartView<'_>) -> Markup {
    let totals = &view.part.totals;
    let costs = sentence("page_owner.costs_apr")
        .with("apr", html! { strong { (apr(totals.apr_percent)) } })
        .with("share", fee_share(totals.fee, totals.amount_bought));
    html! {
        div.cards {
            div.card.first {
                p.what { (sentence("page_owner.now").with("date", date(view.offer.as_of))) }
                p.amount { (money(totals.net_funded)) " " small { (view.part.currency) } }
                p { (now(totals)) }
            }
            // A fee above the reserve leaves nothing for later; the note below says what is owed.
            @if totals.expected_rebate.minor() >= 0 {
                div.card {
                    p.what { (say("page_owner.later")) }
                    p.amount { (money(totals.expected_rebate)) " " small { (view.part.currency) } }
                    p { (later(view, totals)) }
                }
            }
            div.card {
                p.what { (say("page_owner.costs")) }
                p.amount { (money(totals.fee)) " " small { (view.part.currency) } }
                p { (costs) }
            }
        }
        p.note { (adds_up(totals)) }
    }
}

fn now(totals: &PartTotals) -> Sentence {
    let rate = rate(totals.advance_rate_percent);
    if totals.prepaid_charges.minor() > 0 {
        return sentence("page_owner.now_rate_less_charges")
            .with("rate", rate)
            .with("charges", money(totals.prepaid_charges));
    }
    sentence("page_owner.now_rate").with("rate", rate)
}

fn later(view: &PartView<'_>, totals: &PartTotals) -> Sentence {
    let reserve = sum(totals.reserve);
    match (mean_date(view), last_date(view)) {
        (Some(mean), Some(last)) => sentence("page_owner.later_when")
            .with("reserve", reserve)
            .with("mean", date(mean))
            .with("last", date(last)),
        _ => sentence("page_owner.later_whenever").with("reserve", reserve),
    }
}

fn adds_up(totals: &PartTotals) -> Sentence {
    if totals.expected_rebate.minor() < 0 {
        return sentence("page_owner.fee_above_reserve")
            .with("advance", money(totals.advance))
            .with("fee", money(totals.fee))
            // The sentence says who owes it, so the amount has no sign.
            .with("excess", sum(totals.expected_rebate).trim_start_matches('-'));
    }
    sentence("page_owner.adds_up")
        .with("now", money(totals.advance))
        .with("later", money(totals.expected_rebate))
        .with("fee", money(totals.fee))
        .with("bought", sum(totals.amount_bought))
}

/// The as-of date plus the mean of the expected days.
fn mean_date(view: &PartView<'_>) -> Option<NaiveDate> {
    // Within what a date can hold; NaN is outside as well.
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
    let already_bought = view.part.lines.iter().any(|line| line.already_bought.is_some());
    html! {
        h4 { (say("page_owner.not_bought")) }
        ul {
            @for step in steps {
                @let item = sentence("page_owner.not_bought_item")
                    .with("amount", sum(step.amount))
                    .count("invoices", step.invoices)
                    .with("why", step.rule.to_owner());
                li { (item) }
            }
        }
        @let link = html! {
            a href={ "#" (view.id) "-not-bought" } { (say("page_not_bought.title")) }
        };
        @let stays = sentence("page_owner.not_bought_stays")
            .variant("already_bought", if already_bought { "yes" } else { "no" })
            .with("link", link);
        p.note { (stays) }
    }
}

fn warranties(view: &PartView<'_>) -> Markup {
    let conditions = view.part.conditions.len();
    html! {
        @if view.buys() && conditions > 0 {
            @let link = html! {
                a href={ "#" (view.id) "-conditions" } { (say("page_conditions.title")) }
            };
            @let warranties = sentence("page_owner.conditions").count("warranties", conditions);
            p.note { (warranties.with("link", link)) }
        }
    }
}
