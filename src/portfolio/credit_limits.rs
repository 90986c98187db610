use basics::{Currency, Money, MoneyError};
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
/// times a factor: 1 if it pays within 5 days of the due date, 3/4 within 15, 1/2 within 30 and
/// 1/4 beyond, because one that pays late and in full is slow, not unsound; 1/2 if it has paid
/// nothing yet; and 0 in default or insolvent. The scale is our own.
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
                let of = (book.client.as_str(), book.currency);
                all.push(suggested(of, debtor, open, terms)?);
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
    (client, currency): (&str, Currency),
    debtor: &BookDebtor,
    open: i64,
    terms: f64,
) -> Result<SuggestedLimit, MoneyError> {
    let mut all = debtor.recent;
    all.merge(debtor.before);
    // The last quarter counts if it is worse: a limit should react to a debtor that slows down.
    // `f64::max` passes over NaN, which is left only where nothing was paid.
    let late = debtor.recent.mean().into_iter().chain(all.mean()).fold(f64::NAN, f64::max);
    let (factor, behaviour) = if debtor.insolvent {
        (0.0, "insolvent")
    } else if debtor.in_default {
        (0.0, "default")
    } else {
        scale(late)
    };
    // Who pays early, or has paid nothing yet, counts as paying on the due date.
    let days = terms.max(0.0) + late.max(0.0);
    let need = debtor.sales as f64 / 365.0 * days * MARGIN;
    let money = |minor: f64| Money::from_expectation(round_two(minor), currency);
    let exceeded = debtor.limit.is_some_and(|limit| open > limit.minor());
    let facts = Facts::new()
        .with("sales", Money::from_minor(debtor.sales, currency))
        .with("behaviour", Fact::Variant(behaviour))
        .with("late", Fact::Count(late.max(0.0).round() as i64))
        .with("limit", Fact::Variant(if exceeded { "exceeded" } else { "kept" }));
    Ok(SuggestedLimit {
        client: client.to_owned(),
        id: debtor.id.clone(),
        name: debtor.name.clone(),
        open: Money::from_minor(open, currency),
        sales: Money::from_minor(debtor.sales, currency),
        present: debtor.limit,
        suggested: money(need * factor)?,
        // Terms are at most a few months, so the number fits.
        terms: (if factor < 0.75 { terms.min(30.0) } else { terms }).round() as i32,
        reasons: say_with("portfolio_limit.reasons", &facts),
    })
}

/// Returns the factor and the behaviour of a debtor that pays so many days late; NaN if it has paid
/// nothing.
fn scale(late: f64) -> (f64, &'static str) {
    match late {
        late if late.is_nan() => (0.5, "unpaid"),
        late if late <= 5.0 => (1.0, pays(late)),
        late if late <= 15.0 => (0.75, pays(late)),
        late if late <= 30.0 => (0.5, pays(late)),
        late => (0.25, pays(late)),
    }
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
    use super::super::book::Lateness;
    use super::*;

    fn debtor() -> BookDebtor {
        let late = |days| {
            let mut late = Lateness::default();
            late.add(100_000, days);
            late
        };
        BookDebtor {
            id: "D1".to_owned(),
            name: "Acme".to_owned(),
            identity: "D1".to_owned(),
            group: None,
            limit: None,
            unapplied: 0,
            first_issue: 0,
            last_paid: None,
            sales: 3_650_000,
            credited: 0,
            written_off: 0,
            recent: late(10),
            before: late(10),
            years: 1.0,
            insolvent: false,
            has_defaulted: false,
            in_default: false,
            oldest_past_due: 0,
        }
    }

    /// Purchases of 36,500.00 a year are 100.00 a day; on terms of 30 days.
    fn limit(change: impl Fn(&mut BookDebtor)) -> (i64, i32, String) {
        let mut debtor = debtor();
        change(&mut debtor);
        let found = suggested(("acme", Currency::USD), &debtor, 0, 30.0).expect("a limit");
        (found.suggested.minor(), found.terms, found.reasons)
    }

    #[test]
    fn a_slow_and_sound_payer_has_a_limit_and_an_insolvent_one_none() {
        let paid = |days: i32| {
            let found = limit(|debtor| {
                for late in [&mut debtor.recent, &mut debtor.before] {
                    *late = Lateness::default();
                    late.add(100_000, days);
                }
            });
            found.0
        };
        // 100.00 a day for 30 days and those late, plus a quarter, times the factor; two digits.
        for (days, minor) in [
            (-3, 370_000), // 3,750.00
            (5, 430_000),  // 4,375.00
            (6, 330_000),  // 3/4 of 4,500.00
            (15, 420_000), // 3/4 of 5,625.00
            (16, 280_000), // 1/2 of 5,750.00
            (30, 370_000), // 1/2 of 7,500.00
            (31, 190_000), // 1/4 of 7,625.00
            (90, 370_000), // 1/4 of 15,000.00
        ] {
            assert_eq!(paid(days), minor, "{days} days late");
        }
        let (amount, _, why) = limit(|debtor| debtor.insolvent = true);
        assert_eq!(amount, 0);
        assert_eq!(why, "It buys 36,500.00 a year; it is insolvent.");
        let (amount, _, why) = limit(|debtor| debtor.in_default = true);
        assert_eq!((amount, why.as_str()), (0, "It buys 36,500.00 a year; it is in default."));
        let unpaid = |debtor: &mut BookDebtor| {
            (debtor.recent, debtor.before) = (Lateness::default(), Lateness::default());
        };
        // 1/2 of 3,750.00.
        assert_eq!(limit(unpaid).0, 180_000);
    }

    #[test]
    fn the_note_says_the_scale() {
        let note = say_with("portfolio_limits.note_scale", &Facts::new());
        for (late, factor, said) in [
            (6.0, 0.75, "more than 5 days late gets three quarters"),
            (16.0, 0.5, "more than 15 days half"),
            (31.0, 0.25, "more than 30 days a quarter"),
            (f64::NAN, 0.5, "has paid nothing yet gets half"),
        ] {
            assert!((scale(late).0 - factor).abs() < 1e-12, "{said}");
            assert!(note.contains(said), "{note}");
        }
        assert!(note.contains("insolvent or in default nothing"), "{note}");
    }

    #[test]
    fn limits_have_two_digits() {
        for (minor, rounded) in [(0.0, 0.0), (1_234_567.0, 1_200_000.0), (990.0, 990.0)] {
            assert!((round_two(minor) - rounded).abs() < 1e-6, "{minor}");
        }
    }
}
