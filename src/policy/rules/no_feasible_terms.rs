use words::Facts;

use super::clause::Clause;

/// No advance or price within the policy fits what is left: known only once terms were looked for,
/// see [`decline`](crate::Eligibility::decline).
pub const CLAUSE: Clause = Clause::cut("No terms within the policy", |_, _| {})
    .terms(|criteria| Facts::new().with("lowest", criteria.lowest_advance))
    .reason(|grounds| Facts::new().with("reason", grounds.decline));
