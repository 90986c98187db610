use words::Facts;

use super::super::change::Change;
use super::super::hold::Finding;
use super::clause::{Clause, Lever};

/// It is bought once its debtor has confirmed it, and counts in no balance until then.
///
/// A cut, because what it takes is what the other rules would buy: see
/// [`assess`](super::super::assess).
pub const CLAUSE: Clause = Clause::cut(|cutting, left| {
    if !cutting.confirmed {
        let all = cutting.held.iter().zip(&mut left.bought);
        all.filter(|(held, _)| **held).for_each(|(_, bought)| *bought = 0);
    }
})
.reason(|grounds| {
    let unanswered = grounds.seen.receivable.unanswered(grounds.seen.pool.as_of);
    let findings = grounds.holds.iter().map(Finding::sentence);
    let why = findings.chain(unanswered).collect::<Vec<_>>().join(" ");
    grounds.of_part().with("why", why)
})
.terms(|_| Facts::new())
.lever(Lever::Invoice(Change::Confirmed, |pool, at, _| {
    pool.receivables[at].scrutiny.confirmed = true;
}));
