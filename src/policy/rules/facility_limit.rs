use basics::Money;

use super::super::change::Change;
use super::clause::{Clause, Lever, Party, SharedLimit};

/// This part is above the facility's availability at the policy's largest advance rate.
pub const CLAUSE: Clause = Clause::cut(|cutting, left| {
    if let Some(room) = cutting.pool.room {
        left.hold(&cutting.all(), cutting.criteria.at_largest_advance(room));
    }
})
.reason(|grounds| {
    let pool = grounds.seen.pool;
    grounds.of_part().with("room", pool.room.unwrap_or_else(|| Money::zero(pool.currency)))
})
.lever(Lever::Shared(SharedLimit {
    change: Change::FundsRepaid,
    party: |_, _, _| Some(Party::Pool),
    cap: |_, _, _| None,
    raise: |criteria, excess, currency| criteria.advance_on(excess, currency),
}));
