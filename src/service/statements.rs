use purchases::{Period, Statement, events, statements};

use super::{Caller, Service, ServiceError};

impl Service {
    /// Returns a client's statements of account for a period, one for each currency.
    ///
    /// # Errors
    /// [`ServiceError::Missing`] if there is no such client or the caller may not see it,
    /// [`ServiceError::Field`] if the period ends before it begins.
    pub async fn statements(
        &self,
        caller: &Caller,
        client: &str,
        period: Period,
    ) -> Result<Vec<Statement>, ServiceError> {
        caller.sees(client, "client")?;
        self.store.client(client).await?;
        if period.from.zip(period.to).is_some_and(|(from, to)| from > to) {
            return Err(ServiceError::field("from", "Must not be after `to`."));
        }
        let positions = self.store.positions_of(client).await?;
        let collections = self.store.collections_of(client).await?;
        statements(events(&positions, &collections), period).map_err(ServiceError::internal)
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
            let all = desk.service.statements(&own, "a", Period::default()).await;
            assert_eq!(all.expect("statements")[0].funds_in_use.to_string(), "800.00");
            let period = Period { from: Some(day("2026-02-01")), to: Some(day("2026-01-31")) };
            let wrong = desk.service.statements(&own, "a", period).await;
            assert_eq!(wrong, Err(ServiceError::field("from", "Must not be after `to`.")));
            let other = desk.service.statements(&own, "b", Period::default()).await;
            assert_eq!(other, Err(ServiceError::Missing("client")));
        });
    }
}
