//! The binary as a user meets it: exit code, stdout, stderr and the files it leaves.

mod arguments;
mod calc;
mod evaluate;
mod generate;
mod growth;
mod handwritten;
mod hostile;
mod ingest;
mod odd_inputs;
mod own_files;
mod parquet;
mod places;
mod quote;
mod refusals;
mod report;
mod scoring;
mod shown;
mod strays;
mod temporary;
mod units;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A good ledger: two rows, one of them paid.
const GOOD: &str = "\
invoice_number,debtor_id,debtor_name,invoice_date,due_date,currency,amount,paid_date
1,10,North Mill,2026-05-04,2026-06-03,USD,1250.00,2026-06-08
2,11,South Mill,2026-05-18,2026-06-17,USD,349.95,
";

/// A ledger of one debtor with so many paid invoices and a few open ones.
fn small(paid: u32) -> String {
    let header = "number,customer,date,due,currency,amount,paid_date\n".to_owned();
    (0..paid + 5).fold(header, |text, number| {
        let (month, day) = (1 + number % 5, 1 + number % 27);
        let on = if number < paid { format!("2026-06-{day:02}") } else { String::new() };
        text + &format!("{number},Mill,2026-0{month}-{day:02},2026-06-{day:02},USD,500.00,{on}\n")
    })
}

/// A working folder with `good.csv` in it.
fn folder() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("good.csv"), GOOD).expect("a ledger");
    folder
}

/// The binary without what the caller's environment says about it.
pub fn factorage() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_factorage"));
    for name in ["POLICY", "MODEL", "DATABASE", "FILES", "CONFIG", "LISTEN"] {
        command.env_remove(format!("FACTORAGE_{name}"));
    }
    command
}

/// Runs the binary in a folder; none of its streams is a terminal.
fn run(folder: &TempDir, args: &[&str]) -> Output {
    let mut command = factorage();
    // With it the program shows panics of decoders that it otherwise turns into an error alone.
    command.current_dir(folder.path()).args(args).env_remove("RUST_BACKTRACE");
    command.output().expect("the binary runs")
}

/// A job of the service in a folder, with the file that says what it does.
fn job(folder: &TempDir, work: &serde_json::Value) -> Command {
    let file = serde_json::json!({ "most_megabytes": 8192, "work": work });
    fs::write(folder.path().join("job.json"), file.to_string()).expect("a job");
    let mut command = factorage();
    command.current_dir(folder.path()).args(["job", "job.json"]);
    command
}

/// Runs the binary and demands success and silence on stderr; returns stdout.
#[track_caller]
fn done(folder: &TempDir, args: &[&str]) -> String {
    let output = run(folder, args);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), stderr.as_ref()), (Some(0), ""), "{args:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Runs the binary, demands failure, silence on stdout and one line on stderr; returns that line.
#[track_caller]
fn refused(folder: &TempDir, args: &[&str]) -> String {
    let output = run(folder, args);
    assert!(!output.status.success(), "{args:?} succeeded");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "stdout of {args:?}");
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(
        stderr.trim_end().lines().count(),
        1,
        "{args:?} needs more than a sentence: {stderr}"
    );
    assert!(stderr.ends_with('\n') && !stderr.contains("panicked"), "{stderr}");
    stderr.trim_end().to_owned()
}

/// Every file below a folder by its name, with its bytes.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeMap::new() };
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("UTF-8");
        // A folder cannot be read: its name alone counts.
        (name, fs::read(entry.path()).unwrap_or_default())
    };
    entries.map(file).collect()
}
