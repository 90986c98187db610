use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::extract::Asked;
use super::problem::Problem;
use crate::state::Api;

/// Entries per page by default.
const USUAL: i64 = 50;

/// The most entries per page.
const MOST: i64 = 200;

/// The page of a list to return.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// The `next` of the previous page.
    #[serde(default)]
    after: String,
    /// Entries per page, 50 by default.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<i64>,
}

/// A page of a list: the entries after an id.
pub struct Page {
    /// The id after which it starts; empty for the first page.
    pub after: String,
    /// The most entries to return.
    pub limit: i64,
}

impl FromRequestParts<Api> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let Asked(asked) = Asked::<PageQuery>::from_request_parts(parts, api).await?;
        Ok(Self { after: asked.after, limit: checked(asked.limit)? })
    }
}

/// The number of entries requested.
///
/// # Errors
/// If it is not between 1 and 200.
pub fn checked(limit: Option<i64>) -> Result<i64, Problem> {
    let limit = limit.unwrap_or(USUAL);
    if (1..=MOST).contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::malformed("limit", format!("Expected a number from 1 to {MOST}.")))
}

/// A page of a list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listed<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Pass it as `after` to get the next page; `null` on the last one.
    pub next: Option<String>,
}

impl<T> Listed<T> {
    /// A page of a list with ids, requested with `limit` entries.
    pub fn new(items: Vec<T>, limit: i64, id: impl Fn(&T) -> &str) -> Self {
        // A full page may be the last one: the next is then empty, which costs less than counting.
        let full = i64::try_from(items.len()).is_ok_and(|count| count == limit);
        let next = items.last().filter(|_| full).map(|last| id(last).to_owned());
        Self { items, next }
    }
}

impl<T> Listed<T> {
    /// A page of a list without ids: at most `most` entries, after the first `from`.
    pub fn placed(items: Vec<T>, from: usize, most: usize) -> Self {
        let next = (items.len() == most).then(|| (from + most).to_string());
        Self { items, next }
    }
}
