//! Parquet files as other tools write them: two invoices of 1,250.00 and 349.95, one odd column.

use factorage::app::evaluate;

use super::{files_in, path};
use crate::evaluated::{only_part, request};

/// The fault of the evaluation of a file, if there is one.
fn complaint(name: &str) -> Option<String> {
    let request = request(vec![path(&format!("parquet/{name}"))]);
    // A panic inside of the frame library is a complaint like any other.
    let evaluated = std::panic::catch_unwind(|| evaluate(&request, &|_| ()));
    let evaluation = match evaluated {
        Err(_) => return Some(format!("{name}: panicked")),
        Ok(Err(error)) => return Some(format!("{name}: {error}")),
        Ok(Ok(evaluation)) => evaluation,
    };
    let lines = &only_part(&evaluation).lines;
    let line = |at: usize| (lines[at].debtor_id.as_str(), lines[at].face.to_string());
    let read = (lines.len() == 2).then(|| [line(0), line(1)]);
    let expected = [("10", "1250.00".to_owned()), ("11", "349.95".to_owned())];
    let dates = lines.iter().map(|line| line.invoice_date.to_string()).collect::<Vec<_>>();
    let right = read.as_ref() == Some(&expected) && dates == ["2026-05-04", "2026-05-18"];
    (!right).then(|| format!("{name}: read as {read:?} on {dates:?}"))
}

#[test]
fn a_column_is_read_whatever_type_another_tool_gave_it() {
    let names = files_in("parquet");
    assert_eq!(names.len(), 12);
    let complaints: Vec<String> = names.iter().filter_map(|name| complaint(name)).collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}
