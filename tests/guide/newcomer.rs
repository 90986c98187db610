//! Somebody who follows a page from its start to its end in a folder with the sample data.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::page::{Block, Page};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A copy of the checkout's data, and the programs that a page names: `factorage` is this build,
/// and so is what `cargo run --release --` runs.
pub struct Newcomer {
    folder: TempDir,
    port: u16,
}

impl Newcomer {
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        copied(&root().join("data"), &folder.path().join("data"));
        symlink(root().join("src"), folder.path().join("src")).expect("a link");
        // The port is free now, and is asked for again at once.
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let own = Self { folder, port };
        let binary = env!("CARGO_BIN_EXE_factorage");
        let listen = format!(
            "if [ \"$1\" = serve ]; then shift; set -- serve --listen 127.0.0.1:{port} \"$@\"; fi\n\
             exec {binary} \"$@\"\n"
        );
        own.program("factorage", &listen);
        let run = "if [ \"$1 $2 $3\" = \"run --release --\" ]; then shift 3; \
                   exec factorage \"$@\"; fi\nexit 1\n";
        own.program("cargo", run);
        own
    }

    fn program(&self, name: &str, script: &str) {
        let programs = self.folder.path().join("programs");
        fs::create_dir_all(&programs).expect("a folder");
        let path = programs.join(name);
        fs::write(&path, format!("#!/usr/bin/env bash\n{script}")).expect("a program");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
    }

    /// Runs the blocks of a page in order: `sh` blocks are scripts, a `text` block is what the
    /// script before it prints, a `toml` block is a facility and a `json` block a ledger.
    pub fn follow(&self, page: &mut Page) {
        let blocks = page.blocks();
        let mut printed: Option<String> = None;
        for block in &blocks {
            let at = format!("{}, line {}", page.path, block.line);
            match block.language.as_str() {
                "sh" if is_of_tests_run(&block.text) => printed = None,
                "sh" if block.text.contains("curl ") => {
                    printed = None;
                    self.over_http(&at, &block.text);
                }
                "sh" => {
                    let output = self.run(&block.text);
                    let stderr = String::from_utf8_lossy(&output.stderr);
                    assert!(output.status.success(), "{at}: {stderr}");
                    printed = Some(String::from_utf8(output.stdout).expect("UTF-8"));
                }
                "text" => match printed.take() {
                    Some(printed) => page.is_printed(block, &printed),
                    None => is_a_map(&at, &block.text),
                },
                "toml" => self.takes(&at, "facility.toml", &block.text),
                "json" => self.takes(&at, "ledger.json", &block.text),
                // Blocks that are written now are drawn at the next run.
                "mermaid" if crate::writes_snapshots() => {}
                "mermaid" => drawn(&block.text, &blocks),
                other => panic!("{at}: a block of {other:?}, which nothing runs"),
            }
        }
        let sample = |folder: &Path| fs::read(folder.join("data/sample_ledger.csv")).expect("it");
        assert!(sample(self.folder.path()) == sample(root()), "{}: another sample", page.path);
    }

    /// Runs a block; the first failing command ends it, and what it left running ends with it.
    fn run(&self, script: &str) -> Output {
        // Pages name the usual port, but several of them are followed at the same time.
        let script = script.replace("localhost:8080", &format!("localhost:{}", self.port));
        let script = format!("set -euo pipefail\n{script}");
        let path = std::env::var("PATH").unwrap_or_default();
        let programs = self.folder.path().join("programs").display().to_string();
        // In files: a pipe stays open as long as anything that was left running.
        let kept = |name: &str| self.folder.path().join("programs").join(name);
        let file = |name: &str| fs::File::create(kept(name)).expect("a file");
        let mut child = Command::new("bash")
            .args(["-c", &script])
            .current_dir(self.folder.path())
            .env("PATH", format!("{programs}:{path}"))
            // A block that writes to `~` must not reach the person who runs the tests.
            .env("HOME", self.folder.path())
            // What the script leaves running is in its group, and only that is killed below.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(file("stdout"))
            .stderr(file("stderr"))
            .spawn()
            .expect("bash runs");
        let group = format!("-{}", child.id());
        let status = child.wait().expect("it ends");
        // Nothing of it runs any more when all went well.
        let _ = Command::new("kill").args(["-9", "--", &group]).stderr(Stdio::null()).status();
        let [stdout, stderr] = ["stdout", "stderr"].map(|name| fs::read(kept(name)).expect("it"));
        Output { status, stdout, stderr }
    }

    /// The story over HTTP leaves an offer, a report, and nothing running.
    fn over_http(&self, at: &str, script: &str) {
        if crate::is_without("http") {
            return;
        }
        let output = self.run(script);
        let stderr = String::from_utf8_lossy(&output.stderr);
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{at}: {stderr}");
        for (page, holds) in [("offer.html", "Advance"), ("portfolio.html", "Portfolio")] {
            let page = fs::read_to_string(self.folder.path().join(page)).expect("a page");
            assert!(page.contains(holds) && page.trim_end().ends_with("</html>"), "no {holds}");
        }
        let last = stdout.lines().last().unwrap_or_default();
        assert!(last.contains(" rows"), "the audit log: {last}");
        assert!(TcpListener::bind(("127.0.0.1", self.port)).is_ok(), "the service still runs");
    }

    /// A facility or a ledger that a page shows is one that the commands take.
    fn takes(&self, at: &str, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).expect("a file");
        let output = self.run(match name {
            "ledger.json" => "factorage ingest ledger.json -q",
            _ => "factorage evaluate data/sample_ledger.csv --facility facility.toml -q",
        });
        assert!(output.status.success(), "{at}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// True if `tests/run` runs every line of a block itself, or is the block.
fn is_of_tests_run(script: &str) -> bool {
    let own = fs::read_to_string(root().join("tests/run")).expect("tests/run");
    // Comments behind commands are for the reader of the page.
    let lines = script.lines().map(|line| line.split(" #").next().unwrap_or(line).trim());
    let is_ours = |line: &&str| {
        let known = ["cargo build --release", "cargo install --path .", "tests/run"];
        known.contains(line) || line.starts_with("FACTORAGE_WRITE_SNAPSHOTS=1 cargo main ")
    };
    let mut lines = lines.filter(|line| !is_ours(line)).peekable();
    lines.peek().is_none() || lines.all(|line| own.contains(line))
}

/// The map of the source names what is there.
fn is_a_map(at: &str, text: &str) {
    for row in text.lines().filter(|row| !row.starts_with(' ')) {
        let place = row.split_whitespace().next().expect("a place");
        assert!(root().join(place).exists(), "{at}: no {place}");
    }
}

/// The diagram shows the figures of the table that a block prints.
fn drawn(diagram: &str, blocks: &[Block]) {
    let table = blocks.iter().rev().find_map(|block| {
        let (_, rows) = block.text.split_once("predicted  observed")?;
        Some(rows.lines().skip(1).take_while(|row| !row.is_empty()).collect::<Vec<_>>())
    });
    let percents = |column: usize| -> Vec<String> {
        let rows = table.iter().flatten();
        let cells = rows.filter_map(|row| row.split_whitespace().nth(column)?.parse::<f64>().ok());
        cells.map(|share| format!("{:.1}", share * 100.0)).collect()
    };
    for (series, column) in [("line", 1), ("bar", 2)] {
        let shown = format!("{series} [{}]", percents(column).join(", "));
        assert!(diagram.contains(&shown), "the diagram lacks {shown}");
    }
}
