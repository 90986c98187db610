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
mod lines;
mod menu;
mod overview;
mod owner;
mod provenance;
mod queue;
mod reading;
mod recourse;
mod rows;
mod table;
mod underwriter;
mod view;
mod waterfall;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use maud::{DOCTYPE, Markup, PreEscaped, html as markup};

use policy::Policy;
use scoring::Basis;

pub use backtest::backtest_html;
pub use credit_memo::credit_memo;

use super::chart::STYLE;
use app::Evaluation;
pub(super) use figures::{percent, shortened};
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
    let client =
        header::only_client(evaluation).map(|client| format!(" to {}", figures::name(client)));
    let title =
        format!("Purchase offer{}, as of {}", client.unwrap_or_default(), evaluation.offer.as_of);
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
    markup! {
        section #offer {
            h2 { "Nothing to buy" }
            p.lead {
                "No invoice is open on " (figures::date(evaluation.offer.as_of))
                ", so there is nothing to buy. Each of the "
                (figures::count(evaluation.certificate.rows.invoices))
                " invoices that were read is settled by then or dated later."
            }
        }
    }
}

/// Links to the parts of the page; an offer of many parts has its links in the overview.
fn contents(views: &[PartView<'_>]) -> Markup {
    markup! {
        nav aria-label="Contents" {
            @if let [view] = views {
                a href={ "#" (view.id) "-owner" } { "For the business owner" }
                a href={ "#" (view.id) "-underwriter" } { "For the underwriter" }
            } @else if !views.is_empty() {
                a href="#overview" { "Overview" }
                a href={ "#" (views[0].id) } { "Offers in detail" }
            }
            a href="#ledger" { "The ledger" }
            a href="#policy" { "Policy and provenance" }
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
                Basis::Blended => (header::alert("Short payment history", &scoring.sentence)),
                Basis::Prior => (header::alert("No payment history", &scoring.sentence)),
            }
            @for notice in &view.part.notices {
                aside.notice { (notice.text) " " code.soft { (notice.code) } }
            }
            (owner::section(view))
            (underwriter::section(view))
        }
    }
}
