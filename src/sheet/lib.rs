//! Files as rows of cells, before anything is known about their meaning.
//!
//! [`open()`] is the entry point: text files, workbooks, JSON, electronic invoices and Parquet,
//! alone, in folders and in archives, all become [`Sheet`]s, whose cells are texts with the kind
//! that the format gives them. Whatever depends on the meaning of cells, such as the delimiter of a
//! text, is asked of a [`Reader`]. A plain text or Parquet file may instead be read in one pass,
//! with [`open_stream`], [`BlockReader`] and [`ParquetColumns`]. To add a format, add a case to
//! `open.rs` and a module that fills a [`Sheet`].
//!
//! Files come from strangers, by upload too. Every reader therefore keeps to limits of memory and
//! time whatever a file claims, and a damaged file is an error and never a panic.
//!
//! ```
//! use std::borrow::Cow;
//!
//! use factorage_sheet::{CellKind, FileError, Input, Reader, Source, open};
//!
//! /// Knows two column names.
//! struct Known;
//!
//! impl Reader for Known {
//!     fn columns_named(&self, cells: &[Cow<'_, str>]) -> usize {
//!         cells.iter().filter(|cell| matches!(cell.as_ref(), "number" | "amount")).count()
//!     }
//!
//!     fn refuses(&self, _file: &str, _members: &[(String, &str)]) -> Option<FileError> {
//!         None
//!     }
//! }
//!
//! let input = Input::of(&Source::bytes("export.csv", "number;amount\nA-1;1.200,50\n"))?;
//! let (files, strays) = open(&input, &Known)?;
//! assert!(strays.is_empty());
//! let row = files[0].sheets[0].row(1);
//! assert_eq!((row.line, row.text(1), row.kind(1)), (2, "1.200,50", Some(CellKind::Text)));
//! # Ok::<(), FileError>(())
//! ```

mod archive;
mod blocks;
mod cells;
mod decimal;
mod error;
mod file_error;
mod foreign;
mod input;
mod json;
mod limits;
mod numbers;
mod open;
mod parquet;
mod reader;
mod records;
mod source;
mod stream;
mod text;
mod ubl;
mod workbook;

pub use blocks::{Block, BlockReader};
pub use cells::{CellKind, Sheet, SheetRow};
pub use error::SheetError;
pub use file_error::FileError;
pub use foreign::{by_name, check_bytes};
pub use input::{Input, Progress, Seekable};
pub use limits::MAX_COLUMNS;
pub use numbers::Numbers;
pub use open::{Opened, open};
pub use parquet::{ParquetColumns, TextColumn, digest, is_decoding, parquet_header};
pub use reader::Reader;
pub use records::{DELIMITERS, blank_lines, csv_reader, decoded, swallows_rows};
pub use source::Source;
pub use stream::{Stream, open as open_stream};
pub use text::{Text, read_text};

use limits::{MAX_CELL_BYTES, MAX_CELLS};
