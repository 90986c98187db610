//! Policies, facilities and models, kept in versions that are never changed.

use app::LoadedModel;
use offer::Facility;
use policy::Policy;
use store::{NewText, TextKind, VersionedText};

use super::names::identifier;
use super::{Admin, Caller, Expected, Reader, Service, ServiceError, Underwriter};

/// Scoring methods, which cannot be names of models.
const WAYS: [&str; 3] = ["auto", "km", "train"];

/// A text to write as a new version.
#[derive(Debug, Clone)]
pub struct WrittenText<'a> {
    /// Its name; for a facility, the client's id.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
    /// The version that the caller read.
    pub expected: Expected,
}

/// Checks the name of a model.
///
/// # Errors
/// [`ServiceError::Field`] if the name is not allowed in paths or is that of a scoring method.
pub fn model_name(name: &str) -> Result<(), ServiceError> {
    identifier("name", name)?;
    if WAYS.contains(&name) {
        let detail = "auto, km and train are scoring methods; choose another name.";
        return Err(ServiceError::field("name", detail));
    }
    Ok(())
}

impl Service {
    /// Returns the last versions of up to `most` policies after a name.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn policies(
        &self,
        _: &Reader,
        after: &str,
        most: i64,
    ) -> Result<Vec<VersionedText>, ServiceError> {
        Ok(self.store.last_versions(TextKind::Policy, after, most).await?)
    }

    /// Returns a version of a policy, by default the last one.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such policy or version.
    pub async fn policy(
        &self,
        _: &Reader,
        name: &str,
        version: Option<i64>,
    ) -> Result<VersionedText, ServiceError> {
        Ok(self.store.version(TextKind::Policy, name, version).await?)
    }

    /// Writes a new version of a policy. A policy that extends the standard one is kept in full, so
    /// that a later standard policy does not change it.
    ///
    /// # Errors
    /// [`ServiceError::Field`] if the name is not allowed or the text is not a policy,
    /// [`ServiceError::Changed`] if the policy has another version by now.
    pub async fn write_policy(
        &self,
        by: &Admin,
        WrittenText { name, text, expected }: WrittenText<'_>,
    ) -> Result<VersionedText, ServiceError> {
        identifier("name", name)?;
        let policy = text.parse::<Policy>();
        let policy = policy.map_err(|error| ServiceError::field("body", error.to_string()))?;
        // The parsed text, which has the members of what it extends.
        let (text, expected) = (policy.text(), expected.version()?);
        self.write(NewText { kind: TextKind::Policy, name, text, expected }, by.as_ref()).await
    }

    /// Returns the last versions of up to `most` facilities after a client's id.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn facilities(
        &self,
        _: &Reader,
        after: &str,
        most: i64,
    ) -> Result<Vec<VersionedText>, ServiceError> {
        Ok(self.store.last_versions(TextKind::Facility, after, most).await?)
    }

    /// Returns a version of a client's facility, by default the last one. The client reads its
    /// terms, and neither who wrote them nor the comments.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such facility or version, or the caller may not see
    /// it.
    pub async fn facility(
        &self,
        caller: &Caller,
        client: &str,
        version: Option<i64>,
    ) -> Result<VersionedText, ServiceError> {
        caller.sees(client, "facility")?;
        let written = self.store.version(TextKind::Facility, client, version).await?;
        if !caller.is_client() {
            return Ok(written);
        }
        let terms: toml::Table = written.text.parse().map_err(ServiceError::internal)?;
        let text = toml::to_string(&terms).map_err(ServiceError::internal)?;
        Ok(VersionedText { text, key_prefix: String::new(), ..written })
    }

    /// Writes a new version of a facility; the next evaluation and report take it into account.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client, [`ServiceError::Field`] if the text is
    /// not a facility, [`ServiceError::Changed`] if the facility has another version by now.
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

    /// Returns the last versions of up to `most` models after a name.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn models(
        &self,
        _: &Reader,
        after: &str,
        most: i64,
    ) -> Result<Vec<VersionedText>, ServiceError> {
        Ok(self.store.last_versions(TextKind::Model, after, most).await?)
    }

    /// Returns a version of a model, by default the last one.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such model or version.
    pub async fn model(
        &self,
        _: &Reader,
        name: &str,
        version: Option<i64>,
    ) -> Result<VersionedText, ServiceError> {
        Ok(self.store.version(TextKind::Model, name, version).await?)
    }

    /// Writes a new version of a model, which evaluations can then name.
    ///
    /// # Errors
    /// [`ServiceError::Field`] if the text is not a model, [`ServiceError::Changed`] if the model
    /// has another version by now.
    pub async fn write_model(
        &self,
        by: &Admin,
        WrittenText { name, text, expected }: WrittenText<'_>,
    ) -> Result<VersionedText, ServiceError> {
        // The name was checked before the body was received.
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
