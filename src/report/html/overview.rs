//! All parts of the offer in one table, for offers to several clients or in several currencies.

use std::collections::BTreeMap;

use maud::{Markup, html};

use basics::{Currency, Money};
use offer::OfferPart;
use scoring::Basis;

use super::figures::{NONE, apr, count, money, name};
use super::rows::{MOST_PARTS, MOST_ROWS};
use super::say::{say, sentence};
use super::table::{Table, left_out, number, row, text};
use super::view::part_id;
use app::Evaluation;

/// The overview, when the offer has more than one part; `ranked` holds all of them, the largest
/// first.
pub(super) fn overview(evaluation: &Evaluation, ranked: &[&OfferPart]) -> Markup {
    if ranked.len() < 2 {
        return html! {};
    }
    let rows = ranked.iter().take(MOST_ROWS).enumerate().map(|(rank, part)| part_row(rank, part));
    let columns = vec![
        text(say("label.client")),
        text(say("label.currency")),
        number(say("label.open_invoices")),
        number(say("label.gross_ledger")),
        number(say("label.amount_bought")),
        number(say("label.advance")),
        number(say("label.fee_expected_case")),
        number(say("label.apr")),
        number(say("label.expected_loss")),
        text(say("page_overview.basis")),
        number(say("page_overview.notices")),
    ];
    let mut table = Table::new(say("page_overview.table"), columns, rows.collect());
    table.sums = sums(&evaluation.offer.parts);
    html! {
        section #overview {
            h2 { (say("page_overview.title")) }
            p { (sentence("page_overview.parts").count("parts", ranked.len())) }
            (left_out(ranked.len().min(MOST_ROWS), ranked.len(), "offer.json"))
            (table.render())
            @if ranked.len() > MOST_PARTS {
                @let rest = sentence("page_overview.rest")
                    .count("shown", MOST_PARTS)
                    .count("rest", ranked.len() - MOST_PARTS)
                    .with("file", html! { code { "offer.json" } });
                p.note { (rest) }
            }
        }
    }
}

fn part_row(rank: usize, part: &OfferPart) -> Vec<Markup> {
    let totals = &part.totals;
    let client = match part.client.as_str() {
        "" => say("page_overview.this_client").into(),
        client => name(client),
    };
    let linked = html! {
        // The others have no article on the page to lead to.
        @if rank < MOST_PARTS { a href={ "#" (part_id(rank)) } { (client) } } @else { (client) }
    };
    row![
        linked,
        part.currency.code(),
        count(totals.open_invoices),
        money(totals.gross),
        money(totals.amount_bought),
        money(totals.advance),
        money(totals.fee),
        apr(totals.apr_percent),
        money(totals.expected_loss),
        basis(part.scoring.basis),
        count(part.notices.len()),
    ]
}

/// The basis of the curves, in a few words.
pub(super) fn basis(basis: Basis) -> String {
    match basis {
        Basis::OwnHistory => say("page_overview.own_history"),
        Basis::Blended => say("page_overview.blended"),
        Basis::Prior => say("page_overview.prior"),
    }
}

/// One row of sums per currency. Fees have no sum: a price is never shown without its APR, and
/// there is none for several clients together.
fn sums(parts: &[OfferPart]) -> Vec<Vec<Markup>> {
    let mut by_currency: BTreeMap<Currency, Vec<&OfferPart>> = BTreeMap::new();
    for part in parts {
        by_currency.entry(part.currency).or_default().push(part);
    }
    let row = |(currency, parts): (Currency, Vec<&OfferPart>)| {
        let total = |of: fn(&OfferPart) -> Money| {
            let sum = Money::sum_minor(parts.iter().map(|part| of(part).minor()), currency);
            // A sum beyond 64 bits is left out; the page is not refused for it.
            sum.map_or(NONE.to_owned(), money)
        };
        let invoices: usize = parts.iter().map(|part| part.totals.open_invoices).sum();
        row![
            sentence("page_overview.sums")
                .count("parts", parts.len())
                .with("currency", currency.code()),
            currency.code(),
            count(invoices),
            total(|part| part.totals.gross),
            total(|part| part.totals.amount_bought),
            total(|part| part.totals.advance),
            NONE,
            NONE,
            total(|part| part.totals.expected_loss),
            "",
            "",
        ]
    };
    by_currency.into_iter().map(row).collect()
}
