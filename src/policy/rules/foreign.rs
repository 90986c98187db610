use words::Facts;

use super::clause::{Clause, Verdict};

/// The debtor is outside the policy's home country.
pub const CLAUSE: Clause = Clause::debtor(|seen| {
    let country = seen.debtor.facts.country.as_deref();
    Verdict::known(country.map(|country| !seen.criteria.is_home(country)))
})
.terms(|criteria| Facts::new().with("home", criteria.home_country.as_deref().unwrap_or_default()))
.reason(|grounds| {
    let country = grounds.seen.debtor.facts.country.as_deref();
    Facts::new().with("country", country.unwrap_or_default())
});
