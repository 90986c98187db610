//! The credit memo, which an underwriter signs: one printed page for each part.

use maud::{Markup, Render, html};

use offer::{Offer, OfferPart, PartTotals};
use policy::Rule;

use super::figures::{NONE, apr, date, money, name, rate, ratio, share, share_or_none, sum};
use super::rows::{MOST_PARTS, largest_parts};
use super::say::{Sentence, say, sentence};
use super::table::{Table, left_out, row, text};
use app::Evaluation;

/// The most invoices of the verification queue that are named.
const CONFIRMED: usize = 5;

/// The memo as a page of its own, with lines for the signatures.
pub fn credit_memo(evaluation: &Evaluation) -> String {
    let ranked = largest_parts(&evaluation.offer.parts);
    let shown = &ranked[..ranked.len().min(MOST_PARTS)];
    let offer = &evaluation.offer;
    let body = html! {
        header {
            p.brand { "Factorage" }
            h1 { (say("memo.title")) }
            p { (as_of(offer)) }
        }
        main {
            @if shown.is_empty() { p.lead { (say("memo.nothing_open")) } }
            (left_out(shown.len(), ranked.len(), "offer.json"))
            @for part in shown { (memo(part)) }
        }
    };
    super::document(&say("memo.title"), &body).into_string()
}

fn as_of(offer: &Offer) -> Sentence {
    let sentence = if offer.no_offer().is_some() {
        sentence("memo.not_offered")
    } else {
        sentence("memo.offered").with("until", date(offer.valid_until))
    };
    sentence
        .with("date", date(offer.as_of))
        .with("policy", &offer.policy.name)
        .with("version", &offer.policy.version)
}

fn memo(part: &OfferPart) -> Markup {
    let client = match part.client.as_str() {
        "" => say("memo.client"),
        client => name(client).into_owned(),
    };
    html! {
        article {
            h2 { bdi { (client) } ", " (part.currency) }
            p.lead { strong { (decision(part)) } }
            @if let Some(late) = past_due(&part.totals) { p { (late) } }
            (key_figures(part).render())
            (conditions(part))
            (to_confirm(part))
            p.signature { (say("memo.underwriter")) }
            p.signature { (say("memo.approved")) }
        }
    }
}

fn decision(part: &OfferPart) -> Sentence {
    let totals = &part.totals;
    if let Some(decline) = &part.decline {
        return sentence("memo.decline").with("why", &decline.sentence);
    }
    if totals.bought_invoices == 0 {
        return sentence("memo.nothing");
    }
    sentence("memo.buy")
        .count("invoices", totals.bought_invoices)
        .with("amount", sum(totals.amount_bought))
        .with("advance", sum(totals.advance))
        .with("rate", rate(totals.advance_rate_percent))
        .with("discount", rate(part.terms.discount_rate_percent))
}

/// The part of what is bought that is past due already.
fn past_due(totals: &PartTotals) -> Option<Sentence> {
    let late = totals.bought_past_due.filter(|_| totals.bought_invoices > 0)?;
    Some(match ratio(late, totals.amount_bought).filter(|_| late.minor() > 0) {
        None => sentence("memo.none_past_due"),
        Some(part) => {
            sentence("memo.past_due").with("amount", sum(late)).with("share", share(part))
        }
    })
}

fn key_figures(part: &OfferPart) -> Table {
    let columns = vec![text(say("label.figure")), text(say("label.value"))];
    Table::new(say("label.key_figures"), columns, figures(part))
}

fn figures(part: &OfferPart) -> Vec<Vec<Markup>> {
    let (totals, terms, base) = (&part.totals, &part.terms, &part.borrowing_base);
    let largest = part.debtors.first();
    let excluded = part.waterfall.iter().filter(|step| step.invoices > 0);
    let excluded: Vec<String> = excluded
        // A decline has a sentence of its own above.
        .filter(|step| step.rule != Rule::NoFeasibleTerms)
        .map(|step| format!("{} {}", step.title, money(step.amount)))
        .collect();
    let excluded = if excluded.is_empty() { NONE.to_owned() } else { excluded.join("; ") };
    let cost =
        sentence("memo.cost_apr").with("fee", sum(totals.fee)).with("apr", apr(totals.apr_percent));
    let hurdle = sentence("memo.return_hurdle")
        .with("return", apr(terms.return_percent))
        .with("hurdle", apr(terms.hurdle_percent));
    let largest = largest.map(|debtor| {
        sentence("memo.largest_share")
            .with("debtor", name(&debtor.debtor_name))
            .with("share", share_or_none(Some(debtor.share)))
    });
    let shortfall = share_or_none(terms.reserve_shortfall_probability);
    let mut figures = vec![
        row![say("memo.gross"), sum(totals.gross)],
        row![say("memo.not_bought"), excluded],
        row![say("memo.advance"), sum(totals.net_funded)],
        row![say("label.fee"), terms.fee_plan.words()],
        row![say("memo.cost"), cost],
        row![say("label.expected_loss"), sum(totals.expected_loss)],
        row![say("memo.return"), hurdle],
        row![say("memo.shortfall"), shortfall],
        row![say("memo.dilution"), rate(totals.dilution_percent)],
        row![
            say("memo.largest"),
            html! { @if let Some(largest) = largest { (largest) } @else { (NONE) } }
        ],
        row![say("memo.base"), sum(base.base.excess)],
    ];
    figures.extend(changed(part));
    figures
}

/// The number of invoices that changed since the previous ledger; without one, of those that are
/// billed anew, if any.
fn changed(part: &OfferPart) -> Option<Vec<Markup>> {
    let invoices = sentence("memo.changed_invoices").count("invoices", part.changes.len());
    match part.previous_ledger {
        Some(previous) => {
            let since = sentence("memo.changed").with("previous", date(previous));
            Some(row![since, invoices])
        }
        None if part.changes.is_empty() => None,
        None => Some(row![say("memo.changed_alone"), invoices]),
    }
}

fn conditions(part: &OfferPart) -> Markup {
    html! {
        h3 { (say("memo.conditions")) }
        @if part.conditions.is_empty() && part.notices.is_empty() { p { (say("page.none")) } }
        ul {
            @for condition in &part.conditions {
                @let item = sentence("memo.condition")
                    .with("sentence", &condition.sentence)
                    .count("invoices", condition.invoices);
                li { (item) }
            }
            @for notice in &part.notices { li { (notice.text) } }
            li { (part.scoring.sentence) }
        }
    }
}

fn to_confirm(part: &OfferPart) -> Markup {
    let queue = &part.verification_queue;
    let confirm = if queue.len() > CONFIRMED {
        let first = sentence("memo.confirm_first").count("shown", CONFIRMED);
        first.count("all", queue.len()).render()
    } else {
        html! { (say("memo.confirm")) }
    };
    html! {
        @if !queue.is_empty() {
            h3 { (confirm) }
            ul {
                @for line in queue.iter().take(CONFIRMED) {
                    @let item = sentence("memo.confirm_invoice")
                        .with("invoice", name(&line.invoice_number))
                        .with("debtor", name(&line.debtor_name))
                        .with("amount", sum(line.amount_bought));
                    li { (item) }
                }
            }
        }
    }
}
