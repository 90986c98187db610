//! The ledgers with which an evaluation compares another: by default those that the client sent
//! before.

use std::collections::HashSet;
use std::io::BufReader;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Deserialize;

use store::{LedgerRow, SentLedger, StoreError};

use super::{Service, ServiceError};

/// The days before a ledger, its own included, of each of which the first ledger is compared.
const PREVIOUS_DAYS: u64 = 31;

/// The months before those days of each of which the first ledger is compared: what is older is
/// past every limit of age.
const PREVIOUS_MONTHS: u32 = 12;

/// The most ledgers with which one is compared: the last one before it, which most changes are
/// measured against, and the first ones of so many days and months, which show what an invoice
/// looked like before it was changed. The first of a time cannot be pushed out by sending more.
pub const MOST_PREVIOUS: usize = 1 + PREVIOUS_DAYS as usize + PREVIOUS_MONTHS as usize;

/// The previous ledgers that an evaluation asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AskedPrevious {
    /// The client's last one before, and the first ones of the days and months before.
    #[default]
    Usual,
    /// None.
    Nothing,
    /// Those with these ids.
    Ledgers(Vec<String>),
}

/// The part of a reading's summary that holds the ledger's own date.
#[derive(Deserialize)]
struct Read {
    as_of: Option<NaiveDate>,
}

impl Service {
    /// Returns the ids of the ledgers with which this one is compared as of a date. By default the
    /// last one that the client sent before it, then the first ones of the days and months before,
    /// the latest first: of those whose own date is not after the as-of date, other than the same
    /// file again. Of two received in the same second, the first by id is the later.
    pub(super) async fn previous_of(
        &self,
        ledger: &LedgerRow,
        as_of: Option<NaiveDate>,
        asked: AskedPrevious,
    ) -> Result<Vec<String>, ServiceError> {
        let as_of = match as_of {
            Some(day) => day,
            None => self.own_date(&ledger.id, &ledger.created_at).await?,
        };
        match asked {
            AskedPrevious::Nothing => Ok(Vec::new()),
            AskedPrevious::Ledgers(ids) => self.named_previous(ledger, as_of, ids).await,
            AskedPrevious::Usual => self.usual_previous(ledger, as_of).await,
        }
    }

    async fn usual_previous(
        &self,
        ledger: &LedgerRow,
        as_of: NaiveDate,
    ) -> Result<Vec<String>, ServiceError> {
        let mut all: Vec<SentLedger> = Vec::new();
        let mut before = self.store.ledger_before(ledger).await?;
        while let Some(found) = before {
            before = self.store.ledger_before(&found).await?;
            let LedgerRow { id, sha256, created_at, .. } = found;
            let sent = SentLedger { id, sha256, created_at };
            if self.is_comparable(ledger, &sent, as_of).await? {
                all.push(sent);
                break;
            }
        }
        let (days, since) = spans(received_on(&ledger.created_at));
        let sent = self.store.ledgers_sent(ledger, &since.to_string()).await?;
        let period = |sent: &SentLedger| {
            let day = received_on(&sent.created_at);
            (day.year(), day.month(), (day >= days).then(|| day.day()))
        };
        for of_period in sent.chunk_by(|a, b| period(a) == period(b)).rev() {
            for sent in of_period {
                if self.is_comparable(ledger, sent, as_of).await? {
                    all.push(sent.clone());
                    break;
                }
            }
        }
        let mut seen = HashSet::new();
        all.retain(|sent| seen.insert(sent.sha256.clone()));
        Ok(all.into_iter().map(|sent| sent.id).collect())
    }

    /// Returns true if a ledger is compared with another: the same file sent twice would show no
    /// change at all.
    async fn is_comparable(
        &self,
        ledger: &LedgerRow,
        sent: &SentLedger,
        as_of: NaiveDate,
    ) -> Result<bool, ServiceError> {
        Ok(sent.sha256 != ledger.sha256
            && self.own_date(&sent.id, &sent.created_at).await? <= as_of)
    }

    /// Checks the ledgers that a caller names.
    async fn named_previous(
        &self,
        ledger: &LedgerRow,
        as_of: NaiveDate,
        ids: Vec<String>,
    ) -> Result<Vec<String>, ServiceError> {
        let refused = |detail: String| Err(ServiceError::field("previous", detail));
        if ids.is_empty() {
            return refused("Name at least one ledger, or `none`.".to_owned());
        }
        if ids.len() > MOST_PREVIOUS {
            return refused(format!("Name {MOST_PREVIOUS} ledgers at most."));
        }
        let mut all: Vec<String> = Vec::with_capacity(ids.len());
        for id in ids {
            let id = self.one_previous(ledger, as_of, &id).await?;
            if !all.contains(&id) {
                all.push(id);
            }
        }
        Ok(all)
    }

    /// Checks a ledger that a caller names.
    async fn one_previous(
        &self,
        ledger: &LedgerRow,
        as_of: NaiveDate,
        id: &str,
    ) -> Result<String, ServiceError> {
        let refused = |detail: String| Err(ServiceError::field("previous", detail));
        if id == ledger.id {
            return refused("A ledger is not compared with itself.".to_owned());
        }
        let found = match self.store.ledger(id).await {
            Ok(found) if found.client_id == ledger.client_id => found,
            Ok(_) | Err(StoreError::Missing(_)) => {
                return refused("The client has no such ledger.".to_owned());
            }
            Err(error) => return Err(error.into()),
        };
        let own = self.own_date(&found.id, &found.created_at).await?;
        if own > as_of {
            return refused(format!(
                "That ledger runs to {own}, which is after the as-of date, {as_of}."
            ));
        }
        Ok(found.id)
    }

    /// The own date of a ledger, as it was read; for one that states none, the day of its receipt.
    async fn own_date(&self, id: &str, created_at: &str) -> Result<NaiveDate, ServiceError> {
        let received = || received_on(created_at);
        let summary = match self.store.artefact(id, "ingest.json").await {
            Ok(path) => path,
            Err(StoreError::Missing(_)) => return Ok(received()),
            Err(error) => return Err(error.into()),
        };
        // Off the async threads: it lists invoices as well.
        let read = tokio::task::spawn_blocking(move || -> Result<Read, ServiceError> {
            let file = std::fs::File::open(summary).map_err(ServiceError::unavailable)?;
            serde_json::from_reader(BufReader::new(file)).map_err(ServiceError::internal)
        });
        let read = read.await.map_err(ServiceError::internal)??;
        Ok(read.as_of.unwrap_or_else(received))
    }
}

/// The day of a time of receipt.
fn received_on(created_at: &str) -> NaiveDate {
    let day = created_at.get(..10).and_then(|day| day.parse().ok());
    day.unwrap_or(NaiveDate::MAX)
}

/// The first of the days that count one by one before a ledger received on this day, and the first
/// of the months before those.
fn spans(received: NaiveDate) -> (NaiveDate, NaiveDate) {
    let days = received.checked_sub_days(Days::new(PREVIOUS_DAYS - 1)).unwrap_or(received);
    let month = days.pred_opt().and_then(|before| before.with_day(1));
    let months = month.and_then(|first| first.checked_sub_months(Months::new(PREVIOUS_MONTHS - 1)));
    (days, months.unwrap_or(days))
}

#[cfg(test)]
mod tests {
    use store::{Artefact, Outcome};

    use super::super::jobs::Task;
    use super::super::samples::{Desk, day, run, shown, staff};
    use super::*;
    use crate::AskedEvaluation;

    /// A ledger of the client `a`.
    struct Sent<'a> {
        id: &'a str,
        at: &'a str,
        sha256: &'a str,
        own_date: Option<&'a str>,
    }

    async fn sent(desk: &Desk, Sent { id, at, sha256, own_date }: Sent<'_>) -> LedgerRow {
        let row = LedgerRow {
            id: id.into(),
            client_id: "a".into(),
            file_name: "ledger.csv".into(),
            sha256: sha256.into(),
            bytes: 1,
            certificate: "{}".into(),
            created_at: at.into(),
        };
        let mut files: Vec<Artefact> = Vec::new();
        if let Some(own) = own_date {
            let mut file = desk.service.store.receive().expect("a place");
            let text = format!("{{\"status\":\"read\",\"as_of\":\"{own}\",\"invoices\":[{{}}]}}");
            file.write(text.as_bytes()).expect("written");
            let kept = desk.service.store.keep(file).expect("kept");
            files.push(Artefact { name: "ingest.json".into(), sha256: kept.sha256, bytes: 1 });
        }
        desk.finished(Outcome::Ledger(row.clone()), files).await;
        row
    }

    async fn usual(desk: &Desk, of: &LedgerRow, as_of: &str) -> Vec<String> {
        let found = desk.service.previous_of(of, Some(day(as_of)), AskedPrevious::Usual).await;
        found.expect("an answer")
    }

    /// The last one before a ledger.
    async fn last(desk: &Desk, of: &LedgerRow, as_of: &str) -> Option<String> {
        usual(desk, of, as_of).await.into_iter().next()
    }

    #[test]
    fn the_last_one_sent_before_is_the_previous_one() {
        run(async {
            let desk = Desk::new().await;
            let ledger = |id, at, sha256, own_date| Sent { id, at, sha256, own_date };
            let may = ledger("m", "2026-06-02T09:00:00Z", "1", Some("2026-05-31"));
            let may = sent(&desk, may).await;
            let own = sent(&desk, ledger("j", "2026-07-02T09:00:00Z", "2", Some("2026-06-30")));
            let own = own.await;
            // A later upload changes nothing of what came before it.
            sent(&desk, ledger("k", "2026-07-02T09:00:01Z", "3", Some("2026-05-01"))).await;
            assert_eq!(last(&desk, &own, "2026-06-30").await.as_deref(), Some("m"));
            assert_eq!(last(&desk, &own, "2026-05-30").await, None, "its own date is later");
            assert_eq!(last(&desk, &may, "2026-06-30").await, None, "nothing came before");
            // Without an as-of date, the ledger's own one counts.
            let usual = desk.service.previous_of(&own, None, AskedPrevious::Usual).await;
            assert_eq!(usual, Ok(vec!["m".to_owned()]));
            let none = desk.service.previous_of(&own, None, AskedPrevious::Nothing).await;
            assert_eq!(none, Ok(Vec::new()));
        });
    }

    #[test]
    fn the_same_file_again_and_a_later_one_are_passed_over() {
        run(async {
            let desk = Desk::new().await;
            let ledger = |id, at, sha256, own_date| Sent { id, at, sha256, own_date };
            sent(&desk, ledger("m", "2026-06-02T09:00:00Z", "1", Some("2026-05-31"))).await;
            sent(&desk, ledger("later", "2026-06-03T09:00:00Z", "4", Some("2026-07-15"))).await;
            sent(&desk, ledger("twice", "2026-07-01T09:00:00Z", "2", Some("2026-06-30"))).await;
            let own = sent(&desk, ledger("j", "2026-07-02T09:00:00Z", "2", Some("2026-06-30")));
            assert_eq!(last(&desk, &own.await, "2026-06-30").await.as_deref(), Some("m"));
        });
    }

    #[test]
    fn of_one_second_ids_decide_and_without_a_date_the_day_of_receipt() {
        run(async {
            let desk = Desk::new().await;
            let second = "2026-06-02T09:00:00Z";
            let ledger = |id, sha256| Sent { id, at: second, sha256, own_date: None };
            let b = sent(&desk, ledger("b", "1")).await;
            let c = sent(&desk, ledger("c", "2")).await;
            let a = sent(&desk, ledger("a", "3")).await;
            // As the list of each client's last ledgers has it: the first by id is the last.
            assert_eq!(last(&desk, &a, "2026-06-30").await.as_deref(), Some("b"));
            assert_eq!(last(&desk, &b, "2026-06-30").await.as_deref(), Some("c"));
            assert_eq!(last(&desk, &c, "2026-06-30").await, None);
            assert_eq!(last(&desk, &b, "2026-06-01").await, None, "received after that day");
            let of_all = desk.service.store.last_ledgers().await.expect("a list");
            assert_eq!(of_all[0].id, "a");
        });
    }

    fn is_told(refused: &Result<Vec<String>, ServiceError>) -> bool {
        matches!(refused, Err(ServiceError::Field { field, .. }) if field == "previous")
    }

    #[test]
    fn what_was_sent_first_is_pushed_out_by_nothing_that_is_sent_later() {
        run(async {
            let desk = Desk::new().await;
            let mut row = None;
            let mut send = async |id: String, at: String| {
                let sha256 = id.clone();
                row = Some(
                    sent(&desk, Sent { id: &id, at: &at, sha256: &sha256, own_date: None }).await,
                );
            };
            // The first of a month, of a day within the last 31, and 20 copies of each with
            // another byte.
            for (at, day) in [("1", "2025-07-03"), ("2", "2026-05-30"), ("3", "2026-06-30")] {
                for copy in 0..=20 {
                    send(format!("{at}-{copy:02}"), format!("{day}T09:00:{copy:02}Z")).await;
                }
            }
            send("old".to_owned(), "2025-04-30T09:00:00Z".to_owned()).await;
            send("own".to_owned(), "2026-06-30T09:01:00Z".to_owned()).await;
            let found = usual(&desk, &row.expect("a ledger"), "2026-06-30").await;
            assert_eq!(found, ["3-20", "3-00", "2-00", "1-00"]);
        });
    }

    #[test]
    fn a_day_or_month_without_one_that_counts_has_none() {
        run(async {
            let desk = Desk::new().await;
            let ledger = |id, at, sha256, own_date| Sent { id, at, sha256, own_date };
            // Its own date is later; the same file; an exact copy of the last one.
            sent(&desk, ledger("a", "2026-06-01T09:00:00Z", "1", Some("2026-07-05"))).await;
            sent(&desk, ledger("b", "2026-06-01T09:00:01Z", "2", None)).await;
            sent(&desk, ledger("c", "2026-06-01T09:00:02Z", "3", None)).await;
            sent(&desk, ledger("d", "2026-06-02T09:00:00Z", "3", None)).await;
            let own = sent(&desk, ledger("own", "2026-06-03T09:00:00Z", "2", None)).await;
            assert_eq!(usual(&desk, &own, "2026-06-30").await, ["d"]);
        });
    }

    #[test]
    fn days_and_months_end_before_the_ledger() {
        let of = |day_of: &str| spans(day(day_of));
        assert_eq!(of("2026-06-30"), (day("2026-05-31"), day("2025-06-01")));
        assert_eq!(of("2026-03-31"), (day("2026-03-01"), day("2025-03-01")));
        assert_eq!(MOST_PREVIOUS, 44);
    }

    #[test]
    fn a_named_one_is_the_clients_and_not_later_than_the_as_of_date() {
        run(async {
            let desk = Desk::new().await;
            let ledger = |id, at, own_date| Sent { id, at, sha256: id, own_date: Some(own_date) };
            let own = ledger("j", "2026-07-02T09:00:00Z", "2026-06-30");
            let own = sent(&desk, own).await;
            sent(&desk, ledger("k", "2026-07-03T09:00:00Z", "2026-05-31")).await;
            let named = |id: &str, as_of: &str| {
                let (asked, as_of) = (AskedPrevious::Ledgers(vec![id.to_owned()]), day(as_of));
                let (service, own) = (desk.service.clone(), own.clone());
                async move { service.previous_of(&own, Some(as_of), asked).await }
            };
            assert_eq!(named("k", "2026-06-30").await, Ok(vec!["k".to_owned()]));
            for (id, as_of) in [("none", "2026-06-30"), ("j", "2026-06-30"), ("k", "2026-05-30")] {
                let refused = named(id, as_of).await;
                assert!(is_told(&refused), "{id}: {refused:?}");
            }
            let both = |ids: &[&str]| {
                let ids = ids.iter().map(|&id| id.to_owned()).collect();
                let (service, own) = (desk.service.clone(), own.clone());
                let asked = AskedPrevious::Ledgers(ids);
                async move { service.previous_of(&own, Some(day("2026-06-30")), asked).await }
            };
            sent(&desk, ledger("m", "2026-07-04T09:00:00Z", "2026-04-30")).await;
            let named = Ok(vec!["m".to_owned(), "k".to_owned()]);
            assert_eq!(both(&["m", "k", "m"]).await, named, "each once");
            for ids in [&[] as &[&str], &["k", "none"], &["k"; MOST_PREVIOUS + 1]] {
                let refused = both(ids).await;
                assert!(is_told(&refused), "{ids:?}: {refused:?}");
            }
        });
    }

    #[test]
    fn a_queued_evaluation_has_its_previous_ledger_and_a_seed_of_its_own() {
        run(async {
            let desk = Desk::new().await;
            let ledger = |id, at, own_date| Sent { id, at, sha256: id, own_date: Some(own_date) };
            sent(&desk, ledger("m", "2026-06-02T09:00:00Z", "2026-05-31")).await;
            sent(&desk, ledger("j", "2026-07-02T09:00:00Z", "2026-06-30")).await;
            let queued = async || {
                let asked = AskedEvaluation {
                    ledger: "j",
                    as_of: None,
                    advance: None,
                    model: None,
                    policy: None,
                    policy_version: None,
                    previous: AskedPrevious::Usual,
                };
                let once = desk.once("an evaluation").await;
                let job = desk.service.evaluate(&staff(), asked, &once, shown).await;
                let request = job.expect("queued").job.request;
                match serde_json::from_str(&request).expect("a task") {
                    Task::Evaluate { previous, selection_seed, .. } => (previous, selection_seed),
                    other => panic!("{other:?}"),
                }
            };
            let (first, second) = (queued().await, queued().await);
            assert_eq!((first.0, second.0), (vec!["m".to_owned()], vec!["m".to_owned()]));
            let seeds = [first.1.expect("a seed"), second.1.expect("a seed")];
            assert_ne!(seeds[0], seeds[1]);
            assert!(seeds.iter().all(|seed| *seed < 1 << 53));
        });
    }
}
