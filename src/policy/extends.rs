//! A policy that names only what it changes.
//!
//! It says `extends = "standard"`: its tables are laid over the standard ones key by key, its lists
//! (charges, rules, the prior curve) replace the standard ones as a whole, and
//! `without = ["price", "advance.reserve"]` removes sections. The result is a policy of its own, as
//! text. Offers and the service keep that text, so that a later standard policy cannot change the
//! terms they were made under. The policy therefore needs a name and version of its own.

use basics::handwritten::{Fault, Faults, Place, Tree, nearest};

/// The key that names the policy to extend.
const EXTENDS: &str = "extends";
/// The key that lists the sections to leave out.
const WITHOUT: &str = "without";
/// The name of the standard policy in faults.
const BASE: &str = "standard policy";

/// A policy laid over the one that it extends.
pub(super) struct Resolved {
    /// All its keys, those of the standard policy included.
    pub tree: Tree,
    /// Faults in how it extends.
    pub faults: Vec<Fault>,
    /// The text of all its keys; `None` if that is the file itself.
    pub text: Option<String>,
}

/// Lays a policy over the one that it extends.
///
/// # Errors
/// If the text is not TOML, or extends a policy other than the standard one.
pub(super) fn resolved(text: &str, standard: &str) -> Result<Resolved, Faults> {
    let mut own = Tree::toml(text)?;
    let Some(place) = own.place(EXTENDS) else {
        // Otherwise a misspelt `extends` would be reported as every key that the policy leaves out.
        let slip = own.keys().into_iter().find(|key| nearest(key, [EXTENDS]).is_some());
        if let Some(key) = slip {
            let place = own.place(&key).unwrap_or(Place::Whole);
            return Err(Fault::unknown(place, &key, format!("did you mean {EXTENDS}?")).into());
        }
        let mut faults = Vec::new();
        if let Some(place) = own.place(WITHOUT) {
            // Removed, or it would be reported as an unknown key as well.
            own.remove(WITHOUT);
            let only = "works only with extends = \"standard\"; in this policy, delete the section \
                        instead";
            faults.push(Fault::says(place, WITHOUT, only));
        }
        return Ok(Resolved { tree: own, faults, text: None });
    };
    if own.text(EXTENDS) != Some("standard") {
        let what = own.shown(EXTENDS);
        let expected = "\"standard\", the only policy that can be extended";
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
            let expected = format!("a {key} of its own, because it is not the standard policy");
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
    // The text travels with offers, apart from the file: it says itself what it was made from.
    let header = format!(
        "# The standard policy, version {version}, with these changes:\n# {}\n\n",
        changed.join(", ")
    );
    let tree = base.under(BASE, own);
    let text = header + &tree.to_toml();
    Ok(Resolved { tree, faults, text: Some(text) })
}

/// Removes from the standard policy the sections that the policy leaves out.
fn left_out(own: &Tree, base: &mut Tree) -> Vec<Fault> {
    let Some(place) = own.place(WITHOUT) else { return Vec::new() };
    let Some(keys) = own.texts(WITHOUT) else {
        let expected = "a list of sections to leave out, such as [\"price\"]";
        return vec![Fault::value(place, WITHOUT, &own.shown(WITHOUT), expected)];
    };
    let known: Vec<String> = base.sections();
    let mut faults = Vec::new();
    for (key, place) in keys {
        let quoted = format!("\"{key}\"");
        // A section that is both taken away and given leaves open which is meant.
        if own.place(key).is_some() {
            let expected = "a section that this policy does not have itself";
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
