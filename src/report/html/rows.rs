//! The budget of rows that bounds the size of a page, whatever the ledger.

use std::cmp::Reverse;

use offer::{Decision, OfferLine, OfferPart};

/// The most rows of one kind of table on the whole page.
pub(super) const MOST_ROWS: usize = 500;

/// The most parts in full detail.
pub(super) const MOST_PARTS: usize = 12;

/// The rows of one kind that every part in detail may always show.
const LEAST_ROWS: usize = 5;

// An even split of the budget already grants the least, so that nothing has to be topped up.
const _: () = assert!(MOST_ROWS / MOST_PARTS >= LEAST_ROWS);

/// Splits [`MOST_ROWS`] among tables of `wanted` rows each: rows that a small table does not need
/// go to the larger ones.
pub(super) fn split(wanted: &[usize]) -> Vec<usize> {
    let mut smallest_first: Vec<usize> = (0..wanted.len()).collect();
    smallest_first.sort_by_key(|&table| wanted[table]);
    let mut granted = vec![0; wanted.len()];
    let (mut left, mut tables) = (MOST_ROWS, wanted.len());
    for table in smallest_first {
        granted[table] = wanted[table].min(left / tables);
        left -= granted[table];
        tables -= 1;
    }
    granted
}

/// The parts by amount bought, then by open balance, largest first. Amounts of different currencies
/// are ranked by their figures, because no conversion rate is known here.
pub(super) fn largest_parts(parts: &[OfferPart]) -> Vec<&OfferPart> {
    let mut ranked: Vec<&OfferPart> = parts.iter().collect();
    let size = |part: &&OfferPart| {
        (part.totals.amount_bought.to_decimal(), part.totals.gross.to_decimal())
    };
    // The sort is stable: equal parts keep the order of the offer.
    ranked.sort_by_key(|part| Reverse(size(part)));
    ranked
}

/// The lines bought in full or in part, the largest amount first.
pub(super) fn bought(part: &OfferPart) -> Vec<&OfferLine> {
    let mut lines: Vec<_> = part.lines.iter().filter(|line| line.price.is_some()).collect();
    lines.sort_by_key(|line| Reverse(line.price.map_or(0, |price| price.amount_bought.minor())));
    lines
}

/// The lines excluded or bought in part, the largest amount not bought first.
pub(super) fn not_bought(part: &OfferPart) -> Vec<&OfferLine> {
    let mut lines: Vec<_> =
        part.lines.iter().filter(|line| line.decision != Decision::Buy).collect();
    lines.sort_by_key(|line| Reverse(amount_not_bought(line)));
    lines
}

/// The open balance that is not bought, in minor units.
pub(super) fn amount_not_bought(line: &OfferLine) -> i64 {
    let bought = line.price.map_or(0, |price| price.amount_bought.minor());
    line.open.minor().saturating_sub(bought)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_tables_leave_their_rest_to_large_ones() {
        assert_eq!(split(&[3_000]), [500]);
        assert_eq!(split(&[10, 3_000, 400]), [10, 245, 245]);
        assert_eq!(split(&[1, 2, 3]), [1, 2, 3]);
        assert!(split(&[]).is_empty());
    }

    #[test]
    fn every_table_gets_the_least_and_all_together_stay_within_the_budget() {
        let granted = split(&[usize::MAX; MOST_PARTS]);
        assert!(granted.iter().all(|&rows| rows >= LEAST_ROWS));
        assert!(granted.iter().sum::<usize>() <= MOST_ROWS);
    }
}
