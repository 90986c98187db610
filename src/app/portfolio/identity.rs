//! Debtors across clients: which of them are one debtor, by a stated rule and never by similar
//! names.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;

/// `debtors.toml`: debtors that several clients sell to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DebtorList {
    #[serde(default)]
    debtor: Vec<ListedDebtor>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListedDebtor {
    /// Its registration number or another unique key.
    key: String,
    /// The group that it belongs to.
    group: Option<String>,
    /// Its accounts with the clients.
    #[serde(default)]
    accounts: Vec<Account>,
}

/// A debtor in the ledger of one client.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Account {
    /// The name of the client.
    client: String,
    /// The debtor's id in the client's ledger.
    debtor: String,
}

/// The identity of a client's debtor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub key: String,
    pub group: Option<String>,
}

/// The rule by which debtors are one.
#[derive(Debug, Default)]
pub(super) struct Identities {
    listed: BTreeMap<(String, String), Identity>,
    by_id: bool,
}

impl Identities {
    /// Takes the list; `by_id` makes debtors that are not in it one debtor if their ids are the
    /// same.
    ///
    /// # Errors
    /// If a key or an account is listed twice; the error is a sentence naming it.
    pub fn new(list: DebtorList, by_id: bool) -> Result<Self, String> {
        let mut listed = BTreeMap::new();
        let mut keys = BTreeSet::new();
        for ListedDebtor { key, group, accounts } in list.debtor {
            if !keys.insert(key.clone()) {
                return Err(format!("two debtors have the key '{key}'"));
            }
            for account in accounts {
                let identity = Identity { key: key.clone(), group: group.clone() };
                let (client, debtor) = (account.client, account.debtor);
                let place = (client.clone(), debtor.clone());
                if listed.insert(place, identity).is_some() {
                    return Err(format!("debtor '{debtor}' of client '{client}' is listed twice"));
                }
            }
        }
        Ok(Self { listed, by_id })
    }

    /// The listed accounts that are not among these pairs of client and debtor.
    pub fn unknown(&self, known: &BTreeSet<(&str, &str)>) -> Vec<String> {
        let all = self.listed.keys();
        let missing = all.filter(|(client, id)| !known.contains(&(client.as_str(), id.as_str())));
        missing.map(|(client, debtor)| format!("{debtor} of {client}")).collect()
    }

    /// The identity of a debtor.
    pub fn of(&self, client: &str, debtor: &str) -> Identity {
        let listed = self.listed.get(&(client.to_owned(), debtor.to_owned()));
        listed.cloned().unwrap_or_else(|| {
            let key = if self.by_id { debtor.to_owned() } else { format!("{client}/{debtor}") };
            Identity { key, group: None }
        })
    }

    /// The rule in words.
    pub fn words(&self) -> &'static str {
        match (self.listed.is_empty(), self.by_id) {
            (true, true) => {
                "Debtors with the same id are one debtor, whichever client sells to them."
            }
            (true, false) => "Debtors are not matched across clients.",
            (false, true) => {
                "Debtors in debtors.toml are matched by that list; others are one debtor if their ids match."
            }
            (false, false) => {
                "Debtors in debtors.toml are matched by that list; others belong to one client only."
            }
        }
    }
}
