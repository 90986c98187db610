//! Reading damaged files: every row ends in exactly one place, and nothing panics.

use factorage::ledger::FootingCertificate;
use proptest::prelude::*;

use super::cases;
use super::ledgers::{csv, damage, damaged, with_hostile_rows};
use crate::evaluated::Desk;

fn foots(certificate: &FootingCertificate) -> Result<(), TestCaseError> {
    let rows = certificate.rows;
    prop_assert!(certificate.foots);
    let placed = rows.invoices + rows.classified.sum() + rows.rejects;
    prop_assert_eq!(rows.read, placed);
    prop_assert_eq!(certificate.files.iter().map(|file| file.rows).sum::<u64>(), rows.read);
    for totals in &certificate.currencies {
        let minor = |amount: basics::Money| i128::from(amount.minor());
        let reduced = minor(totals.payments) + minor(totals.credits) + minor(totals.write_offs);
        prop_assert_eq!(minor(totals.face) - reduced, minor(totals.open));
        let kept = totals.face.to_decimal() - totals.credit_note_amount.to_decimal();
        prop_assert_eq!(kept + totals.rejected, totals.amount_column);
    }
    Ok(())
}

/// Rows that a reader of lines would count, where no quote or carriage return confuses it.
fn lines_below_the_header(bytes: &[u8]) -> Option<u64> {
    let plain = !bytes.iter().any(|byte| matches!(byte, b'"' | b'\r' | 0));
    let lines = bytes.split(|byte| *byte == b'\n').count() as u64;
    let last_is_empty = u64::from(bytes.last() == Some(&b'\n'));
    plain.then(|| lines - last_is_empty - 1)
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn every_row_of_a_damaged_file_ends_in_exactly_one_place(
        rows in with_hostile_rows(40),
        damage in damage(),
    ) {
        let bytes = damaged(csv(&rows).as_bytes(), &damage);
        match Desk::with("ledger.csv", &bytes).try_evaluate() {
            Ok(evaluation) => {
                let certificate = &evaluation.certificate;
                foots(certificate)?;
                prop_assert_eq!(evaluation.rejects.len() as u64, certificate.rows.rejects);
                if let Some(lines) = lines_below_the_header(&bytes) {
                    prop_assert_eq!(certificate.rows.read, lines);
                }
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn bytes_of_any_kind_are_an_error_or_a_ledger(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        if let Ok(evaluation) = Desk::with("ledger.csv", &bytes).try_evaluate() {
            foots(&evaluation.certificate)?;
        }
    }
}
