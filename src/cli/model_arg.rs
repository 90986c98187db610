use std::fs;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use app::{LoadedModel, ModelChoice};
use basics::refusal;
use service::JobModel;

use super::CliError;
use super::streams::{named, read_path};

/// The value of `--model`.
#[derive(Debug, Clone)]
pub(super) enum ModelArg {
    Auto,
    Km,
    Train,
    File(PathBuf),
}

impl FromStr for ModelArg {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.to_ascii_lowercase().as_str() {
            "" => return Err("expected auto, km, train or a model file"),
            "auto" => Self::Auto,
            "km" => Self::Km,
            "train" => Self::Train,
            // As typed: on most systems names of files have their case.
            _ => Self::File(read_path(text)?),
        })
    }
}

impl From<JobModel> for ModelArg {
    fn from(model: JobModel) -> Self {
        match model {
            JobModel::Auto => Self::Auto,
            JobModel::Km => Self::Km,
            JobModel::Train => Self::Train,
            JobModel::File(path) => Self::File(path),
        }
    }
}

impl ModelArg {
    /// The model choice, with its file loaded.
    ///
    /// # Errors
    /// If the file is not a model.
    pub fn choice(&self) -> Result<ModelChoice, CliError> {
        Ok(match self {
            Self::Auto => ModelChoice::Auto,
            Self::Km => ModelChoice::Km,
            Self::Train => ModelChoice::Train,
            Self::File(path) => ModelChoice::File(Arc::new(load(path)?)),
        })
    }
}

/// Loads a model file.
///
/// # Errors
/// If the file cannot be read or is not a model; the error names it.
pub(super) fn load(path: &PathBuf) -> Result<LoadedModel, CliError> {
    let bytes = fs::read(path).map_err(|error| named(path, &refusal(&error)))?;
    LoadedModel::from_json(&bytes).map_err(|error| named(path, &error))
}
