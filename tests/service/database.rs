//! Statements that are run on a database beside the program.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

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
            Engine::Sqlite => cells!(SqliteConnection::connect(&sqlite_url(place)), sql),
            Engine::Postgres => cells!(PgConnection::connect(&place.database), sql),
        }
    })
}

/// Does something while any connection holds what a statement took.
macro_rules! held {
    ($connected:expr, $sql:expr, $act:expr) => {{
        let mut database = $connected.await.expect("a connection");
        sqlx::raw_sql($sql).execute(&mut database).await.expect("it is held");
        $act();
        // What is held goes with its connection.
        database.close().await.expect("it ends");
    }};
}

/// Does something while a connection beside the program holds what a statement took.
pub fn while_held(place: &Place, engine: Engine, sql: &'static str, act: impl FnOnce()) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        match engine {
            Engine::Sqlite => held!(SqliteConnection::connect(&sqlite_url(place)), sql, act),
            Engine::Postgres => held!(PgConnection::connect(&place.database), sql, act),
        }
    });
}

/// The address of a place's SQLite file. Created if missing: some tests begin before the program
/// has made its database.
fn sqlite_url(place: &Place) -> String {
    format!("sqlite://{}?mode=rwc", place.folder.path().join("factorage.sqlite").display())
}

/// Databases made by this process.
static MADE: AtomicU32 = AtomicU32::new(0);

/// A database of its own on the server that `tests/run` has started.
pub fn made_on_server() -> String {
    let server = std::env::var("FACTORAGE_TEST_POSTGRES")
        .expect("tests/run starts PostgreSQL and sets FACTORAGE_TEST_POSTGRES to its URL");
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let name = format!("t{}_{number}", std::process::id());
    let made = Command::new("psql")
        .args(["--quiet", "--command", &format!("CREATE DATABASE {name}")])
        .arg(format!("{server}/postgres"))
        .output()
        .expect("psql runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    format!("{server}/{name}")
}
