//! Arguments, variables and streams of every command.

use std::fs;
use std::io::Write;
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{contents, done, factorage, folder, refused, run};

/// Runs the command with this on standard input.
fn fed(folder: &TempDir, args: &[&str], input: &[u8]) -> Output {
    let mut command = factorage();
    command.current_dir(folder.path()).args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    // A command that refuses its arguments may have closed its input already.
    let _ = child.stdin.take().expect("an input").write_all(input);
    child.wait_with_output().expect("an end")
}

/// The same, which has to succeed in silence; what it prints.
#[track_caller]
fn piped(folder: &TempDir, args: &[&str], input: &[u8]) -> String {
    let output = fed(folder, args, input);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), stderr.as_ref()), (Some(0), ""), "{args:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn every_wrong_argument_ends_with_2_and_says_where_the_help_is() {
    let folder = folder();
    for (args, said) in [
        (&["quote"][..], "give --face AMOUNT"),
        (&["quote", "--face", "0"], "expected an amount above 0"),
        (&["quote", "--face", "50000", "--debtors", "0"], "--debtors = 0: expected a whole number"),
        (&["quote", "--face", "50000", "--terms", "9999"], "--terms = 9999: expected"),
        (&["quote", "--face", "1.001"], "1.001"),
        (&["calc"], "factorage calc --list"),
        (&["calc", "aprr"], "there is no calculator 'aprr'; did you mean 'apr'?"),
        (&["calc", "zzz"], "there is no calculator 'zzz' (see"),
        (&["keys", "create", "--role", "admin", "--client", "x"], "--client requires --role"),
        (&["keys", "create", "--role", "client"], "--client ID is missing"),
        (&["keys", "create", "--role", "king"], "underwriter, analyst, funder or admin"),
        (&["ingest", "good.csv", "--layout", "quickbook"], "not a layout for --layout"),
        (&["evaluate", "good.csv", "--advance", "0"], "expected a percentage from 1 to 100"),
        (&["generate", "--invoices", "0", "--debtors", "1", "--out", "x.csv"], "between 1 and"),
        (&["generate", "--invoices", "x", "--debtors", "1", "--out", "x.csv"], "a whole number"),
        (
            &["backtest", "good.csv", "--origins", "2026-06-30", "--as-of", "2026-05-31"],
            "the origin 2026-06-30 must be before --as-of 2026-05-31",
        ),
        (&["train", "good.csv", "--out", "-", "--json"], "--out - and --json"),
        (&["report", "good.csv", "--sections", "agein"], "did you mean ageing?"),
        (&["report", "good.csv", "--compare", "2027-01-01"], "2027-01-01, is after the as-of date"),
        (&["schema"], "DOCUMENT is missing"),
        (&["completions", "tcl"], "expected bash, elvish, fish, powershell or zsh"),
        (&["nonsense"], "there is no command 'nonsense' (see factorage --help)"),
    ] {
        let sentence = refused(&folder, args);
        assert!(sentence.starts_with("factorage: ") && sentence.contains(said), "{sentence}");
        let hint =
            if args == ["nonsense"] { "factorage" } else { &format!("factorage {}", args[0]) };
        assert!(sentence.contains(&format!("(see {hint}")), "{sentence}");
        assert!(sentence.ends_with(" --help)"), "{sentence}");
        assert_eq!(run(&folder, args).status.code(), Some(2), "{args:?}");
    }
    assert_eq!(contents(folder.path()).len(), 1, "something was written");
    let failed = run(&folder, &["evaluate", "missing.csv"]);
    assert_eq!(failed.status.code(), Some(1), "a file that is not there is no wrong argument");
}

#[test]
fn a_dash_is_standard_input_wherever_a_file_is_read() {
    let folder = folder();
    let good = super::GOOD.as_bytes();
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    assert!(piped(&folder, &["ingest", "-"], good).contains("it foots"));
    let policy = crate::evaluated::policy_text(&[("name", "\"from a pipe\"")]);
    let offer =
        piped(&folder, &["evaluate", "good.csv", "--policy", "-", "--json"], policy.as_bytes());
    let read: Value = serde_json::from_str(&offer).expect("JSON");
    assert_eq!(read["offer"]["policy"]["name"], "from a pipe");
    let same = piped(&folder, &["verify", "-", "good.csv"], offer.as_bytes());
    assert!(same.starts_with("standard input: verified"), "{same}");
    let status = ["decide", "status", "-", "--on", "2026-06-09"];
    assert_eq!(piped(&folder, &status, offer.as_bytes()), "offered\n");
    let decline = ["decide", "decline", "-", "--by", "A", "--at", "2026-06-09T09:00:00Z"];
    let declined = piped(&folder, &decline, offer.as_bytes());
    assert_eq!(piped(&folder, &status, declined.as_bytes()).lines().next(), Some("declined"));
    let ledger = piped(&folder, &["evaluate", "-", "--json"], good);
    let read: Value = serde_json::from_str(&ledger).expect("JSON");
    assert_eq!(read["offer"]["parts"][0]["totals"]["gross"], "349.95");
    for (args, text) in [
        (&["--debtors", "-"][..], "debtor,group\nSouth Mill,Mills\n"),
        (&["--debtor-register", "-"], "debtor,group\nSouth Mill,Mills\n"),
        (&["--rates", "-"], "from,to,rate,date\nUSD,EUR,0.9,2026-06-01\n"),
        (
            &["--mapping", "-"],
            "[columns]\ninvoice_number = \"invoice_number\"\ndebtor_name = \"debtor_name\"\n\
             invoice_date = \"invoice_date\"\namount = \"amount\"\n",
        ),
    ] {
        let read = piped(&folder, &[&["ingest", "good.csv"], args].concat(), text.as_bytes());
        assert!(read.contains("it foots"), "{args:?}: {read}");
    }
    let facility = "currency = \"USD\"\nline = \"1000.00\"\n";
    piped(&folder, &["evaluate", "good.csv", "--facility", "-"], facility.as_bytes());
    put("book.csv", super::GOOD);
    let scenarios = "[[scenario]]\nname = \"Slow\"\nslower_days = 20\n";
    let shown = piped(&folder, &["report", "book.csv", "--scenarios", "-"], scenarios.as_bytes());
    assert!(shown.contains("Slow"), "{shown}");
    let input = r#"{"receivables": "80000", "sales": "100000"}"#;
    assert!(piped(&folder, &["calc", "dso", "-"], input.as_bytes()).contains("days"));
}

#[test]
fn a_dash_is_standard_output_wherever_one_file_is_written() {
    let folder = folder();
    let generate = ["generate", "--invoices", "300", "--debtors", "12", "--out"];
    let ledger = done(&folder, &[&generate[..], &["-"]].concat());
    done(&folder, &[&generate[..], &["l.csv"]].concat());
    let file = fs::read_to_string(folder.path().join("l.csv")).expect("a ledger");
    assert_eq!(ledger, file);
    let model = done(&folder, &["train", "l.csv", "--out", "-"]);
    done(&folder, &["train", "l.csv", "--out", "m.json"]);
    let file = fs::read_to_string(folder.path().join("m.json")).expect("a model");
    assert_eq!(model, file);
    let shown = piped(&folder, &["model", "show", "-"], model.as_bytes());
    assert_eq!(shown, done(&folder, &["model", "show", "m.json"]));
    let test = ["backtest", "l.csv", "--origins", "2026-04-30", "--model", "km", "--predictions"];
    let predictions = done(&folder, &[&test[..], &["-"]].concat());
    done(&folder, &[&test[..], &["p.csv"]].concat());
    let file = fs::read_to_string(folder.path().join("p.csv")).expect("predictions");
    assert_eq!(predictions, file);
}

#[test]
fn variables_stand_for_options_and_change_no_job() {
    let folder = folder();
    let policy = crate::evaluated::policy_text(&[("name", "\"house\"")]);
    fs::write(folder.path().join("house.toml"), policy).expect("a policy");
    let named = |args: &[&str]| {
        let mut command = factorage();
        command.current_dir(folder.path()).args(args).env("FACTORAGE_POLICY", "house.toml");
        let output = command.output().expect("the binary runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let offer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        offer["offer"]["policy"]["name"].clone()
    };
    assert_eq!(named(&["evaluate", "good.csv", "--json"]), "house");
    fs::write(
        folder.path().join("other.toml"),
        crate::evaluated::policy_text(&[("name", "\"other\"")]),
    )
    .expect("a policy");
    assert_eq!(named(&["evaluate", "good.csv", "--json", "--policy", "other.toml"]), "other");
    // A job reads its file alone; its standard input is held open by the service.
    let work =
        json!({ "command": "evaluate", "ledger": "good.csv", "model": "auto", "out": "out" });
    let mut job = super::job(&folder, &work);
    job.env("FACTORAGE_POLICY", "missing.toml").env("FACTORAGE_MODEL", "missing.json");
    let mut child = job.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("a job");
    let _held = child.stdin.take();
    assert!(child.wait().expect("an end").success());
    let offer = fs::read(folder.path().join("out/offer.json")).expect("an offer");
    let offer: Value = serde_json::from_slice(&offer).expect("JSON");
    assert_eq!(offer["offer"]["policy"]["name"], "standard");
    let help = |command: &str| {
        let text = done(&folder, &[command, "--help"]);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let own = help("evaluate");
    assert!(own.contains("[env: FACTORAGE_POLICY]") && own.contains("[env: FACTORAGE_MODEL]"));
    let own = help("serve");
    for name in ["DATABASE", "FILES", "LISTEN", "POLICY", "CONFIG"] {
        assert!(own.contains(&format!("[env: FACTORAGE_{name}]")), "{name}");
    }
}

#[test]
fn a_file_named_as_a_dash_does_not_stop_a_job() {
    let folder = folder();
    fs::write(folder.path().join("-"), super::GOOD).expect("a ledger");
    let work = json!({ "command": "ingest", "ledger": "-", "out": "out" });
    let mut job = super::job(&folder, &work);
    let mut child = job.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("a job");
    let _held = child.stdin.take();
    assert!(child.wait().expect("an end").success());
    assert!(folder.path().join("out/footing.json").is_file());
}

#[test]
fn quiet_prints_what_is_asked_for_and_nothing_else() {
    let folder = folder();
    for args in [
        &["evaluate", "good.csv", "--out", "out"][..],
        &["ingest", "good.csv"],
        &["generate", "--invoices", "9", "--debtors", "3", "--out", "l.csv"],
        &["report", "good.csv", "--out", "book"],
        &["verify", "out/offer.json", "good.csv"],
        &["decide", "decline", "out/offer.json", "--by", "A", "--at", "2026-06-09T09:00:00Z"],
        &["migrate"],
        &["man", "--out", "man"],
    ] {
        let loud = [args, &["--quiet"]].concat();
        assert_eq!(done(&folder, &loud), "", "{args:?}");
    }
    let offer = done(&folder, &["--quiet", "evaluate", "good.csv", "--json"]);
    assert_eq!(offer, done(&folder, &["evaluate", "good.csv", "--json"]));
    assert!(done(&folder, &["quote", "-q", "--face", "5000"]).contains("APR"));
    assert!(refused(&folder, &["-q", "evaluate", "missing.csv"]).contains("missing.csv"));
}

#[test]
fn the_version_names_the_commit_and_the_offer_does_not() {
    let folder = folder();
    let version = done(&folder, &["--version"]);
    let version = version.trim().strip_prefix("factorage ").expect("a version");
    let offer = done(&folder, &["evaluate", "good.csv", "--json"]);
    match version.strip_prefix(env!("CARGO_PKG_VERSION")) {
        // A build from an archive knows no commit.
        Some("") => {}
        Some(commit) => {
            let commit = commit.trim().trim_matches(['(', ')']);
            assert!(
                commit.len() == 12 && commit.chars().all(|c| c.is_ascii_hexdigit()),
                "{version}"
            );
            assert!(!offer.contains(commit) && !offer.contains(&commit[..7]), "{commit}");
        }
        None => panic!("{version}"),
    }
}

#[test]
fn help_fits_a_narrow_terminal() {
    let folder = folder();
    let mut command = factorage();
    command.current_dir(folder.path()).args(["evaluate", "--help"]).env("COLUMNS", "60");
    let help = String::from_utf8(command.output().expect("a run").stdout).expect("UTF-8");
    let described = help.split("Examples:").next().expect("a description");
    let wide: Vec<&str> = described.lines().filter(|line| line.chars().count() > 60).collect();
    assert_eq!(wide, [""; 0], "{help}");
    assert!(described.lines().count() > 60, "{help}");
}

#[test]
fn shells_and_manuals_know_every_command() {
    let folder = folder();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let text = done(&folder, &["completions", shell]);
        assert!(text.contains("backtest") && text.contains("debtor-register"), "{shell}");
    }
    let page = done(&folder, &["man"]);
    assert!(page.contains(".TH factorage 1") && page.contains("evaluate"), "{page}");
    let told = done(&folder, &["man", "--out", "new/man1"]);
    let pages = contents(&folder.path().join("new/man1"));
    assert_eq!(told, format!("{} pages written to new/man1.\n", pages.len()));
    for name in ["factorage.1", "factorage-evaluate.1", "factorage-keys-create.1"] {
        assert!(pages.contains_key(name), "{name}: {:?}", pages.keys());
    }
    assert!(!pages.keys().any(|name| name.contains("job")), "the job is no command of a user");
    let evaluate = String::from_utf8_lossy(&pages["factorage-evaluate.1"]);
    assert!(evaluate.contains("FACTORAGE\\_POLICY") || evaluate.contains("FACTORAGE_POLICY"));
}

#[test]
fn a_place_that_cannot_be_written_is_found_before_the_work() {
    let folder = folder();
    fs::write(folder.path().join("taken"), "").expect("a file");
    fs::create_dir_all(folder.path().join("out/offer.json")).expect("a folder");
    // The ledger does not exist: who says so has begun to work.
    for args in [
        &["evaluate", "missing.csv", "--out", "taken"][..],
        &["evaluate", "missing.csv", "--out", "taken/deep"],
        &["evaluate", "missing.csv", "--out", "out"],
        &["ingest", "missing.csv", "--out", "taken"],
        &["report", "missing.csv", "--out", "taken"],
        &["report", "missing.csv", "--letters", "taken"],
        &["train", "missing.csv", "--out", "nowhere/m.json"],
        &["train", "missing.csv", "--out", "out"],
        &["backtest", "missing.csv", "--origins", "2026-05-31", "--out", "taken"],
        &["backtest", "missing.csv", "--origins", "2026-05-31", "--predictions", "out"],
        &["generate", "--invoices", "20000000", "--debtors", "9", "--out", "nowhere/l.csv"],
    ] {
        let sentence = refused(&folder, args);
        assert!(!sentence.contains("missing.csv") && !sentence.contains(".tmp"), "{sentence}");
        let place = args[args.len() - 1].split("/deep").next().expect("a name");
        assert!(sentence.contains(place), "{args:?}: {sentence}");
        assert_eq!(run(&folder, args).status.code(), Some(1), "{args:?}");
    }
    let left: Vec<String> = contents(folder.path()).into_keys().collect();
    assert_eq!(left, ["good.csv", "out", "taken"]);
}
