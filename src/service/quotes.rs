use std::sync::Arc;

use chrono::NaiveDate;

use basics::{Amount, Currency, Rate};
use offer::{InvoiceQuote, InvoiceQuoteRequest, Quote, QuoteRequest, invoice_quote, quote};
use store::QuoteRow;

use super::refusal::money;
use super::{Caller, Once, Reader, Reply, Service, ServiceError};

/// Invoices up to which a quote takes less time than handing it to another thread is worth.
const FEW: u32 = 50;

/// What a business owner knows.
#[derive(Debug, Clone)]
pub struct QuoteFacts {
    /// What all invoices together come to, in major units.
    pub face: Amount,
    /// Days from issue to due date.
    pub terms_days: u32,
    /// Customers that owe it, in equal parts.
    pub debtors: u32,
    /// Invoices; one for each customer unless told.
    pub invoices: Option<u32>,
    /// Sales of a month, in major units.
    pub monthly_sales: Option<Amount>,
    /// The most that is wanted as an advance.
    pub advance: Option<Rate>,
    /// Currency of the amounts.
    pub currency: Currency,
    /// The day of the purchase; today unless told.
    pub date: Option<NaiveDate>,
}

/// One invoice to be quoted.
#[derive(Debug, Clone, Copy)]
pub struct InvoiceFacts {
    /// Amount bought, in major units.
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
    /// The day of the purchase; today unless told.
    pub purchase: Option<NaiveDate>,
    /// When it is due.
    pub due: NaiveDate,
    /// Days after the due date on which it is expected to be paid; negative before.
    pub late_days: i32,
    /// Share of sales that is credited.
    pub dilution: Rate,
}

/// A quote that somebody leaves a contact with.
#[derive(Debug, Clone)]
pub struct KeptQuote {
    /// Whom to call.
    pub contact: String,
    /// What was asked.
    pub request: String,
    /// What was computed.
    pub quote: Quote,
}

/// An advance that somebody may ask for.
pub(super) fn requested_advance(advance: Option<Rate>) -> Result<(), ServiceError> {
    if advance.is_none_or(|rate| (0.01..=1.0).contains(&rate.to_f64())) {
        return Ok(());
    }
    Err(ServiceError::field("advance_percent", "Expected a percent from 1 to 100."))
}

impl Service {
    /// A business owner's quote: it computes, and stores nothing.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for facts that do not go together.
    pub async fn quote(&self, _: &Caller, facts: QuoteFacts) -> Result<Quote, ServiceError> {
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
        let computed = if request.invoices.unwrap_or(request.debtors) <= FEW {
            quote(&request)
        } else {
            let computed = tokio::task::spawn_blocking(move || quote(&request)).await;
            computed.map_err(ServiceError::internal)?
        };
        // An option of the command line is a field here.
        computed.map_err(|error| ServiceError::Invalid(error.to_string().replace("--", "")))
    }

    /// Keeps a quote for the business development officer.
    ///
    /// # Errors
    /// [`ServiceError`].
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

    /// The price of one invoice at the policy's listed terms: a formula, and nothing stored.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for facts that do not go together.
    pub fn quote_invoice(
        &self,
        _: &Caller,
        facts: &InvoiceFacts,
    ) -> Result<InvoiceQuote, ServiceError> {
        if !(-365..=365).contains(&facts.late_days) {
            let (field, detail) =
                ("expected_late_days".to_owned(), "Expected -365 to 365.".to_owned());
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

    /// Kept quotes behind an id.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub async fn quotes(
        &self,
        _: &Reader,
        after: &str,
        most: i64,
    ) -> Result<Vec<QuoteRow>, ServiceError> {
        Ok(self.store.quotes(after, most).await?)
    }
}
