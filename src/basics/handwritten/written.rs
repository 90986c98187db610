//! Trees written back as TOML.

use std::fmt::Write;

use super::tree::{Content, Node, Tree};

impl Tree {
    /// Formats the file as TOML: every value as written, with the comment after it.
    ///
    /// Comments on lines of their own are left out.
    pub fn to_toml(&self) -> String {
        let mut text = String::new();
        table(&mut text, "", self.0.members());
        text
    }
}

/// Writes the values of a table, then its tables, each with a header.
fn table(text: &mut String, path: &str, members: &[(String, Node)]) {
    // Values first: below a header they would belong to its table.
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

/// Returns true for a table that is not inline, and for a list of such tables.
fn has_header(node: &Node) -> bool {
    match &node.content {
        Content::Scalar(_) => false,
        Content::Table(_) => node.is_section(),
        Content::List(items) => !items.is_empty() && items.iter().all(Node::is_section),
    }
}

/// A key, quoted where TOML requires it.
fn bare(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(plain) {
        return key.to_owned();
    }
    toml::Value::from(key).to_string()
}
