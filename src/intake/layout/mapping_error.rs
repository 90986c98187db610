use thiserror::Error;

use basics::handwritten::Faults;

/// Why a mapping file cannot be used: everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(transparent)]
pub struct MappingError(#[from] pub Faults);
