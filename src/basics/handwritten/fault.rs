use std::fmt;

use super::super::OutOfRange;

/// More faults than this are counted, not told.
const TOLD: usize = 50;

/// Where in a file something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The file as a whole.
    Whole,
    /// In the file that this one extends.
    Base(&'static str),
    /// On this line, from 1.
    Line(usize),
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands.
    pub place: Place,
    /// The dotted key; empty for what has none.
    pub key: String,
    /// What is wrong with it.
    pub(super) what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Value { found: String, expected: String },
    Missing { expected: String },
    Unknown { instead: String },
    Twice,
    Says(String),
}

impl Fault {
    /// A fault in a sentence of its own.
    pub fn says(place: Place, key: &str, sentence: impl Into<String>) -> Self {
        Self { place, key: key.to_owned(), what: What::Says(sentence.into()) }
    }

    /// A value that is not what it has to be.
    pub fn value(place: Place, key: &str, found: &str, expected: impl Into<String>) -> Self {
        let what = What::Value { found: found.to_owned(), expected: expected.into() };
        Self { place, key: key.to_owned(), what }
    }

    /// A key that has to be there.
    pub fn missing(place: Place, key: &str, expected: impl Into<String>) -> Self {
        Self { place, key: key.to_owned(), what: What::Missing { expected: expected.into() } }
    }

    /// A key that does not exist; `instead` says which do.
    pub fn unknown(place: Place, key: &str, instead: impl Into<String>) -> Self {
        Self { place, key: key.to_owned(), what: What::Unknown { instead: instead.into() } }
    }

    /// The same as a value outside its range.
    pub(super) fn out_of_range(self) -> OutOfRange {
        let key = self.key.as_str();
        match self.what {
            What::Value { found, expected } => OutOfRange::new(key, found, expected),
            What::Missing { expected } => OutOfRange::new(key, "missing", expected),
            What::Unknown { instead } => OutOfRange::new(key, "unknown", instead),
            What::Twice => OutOfRange::new(key, "given twice", "one value"),
            What::Says(sentence) => OutOfRange::new(key, "wrong", sentence),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Whole => {}
            Place::Base(name) => write!(f, "{name}: ")?,
            Place::Line(line) => write!(f, "line {line}: ")?,
        }
        let key = &self.key;
        match &self.what {
            What::Value { found, expected } if key.is_empty() => {
                write!(f, "{found}: expected {expected}")
            }
            What::Value { found, expected } => write!(f, "{key} = {found}: expected {expected}"),
            What::Missing { expected } => write!(f, "{key} is missing: expected {expected}"),
            What::Unknown { instead } => write!(f, "{key}: there is no such key; {instead}"),
            What::Twice => write!(f, "{key} is given twice"),
            What::Says(sentence) if key.is_empty() => f.write_str(sentence),
            What::Says(sentence) => write!(f, "{key}: {sentence}"),
        }
    }
}

/// Everything that is wrong with a file, in the order of its lines: one sentence, or a line for
/// each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// These, in the order of their lines.
    pub fn new(mut faults: Vec<Fault>) -> Self {
        faults.sort_by_key(|fault| fault.place);
        Self(faults)
    }

    /// Each of them.
    pub fn all(&self) -> &[Fault] {
        &self.0
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = self.0.as_slice() {
            return only.fmt(f);
        }
        write!(f, "{} faults", self.0.len())?;
        self.0.iter().take(TOLD).try_for_each(|fault| write!(f, "\n  {fault}"))?;
        match self.0.len().saturating_sub(TOLD) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

/// Values that do not go together, although each may be what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The one that is named.
    pub fault: OutOfRange,
    /// Keys of the others: while one of them is wrong itself, there is nothing to say.
    pub with: &'static [&'static str],
}

impl Conflict {
    /// A value that does not go with those of other keys.
    pub fn new(fault: OutOfRange, with: &'static [&'static str]) -> Self {
        Self { fault, with }
    }
}

impl From<OutOfRange> for Conflict {
    fn from(fault: OutOfRange) -> Self {
        Self { fault, with: &[] }
    }
}
