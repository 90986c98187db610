//! Why no terms meet the policy, in words.

use basics::Money;
use pricing::Infeasible;

use super::part_terms::Decline;

/// No advance or price within the bounds of the policy.
pub(super) fn infeasible(bound: Infeasible) -> Decline {
    let percent = |fraction: f64| (1e4 * fraction).round() / 100.0;
    match bound {
        Infeasible::Return { highest, found, hurdle } => Decline {
            code: "price".into(),
            sentence: format!(
                "No price within the policy: at the highest discount rate of {highest} the return on \
                 funds is {} % a year, below the hurdle of {} %.",
                percent(found),
                percent(hurdle)
            ),
        },
        Infeasible::Reserve { lowest, bound } => Decline {
            code: "reserve".into(),
            sentence: match bound.shortfall {
                Some((found, most)) if bound.probability <= bound.tolerance => format!(
                    "No advance within the policy: at the lowest advance rate of {lowest} dilution, \
                     fee and loss exceed the reserve by {} % of the amount bought in the worst cases \
                     on average; the policy tolerates {} %.",
                    percent(found),
                    percent(most)
                ),
                _ => format!(
                    "No advance within the policy: at the lowest advance rate of {lowest} dilution and \
                     fee exceed the reserve with a probability of {} %; the policy tolerates {} %.",
                    percent(bound.probability),
                    percent(bound.tolerance)
                ),
            },
        },
    }
}

/// The charges at the purchase leave nothing of the largest advance.
pub(super) fn charged_away(charges: Money, advance: Money) -> Decline {
    Decline {
        code: "charges".into(),
        sentence: format!(
            "The charges at the purchase, {}, leave nothing of the largest advance, {}.",
            charges.grouped(),
            advance.grouped()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{percent, usd};
    use super::*;
    use pricing::ReserveBound;

    #[test]
    fn a_price_that_is_too_low_is_told_with_its_bounds() {
        let bound = Infeasible::Return { highest: percent("6"), found: 0.093_449, hurdle: 0.12 };
        let decline = infeasible(bound);
        assert_eq!(decline.code, "price");
        for part in ["of 6 % the", "is 9.34 % a year", "hurdle of 12 %"] {
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
        let often = "with a probability of 7.5 %; the policy tolerates 5 %";
        let deep =
            "by 3.2 % of the amount bought in the worst cases on average; the policy tolerates 3 %";
        let both = Some((0.032, 0.03));
        for (bound, said) in
            [(of(0.075, None), often), (of(0.075, both), often), (of(0.05, both), deep)]
        {
            assert_eq!(bound.code, "reserve");
            assert!(bound.sentence.contains(said), "{}", bound.sentence);
            assert!(bound.sentence.contains("lowest advance rate of 50 %"), "{}", bound.sentence);
        }
    }

    #[test]
    fn charges_and_the_advance_that_they_take_are_told() {
        let decline = charged_away(usd(123_456_789), usd(100));
        assert_eq!(decline.code, "charges");
        assert!(decline.sentence.contains("1,234,567.89, leave nothing"), "{}", decline.sentence);
        assert!(decline.sentence.ends_with("advance, 1.00."), "{}", decline.sentence);
    }
}
