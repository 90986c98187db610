use chrono::NaiveDate;

use basics::Currency;
use ledger::ConversionRates;
use portfolio::{
    Ageing, BookRisk, CapitalReport, CashForecast, ClientBook, Collecting, DilutionReport,
    KeyFigures, Provisions, Shares, Signal, Stressed, SuggestedLimit, TurnoverReport,
};

/// A client's ledger that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The client, or the file where the portfolio names no client.
    pub client: String,
    /// The reason.
    pub reason: String,
}

/// The report on a portfolio.
#[derive(Debug)]
pub struct PortfolioReport {
    /// The as-of date: everything is judged at the end of this day.
    pub as_of: NaiveDate,
    /// Ledgers that could not be read.
    pub failures: Vec<Failure>,
    /// The rule by which debtors of several clients are one debtor.
    pub match_rule: &'static str,
    /// The rates for totals over several currencies.
    pub rates: Option<ConversionRates>,
    /// Warnings about the data.
    pub warnings: Vec<String>,
    /// The key figures of each currency.
    pub key_figures: Vec<KeyFigures>,
    /// The key figures of another day, for comparison.
    pub compared: Option<(NaiveDate, Vec<KeyFigures>)>,
    /// The clients' books.
    pub books: Vec<ClientBook>,
    /// Ageing.
    pub ageing: Ageing,
    /// Concentration and limits.
    pub concentration: Shares,
    /// Dilution.
    pub dilution: DilutionReport,
    /// Turnover.
    pub turnover: TurnoverReport,
    /// Roll rates, vintages and the worklist.
    pub collections: Collecting,
    /// Expected loss and provisions.
    pub provisions: Provisions,
    /// Reserves and regulatory capital.
    pub capital: CapitalReport,
    /// The loss distribution, in one currency or in each.
    pub risk: Vec<BookRisk>,
    /// The forecast of collections in the coming weeks, by currency.
    pub cash: Vec<CashForecast>,
    /// The stress scenarios, in one currency or in each.
    pub stressed: Vec<(Currency, Vec<Stressed>)>,
    /// Early-warning signals.
    pub early_warning: Vec<Signal>,
    /// Suggested credit limits.
    pub credit_limits: Vec<SuggestedLimit>,
}
