//! Evidence on whether the decimal mark of a file's amounts is a point or a comma.

use super::affix::split;
use super::amount::parts;
use super::evidence::{Ambiguous, Cells, Decided, Notation, Votes};
use super::{AmountFault, Decimal, canonical_amount};

/// Evidence of the decimal mark, from the amounts of one or more columns.
///
/// Neither the order of cells nor that of merging changes the outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AmountEvidence {
    votes: Votes,
    plain: u64,
    unreadable: Cells,
}

impl AmountEvidence {
    /// Counts a text cell on `line`. Cells that the file format stores as numbers are canonical
    /// already and are not evidence.
    pub fn take(&mut self, line: u64, cell: &str) {
        let Some(number) = split(cell).map(|split| split.number) else {
            if AmountFault::of(cell) != AmountFault::Nothing {
                self.unreadable.add(line, cell);
            }
            return;
        };
        let [fits_point, fits_comma] = Decimal::RIVALS.map(|mark| parts(number, mark).is_some());
        match (fits_point, fits_comma) {
            // A mark that could separate decimals or thousands gives two values; without one
            // there is nothing to decide.
            (true, true) if number.contains(['.', ',']) => self.votes.open.add(line, cell),
            (true, true) => self.plain += 1,
            (true, false) => self.votes.first.add(line, cell),
            (false, true) => self.votes.second.add(line, cell),
            (false, false) => self.unreadable.add(line, cell),
        }
    }

    /// Adds the evidence of another column or sheet.
    #[cfg(test)]
    pub fn merge(&mut self, other: &Self) {
        self.votes.merge(&other.votes);
        self.plain += other.plain;
        self.unreadable.merge(&other.unreadable);
    }

    /// Cells that only fit a decimal point.
    #[cfg(test)]
    pub fn point(&self) -> &Cells {
        &self.votes.first
    }

    /// Cells that only fit a decimal comma.
    #[cfg(test)]
    pub fn comma(&self) -> &Cells {
        &self.votes.second
    }

    /// Cells that fit both and have two values, such as `1.500`.
    #[cfg(test)]
    pub fn two_way(&self) -> &Cells {
        &self.votes.open
    }

    /// Number of amounts with neither mark.
    #[cfg(test)]
    pub fn plain(&self) -> u64 {
        self.plain
    }

    /// Cells that are not amounts in either notation, dashes for nil left out.
    #[cfg(test)]
    pub fn unreadable(&self) -> &Cells {
        &self.unreadable
    }

    /// The decimal mark: `given` if there is one, else the mark of 99 % of the cells that fit only
    /// one, else `hint`. If no cell depends on it, it is a point.
    ///
    /// # Errors
    /// If cells have two values and nothing decides between them, or if cells contradict each
    /// other.
    pub fn decide(
        &self,
        given: Option<Decimal>,
        hint: Option<Decimal>,
    ) -> Result<Decided<Decimal>, Ambiguous> {
        self.votes.decide(given, hint)
    }
}

impl Notation for Decimal {
    const NOUN: &'static str = "amount";
    const RIVALS: [Self; 2] = [Self::Point, Self::Comma];
    const FREE: (Self, &'static str) = (Self::Point, "no amount depends on the decimal mark");

    fn name(self) -> &'static str {
        match self {
            Self::Point => "decimal point",
            Self::Comma => "decimal comma",
        }
    }

    fn meaning(self, cell: &str) -> Option<String> {
        let text = canonical_amount(cell, self).ok()?.text;
        let shortest = text.contains('.').then(|| text.trim_end_matches('0').trim_end_matches('.'));
        Some(shortest.unwrap_or(&text).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Basis;
    use super::*;

    fn evidence(cells: &[&str]) -> AmountEvidence {
        let mut evidence = AmountEvidence::default();
        for (line, cell) in (3..).zip(cells) {
            evidence.take(line, cell);
        }
        evidence
    }

    #[test]
    fn each_cell_falls_into_one_class() {
        let counts = |cell| {
            let e = evidence(&[cell]);
            let classes = [e.point(), e.comma(), e.two_way(), e.unreadable()];
            (classes.map(Cells::count), e.plain())
        };
        for cell in [
            "1,234.50",
            "0.500",
            "1234.567",
            "1,234,567",
            "12,34,567",
            ".500",
            "5.",
            "1 234.500",
            "1.5",
            "$1,234.5 CR",
            "1'234.567",
            "5.-",
        ] {
            assert_eq!(counts(cell), ([1, 0, 0, 0], 0), "{cell}");
        }
        for cell in [
            "1.234,50",
            "0,500",
            "1234,567",
            "1.234.567",
            ",5",
            "1 234,5",
            "(1,50)",
            "5,-",
            "1.234,-",
        ] {
            assert_eq!(counts(cell), ([0, 1, 0, 0], 0), "{cell}");
        }
        for cell in ["1.500", "1,500", "12,345", "123.456-", "(1,000)", "€ 9.999", "Rs.1,500"] {
            assert_eq!(counts(cell), ([0, 0, 1, 0], 0), "{cell}");
        }
        for cell in ["5", "1 234", "1'234'567", "-0", "USD 12", "500/-"] {
            assert_eq!(counts(cell), ([0, 0, 0, 0], 1), "{cell}");
        }
        for cell in ["1,23,45", "1.2.3", "NaN", "=A1", "1.2E+05", "5%", "total", "#REF!"] {
            assert_eq!(counts(cell), ([0, 0, 0, 1], 0), "{cell}");
        }
        for cell in ["", "-", "$ -", "\u{2013}"] {
            assert_eq!(counts(cell), ([0; 4], 0), "{cell}");
        }
    }

    #[test]
    fn the_cells_that_fit_one_mark_decide_for_the_others() {
        let decided = evidence(&["1,500", "7", "1,284.50", "2.5", "3.25"]).decide(None, None);
        let decided = decided.expect("only points");
        assert_eq!((decided.value, decided.basis), (Decimal::Point, Basis::Cells));
        assert_eq!(decided.evidence, "decimal point: 1,284.50 on line 5 and 2 more cells");
        let decided = evidence(&["1.500", "1.284,50"]).decide(None, Some(Decimal::Point));
        let decided = decided.expect("only commas");
        assert_eq!(decided.value, Decimal::Comma);
        assert_eq!(decided.evidence, "decimal comma: 1.284,50 on line 4");
    }

    #[test]
    fn two_way_cells_alone_need_a_hint_or_are_named() {
        let two_way = evidence(&["1,500", "7", "2,750"]);
        let error = two_way.decide(None, None).expect_err("nothing decides");
        assert_eq!(error.examples, [(3, "1,500".to_owned()), (5, "2,750".to_owned())]);
        let sentence = "1,500 (line 3) could be 1500 or 1.5, and no other amount settles it";
        assert_eq!(error.to_string(), sentence);
        let hinted = two_way.decide(None, Some(Decimal::Comma)).expect("the hint");
        assert_eq!((hinted.value, hinted.basis), (Decimal::Comma, Basis::Hint));
        let given = two_way.decide(Some(Decimal::Point), Some(Decimal::Comma)).expect("given");
        assert_eq!((given.value, given.basis), (Decimal::Point, Basis::Given));
        let free = evidence(&["5", "-", "1 000"]).decide(None, Some(Decimal::Comma));
        let free = free.expect("nothing depends on it");
        assert_eq!((free.value, free.basis), (Decimal::Point, Basis::Free));
    }

    #[test]
    fn one_contradicting_cell_in_a_hundred_is_a_bad_cell_and_more_are_a_conflict() {
        let mut cells = vec!["1,5"; 99];
        cells.push("1.5");
        let decided = evidence(&cells).decide(None, None).expect("99 of 100");
        assert_eq!(decided.value, Decimal::Comma);
        let sentence = "decimal comma: 1,5 on line 3 and 98 more cells against 1.5 on line 102";
        assert_eq!(decided.evidence, sentence);
        let error = evidence(&cells[1..]).decide(None, Some(Decimal::Comma));
        let error = error.expect_err("98 of 99");
        assert_eq!(error.examples.len(), 4);
        let sentence = "the amounts contradict each other: decimal point in 1.5 on line 101, \
            decimal comma in 1,5 on line 3 and 97 more cells";
        assert_eq!(error.to_string(), sentence);
        assert!(evidence(&cells[1..]).decide(Some(Decimal::Point), None).is_ok());
    }
}
