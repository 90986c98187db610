//! The reasons why no terms meet the policy.

use basics::Money;
use pricing::Infeasible;
use words::{Catalogue, Fact, Facts};

use super::part_terms::Decline;

/// A decline with its code and the sentence of the catalogue's message `decline`.
fn decline(code: &'static str, sentence: &str, facts: &Facts) -> Decline {
    let sentence = Catalogue::english().say(&format!("decline.{sentence}"), facts);
    Decline { code: code.into(), sentence }
}

/// The decline when no advance or price is within the bounds of the policy.
pub(super) fn infeasible(bound: Infeasible) -> Decline {
    match bound {
        Infeasible::Return { highest, found, hurdle } => {
            let facts = Facts::new()
                .with("highest", highest)
                .with("found", Fact::Bound(found))
                .with("hurdle", Fact::Bound(hurdle));
            decline("price", "price", &facts)
        }
        Infeasible::Reserve { lowest, bound } => {
            // The bound that is broken is told. Where both are, the probability: it is the one that
            // a policy always has.
            let (sentence, found, allowed) = match bound.shortfall {
                Some((found, most)) if bound.probability <= bound.tolerance => {
                    ("shortfall", found, most)
                }
                _ => ("reserve", bound.probability, bound.tolerance),
            };
            let facts = Facts::new()
                .with("lowest", lowest)
                .with("found", Fact::Bound(found))
                .with("allowed", Fact::Bound(allowed));
            decline("reserve", sentence, &facts)
        }
    }
}

/// The decline when the charges at the purchase leave nothing of the largest advance.
pub(super) fn charged_away(charges: Money, advance: Money) -> Decline {
    let facts = Facts::new().with("charges", charges).with("advance", advance);
    decline("charges", "charges", &facts.with("currency", advance.currency()))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{is_whole, percent, usd};
    use super::*;
    use pricing::ReserveBound;

    #[test]
    fn a_price_that_is_too_low_is_told_with_its_bounds() {
        let bound = Infeasible::Return { highest: percent("6"), found: 0.093_449, hurdle: 0.12 };
        let decline = infeasible(bound);
        assert_eq!(decline.code, "price");
        is_whole(&decline.sentence);
        for part in ["rate, 6 %, the", "is 9.34 % a year", "hurdle of 12 %"] {
            assert!(decline.sentence.contains(part), "{}", decline.sentence);
        }
    }

    /// The bound that is broken is the one that is told.
    #[test]
    fn a_reserve_that_is_too_small_is_told_by_the_bound_that_it_breaks() {
        let of = |probability, shortfall| {
            let bound = ReserveBound { probability, tolerance: 0.05, shortfall };
            infeasible(Infeasible::Reserve { lowest: percent("50"), bound })
        };
        let often = "with a probability of 7.5 %; the policy allows 5 %";
        let deep =
            "by 3.2 % of the amount bought on average in the worst cases; the policy allows 3 %";
        let both = Some((0.032, 0.03));
        for (bound, said) in
            [(of(0.075, None), often), (of(0.075, both), often), (of(0.05, both), deep)]
        {
            assert_eq!(bound.code, "reserve");
            is_whole(&bound.sentence);
            assert!(bound.sentence.contains(said), "{}", bound.sentence);
            assert!(bound.sentence.contains("lowest advance rate, 50 %,"), "{}", bound.sentence);
        }
    }

    #[test]
    fn charges_and_the_advance_that_they_take_are_told() {
        let decline = charged_away(usd(123_456_789), usd(100));
        assert_eq!(decline.code, "charges");
        is_whole(&decline.sentence);
        assert!(decline.sentence.contains("1,234,567.89 USD, use up"), "{}", decline.sentence);
        assert!(decline.sentence.ends_with("advance, 1.00 USD."), "{}", decline.sentence);
    }
}
