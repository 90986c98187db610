use chrono::NaiveDate;

use basics::day_number;
use policy::{ConfirmOutcome, Confirmation};
use purchases::FIRST_DAY;
use store::ConfirmationRow;

use super::debtor::is_plain;
use super::names::{named, plain};
use super::once::text;
use super::{Answer, Once, Reader, Reply, Service, ServiceError, Underwriter};

/// Longest note, in characters.
const LONGEST_NOTE: usize = 2000;

/// Number of answers read at a time.
const AT_ONCE: i64 = 1000;

/// An answer of a debtor about an invoice of a client, as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedConfirmation {
    /// Its id.
    pub id: String,
    /// The client's id.
    pub client_id: String,
    /// The answer; it names no client.
    pub answer: Confirmation,
    /// Time at which it was recorded.
    pub created_at: String,
}

/// An answer to record.
#[derive(Debug, Clone, Copy)]
pub struct NewConfirmation<'a> {
    /// The client's id.
    pub client: &'a str,
    /// The answer; a client that it names does not count.
    pub answer: &'a Confirmation,
}

impl TryFrom<ConfirmationRow> for RecordedConfirmation {
    type Error = ServiceError;

    fn try_from(row: ConfirmationRow) -> Result<Self, ServiceError> {
        let ConfirmationRow { id, client_id, answer, created_at, .. } = row;
        let answer = serde_json::from_str(&answer).map_err(ServiceError::internal)?;
        Ok(Self { id, client_id, answer, created_at })
    }
}

/// Checks an answer, and writes it as it is kept.
fn checked(mut answer: Confirmation, today: NaiveDate) -> Result<Confirmation, ServiceError> {
    for (field, value) in [("debtor", &mut answer.debtor), ("invoice", &mut answer.invoice)] {
        plain(field, value)?;
        *value = value.trim().to_owned();
        if value.is_empty() {
            return Err(ServiceError::field(field, "Must not be empty."));
        }
    }
    named("by", &answer.by)?;
    let is_wrong_amount = answer.outcome == ConfirmOutcome::WrongAmount;
    match answer.amount {
        None if is_wrong_amount => {
            let detail = "Required: the amount that the debtor owes, because the outcome is \
                          wrong_amount.";
            return Err(ServiceError::field("amount", detail));
        }
        Some(amount) if !is_plain(amount) => {
            let detail = "Expected an amount from 0 to 10^15, with at most 9 decimal places.";
            return Err(ServiceError::field("amount", detail));
        }
        _ => {}
    }
    // Not a day more, as for payments: what is not known yet confirms nothing.
    if !(day_number(FIRST_DAY)..=day_number(today)).contains(&answer.at.day()) {
        let detail = format!("Expected a day or a time from {FIRST_DAY} to today, {today}.");
        return Err(ServiceError::field("at", detail));
    }
    if let Some(note) = &answer.note
        && (note.chars().count() > LONGEST_NOTE || note.contains(char::is_control))
    {
        let detail =
            format!("Expected at most {LONGEST_NOTE} characters and no control characters.");
        return Err(ServiceError::field("note", detail));
    }
    answer.note = answer.note.filter(|note| !note.trim().is_empty());
    if let Some(hash) = &mut answer.document_sha256 {
        if hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let detail = "Expected a SHA-256 of 64 hexadecimal digits.";
            return Err(ServiceError::field("document_sha256", detail));
        }
        hash.make_ascii_lowercase();
    }
    Ok(answer)
}

impl Service {
    /// Records what a debtor answered about an invoice of a client. Nothing is ever changed: a
    /// later answer counts.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client, [`ServiceError::Field`] for a value
    /// that is not allowed.
    pub async fn record_confirmation(
        &self,
        _: &Underwriter,
        NewConfirmation { client, answer }: NewConfirmation<'_>,
        once: &Once,
        reply: Answer<RecordedConfirmation>,
    ) -> Result<(RecordedConfirmation, Reply), ServiceError> {
        self.store.client(client).await?;
        let answer = checked(Confirmation { client: None, ..answer.clone() }, self.today())?;
        let recorded = RecordedConfirmation {
            id: self.new_id()?,
            client_id: client.to_owned(),
            answer,
            created_at: once.at().to_owned(),
        };
        let reply = reply(&recorded)?;
        let row = ConfirmationRow {
            id: recorded.id.clone(),
            client_id: recorded.client_id.clone(),
            answer: text(&recorded.answer)?,
            // The store writes the caller's, from the actor.
            key_prefix: String::new(),
            created_at: recorded.created_at.clone(),
        };
        self.store.add_confirmation(&row, &once.actor(&reply)).await?;
        Ok((recorded, reply))
    }

    /// Returns a recorded answer.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such answer.
    pub async fn confirmation(
        &self,
        _: &Reader,
        id: &str,
    ) -> Result<RecordedConfirmation, ServiceError> {
        self.store.confirmation(id).await?.try_into()
    }

    /// Returns up to `most` answers about a client's invoices after an id, in order of their ids.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client.
    pub async fn confirmations(
        &self,
        _: &Reader,
        client: &str,
        after: &str,
        most: i64,
    ) -> Result<Vec<RecordedConfirmation>, ServiceError> {
        self.store.client(client).await?;
        let rows = self.store.confirmations(client, after, most).await?;
        rows.into_iter().map(RecordedConfirmation::try_from).collect()
    }

    /// Returns all answers about a client's invoices, in order of their ids.
    pub(super) async fn answers_of(&self, client: &str) -> Result<Vec<Confirmation>, ServiceError> {
        let mut all = Vec::new();
        // Ids are never empty, so every one of them is after this.
        let mut after = String::new();
        loop {
            let page = self.store.confirmations(client, &after, AT_ONCE).await?;
            let Some(last) = page.last() else { return Ok(all) };
            after.clone_from(&last.id);
            for row in page {
                all.push(RecordedConfirmation::try_from(row)?.answer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use policy::{AnswerTime, Channel};
    use store::Role;

    use super::super::samples::{Desk, amount, by, day, run, staff, word};
    use super::*;

    fn id(recorded: &RecordedConfirmation) -> Result<Reply, ServiceError> {
        Reply::json(201, &recorded.id)
    }

    fn new(answer: &Confirmation) -> NewConfirmation<'_> {
        NewConfirmation { client: "a", answer }
    }

    fn at(text: &str) -> AnswerTime {
        text.parse().expect("a day or a time")
    }

    fn answer() -> Confirmation {
        Confirmation {
            client: None,
            debtor: "D1".into(),
            invoice: "7".into(),
            amount: None,
            outcome: ConfirmOutcome::Confirmed,
            by: "A. Reed".into(),
            at: at("2026-06-29"),
            how: Channel::Telephone,
            note: None,
            document_sha256: None,
        }
    }

    #[test]
    fn an_answer_is_recorded_read_and_never_replaced() {
        run(async {
            let desk = Desk::new().await;
            let once = desk.turn(Some("k"), "POST confirmations").await.expect("its turn");
            let sent = Confirmation {
                // The path names the client; another name in an answer would hide it.
                client: Some("another".into()),
                debtor: " D1 ".into(),
                note: Some(" ".into()),
                document_sha256: Some("AB".repeat(32)),
                ..answer()
            };
            let recorded = desk.service.record_confirmation(&staff(), new(&sent), &once, id).await;
            let (recorded, reply) = recorded.expect("recorded");
            let expected = Confirmation { document_sha256: Some("ab".repeat(32)), ..answer() };
            assert_eq!(recorded.answer, expected);
            assert_eq!(word(&reply), recorded.id);
            let again = desk.turn(Some("k"), "POST confirmations").await;
            assert_eq!(again.expect_err("answered"), ServiceError::Invalid(reply.body));
            let once = desk.once("POST confirmations").await;
            let later = Confirmation { outcome: ConfirmOutcome::Disputed, ..answer() };
            let later = desk.service.record_confirmation(&staff(), new(&later), &once, id).await;
            let (later, _) = later.expect("recorded");
            let reader: Reader = by(Role::Analyst);
            let read = desk.service.confirmation(&reader, &recorded.id).await;
            assert_eq!(read.as_ref(), Ok(&recorded));
            let mut expected = [recorded, later];
            expected.sort_by(|a, b| a.id.cmp(&b.id));
            let all = desk.service.confirmations(&reader, "a", "", 10).await.expect("a list");
            assert_eq!(all, expected);
            let rest = desk.service.confirmations(&reader, "a", &all[0].id, 10).await;
            assert_eq!(rest.expect("a list"), expected[1..]);
            let answers = desk.service.answers_of("a").await.expect("answers");
            assert_eq!(answers, expected.map(|own| own.answer));
            let none = desk.service.confirmations(&reader, "b", "", 10).await;
            assert_eq!(none, Err(ServiceError::Missing("client")));
            let none = desk.service.confirmation(&reader, "none").await;
            assert_eq!(none, Err(ServiceError::Missing("confirmation")));
        });
    }

    #[test]
    fn an_answer_with_a_fault_is_refused_by_the_name_of_its_member() {
        let today = day("2026-06-30");
        let wrong = |change: fn(&mut Confirmation)| {
            let mut answer = answer();
            change(&mut answer);
            match checked(answer, today) {
                Err(ServiceError::Field { field, .. }) => field,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(wrong(|own| own.debtor = " ".into()), "debtor");
        assert_eq!(wrong(|own| own.debtor = "x".repeat(201)), "debtor");
        assert_eq!(wrong(|own| own.invoice = String::new()), "invoice");
        assert_eq!(wrong(|own| own.invoice = "7\t8".into()), "invoice");
        assert_eq!(wrong(|own| own.by = "-".into()), "by");
        assert_eq!(wrong(|own| own.outcome = ConfirmOutcome::WrongAmount), "amount");
        assert_eq!(wrong(|own| own.amount = Some(amount("-0.01"))), "amount");
        assert_eq!(wrong(|own| own.amount = Some(amount("0.0000000001"))), "amount");
        assert_eq!(wrong(|own| own.at = at("2026-07-01")), "at");
        assert_eq!(wrong(|own| own.at = at("2026-07-01T00:30:00+02:00")), "at");
        assert_eq!(wrong(|own| own.at = at("1999-12-31")), "at");
        assert_eq!(wrong(|own| own.note = Some("a\nb".into())), "note");
        assert_eq!(wrong(|own| own.note = Some("x".repeat(2001))), "note");
        assert_eq!(wrong(|own| own.document_sha256 = Some("ab".into())), "document_sha256");
        assert_eq!(wrong(|own| own.document_sha256 = Some("g".repeat(64))), "document_sha256");
    }

    #[test]
    fn an_answer_may_be_of_today_and_state_any_amount() {
        let today = day("2026-06-30");
        for time in ["2026-06-30", "2026-06-30T23:59:59Z", "2000-01-01"] {
            assert!(checked(Confirmation { at: at(time), ..answer() }, today).is_ok(), "{time}");
        }
        for owed in ["0", "12.50", "1000000000000000"] {
            let outcome = ConfirmOutcome::WrongAmount;
            let own = Confirmation { amount: Some(amount(owed)), outcome, ..answer() };
            assert!(checked(own, today).is_ok(), "{owed}");
        }
    }
}
