//! The top of the page: whose offer, as of which date and why, and what a reader must know before
//! reading on.

use maud::{Markup, html};

use super::figures::{SENTENCE, count, counted, date, name, shortened, sum};
use app::Evaluation;

/// Client of the whole offer, when there is just one and it has a name.
pub(super) fn only_client(evaluation: &Evaluation) -> Option<&str> {
    let parts = &evaluation.offer.parts;
    let first = parts.first().map(|part| part.client.as_str())?;
    let only = !first.is_empty() && parts.iter().all(|part| part.client == first);
    only.then_some(first)
}

/// Title, dates and notices of the whole ledger.
pub(super) fn header(evaluation: &Evaluation) -> Markup {
    let offer = &evaluation.offer;
    html! {
        header {
            p.brand { "Factorage" }
            h1 {
                "Purchase offer"
                @if let Some(client) = only_client(evaluation) { " to " bdi { (name(client)) } }
            }
            dl.facts {
                div {
                    dt { "As of" }
                    dd {
                        (date(offer.as_of)) ", end of day"
                        span.why { (why_that_date(evaluation)) }
                    }
                }
                @if let Some(reason) = offer.no_offer() {
                    div { dt { "Offer" } dd { "none" span.why { (shortened(reason, SENTENCE)) } } }
                } @else {
                    div { dt { "Valid until" } dd { (date(offer.valid_until)) } }
                }
                div {
                    dt { "Policy" }
                    dd { (name(&offer.policy.name)) ", version " (name(&offer.policy.version)) }
                }
                div {
                    dt { "Status" }
                    dd {
                        (evaluation.envelope.status.as_str())
                        @if let Some(time) = &evaluation.envelope.issued_at {
                            ", issued " (name(time))
                        }
                    }
                }
            }
        }
        (ledger_notices(evaluation))
    }
}

fn why_that_date(evaluation: &Evaluation) -> String {
    match evaluation.offer.as_of_reason.as_str() {
        "given" => "the date given for this evaluation".to_owned(),
        reason => shortened(reason, SENTENCE).into_owned(),
    }
}

/// What is true of the whole ledger and changes how the page is to be read.
fn ledger_notices(evaluation: &Evaluation) -> Markup {
    let rows = &evaluation.certificate.rows;
    html! {
        @if !evaluation.certificate.foots {
            (alert(
                "The ledger does not foot",
                "Rows read and rows accounted for differ; see the footing certificate."
            ))
        }
        @if rows.rejects > 0 {
            aside.notice {
                strong { "Rows kept out. " }
                (count(rows.rejects)) " of " (counted(rows.read as usize, "row"))
                (if rows.rejects == 1 { " is" } else { " are" }) " not part of this offer; "
                a href="#rejects" { "the rejects" } " say why."
            }
        }
        @for aside in evaluation.provenance.dates_set_aside.iter().take(5) {
            aside.notice {
                strong { "Date set aside. " }
                (date(aside.date)) " is too far beyond the other dates of the ledger ("
                (counted(aside.occurrences, "occurrence")) ") to be believed."
            }
        }
        @for later in &evaluation.provenance.future_dated {
            aside.notice {
                strong { "Not considered. " }
                (counted(later.invoices, "invoice")) " dated after the as-of date, "
                (sum(later.face)) "."
            }
        }
    }
}

/// A notice that nobody may overlook.
pub(super) fn alert(title: &str, sentence: &str) -> Markup {
    html! {
        aside.notice.strong { strong { (title) ". " } (shortened(sentence, SENTENCE)) }
    }
}
