//! Every file of the corpus, damaged: it is refused in one sentence or every row of it ends in
//! exactly one place; nothing panics and nothing hangs.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use factorage::app::{IngestRequest, Ingested, evaluate, ingest};
use factorage::ledger::{DateOrder, Decimal, FootingCertificate, Guidance, LedgerError};
use factorage::policy::Policy;
use factorage::report::intake::{intake_json, intake_summary, refusal_json};
use factorage::report::rejects_csv;
use tempfile::TempDir;

use super::mutator::Mutator;
use super::summary;
use crate::evaluated;

/// The number of cases unless `FACTORAGE_CASES` gives another.
const CASES: u64 = 400;

/// The time after which a case counts as hanging, however busy the machine is.
const LONGEST: Duration = Duration::from_mins(5);

/// A file of the corpus.
struct Sample {
    name: String,
    bytes: Vec<u8>,
}

fn corpus() -> Vec<Sample> {
    let folders = ["valid", "invalid", "exports", "exports/companions", "layouts"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ledger_files");
    let entries = folders.iter().flat_map(|folder| fs::read_dir(root.join(folder)).expect("files"));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.is_file() && !path.to_string_lossy().ends_with(".expect.json"));
    paths.sort();
    let sample = |path: &PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        Sample { name, bytes: fs::read(path).expect("a file") }
    };
    paths.iter().map(sample).collect()
}

fn layouts() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/intake/layouts");
    let entries = fs::read_dir(folder).expect("layouts");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut names: Vec<String> = paths
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// One damaged file, what is said about it, and sometimes a sound file beside it.
struct Case {
    request: IngestRequest,
    first: Vec<u8>,
    _folder: TempDir,
}

impl Case {
    fn draw(number: u64, corpus: &[Sample], layouts: &[String]) -> Self {
        let mut draw = Mutator::new(number);
        let sample = &corpus[draw.below(corpus.len())];
        let other = &corpus[draw.below(corpus.len())];
        let first = draw.damaged(&sample.bytes, &other.bytes);
        let folder = TempDir::new().expect("a folder");
        let mut ledgers = vec![folder.path().join(format!("1-{}", sample.name))];
        fs::write(&ledgers[0], &first).expect("a file");
        if draw.once_in(4) {
            ledgers.push(folder.path().join(format!("2-{}", other.name)));
            fs::write(&ledgers[1], &other.bytes).expect("a file");
        }
        let said = !draw.once_in(3);
        let decimal = [None, Some(Decimal::Point), Some(Decimal::Comma)][draw.below(3)];
        let order = [None, Some(DateOrder::Dmy), Some(DateOrder::Mdy)][draw.below(3)];
        let layout = draw.once_in(12).then(|| layouts[draw.below(layouts.len())].clone());
        let guidance = Guidance {
            layout,
            decimal: decimal.filter(|_| said),
            date_order: order.filter(|_| said),
            ..Guidance::default()
        };
        let policy = Policy::standard().expect("the standard policy");
        let request = IngestRequest { guidance, ..IngestRequest::new(&ledgers, policy) };
        Self { request, first, _folder: folder }
    }

    /// The fault of how the case is read, if there is one.
    fn problem(&self) -> Option<String> {
        let read = || match ingest(&self.request, &|_| ()) {
            Ok(ingested) => ledger(&ingested, self),
            Err(error) => refusal(&error),
        };
        let judged = || {
            let request = evaluated::request(self.request.ledgers.clone());
            let guidance = self.request.guidance.clone();
            let request = app::EvaluateRequest { guidance, ..request };
            match evaluate(&request, &|_| ()) {
                Ok(evaluation) => evaluation
                    .write_offer(std::io::sink())
                    .map_err(|error| format!("no offer.json: {error}")),
                Err(error) => sentence(&error.to_string()),
            }
        };
        let tried = catch_unwind(AssertUnwindSafe(|| read().and_then(|()| judged())));
        tried.unwrap_or_else(|panic| Err(format!("panicked: {}", said(&*panic)))).err()
    }

    /// Rows that a counter of lines would count where nothing confuses it, and how many of them may
    /// be further headers, which are no rows: those without a digit.
    fn lines_below_the_header(&self) -> Option<(u64, u64)> {
        let bytes = self.first.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.first);
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace())?;
        let is_text = !b"<[{P\xFF\xFE\xD0".contains(first) && self.request.ledgers.len() == 1;
        // A quote may hide a line end, a carriage return is one more: only plain lines can be
        // counted.
        let plain = is_text && !bytes.iter().any(|byte| matches!(byte, b'"' | b'\r' | 0));
        let lines = || bytes.strip_suffix(b"\n").unwrap_or(bytes).split(|byte| *byte == b'\n');
        let wordy = |line: &&[u8]| line.len() > 4 && !line.iter().any(u8::is_ascii_digit);
        let wordy = lines().filter(wordy).count() as u64;
        plain.then(|| (lines().count() as u64 - 1, wordy))
    }
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

pub fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// An error is one line that fits a screen.
fn sentence(text: &str) -> Result<(), String> {
    let fits = !text.trim().is_empty() && !text.contains('\n') && text.chars().count() <= 1200;
    ensure(fits, || {
        let start: String = text.chars().take(300).collect();
        format!("no sentence but {} characters: {start:?}", text.chars().count())
    })
}

fn refusal(error: &LedgerError) -> Result<(), String> {
    ensure(!error.code().is_empty(), || "a refusal without a code".to_owned())?;
    refusal_json(error, std::io::sink()).map_err(|error| format!("no JSON: {error}"))?;
    sentence(&error.to_string())
}

fn ledger(ingested: &Ingested, case: &Case) -> Result<(), String> {
    let certificate = &ingested.ledger.certificate;
    foots(certificate)?;
    let rejects = &ingested.ledger.rejects;
    let counted = certificate.rows.rejects;
    ensure(rejects.len() as u64 == counted, || format!("{} of {counted}", rejects.len()))?;
    for reject in rejects {
        let placed = certificate.files.iter().any(|file| *file.name == *reject.file);
        ensure(placed && reject.line > 0, || format!("a reject of nowhere: {reject:?}"))?;
        sentence(&reject.message)?;
    }
    let read = certificate.rows.read;
    let of = case.lines_below_the_header();
    let all = of.is_none_or(|(lines, wordy)| (lines - wordy.min(lines)..=lines).contains(&read));
    ensure(all, || format!("{read} rows of {of:?} lines below the header"))?;
    intake_json(ingested, std::io::sink()).map_err(|error| format!("no JSON: {error}"))?;
    rejects_csv(rejects, std::io::sink()).map_err(|error| format!("no rejects: {error}"))?;
    summary::agrees(&intake_summary(ingested), certificate)
}

fn foots(certificate: &FootingCertificate) -> Result<(), String> {
    let rows = certificate.rows;
    let placed = rows.invoices + rows.classified.sum() + rows.rejects;
    let in_files: u64 = certificate.files.iter().map(|file| file.rows).sum();
    ensure(certificate.foots && rows.read == placed && rows.read == in_files, || {
        format!("{} rows read, {placed} placed, {in_files} in files", rows.read)
    })?;
    let classes = rows.classified;
    let own_rows = classes.payment + classes.adjustment + classes.write_off;
    for totals in &certificate.currencies {
        let minor = |amount: basics::Money| i128::from(amount.minor());
        let parts = [totals.payments, totals.credits, totals.write_offs, totals.adjustments];
        let open = minor(totals.face) - parts.into_iter().map(minor).sum::<i128>();
        let never_negative = parts.into_iter().chain([totals.open, totals.unapplied]);
        let signs = never_negative.map(minor).all(|amount| amount >= 0);
        let kept = totals.face.to_decimal() - totals.credit_note_amount.to_decimal();
        let column = totals.amount_column - totals.rejected;
        let column = column == kept || own_rows > 0 && column < kept;
        ensure(open == minor(totals.open) && signs && column, || format!("no sums: {totals:?}"))?;
    }
    Ok(())
}

/// Runs a case in a thread of its own; a panic is caught there, a hang is left behind.
fn run(case: Case, name: &str) -> Option<String> {
    let (send, receive) = channel();
    let bytes = case.first.clone();
    let guidance = case.request.guidance.clone();
    std::thread::spawn(move || send.send(case.problem()));
    let problem = match receive.recv_timeout(LONGEST) {
        Ok(problem) => problem?,
        Err(RecvTimeoutError::Timeout) => format!("takes more than {LONGEST:?}"),
        Err(RecvTimeoutError::Disconnected) => "the thread died".to_owned(),
    };
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&kept, bytes).expect("room for a failing case");
    Some(format!("{}: {problem} ({guidance:?})", kept.display()))
}

#[test]
fn a_damaged_export_is_refused_or_every_row_of_it_has_its_place() {
    let cases = std::env::var("FACTORAGE_CASES").ok().and_then(|text| text.parse().ok());
    let cases: u64 = cases.unwrap_or(CASES);
    let (corpus, layouts) = (Arc::new(corpus()), Arc::new(layouts()));
    assert!(corpus.len() > 150, "{} files in the corpus", corpus.len());
    let next = AtomicU64::new(0);
    let work = || {
        let numbers = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)));
        let numbers = numbers.take_while(|number| *number < cases);
        let problem = |number| {
            let case = Case::draw(number, &corpus, &layouts);
            let name = case.request.ledgers[0].name();
            let name = Path::new(&name).file_name().expect("a name").to_string_lossy();
            // The number draws the same case again.
            let name = format!("case-{number}-{name}");
            run(case, &name)
        };
        numbers.filter_map(problem).collect::<Vec<String>>()
    };
    let problems: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..rayon::current_num_threads()).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker")).collect()
    });
    let list = Path::new(env!("CARGO_TARGET_TMPDIR")).join("problems.txt");
    fs::write(&list, problems.join("\n")).expect("room for the problems");
    let shown: Vec<&str> = problems.iter().map(String::as_str).take(20).collect();
    let (found, all) = (problems.len(), list.display());
    assert!(found == 0, "{found} of {cases}, listed in {all}:\n{}", shown.join("\n"));
}
