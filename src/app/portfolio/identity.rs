//! Who is one debtor across clients, by a stated rule and never by similar names.

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
    /// Its registration number or another name that only it has.
    key: String,
    group: Option<String>,
    #[serde(default)]
    accounts: Vec<Account>,
}

/// A debtor as one client has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Account {
    client: String,
    debtor: String,
}

/// Who a debtor of a client is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub key: String,
    pub group: Option<String>,
}

/// The rule.
#[derive(Debug, Default)]
pub(super) struct Identities {
    listed: BTreeMap<(String, String), Identity>,
    by_id: bool,
}

impl Identities {
    /// The list, and whether debtors that are not in it are one where their ids are the same.
    ///
    /// # Errors
    /// A sentence about a key or an account that is listed twice.
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

    /// Listed accounts that none of these (client, debtor) are.
    pub fn unknown(&self, known: &BTreeSet<(&str, &str)>) -> Vec<String> {
        let all = self.listed.keys();
        let missing = all.filter(|(client, id)| !known.contains(&(client.as_str(), id.as_str())));
        missing.map(|(client, debtor)| format!("{debtor} of {client}")).collect()
    }

    /// Who the debtor is.
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
                "Debtors with the same id are one debtor, whichever client sells to it."
            }
            (true, false) => "Every client's debtors are its own.",
            (false, true) => {
                "Debtors are one as debtors.toml says; all others where they have the same id."
            }
            (false, false) => {
                "Debtors are one as debtors.toml says; all others are their client's own."
            }
        }
    }
}
