//! The ledger with which an evaluation compares another: by default the one that the client sent
//! before.

use std::io::BufReader;

use chrono::NaiveDate;
use serde::Deserialize;

use store::{LedgerRow, StoreError};

use super::{Service, ServiceError};

/// The previous ledger that an evaluation asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AskedPrevious {
    /// The client's last one before.
    #[default]
    Last,
    /// None.
    Nothing,
    /// The one with this id.
    Ledger(String),
}

/// The part of a reading's summary that holds the ledger's own date.
#[derive(Deserialize)]
struct Read {
    as_of: Option<NaiveDate>,
}

impl Service {
    /// Returns the id of the ledger with which this one is compared as of a date: by default the
    /// one that the client sent last before it, unless it is the same file again or its own date is
    /// after the as-of date. Of two received in the same second, the first by id is the later.
    pub(super) async fn previous_of(
        &self,
        ledger: &LedgerRow,
        as_of: Option<NaiveDate>,
        asked: AskedPrevious,
    ) -> Result<Option<String>, ServiceError> {
        let as_of = match as_of {
            Some(day) => day,
            None => self.own_date(ledger).await?,
        };
        match asked {
            AskedPrevious::Nothing => Ok(None),
            AskedPrevious::Ledger(id) => self.named_previous(ledger, as_of, &id).await.map(Some),
            AskedPrevious::Last => {
                let mut before = self.store.ledger_before(ledger).await?;
                while let Some(found) = before {
                    // The same file sent twice would show no change at all.
                    if found.sha256 != ledger.sha256 && self.own_date(&found).await? <= as_of {
                        return Ok(Some(found.id));
                    }
                    before = self.store.ledger_before(&found).await?;
                }
                Ok(None)
            }
        }
    }

    /// Checks the ledger that a caller names.
    async fn named_previous(
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
        let own = self.own_date(&found).await?;
        if own > as_of {
            return refused(format!(
                "That ledger runs to {own}, which is after the as-of date, {as_of}."
            ));
        }
        Ok(found.id)
    }

    /// The ledger's own date, as it was read; for one that states none, the day of its receipt.
    async fn own_date(&self, ledger: &LedgerRow) -> Result<NaiveDate, ServiceError> {
        let received = || {
            let day = ledger.created_at.get(..10).and_then(|day| day.parse().ok());
            day.unwrap_or(NaiveDate::MAX)
        };
        let summary = match self.store.artefact(&ledger.id, "ingest.json").await {
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

    async fn last(desk: &Desk, of: &LedgerRow, as_of: &str) -> Option<String> {
        let found = desk.service.previous_of(of, Some(day(as_of)), AskedPrevious::Last).await;
        found.expect("an answer")
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
            let usual = desk.service.previous_of(&own, None, AskedPrevious::Last).await;
            assert_eq!(usual.expect("an answer").as_deref(), Some("m"));
            let none = desk.service.previous_of(&own, None, AskedPrevious::Nothing).await;
            assert_eq!(none, Ok(None));
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

    #[test]
    fn a_named_one_is_the_clients_and_not_later_than_the_as_of_date() {
        run(async {
            let desk = Desk::new().await;
            let ledger = |id, at, own_date| Sent { id, at, sha256: id, own_date: Some(own_date) };
            let own = ledger("j", "2026-07-02T09:00:00Z", "2026-06-30");
            let own = sent(&desk, own).await;
            sent(&desk, ledger("k", "2026-07-03T09:00:00Z", "2026-05-31")).await;
            let named = |id: &str, as_of: &str| {
                let (asked, as_of) = (AskedPrevious::Ledger(id.to_owned()), day(as_of));
                let (service, own) = (desk.service.clone(), own.clone());
                async move { service.previous_of(&own, Some(as_of), asked).await }
            };
            assert_eq!(named("k", "2026-06-30").await, Ok(Some("k".to_owned())));
            for (id, as_of) in [("none", "2026-06-30"), ("j", "2026-06-30"), ("k", "2026-05-30")] {
                let refused = named(id, as_of).await;
                let is_told = matches!(&refused, Err(ServiceError::Field { field, .. }) if field == "previous");
                assert!(is_told, "{id}: {refused:?}");
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
                    previous: AskedPrevious::Last,
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
            assert_eq!((first.0.as_deref(), second.0.as_deref()), (Some("m"), Some("m")));
            let seeds = [first.1.expect("a seed"), second.1.expect("a seed")];
            assert_ne!(seeds[0], seeds[1]);
            assert!(seeds.iter().all(|seed| *seed < 1 << 53));
        });
    }
}
