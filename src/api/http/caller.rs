//! The caller: every handler states the right it needs by the extractor it takes.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use tracing::Span;

use service::{Identity, Right, ServiceError};

use super::problem::{Problem, ProblemType};
use super::shares::{Held, Peer};
use crate::state::Api;

/// The mark of a request whose operation takes no parameter of the query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoQuery;

/// A caller with the right `R`.
pub(crate) struct By<R>(pub R);

async fn identified(parts: &Parts, api: &Api) -> Result<Identity, Problem> {
    let none = || {
        let detail = "Send your key in the header Authorization: Bearer KEY.";
        Problem::new(ProblemType::Unauthorized, detail)
    };
    let header = parts.headers.get(header::AUTHORIZATION).ok_or_else(none)?;
    let key = header.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
    // Identified first: the rate is counted by key, and an invalid key must not use up another's.
    let key = key.ok_or_else(none)?.trim();
    let peer = parts.extensions.get::<Peer>().copied();
    // A key that was valid a while ago is always looked up: others may share its address.
    if let Some(peer) = peer.filter(|_| !api.service.has_seen(key)) {
        api.strangers.check(peer)?;
    }
    let identity = api.service.identify(key).await.inspect_err(|error| {
        if let (ServiceError::Unauthorized, Some(peer)) = (error, peer) {
            api.strangers.count(peer);
        }
    })?;
    // The prefix of the key, which is not secret; the line of the request shows it.
    Span::current().record("key", identity.key.as_str());
    api.rates.check(&identity.key)?;
    if let Some(held) = parts.extensions.get::<Held>() {
        let share = api.of_keys.take(identity.key.clone());
        held.hold(share.ok_or_else(|| Problem::share_taken("requests"))?);
    }
    Ok(identity)
}

impl<R: Right> FromRequestParts<Api> for By<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let by = R::of(identified(parts, api).await?)?;
        let is_asked = parts.uri.query().is_some_and(|query| !query.is_empty());
        if is_asked && parts.extensions.get::<NoQuery>().is_some() {
            return Err(Problem::malformed("query", "There is no such parameter."));
        }
        Ok(Self(by))
    }
}
