//! Turns of phrase that native readers stumble over, and that crept in before.

use super::sentences;

/// Words that are not used, each with those to use instead.
const HABITS: [(&str, &str); 16] = [
    (" is no ", "is not a ..."),
    (" are no ", "are not ..."),
    (" is none", "is not ..."),
    ("nothing says so", "the ledger does not say"),
    ("that stands", "that is open"),
    (" in its middle", "before it was complete"),
    (" of ours", "issued by this service"),
    ("buy from govern", "buy invoices owed by ..."),
    ("buy from consum", "buy invoices owed by ..."),
    ("cannot be read so", "is not readable as ..."),
    ("has not the ", "does not have the ..."),
    ("whose number another", "that shares its number with ..."),
    ("of which nothing", "about which nothing"),
    ("as many as it likes", "no limit"),
    ("what comes of", "what follows from"),
    ("The staff ", "Staff ..."),
];

#[test]
fn no_sentence_has_a_turn_that_readers_stumble_over() {
    let mut found = Vec::new();
    let catalogues = std::fs::read_dir("src/words/en").expect("the catalogues").flatten();
    let catalogues = catalogues.map(|file| {
        ("words".to_owned(), vec![std::fs::read_to_string(file.path()).expect("a catalogue")])
    });
    for (room, texts) in sentences().into_iter().chain(catalogues) {
        for text in texts {
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                for (habit, instead) in HABITS {
                    // "There is no such file" is English, "it is no file" is not.
                    let line = line.to_lowercase().replace("there is no", "");
                    if line.contains(&habit.to_lowercase()) {
                        found.push(format!("{room}: {line:?}: not {habit:?} but {instead:?}"));
                    }
                }
            }
        }
    }
    assert!(found.is_empty(), "{} sentences:\n{}", found.len(), found.join("\n"));
}

/// First words of a doc comment that make a riddle of it.
const RIDDLES: [&str; 8] =
    ["What ", "Whether ", "Who ", "Whom ", "Whose ", "How ", "Which ", "Where "];

#[test]
fn a_doc_comment_opens_with_a_noun_or_a_verb() {
    let mut found = Vec::new();
    for source in crate::architecture::source::Source::tree() {
        let mut before = "";
        for (number, line) in (1..).zip(source.text.lines()) {
            let line = line.trim_start();
            let is_first = !before.starts_with("///") && !before.starts_with("//!");
            let text = line.strip_prefix("/// ").or_else(|| line.strip_prefix("//! "));
            let is_riddle =
                text.is_some_and(|text| RIDDLES.iter().any(|riddle| text.starts_with(riddle)));
            if is_first && is_riddle {
                found.push(format!("{}:{number}: {line}", source.path));
            }
            before = line;
        }
    }
    assert!(found.is_empty(), "{} comments:\n{}", found.len(), found.join("\n"));
}
