//! Versions of the texts that staff write: policies and facilities.

use axum::Json;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use service::{Reply, VersionedText};

use super::http::page::Listed;
use super::http::problem::Problem;
use super::http::version::tagged;

/// The version to show.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionQuery {
    /// The version number; the latest by default.
    #[schemars(range(min = 1))]
    pub version: Option<i64>,
}

/// A version of a policy or a facility.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownVersion {
    /// Its name; for a facility, the client's id.
    name: String,
    /// The version number, from 1.
    version: i64,
    /// The text, in TOML.
    text: String,
    /// The prefix of the key that wrote it; `null` for a client.
    written_by: Option<String>,
    /// The time of writing, in UTC.
    created_at: String,
}

impl From<VersionedText> for ShownVersion {
    fn from(written: VersionedText) -> Self {
        let VersionedText { name, version, text, key_prefix, created_at } = written;
        let written_by = Some(key_prefix).filter(|key| !key.is_empty());
        Self { name, version, text, written_by, created_at }
    }
}

/// The answer with a version, whose number is the ETag.
pub(super) fn answer(written: VersionedText) -> Result<Response, Problem> {
    let version = written.version;
    Ok(tagged(Reply::json(200, &ShownVersion::from(written))?, version))
}

/// A page of versions.
pub(super) fn listed(all: Vec<VersionedText>, limit: i64) -> Json<Listed<ShownVersion>> {
    let all: Vec<ShownVersion> = all.into_iter().map(ShownVersion::from).collect();
    Json(Listed::new(all, limit, |version| &version.name))
}
