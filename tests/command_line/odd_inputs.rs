//! Every command with inputs that are not what it reads: one sentence that names the input and what
//! is wrong with it, in words of ours, and soon.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{GOOD, folder, run};

/// A folder of odd inputs, and their names.
fn odd() -> (TempDir, Vec<&'static str>) {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let files: [(&str, &[u8]); 16] = [
        ("empty", b""),
        ("blank.csv", b"\n \n"),
        ("line.txt", b"One line of text\n"),
        ("words.txt", b"Dear factor, buy everything, please.\n"),
        ("header.csv", b"invoice_number,debtor_name,invoice_date,amount\n"),
        ("image.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("page.html", b"<!DOCTYPE html><html><body><p>Hello</p></body></html>"),
        ("zeros.bin", &[0; 600]),
        ("random.bin", b"\xC3\x28\xA0\xA1\xE2\x28\xA1\xF8\x88"),
        ("numbers.json", b"[1, 2, 3]"),
        ("cut.json", b"{\"a\": [1, "),
        ("null.json", b"null"),
        ("settings.toml", b"[package]\nname = \"x\"\n"),
        ("cut.zip", b"PK\x03\x04\x14\0"),
        ("cut.parquet", b"PAR1....PAR1"),
        ("deep.json", b"[[[[[[[[[[[[[[[[[[[["),
    ];
    for (name, bytes) in files {
        fs::write(at(name), bytes).expect("a file");
    }
    fs::create_dir(at("folder")).expect("a folder");
    symlink("loop", at("loop")).expect("a link");
    symlink("nowhere", at("broken")).expect("a link");
    let mut names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    names.extend(["folder", "loop", "broken", "missing", "good.csv/below"]);
    (folder, names)
}

/// The commands that read a file, with a place for it.
const COMMANDS: [&[&str]; 17] = [
    &["ingest", "@"],
    &["ingest", "good.csv", "--mapping", "@"],
    &["ingest", "good.csv", "--debtors", "@"],
    &["ingest", "good.csv", "--rates", "@"],
    &["evaluate", "@"],
    &["evaluate", "good.csv", "--facility", "@"],
    &["evaluate", "good.csv", "--model", "@"],
    &["evaluate", "good.csv", "--previous", "@"],
    &["train", "@"],
    &["backtest", "@", "--origins", "2026-05-31"],
    &["report", "@"],
    &["quote", "@"],
    &["verify", "@", "good.csv"],
    &["decide", "status", "@", "--on", "2026-06-30"],
    &["model", "show", "@"],
    &["calc", "apr", "@"],
    &["keys", "list", "--database", "@"],
];

#[test]
fn what_a_command_cannot_read_is_named_in_words_of_ours() {
    let (folder, names) = odd();
    let mut wrong = Vec::new();
    for command in COMMANDS {
        for name in &names {
            let args: Vec<&str> =
                command.iter().map(|&arg| if arg == "@" { *name } else { arg }).collect();
            let start = Instant::now();
            let output = run(&folder, &args);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let problem = problem(&output, &said, name)
                .or_else(|| (start.elapsed() > Duration::from_secs(20)).then_some("is slow"));
            if let Some(problem) = problem {
                wrong.push(format!("{} {problem}: {}: {said}", args.join(" "), output.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The fault of a refusal, if there is one.
fn problem(output: &Output, said: &str, name: &str) -> Option<&'static str> {
    const FOREIGN: [&str; 10] = [
        "TOML parse error",
        "invalid type:",
        "EOF while parsing",
        "os error",
        "panicked",
        "internal error",
        "stream did not",
        "out of specification",
        "error returned from database",
        "(code:",
    ];
    if output.status.success() {
        return Some("succeeds");
    }
    // The faults of a file that people write stand below the sentence, a line each.
    let faults = said.lines().skip(1).all(|line| line.starts_with("  "));
    if !faults || said.chars().count() > 1200 {
        return Some("is not one sentence");
    }
    if !said.contains(name.split('/').next().unwrap_or(name)) && !said.contains("input of apr") {
        return Some("does not name the input");
    }
    FOREIGN.iter().any(|words| said.contains(words)).then_some("has a library's words")
}

#[test]
fn a_pipe_is_read_where_it_can_be_and_refused_where_it_cannot() {
    let folder = folder();
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let refused = super::refused(&folder, &["report", "pipe"]);
    assert!(refused.contains("pipe: is a pipe or device"), "{refused}");
    let reader = Command::new(env!("CARGO_BIN_EXE_factorage"))
        .current_dir(folder.path())
        .args(["ingest", "pipe"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    fs::write(&pipe, GOOD).expect("a reader");
    let output = reader.wait_with_output().expect("an end");
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("2 rows in"));
}

#[test]
fn a_folder_is_read_once_although_a_link_in_it_leads_back() {
    let folder = folder();
    let ledger = folder.path().join("ledger");
    fs::create_dir(&ledger).expect("a folder");
    fs::write(ledger.join("l.csv"), GOOD).expect("a ledger");
    symlink(".", ledger.join("again")).expect("a link");
    let told = super::done(&folder, &["ingest", "ledger"]);
    assert!(told.contains("2 rows in = 2 invoices"), "{told}");
}
