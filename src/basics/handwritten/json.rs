use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::fault::{Fault, Faults, Place};
use super::tree::{Content, Lines, Node, Tree};

impl Tree {
    /// Parses JSON.
    ///
    /// # Errors
    /// If the text is not JSON; the fault names the line and column.
    pub fn json(text: &str) -> Result<Self, Faults> {
        // `node` recurses, and raw values may nest without limit; parsing into a `Value` first
        // rejects text that is nested too deeply.
        let root = serde_json::from_str::<Value>(text)
            .and_then(|_| serde_json::from_str::<&RawValue>(text))
            .and_then(|raw| node(raw, text, &Lines::of(text)));
        root.map(Self).map_err(|error| not_json(&error, text).into())
    }
}

/// Reads JSON that a program has written, such as an offer or a model.
///
/// Only the first fault is reported, because nobody corrects such a file by hand.
///
/// # Errors
/// If the text is not JSON, or if a member is missing, unknown or of the wrong type.
pub fn from_program<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Faults> {
    let error = match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    if !error.is_data() {
        return Err(not_json(&error, text).into());
    }
    // Read again, as keeping track of the path slows down every file without a fault.
    let mut again = serde_json::Deserializer::from_str(text);
    let path = serde_path_to_error::deserialize::<_, T>(&mut again).err();
    let path = path.map(|error| error.path().to_string()).filter(|path| path != ".");
    let sentence = "a member is missing, unknown or of the wrong type";
    // A fault without a place has line 0.
    let place = Place::Line(error.line().max(1));
    Err(Fault::says(place, &path.unwrap_or_default(), sentence).into())
}

/// The fault of a text that is not JSON.
fn not_json(error: &serde_json::Error, text: &str) -> Fault {
    let lines = Lines::of(text);
    let start = text.split('\n').take(error.line().saturating_sub(1)).map(|l| l.len() + 1).sum();
    let place = lines.at(start);
    if text.trim().is_empty() {
        return Fault::says(Place::Whole, "", "it is empty: expected JSON");
    }
    if error.is_eof() {
        return Fault::says(place, "", "the JSON ends here before it is complete");
    }
    let column = error.column();
    Fault::says(place, "", format!("invalid JSON at column {column}"))
}

/// The members of an object in their order, duplicates included.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

fn node(raw: &RawValue, text: &str, lines: &Lines<'_>) -> Result<Node, serde_json::Error> {
    let own = raw.get();
    // A raw value borrows from the text, so its address tells where it begins.
    let start = (own.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let content = match own.as_bytes().first() {
        Some(b'{') => {
            let Members(members) = serde_json::from_str(own)?;
            let member = |(key, raw)| Ok((key, node(raw, text, lines)?));
            Content::Table(members.into_iter().map(member).collect::<Result<_, _>>()?)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(own)?;
            let items = items.into_iter().map(|item| node(item, text, lines));
            Content::List(items.collect::<Result<_, _>>()?)
        }
        _ => Content::Scalar(serde_json::from_str(own)?),
    };
    Ok(Node { place: lines.at(start), written: own.to_owned(), ..Node::made(content) })
}
