use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;

/// Longest wait of a writer for another, of a request for a connection, and of a start for a server
/// that does not answer.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// The place of the database: an SQLite file or a PostgreSQL server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// An SQLite file.
    File(PathBuf),
    /// A PostgreSQL server, by URL.
    Server(String),
}

impl Location {
    /// The default folder of files: `NAME.files` beside an SQLite file, `factorage.files` with a
    /// server.
    pub fn files(&self) -> PathBuf {
        match self {
            Self::File(file) => file.with_extension("files"),
            Self::Server(_) => PathBuf::from("factorage.files"),
        }
    }

    /// The default file of the audit key: `NAME.audit-key` beside an SQLite file, with a server
    /// beside the folder of files.
    pub fn audit_key(&self, files: Option<&Path>) -> PathBuf {
        match self {
            Self::File(file) => file.with_extension("audit-key"),
            Self::Server(_) => {
                files.map_or_else(|| self.files(), Path::to_owned).with_extension("audit-key")
            }
        }
    }
}

impl fmt::Display for Location {
    /// Writes the file, or the host and database of a server; never a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = match self {
            Self::File(file) => return write!(f, "{}", file.display()),
            Self::Server(url) => url,
        };
        let Ok(options) = PgConnectOptions::from_str(url) else { return f.write_str("PostgreSQL") };
        match options.get_socket() {
            Some(socket) => write!(f, "PostgreSQL at {}", socket.display())?,
            None => write!(f, "PostgreSQL at {}:{}", options.get_host(), options.get_port())?,
        }
        match options.get_database() {
            Some(database) => write!(f, ", database {database}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Location {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Server(text.to_owned()));
        }
        // The longer one first: after `sqlite:` alone, `//` would remain and make the path
        // absolute.
        let file = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:"));
        match file.unwrap_or(text) {
            "" => Err("expected an SQLite file or postgres://USER@HOST/NAME"),
            // A URL of another engine would otherwise become an SQLite file of that name.
            file if file.contains("://") => {
                Err("expected an SQLite file or postgres://USER@HOST/NAME")
            }
            file => Ok(Self::File(PathBuf::from(file))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_or_a_server() {
        let file = |name: &str| Ok(Location::File(PathBuf::from(name)));
        assert_eq!("a.sqlite".parse(), file("a.sqlite"));
        assert_eq!("sqlite://a.sqlite".parse(), file("a.sqlite"));
        assert_eq!("sqlite:/b/a.sqlite".parse(), file("/b/a.sqlite"));
        let url = "postgres://u@h/n";
        assert_eq!(url.parse(), Ok(Location::Server(url.to_owned())));
        assert!("mysql://u@h/n".parse::<Location>().is_err());
        let shown = Location::Server("postgres://u:secret@db.example:5433/book".to_owned());
        assert_eq!(shown.to_string(), "PostgreSQL at db.example:5433, database book");
        assert!("sqlite:".parse::<Location>().is_err());
    }
}
