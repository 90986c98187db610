//! The licences of everything that is linked into the program or runs while it is built.

use super::layers::{HOUSE, cargo};

/// Licences that ask for no more than their notice, or, MPL-2.0, for changes to their own files.
const ALLOWED: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Exceptions that take an obligation away from a licence and add none.
const EXCEPTIONS: [&str; 1] = ["LLVM-exception"];

/// An SPDX expression, from which words are taken one by one.
struct Expression<'a> {
    words: Vec<&'a str>,
    at: usize,
}

impl<'a> Expression<'a> {
    /// Splits an expression into its words. A slash is how `OR` was once written.
    fn of(text: &'a str) -> Self {
        let mut words = Vec::new();
        for word in text.split_whitespace() {
            let mut rest = word;
            while let Some(mark) = rest.find(['(', ')', '/']) {
                words.extend(Some(&rest[..mark]).filter(|word| !word.is_empty()));
                words.push(&rest[mark..=mark]);
                rest = &rest[mark + 1..];
            }
            words.extend(Some(rest).filter(|word| !word.is_empty()));
        }
        Self { words, at: 0 }
    }

    fn takes(&mut self, choices: &[&str]) -> bool {
        let is_next = self.words.get(self.at).is_some_and(|word| choices.contains(word));
        self.at += usize::from(is_next);
        is_next
    }

    /// `a OR b`: one of them is enough.
    fn any(&mut self) -> Option<bool> {
        let mut allowed = self.all()?;
        while self.takes(&["OR", "/"]) {
            allowed |= self.all()?;
        }
        Some(allowed)
    }

    /// `a AND b`, which binds closer: both are needed.
    fn all(&mut self) -> Option<bool> {
        let mut allowed = self.one()?;
        while self.takes(&["AND"]) {
            allowed &= self.one()?;
        }
        Some(allowed)
    }

    /// A licence, with its exception, or an expression in brackets.
    fn one(&mut self) -> Option<bool> {
        if self.takes(&["("]) {
            let allowed = self.any()?;
            return self.takes(&[")"]).then_some(allowed);
        }
        let name = *self.words.get(self.at)?;
        self.at += 1;
        let is_name = !["OR", "AND", "WITH", ")", "/"].contains(&name);
        let mut allowed = ALLOWED.contains(&name);
        if self.takes(&["WITH"]) {
            let exception = *self.words.get(self.at)?;
            self.at += 1;
            allowed &= EXCEPTIONS.contains(&exception);
        }
        is_name.then_some(allowed)
    }
}

/// True if an expression allows use under allowed licences alone; `None` if it cannot be read.
fn is_allowed(expression: &str) -> Option<bool> {
    let mut expression = Expression::of(expression);
    let allowed = expression.any()?;
    (expression.at == expression.words.len()).then_some(allowed)
}

/// Packages of lines such as `serde v1.0.0|MIT OR Apache-2.0` whose licence is not allowed.
fn refused(packages: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in packages.lines() {
        let (package, licence) = line.split_once('|').unwrap_or((line, ""));
        // The rooms of this house have no licence of their own.
        if package.starts_with(HOUSE) && package.contains(" (/") {
            continue;
        }
        match is_allowed(licence.trim_end_matches(" (*)")) {
            Some(true) => {}
            Some(false) => found.push(format!("{package}: {licence} is not an allowed licence")),
            None => found.push(format!("{package}: '{licence}' is not an SPDX expression")),
        }
    }
    found.sort();
    found.dedup();
    found
}

#[test]
fn every_package_that_is_built_has_an_allowed_licence() {
    // The tree has the packages of this platform with default features, those of tests left out.
    let tree = ["tree", "--edges", "normal,build", "--prefix", "none", "--format", "{p}|{l}"];
    let packages = cargo(&[&tree[..], &["--offline", "--locked", "-p", HOUSE]].concat());
    assert!(packages.contains("polars ") && packages.contains("serde "), "{packages}");
    super::none(&refused(&packages));
}

#[test]
fn a_package_without_an_allowed_licence_is_named() {
    let packages = "factorage v0.1.0 (/house)|\na v1.0.0|MIT\nb v1.0.0|GPL-3.0-only\n\
        b v1.0.0|GPL-3.0-only\nc v1.0.0|\nd v1.0.0|MIT (*)\n";
    let expected = [
        "b v1.0.0: GPL-3.0-only is not an allowed licence",
        "c v1.0.0: '' is not an SPDX expression",
    ];
    assert_eq!(refused(packages), expected);
}

#[test]
fn spdx_expressions_are_understood() {
    for (expression, allowed) in [
        ("MIT", Some(true)),
        ("GPL-2.0-only", Some(false)),
        ("GPL-2.0-only OR MIT", Some(true)),
        ("MIT/GPL-2.0-only", Some(true)),
        ("Apache-2.0 / MIT", Some(true)),
        ("MIT AND GPL-2.0-only", Some(false)),
        // AND binds closer than OR.
        ("MIT OR Apache-2.0 AND GPL-2.0-only", Some(true)),
        ("(MIT OR Apache-2.0) AND GPL-2.0-only", Some(false)),
        ("(MIT OR GPL-2.0-only) AND (ISC OR GPL-2.0-only)", Some(true)),
        ("Apache-2.0 WITH LLVM-exception", Some(true)),
        ("Apache-2.0 WITH Classpath-exception-2.0", Some(false)),
        ("GPL-2.0-only WITH LLVM-exception OR Zlib", Some(true)),
        ("", None),
        ("MIT OR", None),
        ("OR MIT", None),
        ("(MIT", None),
        ("MIT)", None),
        ("MIT ISC", None),
        ("MIT WITH", None),
    ] {
        assert_eq!(is_allowed(expression), allowed, "{expression}");
    }
}
