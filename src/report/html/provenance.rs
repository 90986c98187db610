//! The policy in full, and what is needed to make the same offer again.

use maud::{Markup, html};

use super::figures::{count, date, name};
use app::Evaluation;

/// Characters of a policy that are shown; a policy that people write is far shorter.
const POLICY: usize = 40_000;

/// Policy text and provenance.
pub(super) fn section(evaluation: &Evaluation) -> Markup {
    let policy = &evaluation.offer.policy;
    let provenance = &evaluation.provenance;
    html! {
        section #policy {
            h2 { "Policy and provenance" }
            details {
                summary {
                    "Policy " (name(&policy.name)) ", version " (name(&policy.version)) ", in full"
                }
                pre tabindex="0" { (policy_text(&policy.text)) }
            }
            h3 { "Provenance" }
            dl.provenance {
                dt { "Engine" } dd { (provenance.engine) " " (provenance.engine_version) }
                dt { "Offer format" } dd { code { (evaluation.offer.format) } }
                dt { "As of" } dd { (date(provenance.as_of)) ", " (evaluation.offer.as_of_reason) }
                dt { "Policy SHA-256" } dd { code.hash { (provenance.policy_sha256) } }
                dt { "Ledger files" }
                dd { (count(provenance.ledger_files.len())) ", with their SHA-256 under Files" }
                @if !provenance.dates_set_aside.is_empty() {
                    dt { "Dates set aside" }
                    dd {
                        @for aside in provenance.dates_set_aside.iter().take(20) {
                            (date(aside.date)) " (" (count(aside.occurrences)) ") "
                        }
                    }
                }
            }
            p.note {
                "The offer follows from the ledger files, the policy and the as-of date. Figures \
                rest on the ledger as it was given; its invoices were not confirmed with the \
                customers for this report."
            }
        }
    }
}

/// The text, cut at the end when it is longer than any page should be; its lines are kept.
fn policy_text(text: &str) -> String {
    match text.char_indices().nth(POLICY) {
        None => text.to_owned(),
        Some((end, _)) => {
            format!("{}\n... offer.json has all of it.", &text[..end])
        }
    }
}
