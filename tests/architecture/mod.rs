//! The rules of the house, read from the source: layers, banned calls, names and sizes.
//!
//! Every rule is a function from source to complaints; each is itself tested on a small offence.

mod banned;
mod circles;
mod dependencies;
mod doors;
mod layers;
mod licences;
mod names;
mod references;
mod sentences;
mod sizes;
pub mod source;

use source::Source;

fn every_file(rule: impl Fn(&Source) -> Vec<String>) -> Vec<String> {
    Source::tree().iter().flat_map(rule).collect()
}

#[track_caller]
fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn the_tree_is_read_from_its_root_to_its_leaves() {
    let sources = Source::tree();
    let rooms: std::collections::BTreeSet<_> = sources.iter().map(Source::room).collect();
    for room in ["lib", "main", "basics", "sheet", "intake", "ledger", "pricing", "cli"] {
        assert!(rooms.contains(room), "{room} is missing from {rooms:?}");
    }
    assert!(sources.iter().all(|source| !source.path.ends_with("/tests.rs")));
}

#[test]
fn no_files_name_each_other_in_a_circle() {
    none(&circles::circles(&Source::tree()));
}

#[test]
fn a_door_file_only_declares_and_passes_on() {
    none(&doors::cupboards(&Source::tree(), &doors::DEBTS));
}

#[test]
fn nothing_banned_is_called() {
    none(&every_file(banned::banned_calls));
    none(&every_file(banned::sql_out_of_place));
}

#[test]
fn every_sentence_is_said_with_its_facts() {
    for catalogue in [
        include_str!("../../src/words/en/notices.ftl"),
        include_str!("../../src/words/en/offer_page.ftl"),
        include_str!("../../src/words/en/memo.ftl"),
        include_str!("../../src/words/en/backtest_page.ftl"),
        include_str!("../../src/words/en/charts.ftl"),
        include_str!("../../src/words/en/letters.ftl"),
        include_str!("../../src/words/en/portfolio.ftl"),
    ] {
        none(&sentences::faults(catalogue, &Source::tree()));
    }
}

#[test]
fn every_module_is_named_for_what_it_holds() {
    none(&every_file(banned::empty_names));
}

#[test]
fn files_are_short() {
    none(&sizes::long_files(&Source::tree()));
}

#[test]
fn functions_are_short_and_take_few_parameters() {
    let functions: Vec<_> = Source::tree().iter().flat_map(sizes::functions).collect();
    none(&sizes::long_functions(&functions));
    none(&sizes::long_parameter_lists(&functions));
}

#[test]
fn lines_are_no_wider_than_100_columns() {
    none(&every_file(sizes::wide_lines));
}

#[test]
fn tests_keep_the_sizes_of_the_code_that_they_test() {
    let sources = Source::below("tests");
    let functions: Vec<_> = sources.iter().flat_map(sizes::functions).collect();
    none(&sizes::long_functions(&functions));
    none(&sizes::long_parameter_lists(&functions));
    none(&sources.iter().flat_map(sizes::wide_lines).collect::<Vec<_>>());
    // Tests are excluded from a file's length elsewhere; here they are the file.
    let long = sources.iter().filter(|source| source.text.lines().count() >= 300);
    none(&long.map(|source| format!("{}: 300 lines or more", source.path)).collect::<Vec<_>>());
}
