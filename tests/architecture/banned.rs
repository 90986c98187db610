//! Calls that no room may make, each with what to write instead.

use super::source::{Kind, Source};

/// A sequence of tokens that must not stand in the code.
struct Ban {
    tokens: &'static [&'static str],
    instead: &'static str,
    /// The only room where it may stand.
    but_in: &'static [&'static str],
    /// True if code that only tests compile may have it.
    tests_may: bool,
    /// True if it counts only in files that name polars.
    with_polars: bool,
}

const fn ban(tokens: &'static [&'static str], instead: &'static str) -> Ban {
    Ban { tokens, instead, but_in: &[], tests_may: false, with_polars: false }
}

const fn outward(tokens: &'static [&'static str], instead: &'static str) -> Ban {
    Ban { but_in: &["cli"], ..ban(tokens, instead) }
}

const fn panics(tokens: &'static [&'static str]) -> Ban {
    let instead = "return an error or handle the other case";
    Ban { tests_may: true, ..ban(tokens, instead) }
}

const fn served(tokens: &'static [&'static str]) -> Ban {
    Ban { but_in: &["api", "web", "cli"], ..ban(tokens, HTTP) }
}

const CLOCK: &str = "take the time as an argument from the command line";
const RANDOM: &str = "use the counter-based generator keyed by the seed";
const HTTP: &str = "return a value; the service and the pages speak HTTP";
const SQL: &str = "SQL belongs in store";
const TERMINAL: &str = "return the text; the command line writes it";
const UNFINISHED: &str = "finish it or leave it out";
const ORDER: &str = "add up integers in i128 in a fixed key order";
const ATTRIBUTE: &str = "use #[expect(..., reason = \"...\")]";

const BANS: [Ban; 34] = [
    outward(&["SystemTime", ":", ":", "now"], CLOCK),
    Ban { but_in: &["service", "api", "cli"], ..ban(&["Instant", ":", ":", "now"], CLOCK) },
    outward(&["Utc", ":", ":", "now"], CLOCK),
    outward(&["Local", ":", ":", "now"], CLOCK),
    ban(&["thread_rng"], RANDOM),
    ban(&["rand", ":", ":", "rng"], RANDOM),
    ban(&["OsRng"], RANDOM),
    ban(&["SysRng"], RANDOM),
    ban(&["from_os_rng"], RANDOM),
    ban(&["RandomState"], "use a hash with a fixed seed"),
    outward(&["getrandom", ":", ":"], "take the bytes as an argument from the command line"),
    served(&["TcpStream"]),
    served(&["TcpListener"]),
    served(&["UdpSocket"]),
    ban(&["todo", "!"], UNFINISHED),
    ban(&["unimplemented", "!"], UNFINISHED),
    ban(&["dbg", "!"], UNFINISHED),
    outward(&["println", "!"], TERMINAL),
    outward(&["eprintln", "!"], TERMINAL),
    outward(&["print", "!"], TERMINAL),
    outward(&["eprint", "!"], TERMINAL),
    panics(&[".", "unwrap", "("]),
    panics(&[".", "expect", "("]),
    panics(&[":", "unwrap"]),
    panics(&[":", "expect"]),
    panics(&["panic", "!"]),
    panics(&["unreachable", "!"]),
    ban(&["[", "allow", "("], ATTRIBUTE),
    ban(&[",", "allow", "("], ATTRIBUTE),
    ban(&["group_by", "("], ORDER),
    ban(&["group_by_stable", "("], ORDER),
    ban(&["sum_reduce", "("], ORDER),
    ban(&["mean_reduce", "("], ORDER),
    Ban { with_polars: true, ..ban(&[".", "lazy", "("], ORDER) },
];

/// Names that say nothing of what a module holds.
const EMPTY_NAMES: [&str; 8] =
    ["utils", "util", "helpers", "helper", "common", "misc", "shared", "stuff"];

/// Banned calls, each with its line and what to write instead.
pub fn banned_calls(source: &Source) -> Vec<String> {
    let names_polars = source.lexemes.iter().any(|l| l.kind == Kind::Word && l.text == "polars");
    let mut found = Vec::new();
    for ban in BANS.iter().filter(|ban| !ban.with_polars || names_polars) {
        for (at, lexeme) in source.lexemes.iter().enumerate() {
            // Cargo reads what a build script prints.
            let is_answer = source.path.ends_with("/build.rs") && ban.tokens == ["println", "!"];
            let excused = is_answer
                || ban.but_in.contains(&source.room())
                || ban.tests_may && (lexeme.in_test || lexeme.in_const);
            // A macro may be passed on by name, and texts may hold anything.
            if !excused && lexeme.kind != Kind::Text && source.reads(at, ban.tokens) {
                let call = ban.tokens.concat();
                let line = lexeme.first_line;
                found.push(format!("{}:{line}: {call} is banned: {}", source.path, ban.instead));
            }
        }
    }
    found
}

/// The first words of SQL statements.
const STATEMENTS: [&str; 7] = [
    "SELECT ",
    "INSERT INTO ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "ALTER TABLE ",
    "BEGIN ",
];

/// Statements of SQL outside the store.
pub fn sql_out_of_place(source: &Source) -> Vec<String> {
    let is_statement = |text: &str| {
        let inside = text.trim_start_matches(['r', '#', '"']).trim_start();
        STATEMENTS.iter().any(|statement| inside.starts_with(statement))
    };
    let texts = source.lexemes.iter().filter(|lexeme| lexeme.kind == Kind::Text);
    texts
        .filter(|text| source.room() != "store" && is_statement(&text.text))
        .map(|text| format!("{}:{}: {SQL}", source.path, text.first_line))
        .collect()
}

/// Modules with a name that says nothing.
pub fn empty_names(source: &Source) -> Vec<String> {
    let parts = source.path.trim_end_matches(".rs").split('/').map(str::to_owned);
    let inline = (0..source.lexemes.len())
        .filter(|at| source.reads(*at, &["mod"]) && source.lexemes.len() > at + 1)
        .map(|at| source.lexemes[at + 1].text.clone());
    let empty = parts.chain(inline).filter(|name| EMPTY_NAMES.contains(&name.as_str()));
    empty.map(|name| format!("{}: a module named {name} says nothing", source.path)).collect()
}

#[test]
fn every_banned_call_is_found_with_its_line_and_replacement() {
    for ban in BANS {
        let call = ban.tokens.concat();
        let closed = call.ends_with('(');
        let body = match call.as_str() {
            "[allow(" => "#[allow(dead_code)] fn g() {}".to_owned(),
            ",allow(" => "#[cfg_attr(test, allow(dead_code))] fn g() {}".to_owned(),
            ":unwrap" | ":expect" => format!("Option:{call};"),
            "getrandom::" => format!("{}::x();", call.trim_end_matches(':')),
            _ if call.starts_with('.') => format!("x{call});"),
            _ if closed => format!("x.{call});"),
            _ if call.ends_with('!') => format!("{call}();"),
            _ => format!("{call}();"),
        };
        let text = format!("use polars::prelude::Series;\nfn f() {{\n {body}\n}}\n");
        let found = banned_calls(&Source::parse("src/ledger/x.rs", &text));
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        let expected = format!("src/ledger/x.rs:3: {call} is banned: {}", ban.instead);
        assert_eq!(found[0], expected, "{text}");
    }
}

#[test]
fn a_banned_call_hides_in_no_macro() {
    let source = Source::parse("src/report/x.rs", "fn f() { format!(\"{}\", x.unwrap()); }");
    assert_eq!(banned_calls(&source).len(), 1);
}

#[test]
fn tests_constants_texts_and_the_command_line_have_their_exceptions() {
    for (path, text) in [
        ("src/app/x.rs", "#[cfg(test)]\nmod tests { fn f() { x.unwrap(); panic!() } }"),
        ("src/app/x.rs", "fn a() {}\nconst X: Day = DAY.expect(\"a date\");"),
        ("src/app/x.rs", "fn f() { g(\"println!() and x.unwrap()\") }"),
        ("src/app/x.rs", "fn f() { x.unwrap_or(0); gathered.group_by_debtor() }"),
        ("src/cli/x.rs", "fn f() { println!(); Utc::now(); getrandom::fill(x) }"),
        ("src/api/x.rs", "use tokio::net::TcpListener;"),
    ] {
        assert_eq!(banned_calls(&Source::parse(path, text)), [""; 0], "{text}");
    }
    let beside = "#[cfg(test)]\nmod tests {}\nfn f() { x.unwrap() }\nconst fn g() { y.expect(0) }";
    assert_eq!(banned_calls(&Source::parse("src/app/x.rs", beside)).len(), 2);
}

#[test]
fn sql_stays_in_the_store() {
    for text in ["\"SELECT id FROM t\"", "r#\"\n  DELETE FROM t\"#", "\"UPDATE t SET x = 1\""] {
        let text = format!("const S: &str = {text};");
        assert_eq!(sql_out_of_place(&Source::parse("src/api/x.rs", &text)).len(), 1, "{text}");
        assert_eq!(sql_out_of_place(&Source::parse("src/store/x.rs", &text)), [""; 0]);
    }
    let prose = "/// SELECT is SQL.\nconst S: &str = \"Select one\";";
    assert_eq!(sql_out_of_place(&Source::parse("src/api/x.rs", prose)), [""; 0]);
}

#[test]
fn a_name_that_says_nothing_is_found_in_paths_and_declarations() {
    assert_eq!(empty_names(&Source::parse("src/app/utils.rs", "")).len(), 1);
    assert_eq!(empty_names(&Source::parse("src/helpers/x.rs", "")).len(), 1);
    assert_eq!(empty_names(&Source::parse("src/app/x.rs", "mod common { }")).len(), 1);
    assert_eq!(empty_names(&Source::parse("src/app/commonality.rs", "mod x;")), [""; 0]);
}
