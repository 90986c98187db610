//! The walk over an audit log: its chain, the heads that were exported, and the seals of rows.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use super::audit::{AuditRow, START};
use super::audit_start::StartRow;
use super::heads::Head;
use super::keying::Chain;
use super::keys::holder;
use super::sealed_table::{SealedTable, sealed_table};
use super::seals::{Cells, Seal, Seals};

/// A fault of what the audit log proves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditFault {
    /// The table; `audit` for the log itself, `head` for an exported head, `file` for a stored one.
    pub table: String,
    /// Key of the row, number of a row of the log or of a line, or hash of a file.
    pub id: String,
    /// The fault, as the rest of a sentence.
    pub fault: String,
}

impl fmt::Display for AuditFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.table, self.id, self.fault)
    }
}

/// The last seal of a row.
#[derive(Debug)]
struct Latest {
    digest: String,
    fixed: String,
    schema: i64,
    /// The key with which the row was first written.
    key: String,
}

/// A walk over a log.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    chain: &'a Chain,
    /// Valid heads, by the number of their row.
    heads: BTreeMap<i64, Head>,
    /// The row that was walked last.
    last: i64,
    previous: String,
    /// The last seals, by table and key.
    latest: HashMap<String, HashMap<String, Latest>>,
    sealed: usize,
    /// The holders of keys, by their prefix.
    holders: HashMap<String, String>,
    faults: Vec<AuditFault>,
}

/// Numbers of rows: one, or the first and the last.
fn numbers(first: i64, last: i64) -> String {
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}

impl<'a> Walk<'a> {
    /// A walk along a chain; `heads` is the text of a file of heads.
    pub fn new(chain: &'a Chain, heads: Option<&str>) -> Self {
        let mut walk = Self {
            chain,
            heads: BTreeMap::new(),
            last: 0,
            previous: START.to_owned(),
            latest: HashMap::new(),
            sealed: 0,
            holders: HashMap::new(),
            faults: Vec::new(),
        };
        if let Some(text) = heads {
            walk.read_heads(text);
        }
        walk
    }

    fn read_heads(&mut self, text: &str) {
        for (line, number) in text.lines().zip(1..) {
            let number: i32 = number;
            let Ok(head) = serde_json::from_str::<Head>(line) else {
                self.fault("head", number, "the line is not a head");
                continue;
            };
            match head.fault(self.chain) {
                Some(fault) => self.fault("head", number, fault),
                None => _ = self.heads.insert(head.number, head),
            }
        }
        if text.trim().is_empty() {
            self.fault("head", 1, "the file has no head");
        }
    }

    /// Notes a fault.
    pub fn fault(&mut self, table: &str, id: impl fmt::Display, fault: impl Into<String>) {
        let (table, id, fault) = (table.to_owned(), id.to_string(), fault.into());
        self.faults.push(AuditFault { table, id, fault });
    }

    /// Walks over a row of the log; rows come in the order of their numbers.
    pub fn row(&mut self, row: AuditRow) {
        let number = row.number;
        if number != self.last + 1 {
            self.fault("audit", numbers(self.last + 1, number - 1), "missing");
        } else if row.previous != self.previous {
            self.fault("audit", number, "the row before it is not the one that it followed");
        }
        if row.hash != row.own_hash(self.chain) {
            self.fault("audit", number, "it was changed, or added without the key");
        }
        if let Some(head) = self.heads.get(&number)
            && head.hash != row.hash
        {
            let fault = format!("it is not the row of the head that was exported at {}", head.at);
            self.fault("audit", number, fault);
        }
        match serde_json::from_str::<Seals>(&row.seals) {
            Ok(Seals { schema, rows, read }) => {
                read.into_iter().for_each(|seal| self.read(number, schema, seal));
                rows.into_iter().for_each(|seal| self.seal((number, &row.key), schema, seal));
            }
            Err(_) if row.seals.is_empty() => {}
            Err(_) => self.fault("audit", number, "its seals cannot be read"),
        }
        (self.last, self.previous) = (number, row.hash);
    }

    /// Notes the seal of a row. Before the service changes a row, somebody else may have: then what
    /// never changes is not what was sealed before.
    fn seal(&mut self, (number, by): (i64, &str), schema: i64, seal: Seal) {
        let Seal { table, key, digest, fixed } = seal;
        let of_table = self.latest.entry(table.clone()).or_default();
        let first = of_table.get_mut(&key).map(|own| std::mem::take(&mut own.key));
        let first = first.unwrap_or_else(|| by.to_owned());
        let latest = Latest { digest, fixed: fixed.clone(), schema, key: first };
        let before = of_table.insert(key.clone(), latest);
        if before.is_some_and(|before| before.schema == schema && before.fixed != fixed) {
            let fault = format!(
                "what never changes was changed behind the service's back before row {number} of \
                 the log"
            );
            self.fault(&table, key, fault);
        }
    }

    /// Compares how a row was when a change came to rest on it with its last seal: whoever changes
    /// it for that moment may have put it back since.
    fn read(&mut self, number: i64, schema: i64, Seal { table, key, digest, .. }: Seal) {
        let latest = self.latest.get(&table).and_then(|own| own.get(&key));
        let later = |since: i64, own: &SealedTable| {
            own.columns.iter().any(|(_, added)| (since + 1..=schema).contains(added))
        };
        let what = match latest {
            None if digest.is_empty() => return,
            None => "added",
            Some(_) if digest.is_empty() => "deleted",
            Some(own) if own.digest == digest => return,
            // Of other columns than the seal.
            Some(own) if sealed_table(&table).is_some_and(|it| later(own.schema, it)) => return,
            Some(_) => "changed",
        };
        let fault = format!(
            "it was {what} behind the service's back when row {number} of the log came to rest on \
             it"
        );
        self.fault(&table, key, fault);
    }

    /// Notes the holder of a key.
    pub fn holder(&mut self, prefix: String, name: String) {
        let holder = holder(&prefix, name);
        self.holders.insert(prefix, holder);
    }

    /// Names a row beside the start of the chain.
    pub fn start(&mut self, start: &StartRow) {
        if !start.begins(self.chain) {
            self.fault("audit_start", start.id(), "it was added behind the service's back");
        }
    }

    /// Ends the log: it reaches its first keyed row and the last head.
    pub fn end_of_log(&mut self) {
        let (last, first) = (self.last, self.chain.first);
        if last < first {
            self.fault("audit", numbers(last + 1, first), "missing: the end of the log was cut");
        }
        let head = self.heads.last_key_value().filter(|(number, _)| **number > last.max(first));
        if let Some((number, head)) = head {
            let fault = format!(
                "missing: the end of the log was cut after its head was exported at {}",
                head.at
            );
            let id = numbers(last.max(first) + 1, *number);
            self.fault("audit", id, fault);
        }
    }

    /// Compares a row of a table with its last seal.
    pub fn sealed(&mut self, table: &SealedTable, row: &Cells) {
        self.sealed += 1;
        let key = row.key(table);
        let latest = self.latest.get_mut(table.name).and_then(|own| own.remove(&key));
        let fault = match latest {
            None => "it was added behind the service's back".to_owned(),
            Some(Latest { digest, schema, .. })
                if digest != row.digest(table, schema, &self.chain.key) =>
            {
                "it was changed behind the service's back".to_owned()
            }
            Some(latest) => match self.other_holder(table, row, &latest) {
                Some(fault) => fault,
                None => return,
            },
        };
        self.fault(table.name, key, fault);
    }

    /// The fault of a row that names another person than the holder of the key that wrote it.
    fn other_holder(&self, table: &SealedTable, row: &Cells, own: &Latest) -> Option<String> {
        let (column, holder) = (table.holder?, self.holders.get(&own.key)?);
        let named = row.cell(table, column).unwrap_or_default();
        let (key, own) = (&own.key, holder.as_str());
        (named != own)
            .then(|| format!("its {column} is {named}, but the key {key} that wrote it is {own}'s"))
    }

    /// Names the rows of a table that are sealed and not there, unless they are deleted after a
    /// time anyway.
    pub fn end_of_table(&mut self, table: &SealedTable) {
        let gone = self.latest.remove(table.name).unwrap_or_default();
        if table.is_forgotten {
            return;
        }
        let mut gone: Vec<String> = gone.into_keys().collect();
        gone.sort_unstable();
        for key in gone {
            self.fault(table.name, key, "it was deleted behind the service's back");
        }
    }

    /// Number of the last row, number of sealed rows, and all faults.
    pub fn end(self) -> (i64, usize, Vec<AuditFault>) {
        (self.last, self.sealed, self.faults)
    }
}
