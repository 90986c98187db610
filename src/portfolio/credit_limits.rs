use basics::{Money, MoneyError};
use words::{Fact, Facts, say_with};

use super::book::{BookDebtor, ClientBook};

/// Headroom above what a debtor's purchases need.
const MARGIN: f64 = 1.25;

/// A suggested credit limit.
#[derive(Debug, Clone, PartialEq)]
pub struct SuggestedLimit {
    /// The client.
    pub client: String,
    /// The debtor's id.
    pub id: String,
    /// The debtor's name.
    pub name: String,
    /// Open balance.
    pub open: Money,
    /// Sales of 12 months.
    pub sales: Money,
    /// The present limit, if there is one.
    pub present: Option<Money>,
    /// The suggested limit.
    pub suggested: Money,
    /// Suggested payment terms in days.
    pub terms: i32,
    /// The reasons, in a sentence.
    pub reasons: String,
}

/// Returns suggested limits and terms for every debtor that buys or owes.
///
/// A limit covers what the purchases of a year need at the debtor's days to pay, plus a quarter,
/// times a factor: 1 if it pays within 5 days of the due date, 3/4 within 15, 1/2 within 30, and 0
/// beyond or in default. The scale is our own.
///
/// # Errors
/// [`MoneyError::OutOfRange`] if an amount overflows.
pub fn credit_limits(books: &[ClientBook]) -> Result<Vec<SuggestedLimit>, MoneyError> {
    let mut all = Vec::new();
    for book in books {
        let mut open = vec![0_i64; book.debtors.len()];
        let mut days = vec![(0_i64, 0_i64); book.debtors.len()];
        for invoice in &book.invoices {
            open[invoice.debtor] = open[invoice.debtor].saturating_add(invoice.open);
            let (sum, count) = &mut days[invoice.debtor];
            *sum += i64::from(invoice.due - invoice.issue);
            *count += 1;
        }
        for ((debtor, open), (sum, count)) in book.debtors.iter().zip(open).zip(days) {
            if open > 0 || debtor.sales > 0 {
                let terms = if count > 0 { sum as f64 / count as f64 } else { 30.0 };
                all.push(suggested(book, debtor, open, terms)?);
            }
        }
    }
    all.sort_by(|a, b| {
        let key = |row: &SuggestedLimit| std::cmp::Reverse(row.open.minor());
        (key(a), &a.client, &a.id).cmp(&(key(b), &b.client, &b.id))
    });
    Ok(all)
}

fn suggested(
    book: &ClientBook,
    debtor: &BookDebtor,
    open: i64,
    terms: f64,
) -> Result<SuggestedLimit, MoneyError> {
    let mut all = debtor.recent;
    all.merge(debtor.before);
    // The last quarter counts if it is worse: a limit should react to a debtor that slows down.
    // `f64::max` passes over NaN, which is left only where nothing was paid.
    let late = debtor.recent.mean().into_iter().chain(all.mean()).fold(f64::NAN, f64::max);
    let (factor, behaviour) = match late {
        _ if debtor.in_default => (0.0, "default"),
        late if late.is_nan() => (0.5, "unpaid"),
        late if late <= 5.0 => (1.0, pays(late)),
        late if late <= 15.0 => (0.75, pays(late)),
        late if late <= 30.0 => (0.5, pays(late)),
        late => (0.0, pays(late)),
    };
    // Who pays early, or has paid nothing yet, counts as paying on the due date.
    let days = terms.max(0.0) + late.max(0.0);
    let need = debtor.sales as f64 / 365.0 * days * MARGIN;
    let money = |minor: f64| Money::from_expectation(round_two(minor), book.currency);
    let exceeded = debtor.limit.is_some_and(|limit| open > limit.minor());
    let facts = Facts::new()
        .with("sales", Money::from_minor(debtor.sales, book.currency))
        .with("behaviour", Fact::Variant(behaviour))
        .with("late", Fact::Count(late.max(0.0).round() as i64))
        .with("limit", Fact::Variant(if exceeded { "exceeded" } else { "kept" }));
    Ok(SuggestedLimit {
        client: book.client.clone(),
        id: debtor.id.clone(),
        name: debtor.name.clone(),
        open: Money::from_minor(open, book.currency),
        sales: Money::from_minor(debtor.sales, book.currency),
        present: debtor.limit,
        suggested: money(need * factor)?,
        // Terms are at most a few months, so the number fits.
        terms: (if factor < 0.75 { terms.min(30.0) } else { terms }).round() as i32,
        reasons: say_with("portfolio_limit.reasons", &facts),
    })
}

fn pays(late: f64) -> &'static str {
    if late.round() <= 0.0 { "prompt" } else { "late" }
}

/// Rounds down to two significant digits.
fn round_two(minor: f64) -> f64 {
    if minor < 1.0 {
        return 0.0;
    }
    let power = 10_f64.powf(minor.log10().floor() - 1.0);
    // A quotient that is whole but for its last bit must not lose a digit.
    (minor / power + 1e-9).floor() * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_have_two_digits() {
        for (minor, rounded) in [(0.0, 0.0), (1_234_567.0, 1_200_000.0), (990.0, 990.0)] {
            assert!((round_two(minor) - rounded).abs() < 1e-6, "{minor}");
        }
    }
}
