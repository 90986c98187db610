//! The sentences of a catalogue beside the code that says them.

use std::collections::{BTreeMap, BTreeSet};

use super::source::Source;

/// Lines around the name of a sentence in which the code gives its facts.
const NEAR: usize = 24;

/// The sentences of a catalogue by their names, `message.attribute`, each with its facts. Names
/// that are there twice are added to `faults`: the catalogue would say one of them in silence.
fn sentences(catalogue: &str, faults: &mut Vec<String>) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut message, mut name) = ("", String::new());
    for line in catalogue.lines().filter(|line| !line.starts_with('#')) {
        if let Some((id, "")) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
            message = id;
        } else if let Some((attribute, _)) = line.trim().strip_prefix('.').and_then(named) {
            name = format!("{message}.{attribute}");
            if all.contains_key(&name) {
                faults.push(format!("{name} is there twice"));
            }
        }
        let facts = line.split('$').skip(1).map(|rest| {
            let end = rest.find(|c: char| c != '_' && !c.is_ascii_lowercase());
            rest[..end.unwrap_or(rest.len())].to_owned()
        });
        if !name.is_empty() {
            all.entry(name.clone()).or_default().extend(facts);
        }
    }
    all
}

fn named(line: &str) -> Option<(&str, &str)> {
    line.split_once(" =").filter(|(name, _)| !name.contains(' '))
}

/// The faults of a catalogue: a sentence that nothing says, a fact that is not given where it is
/// said, and a name without a sentence.
pub fn faults(catalogue: &str, sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    let sentences = sentences(catalogue, &mut faults);
    let messages: BTreeSet<&str> =
        sentences.keys().filter_map(|name| name.split_once('.')).map(|(own, _)| own).collect();
    let mut said = BTreeSet::new();
    for source in sources {
        let lines: Vec<&str> = source.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            for name in line.split('"').skip(1).step_by(2).filter(|text| is_of(text, &messages)) {
                let Some(facts) = sentences.get(name) else {
                    faults.push(format!("{}: {name} is not in the catalogue", source.path));
                    continue;
                };
                said.insert(name.to_owned());
                let near = &lines[at.saturating_sub(NEAR)..lines.len().min(at + NEAR)];
                let given =
                    |fact: &&String| near.iter().any(|l| l.contains(&format!("\"{fact}\",")));
                let missing = facts.iter().filter(|fact| !given(fact));
                faults.extend(missing.map(|f| format!("{}: {name} lacks {f}", source.path)));
            }
        }
    }
    let unused = sentences.keys().filter(|name| !said.contains(*name));
    faults.extend(unused.map(|name| format!("{name} is never said")));
    faults
}

/// True if a text is the name of a sentence of one of these messages.
fn is_of(text: &str, messages: &BTreeSet<&str>) -> bool {
    let is_word = |text: &str| text.chars().all(|c| c == '_' || c.is_ascii_alphanumeric());
    text.split_once('.').is_some_and(|(own, rest)| messages.contains(own) && is_word(rest))
}

#[test]
fn missing_facts_and_unused_or_doubled_sentences_are_found() {
    let catalogue = "page =\n    .one = { $days ->\n        [one] a day\n       *[other] { $days } \
                     days\n    } by { $date }\n    .two = No fact.\n    .two = No fact.\n    .three = Unused.\n";
    let code = "fn f() {\n say(\"page.two\");\n sentence(\"page.one\").count(\"days\", 1);\n \
                say(\"page.four\");\n}\n";
    let found = faults(catalogue, &[Source::parse("src/x.rs", code)]);
    let expected = [
        "page.two is there twice",
        "src/x.rs: page.one lacks date",
        "src/x.rs: page.four is not in the catalogue",
        "page.three is never said",
    ];
    assert_eq!(found, expected);
}
