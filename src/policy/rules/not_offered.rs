use super::clause::Clause;

/// It is no part of what an earlier offer held or bought, which this one completes, or this part is
/// above that amount.
///
/// Of what was held after the limits, so that they are those of the earlier offer. Whatever else is
/// not offered uses no limit: see [`Left::leave_out`](super::cutting::Left::leave_out).
pub const CLAUSE: Clause = Clause::cut(|cutting, left| {
    for (receivable, bought) in cutting.pool.receivables.iter().zip(&mut left.bought) {
        if let Some(most) = receivable.offered {
            *bought = (*bought).min(most.minor());
        }
    }
})
.reason(|grounds| {
    let is_excluded = grounds.seen.receivable.scrutiny.excluded_before;
    grounds.of_part().with("then", if is_excluded { "excluded" } else { "absent" })
});
