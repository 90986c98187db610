//! The policy in full, and everything needed to reproduce the offer.

use maud::{Markup, html};

use offer::{AnswersFile, LedgerFile, Provenance};

use super::figures::{count, date, name};
use super::say::{say, sentence};
use super::table::left_out;
use app::Evaluation;

/// The most characters of a policy that are shown; policies written by hand are far shorter.
const POLICY: usize = 40_000;

/// The most files of the previous ledger that are listed.
const PREVIOUS: usize = 20;

/// The text of the policy and the provenance of the offer.
pub(super) fn section(evaluation: &Evaluation) -> Markup {
    let policy = &evaluation.offer.policy;
    let provenance = &evaluation.provenance;
    let in_full = sentence("page_provenance.policy")
        .with("name", name(&policy.name))
        .with("version", name(&policy.version));
    let as_of = sentence("page_provenance.as_of_why")
        .with("date", date(provenance.as_of))
        .with("reason", &evaluation.offer.as_of_reason);
    let files =
        sentence("page_provenance.files_count").count("files", provenance.ledger_files.len());
    let discloses = evaluation.offer.parts.iter().any(|part| !part.disclosures.is_empty());
    html! {
        section #policy {
            h2 { (say("page.policy")) }
            details {
                summary { (in_full) }
                pre tabindex="0" { (policy_text(&policy.text)) }
            }
            h3 { (say("page_provenance.title")) }
            dl.provenance {
                dt { (say("page_provenance.engine")) }
                dd { (provenance.engine) " " (provenance.engine_version) }
                dt { (say("page_provenance.format")) }
                dd { code { (evaluation.offer.format) } }
                dt { (say("page_provenance.as_of")) }
                dd { (as_of) }
                dt { (say("page_provenance.policy_sha256")) }
                dd { code.hash { (provenance.policy_sha256) } }
                @if let Some(sha256) = &provenance.facility_sha256 {
                    dt { (say("page_provenance.facility_sha256")) }
                    dd { code.hash { (sha256) } }
                }
                dt { (say("page_provenance.files")) }
                dd { (files) }
                (answers_and_previous(provenance))
                @if !provenance.dates_set_aside.is_empty() {
                    dt { (say("page_provenance.dates_set_aside")) }
                    dd {
                        @for aside in provenance.dates_set_aside.iter().take(20) {
                            (date(aside.date)) " (" (count(aside.occurrences)) ") "
                        }
                    }
                }
            }
            p.note {
                (say("page_provenance.note"))
                @if discloses { " " (say("page_provenance.disclosures")) }
            }
        }
    }
}

/// The inputs beside ledger, policy and facility, each if it was given.
fn answers_and_previous(provenance: &Provenance) -> Markup {
    let previous = &provenance.previous_files;
    let file = |file: &LedgerFile| {
        sentence("page_provenance.previous_file")
            .with("name", name(&file.name))
            .count("rows", file.rows)
            .with("hash", html! { code.hash { (file.sha256) } })
    };
    let answers = |answers: &AnswersFile| {
        sentence("page_provenance.answers")
            .with("name", name(&answers.name))
            .count("answers", answers.answers)
            .with("hash", html! { code.hash { (answers.sha256) } })
    };
    html! {
        @if !previous.is_empty() {
            dt { (say("page_provenance.previous_files")) }
            @for own in previous.iter().take(PREVIOUS) { dd { (file(own)) } }
            @if previous.len() > PREVIOUS {
                dd { (left_out(PREVIOUS, previous.len(), "offer.json")) }
            }
        }
        @if let Some(own) = &provenance.confirmations {
            dt { (say("page_provenance.confirmations")) }
            dd { (answers(own)) }
        }
        @if let Some(seed) = provenance.selection_seed {
            dt { (say("page_provenance.selection_seed")) }
            dd { (seed) }
        }
    }
}

/// The text with its lines, cut off after [`POLICY`] characters.
fn policy_text(text: &str) -> String {
    match text.char_indices().nth(POLICY) {
        None => text.to_owned(),
        Some((end, _)) => {
            format!("{}\n{}", &text[..end], say("page_provenance.policy_cut"))
        }
    }
}
