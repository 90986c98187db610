//! One file laid over another.

use super::fault::Place;
use super::tree::{Content, Node, Tree};

impl Tree {
    /// This file with what `over` says in place of what it says itself: tables key by key, lists
    /// and values as a whole. What stays of this file is marked as that of `name`.
    #[must_use]
    pub fn under(self, name: &'static str, over: Self) -> Self {
        let mut base = self.0;
        mark(&mut base, name);
        lay(&mut base, over.0);
        base.place = Place::Whole;
        Self(base)
    }

    /// Where a dotted key stands, if it does.
    pub fn place(&self, key: &str) -> Option<Place> {
        self.0.find(key, "").map(|node| node.place)
    }

    /// The keys of the file and of its tables, dotted: what it says.
    pub fn keys(&self) -> Vec<String> {
        let mut all = Vec::new();
        collect("", &self.0, &mut all);
        all
    }

    /// The tables of the file, dotted.
    pub fn sections(&self) -> Vec<String> {
        let mut all = Vec::new();
        headers("", &self.0, &mut all);
        all
    }

    /// The value of a key as a message quotes it.
    pub fn shown(&self, key: &str) -> String {
        self.0.find(key, "").map(Node::shown).unwrap_or_default()
    }

    /// The text of a key.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.0.find(key, "").and_then(Node::word)
    }

    /// The texts of a list with their places; `None` if it is no such list.
    pub fn texts(&self, key: &str) -> Option<Vec<(&str, Place)>> {
        let Content::List(items) = &self.0.find(key, "")?.content else { return None };
        items.iter().map(|item| Some((item.word()?, item.place))).collect()
    }

    /// Takes a dotted key out; whether it was there.
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
        // What a key is for holds for its new value as well.
        let comment = if over.comment.is_empty() { base.comment.clone() } else { over.comment };
        *base = Node { comment, ..over };
        return;
    };
    base.place = over.place;
    // A table in one piece becomes one with a header, as the other's.
    base.written.clear();
    let Content::Table(more) = over.content else { return };
    for (name, member) in more {
        match own.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => lay(known, member),
            None => own.push((name, member)),
        }
    }
}
