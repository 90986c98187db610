//! Facts that staff have recorded about a client's debtor, as purchases need them.

use serde::Deserialize;

use basics::Amount;
use purchases::ClaimedDebtor;

use super::StoreError;
use super::engine::{Writing, values};

/// Most debtors that lead from one to the debtor that it is.
const LONGEST: usize = 10;

/// The last version of a debtor's record. Ids that differ by case and blanks are one; of several,
/// the one that is written like it counts.
const RECORD: &str = "SELECT debtor_id, version, facts, known_debtor FROM client_debtor \
     WHERE client_id = $1 \
     AND REPLACE(LOWER(debtor_id), ' ', '') = REPLACE(LOWER($2), ' ', '') \
     ORDER BY CASE WHEN debtor_id = $2 THEN 0 ELSE 1 END, debtor_id, version DESC LIMIT 1";

/// The debtor known across clients that a client's debtor is linked to, its group, the debtor that
/// it is, and its limit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Linked {
    pub known: Option<String>,
    pub group: Option<String>,
    pub same_as: Option<String>,
    /// The limit on it.
    pub limit: Option<Amount>,
    /// The ids and versions of the records that tell this.
    records: Vec<(String, i64)>,
}

impl Linked {
    /// Adds what staff have recorded to what else tells of a debtor.
    pub fn tell(&self, debtor: &mut ClaimedDebtor) {
        debtor.known = self.known.clone().or(debtor.known.take());
        debtor.same_as.clone_from(&self.same_as);
    }

    /// Notes that a transaction rests on what is recorded.
    pub fn rested_on(&self, writing: &mut Writing, client: &str) {
        for (debtor, version) in &self.records {
            writing.reads("client_debtor", [client, debtor, &version.to_string()]);
        }
    }
}

/// Reads what is recorded about a client's debtor, and about the one that staff say it is where
/// nothing is recorded about itself. Its own group counts, else that of the known debtor.
pub(super) async fn linked(
    writing: &mut Writing,
    client: &str,
    debtor: &str,
) -> Result<Linked, StoreError> {
    let mut all = Linked::default();
    let mut id = debtor.to_owned();
    for _ in 0..LONGEST {
        let row: Option<(String, i64, String, Option<String>)> =
            writing.row(RECORD, values![client, &id]).await?;
        let Some((own, version, facts, known)) = row else { break };
        let Facts { group, same_as, limit } = Facts::of(&id, &facts)?;
        all.records.push((own, version));
        all.known = all.known.or(known);
        all.group = all.group.or(group);
        all.limit = all.limit.or(limit);
        let next = same_as.filter(|next| next != debtor && *next != id);
        let Some(next) = next else { break };
        all.same_as = Some(next.clone());
        id = next;
    }
    let Some(id) = all.known.as_deref().filter(|_| all.group.is_none()) else { return Ok(all) };
    let text: Option<(String,)> = writing
        .row(
            "SELECT text FROM written WHERE kind = 'debtor' AND name = $1 \
             ORDER BY version DESC LIMIT 1",
            values![id],
        )
        .await?;
    if let Some((text,)) = text {
        all.group = Facts::of(id, &text)?.group;
    }
    Ok(all)
}

/// The facts that a purchase needs.
#[derive(Deserialize)]
struct Facts {
    group: Option<String>,
    same_as: Option<String>,
    limit: Option<Amount>,
}

impl Facts {
    fn of(debtor: &str, facts: &str) -> Result<Self, StoreError> {
        serde_json::from_str(facts).map_err(|error| StoreError::damaged("debtor", debtor, &error))
    }
}
