//! A trained model as one JSON file, with what a reader has to know to judge it.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use basics::handwritten::{Fault, Faults, Place, from_program};
use basics::{counted, grouped};

use super::boosted::BoostedHazard;
use super::features;
use super::validation::{Bin, Metrics};

/// The version of the file format.
pub const MODEL_FORMAT: &str = "factorage.model/1";

/// A trained model with its card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelFile {
    /// [`MODEL_FORMAT`].
    pub format: String,
    /// The version of the engine that trained it.
    pub engine_version: String,
    /// The purpose of the model, how it was made, and where it should not be used.
    pub card: Vec<String>,
    /// SHA-256 of the ledger files, in order of the files.
    pub ledger_sha256: Vec<String>,
    /// The features, in the order of the bins.
    pub features: Vec<FeatureCard>,
    /// The fit of a model trained in the same way on earlier data to what came since; absent if the
    /// ledger is too short.
    pub check: Option<Check>,
    /// The model.
    pub model: BoostedHazard,
}

/// A feature as declared when the model was trained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureCard {
    /// The name.
    pub name: String,
    /// The meaning.
    pub meaning: String,
    /// The unit.
    pub unit: String,
}

/// A test on the last part of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// The day on which invoices were scored, by a model trained on what was known then.
    pub origin: chrono::NaiveDate,
    /// The fit of the scores.
    pub model: Metrics,
    /// The fit of the debtors' own Kaplan-Meier curves.
    pub kaplan_meier: Metrics,
    /// Predicted and observed shares within 30 days.
    pub calibration_30: Vec<Bin>,
}

/// The reason why a file is not a usable model.
#[derive(Debug, Error)]
pub enum ModelFileError {
    /// The file is not JSON, or does not have this shape.
    #[error("not a model file: {0}")]
    Json(#[from] Faults),
    /// The file has another format version.
    #[error(
        "the model file has format '{found}', expected '{MODEL_FORMAT}'; train the model again"
    )]
    Format {
        /// The format named.
        found: String,
    },
    /// The model was trained on other features.
    #[error(
        "the model was trained on different features from this version's ({found}); train it again"
    )]
    Features {
        /// The first feature that differs.
        found: String,
    },
    /// The file holds invalid numbers or broken trees.
    #[error("the model file is damaged: {0}")]
    Damaged(&'static str),
}

impl ModelFile {
    /// Creates the file of a model.
    pub fn new(model: BoostedHazard, ledger_sha256: Vec<String>, check: Option<Check>) -> Self {
        Self {
            format: MODEL_FORMAT.to_owned(),
            engine_version: env!("CARGO_PKG_VERSION").to_owned(),
            card: card(&model),
            ledger_sha256,
            features: declared(),
            check,
            model,
        }
    }

    /// Reads a file and checks that it can be used.
    ///
    /// # Errors
    /// [`ModelFileError`] if the bytes are not JSON of this shape, if the format or the features
    /// differ from those of this version, or if the model is damaged.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ModelFileError> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Faults::from(Fault::says(Place::Whole, "", "it is not UTF-8 text")))?;
        // The format first: a file of another version would only fail with a riddle about its
        // shape.
        let format: Format = from_program(text)?;
        if format.format != MODEL_FORMAT {
            return Err(ModelFileError::Format { found: format.format });
        }
        let file: Self = from_program(text)?;
        let expected = declared();
        let differs = file.features.iter().zip(&expected).find(|(found, own)| found != own);
        if file.features.len() != expected.len() || differs.is_some() {
            let found = match differs {
                Some((found, _)) => found.name.clone(),
                None => format!("{} instead of {}", file.features.len(), expected.len()),
            };
            return Err(ModelFileError::Features { found });
        }
        file.model.check().map_err(ModelFileError::Damaged)?;
        Ok(file)
    }
}

#[derive(Deserialize)]
struct Format {
    format: String,
}

fn declared() -> Vec<FeatureCard> {
    let card = |[name, meaning, unit]: [&str; 3]| FeatureCard {
        name: name.to_owned(),
        meaning: meaning.to_owned(),
        unit: unit.to_owned(),
    };
    features::declared().map(card).collect()
}

fn card(model: &BoostedHazard) -> Vec<String> {
    let training = model.training();
    let own = |text: &str| text.to_owned();
    vec![
        own("Use: P(collected in cash by day d) of open invoices, for pricing and reserves. It \
             does not explain why a debtor pays late, and it is not a credit rating."),
        own("Method: daily discrete-time hazard. The log-odds of payment on a day start from the \
             debtor's own Kaplan-Meier hazard, shrunk towards all debtors, and are corrected by \
             boosted trees; credits and write-offs are competing events."),
        format!(
            "Trained on {} ({} paid in cash) of {}, observed on past days: {} and {} of the days \
             that followed.",
            counted(training.invoices, "invoice", "invoices"),
            grouped(&training.paid_invoices.to_string()),
            counted(training.clients, "client", "clients"),
            counted(training.landmark_rows, "invoice row", "invoice rows"),
            counted(training.day_rows, "row", "rows")
        ),
        own("Limits: events that the ledger does not show, such as a debtor's failure, are not \
             foreseen before payments slow down; a client whose business differs from those of \
             the training data is scored on its own history alone. Test it on the client's own \
             ledger with `factorage backtest`."),
    ]
}
