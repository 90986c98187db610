//! The tables whose rows are sealed. To add one, add it here; its writers then call
//! `writing.adds` or `writing.changes` before they append to the audit log. A test compares this
//! list with the database.

/// Number of the last migration, which says what columns a new seal covers.
pub(super) const SCHEMA: i64 = 8;

/// A table whose rows are sealed.
#[derive(Debug)]
pub(super) struct SealedTable {
    pub name: &'static str,
    /// Number of the migration that made it, or from which on it is sealed.
    pub since: i64,
    /// The columns of its primary key.
    pub key: &'static [&'static str],
    /// The columns that are sealed, each with the number of the migration that added it; `entries`
    /// are none, but read from rows of another table.
    pub columns: &'static [(&'static str, i64)],
    /// Those of them that change; a table without any is only ever added to.
    pub changing: &'static [&'static str],
    /// The column that names the holder of the key with which a row was written, if there is one.
    pub holder: Option<&'static str>,
    /// True if its rows are deleted after a time.
    pub is_forgotten: bool,
    /// Columns that change without a row in the audit log and are not sealed.
    pub unsealed: &'static [&'static str],
    /// The statement that reads the sealed columns of every row as texts.
    pub every: &'static str,
    /// The statement that reads them of the row with a key.
    pub one: &'static str,
}

/// A sealed table: its name and the migration that made it; the columns of its primary key and the
/// condition that finds a row by them; its columns, and those that a later migration added; what is
/// read for it from another table, with a statement; then those that change, those that are not
/// sealed, and the one that names the holder of the key.
macro_rules! sealed {
    (
        $name:literal, $since:literal, by [$($key:literal),+] $where:literal,
        [$($column:literal),+ $(,)?]
        $(, since $later:literal [$($new:literal),+])*
        $(, with $derived:literal [$($read:tt)+])?
        $(, changing [$($changing:literal),+])?
        $(, unsealed [$($unsealed:literal),+])?
        $(, holder $holder:literal)?
    ) => {
        SealedTable {
            name: $name,
            since: $since,
            key: &[$($key),+],
            columns: &[
                $(($column, $since)),+ $(, $(($new, $later)),+)* $(, ($derived, $since))?
            ],
            changing: &[$($($changing),+)?],
            holder: [$(Some($holder),)? None][0],
            is_forgotten: false,
            unsealed: &[$($($unsealed),+)?],
            // The last cell is only there because every column ends in a comma.
            every: concat!(
                "SELECT ", $("CAST(", $column, " AS TEXT), ",)+
                $($("CAST(", $new, " AS TEXT), ",)+)* $($($read)+, ", ",)? "'' FROM ", $name
            ),
            one: concat!(
                "SELECT ", $("CAST(", $column, " AS TEXT), ",)+
                $($("CAST(", $new, " AS TEXT), ",)+)* $($($read)+, ", ",)?
                "'' FROM ", $name, " WHERE ", $where
            ),
        }
    };
}

/// The entry of a movement on an account, as a text; empty if there is none.
macro_rules! entry {
    ($account:literal) => {
        concat!(
            "COALESCE((SELECT e.movement_id || ' ' || e.account || ' ' || CAST(e.amount AS TEXT) \
             || '; ' FROM entry AS e WHERE e.id = movement.id || '.",
            $account,
            "'), '')"
        )
    };
}

/// The statement that reads the ids of entries that no movement is sealed with.
pub(super) const STRAY_ENTRIES: &str = "SELECT e.id FROM entry AS e \
     LEFT JOIN movement AS m ON m.id = e.movement_id \
     WHERE m.id IS NULL OR e.id <> m.id || '.' || e.account OR e.account NOT IN ('receivable', \
     'reserve', 'cover', 'funds', 'client', 'chargeback', 'suspense', 'fee', 'loss', 'bank') \
     ORDER BY e.id";

/// The sealed tables.
pub(super) const SEALED: &[SealedTable] = &[
    sealed!(
        "client", 1, by ["id"] "id = $1",
        ["id", "name", "sector", "version", "created_at"],
        changing ["name", "sector", "version"]
    ),
    sealed!(
        "api_key", 1, by ["prefix"] "prefix = $1",
        ["prefix", "hash", "role", "client_id", "name", "created_at", "expires_at", "revoked_at"],
        changing ["revoked_at"]
    ),
    sealed!(
        "written", 1, by ["kind", "name", "version"]
        "kind = $1 AND name = $2 AND version = CAST($3 AS BIGINT)",
        ["kind", "name", "version", "text", "key_prefix", "created_at"]
    ),
    sealed!(
        "ledger", 1, by ["id"] "id = $1",
        ["id", "client_id", "file_name", "sha256", "bytes", "certificate", "created_at"]
    ),
    sealed!(
        "artefact", 1, by ["owner_id", "name"] "owner_id = $1 AND name = $2",
        ["owner_id", "name", "sha256", "bytes"]
    ),
    sealed!(
        "job", 1, by ["id"] "id = $1",
        [
            "id", "kind", "client_id", "request", "status", "total_bytes", "attempts", "result_id",
            "problem", "key_prefix", "created_at", "started_at", "finished_at",
        ],
        changing ["status", "attempts", "result_id", "problem", "started_at", "finished_at"],
        unsealed ["done_bytes", "lease_until"]
    ),
    sealed!(
        "offer", 1, by ["id"] "id = $1",
        [
            "id", "client_id", "ledger_id", "document", "envelope", "status", "valid_until",
            "version", "created_at",
        ],
        changing ["envelope", "status", "version"]
    ),
    sealed!(
        "position", 1, by ["id"] "id = $1",
        [
            "id", "client_id", "offer_id", "debtor_id", "invoice_number", "currency", "amount",
            "advance", "prepaid", "collected", "last_paid_on", "purchased_on", "due_on", "terms",
            "status", "version", "created_at",
        ],
        since 6 ["settlement_id", "reopened_on", "reversed_on"],
        changing [
            "collected", "last_paid_on", "status", "version", "settlement_id", "reopened_on",
            "reversed_on"
        ]
    ),
    sealed!(
        "collection", 1, by ["id"] "id = $1",
        [
            "id", "client_id", "position_id", "kind", "debtor_id", "invoice_number", "currency",
            "amount", "received_on", "reference", "created_at",
        ],
        since 6 ["payment_id", "booked_on", "account"]
    ),
    sealed!(
        "settlement", 1, by ["id"] "id = $1",
        [
            "position_id", "settled_on", "cause", "collected", "fee", "shortfall", "chargeback",
            "factor_loss", "rebate", "created_at",
        ],
        since 6 ["id", "booked_on"]
    ),
    sealed!("report", 1, by ["id"] "id = $1", ["id", "as_of", "sections", "created_at"]),
    sealed!("quote", 1, by ["id"] "id = $1", ["id", "contact", "request", "answer", "created_at"]),
    sealed!(
        "confirmation", 2, by ["id"] "id = $1",
        ["id", "client_id", "answer", "key_prefix", "created_at"]
    ),
    sealed!(
        "client_debtor", 4, by ["client_id", "debtor_id", "version"]
        "client_id = $1 AND debtor_id = $2 AND version = CAST($3 AS BIGINT)",
        [
            "client_id", "debtor_id", "version", "facts", "known_debtor", "key_prefix",
            "created_at",
        ]
    ),
    sealed!(
        "claim", 5, by ["position_id"] "position_id = $1",
        [
            "position_id", "client_id", "debtor_id", "debtor_name", "debtor_key", "tax_number",
            "known_debtor", "invoice_number", "number_key", "currency", "face", "amount",
            "issued_on", "due_on", "released_at", "released_by",
        ],
        changing ["released_at", "released_by"]
    ),
    sealed!(
        "movement", 6, by ["id"] "id = $1",
        [
            "id", "client_id", "number", "kind", "is_reversal", "subject", "position_id",
            "debtor_id", "invoice_number", "booked_on", "currency",
        ],
        with "entries" [
            entry!("receivable"), " || ", entry!("reserve"), " || ", entry!("cover"), " || ",
            entry!("funds"), " || ", entry!("client"), " || ", entry!("chargeback"), " || ",
            entry!("suspense"), " || ", entry!("fee"), " || ", entry!("loss"), " || ",
            entry!("bank")
        ]
    ),
    sealed!(
        "reversal", 6, by ["id"] "id = $1",
        ["id", "client_id", "undoes", "subject", "booked_on", "reason", "created_at"]
    ),
    sealed!(
        "purchase", 7, by ["id"] "id = $1",
        [
            "id", "client_id", "offer_id", "currency", "invoices", "amount", "advance", "prepaid",
            "accepted_by", "state", "version", "created_at",
        ],
        changing ["state", "version"],
        holder "accepted_by"
    ),
    sealed!(
        "purchase_line", 7, by ["position_id"] "position_id = $1",
        [
            "position_id", "purchase_id", "place", "debtor_id", "invoice_number", "amount",
            "advance", "prepaid", "due_on", "terms",
        ]
    ),
    sealed!(
        "funding", 7, by ["purchase_id"] "purchase_id = $1",
        [
            "purchase_id", "funded_on", "amount", "payee", "payee_version", "reference",
            "funded_by", "created_at",
        ],
        holder "funded_by"
    ),
    sealed!(
        "withdrawal", 7, by ["purchase_id"] "purchase_id = $1",
        ["purchase_id", "reason", "withdrawn_by", "created_at"],
        holder "withdrawn_by"
    ),
    sealed!(
        "payee", 7, by ["client_id", "alias", "version"]
        "client_id = $1 AND alias = $2 AND version = CAST($3 AS BIGINT)",
        ["client_id", "alias", "version", "account", "written_by", "created_at"],
        holder "written_by"
    ),
    sealed!(
        "payee_call", 7, by ["client_id", "alias", "version"]
        "client_id = $1 AND alias = $2 AND version = CAST($3 AS BIGINT)",
        ["client_id", "alias", "version", "note", "called_by", "created_at"],
        holder "called_by"
    ),
    SealedTable {
        is_forgotten: true,
        ..sealed!(
            "idempotency", 6, by ["key_prefix", "idempotency_key"]
            "key_prefix = $1 AND idempotency_key = $2",
            [
                "key_prefix", "idempotency_key", "request_sha256", "status", "body", "created_at",
                "location", "etag", "job_id",
            ]
        )
    },
];

/// Returns the sealed table of this name.
pub(super) fn sealed_table(name: &str) -> Option<&'static SealedTable> {
    SEALED.iter().find(|table| table.name == name)
}

#[cfg(test)]
mod tests {
    use purchases::Account;

    use super::*;

    #[test]
    fn entries_on_every_account_are_sealed_with_their_movement() {
        let movement = sealed_table("movement").expect("a table");
        for account in Account::ALL {
            let word = account.as_str();
            assert!(movement.every.contains(&format!("|| '.{word}'")), "{word}");
            assert!(movement.one.contains(&format!("|| '.{word}'")), "{word}");
            assert!(STRAY_ENTRIES.contains(&format!("'{word}'")), "{word}");
        }
    }
}
