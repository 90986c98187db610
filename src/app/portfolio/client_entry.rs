use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use basics::Currency;

/// A client of the portfolio.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientEntry {
    pub id: String,
    /// The client's sector, for scenarios.
    pub sector: Option<String>,
    /// Its ledger's files.
    pub ledger: OneOrMore,
    pub currency: Option<Currency>,
    pub policy: Option<PathBuf>,
    pub facility: Option<PathBuf>,
    pub debtors: Option<PathBuf>,
}

/// A path, or several.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    One(PathBuf),
    More(Vec<PathBuf>),
}

impl ClientEntry {
    /// The client whose ledger is a file or folder of this name.
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
    /// The paths, below a folder.
    pub fn below(&self, folder: &Path) -> Vec<PathBuf> {
        match self {
            Self::One(path) => vec![folder.join(path)],
            Self::More(paths) => paths.iter().map(|path| folder.join(path)).collect(),
        }
    }
}
