//! Every route of the service.

use axum::http::Method;
use axum::routing::{MethodRouter, delete, get, patch, post, put};
use serde_json::{Map, Value};

use basics::DebtorFacts;
use ledger::InvoiceEntry;
use offer::Envelope;
use offer::InvoiceQuote;
use report::RejectEntry;
use store::{Client, LedgerRow, OfferRow, QuoteRow, ReportRow};

use super::accept::{CSV, HTML, XLSX};
use super::operation::Operation;
use super::page::{Listed, PageQuery};
use super::{
    Service, clients, collections, debtors, health, jobs, keys, ledgers, metrics, models, offers,
    openapi, policies, positions, quotes, reports,
};

/// An object of any members.
type Members = Map<String, Value>;

const QUEUED: &str = "Queued; with `Prefer: wait=SECONDS`, as far as it is by then.";

fn reading(path: &'static str, summary: &'static str, of: MethodRouter<Service>) -> Operation {
    Operation::new(Method::GET, path, summary, of)
}

fn posting(path: &'static str, summary: &'static str, of: MethodRouter<Service>) -> Operation {
    Operation::new(Method::POST, path, summary, of)
}

fn putting(path: &'static str, summary: &'static str, of: MethodRouter<Service>) -> Operation {
    Operation::new(Method::PUT, path, summary, of)
}

/// The operations, in the order of the document.
pub(super) fn operations() -> Vec<Operation> {
    let mut all = about_the_service();
    all.extend(about_clients());
    all.extend(about_ledgers());
    all.extend(about_offers());
    all.extend(about_quotes());
    all.extend(about_rules());
    all.extend(about_positions());
    all.extend(about_the_portfolio());
    all
}

fn about_the_service() -> Vec<Operation> {
    vec![
        reading("/health", "Whether the process runs", get(health::health))
            .open()
            .answers::<Members>(200, "It runs."),
        reading("/ready", "Whether the store answers", get(health::ready))
            .open()
            .answers::<Members>(200, "It answers."),
        reading("/metrics", "Figures for a monitor", get(metrics::show)).open().answers_as(
            200,
            "OpenMetrics text.",
            "application/openmetrics-text",
        ),
        reading("/openapi.json", "This document", get(openapi::json))
            .open()
            .answers::<Members>(200, "OpenAPI 3.1."),
        reading("/docs", "This document as a page", get(openapi::page))
            .open()
            .answers_as(200, "A page.", HTML),
        reading("/v1/keys", "Every key, without its secret", get(keys::list))
            .answers::<keys::Keys>(200, "The newest first."),
        posting("/v1/keys", "Make a key", post(keys::create))
            .reads::<keys::AskedKey>()
            .answers::<keys::MadeKey>(201, "It is shown once."),
        Operation::new(Method::DELETE, "/v1/keys/{prefix}", "Revoke a key", delete(keys::revoke))
            .answers_nothing(204, "It is revoked."),
        reading("/v1/jobs/{id}", "How far a job is", get(jobs::get))
            .answers::<jobs::Job>(200, "The job."),
        reading("/v1/jobs/{id}/events", "The job whenever it changes", get(jobs::events))
            .answers_as(200, "Server-sent events until it has ended.", "text/event-stream"),
    ]
}

fn about_clients() -> Vec<Operation> {
    vec![
        reading("/v1/clients", "Clients", get(clients::list))
            .query::<PageQuery>()
            .answers::<Listed<Client>>(200, "In order of their ids."),
        posting("/v1/clients", "Add a client", post(clients::create))
            .reads::<clients::NewClient>()
            .once()
            .answers::<Client>(201, "The client."),
        reading("/v1/clients/{id}", "A client", get(clients::get))
            .answers::<Client>(200, "The client; its version is the ETag."),
        Operation::new(
            Method::PATCH,
            "/v1/clients/{id}",
            "Change a client",
            patch(clients::change),
        )
        .reads::<clients::ChangedClient>()
        .matched(true)
        .answers::<Client>(200, "The client as it is now."),
        reading("/v1/clients/{id}/statement", "Statement of account", get(positions::statement))
            .query::<positions::PeriodQuery>()
            .answers::<positions::Statements>(200, "One for each currency."),
    ]
}

fn about_ledgers() -> Vec<Operation> {
    vec![
        reading("/v1/clients/{id}/ledgers", "A client's ledgers", get(ledgers::list))
            .query::<PageQuery>()
            .answers::<Listed<LedgerRow>>(200, "In order of their ids."),
        posting("/v1/clients/{id}/ledgers", "Send a ledger to be read", post(ledgers::upload))
            .query::<ledgers::Named>()
            .reads_as("application/octet-stream")
            .reads_form()
            .once()
            .answers::<jobs::Job>(202, QUEUED),
        reading("/v1/ledgers/{id}", "A ledger with its footing certificate", get(ledgers::get))
            .answers::<ledgers::ShownLedger<'_>>(200, "The ledger."),
        reading("/v1/ledgers/{id}/rejects", "Rows that were kept out", get(ledgers::rejects))
            .query::<PageQuery>()
            .answers::<Listed<RejectEntry>>(200, "In the order of the file."),
        reading("/v1/ledgers/{id}/invoices", "A ledger's invoices", get(ledgers::invoices))
            .query::<ledgers::InvoiceQuery>()
            .answers::<Listed<InvoiceEntry>>(200, "Those that were asked for."),
        reading("/v1/ledgers/{id}/file", "The original, byte for byte", get(ledgers::file))
            .answers_as(200, "The file.", "application/octet-stream"),
        posting("/v1/ledgers/{id}/evaluations", "Make an offer", post(offers::evaluate))
            .reads::<offers::AskedEvaluation>()
            .optionally()
            .once()
            .answers::<jobs::Job>(202, QUEUED),
    ]
}

fn about_offers() -> Vec<Operation> {
    let change = |path, summary, of| {
        posting(path, summary, of)
            .reads::<offers::Change>()
            .optionally()
            .once()
            .matched(false)
            .answers::<Envelope>(200, "The envelope as it is now.")
    };
    let part = |path, summary, of| {
        reading(path, summary, of).answers::<Vec<offers::PartMember>>(200, "One for each part.")
    };
    vec![
        reading("/v1/offers", "Offers: a client's own, or all", get(offers::list))
            .query::<PageQuery>()
            .answers::<Listed<OfferRow>>(200, "In order of their ids."),
        reading("/v1/offers/{id}", "An offer", get(offers::get))
            .answers::<Members>(200, "The document of `factorage evaluate`; see `schema offer`.")
            .answers_as(200, "The report as it was made.", HTML)
            .answers_as(200, "Its lines as they were made.", CSV)
            .answers_as(200, "A workbook of it as it was made.", XLSX),
        part("/v1/offers/{id}/menu", "Advance and price to choose from", get(offers::menu)),
        part(
            "/v1/offers/{id}/disclosures",
            "What the law asks to be told",
            get(offers::disclosures),
        ),
        part(
            "/v1/offers/{id}/verification-queue",
            "What is confirmed first",
            get(offers::verification_queue),
        ),
        reading("/v1/offers/{id}/history", "What has become of it", get(offers::history))
            .answers::<Envelope>(200, "Its envelope."),
        change("/v1/offers/{id}/accept", "Take it: its invoices are bought", post(offers::accept)),
        change("/v1/offers/{id}/decline", "Turn it down", post(offers::decline)),
        change("/v1/offers/{id}/withdraw", "Take it back", post(offers::withdraw)),
        posting(
            "/v1/offers/{id}/overrides",
            "Decide on an invoice beside the offer",
            post(offers::override_line),
        )
        .reads::<offers::Overridden>()
        .once()
        .matched(false)
        .answers::<Envelope>(200, "The envelope as it is now."),
        posting(
            "/v1/offers/{id}/overrides/approval",
            "Approve somebody else's override above the policy's limit",
            post(offers::approve),
        )
        .reads::<offers::Approved>()
        .once()
        .matched(false)
        .answers::<Envelope>(200, "The envelope as it is now."),
    ]
}

fn about_quotes() -> Vec<Operation> {
    vec![
        posting("/v1/quotes", "A business owner's quote", post(quotes::create))
            .reads::<quotes::AskedQuote>()
            .once()
            .answers::<quotes::AnsweredQuote>(200, "Computed, and nothing stored.")
            .answers::<quotes::AnsweredQuote>(201, "Kept, because a contact was left."),
        posting(
            "/v1/quotes/invoice",
            "One invoice at the policy's listed terms",
            post(quotes::invoice),
        )
        .reads::<quotes::AskedInvoiceQuote>()
        .answers::<InvoiceQuote>(200, "Advance, fee, APR and return."),
        reading("/v1/quotes", "Kept quotes", get(quotes::list))
            .query::<PageQuery>()
            .answers::<Listed<QuoteRow>>(200, "In order of their ids."),
    ]
}

fn about_rules() -> Vec<Operation> {
    const TOML: &str = "application/toml";
    vec![
        reading("/v1/policies", "Policies", get(policies::list))
            .query::<PageQuery>()
            .answers::<Listed<policies::ShownVersion>>(200, "The last version of each."),
        reading("/v1/policies/{name}", "A policy", get(policies::get))
            .query::<policies::VersionQuery>()
            .answers::<policies::ShownVersion>(200, "The version."),
        putting("/v1/policies/{name}", "Write a version of a policy", put(policies::put))
            .reads_as(TOML)
            .matched(false)
            .answers::<policies::ShownVersion>(200, "The version."),
        reading("/v1/models", "Trained scoring models", get(models::list))
            .query::<PageQuery>()
            .answers::<Listed<models::ModelCard>>(200, "The last version of each."),
        reading("/v1/models/{name}", "A model's card and calibration", get(models::get))
            .query::<policies::VersionQuery>()
            .answers::<models::ModelCard>(200, "The card."),
        putting("/v1/models/{name}", "Write a version of a model", put(models::put))
            .reads::<Members>()
            .matched(false)
            .answers::<models::ModelCard>(200, "The card."),
        reading("/v1/facilities", "Facilities", get(policies::list_facilities))
            .query::<PageQuery>()
            .answers::<Listed<policies::ShownVersion>>(200, "The last version of each."),
        reading("/v1/facilities/{client}", "A client's facility", get(policies::get_facility))
            .query::<policies::VersionQuery>()
            .answers::<policies::ShownVersion>(200, "The version."),
        putting("/v1/facilities/{client}", "Write a facility", put(policies::put_facility))
            .reads_as(TOML)
            .matched(false)
            .answers::<policies::ShownVersion>(200, "The version."),
        reading("/v1/debtors", "What is known of debtors", get(debtors::list))
            .query::<PageQuery>()
            .answers::<Listed<debtors::ShownDebtor>>(200, "In order of their ids."),
        reading("/v1/debtors/{id}", "What is known of a debtor", get(debtors::get))
            .answers::<debtors::ShownDebtor>(200, "The debtor."),
        putting("/v1/debtors/{id}", "Write what is known of a debtor", put(debtors::put))
            .reads::<DebtorFacts>()
            .matched(false)
            .answers::<debtors::ShownDebtor>(200, "The debtor."),
    ]
}

fn about_positions() -> Vec<Operation> {
    vec![
        reading("/v1/positions", "Invoices that were bought", get(positions::list))
            .query::<PageQuery>()
            .answers::<Listed<positions::ShownPosition>>(200, "In order of their ids."),
        posting(
            "/v1/positions",
            "Record invoices bought without an offer",
            post(positions::create),
        )
        .reads::<positions::AskedPositions>()
        .once()
        .answers::<positions::MadePositions>(201, "All of them."),
        reading("/v1/positions/{id}", "An invoice that was bought", get(positions::get))
            .answers::<positions::ShownPosition>(200, "The position."),
        posting(
            "/v1/positions/{id}/settlement",
            "End a position that was not collected in full",
            post(positions::settle),
        )
        .reads::<positions::AskedSettlement>()
        .once()
        .answers::<positions::ShownSettlement>(201, "Fee, rebate and chargeback."),
        posting("/v1/collections", "Apply payments to positions", post(collections::create))
            .query::<collections::ClientQuery>()
            .reads::<collections::AskedCollections>()
            .reads_as(CSV)
            .once()
            .answers::<collections::MadeCollections>(201, "Where they went, and what is settled."),
    ]
}

fn about_the_portfolio() -> Vec<Operation> {
    vec![
        posting("/v1/reports", "Report on all clients", post(reports::create))
            .reads::<reports::AskedReport>()
            .optionally()
            .once()
            .answers::<jobs::Job>(202, QUEUED),
        reading("/v1/reports", "Reports that were made", get(reports::list))
            .query::<PageQuery>()
            .answers::<Listed<ReportRow>>(200, "In order of their ids."),
        reading("/v1/reports/{id}", "A report", get(reports::get))
            .answers::<Members>(200, "The document of `factorage report`.")
            .answers_as(200, "A page.", HTML)
            .answers_as(200, "A workbook.", XLSX),
        reading("/v1/portfolio/{section}", "A section of the last report", get(reports::section))
            .answers::<reports::ShownSection>(200, "Its tables."),
    ]
}
