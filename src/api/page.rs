use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};

use super::Service;
use super::problem::Problem;

/// Entries of a page unless asked otherwise, and at most.
const USUAL: i64 = 50;
const MOST: i64 = 200;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default)]
    after: String,
    limit: Option<i64>,
}

/// A page of a list: what comes behind an id.
pub struct Page {
    /// The id behind which it starts; empty for the first one.
    pub after: String,
    /// Entries.
    pub limit: i64,
}

impl FromRequestParts<Service> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        let asked = Query::<Asked>::from_request_parts(parts, service).await;
        let Query(asked) = asked.map_err(|error| Problem::field("query", error.body_text()))?;
        let limit = asked.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Problem::field("limit", format!("Expected 1 to {MOST}.")));
        }
        Ok(Self { after: asked.after, limit })
    }
}

/// A list with the id behind which the next page starts.
#[derive(Debug, Serialize)]
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
