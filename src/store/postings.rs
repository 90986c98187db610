//! Changes of positions by payments and settlements, each in one transaction.

use std::collections::BTreeSet;

use purchases::{BankLine, Collection, Payment, Position, PurchaseError, SettledPosition};

use super::engine::Writing;
use super::{Actor, AuditEntry, Store, StoreError, audit, collections, positions, settlements};

/// Payments that are recorded together, with the positions that they change.
#[derive(Debug, Clone, Copy)]
pub struct Posting<'a> {
    /// The client whose invoices were paid.
    pub client: &'a str,
    /// The payments as they were reported.
    pub payments: &'a [Payment],
    /// Their parts.
    pub collections: &'a [Collection],
    /// The positions afterwards, with the version that they had before.
    pub positions: &'a [Position],
    /// The positions that the payments settle.
    pub settled: &'a [SettledPosition],
}

impl Store {
    /// Records payments with the positions that they change, all or none.
    ///
    /// # Errors
    /// [`StoreError::Changed`] if a position has changed since it was read, [`StoreError::Repeats`]
    /// if the bank reference of a payment is on record; otherwise if the database cannot be
    /// written.
    pub async fn post(&self, posting: Posting<'_>, actor: &Actor) -> Result<(), StoreError> {
        let Posting { client, .. } = posting;
        let mut writing = self.engine.writing().await?;
        check_lines(&mut writing, client, posting.payments).await?;
        // Positions first: one that has changed since fails before anything is inserted.
        for position in posting.positions {
            positions::change(&mut writing, position).await?;
        }
        for collection in posting.collections {
            collections::add(&mut writing, client, collection, &actor.at).await?;
        }
        for position in posting.settled {
            settlements::add(&mut writing, position, &actor.at).await?;
        }
        let ids: Vec<&str> = posting.collections.iter().map(|own| own.id.as_str()).collect();
        let detail = &ids.join(", ");
        let entry = AuditEntry { action: "collections.recorded", subject: client, detail };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }

    /// Records the settlement of a position that was not collected in full.
    ///
    /// # Errors
    /// [`StoreError::Changed`] if the position has changed since it was read; otherwise if the
    /// database cannot be written.
    pub async fn add_settlement(
        &self,
        settled: &SettledPosition,
        actor: &Actor,
    ) -> Result<(), StoreError> {
        let mut writing = self.engine.writing().await?;
        // The position's version decides whether the settlement still fits what was collected.
        positions::change(&mut writing, &settled.clone().into()).await?;
        settlements::add(&mut writing, settled, &actor.at).await?;
        let subject = &settled.invoice.id;
        let entry = AuditEntry { action: "position.settled", subject, detail: "" };
        audit::append(&mut writing, actor, entry).await?;
        writing.commit().await
    }
}

/// Checks that each line of a bank account is booked once.
async fn check_lines(
    writing: &mut Writing,
    client: &str,
    payments: &[Payment],
) -> Result<(), StoreError> {
    let lines: BTreeSet<BankLine> = payments.iter().filter_map(Payment::line).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let first = collections::first_with(writing, client, &lines).await?;
    for (at, payment) in payments.iter().enumerate() {
        let first = payment.line().and_then(|line| first.get(&line));
        if let Err(PurchaseError::Repeats { first, .. }) =
            payment.check_first(first.map(String::as_str))
        {
            return Err(StoreError::Repeats { at, first });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use basics::{Currency, Money};
    use policy::LimitBasis;
    use purchases::{
        Agreed, AgreedInvoice, AppliedTo, CashApplication, Claim, ClaimedDebtor, Funding,
        NamedPositions, Payee, Payment, Purchase, Stage, Totals,
    };

    use super::*;
    use crate::{Accepted, Buying, Client, Funded, Grounds};

    fn usd(minor: i64) -> Money {
        Money::from_minor(minor, Currency::USD)
    }

    fn day(text: &str) -> chrono::NaiveDate {
        text.parse().expect("a day")
    }

    /// 1,000 at 80 % for 3 %, without recourse, with the claim that its own facts make.
    fn agreed(id: &str) -> Agreed {
        let terms = r#"{"fee_plan":{"components":[{"kind":"flat","percent":"3"}]},
            "recourse":"non_recourse","recourse_days":60}"#;
        let invoice = AgreedInvoice {
            id: id.to_owned(),
            client_id: "a".to_owned(),
            offer_id: None,
            debtor_id: "D1".to_owned(),
            invoice_number: id.to_owned(),
            amount: usd(100_000),
            advance: usd(80_000),
            prepaid: usd(2_500),
            due_on: day("2026-02-01"),
            issued_on: None,
            terms: serde_json::from_str(terms).expect("terms"),
        };
        let claim = Claim {
            client_id: "a".to_owned(),
            debtor: ClaimedDebtor { id: "D1".to_owned(), ..ClaimedDebtor::default() },
            number: id.to_owned(),
            face: usd(100_000),
            amount: usd(100_000),
            issued_on: None,
            due_on: day("2026-02-01"),
        };
        Agreed { invoice, claim }
    }

    /// A payout on the first of January 2026.
    fn funding(purchase: &Purchase) -> Funding {
        Funding {
            on: day("2026-01-01"),
            amount: purchase.totals.payout().expect("a sum"),
            payee: "main".to_owned(),
            payee_version: 1,
            reference: "wire".to_owned(),
            by: "F. Payne".to_owned(),
        }
    }

    fn actor() -> Actor {
        let (key, at) = ("fk_1".to_owned(), "2026-06-30T09:00:00Z".to_owned());
        Actor { key, at, answer: None }
    }

    /// A store with two positions of the client `a`.
    async fn with_positions(folder: &tempfile::TempDir) -> Store {
        let store = Store::sample(folder.path()).await;
        let (id, name, created_at) = ("a".to_owned(), "A".to_owned(), actor().at);
        let client = Client { id, name, sector: String::new(), version: 1, created_at };
        store.create_client(&client, &actor()).await.expect("a client");
        let invoices = vec![agreed("1"), agreed("2")];
        let totals = Totals::of(invoices.iter().map(|own| &own.invoice), Currency::USD);
        let purchase = Purchase {
            id: "u".to_owned(),
            client_id: "a".to_owned(),
            offer_id: None,
            accepted_by: "A. Reed".to_owned(),
            accepted_at: actor().at,
            totals: totals.expect("sums"),
            stage: Stage::Accepted,
            version: 1,
        };
        let positions = invoices.iter().map(|own| own.invoice.clone().funded(day("2026-01-01")));
        let positions: Vec<_> = positions.collect::<Result<_, _>>().expect("before recourse");
        let lines: Vec<_> = invoices.iter().map(|own| own.invoice.clone()).collect();
        let grounds = Grounds::default();
        let accepted =
            [Accepted { purchase: purchase.clone(), invoices, grounds: grounds.clone() }];
        let (purchases, named) = (&accepted[..], &NamedPositions::default());
        let basis = LimitBasis::default();
        let buying = Buying { client: "a", purchases, named, basis };
        store.buy(buying, &actor()).await.expect("accepted");
        let payee = Payee {
            alias: "main".to_owned(),
            account: "DE02".to_owned(),
            version: 1,
            written_by: "A. Reed".to_owned(),
            called_by: Some("F. Payne".to_owned()),
        };
        store.write_payee("a", &payee, &actor()).await.expect("an account");
        store.add_call("a", &payee, "R. Low", &actor()).await.expect("a call");
        let funding = funding(&purchase);
        let funded = Funded {
            purchase: &purchase,
            funding: &funding,
            invoices: &lines,
            positions: &positions,
            duplicate_of: None,
            basis,
            compared: &[],
            grounds: &grounds,
        };
        store.fund(funded, &actor()).await.expect("paid out");
        store
    }

    fn run(test: impl AsyncFnOnce(Store)) {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            test(with_positions(&folder).await).await;
        });
    }

    /// The client's positions after a payment, with its parts on record.
    async fn paid(store: &Store, number: &str, amount: &str) -> Result<(), StoreError> {
        let mut cash = CashApplication::new(store.positions_of("a").await?);
        let payment = Payment {
            invoice_number: number.to_owned(),
            debtor_id: None,
            amount: basics::Amount(amount.parse().expect("a decimal")),
            currency: Some(Currency::USD),
            received_on: day("2026-05-02"),
            reference: format!("wire {number} {amount}"),
            account: String::new(),
            duplicate_of: None,
        };
        cash.apply(&payment, day("2026-06-30")).expect("booked");
        let applied = cash.applied();
        let mut at = 0;
        let collections = applied.collections(|| {
            at += 1;
            Ok::<_, StoreError>(format!("{number} {amount} {at}"))
        })?;
        let posting = Posting {
            client: "a",
            payments: &[payment],
            collections: &collections,
            positions: &applied.positions,
            settled: &applied.settled,
        };
        store.post(posting, &actor()).await
    }

    #[test]
    fn positions_are_read_as_the_state_that_was_written() {
        run(async |store| {
            let first = agreed("1").invoice.funded(day("2026-01-01")).expect("before recourse");
            assert_eq!(store.position("1").await.expect("open"), first.into());
            let Position::Open(open) = store.position("2").await.expect("a position") else {
                panic!("open")
            };
            let cause = Some(pricing::LossCause::Credit);
            let lost = open.settle(day("2026-04-02"), cause).expect("settled");
            store.add_settlement(&lost, &actor()).await.expect("recorded");
            paid(&store, "2", "100").await.expect("a recovery");
            let mut expected = lost.recover(usd(10_000), day("2026-05-02")).expect("recovered");
            expected.invoice.version = 3;
            assert_eq!(store.position("2").await.expect("settled"), expected.into());
            let collections = store.books("a").await.expect("books").collections;
            assert_eq!(collections[0].part.applied_to, AppliedTo::Loss("2".to_owned()));
        });
    }

    #[test]
    fn what_has_changed_since_it_was_read_is_not_changed_and_all_or_nothing_is() {
        run(async |store| {
            let before = store.position("1").await.expect("a position");
            paid(&store, "1", "1005").await.expect("booked");
            let own = store.position("1").await.expect("a position");
            assert_eq!((own.status(), own.collected()), ("settled", usd(100_000)));
            let Position::Open(open) = before else { panic!("open") };
            let late = open.settle(day("2026-04-02"), Some(pricing::LossCause::Credit));
            let late = store.add_settlement(&late.expect("settled"), &actor()).await;
            assert!(matches!(late, Err(StoreError::Changed(2))), "{late:?}");
            let collections = store.books("a").await.expect("books").collections;
            let words: Vec<_> =
                collections.iter().map(|own| own.part.applied_to.as_str()).collect();
            assert_eq!(words, ["payment", "unapplied"]);
            let verified = store.verify(None).await.expect("a log");
            assert_eq!(verified.faults, [], "all is as it was written");
        });
    }

    #[test]
    fn a_row_that_was_not_written_so_is_named() {
        run(async |store| {
            let mut writing = store.engine.writing().await.expect("a turn");
            let damage = "UPDATE position SET status = 'settled' WHERE id = '1'";
            writing.script(damage).await.expect("changed");
            writing.commit().await.expect("written");
            let read = store.position("1").await.expect_err("it has no settlement");
            assert_eq!(read.to_string(), "position 1 is damaged: its settlement is missing");
            assert!(store.position("2").await.is_ok());
            let verified = store.verify(None).await.expect("a log");
            let [fault] = verified.faults.as_slice() else { panic!("{verified:?}") };
            let said = "position 1: it was changed behind the service's back";
            assert_eq!(fault.to_string(), said);
        });
    }

    #[test]
    fn books_are_read_while_another_writes() {
        run(async |store| {
            let _writing = store.engine.writing().await.expect("a turn");
            let read = tokio::time::timeout(crate::PATIENCE, store.books("a")).await;
            assert_eq!(read.expect("at once").expect("books").positions.len(), 2);
        });
    }
}
