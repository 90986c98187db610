//! Files of a room that name each other in a circle. A path is followed through the door files
//! (`mod.rs`, `lib.rs`), which only pass names on, to the file that defines what it names.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Module, Room};
use super::source::Source;

/// Circles of files, each with the lines that close it.
pub fn circles(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    let rooms: BTreeSet<&str> = sources.iter().map(Source::room).collect();
    for room in rooms {
        let room = Room::of(sources.iter().filter(|source| source.room() == room));
        let doorless = room.files.values().filter(|file| !file.source.is_door());
        let edges: BTreeMap<_, _> =
            doorless.map(|file| (&file.module, room.named_by(file))).collect();
        let circles = strongly_connected(&edges);
        found.extend(circles.iter().map(|circle| told(&room, circle, &edges)));
    }
    found
}

/// A circle in words: every edge inside it.
fn told(
    room: &Room,
    circle: &BTreeSet<&Module>,
    edges: &BTreeMap<&Module, BTreeMap<&Module, usize>>,
) -> String {
    let mut lines = Vec::new();
    for from in circle {
        for (to, line) in edges[*from].iter().filter(|(to, _)| circle.contains(*to)) {
            let (from, to) = (&room.files[*from].source.path, &room.files[*to].source.path);
            lines.push(format!("  {from}:{line} -> {to}"));
        }
    }
    format!("a circle of {} files:\n{}", circle.len(), lines.join("\n"))
}

/// Groups of files each of which reaches all others of its group.
fn strongly_connected<'a>(
    edges: &BTreeMap<&'a Module, BTreeMap<&'a Module, usize>>,
) -> Vec<BTreeSet<&'a Module>> {
    let reached: BTreeMap<_, _> =
        edges.keys().map(|start| (*start, reachable(start, edges))).collect();
    let mut groups = BTreeSet::new();
    for (start, from_it) in &reached {
        let back = |other: &&&Module| reached.get(**other).is_some_and(|far| far.contains(start));
        let group: BTreeSet<_> = from_it.iter().filter(back).copied().collect();
        // A file alone is not a circle: it may name itself.
        if group.len() > 1 {
            groups.insert(group);
        }
    }
    groups.into_iter().collect()
}

fn reachable<'a>(
    start: &Module,
    edges: &BTreeMap<&'a Module, BTreeMap<&'a Module, usize>>,
) -> BTreeSet<&'a Module> {
    let next = |module: &Module| edges.get(module).into_iter().flat_map(BTreeMap::keys).copied();
    let mut open: Vec<&Module> = next(start).collect();
    let mut found = BTreeSet::new();
    while let Some(module) = open.pop() {
        if found.insert(module) {
            open.extend(next(module));
        }
    }
    found
}

#[cfg(test)]
fn told_of(files: &[(&str, &str)]) -> Vec<String> {
    let sources: Vec<_> = files.iter().map(|(path, text)| Source::parse(path, text)).collect();
    circles(&sources)
}

#[test]
fn two_files_that_name_each_other_are_a_circle_with_its_lines() {
    let found = told_of(&[
        ("src/pricing/lib.rs", "mod a;\nmod b;\n"),
        ("src/pricing/a.rs", "\nuse super::b::B;\npub struct A(B);"),
        ("src/pricing/b.rs", "pub struct B;\nfn f(a: &crate::a::A) {}"),
    ]);
    let expected = "a circle of 2 files:\n  src/pricing/a.rs:2 -> src/pricing/b.rs\n  \
                    src/pricing/b.rs:2 -> src/pricing/a.rs";
    assert_eq!(found, [expected]);
}

#[test]
fn a_circle_hides_in_no_door_alias_group_macro_or_glob() {
    for (door, a) in [
        ("mod a; mod b; pub use b::B;", "use super::{B, C}; pub struct A;"),
        ("mod a; mod b; use b::B;", "use super::B as Other; pub struct A;"),
        ("mod a; mod b;", "use crate::{b, x}; pub struct A; fn f() { b::g() }"),
        ("mod a; mod b;", "pub struct A; fn f() { g!(\"{}\", super::b::B) }"),
        ("mod a; mod b; pub use b::*;", "use crate::B; pub struct A;"),
        ("mod a; mod b; pub use b::B as Renamed;", "use crate::Renamed; pub struct A;"),
    ] {
        let files = [
            ("src/pricing/lib.rs", door),
            ("src/pricing/a.rs", a),
            ("src/pricing/b.rs", "pub struct B; use crate::a::A;"),
        ];
        assert_eq!(told_of(&files).len(), 1, "{door} {a}");
    }
}

#[test]
fn three_files_in_folders_are_a_circle() {
    let found = told_of(&[
        ("src/pricing/lib.rs", "mod a; mod deep; pub use deep::C;"),
        ("src/pricing/a.rs", "pub struct A; use crate::deep::b::B;"),
        ("src/pricing/deep/mod.rs", "mod b; mod c; pub use c::C;"),
        ("src/pricing/deep/b.rs", "pub struct B; use super::C;"),
        ("src/pricing/deep/c.rs", "pub struct C; use super::super::a::A;"),
    ]);
    assert!(found.len() == 1 && found[0].starts_with("a circle of 3 files"), "{found:?}");
}

#[test]
fn tests_doors_and_other_rooms_close_no_circle() {
    let found = told_of(&[
        ("src/pricing/lib.rs", "mod a; mod b; pub use b::B; pub struct D(B); use a::A;"),
        (
            "src/pricing/a.rs",
            "pub struct A; use super::D; #[cfg(test)] mod tests { use crate::b::B; }",
        ),
        ("src/pricing/b.rs", "pub struct B; use super::a::A; use report::b::C;"),
        ("src/report/b.rs", "pub struct C; use pricing::B;"),
    ]);
    assert_eq!(found, [""; 0]);
}
