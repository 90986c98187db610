//! The cells that are evidence for one notation or another, and the decision between two.

use thiserror::Error;

use super::trim;

/// Number of cells of a class that are kept as examples.
const KEPT: usize = 3;

/// Number of characters of a cell that are kept.
const EXCERPT: usize = 40;

/// Cells of one class: their number, and the first three by line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells {
    count: u64,
    examples: Vec<(u64, String)>,
}

impl Cells {
    /// Number of cells.
    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn add(&mut self, line: u64, cell: &str) {
        self.count += 1;
        self.keep(line, excerpt(cell));
    }

    #[cfg(test)]
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        for (line, text) in &other.examples {
            self.keep(*line, text);
        }
    }

    fn keep(&mut self, line: u64, text: &str) {
        // The order of examples must not depend on the order in which cells or columns come.
        let at = self.examples.partition_point(|(l, t)| (*l, t.as_str()) <= (line, text));
        if at < KEPT {
            self.examples.insert(at, (line, text.to_owned()));
            self.examples.truncate(KEPT);
        }
    }

    /// The cells in words, such as `1,284.50 on line 6 and 41 more cells`.
    pub fn phrase(&self) -> String {
        let first = match self.examples.first() {
            Some((line, text)) => format!("{text} on line {line}"),
            None => "no cell".to_owned(),
        };
        match self.count {
            0 | 1 => first,
            2 => format!("{first} and 1 more cell"),
            count => format!("{first} and {} more cells", count - 1),
        }
    }
}

fn excerpt(cell: &str) -> &str {
    let cell = trim(cell);
    cell.char_indices().nth(EXCERPT).map_or(cell, |(end, _)| &cell[..end])
}

/// Origin of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The user's choice.
    Given,
    /// Cells that can be read in one way only.
    Cells,
    /// A hint from elsewhere, since no cell decides.
    Hint,
    /// A default, since no cell depends on it.
    Free,
}

/// The notation decided on, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided<T> {
    /// The notation.
    pub value: T,
    /// Origin of the decision.
    pub basis: Basis,
    /// The evidence in a short sentence without a full stop.
    pub evidence: String,
}

/// Cells that can be read in two ways, or that contradict each other. The sentence names neither
/// the column nor the option that would settle it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{sentence}")]
pub struct Ambiguous {
    /// Line and text of the cells, at most three of each kind.
    pub examples: Vec<(u64, String)>,
    sentence: String,
}

/// A choice between two ways of writing.
pub trait Notation: Copy {
    /// The word for the value of a cell, such as `amount`.
    const NOUN: &'static str;
    /// The two ways.
    const RIVALS: [Self; 2];
    /// The default if no cell depends on the choice, and the sentence that says so.
    const FREE: (Self, &'static str);

    /// The name of this way, such as `decimal point`.
    fn name(self) -> &'static str;

    /// The meaning of an ambiguous cell read this way, for a person.
    fn meaning(self, cell: &str) -> Option<String>;
}

/// The evidence for and against two ways of writing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Votes {
    /// Cells that only fit the first way.
    pub first: Cells,
    /// Cells that only fit the second way.
    pub second: Cells,
    /// Cells that fit both, with different meanings.
    pub open: Cells,
}

impl Votes {
    #[cfg(test)]
    pub fn merge(&mut self, other: &Self) {
        self.first.merge(&other.first);
        self.second.merge(&other.second);
        self.open.merge(&other.open);
    }

    /// Decides: the user's choice wins; then the way of 99 % of the cells that fit only one, since
    /// so few others are typing errors; then the hint.
    ///
    /// # Errors
    /// If cells contradict each other, or if all fit both ways and there is no hint.
    pub fn decide<T: Notation>(
        &self,
        given: Option<T>,
        hint: Option<T>,
    ) -> Result<Decided<T>, Ambiguous> {
        let decided = |value, basis, evidence| Ok(Decided { value, basis, evidence });
        if let Some(value) = given {
            return decided(value, Basis::Given, format!("{}: as specified", value.name()));
        }
        let (first, second) = (self.first.count, self.second.count);
        let [a, b] = T::RIVALS;
        if first + second == 0 {
            return self.decide_open(hint);
        }
        let outweighs = |count: u64, other: u64| count >= other.saturating_mul(99);
        if outweighs(first, second) {
            decided(a, Basis::Cells, sentence(a, &self.first, &self.second))
        } else if outweighs(second, first) {
            decided(b, Basis::Cells, sentence(b, &self.second, &self.first))
        } else {
            Err(self.conflict(a, b))
        }
    }

    fn decide_open<T: Notation>(&self, hint: Option<T>) -> Result<Decided<T>, Ambiguous> {
        if self.open.count == 0 {
            let (value, evidence) = T::FREE;
            return Ok(Decided { value, basis: Basis::Free, evidence: evidence.to_owned() });
        }
        let value = hint.ok_or_else(|| self.undecided::<T>())?;
        let (name, phrase) = (value.name(), self.open.phrase());
        let evidence =
            format!("{name}: the layout's default, as {phrase} could be read either way");
        Ok(Decided { value, basis: Basis::Hint, evidence })
    }

    fn undecided<T: Notation>(&self) -> Ambiguous {
        let meanings = |cell: &str| {
            let [a, b] = T::RIVALS.map(|way| way.meaning(cell));
            a.zip(b).map_or("two things".to_owned(), |(a, b)| format!("{a} or {b}"))
        };
        let first = self.open.examples.first();
        let sentence = first.map_or_else(String::new, |(line, cell)| {
            let (meanings, noun) = (meanings(cell), T::NOUN);
            format!("{cell} (line {line}) could be {meanings}, and no other {noun} settles it")
        });
        Ambiguous { examples: self.open.examples.clone(), sentence }
    }

    fn conflict<T: Notation>(&self, a: T, b: T) -> Ambiguous {
        let by = |way: T, cells: &Cells| format!("{} in {}", way.name(), cells.phrase());
        let (first, second) = (by(a, &self.first), by(b, &self.second));
        let sentence = format!("the {}s contradict each other: {first}, {second}", T::NOUN);
        Ambiguous { examples: [&*self.first.examples, &*self.second.examples].concat(), sentence }
    }
}

fn sentence<T: Notation>(value: T, fitting: &Cells, against: &Cells) -> String {
    let (name, fitting) = (value.name(), fitting.phrase());
    match against.count {
        0 => format!("{name}: {fitting}"),
        _ => format!("{name}: {fitting} against {}", against.phrase()),
    }
}
