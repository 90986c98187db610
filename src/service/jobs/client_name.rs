//! The client that a ledger names: another client's ledger is refused, because its invoices would
//! be bought from the wrong one.
//!
//! Numbers and codes name nobody: honest ledgers have branches, company codes and customer numbers
//! of the client's own programs in that column. What a client sends is compared with its own id and
//! name alone, so that the outcome is the same whoever else there is: a client who tries numbers
//! learns nothing. What staff send is refused as well if it has the id of another client, a number
//! too.

use std::io::BufReader;
use std::path::Path;

use serde::Deserialize;

use basics::{folded, without_legal_form};
use store::{Client, StoreError};

use super::outcome::OUT;
use super::task::Task;
use crate::{Service, ServiceError};

/// Fewest letters by which a longer form of a name is known.
const ENOUGH: usize = 4;

/// The part of a reading's summary that holds the clients that the ledger names.
#[derive(Deserialize)]
struct Read {
    #[serde(default)]
    clients: Vec<String>,
}

/// Returns true if a name is clearly not this client's: neither its id nor its name, in any
/// spelling or with more or fewer words. A number or a code, such as `C001`, names nobody.
fn is_other(named: &str, client: &Client) -> bool {
    let key = |text: &str| without_legal_form(text).unwrap_or_else(|| folded(text));
    let named_key = key(named);
    let within = |long: &str, short: &str| short.chars().count() >= ENOUGH && long.contains(short);
    let is_own = |own: &str| {
        let own = key(own);
        own == named_key || within(&own, &named_key) || within(&named_key, &own)
    };
    let is_code = !named.contains(' ') && named.contains(|c: char| c.is_ascii_digit());
    let is_name = !is_code && named.contains(char::is_alphabetic);
    is_name && !is_own(&client.id) && !is_own(&client.name)
}

impl Service {
    /// Checks that a ledger that was read names the client that it was sent for, or none.
    ///
    /// # Errors
    /// [`ServiceError::Ledger`] if it names another client, and staff have not confirmed that the
    /// name is the client's.
    pub(super) async fn check_client_name(
        &self,
        task: &Task,
        folder: &Path,
    ) -> Result<(), ServiceError> {
        let Task::Ingest { client, client_name_confirmed: false, by_staff, .. } = task else {
            return Ok(());
        };
        let own = self.store.client(client).await?;
        let summary = folder.join(OUT).join("ingest.json");
        // Off the async threads: it lists invoices as well.
        let read = tokio::task::spawn_blocking(move || -> Result<Read, ServiceError> {
            let file = std::fs::File::open(summary).map_err(ServiceError::unavailable)?;
            serde_json::from_reader(BufReader::new(file)).map_err(ServiceError::internal)
        });
        for named in read.await.map_err(ServiceError::internal)??.clients {
            let is_id_of_another = *by_staff
                && named != own.id
                && match self.store.client(&named).await {
                    Ok(_) => true,
                    Err(StoreError::Missing(_)) => false,
                    Err(error) => return Err(error.into()),
                };
            if is_id_of_another || is_other(&named, &own) {
                return Err(ServiceError::Ledger(format!(
                    "The ledger names the client {named}, but it was sent for {}. If that is \
                     another name of the same client, staff can send it with \
                     client_name_confirmed=true.",
                    own.name
                )));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_name_is_told_from_another_spelling() {
        let client = Client {
            id: "acme-1".into(),
            name: "Acme Foods Ltd".into(),
            sector: String::new(),
            version: 1,
            created_at: String::new(),
        };
        for own in ["ACME FOODS LIMITED", "Acme-1", "acme", "Acme Foods (UK)", "10023", "C001", ""]
        {
            assert!(!is_other(own, &client), "{own}");
        }
        for other in ["Globex Ltd", "Globex 2000 Ltd", "A", "Foo"] {
            assert!(is_other(other, &client), "{other}");
        }
    }
}
