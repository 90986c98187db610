//! The links that a migration makes: what was known about a debtor id, whichever client's it was,
//! becomes a known debtor of the clients that have sold its invoices.

use std::collections::BTreeMap;

use basics::DebtorFacts;
use serde_json::{Map, Value};

use super::StoreError;
use super::engine::{Writing, values};

/// The facts that hold between a client and its debtor alone, as they were written.
fn of_client(text: &str) -> Map<String, Value> {
    let Ok(Value::Object(mut facts)) = serde_json::from_str(text) else { return Map::new() };
    facts.retain(|name, _| {
        DebtorFacts::COLUMNS.iter().any(|column| column.name == name && !column.travels)
    });
    facts
}

/// Links known debtors to the clients that have positions with their ids; returns a sentence on
/// each that a person has to look at.
pub(super) async fn link_known(writing: &mut Writing, at: &str) -> Result<Vec<String>, StoreError> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let texts = "SELECT name, text FROM written WHERE kind = 'debtor' ORDER BY name, version";
    // The last version of each name stays.
    writing.each(texts, |(name, text): (String, String)| _ = known.insert(name, text)).await?;
    let mut clients: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let bought = "SELECT DISTINCT debtor_id, client_id FROM position ORDER BY debtor_id, client_id";
    writing
        .each(bought, |(debtor, client): (String, String)| {
            clients.entry(debtor).or_default().push(client);
        })
        .await?;
    let (mut unlinked, mut notes) = (Vec::new(), Vec::new());
    for (name, text) in &known {
        let (clients, own) = (clients.get(name).map_or(&[][..], Vec::as_slice), of_client(text));
        // With several clients nobody can tell which of them was meant.
        let is_kept = clients.len() == 1 || own.is_empty();
        if clients.is_empty() {
            unlinked.push(name.as_str());
        } else if !is_kept {
            let facts = own.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            notes.push(format!(
                "Debtor {name} is linked to several clients; record for each of them: {facts}."
            ));
        }
        let facts = if is_kept { Value::Object(own).to_string() } else { "{}".to_owned() };
        for client in clients {
            writing
                .run(
                    "INSERT INTO client_debtor (client_id, debtor_id, version, facts, \
                     known_debtor, key_prefix, created_at) VALUES ($1, $2, 1, $3, $2, $4, $5)",
                    values![client, name, &facts, "migration", at],
                )
                .await?;
        }
    }
    if !unlinked.is_empty() {
        let names = unlinked.join(", ");
        notes.insert(
            0,
            format!(
                "No client has positions with these debtors, so no facts about \
             them reach an evaluation until staff link them: {names}."
            ),
        );
    }
    Ok(notes)
}
