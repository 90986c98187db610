//! A tree as TOML again.

use std::fmt::Write;

use super::tree::{Content, Node, Tree};

impl Tree {
    /// The file as TOML: every value as it was written, with the comment behind it; comments on
    /// lines of their own are left out.
    pub fn to_toml(&self) -> String {
        let mut text = String::new();
        table(&mut text, "", self.0.members());
        text
    }
}

/// The values of a table, then the tables in it, each with a header.
fn table(text: &mut String, path: &str, members: &[(String, Node)]) {
    for (name, node) in members.iter().filter(|(_, node)| !has_header(node)) {
        line(text, &format!("{} = {}", bare(name), node.written), &node.comment);
    }
    for (name, node) in members.iter().filter(|(_, node)| has_header(node)) {
        let name = bare(name);
        let path = if path.is_empty() { name } else { format!("{path}.{name}") };
        if let Content::List(items) = &node.content {
            for item in items {
                line(text, &format!("\n[[{path}]]"), &item.comment);
                table(text, &path, item.members());
            }
        } else {
            line(text, &format!("\n[{path}]"), &node.comment);
            table(text, &path, node.members());
        }
    }
}

fn line(text: &mut String, says: &str, comment: &str) {
    let space = if comment.is_empty() { "" } else { " " };
    // Writing to a string does not fail.
    _ = writeln!(text, "{says}{space}{comment}");
}

/// A table that is not in one piece, or a list of such tables.
fn has_header(node: &Node) -> bool {
    match &node.content {
        Content::Scalar(_) => false,
        Content::Table(_) => node.is_section(),
        Content::List(items) => !items.is_empty() && items.iter().all(Node::is_section),
    }
}

/// A key, in quotes where it needs them.
fn bare(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(plain) {
        return key.to_owned();
    }
    toml::Value::from(key).to_string()
}
