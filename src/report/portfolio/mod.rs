//! The risk report on a portfolio as JSON, XLSX and HTML: every section is laid out once, in tables
//! and charts, and written in three formats.

mod files;
mod html;
mod json;
mod letters;
mod sections;
mod sheet;
mod tables;
mod terminal;
mod xlsx;

pub use super::chart::Chart;
pub use files::{PORTFOLIO_FILES, write_portfolio};
pub use html::portfolio_html;
pub use json::portfolio_json;
pub use letters::write_letters;
pub use sections::{Key, sections};
pub use sheet::{Cell, Column, Section, Sum, Table};
pub use tables::section_text;
pub use terminal::summary;
pub use xlsx::portfolio_xlsx;
pub(crate) use xlsx::workbook;
