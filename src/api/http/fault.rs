//! Faults found by parsers, in the words of the service: callers never read a parser's own text,
//! which names Rust types and changes with every version of its library.

use serde_json::error::Category;

/// A fault in a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The member that is missing or repeated, which the path of the fault does not name.
    pub member: Option<String>,
    /// The sentence for the caller.
    pub sentence: String,
}

/// The place of the unknown name that a fault is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A member of a JSON body.
    Member,
    /// A parameter of the query.
    Parameter,
    /// A column of a CSV body.
    Column,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Parameter => "parameter",
            Self::Column => "column",
        }
    }
}

impl Fault {
    /// The fault that serde reports with this text, at the member with this path.
    pub fn of(text: &str, path: &str, kind: Kind) -> Self {
        for (start, sentence) in [
            ("missing field `", "Required.".to_owned()),
            ("duplicate field `", format!("The {} is given more than once.", kind.word())),
        ] {
            if let Some(name) = text.strip_prefix(start).and_then(|rest| rest.split('`').next()) {
                return Self { member: Some(name.to_owned()), sentence };
            }
        }
        if text.starts_with("unknown field `") {
            let sentence = format!("There is no such {}.", kind.word());
            return Self { member: None, sentence };
        }
        Self { member: None, sentence: expected(text, path) }
    }

    /// The path of the fault: `path`, and the member if the path does not name it.
    pub fn path(&self, path: &str, whole: &str) -> String {
        // How serde_path_to_error writes the whole, and a place that it does not know.
        let path = if matches!(path, "." | "?") { "" } else { path };
        match (path, &self.member) {
            ("", None) => whole.to_owned(),
            (_, None) => path.to_owned(),
            ("", Some(member)) => member.clone(),
            // serde names a repeated member by its path as well.
            (_, Some(member)) if path.rsplit('.').next() == Some(member) => path.to_owned(),
            (_, Some(member)) => format!("{path}.{member}"),
        }
    }
}

/// The form that a member should have, from serde's or the type's own text.
fn expected(text: &str, path: &str) -> String {
    if let Some(words) = text.strip_prefix("unknown variant `") {
        return variants(words);
    }
    if is_of_chrono(text) {
        return day_or_time(path).to_owned();
    }
    // From the end: the value that was sent comes first, and may hold these words.
    if let Some((_, form)) = text.rsplit_once(", expected ") {
        return form_of(form, path);
    }
    // From the types of the rooms: 'x' is not an amount such as 1250.00 (expected ...).
    if let Some((_, form)) = text.rsplit_once("' is not ").filter(|_| text.starts_with('\'')) {
        let form = form.replace(" (expected ", ": ").replace(')', "");
        return format!("Expected {form}.");
    }
    match text {
        "provided string was not `true` or `false`" => "Expected true or false.".to_owned(),
        "invalid digit found in string" | "cannot parse integer from empty string" => {
            "Expected a whole number.".to_owned()
        }
        "number too large to fit in target type" => "The number is too large.".to_owned(),
        "number too small to fit in target type" => "The number is too small.".to_owned(),
        "invalid float literal" | "cannot parse float from empty string" => {
            "Expected a number.".to_owned()
        }
        own => sentence(own),
    }
}

/// The words of an enumeration, from serde's list of them in backquotes. The list is looked for
/// from the end: the word that was sent comes first, and may hold anything.
fn variants(text: &str) -> String {
    let list = text.rsplit_once("`, expected ").map_or("", |(_, list)| list);
    let words: Vec<&str> = list.split('`').skip(1).step_by(2).collect();
    format!("Expected {}.", one_of(&words))
}

/// Words as a choice: `a`, `a or b`, `one of a, b, c`.
fn one_of(words: &[&str]) -> String {
    match words {
        [] => "another value".to_owned(),
        [only] => (*only).to_owned(),
        [first, second] => format!("{first} or {second}"),
        _ => format!("one of {}", words.join(", ")),
    }
}

/// True for the texts of chrono's errors, which name neither the type nor the form.
fn is_of_chrono(text: &str) -> bool {
    matches!(
        text,
        "input is out of range"
            | "no possible date and time matching input"
            | "input is not enough for unique date and time"
            | "input contains invalid characters"
            | "premature end of input"
            | "trailing input"
            | "bad or unsupported format string"
    )
}

/// The form of a date or a time. The names of times end in `_at`; chrono's text does not tell.
fn day_or_time(path: &str) -> &'static str {
    if path.ends_with("_at") {
        "Expected a time such as 2027-06-30T00:00:00Z."
    } else {
        "Expected a date such as 2026-06-30."
    }
}

/// The form that serde expected; it names Rust types.
fn form_of(form: &str, path: &str) -> String {
    let words = match form {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number of 0 or more",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a string" | "a borrowed string" | "str" | "string or map" | "variant identifier" => {
            "a string"
        }
        "a boolean" => "true or false",
        "a sequence" => "an array",
        "a map" | "a JSON object" => "an object",
        "a formatted date string" | "an RFC 3339 formatted date and time string" => {
            return day_or_time(path).to_owned();
        }
        _ if form.starts_with("struct ") || form.contains("tagged enum ") => "an object",
        _ if form.starts_with("enum ") => "a string",
        own => own,
    };
    format!("Expected {words}.")
}

/// A text with the capital and the full stop of a sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// The sentence for a text that is not JSON.
pub(crate) fn of_json(error: &serde_json::Error) -> String {
    let place = format!("(line {}, column {})", error.line(), error.column());
    let said = error.to_string();
    // The place is in the text as well, in the parser's words.
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
    if error.classify() == Category::Eof {
        return format!("The JSON ends too early {place}.");
    }
    let sentence = match said {
        "recursion limit exceeded" => "The JSON is nested too deeply",
        "trailing characters" => "Expected nothing after the end of the JSON",
        "trailing comma" => "Expected no comma before the closing bracket",
        "key must be a string" => "Expected the name of a member in double quotes",
        "invalid number" | "number out of range" => "The number cannot be read",
        "expected `:`" => "Expected a colon after the name of a member",
        "expected `,` or `]`" => "Expected a comma or the end of the array",
        "expected `,` or `}`" => "Expected a comma or the end of the object",
        "expected value" => "Expected a value",
        "invalid unicode code point" => "Expected text in UTF-8",
        _ if said.starts_with("control character") => {
            "A string must not contain line breaks or tabs"
        }
        _ if said.contains("escape") => "The string has an invalid escape",
        // Whatever a later version of the parser says: its words stay inside.
        _ => "Not valid JSON",
    };
    format!("{sentence} {place}.")
}

/// The sentence for a damaged row of CSV.
pub(crate) fn of_csv(error: &csv::Error) -> String {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            let cells = if *len == 1 { "cell" } else { "cells" };
            format!("Line {line} has {len} {cells}, the header {expected_len}.")
        }
        csv::ErrorKind::Utf8 { .. } => format!("Line {line} is not UTF-8 text."),
        _ => format!("Line {line} cannot be read as CSV."),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, Utc};
    use serde::Deserialize;
    use serde_json::Value;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        Red,
        Green,
        DarkBlue,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Every {
        day: Option<NaiveDate>,
        ends_at: Option<DateTime<Utc>>,
        colour: Option<Colour>,
        count: u32,
        flag: bool,
        names: Vec<String>,
        amount: Option<basics::Amount>,
        currency: Option<basics::Currency>,
        inner: Option<Inner>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        name: String,
    }

    /// Path and sentence for a JSON body.
    fn said(body: &str) -> (String, String) {
        let value: Value = serde_json::from_str(body).expect("JSON");
        let read: Result<Every, _> = serde_path_to_error::deserialize(value);
        let error = read.expect_err("a fault");
        let path = error.path().to_string();
        let fault = Fault::of(&error.inner().to_string(), &path, Kind::Member);
        (fault.path(&path, "body"), fault.sentence)
    }

    #[test]
    fn what_serde_refuses_is_told_in_our_words() {
        const AMOUNT: &str = "Expected an amount such as \"1250.00\".";
        const DAY: &str = "Expected a date such as 2026-06-30.";
        const TIME: &str = "Expected a time such as 2027-06-30T00:00:00Z.";
        for (body, path, sentence) in [
            (r#"{"day":"30.6.2026"}"#, "day", DAY),
            (r#"{"day":"2026-02-30"}"#, "day", DAY),
            (r#"{"day":"2026"}"#, "day", DAY),
            (r#"{"day":7}"#, "day", DAY),
            (r#"{"ends_at":"2027-06-30"}"#, "ends_at", TIME),
            (r#"{"ends_at":7}"#, "ends_at", TIME),
            (r#"{"colour":"foo"}"#, "colour", "Expected one of red, green, dark_blue."),
            (r#"{"colour":7}"#, "colour", "Expected a string."),
            (r#"{"count":-1}"#, "count", "Expected a whole number of 0 or more."),
            (r#"{"count":"x, expected y"}"#, "count", "Expected a whole number of 0 or more."),
            (r#"{"flag":"yes"}"#, "flag", "Expected true or false."),
            (r#"{"names":["a",1]}"#, "names[1]", "Expected a string."),
            (r#"{"names":"a"}"#, "names", "Expected an array."),
            (r#"{"amount":"12,50"}"#, "amount", AMOUNT),
            (r#"{"amount":[]}"#, "amount", AMOUNT),
            (r#"{"inner":{}}"#, "inner.name", "Required."),
            (r#"{"inner":7}"#, "inner", "Expected an object."),
            (r#"{"inner":{"name":"a","foo":1}}"#, "inner.foo", "There is no such member."),
            (r#"{"foo":1}"#, "foo", "There is no such member."),
        ] {
            assert_eq!(said(body), (path.to_owned(), sentence.to_owned()), "{body}");
        }
        let (path, sentence) = said(r#"{"currency":"usd!"}"#);
        assert_eq!(path, "currency");
        assert_eq!(sentence, "Expected an ISO 4217 currency code: three letters such as USD.");
    }

    #[test]
    fn a_missing_member_of_the_body_itself_is_named() {
        let error = serde_json::from_str::<Inner>("{}").expect_err("nothing");
        let error = error.to_string();
        let text = error.split(" at line").next().expect("a text");
        let fault = Fault::of(text, ".", Kind::Member);
        assert_eq!(
            (fault.path(".", "body"), fault.sentence.as_str()),
            ("name".into(), "Required.")
        );
        let fault = Fault::of("duplicate field `limit`", "limit", Kind::Parameter);
        assert_eq!(fault.path("limit", "query"), "limit");
        assert_eq!(fault.sentence, "The parameter is given more than once.");
        let two = Fault::of("unknown variant `x`, expected `a` or `b`", "kind", Kind::Column);
        assert_eq!(two.sentence, "Expected a or b.");
        assert_eq!(expected("cause is odd", "x"), "Cause is odd.");
    }

    #[test]
    fn what_is_not_json_is_told_with_its_place() {
        for (body, sentence) in [
            (r#"{"name": "a""#, "The JSON ends too early (line 1, column 12)."),
            ("{\"name\" 1}", "Expected a colon after the name of a member (line 1, column 9)."),
            ("{\"a\": 1,}", "Expected no comma before the closing bracket (line 1, column 9)."),
            ("{\"a\": x}", "Expected a value (line 1, column 7)."),
            ("{} {}", "Expected nothing after the end of the JSON (line 1, column 4)."),
            ("{a: 1}", "Expected the name of a member in double quotes (line 1, column 2)."),
            ("{\"a\": \"\\x\"}", "The string has an invalid escape (line 1, column 9)."),
            ("{\"a\": [1 2]}", "Expected a comma or the end of the array (line 1, column 10)."),
        ] {
            let error = serde_json::from_str::<Value>(body).expect_err("no JSON");
            assert_eq!(of_json(&error), sentence, "{body}");
        }
    }

    #[test]
    fn a_row_of_another_length_is_told_by_its_line() {
        let mut reader = csv::Reader::from_reader("a\nb,c\n".as_bytes());
        let error = reader.records().next().expect("a row").expect_err("two cells");
        assert_eq!(of_csv(&error), "Line 2 has 2 cells, the header 1.");
        let mut reader = csv::Reader::from_reader(&b"a\n\xff\n"[..]);
        // Only a header that was read before counts as a line here.
        assert!(reader.headers().is_ok());
        let error = reader.records().next().expect("a row").expect_err("no text");
        assert_eq!(of_csv(&error), "Line 2 is not UTF-8 text.");
    }
}
