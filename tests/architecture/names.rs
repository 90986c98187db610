//! The names that a file of a room uses: paths, followed through door files to the files that
//! define them.

use std::collections::{BTreeMap, BTreeSet};

use syn::UseTree;

use super::source::{Kind, Lexeme, Source};

/// A module: the folders and the file that lead to it, from the crate's root.
pub type Module = Vec<String>;

/// A `use` of a file: the name it brings, and the path behind it.
struct Import {
    /// Nothing for a glob.
    name: Option<String>,
    path: Module,
}

/// A file of a room and what it names.
pub struct File<'a> {
    pub source: &'a Source,
    pub module: Module,
    imports: Vec<Import>,
    /// Items that stand in it.
    items: BTreeSet<String>,
}

/// A room: its files by module.
pub struct Room<'a> {
    pub files: BTreeMap<Module, File<'a>>,
}

impl<'a> Room<'a> {
    pub fn of(sources: impl Iterator<Item = &'a Source>) -> Self {
        let file = |source: &'a Source| {
            let module = source.module();
            let file = File {
                source,
                imports: imports(source, &module),
                items: items(source),
                module: module.clone(),
            };
            (module, file)
        };
        Self { files: sources.map(file).collect() }
    }

    /// The file that defines what an absolute path names; nothing when that is outside the room.
    fn target(&self, path: &[String], depth: usize) -> Option<&Module> {
        // The longest beginning that is a file's module; what follows is a name in that file.
        let (module, file) =
            (0..=path.len()).rev().find_map(|length| self.files.get_key_value(&path[..length]))?;
        let Some(name) = path.get(module.len()) else { return Some(module) };
        if file.items.contains(name) || depth == 0 {
            return Some(module);
        }
        let rest = &path[module.len() + 1..];
        let behind = |import: &Import| [import.path.as_slice(), rest].concat();
        let named = file.imports.iter().find(|import| import.name.as_ref() == Some(name));
        if let Some(import) = named {
            return self.target(&behind(import), depth - 1);
        }
        let globs = file.imports.iter().filter(|import| import.name.is_none());
        let mut through = globs.filter_map(|glob| {
            let inside = self.files.get(&glob.path)?;
            inside.items.contains(name).then_some(&inside.module)
        });
        through.next().or(Some(module))
    }

    /// The files that a file names, with the line where it first does.
    pub fn named_by(&self, file: &File) -> BTreeMap<&Module, usize> {
        let mut found = BTreeMap::new();
        for (line, path) in paths(file) {
            // Names are passed on through a few doors at most; the limit ends doors that pass them
            // in a ring.
            if let Some(target) = self.target(&path, 8)
                && *target != file.module
            {
                found.entry(target).or_insert(line);
            }
        }
        found
    }
}

/// Names of the items that a file defines, those of tests left out.
fn items(source: &Source) -> BTreeSet<String> {
    let declares =
        ["fn", "struct", "enum", "trait", "type", "const", "static", "macro_rules", "mod"];
    let mut found = BTreeSet::new();
    for (at, lexeme) in source.lexemes.iter().enumerate() {
        if !lexeme.in_test && declares.contains(&lexeme.text.as_str()) {
            let name =
                source.lexemes[at + 1..].iter().find(|next| next.text != "!" && next.text != "mut");
            let opens = source.reads(at, &["mod"]) && source.reads(at + 2, &[";"]);
            found.extend(name.filter(|_| !opens).map(|name| name.text.clone()));
        }
    }
    found
}

/// The imports of a file from its own room, tests left out.
fn imports(source: &Source, module: &Module) -> Vec<Import> {
    let mut found = Vec::new();
    for item in &source.syntax.items {
        if let syn::Item::Use(item) = item {
            flatten(&item.tree, &mut Vec::new(), &mut found);
        }
    }
    let absolute = |(name, path): (Option<String>, Module)| {
        let path = from_root(&path, module, source.is_door())?;
        Some(Import { name, path })
    };
    found.into_iter().filter_map(absolute).collect()
}

fn flatten(tree: &UseTree, before: &mut Module, found: &mut Vec<(Option<String>, Module)>) {
    let with = |before: &Module, name: &str| [before.as_slice(), &[name.to_owned()]].concat();
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, found);
            before.pop();
        }
        UseTree::Group(group) => {
            group.items.iter().for_each(|tree| flatten(tree, before, found));
        }
        UseTree::Name(name) if name.ident == "self" => {
            // `use a::b::{self}` brings `b` itself.
            found.push((before.last().cloned(), before.clone()));
        }
        UseTree::Name(name) => {
            found.push((Some(name.ident.to_string()), with(before, &name.ident.to_string())));
        }
        UseTree::Rename(renamed) => {
            found
                .push((Some(renamed.rename.to_string()), with(before, &renamed.ident.to_string())));
        }
        UseTree::Glob(_) => found.push((None, before.clone())),
    }
}

/// A path as written in a module, from the crate's root; a door's paths may begin with a child.
/// Nothing for other crates.
fn from_root(path: &[String], module: &Module, is_door: bool) -> Option<Module> {
    let first = path.first()?;
    match first.as_str() {
        "crate" => Some(path[1..].to_vec()),
        "self" => Some([module, &path[1..]].concat()),
        "super" => {
            let supers = path.iter().take_while(|name| *name == "super").count();
            let kept = module.len().checked_sub(supers)?;
            Some([&module[..kept], &path[supers..]].concat())
        }
        // `use child::Name`: in a door it is a child; elsewhere a crate, or a module beside the
        // file's own.
        _ if is_door => Some([module, path].concat()),
        _ => None,
    }
}

/// Line and absolute path of everything that a file names in its room: imports, and paths in its
/// code.
fn paths(file: &File) -> Vec<(usize, Module)> {
    let source = file.source;
    let mut found = Vec::new();
    let mut at = 0;
    while at < source.lexemes.len() {
        let lexeme = &source.lexemes[at];
        let is_word = lexeme.kind == Kind::Word && !lexeme.in_test;
        let continues = at > 0
            && source.lexemes[at - 1].text == ":"
            && source.lexemes[at.saturating_sub(2)].text == ":";
        if !is_word || continues {
            at += 1;
            continue;
        }
        let mut path = vec![lexeme.text.clone()];
        let mut next = at + 1;
        while source.reads(next, &[":", ":"]) && is_word_at(source, next + 2) {
            path.push(source.lexemes[next + 2].text.clone());
            next += 3;
        }
        if let Some(path) = in_code(file, &path) {
            found.push((lexeme.first_line, path));
        }
        at = next;
    }
    found.extend(file.imports.iter().map(|import| (line_of(source, import), import.path.clone())));
    found
}

fn is_word_at(source: &Source, at: usize) -> bool {
    source.lexemes.get(at).is_some_and(|lexeme| lexeme.kind == Kind::Word)
}

/// A path of the code: from the root, or behind an imported module.
fn in_code(file: &File, path: &[String]) -> Option<Module> {
    if matches!(path[0].as_str(), "crate" | "super") && path.len() > 1 {
        return from_root(path, &file.module, false);
    }
    let child = [file.module.as_slice(), &path[..1]].concat();
    let import = file.imports.iter().find(|import| import.name.as_ref() == Some(&path[0]));
    match import {
        Some(import) if path.len() > 1 => Some([import.path.as_slice(), &path[1..]].concat()),
        None if path.len() > 1
            && !file.items.contains(&path[0])
            && file.source.text.contains(&format!("mod {};", path[0])) =>
        {
            Some([child.as_slice(), &path[1..]].concat())
        }
        _ => None,
    }
}

fn line_of(source: &Source, import: &Import) -> usize {
    let last = import.path.last();
    let named = |lexeme: &&Lexeme| Some(&lexeme.text) == last && !lexeme.in_test;
    source.lexemes.iter().find(named).map_or(1, |lexeme| lexeme.first_line)
}
