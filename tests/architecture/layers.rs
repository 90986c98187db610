//! Which room may name which other room, and which library.

use super::source::{Kind, Source};

/// The rooms in the order in which data walks through them; each uses itself and those before it.
const ROOMS: [&str; 13] = [
    "basics",
    "scratch",
    "ledger",
    "scoring",
    "pricing",
    "underwriting",
    "portfolio",
    "report",
    "store",
    "app",
    "api",
    "web",
    "cli",
];

/// Libraries and the only rooms that may name them.
const LIBRARIES: [(&str, &[&str]); 3] = [
    ("polars", &["ledger", "scoring", "portfolio", "report", "app"]),
    ("sqlx", &["store"]),
    ("axum", &["api", "web"]),
];

/// Rooms that a file names although they come after its own.
pub fn wrong_edges(source: &Source) -> Vec<String> {
    let room = source.room();
    let Some(own) = ROOMS.iter().position(|name| *name == room) else {
        let is_root = matches!(room, "lib" | "main" | "build");
        return if is_root { vec![] } else { vec![format!("{}: {room} is no room", source.path)] };
    };
    let problem = |(line, name): (usize, String)| {
        let place = format!("{}:{line}", source.path);
        match ROOMS.iter().position(|room| *room == name) {
            None => Some(format!("{place}: names crate::{name}, which is no room")),
            Some(other) if other > own => {
                Some(format!("{place}: {room} -> {name}, but {name} comes after {room}"))
            }
            Some(_) => None,
        }
    };
    rooms_named(source).into_iter().filter_map(problem).collect()
}

/// Libraries named in a room that must not know them.
pub fn libraries_out_of_place(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for lexeme in source.lexemes.iter().filter(|lexeme| lexeme.kind == Kind::Word) {
        for (library, rooms) in LIBRARIES {
            if lexeme.text == library && !rooms.contains(&source.room()) {
                found.push(format!(
                    "{}:{}: {} -> {library}, which belongs in {}",
                    source.path,
                    lexeme.first_line,
                    source.room(),
                    rooms.join(", ")
                ));
            }
        }
    }
    found
}

/// Line and name of every `crate::X`, `factorage::X` and `super::X` that leads to the crate's root.
fn rooms_named(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut modules_closed_by = Vec::new();
    let mut braces = 0_usize;
    for (at, lexeme) in source.lexemes.iter().enumerate() {
        match lexeme.text.as_str() {
            "{" => {
                braces += 1;
                if at > 1 && source.reads(at - 2, &["mod"]) {
                    modules_closed_by.push(braces);
                }
            }
            "}" => {
                modules_closed_by.retain(|opened| *opened != braces);
                braces -= 1;
            }
            "crate" | "factorage" if is_path(source, at) => {
                found.extend(names_behind(source, at + 3));
            }
            "super" if at == 0 || source.lexemes[at - 1].text != ":" => {
                let supers =
                    (at..).step_by(3).take_while(|at| source.reads(*at, &["super"])).count();
                if supers >= source.depth() + modules_closed_by.len() {
                    found.extend(names_behind(source, at + 3 * supers));
                }
            }
            _ => {}
        }
    }
    found
}

fn is_path(source: &Source, at: usize) -> bool {
    source.lexemes[at].kind == Kind::Word && source.reads(at + 1, &[":", ":"])
}

/// The name at `at`, or each first name of the group that opens there.
fn names_behind(source: &Source, at: usize) -> Vec<(usize, String)> {
    let named = |at: usize| {
        let lexeme = source.lexemes.get(at)?;
        (lexeme.kind == Kind::Word).then(|| (lexeme.first_line, lexeme.text.clone()))
    };
    if !source.reads(at, &["{"]) {
        return named(at).into_iter().collect();
    }
    let mut found = Vec::new();
    let mut depth = 0_usize;
    for (index, lexeme) in source.lexemes.iter().enumerate().skip(at) {
        match lexeme.text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(lexeme.text.as_str(), "{" | ",") {
            found.extend(named(index + 1).filter(|(_, name)| name != "self"));
        }
    }
    found
}

#[test]
fn an_edge_to_a_later_room_is_named_with_its_line() {
    let text = "use crate::basics::Money;\nuse crate::report::html;\n";
    let source = Source::parse("src/pricing/fee.rs", text);
    let expected = "src/pricing/fee.rs:2: pricing -> report, but report comes after pricing";
    assert_eq!(wrong_edges(&source), [expected]);
}

#[test]
fn an_edge_hides_in_no_group_path_type_macro_or_super() {
    for text in [
        "use crate::{basics::{Money, Rate}, app::evaluate};",
        "use factorage::app;",
        "fn f(x: &crate::app::Evaluation) {}",
        "fn f() { crate::app::evaluate() }",
        "fn f() { format!(\"{}\", crate::app::NAME) }",
        "use super::super::app::evaluate;",
        "mod tests { use super::super::super::app; }",
        "#[cfg(test)] mod tests { use crate::app; }",
    ] {
        let source = Source::parse("src/pricing/fee.rs", text);
        assert_eq!(wrong_edges(&source).len(), 1, "{text}: {:?}", wrong_edges(&source));
    }
}

#[test]
fn edges_to_the_own_room_and_to_earlier_ones_are_free() {
    let text = "use super::{FeePlan, apr};\nuse crate::basics::{self, app};\nuse crate::pricing::x;\n\
                mod tests { use super::super::fee; }\n";
    assert_eq!(wrong_edges(&Source::parse("src/pricing/line.rs", text)), [""; 0]);
    assert_eq!(wrong_edges(&Source::parse("src/pricing/mod.rs", "use super::basics;")), [""; 0]);
    let unknown = Source::parse("src/pricing/mod.rs", "use crate::Money;");
    assert!(wrong_edges(&unknown)[0].contains("crate::Money, which is no room"));
}

#[test]
fn a_library_out_of_its_room_is_named() {
    for (path, text, edge) in [
        ("src/pricing/fee.rs", "fn f(x: polars::prelude::Series) {}", "pricing -> polars"),
        ("src/app/evaluate.rs", "use sqlx::Pool;", "app -> sqlx"),
        ("src/cli/serve.rs", "use axum::Router;", "cli -> axum"),
    ] {
        let found = libraries_out_of_place(&Source::parse(path, text));
        assert!(found.len() == 1 && found[0].contains(edge), "{found:?}");
    }
    let home = Source::parse("src/ledger/frames.rs", "use polars::prelude::Series;");
    assert_eq!(libraries_out_of_place(&home), [""; 0]);
}
