use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Faults, Place};

/// The longest excerpt of a file in a message, in characters.
const SHOWN: usize = 60;

/// A parsed file whose values know their lines and how they were written.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree(pub(super) Node);

/// A value of a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// The place of its key; for an item of a list, its own place.
    pub place: Place,
    /// The value as written, without the comment after it.
    pub written: String,
    /// The comment after the value, on the same line.
    pub comment: String,
    pub content: Content,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    Scalar(Value),
    List(Vec<Node>),
    Table(Vec<(String, Node)>),
}

impl Node {
    /// A value that was not written in a file.
    pub fn made(content: Content) -> Self {
        Self { place: Place::Whole, written: String::new(), comment: String::new(), content }
    }

    /// The value as a message quotes it.
    pub fn shown(&self) -> String {
        match &self.content {
            Content::Table(_) if self.is_section() => "a table".to_owned(),
            Content::List(items) if !items.is_empty() && items.iter().all(Self::is_section) => {
                "a list of tables".to_owned()
            }
            _ => excerpt(&self.written),
        }
    }

    /// Returns true for a table with a header of its own.
    pub fn is_section(&self) -> bool {
        matches!(self.content, Content::Table(_)) && !self.written.starts_with('{')
    }

    /// The value if it is a string.
    pub fn word(&self) -> Option<&str> {
        if let Content::Scalar(value) = &self.content { value.as_str() } else { None }
    }

    /// The members of a table; empty for anything else.
    pub fn members(&self) -> &[(String, Self)] {
        if let Content::Table(members) = &self.content { members } else { &[] }
    }

    /// Converts the node to a value that serde can read.
    pub fn to_value(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::List(items) => items.iter().map(Self::to_value).collect(),
            Content::Table(members) => {
                let of = |(key, node): &(String, Self)| (key.clone(), node.to_value());
                Value::Object(members.iter().map(of).collect::<Map<_, _>>())
            }
        }
    }

    /// The value of a dotted key.
    ///
    /// In a list, the first item that has the key counts, or rather the one whose value is written
    /// as `found`.
    pub fn find(&self, key: &str, found: &str) -> Option<&Self> {
        if let Content::List(items) = &self.content {
            let all: Vec<_> = items.iter().filter_map(|item| item.find(key, found)).collect();
            let same = |node: &&Self| node.written.trim_matches(['"', '\'']) == found;
            // Of two equal values the later one is the duplicate that a message is about.
            return all.iter().rev().copied().find(same).or_else(|| all.first().copied());
        }
        let (first, rest) = key.split_once('.').map_or((key, None), |(a, b)| (a, Some(b)));
        let (_, node) = self.members().iter().find(|(name, _)| name == first)?;
        rest.map_or(Some(node), |rest| node.find(rest, found))
    }
}

/// A piece of a file on one line, cut if it is long.
pub(super) fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

/// The positions of the lines of a text.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub fn of(text: &'t str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(ends).collect() }
    }

    /// The line that holds a byte.
    pub fn at(&self, byte: usize) -> Place {
        Place::Line(self.starts.partition_point(|&start| start <= byte).max(1))
    }

    /// The comment between a byte and the end of its line.
    fn comment(&self, byte: usize) -> String {
        let rest = self.text.get(byte..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let rest = rest.trim();
        if rest.starts_with('#') { rest.to_owned() } else { String::new() }
    }

    /// The text of a byte's line.
    fn line(&self, byte: usize) -> &'t str {
        let Place::Line(line) = self.at(byte) else { return "" };
        self.text.lines().nth(line - 1).unwrap_or_default()
    }
}

impl Tree {
    /// Parses TOML.
    ///
    /// # Errors
    /// If the text is not TOML; every line in question is listed.
    pub fn toml(text: &str) -> Result<Self, Faults> {
        let lines = Lines::of(text);
        let (table, errors) = DeTable::parse_recoverable(text);
        if errors.is_empty() {
            let root = Node { place: Place::Whole, ..Node::made(members(table.get_ref(), &lines)) };
            return Ok(Self(root));
        }
        let mut faults: Vec<Fault> = errors.iter().map(|error| not_toml(error, &lines)).collect();
        // One fault for each line: what follows is often only its consequence.
        faults.sort_by_key(|fault| fault.place);
        faults.dedup_by_key(|fault| fault.place);
        Err(Faults::new(faults))
    }
}

/// The fault of a place that is not TOML.
///
/// The parser's message only selects one of our own sentences, so that its wording, which changes
/// with the version, never reaches a user.
fn not_toml(error: &toml::de::Error, lines: &Lines<'_>) -> Fault {
    let at = error.span().map_or(0, |span| span.start);
    let place = lines.at(at);
    let line = excerpt(lines.line(at));
    let message = error.message();
    let said = |word| message.contains(word);
    if said("duplicate key") {
        let key = line.split('=').next().unwrap_or_default().trim();
        return Fault { what: super::fault::What::Twice, ..Fault::says(place, key, "") };
    }
    let expected = if said("string") {
        "text between quotes on one line, with \\\\ for a backslash"
    } else if said("array") {
        "a list, as in [1, 2]"
    } else if said("inline table") {
        "an inline table, as in { key = 1 }"
    } else if said("value") || said("number") || said("integer") || said("float") || said("quoted")
    {
        "a value in quotes, a number, true or false, a list or a table after the equals sign"
    } else if said("recursion") {
        "lists and tables that are less deeply nested"
    } else {
        "KEY = VALUE, a [section] or a # comment"
    };
    Fault::says(place, "", format!("'{line}' is not TOML: expected {expected}"))
}

fn members(table: &DeTable<'_>, lines: &Lines<'_>) -> Content {
    let mut all: Vec<_> = table.iter().collect();
    // The parser orders keys by name; messages and copies follow the file.
    all.sort_by_key(|(key, _)| key.span().start);
    let member = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
        let place = lines.at(key.span().start);
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        (name.clone().into_owned(), Node { place, ..node(value, lines) })
    };
    Content::Table(all.into_iter().map(member).collect())
}

fn node(value: &toml::Spanned<DeValue<'_>>, lines: &Lines<'_>) -> Node {
    let span = value.span();
    let content = match value.get_ref() {
        DeValue::String(text) => Content::Scalar(text.as_ref().into()),
        DeValue::Integer(digits) => Content::Scalar(whole(digits.as_str(), digits.radix())),
        DeValue::Float(digits) => Content::Scalar(float(digits.as_str())),
        DeValue::Boolean(flag) => Content::Scalar((*flag).into()),
        DeValue::Datetime(time) => Content::Scalar(time.to_string().into()),
        DeValue::Array(items) => {
            Content::List(items.iter().map(|item| node(item, lines)).collect())
        }
        DeValue::Table(table) => members(table, lines),
    };
    let written = lines.text.get(span.clone()).unwrap_or_default().to_owned();
    Node { place: lines.at(span.start), written, comment: lines.comment(span.end), content }
}

/// Reads a whole number. One that is too large for any field becomes a float, so that the walk
/// reports it as out of range.
fn whole(digits: &str, radix: u32) -> Value {
    let small = i64::from_str_radix(digits, radix).map(Value::from);
    let large = |_| u64::from_str_radix(digits, radix).map(Value::from);
    small.or_else(large).unwrap_or_else(|_| float(digits))
}

/// Reads a float. JSON has no nan or inf; they become strings, so that the walk reports them.
fn float(digits: &str) -> Value {
    let number = digits.parse().ok().and_then(serde_json::Number::from_f64);
    number.map_or_else(|| digits.into(), Value::Number)
}
