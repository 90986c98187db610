//! Who calls: every route states its right by the extractor that it asks for.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use service::{Identity, Right};

use super::problem::{Problem, ProblemType};
use crate::state::Api;

/// A caller with a right.
pub(crate) struct By<R>(pub R);

async fn identified(parts: &Parts, api: &Api) -> Result<Identity, Problem> {
    let none = || {
        let detail = "Send the header Authorization: Bearer KEY.";
        Problem::new(ProblemType::Unauthorized, detail)
    };
    let header = parts.headers.get(header::AUTHORIZATION).ok_or_else(none)?;
    let key = header.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
    let identity = api.service.identify(key.ok_or_else(none)?.trim()).await?;
    api.rates.check(&identity.key)?;
    Ok(identity)
}

impl<R: Right> FromRequestParts<Api> for By<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        Ok(Self(R::of(identified(parts, api).await?)?))
    }
}
