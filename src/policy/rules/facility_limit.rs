use basics::Money;

use super::super::change::Change;
use super::clause::{Clause, Lever, Party, SharedLimit};

/// This part is above the facility's availability at the policy's largest advance rate.
pub const CLAUSE: Clause = Clause::cut(|cutting, left| {
    if let Some(room) = cutting.room {
        left.hold(&cutting.all(), room);
    }
})
.reason(|grounds| {
    let pool = grounds.seen.pool;
    let room = pool.room.unwrap_or_else(|| Money::zero(pool.currency).into());
    let room = if grounds.holds.is_empty() { room.now } else { room.once_confirmed };
    grounds.of_part().with("room", room)
})
.lever(Lever::Shared(SharedLimit {
    change: Change::FundsRepaid,
    party: |_, _, _| Some(Party::Pool),
    cap: |_, _, _| None,
    raise: |criteria, excess, currency| criteria.advance_on(excess, currency),
}));
