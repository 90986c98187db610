use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Args, Subcommand, ValueEnum};

use crate::api::{Outside, Service};
use crate::store::{Actor, NewKey, Role, Store};

use super::policy::policy;
use super::{CliError, print};

/// Megabyte.
const MB: u64 = 1 << 20;

/// Where the service keeps what it knows.
#[derive(Debug, Args)]
pub(super) struct DatabaseArgs {
    /// SQLite file; files of clients lie in the folder NAME.files beside it
    #[arg(long, value_name = "FILE", default_value = "factorage.sqlite")]
    database: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    #[command(flatten)]
    store: DatabaseArgs,
    /// Policy under which offers are made [default: the standard policy]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Largest ledger that is received, in megabytes
    #[arg(long, value_name = "MB", default_value_t = 2048)]
    most: u64,
}

#[derive(Debug, Args)]
pub(super) struct MigrateArgs {
    #[command(flatten)]
    store: DatabaseArgs,
}

#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    #[command(subcommand)]
    action: AuditAction,
}

#[derive(Debug, Subcommand)]
enum AuditAction {
    /// Walk the chain of hashes and name the first row that is not as it was written
    Verify(DatabaseArgs),
}

#[derive(Debug, Args)]
pub(super) struct KeysArgs {
    #[command(subcommand)]
    action: KeysAction,
}

#[derive(Debug, Subcommand)]
enum KeysAction {
    /// Make a key and show it once
    Create(CreateArgs),
    /// List keys without their secrets
    List(DatabaseArgs),
    /// Revoke a key
    Revoke(RevokeArgs),
}

#[derive(Debug, Args)]
struct CreateArgs {
    #[command(flatten)]
    store: DatabaseArgs,
    /// What it may do
    #[arg(long, value_enum)]
    role: RoleArg,
    /// The client whose key it is; with --role client
    #[arg(long, value_name = "ID", required_if_eq("role", "client"))]
    client: Option<String>,
    /// For whom it is
    #[arg(long, value_name = "NAME", default_value = "")]
    name: String,
    /// From then on it is not valid, such as 2027-06-30T00:00:00Z
    #[arg(long, value_name = "TIME", value_parser = utc)]
    expires: Option<String>,
}

#[derive(Debug, Args)]
struct RevokeArgs {
    #[command(flatten)]
    store: DatabaseArgs,
    /// The key's prefix, such as fk_1a2b3c4d
    prefix: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoleArg {
    Client,
    Underwriter,
    Analyst,
    Admin,
}

/// A time in UTC to the second, so that times can be compared as texts.
fn utc(text: &str) -> Result<String, String> {
    let time = DateTime::parse_from_rfc3339(text);
    let time = time.map_err(|_| "expected a time such as 2027-06-30T00:00:00Z".to_owned())?;
    Ok(time.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// The command line as the one who acts.
fn operator() -> Actor {
    let at = Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true);
    Actor { key: "command line".to_owned(), at, answer: None }
}

fn block_on<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Serves until it is told to stop; what runs is finished first.
pub(super) fn serve(args: &ServeArgs) -> Result<(), CliError> {
    let policy = policy(args.policy.as_deref())?;
    block_on(async {
        let store = Store::open(&args.store.database).await?;
        let listener = tokio::net::TcpListener::bind(args.listen)
            .await
            .map_err(|error| format!("{}: {error}", args.listen))?;
        let address = listener.local_addr()?;
        print(|out| Ok(writeln!(out, "Listening on http://{address}")?))?;
        let outside = Outside {
            now: Utc::now,
            random: |bits| getrandom::fill(bits).is_ok(),
            // If stderr is closed nobody reads the log.
            log: |line| _ = writeln!(io::stderr(), "factorage: {line}"),
        };
        let service = Service::new(store, policy, args.most.saturating_mul(MB), outside);
        Ok(service.serve(listener, told_to_stop()).await?)
    })
}

/// Ends with an interrupt or, on Unix, a termination.
async fn told_to_stop() {
    let interrupt = async {
        // Without a handler the process is stopped by the system.
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

/// Runs the migrations that a database lacks.
pub(super) fn migrate(args: &MigrateArgs) -> Result<(), CliError> {
    let (_, run) = block_on(async { Ok(Store::migrated(&args.store.database).await?) })?;
    print(|out| {
        if run.is_empty() {
            return Ok(writeln!(out, "Nothing to migrate.")?);
        }
        Ok(writeln!(out, "Migrated: {}.", run.join(", "))?)
    })
}

/// Walks the audit log.
pub(super) fn audit(args: &AuditArgs) -> Result<(), CliError> {
    let AuditAction::Verify(database) = &args.action;
    let (rows, broken) =
        block_on(async { Ok(Store::open(&database.database).await?.audit().await?) })?;
    if let Some(broken) = broken {
        return Err(format!("row {} of the audit log: {}", broken.number, broken.reason).into());
    }
    print(|out| Ok(writeln!(out, "{} rows, each as it was written.", rows.len())?))
}

/// Makes, lists and revokes keys.
pub(super) fn keys(args: &KeysArgs) -> Result<(), CliError> {
    match &args.action {
        KeysAction::Create(args) => created(args),
        KeysAction::List(database) => listed(database),
        KeysAction::Revoke(args) => {
            block_on(async {
                let store = Store::open(&args.store.database).await?;
                Ok(store.revoke_key(&args.prefix, &operator()).await?)
            })?;
            print(|out| Ok(writeln!(out, "{} is revoked.", args.prefix)?))
        }
    }
}

fn created(args: &CreateArgs) -> Result<(), CliError> {
    let role = match args.role {
        RoleArg::Client => Role::Client,
        RoleArg::Underwriter => Role::Underwriter,
        RoleArg::Analyst => Role::Analyst,
        RoleArg::Admin => Role::Admin,
    };
    if role != Role::Client && args.client.is_some() {
        return Err("--client goes with --role client only".into());
    }
    let new = NewKey {
        role,
        client: args.client.clone(),
        name: args.name.clone(),
        expires_at: args.expires.clone(),
    };
    let key = block_on(async {
        let store = Store::open(&args.store.database).await?;
        let mut bits = [0; 32];
        getrandom::fill(&mut bits).map_err(|error| error.to_string())?;
        Ok(store.create_key(&new, &bits, &operator()).await?)
    })?;
    print(|out| Ok(writeln!(out, "{key}")?))
}

fn listed(database: &DatabaseArgs) -> Result<(), CliError> {
    let keys = block_on(async { Ok(Store::open(&database.database).await?.keys().await?) })?;
    print(|out| {
        for key in keys {
            let client = key.client_id.unwrap_or_default();
            let ends = key.revoked_at.map(|at| format!("revoked {at}"));
            let ends = ends.or(key.expires_at.map(|at| format!("expires {at}")));
            let ends = ends.unwrap_or_default();
            let (prefix, role, name) = (key.prefix, key.role, key.name);
            writeln!(out, "{prefix}  {role:<11} {client:<20} {name:<20} {ends}")?;
        }
        Ok(())
    })
}
