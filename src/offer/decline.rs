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
