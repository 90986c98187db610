use rust_decimal::Decimal;

use basics::{Currency, Money, OutOfRange, Rounding};
use policy::RiskTerms;
use pricing::{LossTerms, Recourse};

use super::ageing::currencies;
use super::book::{Buckets, ClientBook};
use super::default_rates::{DefaultRates, debtor_default};
use super::provision::{loss_rates_from_history, provision_matrix};

/// A bucket of a provision matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionRow {
    /// The client; empty for all clients of a currency.
    pub client: String,
    /// Name of the bucket.
    pub bucket: String,
    /// Open balance in it.
    pub open: Money,
    /// The share of what reached the bucket that was never paid.
    pub loss_rate: Decimal,
    /// Balance x loss rate.
    pub provision: Money,
}

/// The expected loss of a client in two views.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientLoss {
    /// The client.
    pub client: String,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Open balance.
    pub gross: Money,
    /// The client's view, by its provision matrix; `None` without a history.
    pub by_matrix: Option<Money>,
    /// The client's view, by the collection curves: what is not collected by the day of recourse x
    /// the policy's share of credit loss.
    pub by_curves: Money,
    /// Disputed balance, not part of these.
    pub disputed: Money,
    /// Expected dilution of the open balance, not part of these.
    pub dilution: Money,
    /// The factor's view: funds in use.
    pub funds: Money,
    /// True if the funds are those of a facility, and not what could be advanced.
    pub is_drawn: bool,
    /// True if unpaid invoices go back to the client.
    pub recourse: bool,
    /// Yearly default rate of its debtors.
    pub default_rate: f64,
    /// The factor's expected loss of these funds.
    pub expected_loss: Money,
}

/// Expected loss and provisions.
#[derive(Debug, Clone, PartialEq)]
pub struct Provisions {
    /// Expected loss by client.
    pub clients: Vec<ClientLoss>,
    /// The matrix of each currency, then of each client with a history.
    pub matrix: Vec<ProvisionRow>,
    /// Default rates.
    pub rates: DefaultRates,
}

/// Returns the expected loss in the client's and in the factor's view.
///
/// # Errors
/// [`OutOfRange`] if an amount is too large.
pub fn provisions(
    books: &[ClientBook],
    buckets: &Buckets,
    terms: &RiskTerms,
    rates: DefaultRates,
) -> Result<Provisions, OutOfRange> {
    let mut clients = Vec::new();
    let mut all = Vec::new();
    for (book, &yearly) in books.iter().zip(&rates.by_book) {
        let rows = matrix(&book.client, &[book], buckets)?;
        clients.push(client(book, yearly, &rows, terms)?);
        all.extend(rows);
    }
    let mut together = Vec::new();
    for currency in currencies(books) {
        let own: Vec<&ClientBook> = books.iter().filter(|b| b.currency == currency).collect();
        together.extend(matrix("", &own, buckets)?);
    }
    // The currency's own matrix comes first in the report.
    together.extend(all);
    Ok(Provisions { clients, matrix: together, rates })
}

fn decimal(minor: i128) -> Result<Decimal, OutOfRange> {
    let beyond = || OutOfRange::new("balance", minor, "an amount within decimal arithmetic");
    Decimal::try_from_i128_with_scale(minor, 0).map_err(|_| beyond())
}

/// Returns the matrix of some books together; empty if nothing fell due long enough ago.
fn matrix(
    client: &str,
    books: &[&ClientBook],
    buckets: &Buckets,
) -> Result<Vec<ProvisionRow>, OutOfRange> {
    let sold: i128 = books.iter().map(|book| book.outcomes.sold).sum();
    let (Some(first), true) = (books.first(), sold > 0) else { return Ok(Vec::new()) };
    let currency = first.currency;
    let mut paid = vec![0; buckets.count()];
    let mut open = vec![0; buckets.count()];
    for book in books {
        paid.iter_mut().zip(&book.outcomes.paid).for_each(|(sum, more)| *sum += more);
        for invoice in &book.invoices {
            open[buckets.index(book.day() - invoice.due)] += i128::from(invoice.open);
        }
    }
    let paid: Vec<Decimal> = paid.into_iter().map(decimal).collect::<Result<_, _>>()?;
    let mut loss_rates = loss_rates_from_history(decimal(sold)?, &paid)?;
    // The last rate, for what is past all buckets, has no balance: nothing is past the open bucket.
    loss_rates.truncate(buckets.count());
    let minor: Vec<Decimal> = open.into_iter().map(decimal).collect::<Result<_, _>>()?;
    let provided = provision_matrix(&minor, &loss_rates, Decimal::ONE)?;
    let scale = Decimal::new(1, currency.digits());
    let money = |minor: Decimal| {
        let beyond = |_| OutOfRange::new("provision", minor, "an amount that fits");
        Money::round(minor * scale, currency, Rounding::HalfUp).map_err(beyond)
    };
    let rows =
        buckets.past_due_names().into_iter().zip(minor.iter().zip(loss_rates).zip(&provided));
    rows.map(|(bucket, ((&open, loss_rate), &provision))| {
        Ok(ProvisionRow {
            client: client.to_owned(),
            bucket,
            open: money(open)?,
            loss_rate,
            provision: money(provision)?,
        })
    })
    .collect()
}

fn client(
    book: &ClientBook,
    yearly: f64,
    matrix: &[ProvisionRow],
    terms: &RiskTerms,
) -> Result<ClientLoss, OutOfRange> {
    let currency = book.currency;
    let beyond = |_| OutOfRange::new("expected loss", book.client.as_str(), "an amount that fits");
    let expected = |minor: f64| Money::from_expectation(minor, currency).map_err(beyond);
    let uncollected =
        book.invoices.iter().map(|i| i.open as f64 * f64::from(1.0 - i.collected)).sum::<f64>();
    let disputed = book.invoices.iter().filter(|i| i.disputed).map(|i| i.open);
    let by_matrix = Money::sum_minor(matrix.iter().map(|row| row.provision.minor()), currency);
    let open = book.open() as f64;
    let loss = book_loss(book, yearly, terms);
    Ok(ClientLoss {
        client: book.client.clone(),
        currency,
        gross: Money::from_total(book.open(), currency).map_err(beyond)?,
        by_matrix: (!matrix.is_empty()).then_some(by_matrix.map_err(beyond)?),
        by_curves: expected(uncollected * book.exposure.credit_share)?,
        disputed: Money::sum_minor(disputed, currency).map_err(beyond)?,
        dilution: expected(open * book.dilution.to_f64())?,
        funds: Money::from_minor(book.exposure.funds, currency),
        is_drawn: book.exposure.is_drawn,
        recourse: book.exposure.recourse,
        default_rate: yearly,
        expected_loss: expected(loss)?,
    })
}

/// Returns the factor's expected loss on a book, in minor units: for each debtor funds in use x
/// P(default) x share lost, recourse to the client included.
pub fn book_loss(book: &ClientBook, yearly: f64, terms: &RiskTerms) -> f64 {
    let exposed = exposures(book);
    let debtors = book.debtors.iter().zip(exposed).filter(|(_, (funds, _))| *funds > 0.0);
    let lost = debtors.map(|(debtor, (funds, days))| {
        let pd = debtor_default(debtor, yearly, days);
        funds * pd * share_lost(book, pd, terms)
    });
    lost.sum::<f64>()
        + uncovered(book) * book.exposure.client_default * book.exposure.loss_given_default
}

/// Returns the funds in use of a client without open invoices: the client alone owes them.
pub fn uncovered(book: &ClientBook) -> f64 {
    if book.invoices.is_empty() { book.exposure.funds as f64 } else { 0.0 }
}

/// Returns the share of the funds on a debtor that is lost when it defaults, which has the
/// probability `pd`.
pub(super) fn share_lost(book: &ClientBook, pd: f64, terms: &RiskTerms) -> f64 {
    let loss = LossTerms {
        recourse: if book.exposure.recourse { Recourse::Full } else { Recourse::NonRecourse },
        loss_given_default: book.exposure.loss_given_default,
        // A default is all credit loss.
        credit_share: 1.0,
        client_default: book.exposure.client_default,
        client_correlation: terms.client_correlation_percent.to_f64(),
    };
    // The default of a debtor that is certain to default tells nothing of its client.
    loss.share_lost().of(pd.min(0.999))
}

/// Returns, for each debtor, the funds in use on its invoices in minor units, in proportion to what
/// is eligible or, if nothing is, to what is open; and the days until they are expected to be
/// collected.
pub fn exposures(book: &ClientBook) -> Vec<(f64, f64)> {
    let mut all = vec![(0.0, 0.0); book.debtors.len()];
    let mut eligible = 0.0;
    let some = book.invoices.iter().any(|invoice| invoice.eligible > 0);
    for invoice in &book.invoices {
        let own = (if some { invoice.eligible } else { invoice.open }) as f64;
        let (sum, days) = &mut all[invoice.debtor];
        *sum += own;
        *days += own * f64::from(invoice.expected_days);
        eligible += own;
    }
    let funds = book.exposure.funds as f64;
    for (sum, days) in &mut all {
        if *sum > 0.0 {
            *days /= *sum;
            *sum *= funds / eligible;
        }
    }
    all
}
