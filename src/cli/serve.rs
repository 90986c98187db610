use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::net::TcpListener;

use api::{Listeners, Settings};
use basics::handwritten::from_toml;
use basics::refusal;
use service::{Heads, Limits, Outside, Service};
use store::Location;

use super::database::{DatabaseArgs, block_on};
use super::log::{self, LogFormat};
use super::policy::policy;
use super::streams::{input, output_folder};
use super::{CliError, clock, tell};

/// Days by which a payout may be dated back: long enough for a weekend and a holiday, too short to
/// earn a fee. Our own choice.
const BACK_DATING_DAYS: u32 = 5;

/// Megabyte.
const MB: u64 = 1 << 20;

#[derive(Debug, Args)]
#[command(after_help = "\
A configuration in TOML, shown with examples or defaults; arguments and environment variables
outrank it:

  listen              = \"127.0.0.1:8080\"
  admin_listen        = \"127.0.0.1:9090\"   # /health and /ready here too, /metrics only here
  database            = \"postgres://factorage@db.example/factorage\"
  files               = \"/srv/factorage\"
  audit_key           = \"/etc/factorage/audit-key\"
  audit_heads         = \"/mnt/elsewhere/heads\"   # signed heads of the audit log
  audit_heads_seconds = 300    # how often one is exported, if something was written
  policy              = \"policy.toml\"
  most_megabytes      = 2048   # largest ledger
  jobs                = 1      # jobs run at a time
  job_megabytes       = 8192   # memory limit of a job
  job_seconds         = 1800   # time limit of a job
  requests_per_second = 50     # of each key; 0 for no limit
  most_requests       = 1024   # handled at a time; one key has half of them at most
  uploads_per_key     = 16     # received at a time; 0 for no limit
  connections_per_address = 512 # at a time; 0 for no limit, as behind a proxy
  back_dating_days    = 5      # by which a payout may be dated back
  log_format          = \"text\" # or \"json\"

The log goes to stderr, one line per request and job. RUST_LOG filters it: RUST_LOG=warn,
RUST_LOG=info,sqlx=debug; unless it is set, the level is info.

Examples:
  factorage serve
  factorage serve --config factorage.toml
  factorage serve --listen 127.0.0.1:8081 --database postgres://factorage@localhost/factorage")]
pub(super) struct ServeArgs {
    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "FACTORAGE_LISTEN",
        hide_env_values = true,
        value_parser = address
    )]
    listen: Option<SocketAddr>,
    /// Address for probes and metrics, which answer however busy the service is [default: none]
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "FACTORAGE_ADMIN_LISTEN",
        hide_env_values = true,
        value_parser = address
    )]
    admin_listen: Option<SocketAddr>,
    #[command(flatten)]
    store: DatabaseArgs,
    /// Policy in TOML for offers and quotes [default: the standard policy]
    #[arg(
        long,
        value_name = "FILE",
        env = "FACTORAGE_POLICY",
        hide_env_values = true,
        value_parser = input()
    )]
    policy: Option<PathBuf>,
    /// Configuration in TOML, see below
    #[arg(
        long,
        value_name = "FILE",
        env = "FACTORAGE_CONFIG",
        hide_env_values = true,
        value_parser = input()
    )]
    config: Option<PathBuf>,
    /// Days by which a payout may be dated back [default: 5]
    #[arg(long, value_name = "DAYS", env = "FACTORAGE_BACK_DATING_DAYS", hide_env_values = true)]
    back_dating_days: Option<u32>,
    /// Format of the log on stderr [default: text]
    #[arg(long, value_name = "FORMAT", env = "FACTORAGE_LOG_FORMAT", hide_env_values = true)]
    log_format: Option<LogFormat>,
    /// Folder to which signed heads of the audit log are exported [default: none]
    #[arg(
        long,
        value_name = "DIR",
        env = "FACTORAGE_AUDIT_HEADS",
        hide_env_values = true,
        value_parser = output_folder()
    )]
    audit_heads: Option<PathBuf>,
}

/// Reads an address to listen on.
fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "expected an address and a port such as 127.0.0.1:8080")
}

/// The configuration of the service.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Config {
    #[schemars(extend("format" = "socket-address"))]
    listen: SocketAddr,
    #[schemars(extend("format" = "socket-address"))]
    admin_listen: Option<SocketAddr>,
    // Its name before it served probes as well.
    #[schemars(extend("format" = "socket-address"))]
    metrics_listen: Option<SocketAddr>,
    database: Option<String>,
    files: Option<PathBuf>,
    audit_key: Option<PathBuf>,
    audit_heads: Option<PathBuf>,
    audit_heads_seconds: u64,
    policy: Option<PathBuf>,
    most_megabytes: u64,
    jobs: usize,
    job_megabytes: u64,
    job_seconds: u64,
    requests_per_second: u32,
    most_requests: usize,
    uploads_per_key: usize,
    connections_per_address: usize,
    back_dating_days: u32,
    log_format: LogFormat,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            admin_listen: None,
            metrics_listen: None,
            database: None,
            files: None,
            audit_key: None,
            audit_heads: None,
            audit_heads_seconds: 300,
            policy: None,
            most_megabytes: 2048,
            jobs: 1,
            job_megabytes: 8192,
            job_seconds: 1800,
            requests_per_second: 50,
            most_requests: 1024,
            uploads_per_key: 16,
            connections_per_address: 512,
            back_dating_days: BACK_DATING_DAYS,
            log_format: LogFormat::default(),
        }
    }
}

impl Config {
    fn of(args: &ServeArgs) -> Result<(Self, DatabaseArgs), CliError> {
        let config = match &args.config {
            None => Self::default(),
            Some(file) => {
                let named = |error: String| format!("{}: {error}", file.display());
                let text = fs::read_to_string(file).map_err(|error| named(refusal(&error)))?;
                from_toml(&text).map_err(|error| named(error.to_string()))?
            }
        };
        let database = match (&args.store.database, &config.database) {
            (Some(location), _) => Some(location.clone()),
            (None, Some(text)) => {
                let location = text.parse::<Location>();
                Some(location.map_err(|error| format!("database in the configuration: {error}"))?)
            }
            (None, None) => None,
        };
        let files = args.store.files.clone().or(config.files.clone());
        let audit_key = args.store.audit_key.clone().or(config.audit_key.clone());
        let audit_heads = args.audit_heads.clone().or(config.audit_heads.clone());
        let listen = args.listen.unwrap_or(config.listen);
        let admin_listen = args.admin_listen.or(config.admin_listen).or(config.metrics_listen);
        let policy = args.policy.clone().or(config.policy.clone());
        let log_format = args.log_format.unwrap_or(config.log_format);
        let back_dating_days = args.back_dating_days.unwrap_or(config.back_dating_days);
        let config = Self {
            listen,
            admin_listen,
            audit_heads,
            policy,
            back_dating_days,
            log_format,
            ..config
        };
        Ok((config, DatabaseArgs { database, files, audit_key }))
    }

    fn limits(&self) -> io::Result<Limits> {
        Ok(Limits {
            // Absolute: a job starts in a folder of its own.
            program: std::env::current_exe()?,
            most_bytes: self.most_megabytes.saturating_mul(MB),
            jobs: self.jobs,
            job_memory: self.job_megabytes.saturating_mul(MB),
            job_time: Duration::from_secs(self.job_seconds),
            back_dating_days: self.back_dating_days,
        })
    }

    fn heads(&self) -> Option<Heads> {
        // A tick needs some length.
        let every = Duration::from_secs(self.audit_heads_seconds.max(1));
        self.audit_heads.clone().map(|folder| Heads { folder, every })
    }

    fn settings(&self) -> Settings {
        Settings {
            rate: self.requests_per_second,
            most_requests: self.most_requests,
            admin_apart: self.admin_listen.is_some(),
            uploads_per_key: self.uploads_per_key,
            connections_per_address: self.connections_per_address,
        }
    }
}

/// Serves until told to stop, then finishes running requests and jobs.
///
/// # Errors
/// If the configuration is wrong, the store cannot be opened or an address cannot be used.
pub(super) fn serve(args: &ServeArgs) -> Result<(), CliError> {
    let (config, database) = Config::of(args)?;
    // As soon as its format is known.
    log::start(config.log_format)?;
    let set_ahead = clock::set_ahead()?;
    let policy = policy(config.policy.as_deref())?;
    let (limits, settings) = (config.limits()?, config.settings());
    block_on(async {
        let store = database.open().await?;
        let callers = bound(config.listen).await?;
        let admin = match config.admin_listen {
            Some(address) => Some(bound(address).await?),
            None => None,
        };
        // With port 0 the system chooses one, which is told here.
        let address = callers.local_addr()?;
        tell(|out| Ok(writeln!(out, "Listening on http://{address}")?))?;
        if let Some(admin) = &admin {
            let address = admin.local_addr()?;
            tracing::info!(%address, "probes and metrics");
        }
        tracing::info!(%address, version = env!("FACTORAGE_VERSION"), "started");
        if let Some(seconds) = set_ahead {
            tracing::warn!(
                seconds,
                "the clock is not that of the machine: this service is for a trial"
            );
        }
        let outside = Outside { now: clock::now, random: |bits| getrandom::fill(bits).is_ok() };
        let service = Service::new(store, policy, limits, outside, config.heads());
        let listeners = Listeners { callers, admin };
        Ok(api::serve(service, settings, listeners, told_to_stop()).await?)
    })
}

async fn bound(address: SocketAddr) -> Result<TcpListener, CliError> {
    Ok(TcpListener::bind(address)
        .await
        .map_err(|error| format!("cannot listen on {address}: {}", refusal(&error)))?)
}

/// Waits for an interrupt or, on Unix, a termination signal.
async fn told_to_stop() {
    let interrupt = async {
        // If no handler can be set, the signal ends the process at once, as by default.
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    interrupt.await;
}
