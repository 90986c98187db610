use std::sync::Arc;

use chrono::NaiveDate;

use basics::{Amount, Currency, Rate};
use offer::{InvoiceQuote, InvoiceQuoteRequest, Quote, QuoteRequest, invoice_quote, quote};
use store::QuoteRow;

use super::refusal::money;
use super::{Caller, Once, Reader, Reply, Service, ServiceError};

/// The facts of a quote, as a business owner knows them.
#[derive(Debug, Clone)]
pub struct QuoteFacts {
    /// Total of all invoices, in major units.
    pub face: Amount,
    /// Days from issue to due date.
    pub terms_days: u32,
    /// Number of customers, each owing an equal part.
    pub debtors: u32,
    /// Number of invoices; by default one for each customer.
    pub invoices: Option<u32>,
    /// Monthly sales, in major units.
    pub monthly_sales: Option<Amount>,
    /// The largest advance that is asked for.
    pub advance: Option<Rate>,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Date of purchase; by default today.
    pub date: Option<NaiveDate>,
}

/// The facts of one invoice to quote.
#[derive(Debug, Clone, Copy)]
pub struct InvoiceFacts {
    /// Amount bought, in major units.
    pub amount: Amount,
    /// Currency of the amount.
    pub currency: Currency,
    /// Date of purchase; by default today.
    pub purchase: Option<NaiveDate>,
    /// Due date.
    pub due: NaiveDate,
    /// Expected days from due date to payment; negative if it is paid early.
    pub late_days: i32,
    /// Dilution: the share of sales that is credited.
    pub dilution: Rate,
}

/// A quote to keep, with the contact that its reader left.
#[derive(Debug, Clone)]
pub struct KeptQuote {
    /// The person to contact.
    pub contact: String,
    /// The request, JSON.
    pub request: String,
    /// The computed quote.
    pub quote: Quote,
}

/// Checks an advance that a caller asks for.
pub(super) fn requested_advance(advance: Option<Rate>) -> Result<(), ServiceError> {
    if advance.is_none_or(|rate| (0.01..=1.0).contains(&rate.to_f64())) {
        return Ok(());
    }
    Err(ServiceError::field("advance_percent", "Expected a percentage from 1 to 100."))
}

impl Service {
    /// Computes a business owner's quote; stores nothing.
    ///
    /// # Errors
    /// [`ServiceError::Field`] for an advance that is not allowed, [`ServiceError::Invalid`] for
    /// facts that contradict each other or exceed what can be computed.
    pub fn quote(&self, _: &Caller, facts: &QuoteFacts) -> Result<Quote, ServiceError> {
        requested_advance(facts.advance)?;
        let request = QuoteRequest {
            face: facts.face,
            terms_days: facts.terms_days,
            debtors: facts.debtors,
            invoices: facts.invoices,
            monthly_sales: facts.monthly_sales,
            advance: facts.advance,
            currency: facts.currency,
            date: facts.date.unwrap_or_else(|| self.today()),
            policy: Arc::clone(&self.policy),
        };
        // Here and on no other thread: whatever the numbers, a few invoices stand for all.
        let computed = quote(&request);
        // The sentences name options of the command line; here they are members of the request.
        computed.map_err(|error| ServiceError::Invalid(error.to_string().replace("--", "")))
    }

    /// Keeps a quote for the business development officer.
    ///
    /// # Errors
    /// [`ServiceError::Answered`] if the same request was answered in the meantime.
    pub async fn keep_quote(
        &self,
        kept: KeptQuote,
        once: &Once,
        answer: impl FnOnce(String, Quote) -> Result<Reply, ServiceError>,
    ) -> Result<Reply, ServiceError> {
        let KeptQuote { contact, request, quote } = kept;
        let id = self.new_id()?;
        let reply = answer(id.clone(), quote)?;
        let (answer, created_at) = (reply.body.clone(), once.at().to_owned());
        let row = QuoteRow { id, contact, request, answer, created_at };
        self.store.add_quote(&row, &once.actor(&reply)).await?;
        Ok(reply)
    }

    /// Computes the price of one invoice at the policy's listed terms; stores nothing.
    ///
    /// # Errors
    /// [`ServiceError::Malformed`] or [`ServiceError::Field`] for a value out of range,
    /// [`ServiceError::Invalid`] for facts that contradict each other.
    pub fn quote_invoice(
        &self,
        _: &Caller,
        facts: &InvoiceFacts,
    ) -> Result<InvoiceQuote, ServiceError> {
        if !(-365..=365).contains(&facts.late_days) {
            let (field, detail) =
                ("expected_late_days".to_owned(), "Expected -365 to 365 days.".to_owned());
            return Err(ServiceError::Malformed { field, detail });
        }
        let request = InvoiceQuoteRequest {
            amount: money("amount", facts.amount, facts.currency)?,
            purchase: facts.purchase.unwrap_or_else(|| self.today()),
            due: facts.due,
            late_days: facts.late_days,
            dilution: facts.dilution,
        };
        invoice_quote(&request, &self.policy)
            .map_err(|error| ServiceError::Invalid(error.to_string()))
    }

    /// Returns up to `most` kept quotes after an id, in order of their ids.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn quotes(
        &self,
        _: &Reader,
        after: &str,
        most: i64,
    ) -> Result<Vec<QuoteRow>, ServiceError> {
        Ok(self.store.quotes(after, most).await?)
    }
}
