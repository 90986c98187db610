//! The answers of debtors that were asked to confirm invoices: their file, and the clients that
//! they are about.

use std::collections::HashMap;
use std::fs;
use std::str::FromStr;

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use thiserror::Error;

use basics::handwritten::{Fault, Faults, Place, nearest};
use basics::{Amount, folded, hex};
use ledger::{CONFIRMATION_COLUMNS, FileError, Ledger, OwnRow, Source, confirmation_table};
use offer::AnswersFile;
use policy::{AnswerTime, Channel, ConfirmOutcome, Confirmation};

/// A file of confirmations that cannot be used.
#[derive(Debug, Error)]
pub enum ConfirmationsError {
    /// The file cannot be read as a table.
    #[error(transparent)]
    File(#[from] FileError),
    /// Something is wrong with its rows.
    #[error("{file}: {faults}")]
    Rows {
        /// The file as the user named it.
        file: String,
        /// Everything that is wrong, each with its line, column and value.
        faults: Faults,
    },
    /// The policy confirms nothing.
    #[error(
        "{0}: the policy has no section confirm, which says how long a confirmation counts; add \
         it to the policy, or leave the confirmations out"
    )]
    NoTerms(String),
}

/// A file of confirmations.
#[derive(Debug)]
pub(super) struct ConfirmationFile {
    name: String,
    sha256: String,
    /// Each answer with its line.
    pub answers: Vec<(u64, Confirmation)>,
}

/// The answers about each client of a ledger, in its order.
#[derive(Debug)]
pub(super) struct ByClient(Vec<ClientAnswers>);

/// The answers about one client.
#[derive(Debug, Clone, Default)]
pub(super) struct ClientAnswers {
    pub answers: Vec<Confirmation>,
    /// Their places in the file.
    pub rows: Vec<usize>,
}

impl ConfirmationFile {
    /// Reads a file of confirmations.
    ///
    /// # Errors
    /// If the file cannot be read, or if anything is wrong with a row; everything is told at once.
    pub fn read(source: &Source) -> Result<Self, ConfirmationsError> {
        let name = source.name();
        let bytes = match source {
            Source::Bytes { bytes, .. } => bytes.to_vec(),
            Source::Path(path) => {
                fs::read(path).map_err(|source| FileError::Io { file: name.clone(), source })?
            }
        };
        let table = confirmation_table(&name, &bytes)?;
        let mut faults = table.faults;
        let read = |row: &OwnRow| (row.line, Reading { row, faults: &mut faults }.confirmation());
        let read: Vec<_> = table.rows.iter().map(read).collect();
        if !faults.is_empty() {
            let faults = Faults::new(faults);
            return Err(ConfirmationsError::Rows { file: name, faults });
        }
        let answers = read.into_iter().filter_map(|(line, read)| Some((line, read?))).collect();
        Ok(Self { name, sha256: hex(&Sha256::digest(&bytes)), answers })
    }

    /// The file as the user named it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The record of it in the provenance of an offer.
    pub fn provenance(&self) -> AnswersFile {
        let Self { name, sha256, answers } = self;
        AnswersFile { name: name.clone(), sha256: sha256.clone(), answers: answers.len() }
    }

    /// Assigns the answers to the clients of a ledger. One that names no client is about the only
    /// client there is.
    ///
    /// # Errors
    /// If the ledger has several clients, and an answer names none.
    pub fn by_client(&self, ledger: &Ledger) -> Result<ByClient, ConfirmationsError> {
        let only = ledger.clients.len() == 1;
        let places: HashMap<String, usize> =
            ledger.clients.iter().enumerate().map(|(at, own)| (folded(&own.id), at)).collect();
        let is_unnamed = ledger.clients.first().is_some_and(|own| own.id.is_empty());
        let mut all = vec![ClientAnswers::default(); ledger.clients.len()];
        let mut faults = Vec::new();
        for (at, (line, answer)) in self.answers.iter().enumerate() {
            let client = match &answer.client {
                None if only => Some(0),
                None => {
                    let fault = "client is empty, but the ledger has several clients";
                    faults.push(Fault::says(place(*line), "", fault));
                    None
                }
                Some(_) if only && is_unnamed => Some(0),
                Some(client) => places.get(&folded(client)).copied(),
            };
            if let Some(own) = client.and_then(|client| all.get_mut(client)) {
                own.answers.push(answer.clone());
                own.rows.push(at);
            }
        }
        if !faults.is_empty() {
            let (file, faults) = (self.name.clone(), Faults::new(faults));
            return Err(ConfirmationsError::Rows { file, faults });
        }
        Ok(ByClient(all))
    }
}

impl ByClient {
    /// The answers about the client at this place of the ledger.
    pub fn of(&self, client: usize) -> Option<&ClientAnswers> {
        self.0.get(client)
    }
}

/// A row about to become a confirmation, and where its faults are put.
struct Reading<'a> {
    row: &'a OwnRow,
    faults: &'a mut Vec<Fault>,
}

impl Reading<'_> {
    /// Reads the row; `None` if anything is wrong with it.
    fn confirmation(mut self) -> Option<Confirmation> {
        let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let own = |name: &str| {
            let at = CONFIRMATION_COLUMNS.iter().position(|column| column.name == name);
            at.map_or("", |at| self.row.values[at].as_str())
        };
        let [client, debtor, invoice, by, note] =
            ["client", "debtor", "invoice", "by", "note"].map(own);
        let [amount, outcome, at, how, document] =
            ["amount", "outcome", "at", "how", "document_sha256"].map(own);
        let outcomes: Vec<&str> = ConfirmOutcome::ALL.iter().map(|own| own.code()).collect();
        let channels: Vec<&str> = Channel::ALL.iter().map(|own| own.code()).collect();
        let outcome: Option<ConfirmOutcome> = self.word("outcome", outcome, &outcomes);
        let how: Option<Channel> = self.word("how", how, &channels);
        let at = self.time(at);
        let amount = self.amount(amount, outcome);
        let document = self.sha256(document);
        Some(Confirmation {
            client: optional(client),
            debtor: debtor.to_owned(),
            invoice: invoice.to_owned(),
            amount: amount?,
            outcome: outcome?,
            by: by.to_owned(),
            at: at?,
            how: how?,
            note: optional(note),
            document_sha256: document?,
        })
    }

    /// Adds a fault of a value; that it is empty where it must not be has been told.
    fn wrong<T>(&mut self, column: &str, found: &str, expected: impl Into<String>) -> Option<T> {
        let fault = Fault::value(place(self.row.line), column, &quoted(found), expected);
        self.faults.push(fault);
        None
    }

    /// Reads a word of a list; `codes` are all of them.
    fn word<T: FromStr>(&mut self, column: &str, found: &str, codes: &[&str]) -> Option<T> {
        let word = found.parse().ok();
        if word.is_some() || found.is_empty() {
            return word;
        }
        let guess = nearest(found, codes.iter().copied());
        let guess = guess.map_or(String::new(), |guess| format!("; did you mean {guess}?"));
        let codes = match codes {
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
            [] => String::new(),
        };
        self.wrong(column, found, format!("{codes}{guess}"))
    }

    fn time(&mut self, found: &str) -> Option<AnswerTime> {
        let in_range = |at: &AnswerTime| (0..=ledger::LAST_DAY).contains(&at.day());
        let at = found.parse().ok().filter(in_range);
        if at.is_some() || found.is_empty() {
            return at;
        }
        let expected = "a day such as 2026-06-30 or a time such as 2026-06-30T09:00:00Z";
        self.wrong("at", found, expected)
    }

    /// The amount, which the outcome `wrong_amount` must have.
    #[expect(clippy::option_option, reason = "a fault, no cell, or a value")]
    fn amount(&mut self, found: &str, outcome: Option<ConfirmOutcome>) -> Option<Option<Amount>> {
        if found.is_empty() && outcome == Some(ConfirmOutcome::WrongAmount) {
            let expected = "the amount that the debtor owes, because the outcome is wrong_amount";
            let fault = Fault::missing(place(self.row.line), "amount", expected);
            self.faults.push(fault);
            return None;
        }
        if found.is_empty() {
            return Some(None);
        }
        match amount(found) {
            Some(amount) => Some(Some(amount)),
            None => self.wrong("amount", found, "an amount such as 1250.00, without a currency"),
        }
    }

    #[expect(clippy::option_option, reason = "a fault, no cell, or a value")]
    fn sha256(&mut self, found: &str) -> Option<Option<String>> {
        let is_hash = found.len() == 64 && found.bytes().all(|byte| byte.is_ascii_hexdigit());
        if found.is_empty() || is_hash {
            return Some(is_hash.then(|| found.to_ascii_lowercase()));
        }
        self.wrong("document_sha256", found, "a SHA-256 of 64 hexadecimal digits")
    }
}

/// An amount with a decimal point, whatever the ledger uses: the file is written by hand. Commas
/// may stand before every third digit.
fn amount(text: &str) -> Option<Amount> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut grouped = || groups.all(|group| group.len() == 3 && is_number(group));
    let is_grouped = first == whole || (first.len() <= 3 && grouped());
    let is_amount = is_number(first) && is_grouped && is_number(decimals);
    let number = is_amount.then(|| text.replace(',', "").parse::<Decimal>().ok())?;
    number.map(Amount)
}

fn place(line: u64) -> Place {
    Place::Line(usize::try_from(line).unwrap_or(usize::MAX))
}

/// A value in quotes, cut to a length that fits into a sentence.
fn quoted(value: &str) -> String {
    let shown: String = value.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
    match shown.char_indices().nth(60) {
        Some((end, _)) => format!("'{}...'", &shown[..end]),
        None => format!("'{shown}'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "client,debtor,invoice,amount,outcome,by,at,how,note,document_sha256\n";

    fn read(text: &str) -> Result<ConfirmationFile, ConfirmationsError> {
        ConfirmationFile::read(&Source::bytes("answers.csv", text))
    }

    /// The faults of these rows below the header.
    fn told(rows: &str) -> Vec<String> {
        match read(&format!("{HEADER}{rows}")).expect_err(rows) {
            ConfirmationsError::Rows { file, faults } => {
                assert_eq!(file, "answers.csv");
                faults.all().iter().map(ToString::to_string).collect()
            }
            other => panic!("{other}"),
        }
    }

    #[test]
    fn every_column_is_read_and_most_may_be_empty() {
        let hash = "AB".repeat(32);
        let text = format!(
            "{HEADER}Acme,D1,7,\"1,250.50\",Wrong amount,A. Reed,2026-06-12T09:30:00Z,email,\
             \"a, b\",{hash}\n,D2,8,,confirmed,B. Low,2026-06-13,Goods receipt,,\n"
        );
        let file = read(&text).expect("a file");
        let [(2, first), (3, second)] = file.answers.as_slice() else { panic!("{file:?}") };
        let stated = first.amount.map(|amount| amount.to_string());
        assert_eq!(stated.as_deref(), Some("1250.50"));
        assert_eq!(first.outcome, ConfirmOutcome::WrongAmount);
        assert_eq!((first.client.as_deref(), first.note.as_deref()), (Some("Acme"), Some("a, b")));
        assert_eq!(first.document_sha256, Some("ab".repeat(32)));
        let expected = Confirmation {
            client: None,
            debtor: "D2".to_owned(),
            invoice: "8".to_owned(),
            amount: None,
            outcome: ConfirmOutcome::Confirmed,
            by: "B. Low".to_owned(),
            at: "2026-06-13".parse().expect("a day"),
            how: Channel::GoodsReceipt,
            note: None,
            document_sha256: None,
        };
        assert_eq!(*second, expected);
        assert_eq!(file.provenance().answers, 2);
        // Another order and other names say the same.
        let other = "date;channel;customer;number;answer;person\n\
                     2026-06-13;goods_receipt;D2;8;confirmed;B. Low\n";
        assert_eq!(read(other).expect("a file").answers[0].1, expected);
    }

    #[test]
    fn every_fault_is_told_at_once_with_line_column_and_value() {
        let rows = ",D1,7,12.50 USD,confirm,A. Reed,12.06.2026,phone,,12\n\
                    ,D1,7,,confirmed,A. Reed,2026-06-12,portal,,\n\
                    ,D1,7,,wrong_amount,A. Reed,2026-06-12,portal,,\n\
                    ,,7,-1,no_answer,A. Reed,2026-02-30,portal,,\n\
                    ,D1,7,,,A. Reed,1969-12-31,,,\n";
        assert_eq!(
            told(rows),
            [
                "line 2: outcome = 'confirm': expected confirmed, wrong_amount, no_answer, \
                 disputed or unknown_debtor; did you mean confirmed?",
                "line 2: how = 'phone': expected telephone, portal, email or goods_receipt",
                "line 2: at = '12.06.2026': expected a day such as 2026-06-30 or a time such as \
                 2026-06-30T09:00:00Z",
                "line 2: amount = '12.50 USD': expected an amount such as 1250.00, without a \
                 currency",
                "line 2: document_sha256 = '12': expected a SHA-256 of 64 hexadecimal digits",
                "line 4: amount is missing: expected the amount that the debtor owes, because the \
                 outcome is wrong_amount",
                "line 5: debtor is empty; it is needed in every row",
                "line 5: at = '2026-02-30': expected a day such as 2026-06-30 or a time such as \
                 2026-06-30T09:00:00Z",
                "line 5: amount = '-1': expected an amount such as 1250.00, without a currency",
                "line 6: outcome is empty; it is needed in every row",
                "line 6: how is empty; it is needed in every row",
                "line 6: at = '1969-12-31': expected a day such as 2026-06-30 or a time such as \
                 2026-06-30T09:00:00Z",
            ]
        );
    }

    #[test]
    fn an_amount_is_written_with_a_point_or_refused() {
        for (text, expected) in [
            ("1250", "1250"),
            ("1250.5", "1250.5"),
            ("1,250.50", "1250.50"),
            ("1,234,567", "1234567"),
            ("0", "0"),
        ] {
            assert_eq!(amount(text).map(|own| own.to_string()).as_deref(), Some(expected));
        }
        let misplaced = ["1.250,50", "12,50", "1250,5", ",250", "1,2500", "1.", ".5"];
        for text in misplaced {
            assert_eq!(amount(text), None, "{text}");
        }
        for text in [
            "",
            "five",
            "+5",
            "-5",
            "1e3",
            "1_000",
            "1 000",
            "0x10",
            "99999999999999999999999999999999",
        ] {
            assert_eq!(amount(text), None, "{text}");
        }
    }
}
