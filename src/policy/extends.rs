//! A policy that names only what it changes.
//!
//! It says `extends = "standard"`, and the rest is that of the standard policy: its tables are laid
//! over the standard ones key by key, its lists (charges, rules, the prior curve) replace them as a
//! whole, and `without = ["price", "advance.reserve"]` takes out what it does without. What comes
//! of it is a policy of its own, as text: offers and the service keep that text, so that no later
//! standard policy changes what they were made under. Its name and version are therefore never
//! those of the standard policy.

use basics::handwritten::{Fault, Faults, Place, Tree, nearest};

/// The key by which a policy says what it builds on.
const EXTENDS: &str = "extends";
/// The key of what it leaves out.
const WITHOUT: &str = "without";
/// How faults call what stands in the standard policy.
const BASE: &str = "standard policy";

/// A policy as it is read.
pub(super) struct Resolved {
    /// All that it says.
    pub tree: Tree,
    /// What is wrong with how it extends.
    pub faults: Vec<Fault>,
    /// The text of all that it says, where the file does not have it.
    pub text: Option<String>,
}

/// Lays a policy over the one that it extends.
///
/// # Errors
/// A file that is not TOML, or that extends what there is not.
pub(super) fn resolved(text: &str, standard: &str) -> Result<Resolved, Faults> {
    let mut own = Tree::toml(text)?;
    let Some(place) = own.place(EXTENDS) else {
        let slip = own.keys().into_iter().find(|key| nearest(key, [EXTENDS]).is_some());
        if let Some(key) = slip {
            let place = own.place(&key).unwrap_or(Place::Whole);
            return Err(Fault::unknown(place, &key, format!("did you mean {EXTENDS}?")).into());
        }
        let mut faults = Vec::new();
        if let Some(place) = own.place(WITHOUT) {
            own.remove(WITHOUT);
            let only = "it is for a policy that says extends = \"standard\"; this one leaves a \
                        section out by not having it";
            faults.push(Fault::says(place, WITHOUT, only));
        }
        return Ok(Resolved { tree: own, faults, text: None });
    };
    if own.text(EXTENDS) != Some("standard") {
        let what = own.shown(EXTENDS);
        let expected = "\"standard\", the one policy that can be extended";
        return Err(Fault::value(place, EXTENDS, &what, expected).into());
    }
    let mut base = Tree::toml(standard)?;
    let mut faults = left_out(&own, &mut base);
    let without = own.texts(WITHOUT).unwrap_or_default().into_iter();
    let without: Vec<String> = without.map(|(key, _)| format!("without {key}")).collect();
    own.remove(EXTENDS);
    own.remove(WITHOUT);
    for key in ["name", "version"] {
        if own.place(key).is_none() {
            let expected = format!("the {key} of this policy, which is not the standard policy");
            faults.push(Fault::missing(Place::Whole, key, expected));
        }
    }
    if let Some(place) = own.place("name").filter(|_| own.text("name") == base.text("name")) {
        let expected = "a name of its own, because it is not the standard policy";
        faults.push(Fault::value(place, "name", "\"standard\"", expected));
    }
    let version = base.text("version").unwrap_or_default();
    let changed = own.keys().into_iter().filter(|key| key != "name" && key != "version");
    let mut changed: Vec<String> = changed.collect();
    changed.extend(without);
    let header = format!(
        "# The standard policy, version {version}, with these changes:\n# {}\n\n",
        changed.join(", ")
    );
    let tree = base.under(BASE, own);
    let text = header + &tree.to_toml();
    Ok(Resolved { tree, faults, text: Some(text) })
}

/// Takes out of the standard policy what the policy does without.
fn left_out(own: &Tree, base: &mut Tree) -> Vec<Fault> {
    let Some(place) = own.place(WITHOUT) else { return Vec::new() };
    let Some(keys) = own.texts(WITHOUT) else {
        let expected = "a list of what the policy does without, such as [\"price\"]";
        return vec![Fault::value(place, WITHOUT, &own.shown(WITHOUT), expected)];
    };
    let known: Vec<String> = base.sections();
    let mut faults = Vec::new();
    for (key, place) in keys {
        let quoted = format!("\"{key}\"");
        if own.place(key).is_some() {
            let expected = "what this policy does not have itself";
            faults.push(Fault::value(place, WITHOUT, &quoted, expected));
        } else if !base.remove(key) {
            let meant = nearest(key, known.iter().map(String::as_str));
            let meant = meant.map_or_else(String::new, |meant| format!("; did you mean {meant}?"));
            let expected = format!("a section of the standard policy{meant}");
            faults.push(Fault::value(place, WITHOUT, &quoted, expected));
        }
    }
    faults
}
