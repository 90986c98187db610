use chrono::NaiveDate;

use basics::{Currency, Money, MoneyError, Rate, day_number};

use super::book::{ClientBook, MonthEnd};

/// The dilution of a client.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientDilution {
    /// The client.
    pub client: String,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Amount invoiced in the last 12 months.
    pub sales: Money,
    /// Amount credited in the last 12 months.
    pub credits: Money,
    /// Credits over sales, rounded up to a basis point.
    pub rate: Rate,
    /// Credits on invoices, without those on disputed ones.
    pub on_invoices: Money,
    /// Credits on disputed invoices.
    pub on_disputes: Money,
    /// Credits that name no invoice.
    pub unapplied: Money,
    /// Write-offs: credit loss, not dilution.
    pub write_offs: Money,
    /// Mean days from issue to first credit, weighted by amount.
    pub lag_days: Option<f64>,
    /// Credits per day x lag, at most 90 days: the credits still to come.
    pub on_the_way: Option<Money>,
    /// Standard deviation of the monthly ratios.
    pub volatility: Option<f64>,
    /// Highest monthly ratio of 12.
    pub spike: Option<f64>,
    /// Mean of the last 3 monthly ratios, less the mean of the 9 before.
    pub trend: Option<f64>,
}

/// The dilution of a month.
#[derive(Debug, Clone, PartialEq)]
pub struct MonthDilution {
    /// End of the month.
    pub date: NaiveDate,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Amount credited in the month.
    pub credits: Money,
    /// Amount invoiced in the month before, to which most credits belong.
    pub sales_before: Money,
    /// Credits over those sales.
    pub ratio: Option<f64>,
}

/// The dilution of a debtor.
#[derive(Debug, Clone, PartialEq)]
pub struct DebtorDilutionRow {
    /// The client.
    pub client: String,
    /// The debtor's name.
    pub debtor: String,
    /// Amount invoiced in the last 12 months.
    pub sales: Money,
    /// Amount credited on those invoices.
    pub credits: Money,
    /// Credits over sales.
    pub rate: f64,
}

/// The dilution of a portfolio.
#[derive(Debug, Clone, PartialEq)]
pub struct DilutionReport {
    /// By client.
    pub clients: Vec<ClientDilution>,
    /// By month and currency.
    pub months: Vec<MonthDilution>,
    /// The debtors with the largest credits.
    pub debtors: Vec<DebtorDilutionRow>,
}

/// Returns dilution by client, month and debtor, listing the `most` debtors with the largest
/// credits. By the trade's definition, over all sales; an offer counts only what is closed or
/// bought, see [`offer::TrailingSales::dilution`].
///
/// # Errors
/// [`MoneyError::OutOfRange`] if a sum overflows.
pub fn dilution_report(books: &[ClientBook], most: usize) -> Result<DilutionReport, MoneyError> {
    let clients = books.iter().map(client).collect::<Result<_, _>>()?;
    let mut debtors: Vec<DebtorDilutionRow> = Vec::new();
    for book in books {
        for debtor in book.debtors.iter().filter(|debtor| debtor.credited > 0) {
            debtors.push(DebtorDilutionRow {
                client: book.client.clone(),
                debtor: debtor.name.clone(),
                sales: Money::from_minor(debtor.sales, book.currency),
                credits: Money::from_minor(debtor.credited, book.currency),
                // Credited on invoices of the same 12 months, so there are sales.
                rate: debtor.credited as f64 / debtor.sales as f64,
            });
        }
    }
    debtors.sort_by(|a, b| {
        let key = |row: &DebtorDilutionRow| std::cmp::Reverse(row.credits.minor());
        (key(a), &a.client, &a.debtor).cmp(&(key(b), &b.client, &b.debtor))
    });
    debtors.truncate(most);
    Ok(DilutionReport { clients, months: months(books)?, debtors })
}

/// Returns, for each of the last 12 months, the amount credited in it and the amount invoiced in
/// the month before, in minor units.
pub fn monthly_dilution(book: &ClientBook) -> Vec<(i128, i128)> {
    // Three ends make two flows: the sales of a month and the credits of the next.
    let ends = book.months.windows(3);
    ends.map(|ends| {
        let [before, last, this] = ends else { return (0, 0) };
        (credited(book, last, this), last.standing.issued - before.standing.issued)
    })
    .collect()
}

/// Returns the credits dated after one month end and by another, applied or not.
fn credited(book: &ClientBook, after: &MonthEnd, by: &MonthEnd) -> i128 {
    let (after, by) = (day_number(after.date), day_number(by.date));
    let own = book.credits.iter().filter(|(day, _)| *day > after && *day <= by);
    own.map(|&(_, amount)| i128::from(amount)).sum()
}

fn ratios(months: &[(i128, i128)]) -> Vec<f64> {
    let with_sales = months.iter().filter(|(_, sales)| *sales > 0);
    with_sales.map(|&(credits, sales)| credits as f64 / sales as f64).collect()
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn client(book: &ClientBook) -> Result<ClientDilution, MoneyError> {
    let money = |total| Money::from_total(total, book.currency);
    let months = monthly_dilution(book);
    let ratios = ratios(&months);
    let sales: i128 = book.debtors.iter().map(|debtor| i128::from(debtor.sales)).sum();
    let causes = &book.causes;
    let credits = causes.applied_credits + causes.unapplied_credits;
    let lag = (causes.lag_weight > 0).then(|| causes.lag_days as f64 / causes.lag_weight as f64);
    let on_the_way = lag.map(|lag| {
        let minor = credits as f64 / 365.0 * lag.min(90.0);
        Money::from_expectation(minor, book.currency)
    });
    let volatility = mean(&ratios).filter(|_| ratios.len() > 1).map(|mean| {
        let squares: f64 = ratios.iter().map(|ratio| (ratio - mean).powi(2)).sum();
        // Less one, because the mean is estimated from the same months.
        (squares / (ratios.len() - 1) as f64).sqrt()
    });
    let recent = ratios.len().saturating_sub(3);
    let trend = mean(&ratios[recent..]).zip(mean(&ratios[..recent]));
    Ok(ClientDilution {
        client: book.client.clone(),
        currency: book.currency,
        sales: money(sales)?,
        credits: money(credits)?,
        rate: book.dilution,
        on_invoices: money(causes.applied_credits - causes.disputed_credits)?,
        on_disputes: money(causes.disputed_credits)?,
        unapplied: money(causes.unapplied_credits)?,
        write_offs: money(causes.write_offs)?,
        lag_days: lag,
        on_the_way: on_the_way.transpose()?,
        volatility,
        spike: ratios.iter().copied().max_by(f64::total_cmp),
        trend: trend.map(|(recent, before)| recent - before),
    })
}

fn months(books: &[ClientBook]) -> Result<Vec<MonthDilution>, MoneyError> {
    let mut rows = Vec::new();
    for currency in super::ageing::currencies(books) {
        let own: Vec<&ClientBook> = books.iter().filter(|b| b.currency == currency).collect();
        let Some(first) = own.first() else { continue };
        let all: Vec<Vec<(i128, i128)>> = own.iter().map(|book| monthly_dilution(book)).collect();
        for (at, end) in first.months.iter().skip(2).enumerate() {
            let sum = |of: fn(&(i128, i128)) -> i128| -> i128 {
                all.iter().map(|months| of(&months[at])).sum()
            };
            let (credits, sales) = (sum(|month| month.0), sum(|month| month.1));
            rows.push(MonthDilution {
                date: end.date,
                currency,
                credits: Money::from_total(credits, currency)?,
                sales_before: Money::from_total(sales, currency)?,
                ratio: (sales > 0).then(|| credits as f64 / sales as f64),
            });
        }
    }
    Ok(rows)
}
