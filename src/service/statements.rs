use purchases::{Period, Statement, events, statements};

use super::{Caller, Service, ServiceError};

impl Service {
    /// A client's statements of account for a period, one for each currency.
    ///
    /// # Errors
    /// [`ServiceError::Field`] for a period that ends before it begins.
    pub async fn statements(
        &self,
        caller: &Caller,
        client: &str,
        period: Period,
    ) -> Result<Vec<Statement>, ServiceError> {
        caller.sees(client, "client")?;
        self.store.client(client).await?;
        if period.from.zip(period.to).is_some_and(|(from, to)| from > to) {
            return Err(ServiceError::field("from", "Expected no day after `to`."));
        }
        let positions = self.store.positions_of(client).await?;
        let collections = self.store.collections_of(client).await?;
        statements(events(&positions, &collections), period).map_err(ServiceError::internal)
    }
}
