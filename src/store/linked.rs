//! Facts that staff have recorded about a client's debtor, as purchases need them.

use serde::Deserialize;

use super::StoreError;
use super::engine::{Writing, values};

/// The debtor known across clients that a client's debtor is linked to, and its group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Linked {
    pub known: Option<String>,
    pub group: Option<String>,
}

/// Reads what is recorded about a client's debtor. Its own group counts, else that of the known
/// debtor.
pub(super) async fn linked(
    writing: &mut Writing,
    client: &str,
    debtor: &str,
) -> Result<Linked, StoreError> {
    let own: Option<(String, Option<String>)> = writing
        .row(
            "SELECT facts, known_debtor FROM client_debtor \
             WHERE client_id = $1 AND debtor_id = $2 ORDER BY version DESC LIMIT 1",
            values![client, debtor],
        )
        .await?;
    let Some((facts, known)) = own else { return Ok(Linked::default()) };
    let group = group_of(debtor, &facts)?;
    let Some(id) = known.as_deref().filter(|_| group.is_none()) else {
        return Ok(Linked { known, group });
    };
    let text: Option<(String,)> = writing
        .row(
            "SELECT text FROM written WHERE kind = 'debtor' AND name = $1 \
             ORDER BY version DESC LIMIT 1",
            values![id],
        )
        .await?;
    let group = text.map_or(Ok(None), |(text,)| group_of(id, &text))?;
    Ok(Linked { known, group })
}

/// The only fact that a purchase needs; versions before this one kept others beside it.
#[derive(Deserialize)]
struct Facts {
    group: Option<String>,
}

fn group_of(debtor: &str, facts: &str) -> Result<Option<String>, StoreError> {
    let facts: Facts = serde_json::from_str(facts)
        .map_err(|error| StoreError::damaged("debtor", debtor, &error))?;
    Ok(facts.group)
}
