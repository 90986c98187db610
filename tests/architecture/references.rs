//! Examples below `tests/reference` name their source: a link, or a section of a law.

use super::source::Source;

/// Laws as citations name them; the number of a section follows.
const LAWS: [&str; 4] = ["12 CFR ", "10 CCR ", "23 NYCRR ", "FSL "];

/// True if a documentation comment names a source.
fn names_a_source(text: &str) -> bool {
    let is_cited = |law: &str| {
        let mut sections = text.match_indices(law).map(|(at, _)| &text[at + law.len()..]);
        sections.any(|section| section.starts_with(|c: char| c.is_ascii_digit()))
    };
    text.contains("<https://") || LAWS.into_iter().any(is_cited)
}

/// Tests without a source in their documentation, each with its line.
fn without_source(path: &str, text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let tests = (0..lines.len()).filter(|&line| lines[line] == "#[test]");
    let unnamed = tests.filter(|&line| {
        let above = lines[..line].iter().rev().take_while(|line| line.starts_with("///"));
        let mut comment: Vec<&str> = above.copied().collect();
        comment.reverse();
        !names_a_source(&comment.join(" "))
    });
    let name = |line: usize| lines.get(line + 1).copied().unwrap_or_default();
    unnamed.map(|line| format!("{path}:{}: {} has no source", line + 1, name(line))).collect()
}

#[test]
fn every_example_names_its_source() {
    let files = Source::below("tests/reference");
    assert!(files.len() > 10);
    let unnamed = files.iter().flat_map(|file| without_source(&file.path, &file.text));
    super::none(&unnamed.collect::<Vec<_>>());
}

#[test]
fn an_example_without_a_source_is_named() {
    let example = |comment: &str| format!("use x;\n\n{comment}#[test]\nfn b() {{}}\n");
    for comment in ["", "/// A public page.\n", "/// <http://a.b>\n", "/// 10 CCR as a whole.\n"] {
        let found = without_source("tests/reference/a.rs", &example(comment));
        assert_eq!(found.len(), 1, "{comment}");
        assert!(found[0].ends_with(": fn b() {} has no source"), "{found:?}");
    }
    for comment in ["/// A page: <https://a.b/c>.\n", "/// Our computation.\n/// 10 CCR 943(a).\n"]
    {
        assert_eq!(without_source("tests/reference/a.rs", &example(comment)), [""; 0]);
    }
}
