use chrono::NaiveDate;

use basics::{Currency, Money, MoneyError};

use super::ageing::currencies;
use super::book::{ClientBook, Lateness, MonthEnd};
use super::turnover::{
    average_days_delinquent, best_possible_dso, collection_effectiveness, countback_dso, dso,
    receivables_turnover,
};

/// Turnover figures as of a day; `None` if a figure is not defined.
#[derive(Debug, Clone, PartialEq)]
pub struct Turnover {
    /// The client; empty for all clients of a currency.
    pub client: String,
    /// Currency of the amounts.
    pub currency: Currency,
    /// The day.
    pub date: NaiveDate,
    /// Open balance.
    pub open: Money,
    /// Amount invoiced in the 90 days up to it.
    pub sales_90: Money,
    /// Simple DSO: open / sales of 90 days x 90.
    pub dso: Option<f64>,
    /// DSO by counting back months.
    pub countback: Option<f64>,
    /// True DSO: sum of age x open / sales of the month of issue, invoice by invoice.
    pub true_dso: f64,
    /// Best possible DSO: that of what is not past due.
    pub best_possible: Option<f64>,
    /// Average days delinquent: `dso` less `best_possible`.
    pub delinquent: Option<f64>,
    /// The part of what could have been collected in the month that was.
    pub effectiveness: Option<f64>,
    /// Sales of 12 months / mean of opening and closing receivables.
    pub turnover: Option<f64>,
    /// Mean days late of what was paid in the month, weighted by amount.
    pub days_late: Option<f64>,
}

/// The turnover of a portfolio.
#[derive(Debug, Clone, PartialEq)]
pub struct TurnoverReport {
    /// One row for each client as of now, then one for each currency.
    pub now: Vec<Turnover>,
    /// Each currency at the last 13 month ends.
    pub trend: Vec<Turnover>,
}

/// Returns turnover by client and by currency, now and over the last 13 month ends.
///
/// # Errors
/// [`MoneyError::OutOfRange`] if a sum overflows.
pub fn turnover_report(books: &[ClientBook]) -> Result<TurnoverReport, MoneyError> {
    let mut now = Vec::new();
    let mut trend = Vec::new();
    for book in books {
        let last = book.months.len().saturating_sub(1);
        now.push(at(&book.months, last, book.client.clone(), book.currency)?);
    }
    for currency in currencies(books) {
        let own: Vec<&ClientBook> = books.iter().filter(|b| b.currency == currency).collect();
        let months = together(&own);
        for index in 1..months.len() {
            trend.push(at(&months, index, String::new(), currency)?);
        }
        // The last month end is the as-of date: the currency's row of today.
        now.extend(trend.last().cloned());
    }
    Ok(TurnoverReport { now, trend })
}

/// Adds up the months of several books.
pub fn together(books: &[&ClientBook]) -> Vec<MonthEnd> {
    let Some(first) = books.first() else { return Vec::new() };
    let mut months = first.months.clone();
    for book in &books[1..] {
        // All books of a report have the same month ends, so places agree.
        for (sum, month) in months.iter_mut().zip(&book.months) {
            sum.standing.merge(month.standing);
            sum.buckets.iter_mut().zip(&month.buckets).for_each(|(sum, more)| *sum += more);
            sum.current += month.current;
            sum.sales_90 += month.sales_90;
            sum.new_debtors += month.new_debtors;
            sum.paid.merge(month.paid);
            sum.weeks.iter_mut().zip(&month.weeks).for_each(|(sum, week)| sum.merge(*week));
            for (&vintage, standing) in &month.vintages {
                sum.vintages.entry(vintage).or_default().merge(*standing);
            }
            for (&vintage, aged) in &month.aged {
                *sum.aged.entry(vintage).or_default() += aged;
            }
        }
    }
    months
}

fn at(
    months: &[MonthEnd],
    index: usize,
    client: String,
    currency: Currency,
) -> Result<Turnover, MoneyError> {
    let end = &months[index];
    let major = |minor: i128| Ok::<f64, MoneyError>(Money::from_total(minor, currency)?.to_f64());
    let (open, current) = (major(end.standing.open)?, major(end.current)?);
    let sales_90 = major(end.sales_90)?;
    let before = index.checked_sub(1).map(|before| &months[before]);
    let sales = |from: &MonthEnd, to: &MonthEnd| major(to.standing.issued - from.standing.issued);
    let effectiveness = match before {
        Some(before) => {
            let opening = major(before.standing.open)?;
            collection_effectiveness(opening, sales(before, end)?, 1.0, open, current).ok()
        }
        None => None,
    };
    let mut counted = Vec::new();
    for pair in months[..=index].windows(2).rev() {
        let days = pair[1].date.signed_duration_since(pair[0].date).num_days();
        counted.push((sales(&pair[0], &pair[1])?, days as f64));
    }
    let year_ago = index.checked_sub(12).map(|year| &months[year]);
    let turnover = match year_ago.filter(|year_ago| year_ago.standing.issued > 0) {
        Some(year_ago) => {
            let opening = major(year_ago.standing.open)?;
            receivables_turnover(sales(year_ago, end)?, opening, open).ok()
        }
        None => None,
    };
    let paid: Lateness = end.paid;
    // Sales of 90 days are known only if the ledger reaches back that far.
    let reaches = months[index.saturating_sub(3)].standing.issued > 0;
    let known = |days: Option<f64>| days.filter(|_| reaches);
    Ok(Turnover {
        client,
        currency,
        date: end.date,
        open: Money::from_total(end.standing.open, currency)?,
        sales_90: Money::from_total(end.sales_90, currency)?,
        dso: known(dso(open, sales_90, 90.0).ok()),
        countback: countback_dso(open, &counted).ok(),
        true_dso: end.true_days(),
        best_possible: known(best_possible_dso(current, sales_90, 90.0).ok()),
        delinquent: known(average_days_delinquent(open, current, sales_90, 90.0).ok()),
        effectiveness,
        turnover,
        days_late: paid.mean(),
    })
}
