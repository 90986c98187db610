use super::clause::Clause;

/// It has been bought already. It uses up the limits above, and nothing more of it is bought.
pub const CLAUSE: Clause = Clause::cut("Bought already", |cutting, left| {
    let all = cutting.pool.receivables.iter().zip(&mut left.bought);
    all.filter(|(receivable, _)| receivable.funded).for_each(|(_, bought)| *bought = 0);
});
