//! Layouts: the column names of an accounting system's export, and the features by which it is
//! recognised. Each is a TOML file in `layouts/`.

mod definition;
mod embedded;
mod file;
mod kinds;
mod mapping_error;
mod spellings;
mod starter;

pub use definition::Layout;
pub use embedded::{embedded, layout_names, named};
pub use kinds::{DocumentKind, StatusKind, TableKind};
pub use mapping_error::MappingError;
pub use spellings::spelled;
pub use starter::starter;
