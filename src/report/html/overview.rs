//! All parts of the offer in one table, for whoever reads a portfolio.

use std::collections::BTreeMap;

use maud::{Markup, html};

use basics::{Currency, Money};
use offer::OfferPart;
use scoring::Basis;

use super::figures::{NONE, apr, count, counted, money, name};
use super::rows::{MOST_PARTS, MOST_ROWS};
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
        text("Client"),
        text("Currency"),
        number("Open invoices"),
        number("Gross ledger"),
        number("Amount bought"),
        number("Advance"),
        number("Fee, expected case"),
        number("APR"),
        number("Expected loss"),
        text("Curves rest on"),
        number("Notices"),
    ];
    let mut table = Table::new("Overview of all clients", columns, rows.collect());
    table.sums = sums(&evaluation.offer.parts);
    html! {
        section #overview {
            h2 { "Overview" }
            p {
                "The offer has " (count(ranked.len())) " parts, one for each client and currency, \
                the largest amount bought first. Amounts are in the currency of their row and are \
                not converted."
            }
            (left_out(ranked.len().min(MOST_ROWS), ranked.len(), "offer.json"))
            (table.render())
            @if ranked.len() > MOST_PARTS {
                p.note {
                    "The " (MOST_PARTS) " largest parts follow in detail; "
                    (count(ranked.len() - MOST_PARTS)) " more are in this overview only. "
                    code { "offer.json" } " has all of them."
                }
            }
        }
    }
}

fn part_row(rank: usize, part: &OfferPart) -> Vec<Markup> {
    let totals = &part.totals;
    let client = match part.client.as_str() {
        "" => "this client".into(),
        client => name(client),
    };
    let linked = html! {
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

/// What the curves rest on, in a few words.
pub(super) fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::OwnHistory => "own history",
        Basis::Blended => "own history and prior",
        Basis::Prior => "prior only",
    }
}

/// One row of sums per currency; fees have no sum here because a price never stands without its
/// APR.
fn sums(parts: &[OfferPart]) -> Vec<Vec<Markup>> {
    let mut by_currency: BTreeMap<Currency, Vec<&OfferPart>> = BTreeMap::new();
    for part in parts {
        by_currency.entry(part.currency).or_default().push(part);
    }
    let row = |(currency, parts): (Currency, Vec<&OfferPart>)| {
        let total = |of: fn(&OfferPart) -> Money| {
            let sum = Money::sum_minor(parts.iter().map(|part| of(part).minor()), currency);
            sum.map_or(NONE.to_owned(), money)
        };
        let invoices: usize = parts.iter().map(|part| part.totals.open_invoices).sum();
        row![
            format!("{} in {currency}", counted(parts.len(), "part")),
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
