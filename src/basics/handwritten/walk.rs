use std::collections::HashSet;

use super::expected::{Format, listed};
use super::fault::{Fault, What};
use super::nearest::nearest;
use super::schema::{Rules, Schema};
use super::tree::{Content, Node};

/// A walk over a file along its schema, which notes each fault and puts an allowed value in its
/// place so that reading can continue.
pub(super) struct Walk<'s> {
    pub schema: &'s Schema,
    pub format: Format,
    pub faults: Vec<Fault>,
}

impl Walk<'_> {
    /// Checks the value whose dotted key is `key`.
    pub fn value(&mut self, key: &str, rules: &Rules, node: &mut Node) {
        if rules.allows_null() && node.content == Content::Scalar(serde_json::Value::Null) {
            return;
        }
        if let Some((tag, words)) = rules.tag() {
            self.tagged(key, rules, (tag, &words), node);
        } else if rules.words().is_none() && rules.is_table() {
            self.table(key, rules, node);
        } else if rules.allows("array") {
            self.list(key, rules, node);
        } else if rules.words().is_none() && !rules.alternatives().is_empty() {
            self.either(key, rules, node);
        } else if !Schema::fits(rules, node) {
            self.wrong(key, rules, node);
        }
    }

    /// Notes a wrong value and replaces it.
    fn wrong(&mut self, key: &str, rules: &Rules, node: &mut Node) {
        let mut expected = self.schema.expected(rules, self.format);
        // With so many currencies the nearest code is hardly ever the intended one.
        let words = rules.words().filter(|_| rules.name() != "Currency");
        if let Some(meant) = node.word().zip(words).and_then(|(word, all)| nearest(word, all)) {
            expected = format!("{expected}; did you mean {meant}?");
        }
        self.faults.push(Fault::value(node.place, key, &node.shown(), expected));
        node.content = self.schema.filler(rules).content;
    }

    fn table(&mut self, key: &str, rules: &Rules, node: &mut Node) {
        let place = node.place;
        let Content::Table(members) = &mut node.content else {
            return self.wrong(key, rules, node);
        };
        let mut seen: HashSet<String> = HashSet::new();
        let mut meant: Vec<&str> = Vec::new();
        members.retain_mut(|(name, member)| {
            let own = joined(key, name);
            if !seen.insert(name.clone()) {
                self.faults.push(Fault { place: member.place, key: own, what: What::Twice });
                return false;
            }
            let schema = rules.properties().find(|(known, _)| known == name).map(|(_, s)| s);
            if let Some(schema) = schema.or(rules.others()) {
                self.value(&own, &self.schema.rules(schema), member);
                return true;
            }
            if rules.is_closed() {
                let known: Vec<&str> = rules.properties().map(|(known, _)| known).collect();
                let near = nearest(name, known.iter().copied());
                meant.extend(near);
                self.faults.push(Fault::unknown(member.place, &own, instead(near, &known)));
            }
            // Where any key is allowed, its value is left to serde.
            !rules.is_closed()
        });
        for name in rules.required().filter(|name| !seen.contains(*name)) {
            let Some((_, schema)) = rules.properties().find(|(known, _)| *known == name) else {
                continue;
            };
            let rules = self.schema.rules(schema);
            // A misspelt key has already been reported with this one as the suggestion.
            if !meant.contains(&name) {
                let expected = self.schema.expected(&rules, self.format);
                self.faults.push(Fault::missing(place, &joined(key, name), expected));
            }
            members.push((name.to_owned(), self.schema.filler(&rules)));
        }
    }

    fn tagged(&mut self, key: &str, rules: &Rules, (tag, words): (&str, &[&str]), node: &mut Node) {
        let Content::Table(members) = &node.content else { return self.wrong(key, rules, node) };
        let own = joined(key, tag);
        let found = members.iter().find(|(name, _)| name == tag);
        let shape = found.and_then(|(_, value)| rules.tagged(tag, value.word()?));
        let fault = match (found, shape) {
            (_, Some(shape)) => {
                let mut shape = self.schema.rules(shape);
                // The word is known, but as an alias it is not the constant of the schema.
                shape.frees(tag);
                return self.value(key, &shape, node);
            }
            (None, _) => Fault::missing(node.place, &own, listed(words)),
            (Some((_, value)), _) => {
                let meant = value.word().and_then(|word| nearest(word, words.iter().copied()));
                let meant = meant.map(|meant| format!("; did you mean {meant}?"));
                let expected = format!("{}{}", listed(words), meant.unwrap_or_default());
                Fault::value(value.place, &own, &value.shown(), expected)
            }
        };
        self.faults.push(fault);
        node.content = self.schema.filler(rules).content;
    }

    fn list(&mut self, key: &str, rules: &Rules, node: &mut Node) {
        let Content::List(items) = &mut node.content else { return self.wrong(key, rules, node) };
        let pair = rules.get("prefixItems").and_then(|items| items.as_array());
        let count = |keyword| rules.get(keyword).and_then(serde_json::Value::as_u64);
        let long = items.len() as u64;
        if count("minItems").is_some_and(|least| long < least)
            || count("maxItems").is_some_and(|most| long > most)
        {
            return self.wrong(key, rules, node);
        }
        let each = rules.get("items").map(|schema| self.schema.rules(schema));
        for (at, item) in items.iter_mut().enumerate() {
            let own = pair.and_then(|pair| pair.get(at)).map(|schema| self.schema.rules(schema));
            let Some(rules) = own.as_ref().or(each.as_ref()) else { continue };
            // TOML does not number the tables of a list; there the line tells them apart.
            let key = match self.format {
                Format::Toml => key.to_owned(),
                Format::Json => format!("{key}[{at}]"),
            };
            self.value(&key, rules, item);
        }
    }

    /// Checks a value that may have one of several shapes, told apart by their JSON types.
    fn either(&mut self, key: &str, rules: &Rules, node: &mut Node) {
        let shapes: Vec<Rules> =
            rules.alternatives().iter().map(|shape| self.schema.rules(shape)).collect();
        let like = |shape: &&Rules| match &node.content {
            Content::List(_) => shape.allows("array"),
            Content::Table(_) => shape.is_table() || shape.tag().is_some(),
            Content::Scalar(_) => Schema::fits(shape, node),
        };
        match shapes.iter().find(like) {
            Some(shape) => self.value(key, shape, node),
            None => self.wrong(key, rules, node),
        }
    }
}

fn joined(key: &str, name: &str) -> String {
    if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") }
}

/// A suggestion in place of an unknown key.
fn instead(near: Option<&str>, known: &[&str]) -> String {
    match near {
        Some(meant) => format!("did you mean {meant}?"),
        None if known.is_empty() => "leave it out".to_owned(),
        None => format!("expected {}", listed(known).replace('"', "")),
    }
}
