//! A client's books as one reading: rows and movements of the same moment.

use purchases::Books;

use super::engine::{Transaction, Writing};
use super::{
    Store, StoreError, collections, movements, payees, positions, purchase, reversals, settlements,
};

impl Store {
    /// Returns the books of a client without its purchases and accounts, all of one moment.
    ///
    /// # Errors
    /// If the database cannot be read, or a row is damaged.
    pub async fn books(&self, client: &str) -> Result<Books, StoreError> {
        read(&mut self.engine.reading().await?, client).await
    }

    /// Returns the books of a client with everything that proves them, all of one moment.
    ///
    /// # Errors
    /// As [`Store::books`].
    pub async fn whole_books(&self, client: &str) -> Result<Books, StoreError> {
        let mut reading = self.engine.reading().await?;
        let books = read(&mut reading, client).await?;
        let purchases = purchase::of_client(&mut reading, client).await?;
        Ok(Books { purchases, payees: payees::of_client(&mut reading, client).await?, ..books })
    }

    /// Returns the ids of all clients.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn client_ids(&self) -> Result<Vec<String>, StoreError> {
        let all: Vec<(String,)> =
            self.engine.rows("SELECT id FROM client ORDER BY id", &[]).await?;
        Ok(all.into_iter().map(|(id,)| id).collect())
    }
}

async fn read(reading: &mut Transaction, client: &str) -> Result<Books, StoreError> {
    Ok(Books {
        client_id: client.to_owned(),
        positions: positions::of_client(reading, client).await?,
        collections: collections::of_client(reading, client).await?,
        settlements: settlements::of_client(reading, client).await?,
        reversals: reversals::of_client(reading, client).await?,
        movements: movements::of_client(reading, client).await?,
        ..Books::default()
    })
}

/// Books what happened before there were movements, once, in the order of the days.
pub(super) async fn book_history(writing: &mut Writing) -> Result<(), StoreError> {
    let clients: Vec<(String,)> = writing.rows("SELECT id FROM client ORDER BY id", &[]).await?;
    for (client,) in clients {
        let history = read(writing, &client).await?.history();
        let history = history.map_err(|error| StoreError::damaged("client", &client, &error))?;
        for movement in &history {
            movements::add(writing, movement).await?;
        }
    }
    Ok(())
}
