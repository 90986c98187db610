//! The invoices that are held: bought once their customers confirm them.

use std::collections::BTreeMap;

use maud::{Markup, html};

use offer::{OfferLine, OfferPart};
use policy::{HoldKind, HoldReason};

use super::figures::{count, date, money, name, sum};
use super::say::{say, say_in, sentence};
use super::table::{Table, left_out, number, row, text};
use super::view::PartView;

/// The most held invoices that the page lists of one part.
const SHOWN: usize = 100;

/// The cash that the owner may still receive, and the reasons for which it has to wait.
pub(super) fn to_owner(view: &PartView<'_>) -> Markup {
    let Some(held) = view.part.totals.held else { return html! {} };
    let more = sentence("page_held.more")
        .with("advance", html! { strong { (sum(held.advance)) } })
        .with("amount", sum(held.amount))
        .count("invoices", held.invoices);
    html! {
        h4 { (say("page_held.owner_title")) }
        p { (more) }
        ul {
            @for (reason, (invoices, amount)) in by_reason(view.part) {
                @let item = sentence("page_held.reason")
                    .count("invoices", invoices)
                    .with("amount", money(basics::Money::from_minor(amount, view.part.currency)))
                    .with("currency", view.part.currency.code())
                    .with("why", reason.to_owner());
                li { (item) }
            }
        }
        p.note { (say("page_held.later")) }
    }
}

/// The lines of a part that are held.
fn lines(part: &OfferPart) -> impl Iterator<Item = &OfferLine> {
    part.lines.iter().filter(|line| !line.holds.is_empty())
}

/// Invoices and amounts by their first reason, so that each is counted once.
fn by_reason(part: &OfferPart) -> BTreeMap<HoldReason, (usize, i64)> {
    let mut all = BTreeMap::new();
    for line in lines(part) {
        let (Some(first), Some(price)) = (line.holds.first(), line.once_confirmed) else {
            continue;
        };
        let (invoices, amount) = all.entry(first.reason).or_insert((0, 0_i64));
        *invoices += 1;
        *amount = amount.saturating_add(price.amount_bought.minor());
    }
    all
}

/// Every held invoice with its reasons, what looks wrong first.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let mut held: Vec<&OfferLine> = lines(view.part).collect();
    if held.is_empty() {
        return html! {};
    }
    let currency = view.part.currency;
    let rank = |line: &OfferLine| {
        let looks_wrong = line.holds.iter().any(|hold| hold.kind == HoldKind::LooksWrong);
        let amount = line.once_confirmed.map_or(0, |price| price.amount_bought.minor());
        (std::cmp::Reverse(looks_wrong), std::cmp::Reverse(amount))
    };
    held.sort_by_key(|line| rank(line));
    let columns = vec![
        text(say("label.invoice")),
        text(say("label.customer")),
        text(say("label.due")),
        number(say_in("page_not_bought.open", currency)),
        number(say_in("page_held.amount", currency)),
        number(say_in("page_held.advance", currency)),
        text(say("label.why")),
    ];
    let rows = held.iter().take(SHOWN).filter_map(|line| {
        let price = line.once_confirmed?;
        let why: Vec<&str> = line.holds.iter().map(|hold| hold.why.as_str()).collect();
        Some(row![
            name(&line.invoice_number),
            name(&line.debtor_name),
            date(line.due_date),
            money(line.open),
            money(price.amount_bought),
            money(price.advance),
            html! { span.sentence { (why.join(" ")) } },
        ])
    });
    let rows: Vec<_> = rows.collect();
    let shown = rows.len();
    let wrong = held.iter().filter(|line| rank(line).0.0).count();
    let lead = sentence("page_held.lead")
        .count("invoices", held.len())
        .with("wrong", count(i32::try_from(wrong).unwrap_or(i32::MAX)));
    html! {
        h4 id={ (view.id) "-held" } { (say("page_held.title")) }
        p.note { (lead) }
        (left_out(shown, held.len(), "invoices.csv"))
        (Table::new(say("page_held.table"), columns, rows).render())
    }
}
