use super::*;

/// Every command with the words that lead to it, hidden ones left out.
fn commands() -> Vec<(String, clap::Command)> {
    fn gather(path: &str, command: &clap::Command, all: &mut Vec<(String, clap::Command)>) {
        if command.is_hide_set() || command.get_name() == "help" {
            return;
        }
        let path = format!("{path}{}", command.get_name());
        all.push((path.clone(), command.clone()));
        command.get_subcommands().for_each(|below| gather(&format!("{path} "), below, all));
    }
    let mut all = Vec::new();
    gather("", &Cli::command(), &mut all);
    all
}

/// The lines of the examples of a help text; a line that is indented further goes on.
fn examples(command: &clap::Command) -> Vec<String> {
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let lines = after.lines().skip_while(|line| *line != "Examples:").skip(1);
    let mut all: Vec<String> = Vec::new();
    for line in lines.take_while(|line| line.starts_with("  ")) {
        match (line.strip_prefix("      "), all.last_mut()) {
            (Some(rest), Some(last)) => {
                let first = last.strip_suffix('\\').expect("a line that goes on says so");
                *last = format!("{first}{}", rest.trim());
            }
            _ => all.push(line.trim().to_owned()),
        }
    }
    all
}

/// The words that a shell hands to each call of the command in a line: quoted ones together,
/// without pipes and files.
fn commands_of(line: &str) -> Vec<Vec<OsString>> {
    let mut parts = vec![Vec::new()];
    let mut word = String::new();
    let mut quoted = false;
    for character in line.chars().chain([' ']) {
        match character {
            '\'' => quoted = !quoted,
            ' ' if !quoted => {
                let whole = std::mem::take(&mut word);
                match whole.as_str() {
                    "" => {}
                    "|" => parts.push(Vec::new()),
                    _ => parts.last_mut().expect("a part").push(whole),
                }
            }
            other => word.push(other),
        }
    }
    let own = parts.into_iter().filter(|part| part[0] == "factorage");
    let bare = |part: Vec<String>| {
        part.into_iter().take_while(|word| word != ">" && word != "<").map(OsString::from).collect()
    };
    own.map(bare).collect()
}

fn words(line: &str) -> Vec<OsString> {
    commands_of(line).swap_remove(0)
}

fn said(arguments: &str) -> String {
    answer(&words(arguments))
}

fn answer(words: &[OsString]) -> String {
    match parsed(Cli::command(), words) {
        Err(Refusal::Wrong(sentence)) => sentence,
        Err(Refusal::Shown(_)) => "help".to_owned(),
        Ok(_) => "fine".to_owned(),
    }
}

#[test]
fn every_help_has_examples_and_each_of_them_is_taken() {
    let all = commands();
    assert!(all.len() > 30, "{} commands", all.len());
    for (path, command) in all {
        let examples = examples(&command);
        assert!(!examples.is_empty(), "{path} --help has no example");
        for example in examples {
            let calls = commands_of(&example);
            let fine = ["fine", "help"];
            assert!(calls.iter().all(|call| fine.contains(&answer(call).as_str())), "{example}");
            let places = calls.iter().map(|call| wrong::place(&Cli::command(), call));
            let places: Vec<String> = places.collect();
            assert!(places.iter().any(|own| own.starts_with(&path)), "{path}: {example}");
        }
    }
}

fn place(example: &str) -> String {
    wrong::place(&Cli::command(), &words(example))
}

#[test]
fn every_wrong_argument_is_a_sentence_of_ours() {
    for (arguments, sentence) in [
        ("factorage evalute x.csv", "there is no command 'evalute'; did you mean evaluate?"),
        ("factorage keys creat", "there is no command 'creat'; did you mean create?"),
        ("factorage evaluate", "LEDGER is missing"),
        ("factorage verify", "OFFER and LEDGER are missing"),
        ("factorage backtest x.csv", "--origins D1,D2,... is missing"),
        (
            "factorage evaluate x.csv --polcy p",
            "there is no option --polcy; did you mean --policy?",
        ),
        ("factorage schema offer api", "unexpected argument 'api'"),
        (
            "factorage schema ofer",
            "'ofer' is not a value for DOCUMENT: expected offer or api; did you mean offer?",
        ),
        ("factorage evaluate x.csv --out", "--out DIR needs a value"),
        ("factorage evaluate x.csv --out a --out b", "--out DIR is given more than once"),
        (
            "factorage evaluate x.csv --as-of today",
            "'today' is not a value for --as-of YYYY-MM-DD: expected a date such as 2026-06-30",
        ),
        (
            "factorage quote --face 50000 --terms soon",
            "'soon' is not a value for --terms DAYS: expected a whole number such as 30",
        ),
        (
            "factorage quote --face 0",
            "'0' is not a value for --face AMOUNT: expected an amount above 0 such as 50000, 50,000 or 49999.50",
        ),
        ("factorage quote x.csv --face 5", "LEDGER cannot be used with --face AMOUNT"),
        ("factorage quote x.csv --terms 5", "LEDGER cannot be used with --terms DAYS"),
        (
            "factorage evaluate - --policy -",
            "standard input can be read only once; give - for one argument",
        ),
        (
            "factorage evaluate - --model -",
            "standard input can be read only once; give - for one argument",
        ),
        (
            "factorage evaluate x.csv --out -",
            "'-' is not a value for --out DIR: expected a folder, because several files are \
             written",
        ),
        (
            "factorage report -",
            "'-' is not a value for PORTFOLIO: expected a file or folder, because it is read more \
             than once; save standard input to a file first",
        ),
        (
            "factorage serve --listen here",
            "'here' is not a value for --listen ADDRESS: expected an address and a port such as \
             127.0.0.1:8080",
        ),
    ] {
        assert_eq!(said(arguments), sentence, "{arguments}");
    }
    assert_eq!(place("factorage keys create --role king"), "factorage keys create");
}
