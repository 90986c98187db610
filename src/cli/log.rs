//! The log of the service: one line per event on stderr, as text or as JSON.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::Deserialize;
use tracing::{Dispatch, dispatcher, error};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::{MakeWriter, layer};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

use super::{CliError, is_quiet};

/// The environment variable that filters the log, as in other Rust programs.
const FILTER: &str = "RUST_LOG";

/// The format of the log.
#[derive(Debug, Clone, Copy, Default, ValueEnum, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum LogFormat {
    /// For people
    #[default]
    Text,
    /// One object per line, for log collectors
    Json,
}

/// Starts the log of this process, panics included.
///
/// # Errors
/// If `RUST_LOG` is not a list of levels.
pub(super) fn start(format: LogFormat) -> Result<(), CliError> {
    let filter = filter(std::env::var(FILTER).ok().as_deref())?;
    // A program around this command line may already have a log, which then stays.
    let _ = dispatcher::set_global_default(log(format, filter, io::stderr));
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        // In place of the hook of `run`, whose lines are not those of a log.
        std::panic::set_hook(Box::new(|panic| {
            if !ledger::is_decoding() {
                error!("internal error: {panic}");
            }
        }));
    }
    Ok(())
}

/// The events to be logged: `warn`, `factorage_api=debug,info`.
fn filter(asked: Option<&str>) -> Result<Targets, CliError> {
    let usual = if is_quiet() { LevelFilter::ERROR } else { LevelFilter::INFO };
    match asked.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(Targets::new().with_default(usual)),
        Some(text) => text.parse().map_err(|_| {
            format!("{FILTER}: expected levels such as warn or info,sqlx=debug, found {text}")
                .into()
        }),
    }
}

/// A log that writes what passes the filter.
fn log<W>(format: LogFormat, filter: Targets, writer: W) -> Dispatch
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let writer = OneLine(writer);
    match format {
        LogFormat::Text => Dispatch::new(registry().with(filter).with(layer().with_writer(writer))),
        LogFormat::Json => {
            // The current span alone: a list of spans would say the same once more.
            let layer = layer().json().flatten_event(true).with_span_list(false);
            Dispatch::new(registry().with(filter).with(layer.with_writer(writer)))
        }
    }
}

/// Keeps every event on one line, so that no logged value can forge a line of its own. The
/// subscriber escapes the values of fields but neither messages nor what libraries log.
struct OneLine<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for OneLine<W> {
    type Writer = OneLine<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        OneLine(self.0.make_writer())
    }
}

impl<W: Write> Write for OneLine<W> {
    /// Writes an event, which the subscriber hands over whole.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        // If stderr is closed nobody reads the log; the service goes on.
        let _ = self.0.write_all(one_line(&text).as_bytes());
        // The caller counts its own bytes, not those that escapes add.
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// An event with its control characters escaped, as JSON would escape them.
fn one_line(event: &str) -> Cow<'_, str> {
    let line = event.strip_suffix('\n').unwrap_or(event);
    if !line.contains(char::is_control) {
        return event.into();
    }
    let mut escaped = String::with_capacity(event.len() + 16);
    for c in line.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            // A String takes all that is written.
            c if c.is_control() => _ = write!(escaped, "\\u{:04x}", u32::from(c)),
            c => escaped.push(c),
        }
    }
    escaped.push('\n');
    escaped.into()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::Value;
    use tracing::{debug, error_span, info};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("a log").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The log of some work.
    fn logged(format: LogFormat, asked: Option<&str>, work: impl FnOnce()) -> String {
        let written = Written::default();
        let own = written.clone();
        let filter = filter(asked).expect("a filter");
        dispatcher::with_default(&log(format, filter, move || own.clone()), work);
        let bytes = written.0.lock().expect("a log").clone();
        String::from_utf8(bytes).expect("UTF-8")
    }

    /// As hostile as a file name or the error of a database can be.
    const FORGED: &str = "x\r\n2026-01-01T00:00:00Z ERROR forged\u{1b}[2J\u{85}\u{7f}";

    fn forge() {
        let span = error_span!("request", id = "7", route = FORGED);
        span.in_scope(|| error!(cause = FORGED, shown = %FORGED, "failed: {FORGED}"));
    }

    #[test]
    fn no_value_can_forge_a_line() {
        for format in [LogFormat::Text, LogFormat::Json] {
            let log = logged(format, None, forge);
            assert_eq!(log.lines().count(), 1, "{log}");
            assert!(!log.trim_end_matches('\n').contains(char::is_control), "{log:?}");
        }
    }

    #[test]
    fn a_line_of_json_has_the_time_the_level_and_the_span() {
        let line: Value =
            serde_json::from_str(&logged(LogFormat::Json, None, forge)).expect("JSON");
        assert_eq!((&line["level"], &line["span"]["id"]), (&"ERROR".into(), &"7".into()));
        assert_eq!((&line["cause"], &line["span"]["name"]), (&FORGED.into(), &"request".into()));
        let time = line["timestamp"].as_str().expect("a time");
        assert!(
            time.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(time).is_ok(),
            "{time}"
        );
    }

    #[test]
    fn a_line_of_text_names_its_request() {
        let work = || error_span!("request", id = "7").in_scope(|| info!(status = 200, "answered"));
        let line = logged(LogFormat::Text, None, work);
        assert!(line.contains(" INFO request{id=\"7\"}: "), "{line}");
        assert!(line.ends_with(": answered status=200\n"), "{line}");
    }

    #[test]
    fn the_filter_picks_levels() {
        let work = || {
            debug!("details");
            info!("news");
            error!("trouble");
        };
        let of = |asked| logged(LogFormat::Text, asked, work).lines().count();
        assert_eq!([None, Some(""), Some("warn"), Some("debug")].map(of), [2, 2, 1, 3]);
        assert_eq!([Some("factorage_cli=debug"), Some("warn,sqlx=debug")].map(of), [3, 1]);
        let wrong = filter(Some("sqlx=loud")).expect_err("no level").to_string();
        assert!(wrong.starts_with("RUST_LOG: expected levels"), "{wrong}");
    }

    /// Without its span an error would not tell whose request failed.
    #[test]
    fn an_error_names_its_request_whatever_the_filter() {
        let log = logged(LogFormat::Json, Some("error"), forge);
        assert!(log.contains("\"id\":\"7\""), "{log}");
    }
}
