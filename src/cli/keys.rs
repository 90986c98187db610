use chrono::{DateTime, SecondsFormat};
use clap::{Args, Subcommand, ValueEnum};

use store::{Actor, NewKey, Role};

use super::database::{DatabaseArgs, block_on};
use super::wrong::wrong;
use super::{CliError, clock, print, tell};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage keys create --role admin
  factorage keys list
  factorage keys revoke fk_1a2b3c4d")]
pub(super) struct KeysArgs {
    #[command(subcommand)]
    action: KeysAction,
}

#[derive(Debug, Subcommand)]
enum KeysAction {
    /// Create a key, and print it this once
    #[command(after_help = "\
Examples:
  factorage keys create --role admin --name 'R. Low'
  factorage keys create --role client --client acme --expires 2027-06-30T00:00:00Z")]
    Create(CreateArgs),
    /// List keys, without their secrets
    #[command(after_help = "Examples:\n  factorage keys list --database factorage.sqlite")]
    List(DatabaseArgs),
    /// Revoke a key
    #[command(after_help = "Examples:\n  factorage keys revoke fk_1a2b3c4d")]
    Revoke(RevokeArgs),
}

#[derive(Debug, Args)]
struct CreateArgs {
    #[command(flatten)]
    store: DatabaseArgs,
    /// Role, which decides what the key may do
    #[arg(long, value_enum)]
    role: RoleArg,
    /// Client that the key belongs to; only with --role client
    #[arg(long, value_name = "ID", required_if_eq("role", "client"))]
    client: Option<String>,
    /// Name of the key's holder; nobody funds what a key of the same holder accepted
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    name: String,
    /// Time of expiry, such as 2027-06-30T00:00:00Z [default: none]
    #[arg(long, value_name = "TIME", value_parser = utc)]
    expires: Option<String>,
}

#[derive(Debug, Args)]
struct RevokeArgs {
    #[command(flatten)]
    store: DatabaseArgs,
    /// Prefix of the key, such as fk_1a2b3c4d
    prefix: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoleArg {
    Client,
    Underwriter,
    Analyst,
    Funder,
    Admin,
}

/// Reads a time as UTC to the second: the store compares times as texts.
fn utc(text: &str) -> Result<String, String> {
    let time = DateTime::parse_from_rfc3339(text);
    let time = time.map_err(|_| "expected a time such as 2027-06-30T00:00:00Z".to_owned())?;
    Ok(time.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// The actor of the audit log for what this command does.
fn operator() -> Actor {
    let at = clock::stamp();
    Actor { key: "command line".to_owned(), at, answer: None }
}

/// Creates, lists or revokes keys.
///
/// # Errors
/// If an argument is wrong, the store does not respond, or there is no such key.
pub(super) fn keys(args: &KeysArgs) -> Result<(), CliError> {
    match &args.action {
        KeysAction::Create(args) => created(args),
        KeysAction::List(database) => listed(database),
        KeysAction::Revoke(args) => {
            block_on(async {
                let store = args.store.existing().await?;
                Ok(store.revoke_key(&args.prefix, &operator()).await?)
            })?;
            tell(|out| Ok(writeln!(out, "Revoked {}.", args.prefix)?))
        }
    }
}

fn created(args: &CreateArgs) -> Result<(), CliError> {
    let role = match args.role {
        RoleArg::Client => Role::Client,
        RoleArg::Underwriter => Role::Underwriter,
        RoleArg::Analyst => Role::Analyst,
        RoleArg::Funder => Role::Funder,
        RoleArg::Admin => Role::Admin,
    };
    // clap can ask for an option with a value, but not refuse it with the others.
    if role != Role::Client && args.client.is_some() {
        return wrong("--client requires --role client");
    }
    let new = NewKey {
        role,
        client: args.client.clone(),
        name: args.name.clone(),
        expires_at: args.expires.clone(),
    };
    let key = block_on(async {
        // Not `existing`: the first key may be made before the service first starts.
        let store = args.store.open().await?;
        let mut bits = [0; 32];
        getrandom::fill(&mut bits).map_err(|error| error.to_string())?;
        Ok(store.create_key(&new, &bits, &operator()).await?)
    })?;
    print(|out| Ok(writeln!(out, "{key}")?))
}

fn listed(database: &DatabaseArgs) -> Result<(), CliError> {
    let keys = block_on(async { Ok(database.existing().await?.keys().await?) })?;
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
