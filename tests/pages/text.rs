//! A page as a person reads it, line by line, so that a reviewer sees what changed on it.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

/// Lines of preformatted text that are shown; the rest is counted.
const PREFORMATTED: usize = 3;

/// The text of a page of ours: headings as `# `, rows of a table as `a | b | c`, items of a list as
/// `- `, everything else a line a paragraph; a chart is its title.
#[track_caller]
pub fn readable(html: &str) -> String {
    let mut reader = Reader::from_str(html);
    // HTML has elements without an end, such as <meta>.
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut page = Page::default();
    loop {
        match reader.read_event().expect("a page without faults") {
            Event::Start(element) | Event::Empty(element) => {
                let class = element.try_get_attribute("class").ok().flatten();
                let class = class.map(|class| String::from(&*class.value)).unwrap_or_default();
                page.open(element.name().into_inner(), &class);
            }
            Event::End(element) => page.close(element.name().into_inner()),
            Event::Text(text) => page.text(&text.into_inner()),
            Event::GeneralRef(reference) => page.text(&resolved(&reference)),
            Event::Eof => return page.end(),
            _ => {}
        }
    }
}

fn resolved(reference: &BytesRef<'_>) -> String {
    let char = reference.resolve_char_ref().expect("a character reference");
    let named = || resolve_predefined_entity(reference).expect("a known entity").to_owned();
    char.map_or_else(named, String::from)
}

/// The page so far.
#[derive(Default)]
struct Page {
    lines: Vec<String>,
    /// The line that is being read.
    line: String,
    /// The cells of the row that is being read, outside of a row none.
    row: Option<Vec<String>>,
    /// The number of lists around the line.
    lists: usize,
    /// The number of elements around the line that nobody sees.
    hidden: usize,
    /// True if the line is in a chart, of which only the title is read.
    in_chart: bool,
    /// True if the line is in a menu, of which every link is an item.
    in_menu: bool,
    preformatted: Option<String>,
}

impl Page {
    fn open(&mut self, element: &str, class: &str) {
        match element {
            "head" | "style" | "script" => self.hidden += 1,
            "svg" => self.in_chart = true,
            "nav" => {
                self.flush();
                self.in_menu = true;
            }
            "a" if self.in_menu => self.begin("- "),
            "title" if self.in_chart => self.begin("[chart: "),
            "table" => self.gap(),
            "caption" => self.begin("[table: "),
            "tr" => {
                self.flush();
                self.row = Some(Vec::new());
            }
            "pre" => {
                self.flush();
                self.preformatted = Some(String::new());
            }
            "ul" | "ol" => {
                self.flush();
                self.lists += 1;
            }
            "li" => {
                let indent = "  ".repeat(self.lists.saturating_sub(1));
                self.begin(&format!("{indent}- "));
            }
            // These stand on a line of their own within a paragraph.
            "span" if ["why", "sentence"].contains(&class) => self.line.push(' '),
            "br" => self.line.push(' '),
            _ => match heading(element) {
                Some(level) => {
                    self.gap();
                    self.line = format!("{} ", "#".repeat(level));
                }
                None if is_block(element) => self.flush(),
                None => {}
            },
        }
    }

    fn close(&mut self, element: &str) {
        match element {
            "head" | "style" | "script" => self.hidden -= 1,
            "svg" => self.in_chart = false,
            "title" if self.in_chart => self.finish("]"),
            "caption" => self.finish("]"),
            "table" => self.gap(),
            "td" | "th" => {
                let cell = collapsed(&std::mem::take(&mut self.line));
                self.row.get_or_insert_default().push(cell);
            }
            "tr" => {
                let cells = self.row.take().unwrap_or_default();
                self.lines.push(cells.join(" | ").trim_end().to_owned());
            }
            "pre" => self.preformatted(),
            "ul" | "ol" => {
                self.flush();
                self.lists -= 1;
            }
            "dt" => self.line.push_str(": "),
            "dd" => self.flush(),
            "a" if self.in_menu => self.flush(),
            "nav" => {
                self.flush();
                self.in_menu = false;
            }
            _ if heading(element).is_some() => self.gap(),
            _ if is_block(element) => self.flush(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let chart_text = self.in_chart && !self.line.starts_with("[chart: ");
        if self.hidden > 0 || chart_text {
        } else if let Some(preformatted) = &mut self.preformatted {
            preformatted.push_str(text);
        } else {
            self.line.push_str(text);
        }
    }

    /// A line that starts with this.
    fn begin(&mut self, start: &str) {
        self.flush();
        self.line.push_str(start);
    }

    fn finish(&mut self, end: &str) {
        self.line.push_str(end);
        self.flush();
    }

    /// The end of a line; a paragraph within a cell does not end its row.
    fn flush(&mut self) {
        if self.row.is_some() {
            self.line.push(' ');
            return;
        }
        // Taken before blanks are drawn together, which would put nested items on one level.
        let indent = self.line.len() - self.line.trim_start_matches(' ').len();
        let text = collapsed(&self.line);
        if !text.is_empty() {
            let is_item = text.starts_with("- ");
            let indent = if is_item { " ".repeat(indent) } else { String::new() };
            self.lines.push(indent + &text);
        }
        self.line.clear();
    }

    /// The end of a line, and an empty one.
    fn gap(&mut self) {
        self.flush();
        self.lines.push(String::new());
    }

    fn preformatted(&mut self) {
        let text = self.preformatted.take().unwrap_or_default();
        let lines: Vec<&str> = text.trim_matches('\n').lines().collect();
        let shown = lines.iter().take(PREFORMATTED);
        self.lines.extend(shown.map(|line| format!("    {line}").trim_end().to_owned()));
        if lines.len() > PREFORMATTED {
            self.lines.push(format!("    [{} more lines]", lines.len() - PREFORMATTED));
        }
    }

    fn end(mut self) -> String {
        self.flush();
        let mut text = String::new();
        for line in &self.lines {
            if line.is_empty() && (text.is_empty() || text.ends_with("\n\n")) {
                continue;
            }
            text.push_str(line);
            text.push('\n');
        }
        text.truncate(text.trim_end().len());
        text + "\n"
    }
}

fn heading(element: &str) -> Option<usize> {
    let level = element.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

fn is_block(element: &str) -> bool {
    let blocks = [
        "article",
        "aside",
        "body",
        "button",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "label",
        "legend",
        "main",
        "nav",
        "option",
        "p",
        "section",
        "summary",
        "tbody",
        "tfoot",
        "thead",
    ];
    blocks.contains(&element)
}

/// The text with single blanks for any white space, as a browser shows it.
fn collapsed(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_page_reads_as_lines() {
    let page = "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>T</title>\
        <style>p > a {}</style></head><body><h1>Offer to <bdi>A &amp; B</bdi></h1>\
        <nav><a>B</a><a>C</a></nav><dl><div><dt>As of</dt><dd><time>2026-06-30</time><span class=\"why\">given</span></dd>\
        </div></dl><p>One\n  line.</p><ul><li>a<ul><li>b</li></ul></li></ul>\
        <table><caption>Sums</caption><tr><th>x</th><td><p>1</p><p>2</p></td><td></td></tr></table>\
        <svg><title>A chart</title><text>0</text></svg><pre>1\n2\n3\n4\n5\n</pre></body></html>";
    let lines = "# Offer to A & B\n\n- B\n- C\nAs of: 2026-06-30 given\nOne line.\n- a\n  - b\n\n\
        [table: Sums]\nx | 1 2 |\n\n[chart: A chart]\n    1\n    2\n    3\n    [2 more lines]\n";
    assert_eq!(readable(page), lines);
}
