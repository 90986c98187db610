//! Who may do what: a use case states its right by the caller that it takes.

use store::{Identity, Role};

use super::ServiceError;

/// Anyone with a valid key.
#[derive(Debug, Clone)]
pub struct Caller(Identity);

/// Underwriters, analysts and administrators: who may read everything.
#[derive(Debug, Clone)]
pub struct Reader(());

/// Underwriters and administrators.
#[derive(Debug, Clone)]
pub struct Underwriter(Caller);

/// The parties to a deal: a client for itself, underwriters and administrators.
#[derive(Debug, Clone)]
pub struct Party(Caller);

/// Administrators.
#[derive(Debug, Clone)]
pub struct Admin(Caller);

/// What a caller has to be for a use case.
pub trait Right: Sized {
    /// The right of a caller.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for one of another role.
    fn of(identity: Identity) -> Result<Self, ServiceError>;
}

/// The caller, if it has one of these roles.
fn with_role(identity: Identity, roles: &[Role]) -> Result<Caller, ServiceError> {
    if roles.contains(&identity.role) {
        return Ok(Caller(identity));
    }
    Err(ServiceError::Forbidden(identity.role))
}

impl Right for Caller {
    fn of(identity: Identity) -> Result<Self, ServiceError> {
        Ok(Self(identity))
    }
}

impl Right for Reader {
    fn of(identity: Identity) -> Result<Self, ServiceError> {
        with_role(identity, &[Role::Underwriter, Role::Analyst, Role::Admin]).map(|_| Self(()))
    }
}

impl Right for Underwriter {
    fn of(identity: Identity) -> Result<Self, ServiceError> {
        with_role(identity, &[Role::Underwriter, Role::Admin]).map(Self)
    }
}

impl Right for Party {
    fn of(identity: Identity) -> Result<Self, ServiceError> {
        with_role(identity, &[Role::Client, Role::Underwriter, Role::Admin]).map(Self)
    }
}

impl Right for Admin {
    fn of(identity: Identity) -> Result<Self, ServiceError> {
        with_role(identity, &[Role::Admin]).map(Self)
    }
}

impl Caller {
    /// Prefix of its key.
    pub fn key(&self) -> &str {
        &self.0.key
    }

    /// The client whose key it is.
    pub(super) fn client(&self) -> Option<&str> {
        self.0.client.as_deref()
    }

    /// Whether it is a client, and none of the factor's staff.
    pub(super) fn is_client(&self) -> bool {
        self.0.role == Role::Client
    }

    /// Whether the caller may see what belongs to a client; another client's is not there for it.
    ///
    /// # Errors
    /// [`ServiceError::Missing`], which does not tell whether it exists.
    pub(super) fn sees(&self, client: &str, what: &'static str) -> Result<(), ServiceError> {
        match self.client() {
            Some(own) if own != client => Err(ServiceError::Missing(what)),
            _ => Ok(()),
        }
    }
}

impl AsRef<Caller> for Caller {
    fn as_ref(&self) -> &Caller {
        self
    }
}

impl AsRef<Caller> for Underwriter {
    fn as_ref(&self) -> &Caller {
        &self.0
    }
}

impl AsRef<Caller> for Party {
    fn as_ref(&self) -> &Caller {
        &self.0
    }
}

impl AsRef<Caller> for Admin {
    fn as_ref(&self) -> &Caller {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(role: Role) -> Identity {
        let client = (role == Role::Client).then(|| "acme".to_owned());
        Identity { key: "fk_1".to_owned(), role, client }
    }

    #[test]
    fn each_right_belongs_to_its_roles() {
        let roles = [Role::Client, Role::Underwriter, Role::Analyst, Role::Admin];
        let have = |of: fn(Identity) -> bool| roles.map(|role| of(identity(role)));
        assert_eq!(have(|own| Caller::of(own).is_ok()), [true, true, true, true]);
        assert_eq!(have(|own| Reader::of(own).is_ok()), [false, true, true, true]);
        assert_eq!(have(|own| Underwriter::of(own).is_ok()), [false, true, false, true]);
        assert_eq!(have(|own| Party::of(own).is_ok()), [true, true, false, true]);
        assert_eq!(have(|own| Admin::of(own).is_ok()), [false, false, false, true]);
        let refused = Admin::of(identity(Role::Analyst)).expect_err("no administrator");
        assert_eq!(refused.to_string(), "A key with the role analyst may not do this.");
    }

    #[test]
    fn a_client_sees_its_own_and_the_staff_everything() {
        let client = Caller::of(identity(Role::Client)).expect("a caller");
        assert_eq!(client.sees("acme", "offer"), Ok(()));
        assert_eq!(client.sees("other", "offer"), Err(ServiceError::Missing("offer")));
        let staff = Caller::of(identity(Role::Analyst)).expect("a caller");
        assert_eq!(staff.sees("other", "offer"), Ok(()));
    }
}
