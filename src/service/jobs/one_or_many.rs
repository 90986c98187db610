//! A member that once held one value, or none, and now holds any number of them.

use serde::{Deserialize, Deserializer};

/// Reads a list, one value alone, or null.
pub(super) fn one_or_many<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either<T> {
        Many(Vec<T>),
        One(T),
    }
    Ok(match Option::deserialize(deserializer)? {
        None => Vec::new(),
        Some(Either::One(one)) => vec![one],
        Some(Either::Many(all)) => all,
    })
}
