use purchases::{Period, Statement, statements};

use super::{Caller, Reply, Service, ServiceError};

/// A client's statements of account, and how much of what was recorded they know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// One statement for each currency.
    pub statements: Vec<Statement>,
    /// The number of the last movement that they know of; with it they can be made again.
    pub recorded: i64,
}

impl Service {
    /// Returns a client's statements of account for a period, one for each currency, as `shown`
    /// writes them.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client or the caller may not see it,
    /// [`ServiceError::Field`] if the period ends before it begins, or for a number below 0.
    pub async fn statements(
        &self,
        caller: &Caller,
        client: &str,
        period: Period,
        shown: impl FnOnce(Stated) -> Result<Reply, ServiceError> + Send + 'static,
    ) -> Result<Reply, ServiceError> {
        caller.sees(client, "client")?;
        self.store.client(client).await?;
        if period.from.zip(period.to).is_some_and(|(from, to)| from > to) {
            return Err(ServiceError::field("from", "Must not be after `to`."));
        }
        if period.recorded.is_some_and(|own| own < 0) {
            return Err(ServiceError::field("recorded", "Must be 0 or more."));
        }
        // Before they are read: whoever waits for a turn holds nothing in memory.
        let place = self.heavy.place(caller).await?;
        let movements = self.store.movements_of(client).await?;
        place
            .run(move |left| {
                let statements = statements(&movements, period).map_err(ServiceError::internal)?;
                let last = movements.last().map_or(0, |last| last.number);
                let recorded = period.recorded.map_or(last, |own| own.clamp(0, last));
                drop(movements);
                left.check()?;
                shown(Stated { statements, recorded })
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use store::Role;

    use super::super::samples::{Desk, by, day, run};
    use super::*;

    #[test]
    fn a_client_reads_its_own_and_a_period_does_not_end_before_it_begins() {
        run(async {
            let desk = Desk::new().await;
            desk.bought("1").await.expect("bought");
            let own: Caller = by(Role::Client);
            let shown =
                |own: Stated| Ok(Reply::new(200, own.statements[0].funds_in_use.to_string()));
            let all = desk.service.statements(&own, "a", Period::default(), shown).await;
            assert_eq!(all.expect("statements").body, "800.00");
            let (from, to) = (Some(day("2026-02-01")), Some(day("2026-01-31")));
            let period = Period { from, to, recorded: None };
            let wrong = desk.service.statements(&own, "a", period, shown).await;
            assert_eq!(wrong, Err(ServiceError::field("from", "Must not be after `to`.")));
            let period = Period { recorded: Some(-1), ..Period::default() };
            let wrong = desk.service.statements(&own, "a", period, shown).await;
            assert_eq!(wrong, Err(ServiceError::field("recorded", "Must be 0 or more.")));
            let other = desk.service.statements(&own, "b", Period::default(), shown).await;
            assert_eq!(other, Err(ServiceError::Missing("client")));
        });
    }
}
