use super::clause::Clause;

/// It is no part of what an earlier offer held or bought, which this one completes, or this part is
/// above that amount.
///
/// After the limits, so that they are those of the earlier offer.
pub const CLAUSE: Clause = Clause::cut(|cutting, left| {
    for (receivable, bought) in cutting.pool.receivables.iter().zip(&mut left.bought) {
        if let Some(most) = receivable.offered {
            *bought = (*bought).min(most.minor());
        }
    }
});
