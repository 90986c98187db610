use std::fmt;

use super::super::OutOfRange;

/// The most faults that a message spells out; the rest are counted.
const TOLD: usize = 50;

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The file as a whole.
    Whole,
    /// In the named file, which this one extends.
    Base(&'static str),
    /// On this 1-based line.
    Line(usize),
}

/// One fault of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The place in the file.
    pub place: Place,
    /// The dotted key; empty if the fault concerns no key.
    pub key: String,
    /// The kind of fault, with what was found and expected.
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
    /// A fault described by a sentence of its own.
    pub fn says(place: Place, key: &str, sentence: impl Into<String>) -> Self {
        Self { place, key: key.to_owned(), what: What::Says(sentence.into()) }
    }

    /// A fault of a value that is not as expected.
    pub fn value(place: Place, key: &str, found: &str, expected: impl Into<String>) -> Self {
        let what = What::Value { found: found.to_owned(), expected: expected.into() };
        Self { place, key: key.to_owned(), what }
    }

    /// A fault of a required key that is missing.
    pub fn missing(place: Place, key: &str, expected: impl Into<String>) -> Self {
        Self { place, key: key.to_owned(), what: What::Missing { expected: expected.into() } }
    }

    /// A fault of an unknown key; `instead` says which keys exist.
    pub fn unknown(place: Place, key: &str, instead: impl Into<String>) -> Self {
        Self { place, key: key.to_owned(), what: What::Unknown { instead: instead.into() } }
    }

    /// Converts the fault to an [`OutOfRange`].
    pub(super) fn out_of_range(self) -> OutOfRange {
        let key = self.key.as_str();
        match self.what {
            What::Value { found, expected } => OutOfRange::new(key, found, expected),
            What::Missing { expected } => OutOfRange::new(key, "missing", expected),
            What::Unknown { instead } => OutOfRange::new(key, "unknown", instead),
            What::Twice => OutOfRange::new(key, "given twice", "one value"),
            What::Says(sentence) => OutOfRange::new(key, "invalid", sentence),
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

/// All faults of a file, in order of line; displayed as one sentence, or as a list with one line
/// for each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Creates the list, sorted by place.
    pub fn new(mut faults: Vec<Fault>) -> Self {
        // Stable, so that faults on one line stay in the order in which they were found.
        faults.sort_by_key(|fault| fault.place);
        Self(faults)
    }

    /// The faults in order.
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

/// Values that are allowed one by one but not together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The fault of the value that the message names.
    pub fault: OutOfRange,
    /// Keys of the other values: if one of them is wrong by itself, the conflict is not reported.
    pub with: &'static [&'static str],
}

impl Conflict {
    /// Creates a conflict between a value and those of other keys.
    pub fn new(fault: OutOfRange, with: &'static [&'static str]) -> Self {
        Self { fault, with }
    }
}

impl From<OutOfRange> for Conflict {
    fn from(fault: OutOfRange) -> Self {
        Self { fault, with: &[] }
    }
}
