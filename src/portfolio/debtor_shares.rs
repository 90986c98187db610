use std::collections::{BTreeMap, BTreeSet};

use basics::{Currency, Money, MoneyError};

use super::ageing::currencies;
use super::book::ClientBook;
use super::concentration::concentrated;

/// A debtor, or a group of debtors, across clients.
#[derive(Debug, Clone, PartialEq)]
pub struct DebtorShareAcross {
    /// Identity across clients, or the group.
    pub identity: String,
    /// Name in the ledger of the first client.
    pub name: String,
    /// Number of clients that it owes.
    pub clients: usize,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Number of its open invoices.
    pub invoices: usize,
    /// Their open balance.
    pub open: Money,
    /// Share of everything open in the currency, 0 to 1.
    pub share: f64,
    /// Eligible open balance.
    pub eligible: Money,
}

/// The concentration of the open balance in one currency.
#[derive(Debug, Clone, PartialEq)]
pub struct ConcentrationOf {
    /// The client; empty for all clients of a currency.
    pub client: String,
    /// The currency.
    pub currency: Currency,
    /// The unit counted: `debtor` or `group`.
    pub by: &'static str,
    /// Number of debtors or groups.
    pub number: usize,
    /// Their open balance.
    pub open: Money,
    /// Share of the ten largest.
    pub top_10: f64,
    /// Herfindahl-Hirschman index.
    pub hhi: f64,
    /// Effective number, 1 / HHI.
    pub effective_number: f64,
}

/// The use of a debtor's limit with a client.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitUse {
    /// The client.
    pub client: String,
    /// The debtor's id.
    pub debtor: String,
    /// The debtor's name.
    pub name: String,
    /// The limit.
    pub limit: Money,
    /// Open balance.
    pub open: Money,
    /// Open balance / limit.
    pub used: f64,
    /// Open balance above the limit.
    pub excess: Money,
}

/// The debtors of a portfolio and their shares.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    /// By debtor and by group for each currency, then by debtor for each client.
    pub summary: Vec<ConcentrationOf>,
    /// The largest debtors of each currency, largest first.
    pub debtors: Vec<DebtorShareAcross>,
    /// The largest named groups, of one debtor or several.
    pub groups: Vec<DebtorShareAcross>,
    /// Limits and their use, most used first.
    pub limits: Vec<LimitUse>,
}

/// Returns the concentration of the open balance by debtor and by group across clients, listing the
/// `most` largest.
///
/// # Errors
/// [`MoneyError::OutOfRange`] if a sum overflows.
pub fn shares(books: &[ClientBook], most: usize) -> Result<Shares, MoneyError> {
    let mut all = Shares {
        summary: Vec::new(),
        debtors: Vec::new(),
        groups: Vec::new(),
        limits: limits(books)?,
    };
    for currency in currencies(books) {
        let debtors = by(books, currency, |debtor| debtor.identity.clone())?;
        let groups = by(books, currency, |debtor| {
            // A debtor without a group is a group of its own, so that both views cover everything
            // open.
            debtor.group.clone().unwrap_or_else(|| debtor.identity.clone())
        })?;
        for (name, rows) in [("debtor", &debtors), ("group", &groups)] {
            all.summary.extend(summary("", currency, name, rows)?);
        }
        all.debtors.extend(debtors.into_iter().take(most));
        let own = books.iter().filter(|book| book.currency == currency);
        let debtors = own.flat_map(|book| &book.debtors);
        let named: BTreeSet<&str> = debtors.filter_map(|debtor| debtor.group.as_deref()).collect();
        let groups = groups.into_iter().filter(|row| named.contains(row.identity.as_str()));
        all.groups.extend(groups.take(most));
    }
    for book in books {
        let debtors = by(std::slice::from_ref(book), book.currency, |d| d.identity.clone())?;
        all.summary.extend(summary(&book.client, book.currency, "debtor", &debtors)?);
    }
    Ok(all)
}

struct Sum {
    name: String,
    clients: Vec<String>,
    invoices: usize,
    open: i128,
    eligible: i128,
}

/// Returns everyone that owes something, largest first; ties by identity.
fn by(
    books: &[ClientBook],
    currency: Currency,
    key: fn(&super::book::BookDebtor) -> String,
) -> Result<Vec<DebtorShareAcross>, MoneyError> {
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for book in books.iter().filter(|book| book.currency == currency) {
        for invoice in &book.invoices {
            let debtor = &book.debtors[invoice.debtor];
            let sum = sums.entry(key(debtor)).or_insert_with(|| Sum {
                name: debtor.name.clone(),
                clients: Vec::new(),
                invoices: 0,
                open: 0,
                eligible: 0,
            });
            // Books come client by client, so a look at the last one is enough to count each once.
            if sum.clients.last() != Some(&book.client) {
                sum.clients.push(book.client.clone());
            }
            sum.invoices += 1;
            sum.open += i128::from(invoice.open);
            sum.eligible += i128::from(invoice.eligible);
        }
    }
    let total: i128 = sums.values().map(|sum| sum.open).sum();
    let row = |(identity, sum): (String, Sum)| {
        Ok(DebtorShareAcross {
            identity,
            name: sum.name,
            clients: sum.clients.len(),
            currency,
            invoices: sum.invoices,
            open: Money::from_total(sum.open, currency)?,
            share: sum.open as f64 / total as f64,
            eligible: Money::from_total(sum.eligible, currency)?,
        })
    };
    let mut rows: Vec<DebtorShareAcross> = sums.into_iter().map(row).collect::<Result<_, _>>()?;
    // Stable: ties keep the order of the map, which is that of identities.
    rows.sort_by_key(|row| std::cmp::Reverse(row.open.minor()));
    Ok(rows)
}

fn summary(
    client: &str,
    currency: Currency,
    by: &'static str,
    rows: &[DebtorShareAcross],
) -> Result<Option<ConcentrationOf>, MoneyError> {
    let balances: Vec<f64> = rows.iter().map(|row| row.open.minor() as f64).collect();
    // Shares need a balance above 0; without one there is no row.
    let Ok(concentrated) = concentrated(&balances) else { return Ok(None) };
    let total = rows.iter().map(|row| i128::from(row.open.minor())).sum();
    let top: i128 = rows.iter().take(10).map(|row| i128::from(row.open.minor())).sum();
    Ok(Some(ConcentrationOf {
        client: client.to_owned(),
        currency,
        by,
        number: rows.len(),
        open: Money::from_total(total, currency)?,
        top_10: top as f64 / total as f64,
        hhi: concentrated.hhi,
        effective_number: concentrated.effective_number,
    }))
}

fn limits(books: &[ClientBook]) -> Result<Vec<LimitUse>, MoneyError> {
    let mut all = Vec::new();
    for book in books {
        let mut open = vec![0_i128; book.debtors.len()];
        for invoice in &book.invoices {
            open[invoice.debtor] += i128::from(invoice.open);
        }
        for (debtor, open) in book.debtors.iter().zip(open) {
            let Some(limit) = debtor.limit else { continue };
            let money = |total| Money::from_total(total, book.currency);
            all.push(LimitUse {
                client: book.client.clone(),
                debtor: debtor.id.clone(),
                name: debtor.name.clone(),
                limit,
                open: money(open)?,
                used: if limit.minor() > 0 { open as f64 / limit.minor() as f64 } else { 0.0 },
                excess: money((open - i128::from(limit.minor())).max(0))?,
            });
        }
    }
    // A limit of 0 has no share that is used, and comes last.
    all.sort_by(|a, b| b.used.total_cmp(&a.used).then_with(|| a.client.cmp(&b.client)));
    Ok(all)
}
