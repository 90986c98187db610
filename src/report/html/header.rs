//! The top of the page: the client, the as-of date and its reason, and the warnings to read first.

use maud::{Markup, Render, html};

use offer::OfferPart;

use super::figures::{SENTENCE, date, name, shortened, sum};
use super::say::{say, sentence};
use app::Evaluation;

/// The client of the whole offer, when there is only one and it has a name.
pub(super) fn only_client(evaluation: &Evaluation) -> Option<&str> {
    let parts = &evaluation.offer.parts;
    let first = parts.first().map(|part| part.client.as_str())?;
    let only = !first.is_empty() && parts.iter().all(|part| part.client == first);
    only.then_some(first)
}

/// Title, dates and notices of the whole ledger.
pub(super) fn header(evaluation: &Evaluation) -> Markup {
    let offer = &evaluation.offer;
    let policy = sentence("page_header.policy_version")
        .with("name", name(&offer.policy.name))
        .with("version", name(&offer.policy.version));
    html! {
        header {
            p.brand { "Factorage" }
            h1 {
                @if let Some(client) = only_client(evaluation) {
                    (sentence("page.title_to").with("client", html! { bdi { (name(client)) } }))
                } @else {
                    (say("page.title"))
                }
            }
            dl.facts {
                div {
                    dt { (say("page_header.as_of")) }
                    dd {
                        (sentence("page_header.end_of_day").with("date", date(offer.as_of)))
                        span.why { (why_that_date(evaluation)) }
                    }
                }
                @if let Some(reason) = offer.no_offer() {
                    div {
                        dt { (say("page_header.offer")) }
                        dd {
                            (say("page_header.no_offer"))
                            span.why { (shortened(reason, SENTENCE)) }
                        }
                    }
                } @else {
                    div {
                        dt { (say("page_header.valid_until")) }
                        dd { (date(offer.valid_until)) }
                    }
                }
                div {
                    dt { (say("page_header.policy")) }
                    dd { (policy) }
                }
                // A status would say "offered" beside "none".
                @if offer.no_offer().is_none() {
                    div {
                        dt { (say("page_header.status")) }
                        dd { (status(evaluation)) }
                    }
                }
            }
        }
        (ledger_notices(evaluation))
    }
}

fn status(evaluation: &Evaluation) -> Markup {
    let status = evaluation.envelope.status.as_str();
    match &evaluation.envelope.issued_at {
        None => html! { (status) },
        Some(time) => sentence("page_header.status_issued")
            .with("status", status)
            .with("time", name(time))
            .render(),
    }
}

fn why_that_date(evaluation: &Evaluation) -> String {
    match evaluation.offer.as_of_reason.as_str() {
        "given" => say("page_header.date_given"),
        reason => shortened(reason, SENTENCE).into_owned(),
    }
}

/// Warnings about the whole ledger, which change how the page is to be read.
fn ledger_notices(evaluation: &Evaluation) -> Markup {
    let rows = &evaluation.certificate.rows;
    let link = html! { a href="#rejects" { (say("page_header.rejected_link")) } };
    let rejected = sentence("page_header.rejected_why")
        .count("rejected", rows.rejects)
        .count("rows", rows.read)
        .with("link", link);
    html! {
        @if !evaluation.certificate.foots {
            (alert(&say("page_header.does_not_foot"), &say("page_header.does_not_foot_why")))
        }
        @if rows.rejects > 0 {
            aside.notice {
                strong { (say("page_header.rejected")) } " " (rejected)
            }
        }
        @for aside in evaluation.provenance.dates_set_aside.iter().take(5) {
            aside.notice {
                @let why = sentence("page_header.date_set_aside_why")
                    .with("date", date(aside.date))
                    .count("times", aside.occurrences);
                strong { (say("page_header.date_set_aside")) } " " (why)
            }
        }
        @for later in &evaluation.provenance.future_dated {
            aside.notice {
                @let why = sentence("page_header.later_why")
                    .count("invoices", later.invoices)
                    .with("face", sum(later.face));
                strong { (say("page_header.later")) } " " (why)
            }
        }
    }
}

/// The notices of a part that the owner can act on, or those for the factor's staff.
pub(super) fn notices(part: &OfferPart, is_for_owner: bool) -> Markup {
    let own = part.notices.iter().filter(|notice| notice.is_for_owner() == is_for_owner);
    html! {
        @for notice in own {
            aside.notice {
                (notice.text)
                @if !is_for_owner { " " code.soft { (notice.code) } }
            }
        }
    }
}

/// A notice that stands out.
pub(super) fn alert(title: &str, sentence: &str) -> Markup {
    html! {
        aside.notice.strong { strong { (title) ". " } (shortened(sentence, SENTENCE)) }
    }
}
