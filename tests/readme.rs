//! Every code block of README, run as it stands there: `sh` blocks are scripts, a `text` block is
//! what the script before it prints.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A fenced block.
struct Block {
    line: usize,
    language: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn blocks() -> Vec<Block> {
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (line, text) in (1..).zip(readme.lines()) {
        match (text.strip_prefix("```"), &mut open) {
            (Some(language), None) => {
                open = Some(Block { line, language: language.to_owned(), text: String::new() });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (None, Some(block)) => {
                block.text.push_str(text);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block without an end");
    found
}

/// A copy of the checkout's data, and the programs that README names: `factorage` is this build,
/// and so is what `cargo run --release --` runs.
struct Newcomer {
    folder: TempDir,
    port: u16,
}

impl Newcomer {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        copied(&root().join("data"), &folder.path().join("data"));
        symlink(root().join("src"), folder.path().join("src")).expect("a link");
        // The port is free now, and is asked for again at once.
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let own = Self { folder, port };
        let binary = env!("CARGO_BIN_EXE_factorage");
        let listen = format!(
            "if [ \"$1\" = serve ]; then set -- \"$@\" --listen 127.0.0.1:{port}; fi\nexec {binary} \"$@\"\n"
        );
        own.program("factorage", &listen);
        let run = "if [ \"$1 $2 $3\" = \"run --release --\" ]; then shift 3; exec factorage \"$@\"; fi\nexit 1\n";
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

    /// Runs a block; the first failing command ends it, and what it left running ends with it.
    fn run(&self, script: &str) -> Output {
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
            .env("HOME", self.folder.path())
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

/// Whether `tests/run` runs every line of a block itself.
fn is_of_tests_run(script: &str) -> bool {
    let own = fs::read_to_string(root().join("tests/run")).expect("tests/run");
    let lines = script.lines().map(|line| line.split(" #").next().unwrap_or(line).trim());
    let mut lines = lines.filter(|line| *line != "cargo build --release").peekable();
    lines.peek().is_some() && lines.all(|line| own.contains(line))
}

#[test]
fn every_block_runs_and_prints_what_stands_below_it() {
    let newcomer = Newcomer::new();
    let blocks = blocks();
    let mut printed: Option<String> = None;
    for Block { line, language, text } in &blocks {
        match language.as_str() {
            "sh" if is_of_tests_run(text) => printed = None,
            "sh" if text.contains("curl ") => {
                printed = None;
                over_http(&newcomer, *line, text);
            }
            "sh" => {
                let output = newcomer.run(text);
                let stderr = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "README.md, line {line}: {stderr}");
                printed = Some(String::from_utf8(output.stdout).expect("UTF-8"));
            }
            "text" => match printed.take() {
                Some(printed) => assert_eq!(&printed, text, "README.md, line {line}"),
                None => is_a_map(*line, text),
            },
            "mermaid" => drawn(text, &blocks),
            other => panic!("README.md, line {line}: a block of {other:?}, which nothing runs"),
        }
    }
    let sample = |folder: &Path| fs::read(folder.join("data/sample_ledger.csv")).expect("it");
    assert!(sample(newcomer.folder.path()) == sample(root()), "README generates the sample");
}

/// The story over HTTP leaves an offer, a report, and nothing running.
fn over_http(newcomer: &Newcomer, line: usize, script: &str) {
    if crate::is_without("http") {
        return;
    }
    let output = newcomer.run(script);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "README.md, line {line}: {stderr}\n{stdout}");
    for (page, holds) in [("offer.html", "Advance"), ("portfolio.html", "Portfolio")] {
        let page = fs::read_to_string(newcomer.folder.path().join(page)).expect("a page");
        assert!(page.contains(holds) && page.trim_end().ends_with("</html>"), "no {holds}");
    }
    assert!(stdout.contains("each as it was written"), "{stdout}");
    assert!(TcpListener::bind(("127.0.0.1", newcomer.port)).is_ok(), "the service still runs");
}

/// The map of the source names what is there.
fn is_a_map(line: usize, text: &str) {
    for row in text.lines().filter(|row| !row.starts_with(' ')) {
        let place = row.split_whitespace().next().expect("a place");
        assert!(root().join(place).exists(), "README.md, line {line}: no {place}");
    }
}

/// The diagram shows the figures of the table that a block prints.
fn drawn(diagram: &str, blocks: &[Block]) {
    let table = blocks.iter().find_map(|block| {
        let (_, rows) = block.text.split_once("predicted  observed")?;
        Some(rows.lines().skip(1).collect::<Vec<_>>())
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
