use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::extract::Asked;
use super::problem::Problem;
use crate::state::Api;

/// Entries of a page unless asked otherwise, and at most.
const USUAL: i64 = 50;
const MOST: i64 = 200;

/// A page of a list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// `next` of the page before.
    #[serde(default)]
    after: String,
    /// Entries, 50 unless asked otherwise.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<i64>,
}

/// A page of a list: what comes behind an id.
pub struct Page {
    /// The id behind which it starts; empty for the first one.
    pub after: String,
    /// Entries.
    pub limit: i64,
}

impl FromRequestParts<Api> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let Asked(asked) = Asked::<PageQuery>::from_request_parts(parts, api).await?;
        Ok(Self { after: asked.after, limit: checked(asked.limit)? })
    }
}

/// The number of entries asked for.
pub fn checked(limit: Option<i64>) -> Result<i64, Problem> {
    let limit = limit.unwrap_or(USUAL);
    if (1..=MOST).contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::malformed("limit", format!("Expected 1 to {MOST}.")))
}

/// A list with the id behind which the next page starts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listed<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Where the next page starts; absent at the end.
    pub next: Option<String>,
}

impl<T> Listed<T> {
    /// A page that was asked for with `limit` entries.
    pub fn new(items: Vec<T>, limit: i64, id: impl Fn(&T) -> &str) -> Self {
        let full = i64::try_from(items.len()).is_ok_and(|count| count == limit);
        let next = items.last().filter(|_| full).map(|last| id(last).to_owned());
        Self { items, next }
    }
}

impl<T> Listed<T> {
    /// A page of `most` entries behind the first `from` ones.
    pub fn placed(items: Vec<T>, from: usize, most: usize) -> Self {
        let next = (items.len() == most).then(|| (from + most).to_string());
        Self { items, next }
    }
}
