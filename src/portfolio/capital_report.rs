use basics::{Currency, Money};
use policy::RiskTerms;

use super::book::ClientBook;
use super::capital::{IrbCapital, IrbInput, irb_capital};
use super::default_rates::DefaultRates;
use super::dilution_report::monthly_dilution;
use super::dynamic_reserve::{DynamicReserve, DynamicReserveInput, dynamic_reserve};
use super::turnover::dso;
use super::turnover_report::together;

/// Months from sale to default: terms of about one month, and 90 days.
const LOSS_HORIZON: usize = 4;

/// PD floor of the Basel formula: CRE32.
const PD_FLOOR: f64 = 0.0005;

/// The dynamic reserve of one client, or of all clients in a currency, with every ratio.
#[derive(Debug, Clone, PartialEq)]
pub struct ReserveOf {
    /// The client; empty for all clients of a currency.
    pub client: String,
    /// The currency.
    pub currency: Currency,
    /// Eligible receivables, the net pool balance.
    pub pool: Money,
    /// The ratios; `None` if the ledger does not reach back far enough.
    pub ratios: Option<(DynamicReserveInput, DynamicReserve)>,
}

/// Regulatory capital of a client's purchased receivables.
#[derive(Debug, Clone, PartialEq)]
pub struct CapitalOf {
    /// The client.
    pub client: String,
    /// The currency.
    pub currency: Currency,
    /// Funds in use.
    pub funds: Money,
    /// Capital for default risk.
    pub default: IrbCapital,
    /// K x funds in use.
    pub default_capital: f64,
    /// Capital for dilution risk; `None` without dilution.
    pub dilution: Option<IrbCapital>,
    /// K x eligible receivables.
    pub dilution_capital: f64,
}

/// Reserves and capital.
#[derive(Debug, Clone, PartialEq)]
pub struct CapitalReport {
    /// Dynamic reserves.
    pub reserves: Vec<ReserveOf>,
    /// Regulatory capital.
    pub capital: Vec<CapitalOf>,
}

/// Returns the dynamic reserves by client and currency, and the capital of purchased receivables.
pub fn capital_report(
    books: &[ClientBook],
    rates: &DefaultRates,
    terms: &RiskTerms,
) -> CapitalReport {
    let mut reserves = Vec::new();
    for book in books {
        reserves.push(reserve(book.client.clone(), &[book], terms));
    }
    for currency in super::ageing::currencies(books) {
        let own: Vec<&ClientBook> = books.iter().filter(|b| b.currency == currency).collect();
        reserves.push(reserve(String::new(), &own, terms));
    }
    let capital = books.iter().zip(&rates.by_book);
    let capital = capital.filter_map(|(book, &yearly)| capital_of(book, yearly));
    CapitalReport { reserves, capital: capital.collect() }
}

fn reserve(client: String, books: &[&ClientBook], terms: &RiskTerms) -> ReserveOf {
    // Never empty: a currency is reported because some book is in it.
    let currency = books[0].currency;
    let pool: i128 = books.iter().map(|b| i128::from(b.certificate.base.eligible.minor())).sum();
    // The parts each fit; should their sum not, the largest amount is shown.
    let money = Money::from_minor(i64::try_from(pool).unwrap_or(i64::MAX), currency);
    let input = ratios(books, pool, terms);
    let ratios = input.and_then(|input| Some((input, dynamic_reserve(&input).ok()?)));
    ReserveOf { client, currency, pool: money, ratios }
}

fn ratios(books: &[&ClientBook], pool: i128, terms: &RiskTerms) -> Option<DynamicReserveInput> {
    let months = together(books);
    // The oldest month end is 13 flows ago: the ledger has to reach back that far.
    let reaches = months.first().is_some_and(|first| first.standing.issued > 0);
    if pool <= 0 || !reaches {
        return None;
    }
    let sales: Vec<i128> =
        months.windows(2).map(|m| m[1].standing.issued - m[0].standing.issued).collect();
    let mut diluted: Vec<(i128, i128)> = Vec::new();
    for book in books {
        for (at, (credits, before)) in monthly_dilution(book).into_iter().enumerate() {
            if diluted.len() <= at {
                diluted.push((0, 0));
            }
            diluted[at].0 += credits;
            diluted[at].1 += before;
        }
    }
    let share = |(part, of): &(i128, i128)| *part as f64 / *of as f64;
    let dilution: Vec<f64> = diluted.iter().filter(|(_, of)| *of > 0).map(share).collect();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let expected = if dilution.is_empty() { 0.0 } else { mean(&dilution).min(1.0) };
    // From the mean up: rounding may leave a highest ratio below it, which `dynamic_reserve`
    // refuses.
    let spike = dilution.iter().copied().fold(expected, f64::max).min(1.0);
    let defaults = |month: usize| -> i128 {
        books.iter().map(|book| book.defaults.get(month).copied().unwrap_or(0)).sum()
    };
    // For each month: defaults in it over the sales LOSS_HORIZON months earlier, from which they
    // come.
    let ratio = |month: usize| {
        let of = sales[month - LOSS_HORIZON];
        if of > 0 { defaults(month) as f64 / of as f64 } else { 0.0 }
    };
    let all: Vec<f64> = (LOSS_HORIZON..sales.len()).map(ratio).collect();
    let highest = all.windows(3).map(mean).fold(0.0, f64::max).min(1.0);
    let last = months.last()?;
    let recent = |count: usize| -> f64 {
        sales[sales.len() - count..].iter().sum::<i128>() as f64 / pool as f64
    };
    Some(DynamicReserveInput {
        stress_factor: terms.stress_factor_percent.to_f64(),
        expected_dilution: expected,
        dilution_spike: spike,
        dilution_horizon_ratio: recent(1),
        default_ratio: highest,
        loss_horizon_ratio: recent(LOSS_HORIZON),
        base_rate: terms.base_rate_percent.to_f64(),
        servicing_rate: terms.servicing_percent.to_f64(),
        dso: dso(last.standing.open as f64, last.sales_90 as f64, 90.0).unwrap_or(0.0),
        carrying_factor: 1.5,
        year_days: 360.0,
        concentration_floor: terms.concentration_floor_percent.to_f64(),
    })
}

fn capital_of(book: &ClientBook, yearly: f64) -> Option<CapitalOf> {
    let irb = |pd: f64, lgd: f64| {
        // The shortest maturity of the formula: trade receivables are collected within the year.
        irb_capital(&IrbInput { pd, pd_floor: PD_FLOOR, lgd, maturity: 1.0 }).ok()
    };
    let funds = Money::from_minor(book.exposure.funds, book.currency);
    let default = irb(yearly, book.exposure.loss_given_default)?;
    let dilution = book.dilution.to_f64();
    let dilution = if dilution > 0.0 { irb(dilution, 1.0) } else { None };
    let eligible = book.certificate.base.eligible.to_f64();
    Some(CapitalOf {
        client: book.client.clone(),
        currency: book.currency,
        default_capital: default.capital * funds.to_f64(),
        dilution_capital: dilution.map_or(0.0, |dilution| dilution.capital * eligible),
        funds,
        default,
        dilution,
    })
}
