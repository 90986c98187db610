use chrono::NaiveDate;

use basics::{Currency, Money, MoneyError};

use super::book::{Buckets, ClientBook};

/// The ageing of one client, or of all clients in a currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aged {
    /// The client; empty for all clients of a currency.
    pub client: String,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Open balance by bucket.
    pub buckets: Vec<Money>,
    /// Open balance of all invoices: the sum of the buckets.
    pub open: Money,
    /// Unapplied credits and cash.
    pub unapplied: Money,
    /// Open balance less unapplied credits and cash.
    pub net: Money,
}

/// The ageing of a currency at an earlier end of month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgedThen {
    /// The day.
    pub date: NaiveDate,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Open balance by bucket of days past due.
    pub buckets: Vec<Money>,
    /// The sum of the buckets.
    pub open: Money,
}

/// The ageing of a portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ageing {
    /// Names of the buckets by due date.
    pub past_due: Vec<String>,
    /// Names of the buckets by invoice date.
    pub ages: Vec<String>,
    /// By days past due: one row for each client, then one for each currency.
    pub by_due_date: Vec<Aged>,
    /// By days since issue, in the same order.
    pub by_invoice_date: Vec<Aged>,
    /// By days past due at the last 13 month ends, rebuilt from the settlements.
    pub trend: Vec<AgedThen>,
}

/// Returns the ageing by due date and by invoice date, with its trend.
///
/// # Errors
/// [`MoneyError::OutOfRange`] if a sum overflows.
pub fn ageing(books: &[ClientBook], buckets: &Buckets) -> Result<Ageing, MoneyError> {
    let by = |of: fn(&ClientBook, &Buckets) -> Vec<i128>| {
        let mut rows = Vec::new();
        for book in books {
            let unapplied = book.unapplied();
            rows.push(aged(book.client.clone(), book.currency, &of(book, buckets), unapplied)?);
        }
        for currency in currencies(books) {
            let own = || books.iter().filter(|book| book.currency == currency);
            let mut sums = vec![0; buckets.count()];
            for book in own() {
                add(&mut sums, &of(book, buckets));
            }
            let unapplied = own().map(ClientBook::unapplied).sum();
            rows.push(aged(String::new(), currency, &sums, unapplied)?);
        }
        Ok(rows)
    };
    Ok(Ageing {
        past_due: buckets.past_due_names(),
        ages: buckets.age_names(),
        by_due_date: by(|book, buckets| sums(book, buckets, |day, i| day - i.due))?,
        by_invoice_date: by(|book, buckets| sums(book, buckets, |day, i| day - i.issue))?,
        trend: trend(books, buckets)?,
    })
}

/// Returns the currencies of the books, ordered by code.
pub fn currencies(books: &[ClientBook]) -> Vec<Currency> {
    let mut all: Vec<Currency> = books.iter().map(|book| book.currency).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn sums(
    book: &ClientBook,
    buckets: &Buckets,
    days: fn(i32, &super::book::BookInvoice) -> i32,
) -> Vec<i128> {
    let mut sums = vec![0; buckets.count()];
    for invoice in &book.invoices {
        sums[buckets.index(days(book.day(), invoice))] += i128::from(invoice.open);
    }
    sums
}

fn aged(
    client: String,
    currency: Currency,
    sums: &[i128],
    unapplied: i128,
) -> Result<Aged, MoneyError> {
    let open = sums.iter().sum::<i128>();
    let money = |total| Money::from_total(total, currency);
    Ok(Aged {
        client,
        currency,
        buckets: sums.iter().map(|&sum| money(sum)).collect::<Result<_, _>>()?,
        open: money(open)?,
        unapplied: money(unapplied)?,
        net: money(open - unapplied)?,
    })
}

fn add(sums: &mut [i128], more: &[i128]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

fn trend(books: &[ClientBook], buckets: &Buckets) -> Result<Vec<AgedThen>, MoneyError> {
    let mut rows = Vec::new();
    for currency in currencies(books) {
        let own: Vec<&ClientBook> = books.iter().filter(|b| b.currency == currency).collect();
        let Some(first) = own.first() else { continue };
        // The first month end only starts the flows of the second.
        for (at, end) in first.months.iter().enumerate().skip(1) {
            let mut sums = vec![0; buckets.count()];
            own.iter().for_each(|book| add(&mut sums, &book.months[at].buckets));
            let money = |total| Money::from_total(total, currency);
            rows.push(AgedThen {
                date: end.date,
                currency,
                buckets: sums.iter().map(|&sum| money(sum)).collect::<Result<_, _>>()?,
                open: money(sums.iter().sum())?,
            });
        }
    }
    Ok(rows)
}
