//! Layouts: how an accounting system's export calls its columns and what tells it apart. Each is a

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
