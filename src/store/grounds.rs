//! Grounds of a purchase beside its own rows, looked at when it is accepted and when it is paid
//! out: what debtors have answered, which of them are insolvent, and the offer that is completed.

use std::collections::BTreeSet;

use serde::Deserialize;

use purchases::{
    Agreed, Insisted, NotBuyable, RecordedAnswer, answers_about, answers_confirming, check_answers,
    insisted_at,
};

use super::confirmations::ConfirmationRow;
use super::engine::{Transaction, Writing, values};
use super::linked::linked;
use super::purchase::reversed;
use super::{Store, StoreError, claims, purchase};

/// The ground of a purchase in what came before its offer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grounds {
    /// The offers that its offer completes: that one, the one that it completes itself, and so on.
    pub completes: Vec<String>,
    /// The decisions of staff to buy invoices whatever is on record against them.
    pub insisted: Vec<Insisted>,
}

/// The purchases of an offer that are neither withdrawn nor reversed.
const STANDING: &str = concat!(
    "SELECT u.id FROM purchase AS u WHERE u.offer_id = $1 AND u.state <> 'withdrawn' AND NOT (",
    reversed!(),
    ") ORDER BY u.id"
);

/// A statement that reads the last version of a debtor's record. Ids that differ by case and blanks
/// are one; of several, the one that is written like it counts.
const RECORD: &str = "SELECT debtor_id, version, facts, created_at FROM client_debtor \
     WHERE client_id = $1 AND REPLACE(LOWER(debtor_id), ' ', '') = REPLACE(LOWER($2), ' ', '') \
     ORDER BY CASE WHEN debtor_id = $2 THEN 0 ELSE 1 END, debtor_id, version DESC LIMIT 1";

/// The last version of a debtor that is known across clients.
const KNOWN: &str = "SELECT name, version, text, created_at FROM written \
     WHERE kind = 'debtor' AND name = $1 ORDER BY version DESC LIMIT 1";

/// A record of a debtor: its id, version, facts and time.
type Record = (String, i64, String, String);

/// The fact that matters here.
#[derive(Deserialize)]
struct Facts {
    insolvent: Option<bool>,
}

fn is_insolvent((id, _, facts, _): &Record) -> Result<Option<bool>, StoreError> {
    let facts: Result<Facts, _> = serde_json::from_str(facts);
    Ok(facts.map_err(|error| StoreError::damaged("debtor", id, &error))?.insolvent)
}

/// Returns what debtors answered about a client's invoices, in order of their ids.
async fn answers_of(
    reading: &mut Transaction,
    client: &str,
) -> Result<Vec<RecordedAnswer>, StoreError> {
    let all = "SELECT * FROM confirmation WHERE client_id = $1 ORDER BY id";
    let rows: Vec<ConfirmationRow> = reading.rows(all, values![client]).await?;
    let read = |ConfirmationRow { id, answer, key_prefix: key, created_at: at, .. }| {
        let answer = serde_json::from_str(&answer);
        let answer = answer.map_err(|error| StoreError::damaged("confirmation", &id, &error))?;
        Ok(RecordedAnswer { id, key, at, answer })
    };
    rows.into_iter().map(read).collect()
}

impl Grounds {
    /// Checks, among all that was written so far, that a client may still sell these invoices,
    /// which are of one currency.
    pub(super) async fn check(
        &self,
        writing: &mut Writing,
        client: &str,
        sold: &[Agreed],
    ) -> Result<(), StoreError> {
        self.check_completed(writing).await?;
        let answers = answers_of(writing, client).await?;
        for own in answers_about(sold, &answers) {
            writing.reads("confirmation", &own.id);
        }
        check_answers(sold, &answers, &self.insisted)?;
        self.check_debtors(writing, client, sold).await
    }

    /// Checks that the offers that are completed stand: none was declined or withdrawn, and of one
    /// that was accepted a purchase stands.
    async fn check_completed(&self, writing: &mut Writing) -> Result<(), StoreError> {
        for id in &self.completes {
            writing.reads("offer", id);
            let status: Option<(String,)> =
                writing.row("SELECT status FROM offer WHERE id = $1", values![id]).await?;
            let (status,) = status.ok_or(StoreError::Missing("offer"))?;
            match status.as_str() {
                "declined" => return Err(NotBuyable::Completes("declined").into()),
                "withdrawn" => return Err(NotBuyable::Completes("withdrawn").into()),
                "accepted" => {
                    let standing: Vec<(String,)> = writing.rows(STANDING, values![id]).await?;
                    standing.iter().for_each(|(purchase,)| writing.reads("purchase", purchase));
                    if standing.is_empty() {
                        return Err(NotBuyable::Completes("reversed").into());
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Checks that no debtor is recorded as insolvent. A client's own fact counts before that of
    /// the debtor known across clients.
    async fn check_debtors(
        &self,
        writing: &mut Writing,
        client: &str,
        sold: &[Agreed],
    ) -> Result<(), StoreError> {
        let debtors: BTreeSet<&String> = sold.iter().map(|own| &own.invoice.debtor_id).collect();
        for debtor in debtors {
            let Some(since) = insolvent_since(writing, client, debtor).await? else { continue };
            let of_debtor = sold.iter().filter(|own| own.invoice.debtor_id == *debtor);
            let is_new =
                |own: &&Agreed| insisted_at(&self.insisted, own).is_none_or(|at| *since > *at);
            if let Some(own) = of_debtor.into_iter().find(is_new) {
                let invoice = own.invoice.invoice_number.clone();
                return Err(NotBuyable::Insolvent { invoice, debtor: debtor.clone() }.into());
            }
        }
        Ok(())
    }
}

/// Returns the time at which a client's debtor was recorded as insolvent, if it is.
async fn insolvent_since(
    writing: &mut Writing,
    client: &str,
    debtor: &str,
) -> Result<Option<String>, StoreError> {
    let own: Option<Record> = writing.row(RECORD, values![client, debtor]).await?;
    if let Some(record) = &own {
        writing.reads("client_debtor", [client, &record.0, &record.1.to_string()]);
        if let Some(is_so) = is_insolvent(record)? {
            return Ok(is_so.then(|| record.3.clone()));
        }
    }
    let Some(known) = linked(writing, client, debtor).await?.known else { return Ok(None) };
    let Some(record): Option<Record> = writing.row(KNOWN, values![&known]).await? else {
        return Ok(None);
    };
    writing.reads("written", ["debtor", &record.0, &record.1.to_string()]);
    Ok((is_insolvent(&record)? == Some(true)).then_some(record.3))
}

impl Store {
    /// Returns the prefixes of the keys with which answers were recorded that confirm an invoice of
    /// a purchase.
    ///
    /// # Errors
    /// If the database cannot be read, or a row is damaged.
    pub async fn confirmed_by(&self, id: &str) -> Result<Vec<String>, StoreError> {
        let mut reading = self.engine.reading().await?;
        let of = purchase::lines(&mut reading, id).await?;
        let Some(client) = of.first().map(|own| own.client_id.clone()) else {
            return Ok(Vec::new());
        };
        let claims = claims::of_purchase(&mut reading, id).await?;
        let claim = |position: &str| claims.iter().find(|own| own.position == position);
        let sold = of.into_iter().filter_map(|invoice| {
            let claim = claim(&invoice.id)?.claim.clone();
            Some(Agreed { invoice, claim })
        });
        let sold: Vec<Agreed> = sold.collect();
        let answers = answers_of(&mut reading, &client).await?;
        let keys: BTreeSet<String> =
            answers_confirming(&sold, &answers).into_iter().map(|own| own.key.clone()).collect();
        Ok(keys.into_iter().collect())
    }
}
