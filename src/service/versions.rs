//! Policies, facilities and models: kept in versions that are never changed.

use app::LoadedModel;
use offer::Facility;
use policy::Policy;
use store::{NewText, TextKind, VersionedText};

use super::names::identifier;
use super::{Admin, Caller, Expected, Reader, Service, ServiceError, Underwriter};

/// Ways to score, which are no names of models.
const WAYS: [&str; 3] = ["auto", "km", "train"];

/// A text that somebody writes.
#[derive(Debug, Clone)]
pub struct WrittenText<'a> {
    /// Its name; of a facility, the client's id.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
    /// The version that the caller has read.
    pub expected: Expected,
}

/// Whether a model can have this name.
///
/// # Errors
/// [`ServiceError::Field`].
pub fn model_name(name: &str) -> Result<(), ServiceError> {
    identifier("name", name)?;
    if WAYS.contains(&name) {
        let detail = "auto, km and train are ways to score, not models.";
        return Err(ServiceError::field("name", detail));
    }
    Ok(())
}

impl Service {
    /// The last versions of all policies behind a name.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub async fn policies(
        &self,
        _: &Reader,
        after: &str,
        most: i64,
    ) -> Result<Vec<VersionedText>, ServiceError> {
        Ok(self.store.last_versions(TextKind::Policy, after, most).await?)
    }

    /// A version of a policy, else the last one.
    ///
    /// # Errors
    /// [`ServiceError::Missing`].
    pub async fn policy(
        &self,
        _: &Reader,
        name: &str,
        version: Option<i64>,
    ) -> Result<VersionedText, ServiceError> {
        Ok(self.store.version(TextKind::Policy, name, version).await?)
    }

    /// Writes a version of a policy that is one. It is kept with all that it says: a later standard
    /// policy does not change a version that extends this one.
    ///
    /// # Errors
    /// [`ServiceError::Field`], [`ServiceError::Changed`].
    pub async fn write_policy(
        &self,
        by: &Admin,
        WrittenText { name, text, expected }: WrittenText<'_>,
    ) -> Result<VersionedText, ServiceError> {
        identifier("name", name)?;
        let policy = text.parse::<Policy>();
        let policy = policy.map_err(|error| ServiceError::field("body", error.to_string()))?;
        let (text, expected) = (policy.text(), expected.version()?);
        self.write(NewText { kind: TextKind::Policy, name, text, expected }, by.as_ref()).await
    }

    /// The last versions of every client's facility behind a client's id.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub async fn facilities(
        &self,
        _: &Reader,
        after: &str,
        most: i64,
    ) -> Result<Vec<VersionedText>, ServiceError> {
        Ok(self.store.last_versions(TextKind::Facility, after, most).await?)
    }

    /// A version of what is agreed with a client, else the last one.
    ///
    /// # Errors
    /// [`ServiceError::Missing`].
    pub async fn facility(
        &self,
        caller: &Caller,
        client: &str,
        version: Option<i64>,
    ) -> Result<VersionedText, ServiceError> {
        caller.sees(client, "facility")?;
        Ok(self.store.version(TextKind::Facility, client, version).await?)
    }

    /// Writes a version of a facility; the next evaluation and report take it into account.
    ///
    /// # Errors
    /// [`ServiceError::Field`], [`ServiceError::Changed`].
    pub async fn write_facility(
        &self,
        by: &Underwriter,
        WrittenText { name, text, expected }: WrittenText<'_>,
    ) -> Result<VersionedText, ServiceError> {
        self.store.client(name).await?;
        if let Err(error) = text.parse::<Facility>() {
            return Err(ServiceError::field("body", error.to_string()));
        }
        let expected = expected.version()?;
        self.write(NewText { kind: TextKind::Facility, name, text, expected }, by.as_ref()).await
    }

    /// The last versions of all models behind a name.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub async fn models(
        &self,
        _: &Reader,
        after: &str,
        most: i64,
    ) -> Result<Vec<VersionedText>, ServiceError> {
        Ok(self.store.last_versions(TextKind::Model, after, most).await?)
    }

    /// A version of a model, else the last one.
    ///
    /// # Errors
    /// [`ServiceError::Missing`].
    pub async fn model(
        &self,
        _: &Reader,
        name: &str,
        version: Option<i64>,
    ) -> Result<VersionedText, ServiceError> {
        Ok(self.store.version(TextKind::Model, name, version).await?)
    }

    /// Writes a version of a model; evaluations name it.
    ///
    /// # Errors
    /// [`ServiceError::Field`], [`ServiceError::Changed`].
    pub async fn write_model(
        &self,
        by: &Admin,
        WrittenText { name, text, expected }: WrittenText<'_>,
    ) -> Result<VersionedText, ServiceError> {
        if let Err(error) = LoadedModel::from_json(text.as_bytes()) {
            return Err(ServiceError::field("body", error.to_string()));
        }
        let expected = expected.version()?;
        self.write(NewText { kind: TextKind::Model, name, text, expected }, by.as_ref()).await
    }

    pub(super) async fn write(
        &self,
        new: NewText<'_>,
        by: &Caller,
    ) -> Result<VersionedText, ServiceError> {
        Ok(self.store.write(new, &self.actor(by)).await?)
    }
}

#[cfg(test)]
mod tests {
    use store::Role;

    use super::super::samples::{Desk, by, run};
    use super::*;

    #[test]
    fn a_policy_is_kept_with_all_that_it_says() {
        run(async {
            let (desk, admin) = (Desk::new().await, by::<Admin>(Role::Admin));
            let own = "extends = \"standard\"\nname = \"own\"\nversion = \"1\"\n";
            let write = async |name, text, version| {
                let expected = Expected::new(Ok(version));
                desk.service.write_policy(&admin, WrittenText { name, text, expected }).await
            };
            let written = write("own", own, Some(0)).await.expect("a policy");
            assert!(written.version == 1 && written.text.contains("past_due_days"), "{written:?}");
            assert_eq!(write("own", own, None).await.expect("the same").version, 1);
            assert_eq!(write("own", own, Some(0)).await, Err(ServiceError::Changed(1)));
            assert!(matches!(
                write("own", "name = 1", None).await,
                Err(ServiceError::Field { .. })
            ));
            let read = desk.service.policy(&by(Role::Analyst), "own", Some(2)).await;
            assert_eq!(read, Err(ServiceError::Missing("policy")));
        });
    }

    #[test]
    fn ways_to_score_are_no_names_of_models() {
        assert_eq!(model_name("house-2026"), Ok(()));
        for wrong in ["auto", "km", "train", "", "a b"] {
            assert!(model_name(wrong).is_err(), "{wrong}");
        }
    }
}
