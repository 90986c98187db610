use basics::Currency;

use super::ageing::{Aged, currencies};
use super::book::ClientBook;
use super::cash_forecast::CashForecast;
use super::provisions::ClientLoss;
use super::turnover_report::Turnover;

/// The key figures of a book, in major units, days or shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeyFigures {
    /// The currency.
    pub currency: Currency,
    /// Number of clients with invoices in it.
    pub clients: usize,
    /// Number of open invoices.
    pub invoices: usize,
    /// Their open balance.
    pub open: f64,
    /// Share of it that is past due.
    pub past_due: f64,
    /// Days sales outstanding.
    pub dso: Option<f64>,
    /// Eligible receivables.
    pub eligible: f64,
    /// Funds in use.
    pub funds: f64,
    /// Amount that clients with a facility may still draw under their borrowing bases.
    pub may_be_drawn: f64,
    /// Expected loss of the funds in use.
    pub expected_loss: f64,
    /// Collections expected within 13 weeks.
    pub cash_13: f64,
}

/// Returns the key figures of each currency.
pub fn key_figures(
    books: &[ClientBook],
    ageing: &[Aged],
    turnover: &[Turnover],
    losses: &[ClientLoss],
    cash: &[CashForecast],
) -> Vec<KeyFigures> {
    let of = |currency: Currency| {
        let own: Vec<&ClientBook> = books.iter().filter(|b| b.currency == currency).collect();
        let total = ageing.iter().find(|row| row.client.is_empty() && row.currency == currency);
        let open = total.map_or(0.0, |row| row.open.to_f64());
        let current = total.map_or(0.0, |row| row.buckets[0].to_f64());
        let turned = turnover.iter().find(|row| row.client.is_empty() && row.currency == currency);
        let lost = losses.iter().filter(|row| row.currency == currency);
        let coming = cash.iter().find(|cash| cash.currency == currency);
        let base = |of: fn(&ClientBook) -> f64| own.iter().map(|book| of(book)).sum::<f64>();
        KeyFigures {
            currency,
            clients: own.len(),
            invoices: own.iter().map(|book| book.invoices.len()).sum(),
            open,
            past_due: if open > 0.0 { 1.0 - current / open } else { 0.0 },
            dso: turned.and_then(|row| row.dso),
            eligible: base(|book| book.certificate.base.eligible.to_f64()),
            funds: base(|book| book.exposure.funds as f64 / book.currency.minor_units()),
            may_be_drawn: base(ClientBook::may_be_drawn),
            expected_loss: lost.map(|row| row.expected_loss.to_f64()).sum(),
            cash_13: coming.map_or(0.0, |cash| cash.total.expected),
        }
    };
    currencies(books).into_iter().map(of).collect()
}
