use basics::Money;

use super::clause::Clause;

/// It is no part of what an earlier offer held or bought, which this one completes, or this part is
/// above that amount.
///
/// Before the limits, of which what is not bought uses nothing. For the same reason what is bought
/// now of an invoice that is not held is all that is bought of it once the others are confirmed,
/// although the limits then leave more.
pub const CLAUSE: Clause = Clause::cut(|cutting, left| {
    let all = cutting.pool.receivables.iter().zip(&mut left.bought);
    for (at, (receivable, bought)) in all.enumerate() {
        let now = cutting.now.filter(|_| !cutting.held[at] && !receivable.funded);
        let most = [receivable.offered.map(Money::minor), now.map(|now| now[at])];
        *bought = most.into_iter().flatten().fold(*bought, i64::min);
    }
})
.reason(|grounds| {
    let is_excluded = grounds.seen.receivable.scrutiny.excluded_before;
    grounds.of_part().with("then", if is_excluded { "excluded" } else { "absent" })
});
