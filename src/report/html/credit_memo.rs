//! The credit memo, which an underwriter signs: one printed page for each part.

use maud::{Markup, Render, html};

use offer::{
    ChangeKind, InvoiceFacts, LedgerChange, Notice, NoticeCode, Offer, OfferPart, PartTotals,
};
use policy::Rule;

use super::super::held::by_reason;
use super::figures::{NONE, apr, date, money, name, rate, ratio, share, share_or_none, sum};
use super::queue::{Queued, queued};
use super::rows::{MOST_PARTS, largest_parts};
use super::say::{Sentence, say, sentence};
use super::table::{Table, left_out, row, text};
use app::Evaluation;

/// The invoices of the verification queue that are named, even if none of them has to be
/// confirmed.
const CONFIRMED: usize = 5;

/// The most that are named of those that have to be confirmed.
const MUST: usize = 20;

/// The most confirmed invoices that are named.
const ANSWERED: usize = 20;

/// The most changed invoices that are named.
const CHANGES: usize = 20;

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
            @for notice in part.notices.iter().filter(|notice| is_stop(notice)) {
                p.lead { strong { (say("memo.stop")) } " " (notice.text) }
            }
            p.lead { strong { (decision(part)) } }
            @if let Some(late) = past_due(&part.totals) { p { (late) } }
            (key_figures(part).render())
            (held(part))
            (confirmed(part))
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
        let Some(held) = totals.held else { return sentence("memo.nothing") };
        return sentence("memo.hold")
            .count("invoices", held.invoices)
            .with("amount", sum(held.amount))
            .with("discount", rate(part.terms.discount_rate_percent));
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

/// A notice that forbids to fund the client.
fn is_stop(notice: &Notice) -> bool {
    notice.is(NoticeCode::ClientDenied)
}

/// Invoices and amounts that are held, by reason, and the advance once they are confirmed.
fn held(part: &OfferPart) -> Markup {
    let Some(held) = part.totals.held else { return html! {} };
    let advance = sentence("memo.held_advance")
        .with("advance", html! { strong { (sum(held.advance)) } })
        .with("rate", rate(part.terms.advance_rate_percent));
    html! {
        h3 { (say("memo.held")) }
        ul {
            @for group in by_reason(part) {
                @let item = sentence("memo.held_reason")
                    .with("reason", group.reason.title())
                    .count("invoices", group.lines.len())
                    .with("amount", sum(group.amount(part)));
                li { (item) }
            }
        }
        p { (advance) }
    }
}

/// The invoices bought that their customers have confirmed, and who asked.
fn confirmed(part: &OfferPart) -> Markup {
    let bought = part.lines.iter().filter_map(|line| Some((line, line.price?)));
    let all: Vec<_> =
        bought.filter_map(|(line, price)| Some((line, price, line.confirmed.as_ref()?))).collect();
    let more = all.len().saturating_sub(ANSWERED);
    html! {
        @if !all.is_empty() {
            h3 { (say("memo.confirmed")) }
            ul {
                @for (line, price, answer) in all.iter().take(ANSWERED) {
                    @let item = sentence("memo.confirmed_by")
                        .with("invoice", name(&line.invoice_number))
                        .with("debtor", name(&line.debtor_name))
                        .with("amount", sum(price.amount_bought))
                        .with("by", name(&answer.by))
                        .variant("how", answer.how.code())
                        .with("on", date(answer.on));
                    li { (item) }
                }
                @if more > 0 { li { (sentence("memo.confirm_more").count("more", more)) } }
            }
        }
    }
}

fn conditions(part: &OfferPart) -> Markup {
    let more = part.changes.len().saturating_sub(CHANGES);
    html! {
        h3 { (say("memo.conditions")) }
        @if part.conditions.is_empty() && part.notices.is_empty() && part.changes.is_empty() {
            p { (say("page.none")) }
        }
        ul {
            @for change in part.changes.iter().take(CHANGES) { li { (changed_invoice(change)) } }
            @if more > 0 { li { (sentence("memo.changed_more").count("more", more)) } }
            @for condition in &part.conditions {
                @let item = sentence("memo.condition")
                    .with("sentence", &condition.sentence)
                    .count("invoices", condition.invoices);
                li { (item) }
            }
            @for notice in part.notices.iter().filter(|notice| !is_stop(notice)) {
                li { (notice.text) }
            }
            li { (part.scoring.sentence) }
        }
    }
}

/// A changed invoice with its dates and what is open of it, before and now.
fn changed_invoice(change: &LedgerChange) -> Sentence {
    let kinds: Vec<&str> = change.kinds().map(ChangeKind::title).collect();
    let facts = |facts: Option<&InvoiceFacts>| match facts {
        None => html! { (NONE) },
        Some(facts) => sentence("memo.change_facts")
            .with("dated", date(facts.invoice_date))
            .with("due", date(facts.due_date))
            .with("open", sum(facts.open))
            .render(),
    };
    sentence("memo.change")
        .with("invoice", name(&change.invoice_number))
        .with("debtor", name(&change.debtor_name))
        .with("kinds", kinds.join("; "))
        .with("before", facts(change.before.as_ref()))
        .with("now", facts(change.now.as_ref()))
}

/// The invoices to confirm, of which those that are always confirmed come first.
fn to_confirm(part: &OfferPart) -> Markup {
    let queue = queued(part);
    if queue.is_empty() {
        return html! {};
    }
    let must = queue.iter().filter(|own| offer::must_confirm(own.row)).count();
    let shown = must.clamp(CONFIRMED, MUST).min(queue.len());
    let title = sentence("memo.confirm").count("all", queue.len()).count("must", must);
    html! {
        h3 { (title) }
        ul {
            @for own in &queue[..shown] { li { (to_confirm_item(own)) } }
            @if shown < queue.len() {
                li { (sentence("memo.confirm_more").count("more", queue.len() - shown)) }
            }
        }
    }
}

fn to_confirm_item(own: &Queued<'_>) -> Sentence {
    let (row, excluded) = (own.row, own.line.filter(|_| own.is_excluded()));
    let amount = excluded.map_or(row.amount_bought, |line| line.open);
    sentence("memo.confirm_invoice")
        .with("invoice", name(&row.invoice_number))
        .with("debtor", name(&row.debtor_name))
        .with("amount", sum(amount))
        .variant(
            "decision",
            match excluded {
                Some(_) => "excluded",
                None if row.held => "held",
                None => "bought",
            },
        )
}
