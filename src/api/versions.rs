//! Versions of texts that people write: policies and facilities.

use axum::Json;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use service::{Reply, VersionedText};

use super::http::page::Listed;
use super::http::problem::Problem;
use super::http::version::tagged;

/// Which version.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionQuery {
    /// The last one unless told.
    #[schemars(range(min = 1))]
    pub version: Option<i64>,
}

/// A version of a policy or a facility.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownVersion {
    /// Its name; of a facility, the client's id.
    name: String,
    /// From 1.
    version: i64,
    /// TOML.
    text: String,
    /// Prefix of the key that wrote it.
    written_by: String,
    /// When.
    created_at: String,
}

impl From<VersionedText> for ShownVersion {
    fn from(written: VersionedText) -> Self {
        let VersionedText { name, version, text, key_prefix, created_at } = written;
        Self { name, version, text, written_by: key_prefix, created_at }
    }
}

/// A version, with its number as ETag.
pub(super) fn answer(written: VersionedText) -> Result<Response, Problem> {
    let version = written.version;
    Ok(tagged(Reply::json(200, &ShownVersion::from(written))?, version))
}

/// A page of versions.
pub(super) fn listed(all: Vec<VersionedText>, limit: i64) -> Json<Listed<ShownVersion>> {
    let all: Vec<ShownVersion> = all.into_iter().map(ShownVersion::from).collect();
    Json(Listed::new(all, limit, |version| &version.name))
}
