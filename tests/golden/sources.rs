//! A ledger as a path and as bytes in memory: the same offer.

use std::fs;
use std::path::Path;

use factorage::app::{EvaluateRequest, evaluate};
use factorage::ledger::Source;
use factorage::policy::Policy;

use crate::evaluated::offer_text;

fn offer(source: Source) -> (String, Vec<String>) {
    let policy = Policy::standard().expect("the standard policy");
    let evaluation = evaluate(&EvaluateRequest::new([source], policy), &|_| ()).expect("an offer");
    let files = evaluation.certificate.files.iter().map(|file| file.sha256.clone()).collect();
    (offer_text(&evaluation), files)
}

#[test]
fn bytes_are_read_as_the_file_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in ["data/messy_export.csv", "tests/ledger_files/exports/xlsx_plain.xlsx"] {
        let path = root.join(file);
        let bytes = fs::read(&path).expect("a file");
        let name = path.display().to_string();
        assert_eq!(offer(Source::bytes(name, bytes)), offer(path.into()), "{file}");
    }
}
