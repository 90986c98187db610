//! The credit memo: what an underwriter decides and signs, one printed page for each part.

use maud::{Markup, html};

use offer::OfferPart;
use policy::Rule;

use super::figures::{NONE, apr, counted, date, money, name, rate, share_or_none, sum};
use super::rows::{MOST_PARTS, largest_parts};
use super::table::{Table, left_out, row, text};
use app::Evaluation;

/// Most invoices of the verification queue that are named.
const CONFIRMED: usize = 5;

/// The memo as a page of its own, with lines for the signatures.
pub fn credit_memo(evaluation: &Evaluation) -> String {
    let ranked = largest_parts(&evaluation.offer.parts);
    let shown = &ranked[..ranked.len().min(MOST_PARTS)];
    let offer = &evaluation.offer;
    let body = html! {
        header {
            p.brand { "Factorage" }
            h1 { "Credit memo" }
            p {
                "As of " (date(offer.as_of)) ", policy " (offer.policy.name) " version "
                (offer.policy.version) "; "
                @if offer.no_offer().is_some() { "nothing is offered." }
                @else { "the offer stands until " (date(offer.valid_until)) "." }
            }
        }
        main {
            @if shown.is_empty() { p.lead { "No invoice is open: there is nothing to decide." } }
            (left_out(shown.len(), ranked.len(), "offer.json"))
            @for part in shown { (memo(part)) }
        }
    };
    super::document("Credit memo", &body).into_string()
}

fn memo(part: &OfferPart) -> Markup {
    let client = if part.client.is_empty() { "Client" } else { part.client.as_str() };
    html! {
        article {
            h2 { bdi { (name(client)) } ", " (part.currency) }
            p.lead { strong { (decision(part)) } }
            (Table::new("Key figures", vec![text("Figure"), text("Value")], figures(part)).render())
            (conditions(part))
            (to_confirm(part))
            p.signature { "Underwriter ________________________  Date ____________" }
            p.signature { "Approved ________________________  Date ____________" }
        }
    }
}

fn decision(part: &OfferPart) -> String {
    let totals = &part.totals;
    if let Some(decline) = &part.decline {
        return format!("Decline. {}", decline.sentence);
    }
    if totals.bought_invoices == 0 {
        return "Nothing to buy: no open invoice passes the rules of the policy.".to_owned();
    }
    format!(
        "Buy {} for {}: advance {}, discount rate {}.",
        counted(totals.bought_invoices, "invoice"),
        sum(totals.amount_bought),
        rate(totals.advance_rate_percent),
        rate(part.terms.discount_rate_percent)
    )
}

fn figures(part: &OfferPart) -> Vec<Vec<Markup>> {
    let (totals, terms, base) = (&part.totals, &part.terms, &part.borrowing_base);
    let largest = part.debtors.first();
    let excluded = part.waterfall.iter().filter(|step| step.invoices > 0);
    let excluded: Vec<String> = excluded
        .filter(|step| step.rule != Rule::NoFeasibleTerms)
        .map(|step| format!("{} {}", step.title, money(step.amount)))
        .collect();
    vec![
        row!["Gross receivables", sum(totals.gross)],
        row!["Not bought", if excluded.is_empty() { NONE.to_owned() } else { excluded.join("; ") }],
        row!["Advance, paid at once", sum(totals.net_funded)],
        row!["Fee", terms.fee_plan.words()],
        row![
            "Cost to the client, expected case",
            format!("{}, APR {}", sum(totals.fee), apr(totals.apr_percent))
        ],
        row!["Expected loss", sum(totals.expected_loss)],
        row![
            "Return on funds employed",
            format!("{}, hurdle {}", apr(terms.return_percent), apr(terms.hurdle_percent))
        ],
        row![
            "P(dilution and fee exceed the reserve)",
            share_or_none(terms.reserve_shortfall_probability)
        ],
        row!["Dilution, 12 months", rate(totals.dilution_percent)],
        row![
            "Largest debtor",
            largest.map_or(NONE.to_owned(), |debtor| {
                format!(
                    "{}, {} of the ledger",
                    name(&debtor.debtor_name),
                    share_or_none(Some(debtor.share))
                )
            })
        ],
        row!["Borrowing base less outstanding", sum(base.base.excess)],
        row!["Different from the previous ledger", counted(part.changes.len(), "invoice")],
    ]
}

fn conditions(part: &OfferPart) -> Markup {
    html! {
        h3 { "Conditions and warnings" }
        @if part.conditions.is_empty() && part.notices.is_empty() { p { "None." } }
        ul {
            @for condition in &part.conditions {
                li { (condition.sentence) " (" (counted(condition.invoices, "invoice")) ")" }
            }
            @for notice in &part.notices { li { (notice.text) } }
            li { (part.scoring.sentence) }
        }
    }
}

fn to_confirm(part: &OfferPart) -> Markup {
    let queue: Vec<String> = (part.verification_queue.iter().take(CONFIRMED))
        .map(|line| {
            let (number, debtor) = (name(&line.invoice_number), name(&line.debtor_name));
            format!("{number} to {debtor}, {}", sum(line.amount_bought))
        })
        .collect();
    html! {
        @if !queue.is_empty() {
            h3 { "Confirm before buying" }
            ul { @for line in &queue { li { (line) } } }
        }
    }
}
