use thiserror::Error;

use basics::handwritten::Faults;

/// All faults of a mapping file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(transparent)]
pub struct MappingError(#[from] pub Faults);
