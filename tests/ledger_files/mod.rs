//! Ledger files, each with one trait (`valid`, `parquet`) or one defect (`invalid`) that its name
//! tells.
//!
//! The Parquet files were written with pyarrow for these tests, because our own polars does not
//! write every type that other tools do.

mod as_of;
mod expected;
mod invalid;
mod parquet;
mod sub_customers;
mod valid;
mod workbooks;

use std::fs;
use std::path::{Path, PathBuf};

use factorage::app::{Evaluation, evaluate};

use crate::evaluated::request;

/// A file of `tests/ledger_files`.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ledger_files").join(name)
}

/// The file under the standard policy, as of its own date. A file with one good row is evaluated.
#[track_caller]
fn evaluated(name: &str) -> Evaluation {
    let request = request(vec![path(name)]);
    evaluate(&request, &|_| ()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Names of the files in a folder, in order; folders in it are left out.
fn files_in(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(path(folder)).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}
