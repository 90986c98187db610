//! Figures in prose: each of two digits or more is followed by a comment that names its source, and
//! is what stands there.
//!
//! `<!-- const NAME -->` is a constant of the source, `<!-- measured -->` stands in the records of
//! measurements, `<!-- notebook NAME -->` in what a notebook printed, `<!-- in PATH -->` in a file.
//! What stands in code, tables and titles of laws is no figure here.

use std::fs;
use std::sync::LazyLock;

use crate::architecture::source::Source;

/// Words before a number that make it a name: `RFC 9457`, `10 CCR 912`.
const TITLES: [&str; 10] =
    ["RFC", "CCR", "NYCRR", "CFR", "ISO", "UTF", "Windows", "UBL", "OpenAPI", "Cargo"];

/// The figures of a page without a source, or with one that says something else.
pub fn unfounded(path: &str) -> Vec<String> {
    let text = fs::read_to_string(path).expect("a page");
    let mut found = Vec::new();
    let mut in_block = false;
    for (number, line) in (1..).zip(text.lines()) {
        in_block ^= line.starts_with("```");
        if in_block || line.starts_with(['|', '#', '`']) || line.starts_with("<!--") {
            continue;
        }
        for (figure, source) in figures(line) {
            if let Err(why) = founded(&figure, source.as_deref()) {
                found.push(format!("{path}, line {number}: {figure}: {why}"));
            }
        }
    }
    found
}

/// The figures of a line, each with the comment right behind it.
fn figures(line: &str) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    let prose: String = {
        // Code spans and targets of links are left out, as many characters as they have.
        let mut is_code = false;
        let mut depth = 0;
        let mut last = ' ';
        let blank = |letter: char| {
            is_code ^= letter == '`';
            depth += usize::from(letter == '(' && last == ']');
            depth -= usize::from(letter == ')' && depth > 0);
            last = letter;
            if is_code || depth > 0 { '`' } else { letter }
        };
        line.chars().map(blank).collect()
    };
    let letters: Vec<char> = prose.chars().collect();
    let mut at = 0;
    let mut is_comment = false;
    while at < letters.len() {
        let rest: String = letters[at..].iter().collect();
        is_comment = (is_comment || rest.starts_with("<!--")) && !rest.starts_with("-->");
        if is_comment || !letters[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let is_part = |letter: &char| letter.is_ascii_digit() || matches!(letter, ',' | '.');
        let length = letters[at..].iter().take_while(|letter| is_part(letter)).count();
        let figure: String = letters[at..at + length].iter().collect();
        let figure = figure.trim_end_matches([',', '.']).to_owned();
        let before: String = letters[..at].iter().collect();
        let behind: String = letters[at + figure.len()..].iter().collect();
        at += length;
        let digits = figure.chars().filter(char::is_ascii_digit).count();
        let word = before.trim_end_matches(|letter: char| !letter.is_alphanumeric());
        let follows_title = TITLES.iter().any(|title| word.ends_with(title));
        let next = behind.split_whitespace().next().unwrap_or_default();
        let is_part_of_a_word = before.ends_with(|letter: char| letter.is_alphanumeric());
        if digits < 2 || follows_title || TITLES.contains(&next) || is_part_of_a_word {
            continue;
        }
        let source = behind.split_once("<!-- ").and_then(|(gap, comment)| {
            // A unit or closing marks may stand between: `5 %**`.
            let is_near = gap.chars().filter(|letter| !letter.is_whitespace()).count() <= 3;
            comment.split_once(" -->").filter(|_| is_near).map(|(own, _)| own.to_owned())
        });
        found.push((figure, source));
    }
    found
}

fn founded(figure: &str, source: Option<&str>) -> Result<(), String> {
    let source = source.ok_or("has no source: <!-- const NAME --> or another behind it")?;
    let (kind, name) = source.split_once(' ').unwrap_or((source, ""));
    let holds = |path: &str| -> Result<(), String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        // A picture holds every number.
        let lines = text.lines().filter(|line| !line.contains("image/png"));
        let text = lines.collect::<Vec<_>>().join("\n");
        let bounded = |(at, _): (usize, &str)| {
            let inside = |letter: Option<char>| letter.is_some_and(|one| one.is_ascii_digit());
            let behind = text[at + figure.len()..].chars().next();
            !inside(text[..at].chars().next_back()) && !inside(behind)
        };
        let is_there = text.match_indices(figure).any(bounded);
        if is_there { Ok(()) } else { Err(format!("{path} does not hold it")) }
    };
    match kind {
        "const" => {
            let value = constant(name).ok_or_else(|| format!("no constant {name}"))?;
            let own: f64 = figure.replace(',', "").parse().map_err(|_| "is not a number")?;
            if (value - own).abs() < 1e-9 { Ok(()) } else { Err(format!("{name} is {value}")) }
        }
        "measured" => holds("tests/bench/measured.toml"),
        "notebook" => holds(&format!("notebooks/{name}.ipynb")),
        "in" => holds(name),
        _ => Err(format!("{source:?} names no kind of source")),
    }
}

/// What constants are looked up in, read once for all pages.
static TREE: LazyLock<Vec<String>> = LazyLock::new(|| {
    let tree = Source::tree().into_iter().chain(Source::below("tests/architecture"));
    tree.map(|source| source.text).collect()
});

/// The value of the only constant of this name: of a range its end, of a size such as `64 << 20` in
/// the larger unit.
fn constant(name: &str) -> Option<f64> {
    let text = TREE.iter().find_map(|source| {
        let at = source.find(&format!("const {name}: "))?;
        let (_, value) = source[at..].split_once(" = ")?;
        Some(value.split(';').next()?.to_owned())
    })?;
    let inner = text.rsplit('(').next()?.trim_end_matches(')').replace('_', "");
    let last = inner.rsplit("..=").next()?;
    last.split(" << ").next()?.trim().parse().ok()
}
