//! The values that a schema allows: the check, the words for a message, and a stand-in.

use std::net::SocketAddr;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::Value;

use super::super::Currency;
use super::schema::{Rules, Schema};
use super::tree::{Content, Node};

/// The most words that a message lists.
const LISTED: usize = 60;

/// The format of a file, which decides whether a message says "table" or "object".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Toml,
    Json,
}

/// A bound, with true if the bound itself is allowed.
type Bound = Option<(Decimal, bool)>;

impl Schema {
    /// Returns true if `node` is a scalar that `rules` allow.
    pub fn fits(rules: &Rules, node: &Node) -> bool {
        let Content::Scalar(value) = &node.content else { return false };
        // By its parser rather than the words of its schema: it takes `usd` too.
        if rules.name() == "Currency" {
            return value.as_str().is_some_and(|code| code.parse::<Currency>().is_ok());
        }
        if let Some(words) = rules.words() {
            return value.as_str().is_some_and(|word| words.contains(&word));
        }
        let kind = match value {
            Value::Bool(_) => "boolean",
            // serde does not read 3.0 as an integer either.
            Value::Number(number) if !number.is_f64() && rules.allows("integer") => "integer",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Null | Value::Array(_) | Value::Object(_) => return false,
        };
        // Where the schema is silent, serde decides.
        let says_nothing = rules.get("type").is_none() && rules.alternatives().is_empty();
        (says_nothing || rules.allows(kind))
            && in_range(rules, value)
            && is_written_so(rules, value)
    }

    /// Describes in words the values that `rules` allow.
    pub fn expected(&self, rules: &Rules, format: Format) -> String {
        if rules.name() == "Currency" {
            return "an ISO 4217 code such as \"USD\"".to_owned();
        }
        if let Some(words) = rules.words() {
            return listed(&words);
        }
        if rules.tag().is_some() || rules.is_table() {
            return match format {
                Format::Toml => "a table".to_owned(),
                Format::Json => "an object".to_owned(),
            };
        }
        if rules.allows("array") {
            return self.expected_list(rules, format);
        }
        if !rules.alternatives().is_empty() {
            let each = rules.alternatives().iter();
            let each: Vec<_> = each.map(|p| self.expected(&self.rules(p), format)).collect();
            return each.join(", or ");
        }
        let (noun, example) = match rules.name() {
            "Percent" => ("a percent", "a percent such as 85 or 1.5"),
            "Amount" => ("an amount", "an amount such as \"1250.00\""),
            _ if rules.allows("integer") => ("a whole number", "a whole number"),
            _ if rules.allows("number") => ("a number", "a number"),
            _ if rules.allows("boolean") => return "true or false".to_owned(),
            _ => return text(rules).to_owned(),
        };
        // The bounds of the types themselves only guard the arithmetic; telling a user that an
        // amount is at most 9,223,372,036,854,775,807 would help nobody.
        let guard = match rules.name() {
            "Percent" => Decimal::from(1_000_000),
            "Amount" => Decimal::from(i64::MAX),
            _ => Decimal::MAX,
        };
        let told = |bound: Bound| bound.filter(|(at, _)| at.abs() < guard);
        let (least, most) = bounds(rules);
        range(noun, (told(least), told(most))).unwrap_or_else(|| example.to_owned())
    }

    fn expected_list(&self, rules: &Rules, format: Format) -> String {
        let items = rules.get("prefixItems").and_then(Value::as_array);
        if let Some(items) = items {
            let each: Vec<_> =
                items.iter().map(|item| self.expected(&self.rules(item), format)).collect();
            return format!("a list of {} values: {}", each.len(), each.join(", "));
        }
        let count = |keyword| rules.get(keyword).and_then(Value::as_u64);
        let of = rules.get("items").map(|items| self.expected(&self.rules(items), format));
        let of = of.map_or_else(String::new, |of| format!(", each {of}"));
        match (count("minItems"), count("maxItems")) {
            (Some(least), Some(most)) => format!("a list of {least} to {most} items{of}"),
            (Some(1), None) => format!("a list of at least 1 item{of}"),
            (Some(least), None) => format!("a list of at least {least} items{of}"),
            (None, Some(most)) => format!("a list of at most {most} items{of}"),
            (None, None) => format!("a list{of}"),
        }
    }

    /// A value that `rules` allow, put in place of a wrong one so that reading can continue.
    pub fn filler(&self, rules: &Rules) -> Node {
        if let Some(word) = rules.words().and_then(|words| words.first().copied()) {
            return scalar(word.into());
        }
        if rules.tag().is_some()
            && let Some(first) = rules.alternatives().first()
        {
            return self.filler(&self.rules(first));
        }
        if rules.is_table() {
            let of = |key: &str| {
                let schema = rules.properties().find(|(name, _)| *name == key)?.1;
                Some((key.to_owned(), self.filler(&self.rules(schema))))
            };
            return Node::made(Content::Table(rules.required().filter_map(of).collect()));
        }
        if rules.allows("array") {
            let pair = rules.get("prefixItems").and_then(Value::as_array);
            if let Some(items) = pair {
                let items = items.iter().map(|item| self.filler(&self.rules(item)));
                return Node::made(Content::List(items.collect()));
            }
            let least = rules.get("minItems").and_then(Value::as_u64).unwrap_or(0);
            let item = rules.get("items").map(|items| self.filler(&self.rules(items)));
            let items = item.into_iter().cycle().take(usize::try_from(least).unwrap_or(0));
            return Node::made(Content::List(items.collect()));
        }
        if let Some(first) = rules.get("anyOf").and_then(|_| rules.alternatives().first()) {
            return self.filler(&self.rules(first));
        }
        let bound = |keyword| rules.get(keyword).cloned();
        // 1 before 0: most ranges exclude 0, and few exclude 1.
        let candidates = [Some(1.into()), Some(0.into()), bound("minimum"), bound("maximum")];
        // One for each form that `is_written_so` tests.
        let texts = ["x", "2000-01-01", "127.0.0.1:0"].map(|text| Some(text.into()));
        let all = candidates.into_iter().chain(texts).chain([Some(false.into())]).flatten();
        let mut all = all.map(scalar).filter(|node| Self::fits(rules, node));
        all.next().unwrap_or_else(|| scalar(Value::Null))
    }
}

fn scalar(value: Value) -> Node {
    Node::made(Content::Scalar(value))
}

/// Lists words for a message.
pub(super) fn listed(words: &[&str]) -> String {
    match words {
        [only] => format!("\"{only}\""),
        [one, other] => format!("\"{one}\" or \"{other}\""),
        _ if words.len() <= LISTED => format!("one of {}", words.join(", ")),
        _ => format!("one of {} ... ({} in all)", words[..LISTED].join(", "), words.len()),
    }
}

fn text(rules: &Rules) -> &'static str {
    match rules.get("format").and_then(Value::as_str) {
        Some("date") => "a date such as \"2026-05-31\"",
        Some("socket-address") => "an address and port such as \"127.0.0.1:8080\"",
        _ => "a value in quotes",
    }
}

/// Returns true if the string has the form that its `format` keyword demands.
fn is_written_so(rules: &Rules, value: &Value) -> bool {
    let Some(text) = value.as_str() else { return true };
    match rules.get("format").and_then(Value::as_str) {
        Some("date") => text.parse::<NaiveDate>().is_ok(),
        Some("socket-address") => text.parse::<SocketAddr>().is_ok(),
        _ => true,
    }
}

/// The number as written, with or without quotes.
fn decimal(value: &Value) -> Option<Decimal> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// The lower and the upper bound, from the keywords or the width of the integer type.
fn bounds(rules: &Rules) -> (Bound, Bound) {
    let bound = |inclusive, exclusive| {
        let of = |keyword| rules.get(keyword).and_then(decimal);
        let both = (of(inclusive).map(|at| (at, true)), of(exclusive).map(|at| (at, false)));
        both.1.or(both.0)
    };
    let (least, most) =
        (bound("minimum", "exclusiveMinimum"), bound("maximum", "exclusiveMaximum"));
    let width = match rules.get("format").and_then(Value::as_str) {
        Some("uint8") => Some(u8::MAX.into()),
        Some("uint16") => Some(u16::MAX.into()),
        Some("uint32") => Some(u32::MAX.into()),
        Some("int32") => Some(i32::MAX.into()),
        _ => None,
    };
    let most = most.or(width.map(|most: Decimal| (most, true)));
    let least = match rules.get("format").and_then(Value::as_str) {
        Some("int32") => least.or(Some((i32::MIN.into(), true))),
        _ => least,
    };
    (least, most)
}

fn in_range(rules: &Rules, value: &Value) -> bool {
    if !(rules.allows("number") || rules.allows("integer")) {
        return true;
    }
    let (least, most) = bounds(rules);
    let Some(number) = decimal(value) else {
        // A double may exceed every decimal; without bounds it is in range all the same.
        return value.is_number() && !rules.is_decimal() && least.is_none() && most.is_none();
    };
    least.is_none_or(|(least, itself)| number > least || (itself && number == least))
        && most.is_none_or(|(most, itself)| number < most || (itself && number == most))
}

/// Describes a range in words; `None` if it has no bounds.
fn range(noun: &str, (least, most): (Bound, Bound)) -> Option<String> {
    Some(match (least, most) {
        (None, None) => return None,
        (Some((least, true)), Some((most, true))) => format!("{noun} from {least} to {most}"),
        (Some((least, false)), Some((most, true))) => {
            format!("{noun} above {least} and up to {most}")
        }
        (Some((least, true)), Some((most, false))) => {
            format!("{noun} from {least} to below {most}")
        }
        (Some((least, false)), Some((most, false))) => {
            format!("{noun} above {least} and below {most}")
        }
        (Some((least, true)), None) => format!("{noun} of {least} or more"),
        (Some((least, false)), None) => format!("{noun} above {least}"),
        (None, Some((most, true))) => format!("{noun} of {most} or less"),
        (None, Some((most, false))) => format!("{noun} below {most}"),
    })
}
