use serde::{Deserialize, Serialize};

use super::{End, Spell};

/// Days since due; negative before it.
pub(super) type Age = i32;

/// Youngest age in the tables; a younger invoice counts as of this age.
pub(super) const YOUNGEST: Age = -365;

/// Oldest age in the tables; an older invoice counts as of this age.
pub(super) const OLDEST: Age = 1095;

/// A range of ages, both ends included.
pub(super) type Ages = std::ops::RangeInclusive<Age>;

/// All ages in the tables.
pub(super) const ALL: Ages = YOUNGEST..=OLDEST;

/// One number for each age of a range; outside it the nearest end counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct AgeTable {
    first: Age,
    values: Vec<f64>,
}

impl AgeTable {
    /// Fills the table with `value(age)` for every age of `ages`, in rising order.
    pub fn from_fn(ages: Ages, value: impl FnMut(Age) -> f64) -> Self {
        Self { first: *ages.start(), values: ages.map(value).collect() }
    }

    /// True if it covers all ages with values between 0 and 1.
    pub fn is_hazard(&self) -> bool {
        let all = ALL.count();
        let within = |value: &f64| (0.0..=1.0).contains(value);
        self.first == YOUNGEST && self.values.len() == all && self.values.iter().all(within)
    }

    /// Returns the values from `age` on; all of them if it lies before the table.
    pub fn from(&self, age: Age) -> &[f64] {
        let index = usize::try_from(age.saturating_sub(self.first)).unwrap_or(0);
        self.values.get(index..).unwrap_or_default()
    }

    /// Returns the value at `age`; 0 in an empty table.
    pub fn at(&self, age: Age) -> f64 {
        let last = self.values.len().saturating_sub(1);
        let index = usize::try_from(age.saturating_sub(self.first)).unwrap_or(0).min(last);
        self.values.get(index).copied().unwrap_or_default()
    }
}

/// Weights are counted in these fractions, as whole numbers, so that the order of spells cannot
/// matter.
const WHOLE: f64 = (1 << 20) as f64;

/// Days after which an observation counts half: payment behaviour changes.
const HALF_LIFE: f64 = 365.0;

/// Invoices at risk and their ends, by age, with recent ones counting most. Outside the ages that
/// the spells span, nobody is at risk.
#[derive(Debug, Clone)]
pub(super) struct RiskTable {
    first: Age,
    cells: Vec<Cell>,
}

/// The invoices of one age.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Cell {
    at_risk: i64,
    collected: i64,
    removed: i64,
}

impl RiskTable {
    /// Counts spells. An invoice is at risk from the day after its entry to its exit, both clamped
    /// into [`ALL`]. One that ends on or before its entry (paid in advance) is at risk on its exit
    /// day alone.
    pub fn from_spells(spells: &[Spell]) -> Self {
        let times = || spells.iter().filter_map(Self::time_at_risk);
        let first = times().map(|(first, _)| first).min().unwrap_or_default();
        let len = times().map(|(_, last)| last).max().map_or(0, |last| (last - first + 1) as usize);
        // One cell more: a spell that reaches the last age ends behind it.
        let mut cells = vec![Cell::default(); len + 1];
        for spell in spells {
            let Some((start, last)) = Self::time_at_risk(spell) else { continue };
            let end = (last - first) as usize;
            let weight = Self::weight(spell);
            cells[(start - first) as usize].at_risk += weight;
            // Differences first, running sums below: the cost does not grow with the length of
            // spells.
            cells[end + 1].at_risk -= weight;
            match spell.end {
                End::Open => {}
                End::Collected => cells[end].collected += weight,
                End::Removed => cells[end].removed += weight,
            }
        }
        let mut at_risk = 0;
        for cell in &mut cells {
            at_risk += cell.at_risk;
            cell.at_risk = at_risk;
        }
        cells.truncate(len);
        Self { first, cells }
    }

    fn weight(spell: &Spell) -> i64 {
        let ago = f64::from(spell.ago.max(0));
        // The common case is spared the power.
        if ago == 0.0 { WHOLE as i64 } else { (WHOLE * (-ago / HALF_LIFE).exp2()).round() as i64 }
    }

    fn time_at_risk(spell: &Spell) -> Option<(Age, Age)> {
        let last = spell.exit.clamp(YOUNGEST, OLDEST);
        let first = spell.entry.saturating_add(1).clamp(YOUNGEST, OLDEST);
        let first = if spell.end == End::Open { first } else { first.min(last) };
        (first <= last && spell.entry < OLDEST).then_some((first, last))
    }

    /// Returns the ages at which anybody is at risk.
    pub fn ages(&self) -> Ages {
        self.first..=self.first + self.cells.len() as Age - 1
    }

    /// Returns the weight of the invoices under observation at the start of `age`.
    pub fn at_risk(&self, age: Age) -> f64 {
        self.cell(age).at_risk as f64 / WHOLE
    }

    /// Returns the weight of the invoices collected at `age`.
    pub fn collected(&self, age: Age) -> f64 {
        self.cell(age).collected as f64 / WHOLE
    }

    /// Returns the weight of the invoices credited away or written off at `age`.
    pub fn removed(&self, age: Age) -> f64 {
        self.cell(age).removed as f64 / WHOLE
    }

    fn cell(&self, age: Age) -> Cell {
        let index = usize::try_from(age.saturating_sub(self.first)).ok();
        index.and_then(|index| self.cells.get(index)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spell(entry: Age, exit: Age, end: End) -> Spell {
        Spell { debtor: 0, entry, exit, end, ago: 0 }
    }

    #[test]
    fn counts_who_is_at_risk() {
        let table = RiskTable::from_spells(&[
            spell(-30, 2, End::Collected),
            spell(-30, 2, End::Removed),
            spell(-10, 1, End::Open),
            spell(-30, -30, End::Collected),
        ]);
        let at_risk: Vec<_> = [-31, -30, -29, -9, 1, 2, 3].map(|a| table.at_risk(a)).to_vec();
        assert_eq!(at_risk, [0.0, 1.0, 2.0, 3.0, 3.0, 2.0, 0.0]);
        assert_eq!((table.collected(2), table.removed(2)), (1.0, 1.0));
        assert!(table.collected(-30) > 0.0);
    }

    #[test]
    fn what_was_seen_a_year_ago_counts_half() {
        let old = Spell { ago: 365, ..spell(-30, 2, End::Collected) };
        let table = RiskTable::from_spells(&[old, spell(-30, 2, End::Collected)]);
        assert!((table.at_risk(2) - 1.5).abs() < 1e-6 && (table.collected(2) - 1.5).abs() < 1e-6);
    }

    #[test]
    fn an_invoice_issued_today_tells_nothing() {
        let table = RiskTable::from_spells(&[spell(-30, -30, End::Open)]);
        assert!(ALL.into_iter().all(|age| table.at_risk(age) == 0.0));
    }
}
