//! A source file as the rules see it: syntax tree, flat list of tokens, which of them are tests.

use std::fs;
use std::ops::Range;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A file of `src`, parsed.
pub struct Source {
    /// `src/pricing/fee.rs`
    pub path: String,
    pub text: String,
    pub syntax: syn::File,
    pub lexemes: Vec<Lexeme>,
}

/// One token; brackets stand for themselves, `::` is twice `:`.
#[derive(Debug, Clone)]
pub struct Lexeme {
    pub text: String,
    pub first_line: usize,
    pub last_line: usize,
    pub kind: Kind,
    pub in_test: bool,
    /// In the value or type of a constant, which is evaluated when compiled.
    pub in_const: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Word,
    Mark,
    /// A string that stands in the code; a doc comment is none.
    Text,
    Other,
}

impl Source {
    pub fn parse(path: &str, text: &str) -> Self {
        let tokens: TokenStream = text.parse().unwrap_or_else(|e| panic!("{path}: {e}"));
        let mut lexemes = Vec::new();
        flatten(tokens.clone(), text, &mut lexemes);
        mark_tests(&mut lexemes);
        mark_constants(&mut lexemes);
        let syntax = syn::parse2(tokens).unwrap_or_else(|e| panic!("{path}: {e}"));
        Self { path: path.to_owned(), text: text.to_owned(), syntax, lexemes }
    }

    /// Every file below `src`, those that are compiled for tests alone left out.
    pub fn tree() -> Vec<Self> {
        let all = Self::below("src");
        let test_modules: Vec<String> = all.iter().flat_map(Self::test_modules).collect();
        let is_test = |path: &str| {
            let inside = |module: &String| {
                path.strip_prefix(module.as_str()).is_some_and(|rest| rest.starts_with(['.', '/']))
            };
            test_modules.iter().any(inside)
        };
        all.into_iter().filter(|source| !is_test(&source.path)).collect()
    }

    /// Every file below a folder of the repository.
    pub fn below(folder: &str) -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut paths = Vec::new();
        collect(&root.join(folder), &mut paths);
        paths.sort();
        let read = |path: &String| {
            let text = fs::read_to_string(root.join(path)).expect("a readable source file");
            Self::parse(path, &text)
        };
        paths.iter().map(read).collect()
    }

    /// `pricing` for `src/pricing/fee.rs`, `lib` for `src/lib.rs`.
    pub fn room(&self) -> &str {
        let below = self.path.trim_start_matches("src/");
        below.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// Modules from the room's root to this file: `["a", "b"]` for `src/pricing/a/b.rs` and for
    /// `src/pricing/a/b/mod.rs`.
    pub fn module(&self) -> Vec<String> {
        let below = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        let mut modules: Vec<String> = below.split('/').skip(1).map(str::to_owned).collect();
        if self.is_door() {
            modules.pop();
        }
        modules
    }

    /// True if the file is the door of a folder.
    pub fn is_door(&self) -> bool {
        matches!(self.path.rsplit('/').next(), Some("mod.rs" | "lib.rs" | "main.rs"))
    }

    /// True if the tokens from `at` on read as `pattern`.
    pub fn reads(&self, at: usize, pattern: &[&str]) -> bool {
        let texts = self.lexemes[at..].iter().map(|lexeme| lexeme.text.as_str());
        self.lexemes.len() >= at + pattern.len() && texts.zip(pattern).all(|(a, b)| a == *b)
    }

    /// Number of lines, those of test code left out.
    pub fn lines_without_tests(&self) -> usize {
        let mut is_test = vec![false; self.text.lines().count()];
        for lexeme in self.lexemes.iter().filter(|lexeme| lexeme.in_test) {
            is_test[lexeme.first_line - 1..lexeme.last_line].fill(true);
        }
        is_test.iter().filter(|test| !**test).count()
    }

    /// Paths without `.rs` of the modules that this file declares for tests alone.
    fn test_modules(&self) -> Vec<String> {
        let folder =
            self.path.trim_end_matches(".rs").trim_end_matches("/mod").trim_end_matches("/lib");
        let declares = |at: &usize| {
            self.lexemes[*at].in_test && self.reads(*at, &["mod"]) && self.reads(*at + 2, &[";"])
        };
        let declared = (0..self.lexemes.len()).filter(declares);
        declared.map(|at| format!("{folder}/{}", self.lexemes[at + 1].text)).collect()
    }
}

fn collect(folder: &Path, paths: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let below = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("inside of it");
            // Rules compare paths, which have other separators on Windows.
            paths.push(below.to_str().expect("an UTF-8 path").replace('\\', "/"));
        }
    }
}

fn flatten(tokens: TokenStream, text: &str, all: &mut Vec<Lexeme>) {
    for token in tokens {
        let (start, end) = (token.span().start(), token.span().end());
        let (first_line, last_line) = (start.line, end.line);
        let mut push = |text: String, line: Range<usize>, kind| {
            let (in_test, in_const) = (false, false);
            let (first_line, last_line) = (line.start, line.end);
            all.push(Lexeme { text, first_line, last_line, kind, in_test, in_const });
        };
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                push(open.to_owned(), first_line..first_line, Kind::Mark);
                flatten(group.stream(), text, all);
                let (text, in_test, in_const) = (close.to_owned(), false, false);
                let (first_line, kind) = (last_line, Kind::Mark);
                all.push(Lexeme { text, first_line, last_line, kind, in_test, in_const });
            }
            TokenTree::Ident(word) => push(word.to_string(), first_line..last_line, Kind::Word),
            TokenTree::Punct(mark) => push(mark.to_string(), first_line..last_line, Kind::Mark),
            TokenTree::Literal(literal) => {
                // Doc comments come as string literals; the source shows which ones were written
                // with a slash.
                let written =
                    text.lines().nth(first_line - 1).and_then(|l| l.chars().nth(start.column));
                let is_comment = written == Some('/');
                let is_text = literal.to_string().ends_with(['"', '#']) && !is_comment;
                let kind = if is_text { Kind::Text } else { Kind::Other };
                push(literal.to_string(), first_line..last_line, kind);
            }
        }
    }
}

/// Marks the item behind every `#[cfg(test)]`, attribute included.
fn mark_tests(lexemes: &mut [Lexeme]) {
    let attribute = ["#", "[", "cfg", "(", "test", ")", "]"];
    for at in 0..lexemes.len().saturating_sub(attribute.len()) {
        if (lexemes[at..].iter().zip(attribute)).all(|(lexeme, text)| lexeme.text == text) {
            let end = end_of_item(lexemes, at + attribute.len());
            lexemes[at..end].iter_mut().for_each(|lexeme| lexeme.in_test = true);
        }
    }
}

fn mark_constants(lexemes: &mut [Lexeme]) {
    for at in 1..lexemes.len().saturating_sub(2) {
        // `<const N: usize>` declares a parameter.
        let is_generic = matches!(lexemes[at - 1].text.as_str(), "<" | ",");
        let declares = lexemes[at].text == "const" && lexemes[at + 2].text == ":";
        if declares && !is_generic {
            let end = end_of_item(lexemes, at);
            lexemes[at..end].iter_mut().for_each(|lexeme| lexeme.in_const = true);
        }
    }
}

/// Index behind the `;` or the closing brace that ends the item at `start`.
fn end_of_item(lexemes: &[Lexeme], start: usize) -> usize {
    let mut depth = 0_i32;
    for (at, lexeme) in lexemes.iter().enumerate().skip(start) {
        match lexeme.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" => depth -= 1,
            "}" => {
                depth -= 1;
                // The value of a constant may be a block; its item ends at the semicolon behind it.
                let more = lexemes.get(at + 1).is_some_and(|next| next.text == ";");
                if depth <= 0 && !more {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    lexemes.len()
}
