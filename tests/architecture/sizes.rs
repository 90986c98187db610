//! The longest that files, functions, parameter lists and lines may be.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::source::{Kind, Source};

const LONGEST_FILE: usize = 500;
const USUAL_FILE: usize = 300;
const LONGEST_FUNCTION: usize = 70;
const USUAL_FUNCTION: usize = 40;
const MOST_PARAMETERS: usize = 5;
const WIDEST_LINE: usize = 100;

/// A function, from its signature to its closing brace.
pub struct Function {
    pub place: String,
    pub lines: usize,
    /// Without `self`, a tuple as its members; `None` where a trait sets them.
    pub parameters: Option<usize>,
}

/// Files beyond the limit, and too many beyond the usual size.
pub fn long_files(sources: &[Source]) -> Vec<String> {
    let sizes = sources.iter().map(|s| (s.path.clone(), s.lines_without_tests()));
    beyond("lines without tests", LONGEST_FILE, USUAL_FILE, sizes)
}

/// Functions beyond the limit, and too many beyond the usual size.
pub fn long_functions(functions: &[Function]) -> Vec<String> {
    let sizes = functions.iter().map(|f| (f.place.clone(), f.lines));
    beyond("lines", LONGEST_FUNCTION, USUAL_FUNCTION, sizes)
}

/// Functions with more parameters than a reader keeps apart.
pub fn long_parameter_lists(functions: &[Function]) -> Vec<String> {
    let long = |f: &&Function| f.parameters.is_some_and(|count| count > MOST_PARAMETERS);
    let named = |f: &Function| format!("{}: more than {MOST_PARAMETERS} parameters", f.place);
    functions.iter().filter(long).map(named).collect()
}

/// Lines beyond the width, except those with a string, which may not be breakable.
pub fn wide_lines(source: &Source) -> Vec<String> {
    let has_text = |line: usize| {
        source.lexemes.iter().any(|lexeme| {
            lexeme.kind == Kind::Text && (lexeme.first_line..=lexeme.last_line).contains(&line)
        })
    };
    // A link is not broken; on a line of its own it may be as long as it is.
    let is_link = |line: &str| {
        let link = line.trim_start().strip_prefix("/// <https://");
        link.is_some_and(|link| !link.contains(' '))
    };
    let lines = source.text.lines().enumerate().filter(|(_, line)| !is_link(line));
    let wide = lines.map(|(index, line)| (index + 1, line.chars().count()));
    let wide = wide.filter(|(line, width)| *width > WIDEST_LINE && !has_text(*line));
    wide.map(|(line, width)| format!("{}:{line}: {width} columns", source.path)).collect()
}

/// Every function of a file.
pub fn functions(source: &Source) -> Vec<Function> {
    let mut visitor = Functions { path: &source.path, in_trait_impl: false, found: Vec::new() };
    visitor.visit_file(&source.syntax);
    visitor.found
}

/// Those that are longer than `most` and, if more than one in ten reach `usual`, all that do.
fn beyond(
    unit: &str,
    most: usize,
    usual: usize,
    sizes: impl Iterator<Item = (String, usize)>,
) -> Vec<String> {
    let mut sizes: Vec<_> = sizes.collect();
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let line = |(place, size): &(String, usize)| format!("{place}: {size} {unit}");
    let mut found: Vec<_> = sizes.iter().filter(|(_, size)| *size > most).map(line).collect();
    let large: Vec<_> = sizes.iter().filter(|(_, size)| *size >= usual).map(line).collect();
    if large.len() * 10 > sizes.len() {
        let (count, all, list) = (large.len(), sizes.len(), large.join("; "));
        found.push(format!("{count} of {all} have {usual} or more {unit}: {list}"));
    }
    found
}

struct Functions<'a> {
    path: &'a str,
    in_trait_impl: bool,
    found: Vec<Function>,
}

/// The number of parameters that a type stands for: a tuple as many as it has members.
fn members(of: &syn::Type) -> usize {
    match of {
        syn::Type::Tuple(tuple) => tuple.elems.iter().map(members).sum(),
        syn::Type::Reference(reference) => members(&reference.elem),
        syn::Type::Paren(inner) => members(&inner.elem),
        _ => 1,
    }
}

impl Functions<'_> {
    fn take(&mut self, signature: &syn::Signature, end: usize) {
        let line = signature.span().start().line;
        let counted = |input: &syn::FnArg| match input {
            syn::FnArg::Typed(typed) => members(&typed.ty),
            syn::FnArg::Receiver(_) => 0,
        };
        self.found.push(Function {
            place: format!("{}:{line}: fn {}", self.path, signature.ident),
            lines: end + 1 - line,
            parameters: (!self.in_trait_impl).then(|| signature.inputs.iter().map(counted).sum()),
        });
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.take(&item.sig, item.span().end().line);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.take(&item.sig, item.span().end().line);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.take(&item.sig, item.span().end().line);
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let outside = std::mem::replace(&mut self.in_trait_impl, item.trait_.is_some());
        visit::visit_item_impl(self, item);
        self.in_trait_impl = outside;
    }
}

#[test]
fn a_file_is_measured_without_its_tests() {
    let tests = "#[cfg(test)]\nmod tests {\n    fn t() {}\n}\n".to_owned();
    let long = Source::parse("src/app/x.rs", &("fn f() {}\n".repeat(501) + &tests));
    assert_eq!(long.lines_without_tests(), 501);
    assert_eq!(long_files(&[long])[0], "src/app/x.rs: 501 lines without tests");
    let fits = Source::parse("src/app/x.rs", &("fn f() {}\n".repeat(299) + &tests.repeat(100)));
    assert_eq!(long_files(&[fits]), [""; 0]);
}

#[test]
fn more_than_one_large_file_in_ten_is_too_many() {
    let sources = |large: usize| -> Vec<Source> {
        let lines = |index| if index < large { 300 } else { 10 };
        let text = |index| "fn f() {}\n".repeat(lines(index));
        (0..20).map(|index| Source::parse("src/app/x.rs", &text(index))).collect()
    };
    assert_eq!(long_files(&sources(2)), [""; 0]);
    assert!(long_files(&sources(3))[0].starts_with("3 of 20 have 300 or more"));
}

#[test]
fn long_functions_and_parameter_lists_are_named() {
    let body = "    g();\n".repeat(69);
    let text =
        format!("/// Doc.\n#[inline]\nfn f(a: A, b: B, c: C, d: D, e: E, g: G) {{\n{body}}}\n");
    let found = functions(&Source::parse("src/app/x.rs", &text));
    assert_eq!(long_functions(&found)[0], "src/app/x.rs:3: fn f: 71 lines");
    let expected = "src/app/x.rs:3: fn f: more than 5 parameters";
    assert_eq!(long_parameter_lists(&found), [expected]);
    let tuples =
        functions(&Source::parse("src/app/x.rs", "fn f(a: A, b: &(B, C), d: (D, (E, F))) {}"));
    assert_eq!(tuples[0].parameters, Some(6));
    let method = "impl X { fn f(&self, a: A, b: B, c: C, d: D, e: E) {} }\n\
                  impl T for X { fn f(a: A, b: B, c: C, d: D, e: E, g: G) {} }";
    let found = functions(&Source::parse("src/app/x.rs", method));
    assert_eq!(found.len(), 2);
    assert_eq!(long_parameter_lists(&found), [""; 0]);
}

#[test]
fn a_wide_line_is_named_unless_it_holds_a_text() {
    let (code, doc) =
        (format!("fn f{}() {{}}\n", "x".repeat(95)), format!("/// {}\n", "x".repeat(97)));
    let text = format!("const T: &str = \"{}\";\n", "x".repeat(100));
    let source = Source::parse("src/app/x.rs", &format!("{text}{doc}{code}"));
    assert_eq!(wide_lines(&source), ["src/app/x.rs:2: 101 columns", "src/app/x.rs:3: 104 columns"]);
}
