//! Every sentence that a person may read, as snapshots: one file a room with the texts of its code,
//! one with the help of every command, one with the words of the calculators, one with those of the
//! offer's schema. Catalogues are such lists themselves. A reviewer sees a changed sentence as a
//! changed line.
//!
//! `FACTORAGE_WRITE_SNAPSHOTS=1 cargo test --test main words` writes them.

mod habits;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::architecture::source::{Kind, Source};

/// The texts of each room, in the order of files and lines, each once a room.
pub fn sentences() -> BTreeMap<String, Vec<String>> {
    let mut rooms: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in Source::tree() {
        let own = rooms.entry(source.room().to_owned()).or_default();
        for lexeme in &source.lexemes {
            if lexeme.kind != Kind::Text || lexeme.in_test {
                continue;
            }
            let Ok(text) = syn::parse_str::<syn::LitStr>(&lexeme.text) else { continue };
            let text = text.value();
            if is_sentence(&text) && !own.contains(&text) {
                own.push(text);
            }
        }
    }
    rooms
}

/// True if people read a text: words with spaces between them, and no SQL statement.
fn is_sentence(text: &str) -> bool {
    let words = text.split_whitespace().filter(|word| {
        word.chars().filter(|letter| letter.is_alphabetic()).count() > 1
            && word.chars().all(|letter| !matches!(letter, '$' | '\\' | '='))
    });
    let is_sql = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "ALTER ", " WHERE "];
    words.count() > 1 && !is_sql.iter().any(|start| text.contains(start))
}

/// Compares a snapshot with what is said now, or writes it.
#[track_caller]
fn is_known(path: &str, said: &str) {
    if crate::writes_snapshots() {
        fs::write(path, said).expect("a snapshot");
        return;
    }
    let known = fs::read_to_string(path).unwrap_or_default();
    let hint = "FACTORAGE_WRITE_SNAPSHOTS=1 cargo test --test main words writes them";
    if let Err(error) = snapbox::Assert::new().try_eq(
        None,
        said.to_owned().into(),
        snapbox::Data::text(known).raw(),
    ) {
        panic!("{path} ({hint}):\n{error}");
    }
}

#[test]
fn the_sentences_of_every_room_are_known() {
    let mut files: Vec<String> = vec!["mod.rs".into(), "habits.rs".into()];
    files.extend(["help.txt".into(), "calculators.txt".into(), "offer_schema.txt".into()]);
    for (room, own) in sentences() {
        let mut said = String::new();
        for text in own {
            let _ = writeln!(said, "{}", text.replace('\n', "\n    "));
        }
        if !said.is_empty() {
            is_known(&format!("tests/words/{room}.txt"), &said);
            files.push(format!("{room}.txt"));
        }
    }
    for file in fs::read_dir("tests/words").expect("the folder").flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        assert!(files.contains(&name), "tests/words/{name} is of no room");
    }
}

fn printed(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_factorage"))
        .args(arguments)
        // Help would show its value.
        .env_remove("FACTORAGE_TEMP")
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The commands below this one, as its help lists them.
fn commands(help: &str) -> Vec<String> {
    let (_, list) = help.split_once("Commands:\n").unwrap_or(("", ""));
    let lines = list.lines().take_while(|line| !line.is_empty());
    let named = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = named.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn the_help_of_every_command_is_known() {
    let mut said = String::new();
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    while let Some(command) = open.pop() {
        let mut arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        arguments.push("--help");
        let help = printed(&arguments);
        let _ = writeln!(said, "$ factorage {}\n{help}", arguments.join(" "));
        // Reversed, because the last one pushed is the first taken.
        let below = commands(&help).into_iter().rev();
        // The calculators have a file of their own.
        if command.first().is_none_or(|first| first != "calc") {
            open.extend(below.map(|name| [command.clone(), vec![name]].concat()));
        }
    }
    is_known("tests/words/help.txt", &said);
}

#[test]
fn the_words_of_the_calculators_are_known() {
    let list: serde_json::Value =
        serde_json::from_str(&printed(&["calc", "--list", "--json"])).expect("JSON");
    let mut said = String::new();
    for calculator in list.as_array().expect("a list") {
        let name = calculator["name"].as_str().expect("a name");
        let _ = writeln!(said, "$ factorage calc {name} --help");
        let help = printed(&["calc", name, "--help"]);
        let (told, schemas) = help.split_once("\nInput (JSON schema").expect("a schema");
        said.push_str(told);
        for line in schemas.lines().filter(|line| line.contains("\"description\": ")) {
            said.push_str(line.trim_start());
            said.push('\n');
        }
    }
    is_known("tests/words/calculators.txt", &said);
}

#[test]
fn the_words_of_the_offers_schema_are_known() {
    let schema: serde_json::Value =
        serde_json::from_str(&printed(&["schema", "offer"])).expect("JSON");
    let mut said = String::new();
    described(&schema, "offer", &mut said);
    is_known("tests/words/offer_schema.txt", &said);
}

/// The descriptions below a value, each after its place.
fn described(value: &serde_json::Value, place: &str, said: &mut String) {
    match value {
        serde_json::Value::Object(members) => {
            if let Some(description) = members.get("description").and_then(|own| own.as_str()) {
                let _ = writeln!(said, "{place}: {}", description.replace('\n', " "));
            }
            for (name, member) in members {
                let is_frame = matches!(name.as_str(), "properties" | "items" | "$defs" | "anyOf");
                let inner = if is_frame { place.to_owned() } else { format!("{place}.{name}") };
                described(member, &inner, said);
            }
        }
        serde_json::Value::Array(items) => {
            for item in items {
                described(item, place, said);
            }
        }
        _ => {}
    }
}
