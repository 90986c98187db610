use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::fault::{Fault, Faults, Place};
use super::tree::{Content, Lines, Node, Tree};

impl Tree {
    /// Reads JSON.
    ///
    /// # Errors
    /// The place from which on it is not JSON.
    pub fn json(text: &str) -> Result<Self, Faults> {
        // Reading it whole first bounds its depth.
        let root = serde_json::from_str::<Value>(text)
            .and_then(|_| serde_json::from_str::<&RawValue>(text))
            .and_then(|raw| node(raw, text, &Lines::of(text)));
        root.map(Self).map_err(|error| not_json(&error, text).into())
    }
}

/// Reads JSON that a program has written: an offer, a model. Its faults are named one at a time,
/// because nobody mends such a file by hand.
///
/// # Errors
/// The first member that is not what was expected.
pub fn from_program<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Faults> {
    let error = match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    if !error.is_data() {
        return Err(not_json(&error, text).into());
    }
    let mut again = serde_json::Deserializer::from_str(text);
    let path = serde_path_to_error::deserialize::<_, T>(&mut again).err();
    let path = path.map(|error| error.path().to_string()).filter(|path| path != ".");
    let sentence = "a member is missing, unknown or of another kind than expected";
    let place = Place::Line(error.line().max(1));
    Err(Fault::says(place, &path.unwrap_or_default(), sentence).into())
}

/// Where a text stops being JSON.
fn not_json(error: &serde_json::Error, text: &str) -> Fault {
    let lines = Lines::of(text);
    let start = text.split('\n').take(error.line().saturating_sub(1)).map(|l| l.len() + 1).sum();
    let place = lines.at(start);
    if text.trim().is_empty() {
        return Fault::says(Place::Whole, "", "it is empty: expected JSON");
    }
    if error.is_eof() {
        return Fault::says(place, "", "the text ends here: expected the rest of the JSON");
    }
    let column = error.column();
    Fault::says(place, "", format!("not JSON from column {column} on"))
}

/// The members of an object in their order, some perhaps twice.
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
    // A raw value is a piece of the text.
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
