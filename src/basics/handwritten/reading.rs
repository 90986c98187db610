use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::OutOfRange;
use super::expected::Format;
use super::fault::{Conflict, Fault, Faults, Place};
use super::schema::Schema;
use super::tree::{Content, Node, Tree};
use super::walk::Walk;

/// A file that has been read as far as it can be.
#[derive(Debug)]
pub struct Reading<T> {
    /// The value read, with stand-ins for values that are wrong.
    value: Option<T>,
    /// The file as written, without stand-ins.
    tree: Tree,
    faults: Vec<Fault>,
}

/// Reads a value from TOML.
///
/// # Errors
/// If the text is not TOML or does not match the schema of `T`; all faults are listed.
pub fn from_toml<T: JsonSchema + DeserializeOwned>(text: &str) -> Result<T, Faults> {
    Reading::of(Tree::toml(text)?).finish()
}

/// Reads a value from JSON.
///
/// # Errors
/// If the text is not JSON or does not match the schema of `T`; all faults of the latter kind are
/// listed.
pub fn from_json<T: JsonSchema + DeserializeOwned>(text: &str) -> Result<T, Faults> {
    Reading::walked(Tree::json(text)?, Format::Json).finish()
}

/// Checks a value that a program has made against the schema of its type.
///
/// # Errors
/// If a value is outside its range; the error names the first one by its dotted key, which begins
/// with `key`.
pub fn first_fault<T: JsonSchema + Serialize>(key: &str, value: &T) -> Result<(), OutOfRange> {
    let none = || OutOfRange::new(key, "not writable as JSON", "numbers and text");
    let text = serde_json::to_string(value).map_err(|_| none())?;
    let mut tree = Tree::json(&text).map_err(|_| none())?;
    let schema = Schema::of::<T>();
    let mut walk = Walk { schema: &schema, format: Format::Toml, faults: Vec::new() };
    walk.value(key, &schema.root(), &mut tree.0);
    walk.faults.into_iter().next().map_or(Ok(()), |fault| Err(fault.out_of_range()))
}

impl<T: JsonSchema + DeserializeOwned> Reading<T> {
    /// Reads a value from parsed TOML.
    pub fn of(tree: Tree) -> Self {
        Self::walked(tree, Format::Toml)
    }

    fn walked(tree: Tree, format: Format) -> Self {
        let schema = Schema::of::<T>();
        let mut mended = tree.0.clone();
        let mut walk = Walk { schema: &schema, format, faults: Vec::new() };
        walk.value("", &schema.root(), &mut mended);
        let mut faults = walk.faults;
        let value = match serde_path_to_error::deserialize(mended.to_value()) {
            Ok(value) => Some(value),
            Err(error) => {
                // The walk should have found what serde refuses; if not, the key at least is named.
                if faults.is_empty() {
                    faults.push(refused(&tree.0, &error.path().to_string()));
                }
                None
            }
        };
        Self { value, tree, faults }
    }
}

/// The fault of a value that serde refuses although its schema allows it.
fn refused(tree: &Node, path: &str) -> Fault {
    // `a[0].b` becomes `a.b`: `find` looks through lists by itself.
    let key: String = path.split('[').map(|p| p.split_once(']').map_or(p, |p| p.1)).collect();
    match tree.find(&key, "") {
        Some(node) => {
            let sentence = format!("{} cannot be used here", node.shown());
            Fault::says(node.place, &key, sentence)
        }
        None => Fault::says(Place::Whole, "", "it contains a value that cannot be used here"),
    }
}

impl<T> Reading<T> {
    /// Adds the conflicts that `check` finds, unless one of the values is wrong by itself.
    #[must_use]
    pub fn hold(mut self, check: impl FnOnce(&T) -> Vec<Conflict>) -> Self {
        let found = self.value.as_ref().map(check).unwrap_or_default();
        for Conflict { fault: OutOfRange { key, value, expected }, with } in found {
            let wrong = |key: &str| {
                // A wrong table spoils its keys, and a wrong key its table.
                let below = |whole: &str, part: &str| {
                    part.strip_prefix(whole).is_some_and(|p| p.is_empty() || p.starts_with('.'))
                };
                self.faults.iter().any(|f| below(key, &f.key) || below(&f.key, key))
            };
            if wrong(&key) || with.iter().any(|key| wrong(key)) {
                continue;
            }
            let node = self.tree.0.find(&key, &value);
            let place = node.map_or(Place::Whole, |node| node.place);
            let scalar = node.filter(|node| matches!(node.content, Content::Scalar(_)));
            let found = scalar.map_or(value, Node::shown);
            self.faults.push(Fault::value(place, &key, &found, expected));
        }
        self
    }

    /// Adds faults found elsewhere.
    #[must_use]
    pub fn and(mut self, faults: Vec<Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    /// Returns the value.
    ///
    /// # Errors
    /// If the file has faults; all of them are listed.
    pub fn finish(self) -> Result<T, Faults> {
        match self.value {
            Some(value) if self.faults.is_empty() => Ok(value),
            _ => Err(Faults::new(self.faults)),
        }
    }
}
