//! What an offer says of a ledger: on what the curves rest, and what is odd about its data.

use std::borrow::Cow;

use basics::{Currency, counted, grouped};
use ledger::{ClientPosition, Outcome};
use offer::{FundedInvoice, Notice, ScoringNote};
use scoring::{Basis, KaplanMeier, OWN_HISTORY};

use super::context::{Context, Model};

/// Days after the due date by which most invoices of a healthy ledger are closed.
const MATURED_DAYS: i32 = 30;

/// The most invoices that a sentence names.
const MOST_NAMED: usize = 5;

/// What the curves rest on, in words, with the file that would improve them.
pub(super) fn scoring_note(km: &KaplanMeier, model: Option<Model<'_>>) -> ScoringNote {
    let paid = km.paid_invoices();
    let prior = if model.is_some_and(|model| model.leans) {
        "pool of the clients that the model was trained on"
    } else {
        "policy's prior curve"
    };
    let mut sentence = match km.basis() {
        Basis::OwnHistory => format!(
            "Collection curves rest on this client's own history of {}.",
            counted(paid, "paid invoice", "paid invoices")
        ),
        Basis::Blended => format!(
            "Collection curves mix this client's {} (weight {:.0} %) with the {prior}. A ledger with {OWN_HISTORY} or more paid invoices and their payment dates (paid_date) would \
             replace the prior.",
            counted(paid, "paid invoice", "paid invoices"),
            100.0 * km.own_weight()
        ),
        Basis::Prior => format!(
            "Collection curves rest on the {prior} alone: the ledger has no paid invoice. An export \
             that includes paid invoices with their payment dates (paid_date), {OWN_HISTORY} or more, would \
             replace it."
        ),
    };
    if let Some(Model { hazard, file, .. }) = model {
        let training = hazard.training();
        let correction = format!(
            " A model trained on {} {} paid invoices corrects them day by day for the calendar, the \
             debtor's balance and its latest payments.",
            if file.is_some() { "another file's" } else { "this ledger's" },
            grouped(&training.paid_invoices.to_string())
        );
        sentence.push_str(&correction);
    }
    ScoringNote {
        model: if model.is_some() { "boosted" } else { "km" }.into(),
        model_sha256: model.and_then(|model| model.file).map(str::to_owned),
        basis: km.basis(),
        paid_invoices: paid,
        own_history_weight: km.own_weight(),
        sentence,
        loss_given_non_payment: None,
        unpaid_invoices_seen: None,
    }
}

/// Warnings about one client's data at the as-of date.
pub(super) fn notices(
    context: &Context<'_>,
    position: &ClientPosition,
    currency: Currency,
) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut add = |code, text: Option<String>| {
        notices.extend(text.map(|text| Notice { code: Cow::Borrowed(code), text }));
    };
    let columns = context.columns;
    let count = |of: &dyn Fn(usize) -> bool| {
        let open = position.invoices.iter().filter(|i| i.open > 0 && i.currency == currency);
        open.filter(|invoice| of(invoice.row)).count()
    };
    let some = |count: usize, text: &dyn Fn(usize) -> String| (count > 0).then(|| text(count));
    add("survivorship", survivorship(context, position));
    let facility = context.facility.filter(|facility| facility.currency != currency);
    add(
        "facility_currency",
        facility.map(|facility| {
            format!(
                "The facility is in {}, so it sets no limit to these invoices in {currency}.",
                facility.currency
            )
        }),
    );
    add("funded_unknown", funded_unknown(context, position, currency));
    add(
        "issue_date_assumed",
        some(count(&|row| columns.issue_assumed(row)), &|n| {
            format!(
                "Open invoices without an invoice date, taken as the due date less {} days: {n}.",
                context.policy.assumed_terms_days()
            )
        }),
    );
    add(
        "due_date_assumed",
        some(count(&|row| columns.due_assumed(row)), &|n| {
            format!(
                "Open invoices without a due date, taken as the invoice date plus {} days: {n}.",
                context.policy.assumed_terms_days()
            )
        }),
    );
    add(
        "undated_settlements",
        some(position.undated_settlements, &|n| {
            format!(
                "Payments and credits without a date: {n}. They are taken as known at the as-of date, but not \
                 used as statistics, because the ledger goes on after it."
            )
        }),
    );
    notices
}

/// Names invoices that the facility calls bought and that the ledger does not have.
fn funded_unknown(
    context: &Context<'_>,
    position: &ClientPosition,
    currency: Currency,
) -> Option<String> {
    let facility = context.facility.filter(|facility| facility.currency == currency)?;
    let as_of = context.as_of.day();
    let invoices = position.invoices.iter().map(|invoice| {
        let number = context.columns.number(invoice.row);
        (number, context.columns.debtor(invoice.debtor, as_of))
    });
    let unknown = facility.funded_beside(invoices);
    let name = |funded: &&FundedInvoice| match &funded.debtor {
        Some(debtor) => format!("{} of {debtor}", funded.invoice),
        None => funded.invoice.clone(),
    };
    let first: Vec<String> = unknown.iter().take(MOST_NAMED).map(name).collect();
    let more = unknown.len() - first.len();
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    (!unknown.is_empty()).then(|| {
        format!(
            "The facility names invoices as bought already that the ledger does not have: {}{more}. Ask what became \
             of them.",
            first.join(", ")
        )
    })
}

/// Warns when almost nothing that fell due long ago is shown as closed: an open-only export.
fn survivorship(context: &Context<'_>, position: &ClientPosition) -> Option<String> {
    let matured_by = context.as_of.day() - MATURED_DAYS;
    let matured: Vec<_> = position.invoices.iter().filter(|i| i.due <= matured_by).collect();
    let closed = matured.iter().filter(|invoice| invoice.outcome != Outcome::Open).count();
    (matured.len() >= 10 && closed * 5 < matured.len()).then(|| {
        format!(
            "Of {} invoices due more than {MATURED_DAYS} days ago only {closed} are shown as closed. An export of \
             open items leaves out what was paid, so its history looks worse than it is; add the paid invoices.",
            matured.len()
        )
    })
}
