//! Statements that are run on a database beside the program.

use sqlx::{Column, Connection, PgConnection, Row, SqlSafeStr, SqliteConnection};

use super::server::{Engine, Place};

/// Cells as texts, each with its column.
pub type Cells = Vec<Vec<(String, Option<String>)>>;

/// The rows of any connection: the simple protocol answers texts on both engines.
macro_rules! cells {
    ($connected:expr, $sql:expr) => {{
        let mut database = $connected.await.expect("a connection");
        let sql = sqlx::AssertSqlSafe($sql.to_owned()).into_sql_str();
        let rows = sqlx::raw_sql(sql).fetch_all(&mut database).await.expect("rows");
        let mut cells = Vec::new();
        for row in &rows {
            let mut own = Vec::new();
            for (at, column) in row.columns().iter().enumerate() {
                let text: Option<String> = row.try_get_unchecked(at).expect("a text");
                own.push((column.name().to_owned(), text));
            }
            cells.push(own);
        }
        cells
    }};
}

/// Runs statements beside the program; the rows of the last one.
pub fn sql(place: &Place, engine: Engine, sql: &str) -> Cells {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        match engine {
            Engine::Sqlite => {
                let file = place.folder.path().join("factorage.sqlite");
                // Created if missing: some tests begin before the program has made its database.
                let url = format!("sqlite://{}?mode=rwc", file.display());
                cells!(SqliteConnection::connect(&url), sql)
            }
            Engine::Postgres => cells!(PgConnection::connect(&place.database), sql),
        }
    })
}
