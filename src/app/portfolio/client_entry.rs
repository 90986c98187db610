use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use basics::Currency;

/// A client of the portfolio.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientEntry {
    /// The name of the client.
    pub id: String,
    /// The client's sector, for scenarios.
    pub sector: Option<String>,
    /// The files of its ledger.
    pub ledger: OneOrMore,
    /// The currency of rows that name none.
    pub currency: Option<Currency>,
    /// A policy file for this client.
    pub policy: Option<PathBuf>,
    /// A facility file: terms agreed and funds drawn.
    pub facility: Option<PathBuf>,
    /// A file of facts about its debtors.
    pub debtors: Option<PathBuf>,
}

/// One path or several.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    One(PathBuf),
    More(Vec<PathBuf>),
}

impl ClientEntry {
    /// An entry for a client whose ledger is the file or folder of this name.
    pub fn found(id: String, name: String) -> Self {
        Self {
            id,
            sector: None,
            ledger: OneOrMore::One(PathBuf::from(name)),
            currency: None,
            policy: None,
            facility: None,
            debtors: None,
        }
    }
}

impl OneOrMore {
    /// The paths, relative to a folder.
    pub fn below(&self, folder: &Path) -> Vec<PathBuf> {
        match self {
            Self::One(path) => vec![folder.join(path)],
            Self::More(paths) => paths.iter().map(|path| folder.join(path)).collect(),
        }
    }
}
