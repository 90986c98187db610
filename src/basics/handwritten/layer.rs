//! Overlays of one file over another, and look-ups by dotted key.

use super::fault::Place;
use super::tree::{Content, Node, Tree};

impl Tree {
    /// Overlays this file with `over`: tables key by key, lists and values as a whole.
    ///
    /// What remains of this file is marked as coming from `name`.
    #[must_use]
    pub fn under(self, name: &'static str, over: Self) -> Self {
        let mut base = self.0;
        // Before the overlay, whose values keep their own lines.
        mark(&mut base, name);
        lay(&mut base, over.0);
        // The root belongs to both files.
        base.place = Place::Whole;
        Self(base)
    }

    /// The place of a dotted key; `None` if the file does not have it.
    pub fn place(&self, key: &str) -> Option<Place> {
        self.0.find(key, "").map(|node| node.place)
    }

    /// The dotted keys of all values in the file.
    pub fn keys(&self) -> Vec<String> {
        let mut all = Vec::new();
        collect("", &self.0, &mut all);
        all
    }

    /// The dotted names of all tables in the file.
    pub fn sections(&self) -> Vec<String> {
        let mut all = Vec::new();
        headers("", &self.0, &mut all);
        all
    }

    /// The value of a dotted key as a message quotes it; empty if the file does not have it.
    pub fn shown(&self, key: &str) -> String {
        self.0.find(key, "").map(Node::shown).unwrap_or_default()
    }

    /// The string at a dotted key.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.0.find(key, "").and_then(Node::word)
    }

    /// The strings of a list with their places; `None` if the key holds anything else.
    pub fn texts(&self, key: &str) -> Option<Vec<(&str, Place)>> {
        let Content::List(items) = &self.0.find(key, "")?.content else { return None };
        items.iter().map(|item| Some((item.word()?, item.place))).collect()
    }

    /// Removes a dotted key and returns true if it was there.
    pub fn remove(&mut self, key: &str) -> bool {
        let mut node = &mut self.0;
        let (path, last) = key.rsplit_once('.').unwrap_or(("", key));
        for step in path.split('.').filter(|step| !step.is_empty()) {
            let Content::Table(members) = &mut node.content else { return false };
            let Some((_, next)) = members.iter_mut().find(|(name, _)| name == step) else {
                return false;
            };
            node = next;
        }
        let Content::Table(members) = &mut node.content else { return false };
        let before = members.len();
        members.retain(|(name, _)| name != last);
        members.len() < before
    }
}

fn headers(key: &str, node: &Node, all: &mut Vec<String>) {
    for (name, member) in node.members().iter().filter(|(_, member)| member.is_section()) {
        let own = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
        all.push(own.clone());
        headers(&own, member, all);
    }
}

fn collect(key: &str, node: &Node, all: &mut Vec<String>) {
    for (name, member) in node.members() {
        let own = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
        if member.is_section() { collect(&own, member, all) } else { all.push(own) }
    }
}

fn mark(node: &mut Node, name: &'static str) {
    node.place = Place::Base(name);
    match &mut node.content {
        Content::Scalar(_) => {}
        Content::List(items) => items.iter_mut().for_each(|item| mark(item, name)),
        Content::Table(members) => members.iter_mut().for_each(|(_, member)| mark(member, name)),
    }
}

fn lay(base: &mut Node, over: Node) {
    let (Content::Table(own), Content::Table(_)) = (&mut base.content, &over.content) else {
        // The comment explains the key, and so holds for the new value as well.
        let comment = if over.comment.is_empty() { base.comment.clone() } else { over.comment };
        *base = Node { comment, ..over };
        return;
    };
    base.place = over.place;
    // An inline table gets a header of its own: its text no longer holds all of its keys.
    base.written.clear();
    let Content::Table(more) = over.content else { return };
    for (name, member) in more {
        match own.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => lay(known, member),
            None => own.push((name, member)),
        }
    }
}
