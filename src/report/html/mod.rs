//! The evaluation as one page: no script, no other host, charts as inline SVG, and a bounded size.
//!
//! A part of the offer is shown twice, first in the business owner's words (`owner`), then in the
//! underwriter's (`underwriter`); the ledger's proof and the policy follow once. To add a
//! section, write a function that renders a `view::PartView` and name it in one of these two.

mod ageing;
mod backtest;
mod borrowing_base;
mod changes;
mod collections;
mod concentration;
mod cost;
mod credit_memo;
mod disclosures;
mod figures;
mod footing;
mod header;
mod held;
mod lines;
mod menu;
mod overview;
mod owner;
mod provenance;
mod queue;
mod reading;
mod recourse;
mod rows;
mod say;
mod table;
mod underwriter;
mod view;
mod waterfall;

#[cfg(test)]
mod hold_tests;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use maud::{DOCTYPE, Markup, PreEscaped, html as markup};

use policy::Policy;
use scoring::Basis;
use words::Facts;

pub use backtest::backtest_html;
pub use credit_memo::credit_memo;

use super::chart::STYLE;
use app::Evaluation;
pub(super) use figures::{percent, shortened};
use say::{say, say_with, sentence};
use view::PartView;

/// The page: UTF-8, complete in itself, under 5 MB whatever the ledger. At most 500 rows of one
/// kind of table and 12 parts in detail are shown; the page says what it leaves out and which file
/// has it.
pub fn html(evaluation: &Evaluation) -> String {
    let policy: Option<Policy> = evaluation.offer.policy.text.parse().ok();
    let ranked = rows::largest_parts(&evaluation.offer.parts);
    let detailed = &ranked[..ranked.len().min(rows::MOST_PARTS)];
    let views = view::views(evaluation, detailed, policy.as_ref());
    let body = markup! {
        (header::header(evaluation))
        (contents(&views))
        main {
            (overview::overview(evaluation, &ranked))
            @if views.is_empty() {
                (nothing_open(evaluation))
            }
            @for view in &views { (part(view)) }
            (footing::section(evaluation))
            (provenance::section(evaluation))
        }
    };
    page(evaluation, &body).into_string()
}

fn page(evaluation: &Evaluation, body: &Markup) -> Markup {
    let facts = Facts::new().with("date", evaluation.offer.as_of);
    let title = match header::only_client(evaluation) {
        None => say_with("page.document", &facts),
        Some(client) => {
            let facts = facts.with("client", figures::name(client).as_ref());
            say_with("page.document_to", &facts)
        }
    };
    document(&title, body)
}

/// A page of its own with this title and body.
pub(super) fn document(title: &str, body: &Markup) -> Markup {
    markup! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(app::CONTENT_POLICY);
                title { (title) }
                style { (PreEscaped(include_str!("style.css"))) (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    }
}

fn nothing_open(evaluation: &Evaluation) -> Markup {
    let why = sentence("page_nothing_open.why")
        .with("date", figures::date(evaluation.offer.as_of))
        .count("invoices", evaluation.certificate.rows.invoices);
    markup! {
        section #offer {
            h2 { (say("page_nothing_open.title")) }
            p.lead { (why) }
        }
    }
}

/// Links to the parts of the page; an offer of many parts has its links in the overview.
fn contents(views: &[PartView<'_>]) -> Markup {
    markup! {
        nav aria-label=(say("page.contents")) {
            @if let [view] = views {
                a href={ "#" (view.id) "-owner" } { (say("page.for_the_owner")) }
                a href={ "#" (view.id) "-underwriter" } { (say("page.for_the_underwriter")) }
            } @else if !views.is_empty() {
                a href="#overview" { (say("page.overview")) }
                a href={ "#" (views[0].id) } { (say("page.in_detail")) }
            }
            a href="#ledger" { (say("page.ledger")) }
            a href="#policy" { (say("page.policy")) }
        }
    }
}

fn part(view: &PartView<'_>) -> Markup {
    let scoring = &view.part.scoring;
    markup! {
        article id=(view.id) {
            h2 { bdi { (view.heading()) } }
            @match scoring.basis {
                Basis::OwnHistory => {}
                Basis::Blended => {
                    (header::alert(&say("page.short_history"), &scoring.sentence))
                }
                Basis::Prior => (header::alert(&say("page.no_history"), &scoring.sentence)),
            }
            (owner::section(view))
            (underwriter::section(view))
        }
    }
}
