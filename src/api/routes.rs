//! All operations of the service, in the order of the OpenAPI document.

use serde_json::Value;

use super::http::openapi;
use super::http::operation::Operation;
use super::{
    books, client_debtors, clients, collections, confirmations, debtors, docs, evaluations,
    facilities, health, job_steps, jobs, keys, ledgers, models, monitor, offer_inputs, offer_steps,
    offers, payees, policies, positions, purchases, quotes, reports, reversals, statements,
    uploads,
};

/// All operations.
pub(super) fn operations() -> Vec<Operation> {
    let mut all = health::operations();
    all.extend(monitor::operations());
    all.extend(docs::operations());
    all.extend(keys::operations());
    all.extend(job_steps::operations());
    all.extend(jobs::operations());
    all.extend(clients::operations());
    all.extend(statements::operations());
    all.push(ledgers::of_client());
    all.extend(uploads::operations());
    all.extend(ledgers::operations());
    all.extend(evaluations::operations());
    all.extend(confirmations::operations());
    all.extend(offers::operations());
    all.extend(offer_inputs::operations());
    all.extend(offer_steps::operations());
    all.extend(quotes::operations());
    all.extend(policies::operations());
    all.extend(models::operations());
    all.extend(facilities::operations());
    all.extend(client_debtors::operations());
    all.extend(debtors::operations());
    all.extend(payees::operations());
    all.extend(purchases::operations());
    all.extend(positions::operations());
    all.extend(collections::operations());
    all.extend(reversals::operations());
    all.extend(books::operations());
    all.extend(reports::operations());
    all
}

/// The OpenAPI document.
pub fn document() -> Value {
    openapi::document(&operations())
}
