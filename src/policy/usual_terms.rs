use words::Fact;

/// The fewest paid invoices whose terms are taken to be the usual ones. Our own.
const FEWEST: usize = 3;

/// The payment terms that a debtor usually has, by which the age of its invoices is judged: those
/// of an invoice itself prove nothing, because the client writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsualTerms {
    /// Days from invoice date to due date.
    pub days: i32,
    /// The evidence for them.
    pub source: TermsSource,
}

/// The evidence for usual terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermsSource {
    /// The invoices that the debtor has paid.
    Debtor,
    /// All invoices of the client that any debtor has paid.
    Client,
    /// The policy's assumption for invoices that lack one of their dates.
    Policy,
}

impl UsualTerms {
    /// The terms that the policy assumes.
    pub fn assumed(days: u16) -> Self {
        Self { days: days.into(), source: TermsSource::Policy }
    }

    /// Returns the median of the terms of paid invoices, in days from invoice date to due date;
    /// `None` if there are fewer than three. Of an even number it is the mean of the two in the
    /// middle, rounded down. The order of `paid` is lost.
    pub fn shown(source: TermsSource, paid: &mut [i32]) -> Option<Self> {
        if paid.len() < FEWEST {
            return None;
        }
        let middle = paid.len() / 2;
        let (below, &mut upper, _) = paid.select_nth_unstable(middle);
        let lower = below.iter().copied().max().filter(|_| paid.len().is_multiple_of(2));
        let sum = i64::from(lower.unwrap_or(upper)) + i64::from(upper);
        let days = i32::try_from(sum.div_euclid(2)).unwrap_or(upper);
        Some(Self { days, source })
    }
}

impl TermsSource {
    /// Returns the variant that a sentence takes for it.
    pub(super) fn variant(self) -> Fact {
        Fact::Variant(match self {
            Self::Debtor => "debtor",
            Self::Client => "client",
            Self::Policy => "policy",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_terms_are_the_median_of_three_paid_invoices_or_more() {
        for (paid, days) in [
            (vec![], None),
            (vec![30, 30], None),
            (vec![60, 30, 45], Some(45)),
            // One invoice that a seller writes at will moves nothing.
            (vec![30, 30, 365], Some(30)),
            (vec![60, 30, 31, 30], Some(30)),
            (vec![60, 60, 30, 30], Some(45)),
            (vec![0, -3, 0, -1], Some(-1)),
            (vec![i32::MAX, i32::MAX, i32::MIN], Some(i32::MAX)),
        ] {
            for source in [TermsSource::Debtor, TermsSource::Client, TermsSource::Policy] {
                let found = UsualTerms::shown(source, &mut paid.clone());
                assert_eq!(found, days.map(|days| UsualTerms { days, source }), "{paid:?}");
            }
        }
    }
}
