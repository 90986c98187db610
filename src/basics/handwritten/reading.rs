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
    /// What it says, with values that fit in place of those that do not.
    value: Option<T>,
    /// Before anything was put in place of anything.
    tree: Tree,
    faults: Vec<Fault>,
}

/// Reads TOML.
///
/// # Errors
/// Everything that is wrong with it.
pub fn from_toml<T: JsonSchema + DeserializeOwned>(text: &str) -> Result<T, Faults> {
    Reading::of(Tree::toml(text)?).finish()
}

/// Reads JSON.
///
/// # Errors
/// Everything that is wrong with it.
pub fn from_json<T: JsonSchema + DeserializeOwned>(text: &str) -> Result<T, Faults> {
    Reading::walked(Tree::json(text)?, Format::Json).finish()
}

/// The first value that is not what its type's schema demands; keys begin with `key`.
///
/// # Errors
/// [`OutOfRange`] with its key.
pub fn first_fault<T: JsonSchema + Serialize>(key: &str, value: &T) -> Result<(), OutOfRange> {
    let none = || OutOfRange::new(key, "what cannot be written", "numbers and texts");
    let text = serde_json::to_string(value).map_err(|_| none())?;
    let mut tree = Tree::json(&text).map_err(|_| none())?;
    let schema = Schema::of::<T>();
    let mut walk = Walk { schema: &schema, format: Format::Toml, faults: Vec::new() };
    walk.value(key, &schema.root(), &mut tree.0);
    walk.faults.into_iter().next().map_or(Ok(()), |fault| Err(fault.out_of_range()))
}

impl<T: JsonSchema + DeserializeOwned> Reading<T> {
    /// Reads TOML that has become a tree.
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
                // The walk finds what serde refuses; should it not, the key at least is named.
                if faults.is_empty() {
                    faults.push(refused(&tree.0, &error.path().to_string()));
                }
                None
            }
        };
        Self { value, tree, faults }
    }
}

/// A value that serde refuses although its schema allows it.
fn refused(tree: &Node, path: &str) -> Fault {
    let key: String = path.split('[').map(|p| p.split_once(']').map_or(p, |p| p.1)).collect();
    match tree.find(&key, "") {
        Some(node) => {
            let sentence = format!("{} cannot be used here", node.shown());
            Fault::says(node.place, &key, sentence)
        }
        None => Fault::says(Place::Whole, "", "a value in it cannot be used"),
    }
}

impl<T> Reading<T> {
    /// Notes values that do not go together, unless one of them is wrong by itself.
    #[must_use]
    pub fn hold(mut self, check: impl FnOnce(&T) -> Vec<Conflict>) -> Self {
        let found = self.value.as_ref().map(check).unwrap_or_default();
        for Conflict { fault: OutOfRange { key, value, expected }, with } in found {
            let wrong = |key: &str| {
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

    /// Adds faults that were found elsewhere.
    #[must_use]
    pub fn and(mut self, faults: Vec<Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    /// What the file says.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn finish(self) -> Result<T, Faults> {
        match self.value {
            Some(value) if self.faults.is_empty() => Ok(value),
            _ => Err(Faults::new(self.faults)),
        }
    }
}
