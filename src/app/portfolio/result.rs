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
    /// Why.
    pub reason: String,
}

/// What was found out about a portfolio.
#[derive(Debug)]
pub struct PortfolioReport {
    /// The end of this day is when everything was judged.
    pub as_of: NaiveDate,
    /// Ledgers that could not be read.
    pub failures: Vec<Failure>,
    /// Who is one debtor across clients.
    pub match_rule: &'static str,
    /// Rates for totals over currencies.
    pub rates: Option<ConversionRates>,
    /// What a reader has to know of the data.
    pub warnings: Vec<String>,
    /// Key figures of each currency.
    pub key_figures: Vec<KeyFigures>,
    /// The same of another day.
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
    /// Roll rates, vintages, the worklist.
    pub collections: Collecting,
    /// Expected loss and provisions.
    pub provisions: Provisions,
    /// Reserves and regulatory capital.
    pub capital: CapitalReport,
    /// The loss distribution, in one currency or in each.
    pub risk: Vec<BookRisk>,
    /// Collections of the coming weeks, by currency.
    pub cash: Vec<CashForecast>,
    /// Scenarios, in one currency or in each.
    pub stressed: Vec<(Currency, Vec<Stressed>)>,
    /// Signs of trouble.
    pub early_warning: Vec<Signal>,
    /// Suggested limits.
    pub credit_limits: Vec<SuggestedLimit>,
}
