//! Who calls: every route states its permission by the extractor that it asks for.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use store::{Identity, Role};

use super::Service;
use super::problem::{Problem, ProblemType};

/// Anyone with a valid key.
pub struct Caller(pub Identity);

/// Underwriters, analysts and administrators: who may read everything.
pub struct Reader;

/// Underwriters and administrators.
pub struct Underwriter(pub Identity);

/// The parties to a deal: a client for itself, underwriters and administrators.
pub struct Party(pub Caller);

/// Administrators.
pub struct Admin(pub Identity);

impl Caller {
    /// Whether the caller may see what belongs to a client; another client's is not there for it.
    ///
    /// # Errors
    /// A problem that does not tell whether it exists.
    pub fn sees(&self, client: &str, what: &str) -> Result<(), Problem> {
        match &self.0.client {
            Some(own) if own != client => Err(Problem::missing(what)),
            _ => Ok(()),
        }
    }
}

async fn identified(parts: &Parts, service: &Service) -> Result<Identity, Problem> {
    let wrong = |detail| Problem::new(ProblemType::Unauthorized, detail);
    let header = parts.headers.get(header::AUTHORIZATION);
    let header = header.ok_or_else(|| wrong("Send the header Authorization: Bearer KEY."))?;
    let key = header.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
    let key = key.ok_or_else(|| wrong("Send the header Authorization: Bearer KEY."))?;
    let key = key.trim();
    let identity = if let Some(identity) = service.known.get(key) {
        identity
    } else {
        let found = service.store.identify(key, &service.now()).await?;
        let found = found.ok_or_else(|| wrong("The key is unknown, expired or revoked."))?;
        service.known.put(key, &found);
        found
    };
    service.rates.check(&identity.key)?;
    Ok(identity)
}

/// Whether the caller has one of these roles.
fn allowed(caller: &Identity, roles: &[Role]) -> Result<(), Problem> {
    if roles.contains(&caller.role) {
        return Ok(());
    }
    let detail = format!("A key with the role {} may not do this.", caller.role.as_str());
    Err(Problem::new(ProblemType::Forbidden, detail))
}

async fn with_role(parts: &Parts, service: &Service, roles: &[Role]) -> Result<Identity, Problem> {
    let identity = identified(parts, service).await?;
    allowed(&identity, roles)?;
    Ok(identity)
}

impl FromRequestParts<Service> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        Ok(Self(identified(parts, service).await?))
    }
}

impl FromRequestParts<Service> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        let roles = [Role::Underwriter, Role::Analyst, Role::Admin];
        with_role(parts, service, &roles).await?;
        Ok(Self)
    }
}

impl FromRequestParts<Service> for Party {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        let roles = [Role::Client, Role::Underwriter, Role::Admin];
        Ok(Self(Caller(with_role(parts, service, &roles).await?)))
    }
}

impl FromRequestParts<Service> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        Ok(Self(with_role(parts, service, &[Role::Admin]).await?))
    }
}

impl FromRequestParts<Service> for Underwriter {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        Ok(Self(with_role(parts, service, &[Role::Underwriter, Role::Admin]).await?))
    }
}
