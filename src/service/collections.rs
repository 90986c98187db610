use purchases::{Applied, CashApplication, Collection, Payment, SettledPosition, lines_once};
use store::{Posting, StoreError};

use super::names::{named, plain};
use super::recorded::MOST_AT_ONCE;
use super::refusal::refused;
use super::{Answer, Once, Reply, Service, ServiceError, Underwriter};

/// Number of attempts to apply payments when other requests change the same positions.
// An attempt fails only because another request has succeeded: enough for 32 at the same time.
const ATTEMPTS: u32 = 32;

/// Payments by debtors, in the order in which they are applied.
#[derive(Debug, Clone)]
pub struct Payments {
    /// The client whose invoices were paid.
    pub client_id: String,
    /// The payments.
    pub payments: Vec<Payment>,
}

/// The result of applying payments.
#[derive(Debug, Clone)]
pub struct AppliedPayments {
    /// The parts of the payments, in their order.
    pub collections: Vec<Collection>,
    /// The positions that they settle.
    pub settled: Vec<SettledPosition>,
}

impl Service {
    /// Applies payments to positions and settles the positions that are now paid in full.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client, [`ServiceError::Field`] for a payment
    /// that cannot be applied, [`ServiceError::Conflict`] if the bank reference of a payment is on
    /// record, or if other requests keep changing the same positions.
    pub async fn collect(
        &self,
        _: &Underwriter,
        Payments { client_id, payments }: Payments,
        once: &Once,
        answer: Answer<AppliedPayments>,
    ) -> Result<Reply, ServiceError> {
        if !(1..=MOST_AT_ONCE).contains(&payments.len()) {
            let detail = format!("Expected 1 to {MOST_AT_ONCE} payments.");
            return Err(ServiceError::field("payments", detail));
        }
        self.store.client(&client_id).await?;
        // Positions are read without a lock. If another request has changed one of them by the time
        // of writing, the payments are applied again to what it left.
        for _ in 0..ATTEMPTS {
            let applied = self.applied(&client_id, &payments).await?;
            let collections = applied.collections(|| self.new_id())?;
            let Applied { positions, settled, .. } = applied;
            // Anew at each attempt: another payment may have left less to apply these to.
            let made = AppliedPayments { collections, settled };
            let reply = answer(&made)?;
            let posting = Posting {
                client: &client_id,
                payments: &payments,
                collections: &made.collections,
                positions: &positions,
                settled: &made.settled,
            };
            match self.store.post(posting, &once.actor(&reply)).await {
                Ok(()) => return Ok(reply),
                Err(StoreError::Changed(_)) => {}
                Err(other) => return Err(other.into()),
            }
        }
        let detail =
            "Too many simultaneous payments on the same positions; send the request again.";
        Err(ServiceError::Conflict(detail.to_owned()))
    }

    async fn applied(&self, client: &str, payments: &[Payment]) -> Result<Applied, ServiceError> {
        lines_once(payments)
            .map_err(|(at, error)| refused(&error, |name| format!("payments[{at}].{name}")))?;
        let mut cash = CashApplication::new(self.store.positions_of(client).await?);
        for (at, payment) in payments.iter().enumerate() {
            let path = |name: &str| format!("payments[{at}].{name}");
            named(&path("invoice_number"), &payment.invoice_number)?;
            plain(&path("reference"), &payment.reference)?;
            plain(&path("account"), &payment.account)?;
            cash.apply(payment, self.today()).map_err(|error| refused(&error, path))?;
        }
        Ok(cash.applied())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use store::Role;

    use super::super::samples::{Desk, by, payment, run, staff, word};
    use super::*;

    fn parts(collected: &AppliedPayments) -> Result<Reply, ServiceError> {
        let words = collected.collections.iter().map(|one| one.part.applied_to.as_str());
        Reply::json(201, &words.collect::<Vec<_>>().join(" "))
    }

    async fn paid(desk: &Desk, payments: Vec<Payment>) -> Result<String, ServiceError> {
        let payments = Payments { client_id: "a".into(), payments };
        let once = desk.once("payments").await;
        Ok(word(&desk.service.collect(&staff(), payments, &once, parts).await?))
    }

    #[test]
    fn payments_at_the_same_time_all_count() {
        run(async {
            let desk = Arc::new(Desk::new().await);
            desk.bought("1").await.expect("bought");
            let pay = |_| {
                let desk = Arc::clone(&desk);
                tokio::spawn(
                    async move { paid(&desk, vec![payment("1", "125", "2026-02-01")]).await },
                )
            };
            for one in (0..8).map(pay).collect::<Vec<_>>() {
                assert_eq!(one.await.expect("a task"), Ok("payment".to_owned()));
            }
            let all = desk.service.positions(&by(Role::Client), "", 10).await.expect("a list");
            assert_eq!((all[0].status(), all[0].collected().minor()), ("settled", 100_000));
        });
    }

    #[test]
    fn of_payments_that_are_sent_together_all_are_booked_or_none() {
        run(async {
            let desk = Desk::new().await;
            desk.bought("1").await.expect("bought");
            let both = vec![payment("1", "10", "2026-02-01"), payment("1", "10", "2025-12-31")];
            let Err(ServiceError::Field { field, .. }) = paid(&desk, both).await else {
                panic!("the second is too early")
            };
            assert_eq!(field, "payments[1].received_on");
            let position = &desk.service.positions(&by(Role::Admin), "", 1).await.expect("one")[0];
            assert_eq!(position.collected().minor(), 0);
            let more = vec![payment("1", "10", "2026-02-01"), payment("1", "1000", "2026-02-02")];
            assert_eq!(paid(&desk, more).await.as_deref(), Ok("payment payment unapplied"));
            assert!(paid(&desk, Vec::new()).await.is_err(), "no payment");
        });
    }
}
