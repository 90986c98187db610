//! JSON of which every object has each member once: of two with one name a program takes the last,
//! and a person reads the first.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// A failure to read JSON.
#[derive(Debug)]
pub(super) enum Unread {
    /// The member with this path is given more than once.
    Twice(String),
    /// It is not JSON.
    Malformed(serde_json::Error),
}

/// The place of a value in the whole.
enum Place<'a> {
    Whole,
    Member(&'a Self, &'a str),
    Item(&'a Self, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Member(Self::Whole, name) => f.write_str(name),
            Self::Member(within, name) => write!(f, "{within}.{name}"),
            Self::Item(within, at) => write!(f, "{within}[{at}]"),
        }
    }
}

/// A reader of the value at a place; it leaves the path of a member that is given twice.
#[derive(Clone, Copy)]
struct Reader<'a> {
    place: &'a Place<'a>,
    twice: &'a RefCell<Option<String>>,
}

/// Reads JSON.
///
/// # Errors
/// If it is not JSON, or an object has two members of one name.
pub(super) fn read(body: &[u8]) -> Result<Value, Unread> {
    let twice = RefCell::new(None);
    let mut source = serde_json::Deserializer::from_slice(body);
    let whole = Reader { place: &Place::Whole, twice: &twice };
    let read = whole.deserialize(&mut source).and_then(|value| source.end().map(|()| value));
    read.map_err(|error| twice.take().map_or(Unread::Malformed(error), Unread::Twice))
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, own: bool) -> Result<Value, E> {
        Ok(own.into())
    }

    fn visit_i64<E>(self, own: i64) -> Result<Value, E> {
        Ok(own.into())
    }

    fn visit_u64<E>(self, own: u64) -> Result<Value, E> {
        Ok(own.into())
    }

    fn visit_f64<E>(self, own: f64) -> Result<Value, E> {
        Ok(own.into())
    }

    fn visit_str<E>(self, own: &str) -> Result<Value, E> {
        Ok(own.into())
    }

    fn visit_string<E>(self, own: String) -> Result<Value, E> {
        Ok(own.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        loop {
            let place = &Place::Item(self.place, all.len());
            match items.next_element_seed(Reader { place, ..self })? {
                Some(own) => all.push(own),
                None => return Ok(all.into()),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let place = &Place::Member(self.place, &name);
            if all.contains_key(&name) {
                self.twice.replace(Some(place.to_string()));
                return Err(Error::custom("a member is given twice"));
            }
            let own = members.next_value_seed(Reader { place, ..self })?;
            all.insert(name, own);
        }
        Ok(all.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twice(text: &str) -> String {
        match read(text.as_bytes()) {
            Err(Unread::Twice(path)) => path,
            other => panic!("a member given twice: {other:?}"),
        }
    }

    #[test]
    fn a_member_that_is_given_twice_is_named_by_its_path() {
        assert_eq!(twice(r#"{"a": 1, "b": 2, "a": 1}"#), "a");
        assert_eq!(twice(r#"{"a": [{}, {"b": {"c": null, "c": null}}]}"#), "a[1].b.c");
        assert_eq!(twice(r#"{"a": 1, "\u0061": 2}"#), "a", "however it is escaped");
    }

    #[test]
    fn everything_else_is_read_as_by_serde() {
        let whole =
            r#"{"a": [1, -2, 18446744073709551615, 0.1, 1e300, "x", "", null, true], "b": {}}"#;
        let expected: Value = serde_json::from_str(whole).expect("JSON");
        assert_eq!(read(whole.as_bytes()).expect("JSON"), expected);
        for wrong in ["", "{", "{} {}", "{\"a\": 01}", "[1,]", "\u{7f}"] {
            assert!(matches!(read(wrong.as_bytes()), Err(Unread::Malformed(_))), "{wrong}");
        }
        let deep = "[".repeat(200);
        assert!(matches!(read(deep.as_bytes()), Err(Unread::Malformed(_))));
    }
}
