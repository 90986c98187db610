//! Temporary data: only the user can enter it, and none of it stays, however the command ends.

#![cfg(target_os = "linux")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// The signals that end a command: an interrupt, a termination, a hang-up unless the tests run
/// without a terminal that could hang up, and the one that cannot be handled.
fn signals() -> Vec<Signal> {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).expect("a mask");
    let ignored = u64::from_str_radix(ignored.trim(), 16).expect("hexadecimal");
    let hang_up_ends = ignored & 1 == 0;
    let all = [Signal::INT, Signal::TERM, Signal::HUP, Signal::KILL];
    all.into_iter().filter(|signal| hang_up_ends || *signal != Signal::HUP).collect()
}

/// Longer is a hang, also where others use all cores.
const PATIENCE: Duration = Duration::from_mins(5);

/// A working folder whose commands take `tmp` in it for the system's temporary folder.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        fs::create_dir(folder.path().join("tmp")).expect("a folder");
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn start(&self, args: &[&str]) -> Running {
        let mut command = Command::new(env!("CARGO_BIN_EXE_factorage"));
        command.current_dir(self.0.path()).args(args).env("TMPDIR", self.path("tmp"));
        command.env_remove("FACTORAGE_TEMP").stdin(Stdio::piped());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Running(command.spawn().expect("the binary runs"))
    }

    /// Another command, which does not write anything.
    fn next(&self, args: &[&str]) {
        let mut running = self.start(args);
        assert!(running.0.wait().expect("it ends").success(), "{args:?}");
    }
}

/// A command at work; killed when the test stops.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn send(&self, signal: Signal) {
        let pid = Pid::from_child(&self.0);
        kill_process(pid, signal).expect("it is there");
    }

    /// Waits until `there` finds something; none when the command ended before.
    fn until<T>(&mut self, there: impl Fn() -> Option<T>) -> Option<T> {
        let start = Instant::now();
        loop {
            if let Some(found) = there() {
                return Some(found);
            }
            if self.0.try_wait().expect("a child").is_some() {
                return None;
            }
            assert!(start.elapsed() < PATIENCE, "nothing came");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Ends it by a signal and demands that it was this signal that ended it.
    fn ended_by(mut self, signal: Signal) {
        self.send(signal);
        // It may have been stopped to be looked at.
        self.send(Signal::CONT);
        let status = self.0.wait().expect("it ends");
        assert_eq!(status.signal(), Some(signal.as_raw()), "{status}");
    }
}

/// The folders of temporary data in a folder.
fn scratch(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let hidden = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".factorage-"))
    };
    entries.map(|entry| entry.path()).filter(hidden).collect()
}

/// The first file in a folder of temporary data, its lock aside, with that folder.
fn first_file(folder: &Path) -> Option<(PathBuf, PathBuf)> {
    let folder = scratch(folder).into_iter().next()?;
    let mut entries = fs::read_dir(&folder).ok()?.flatten();
    let file = entries.find(|entry| entry.file_name() != "lock")?;
    Some((folder, file.path()))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("there").permissions().mode() & 0o777
}

/// The command, stopped in the middle of its work with temporary data in `folder`.
fn stopped(desk: &Desk, args: &[&str], folder: &Path) -> (Running, PathBuf, PathBuf) {
    for _ in 0..50 {
        let mut running = desk.start(args);
        if running.until(|| first_file(folder)).is_none() {
            continue;
        }
        running.send(Signal::STOP);
        // What was there may have been gone before the signal came.
        if let Some((folder, file)) = first_file(folder) {
            return (running, folder, file);
        }
    }
    panic!("{args:?} ends before its temporary data is seen");
}

/// A ledger of several clients that is parted on disk: above 48 MB.
fn large_ledger(path: &Path) {
    let mut text = String::from(
        "client_id,invoice_number,debtor_id,invoice_date,due_date,currency,amount,po_number\n",
    );
    let long = "x".repeat(1000);
    for row in 0..52_000 {
        let (client, debtor) = (row % 7, row % 90);
        writeln!(text, "c{client},{row},{debtor},2026-05-04,2026-06-03,USD,12.50,{long}")
            .expect("text");
    }
    assert!(text.len() > 48 << 20);
    fs::write(path, text).expect("a ledger");
}

#[test]
fn a_report_leaves_nothing_of_the_ledger_that_it_parts() {
    let desk = Desk::new();
    large_ledger(&desk.path("l.csv"));
    let temporary = desk.path("tmp");
    for signal in signals() {
        let (running, folder, part) = stopped(&desk, &["report", "l.csv"], &temporary);
        assert_eq!((mode(&folder), mode(&part)), (0o700, 0o600), "{signal:?}");
        // What a living process holds is not for others to remove.
        desk.next(&["calc", "--list"]);
        assert!(part.exists(), "{signal:?}: removed while in use");
        running.ended_by(signal);
        if signal == Signal::KILL {
            assert!(part.exists(), "nothing can remove it");
            desk.next(&["calc", "--list"]);
        }
        assert!(scratch(&temporary).is_empty(), "{signal:?}");
    }
}

#[test]
fn temporary_data_lies_beside_the_output_or_where_it_is_told_to() {
    let desk = Desk::new();
    large_ledger(&desk.path("l.csv"));
    fs::create_dir(desk.path("big")).expect("a folder");
    fs::create_dir(desk.path("out")).expect("a folder");
    for (args, place) in [
        (["report", "l.csv", "--out", "out"].as_slice(), "out"),
        (&["report", "l.csv", "--out", "new/out"], ""),
        (&["report", "l.csv", "--temp", "big"], "big"),
        (&["report", "l.csv", "--temp", "big", "--out", "out"], "big"),
    ] {
        let (running, ..) = stopped(&desk, args, &desk.path(place));
        assert!(scratch(&desk.path("tmp")).is_empty(), "{args:?}");
        running.ended_by(Signal::TERM);
        assert!(scratch(&desk.path(place)).is_empty(), "{args:?}");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_factorage"))
        .current_dir(desk.0.path())
        .args(["calc", "--list"])
        .env("FACTORAGE_TEMP", "nowhere")
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("nowhere") && said.contains("no such folder"), "{said}");
}

/// Waits until the command has an unnamed file open below the folder.
fn spools(running: &mut Running, folder: &Path) -> bool {
    let files = PathBuf::from(format!("/proc/{}/fd", running.0.id()));
    let is_spool = |target: PathBuf| {
        let unnamed = target.to_string_lossy().ends_with(" (deleted)");
        (target.starts_with(folder) && unnamed).then_some(())
    };
    let spool = || {
        let mut files = fs::read_dir(&files).ok()?.flatten();
        files.find_map(|entry| is_spool(fs::read_link(entry.path()).ok()?))
    };
    running.until(spool).is_some()
}

#[test]
fn a_ledger_from_a_pipe_never_has_a_name_on_the_disk() {
    for signal in signals() {
        let desk = Desk::new();
        let mut running = desk.start(&["evaluate", "/dev/stdin"]);
        let mut pipe = running.0.stdin.take().expect("a pipe");
        pipe.write_all(super::GOOD.as_bytes()).expect("a beginning");
        let temporary = desk.path("tmp");
        assert!(spools(&mut running, &temporary), "the ledger is kept while the pipe is open");
        running.ended_by(signal);
        drop(pipe);
        assert_eq!(fs::read_dir(&temporary).expect("a folder").count(), 0, "{signal:?}");
    }
}

#[test]
fn a_piped_ledger_is_read_as_its_file_is() {
    let desk = Desk::new();
    fs::write(desk.path("l.csv"), super::GOOD).expect("a ledger");
    let cat = Command::new("cat").arg(desk.path("l.csv")).stdout(Stdio::piped()).spawn();
    let mut cat = cat.expect("cat runs");
    let pipe: Stdio = cat.stdout.take().expect("a pipe").into();
    let [piped, file] = [(pipe, "/dev/stdin"), (Stdio::null(), "l.csv")].map(|(stdin, name)| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_factorage"));
        command.current_dir(desk.0.path()).args(["ingest", name, "--json"]).stdin(stdin);
        let output = command.output().expect("the binary runs");
        String::from_utf8(output.stdout).expect("UTF-8").replace(name, "l.csv")
    });
    cat.wait().expect("it ends");
    assert!(file.contains("\"status\": \"read\""), "{file}");
    assert_eq!(piped, file);
}

#[test]
fn files_that_are_being_written_are_hidden_and_leave_nothing() {
    let desk = Desk::new();
    let here = desk.0.path().to_owned();
    let generate =
        |rows: &'static str| ["generate", "--invoices", rows, "--debtors", "900", "--out", "l.csv"];
    for signal in signals() {
        let (running, folder, _) = stopped(&desk, &generate("9000000"), &here);
        assert_eq!(mode(&folder), 0o700, "{signal:?}");
        running.ended_by(signal);
        assert!(!desk.path("l.csv").exists(), "{signal:?}: half a ledger");
        if signal == Signal::KILL {
            assert!(folder.exists(), "nothing can remove it");
            desk.next(&generate("1000"));
            assert!(desk.path("l.csv").exists());
        }
        assert!(scratch(&here).is_empty(), "{signal:?}");
    }
}

#[test]
fn an_evaluation_that_is_killed_while_it_writes_is_cleaned_up_by_the_next() {
    let desk = Desk::new();
    desk.next(&["generate", "--invoices", "20000", "--debtors", "900", "--out", "l.csv"]);
    let evaluate = ["evaluate", "l.csv", "--model", "km", "--out", "out"];
    for signal in [Signal::INT, Signal::KILL] {
        let (running, ..) = stopped(&desk, &evaluate, &desk.path("out"));
        running.ended_by(signal);
        let names = || fs::read_dir(desk.path("out")).expect("a folder").count();
        assert_eq!(names(), usize::from(signal == Signal::KILL), "{signal:?}");
        if signal == Signal::KILL {
            desk.next(&evaluate);
            assert_eq!(names(), 7);
        }
    }
}

#[test]
fn a_process_that_ignores_hang_ups_goes_on() {
    let desk = Desk::new();
    let mut command = Command::new("nohup");
    command.arg(env!("CARGO_BIN_EXE_factorage")).args(["ingest", "/dev/stdin", "--out", "out"]);
    command.current_dir(desk.0.path()).env("TMPDIR", desk.path("tmp")).stdin(Stdio::piped());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut running = Running(command.spawn().expect("nohup runs"));
    let mut pipe = running.0.stdin.take().expect("a pipe");
    assert!(spools(&mut running, desk.0.path()));
    running.send(Signal::HUP);
    pipe.write_all(super::GOOD.as_bytes()).expect("a ledger");
    drop(pipe);
    assert!(running.0.wait().expect("it ends").success());
}
