//! Doors that are also cupboards: a `mod.rs` or `lib.rs` declares modules and passes names on; what
//! it held itself would close circles that nobody sees.

use super::source::Source;

/// Doors that still hold something; one that is cleared has to be taken off.
pub const DEBTS: [&str; 10] = [
    "src/app/calc/mod.rs",
    "src/app/portfolio/mod.rs",
    "src/cli/lib.rs",
    "src/portfolio/simulation/mod.rs",
    "src/pricing/disclosure/mod.rs",
    "src/pricing/fee/mod.rs",
    "src/pricing/pool/mod.rs",
    "src/report/html/mod.rs",
    "src/report/portfolio/sections/mod.rs",
    "src/scoring/validation/mod.rs",
];

/// Doors with items of their own, and debts that are none any more.
pub fn cupboards(sources: &[Source], debts: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut owed = Vec::new();
    for source in sources.iter().filter(|source| source.is_door() && !is_binary(source)) {
        let Some(item) = source.syntax.items.iter().find(|item| !passes_on(item)) else { continue };
        if debts.contains(&source.path.as_str()) {
            owed.push(source.path.as_str());
        } else {
            let line = syn::spanned::Spanned::span(item).start().line;
            found.push(format!("{}:{line}: a door file only declares and passes on", source.path));
        }
    }
    let cleared = debts.iter().filter(|debt| !owed.contains(debt));
    found.extend(
        cleared.map(|debt| format!("{debt} holds nothing any more: take it off the debts")),
    );
    found
}

fn is_binary(source: &Source) -> bool {
    source.path.ends_with("/main.rs")
}

/// True if an item declares a module, which is a file of its own or for tests, or imports names.
fn passes_on(item: &syn::Item) -> bool {
    match item {
        syn::Item::Use(_) => true,
        syn::Item::Mod(module) => {
            let for_tests = |attribute: &syn::Attribute| attribute.path().is_ident("cfg");
            // A page of the guide is a module that is nothing but its documentation.
            let is_doc = |attribute: &syn::Attribute| attribute.path().is_ident("doc");
            let is_page = module.attrs.iter().any(is_doc)
                && module.content.as_ref().is_some_and(|(_, items)| items.is_empty());
            module.content.is_none() || is_page || module.attrs.iter().any(for_tests)
        }
        _ => false,
    }
}

#[test]
fn a_door_with_something_in_it_is_named_with_its_line() {
    let door = |text: &str| cupboards(&[Source::parse("src/pricing/fee/mod.rs", text)], &[]);
    let clean =
        "mod a;\npub mod b;\npub use a::A;\nuse b::B;\n#[cfg(test)]\nmod tests { fn f() {} }\n";
    assert_eq!(door(clean), [""; 0]);
    for held in ["pub struct A;", "const A: u32 = 1;", "fn f() {}", "impl a::A {}", "mod c { }"] {
        let found = door(&format!("mod a;\n{held}\n"));
        let expected = "src/pricing/fee/mod.rs:2: a door file only declares and passes on";
        assert_eq!(found, [expected], "{held}");
    }
    let file = Source::parse("src/pricing/fee/a.rs", "fn f() {}");
    assert_eq!(cupboards(&[file], &[]), [""; 0]);
}

#[test]
fn a_debt_is_known_until_it_is_paid() {
    let held = Source::parse("src/pricing/lib.rs", "fn f() {}");
    assert_eq!(cupboards(&[held], &["src/pricing/lib.rs"]), [""; 0]);
    let cleared = Source::parse("src/pricing/lib.rs", "mod a;");
    assert_eq!(cupboards(&[cleared], &["src/pricing/lib.rs"]).len(), 1);
}
