//! Authorisation: the type of the caller that a use case takes is the right that it needs.

use store::{Identity, Role};

use super::ServiceError;

/// A caller with any valid key.
#[derive(Debug, Clone)]
pub struct Caller(Identity);

/// An underwriter, analyst, funder or administrator, who may read everything.
#[derive(Debug, Clone)]
pub struct Reader(Caller);

/// An underwriter or administrator.
#[derive(Debug, Clone)]
pub struct Underwriter(Caller);

/// A party to a deal: a client for itself, an underwriter or an administrator.
#[derive(Debug, Clone)]
pub struct Party(Caller);

/// A funder or administrator, who pays out what another person has accepted.
#[derive(Debug, Clone)]
pub struct Funder(Caller);

/// An administrator.
#[derive(Debug, Clone)]
pub struct Admin(Caller);

/// A right that use cases ask for.
pub trait Right: Sized {
    /// The roles that have it.
    const ROLES: &'static [Role];

    /// Grants the right to a caller.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] if the caller's role does not have it.
    fn of(identity: Identity) -> Result<Self, ServiceError>;
}

/// Returns the caller if it has one of these roles.
fn with_role(identity: Identity, roles: &[Role]) -> Result<Caller, ServiceError> {
    if roles.contains(&identity.role) {
        return Ok(Caller(identity));
    }
    Err(ServiceError::Forbidden(identity.role))
}

impl Right for Caller {
    const ROLES: &'static [Role] =
        &[Role::Client, Role::Underwriter, Role::Analyst, Role::Funder, Role::Admin];

    fn of(identity: Identity) -> Result<Self, ServiceError> {
        Ok(Self(identity))
    }
}

impl Right for Reader {
    const ROLES: &'static [Role] = &[Role::Underwriter, Role::Analyst, Role::Funder, Role::Admin];

    fn of(identity: Identity) -> Result<Self, ServiceError> {
        with_role(identity, Self::ROLES).map(Self)
    }
}

impl Right for Underwriter {
    const ROLES: &'static [Role] = &[Role::Underwriter, Role::Admin];

    fn of(identity: Identity) -> Result<Self, ServiceError> {
        with_role(identity, Self::ROLES).map(Self)
    }
}

impl Right for Party {
    const ROLES: &'static [Role] = &[Role::Client, Role::Underwriter, Role::Admin];

    fn of(identity: Identity) -> Result<Self, ServiceError> {
        with_role(identity, Self::ROLES).map(Self)
    }
}

impl Right for Funder {
    const ROLES: &'static [Role] = &[Role::Funder, Role::Admin];

    fn of(identity: Identity) -> Result<Self, ServiceError> {
        with_role(identity, Self::ROLES).map(Self)
    }
}

impl Right for Admin {
    const ROLES: &'static [Role] = &[Role::Admin];

    fn of(identity: Identity) -> Result<Self, ServiceError> {
        with_role(identity, Self::ROLES).map(Self)
    }
}

impl Caller {
    /// The prefix of its key.
    pub fn key(&self) -> &str {
        &self.0.key
    }

    /// The holder's name, or the prefix of a key that was made without one.
    pub(super) fn holder(&self) -> &str {
        &self.0.holder
    }

    /// The client that the key belongs to.
    pub(super) fn client(&self) -> Option<&str> {
        self.0.client.as_deref()
    }

    /// True for a client, false for the factor's staff.
    pub fn is_client(&self) -> bool {
        self.0.role == Role::Client
    }

    /// Checks that the caller may see an entry of a client.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] for an entry of another client, so that a client cannot find out
    /// what exists.
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

impl AsRef<Caller> for Reader {
    fn as_ref(&self) -> &Caller {
        &self.0
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

impl AsRef<Caller> for Funder {
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
        Identity { key: "fk_1".to_owned(), role, client, holder: "fk_1".to_owned() }
    }

    #[test]
    fn each_right_belongs_to_its_roles() {
        let roles = [Role::Client, Role::Underwriter, Role::Analyst, Role::Funder, Role::Admin];
        let have = |of: fn(Identity) -> bool| roles.map(|role| of(identity(role)));
        assert_eq!(have(|own| Caller::of(own).is_ok()), [true, true, true, true, true]);
        assert_eq!(have(|own| Reader::of(own).is_ok()), [false, true, true, true, true]);
        assert_eq!(have(|own| Underwriter::of(own).is_ok()), [false, true, false, false, true]);
        assert_eq!(have(|own| Party::of(own).is_ok()), [true, true, false, false, true]);
        assert_eq!(have(|own| Funder::of(own).is_ok()), [false, false, false, true, true]);
        assert_eq!(have(|own| Admin::of(own).is_ok()), [false, false, false, false, true]);
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
