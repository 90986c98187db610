//! Migrations, and the proof that nothing was altered.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use basics::{counted, refusal};
use store::{Migrated, Verified};

use super::database::{DatabaseArgs, block_on};
use super::streams::{input, output_folder};
use super::{CliError, clock, print, tell};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage migrate --database factorage.sqlite
  factorage migrate --database postgres://owner@localhost/factorage --service-role factorage")]
pub(super) struct MigrateArgs {
    #[command(flatten)]
    store: DatabaseArgs,
    /// Role to which the service connects to PostgreSQL: it gets the rights that the service needs,
    /// and none to change or delete what is only ever added
    #[arg(long, value_name = "NAME")]
    service_role: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage audit verify
  factorage audit export --audit-heads /mnt/elsewhere/heads")]
pub(super) struct AuditArgs {
    #[command(subcommand)]
    action: AuditAction,
}

#[derive(Debug, Subcommand)]
enum AuditAction {
    /// Check the audit log, the rows and files that it describes, and exported heads; name every
    /// fault
    #[command(after_help = "\
Examples:
  factorage audit verify --database factorage.sqlite
  factorage audit verify --heads /mnt/elsewhere/heads/heads.jsonl")]
    Verify(VerifyArgs),
    /// Export the signed head of the audit log
    #[command(after_help = "\
Examples:
  factorage audit export > head.jsonl
  factorage audit export --audit-heads /mnt/elsewhere/heads")]
    Export(ExportArgs),
}

#[derive(Debug, Args)]
struct VerifyArgs {
    #[command(flatten)]
    store: DatabaseArgs,
    /// File of exported heads; tells a log that was cut or emptied
    #[arg(long, value_name = "FILE", value_parser = input())]
    heads: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct ExportArgs {
    #[command(flatten)]
    store: DatabaseArgs,
    /// Folder of the file of heads, heads.jsonl, to which it is appended [default: print it]
    #[arg(
        long,
        value_name = "DIR",
        env = "FACTORAGE_AUDIT_HEADS",
        hide_env_values = true,
        value_parser = output_folder()
    )]
    audit_heads: Option<PathBuf>,
}

/// Runs the migrations that a database needs, and grants the service's role its rights.
///
/// # Errors
/// If the database cannot be opened, a migration fails or a right cannot be granted.
pub(super) fn migrate(args: &MigrateArgs) -> Result<(), CliError> {
    let Migrated { names, notes } = block_on(async {
        let (store, run) = args.store.migrated().await?;
        if let Some(role) = &args.service_role {
            store.grant(role).await?;
        }
        Ok(run)
    })?;
    tell(|out| {
        if names.is_empty() {
            writeln!(out, "Nothing to migrate.")?;
        } else {
            writeln!(out, "Migrated: {}.", names.join(", "))?;
        }
        for note in notes {
            writeln!(out, "{note}")?;
        }
        if let Some(role) = &args.service_role {
            writeln!(out, "Granted {role} the rights of the service.")?;
        }
        Ok(())
    })
}

/// Checks the audit log or exports its head.
///
/// # Errors
/// If something was altered, or the store does not respond.
pub(super) fn audit(args: &AuditArgs) -> Result<(), CliError> {
    match &args.action {
        AuditAction::Verify(args) => verified(args),
        AuditAction::Export(args) => exported(args),
    }
}

fn verified(args: &VerifyArgs) -> Result<(), CliError> {
    let heads = match &args.heads {
        None => None,
        Some(file) => {
            let text = fs::read_to_string(file);
            Some(text.map_err(|error| format!("{}: {}", file.display(), refusal(&error)))?)
        }
    };
    let verify = async { Ok(args.store.existing().await?.verify(heads.as_deref()).await?) };
    let Verified { rows, sealed, files, faults } = block_on(verify)?;
    if !faults.is_empty() {
        print(|out| Ok(faults.iter().try_for_each(|fault| writeln!(out, "{fault}"))?))?;
        return Err(format!("{} found", counted(faults.len(), "fault", "faults")).into());
    }
    let rows = counted(usize::try_from(rows).unwrap_or(usize::MAX), "row", "rows");
    let (sealed, files) =
        (counted(sealed, "sealed row", "sealed rows"), counted(files, "file", "files"));
    tell(|out| Ok(writeln!(out, "{rows}, none altered; {sealed} and {files} as written.")?))
}

fn exported(args: &ExportArgs) -> Result<(), CliError> {
    let at = clock::stamp();
    let head = block_on(async { Ok(args.store.existing().await?.head(&at).await?) })?;
    match &args.audit_heads {
        Some(folder) => {
            let file = head.export(folder)?;
            tell(|out| Ok(writeln!(out, "Exported row {} to {}.", head.number, file.display())?))
        }
        None => print(|out| Ok(writeln!(out, "{}", serde_json::to_string(&head)?)?)),
    }
}
