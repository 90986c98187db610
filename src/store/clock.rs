//! The clock of the database, which all hosts share: their own may differ.

/// The statement that tells the time by the database's clock, and that some seconds later.
pub(super) fn clock_sql(is_server: bool) -> &'static str {
    if is_server {
        "SELECT to_char(t.at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), \
         to_char(t.at + make_interval(secs => CAST($1 AS BIGINT)), \
         'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') \
         FROM (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS at) AS t"
    } else {
        "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), \
         strftime('%Y-%m-%dT%H:%M:%SZ', 'now', CAST($1 AS INTEGER) || ' seconds')"
    }
}
