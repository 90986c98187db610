//! The files that an offer was made with beside its ledger and its policy, kept so that staff can
//! recompute it.

use std::path::{Path, PathBuf};

use store::{Artefact, StoreError};

use super::{Reader, Service, ServiceError};

/// The names of the inputs among the files of an offer begin with this.
const INPUTS: &str = "inputs/";

/// Names a file as an input of an offer.
pub(super) fn input(file: Artefact) -> Artefact {
    Artefact { name: format!("{INPUTS}{}", file.name), ..file }
}

/// The name of a previous ledger among the inputs, by its number from 0 on: every ledger may have
/// the name of another file, so only the extension is its own.
pub(super) fn previous_name(number: usize, file_name: &str) -> String {
    let name = match number {
        0 => "previous".to_owned(),
        // As many digits as the list of them has, so that it is ordered.
        more => format!("previous_{:02}", more + 1),
    };
    let extension = Path::new(file_name).extension().and_then(|own| own.to_str());
    let plain = extension.filter(|own| own.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    match plain {
        Some(own) => format!("{name}.{}", own.to_ascii_lowercase()),
        None => name,
    }
}

impl Service {
    /// Returns the inputs of an offer beside its ledger and its policy, in order of their names.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such offer.
    pub async fn offer_inputs(&self, _: &Reader, id: &str) -> Result<Vec<Artefact>, ServiceError> {
        self.store.offer(id).await?;
        let files = self.store.artefacts(id).await?.into_iter();
        let inputs = files.filter_map(|file| {
            let name = file.name.strip_prefix(INPUTS)?.to_owned();
            Some(Artefact { name, ..file })
        });
        Ok(inputs.collect())
    }

    /// Returns the path of an input of an offer.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such offer, or no such input of it.
    pub async fn offer_input(
        &self,
        _: &Reader,
        id: &str,
        name: &str,
    ) -> Result<PathBuf, ServiceError> {
        self.store.offer(id).await?;
        match self.store.artefact(id, &format!("{INPUTS}{name}")).await {
            Err(StoreError::Missing(_)) => Err(ServiceError::Missing("input")),
            found => Ok(found?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_previous_ledger_is_named_by_its_extension_alone() {
        for (file, name) in [
            ("ledger.csv", "previous.csv"),
            ("May 2026.XLSX", "previous.xlsx"),
            ("a.b/c", "previous"),
            ("ledger", "previous"),
            (".csv", "previous"),
            ("a.c v", "previous"),
        ] {
            assert_eq!(previous_name(0, file), name, "{file}");
        }
        assert_eq!(previous_name(1, "ledger.csv"), "previous_02.csv");
        assert_eq!(previous_name(43, "ledger"), "previous_44");
    }

    #[test]
    fn an_input_is_apart_from_what_was_written() {
        let file = Artefact { name: "offer.json".into(), sha256: "ab".into(), bytes: 7 };
        assert_eq!(input(file).name, "inputs/offer.json");
    }
}
