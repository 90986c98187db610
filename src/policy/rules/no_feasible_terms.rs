use words::Facts;

use super::clause::Clause;

/// No advance or price within the policy fits what is left. This is known only after the search for
/// terms, see [`decline`](crate::Eligibility::decline).
pub const CLAUSE: Clause = Clause::cut(|_, _| {})
    .terms(|criteria| Facts::new().with("lowest", criteria.lowest_advance))
    .reason(|grounds| Facts::new().with("reason", grounds.decline));
