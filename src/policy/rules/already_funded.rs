use super::clause::Clause;

/// It has already been bought. It uses up the limits before this rule, and is not bought again.
pub const CLAUSE: Clause = Clause::cut(|cutting, left| {
    let all = cutting.pool.receivables.iter().zip(&mut left.bought);
    all.filter(|(receivable, _)| receivable.funded).for_each(|(_, bought)| *bought = 0);
    // The facility's room is what the funds in use leave, so it counts nothing twice.
    left.uses.fill(0);
});
