//! A Markdown file with its blocks and marked tables, which can be written anew.

use std::fs;
use std::ops::Range;

/// A page as it lies in the checkout.
pub struct Page {
    pub path: String,
    text: String,
    /// The texts that replace parts of the page, in order.
    changes: Vec<(Range<usize>, String)>,
}

/// A fenced block.
pub struct Block {
    pub line: usize,
    pub language: String,
    pub text: String,
    /// Where its text stands.
    place: Range<usize>,
}

impl Page {
    pub fn read(path: &str) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        Self { path: path.to_owned(), text, changes: Vec::new() }
    }

    pub fn blocks(&self) -> Vec<Block> {
        let mut found = Vec::new();
        let mut open: Option<Block> = None;
        let mut at = 0;
        for (line, text) in (1..).zip(self.text.split_inclusive('\n')) {
            match (text.trim_end().strip_prefix("```"), &mut open) {
                (Some(language), None) => {
                    let start = at + text.len();
                    let language = language.to_owned();
                    open = Some(Block { line, language, text: String::new(), place: start..start });
                }
                (Some(_), Some(_)) => found.extend(open.take()),
                (None, Some(block)) => {
                    block.text.push_str(text);
                    block.place.end = at + text.len();
                }
                (None, None) => {}
            }
            at += text.len();
        }
        assert!(open.is_none(), "{}: a block without an end", self.path);
        found
    }

    /// The parts between `<!-- table: NAME -->` and `<!-- end -->`.
    pub fn tables(&self) -> Vec<(String, Range<usize>)> {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(start) = self.text[from..].find("<!-- table: ") {
            let name_at = from + start + "<!-- table: ".len();
            let name_end = name_at + self.text[name_at..].find(" -->").expect("an end");
            let inner = name_end + " -->\n".len();
            let end = inner + self.text[inner..].find("<!-- end -->").expect("an end of the table");
            found.push((self.text[name_at..name_end].to_owned(), inner..end));
            from = end;
        }
        found
    }

    pub fn part(&self, place: &Range<usize>) -> &str {
        &self.text[place.clone()]
    }

    /// Compares a block, in which `...` and `[..]` stand for anything, with what was printed.
    pub fn is_printed(&mut self, block: &Block, printed: &str) {
        let assert = snapbox::Assert::new();
        let compared = assert.try_eq(None, printed.to_owned().into(), block.text.clone().into());
        match compared {
            Ok(()) => {}
            Err(_) if crate::writes_snapshots() => {
                self.replace(block.place.clone(), printed.to_owned());
            }
            Err(error) => panic!("{}, line {}:\n{error}", self.path, block.line),
        }
    }

    pub fn replace(&mut self, place: Range<usize>, text: String) {
        self.changes.push((place, text));
    }

    /// Writes what was replaced.
    pub fn finish(mut self) {
        if self.changes.is_empty() {
            return;
        }
        // The last one first: a change moves only what is behind it.
        self.changes.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
        for (place, text) in self.changes {
            self.text.replace_range(place, &text);
        }
        fs::write(&self.path, self.text).expect("the page is written");
    }
}
