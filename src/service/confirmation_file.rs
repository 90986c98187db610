use ledger::CONFIRMATION_COLUMNS;
use policy::Confirmation;

use super::ServiceError;

/// Writes answers as the CSV file that an evaluation reads. They name no client: the ledger has
/// one, whatever it is called there.
pub(super) fn confirmation_file(answers: &[Confirmation]) -> Result<String, ServiceError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = CONFIRMATION_COLUMNS.iter().map(|column| column.name);
    writer.write_record(names).map_err(ServiceError::internal)?;
    for answer in answers {
        writer.write_record(cells(answer)).map_err(ServiceError::internal)?;
    }
    let bytes = writer.into_inner().map_err(ServiceError::internal)?;
    String::from_utf8(bytes).map_err(ServiceError::internal)
}

/// The cells of an answer, in the order of the columns.
fn cells(answer: &Confirmation) -> [String; 10] {
    let Confirmation { client: _, debtor, invoice, amount, outcome, by, at, how, note, .. } =
        answer;
    [
        String::new(),
        debtor.clone(),
        invoice.clone(),
        amount.map_or(String::new(), |amount| amount.to_string()),
        outcome.code().to_owned(),
        by.clone(),
        at.to_string(),
        how.code().to_owned(),
        note.clone().unwrap_or_default(),
        answer.document_sha256.clone().unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use policy::{Channel, ConfirmOutcome};

    use super::super::samples::amount;
    use super::*;

    #[test]
    fn each_answer_has_its_cells_in_the_columns_that_are_read() {
        let answer = Confirmation {
            client: None,
            debtor: "North, Inc".into(),
            invoice: "7".into(),
            amount: Some(amount("1250.50")),
            outcome: ConfirmOutcome::WrongAmount,
            by: "A. Reed".into(),
            at: "2026-06-12T09:30:00Z".parse().expect("a time"),
            how: Channel::GoodsReceipt,
            note: Some("says \"less\"".into()),
            document_sha256: Some("ab".repeat(32)),
        };
        let bare = Confirmation {
            amount: None,
            note: None,
            document_sha256: None,
            outcome: ConfirmOutcome::NoAnswer,
            ..answer.clone()
        };
        let file = confirmation_file(&[answer, bare]).expect("a file");
        let hash = "ab".repeat(32);
        let expected = format!(
            "client,debtor,invoice,amount,outcome,by,at,how,note,document_sha256\n\
             ,\"North, Inc\",7,1250.50,wrong_amount,A. Reed,2026-06-12T09:30:00Z,goods_receipt,\
             \"says \"\"less\"\"\",{hash}\n\
             ,\"North, Inc\",7,,no_answer,A. Reed,2026-06-12T09:30:00Z,goods_receipt,,\n"
        );
        assert_eq!(file, expected);
    }
}
