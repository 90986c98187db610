//! One table of all debtors from every thread and file: joins the spellings of one name, and adds
//! the facts from customer lists and from the user's own debtor file.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use rayon::prelude::*;

use basics::{counted, folded, without_legal_form};
use intake::{Customer, Debtor, DebtorMaster, Note, warning};

/// The most names that a note lists.
const LISTED: usize = 20;

/// The debtors in the order (client, id), and for every table the new code of each old one.
pub(super) struct Merged {
    pub debtors: Vec<Debtor>,
    pub codes: Vec<Vec<u32>>,
    pub notes: Vec<Note>,
}

/// Joins the tables.
pub(super) fn merge(
    tables: Vec<Vec<Debtor>>,
    customers: &[Customer],
    master: &DebtorMaster,
) -> Merged {
    let (mut debtors, mut codes) = join_equal(tables);
    add_customers(&mut debtors, customers);
    // Before any merge, while each name still has its own debtor.
    let mut notes: Vec<Note> = several_names(&debtors).into_iter().collect();
    notes.extend(unknown_names(&debtors, master));
    let mut target = same_debtor(&debtors, &mut notes);
    let absent = merge_as_told(&debtors, master, &mut target);
    for at in join_parts(&debtors, &mut target) {
        debtors[at].forget_names();
    }
    let mut kept: Vec<u32> = Vec::new();
    let mut place = vec![0_u32; debtors.len()];
    for (at, &into) in target.iter().enumerate() {
        if into as usize == at {
            place[at] = kept.len() as u32;
            kept.push(at as u32);
        }
    }
    if kept.len() < debtors.len() {
        for (at, &into) in target.iter().enumerate() {
            if into as usize != at {
                place[at] = place[into as usize];
                let joined = debtors[at].clone();
                debtors[into as usize].merge(&joined);
            }
        }
        for (at, name) in absent {
            debtors[target[at] as usize].call(name);
        }
        let mut at = 0_u32;
        debtors.retain(|_| {
            at += 1;
            target[at as usize - 1] == at - 1
        });
        codes.iter_mut().flatten().for_each(|code| *code = place[*code as usize]);
    }
    // After the merges, so that what is one debtor already is not proposed.
    notes.extend(proposals(&debtors));
    // Facts last: the debtor file may use a spelling that only a merge has brought to the debtor.
    for debtor in &mut debtors {
        let facts = master.facts(&debtor.id, debtor.names().map(|(_, name)| name)).cloned();
        debtor.take_facts(facts);
    }
    let rank = canonical_order(&mut debtors);
    codes.iter_mut().flatten().for_each(|code| *code = rank[*code as usize]);
    Merged { debtors, codes, notes }
}

/// Joins the entries of all tables for one client and id.
fn join_equal(tables: Vec<Vec<Debtor>>) -> (Vec<Debtor>, Vec<Vec<u32>>) {
    let mut place: HashTable<u32> = HashTable::new();
    let hasher = DefaultHashBuilder::default();
    let mut merged: Vec<Debtor> = Vec::new();
    let mut codes: Vec<Vec<u32>> = Vec::new();
    for table in tables {
        let mut code = |debtor: Debtor| {
            let hash = |debtor: &Debtor| hasher.hash_one((&*debtor.client, &*debtor.id));
            let same = |&at: &u32| {
                let other = &merged[at as usize];
                other.id == debtor.id && other.client == debtor.client
            };
            if let Some(&at) = place.find(hash(&debtor), same) {
                merged[at as usize].merge(&debtor);
                return at;
            }
            let at = merged.len() as u32;
            place.insert_unique(hash(&debtor), at, |&at| hash(&merged[at as usize]));
            merged.push(debtor);
            at
        };
        codes.push(table.into_iter().map(&mut code).collect());
    }
    (merged, codes)
}

/// Puts the debtors in the order (client, id) and returns the new place of each.
fn canonical_order(debtors: &mut Vec<Debtor>) -> Vec<u32> {
    let mut order: Vec<(u32, Debtor)> = (0..).zip(std::mem::take(debtors)).collect();
    order.par_sort_unstable_by(|(_, a), (_, b)| (&a.client, &a.id).cmp(&(&b.client, &b.id)));
    let mut rank = vec![0_u32; order.len()];
    for (new, (old, _)) in order.iter().enumerate() {
        rank[*old as usize] = new as u32;
    }
    debtors.extend(order.into_iter().map(|(_, debtor)| debtor));
    rank
}

fn add_customers(debtors: &mut [Debtor], customers: &[Customer]) {
    if customers.is_empty() {
        return;
    }
    let mut of: HashMap<(&str, &str), &Customer> = HashMap::new();
    for customer in customers {
        let known = of.entry((&customer.client, &customer.id)).or_insert(customer);
        // Of two entries for one id the first in text order, whatever the order of the files.
        if customer.name < known.name {
            *known = customer;
        }
    }
    for debtor in debtors.iter_mut() {
        if let Some(customer) = of.get(&(&*debtor.client, &*debtor.id)) {
            debtor.take_customer(&customer.name, &customer.country);
        }
    }
}

/// For each debtor, the one that it is: itself, or another whose name it spells differently.
///
/// Names that differ only in case, punctuation and spaces are one debtor if no ids distinguish
/// them: debtors known only by name, together with the only debtor that has an id and this name. Of
/// several spellings the first in text order is kept.
fn same_debtor(debtors: &[Debtor], notes: &mut Vec<Note>) -> Vec<u32> {
    let of_name = sharing(debtors, |debtor| spellings(debtor).map(folded));
    let mut target: Vec<u32> = (0..debtors.len() as u32).collect();
    for same in of_name.values().filter(|same| same.len() > 1) {
        let ids: Vec<u32> =
            same.iter().copied().filter(|&at| !debtors[at as usize].by_name).collect();
        let mut named: Vec<u32> =
            same.iter().copied().filter(|&at| debtors[at as usize].by_name).collect();
        named.sort_by_key(|&at| &debtors[at as usize].id);
        let Some(&first) = named.first() else { continue };
        // If two ids bear the name, nobody can tell whose the rows without an id are: they stay a
        // debtor of their own.
        let into = if let [only] = ids.as_slice() { *only } else { first };
        named.iter().for_each(|&at| target[at as usize] = into);
        let mut texts: Vec<&str> =
            named.iter().map(|&at| debtors[at as usize].shown_name()).collect();
        texts.extend([debtors[into as usize].shown_name()]);
        texts.sort_unstable();
        texts.dedup();
        if texts.len() > 1 {
            notes.push(Note::new(
                warning::NAME_VARIANTS,
                format!("spellings read as one debtor: {}", listed(&texts)),
            ));
        }
    }
    target
}

/// A note on debtors whose rows give several names for one id, not just several spellings.
fn several_names(debtors: &[Debtor]) -> Option<Note> {
    let differ = |debtor: &&Debtor| {
        let mut names = debtor.names().map(|(_, name)| folded(name));
        let first = names.next();
        debtor.has_several_names() && names.any(|name| Some(name) != first)
    };
    let mut differing = debtors.iter().filter(differ);
    let first = differing.next()?;
    let names: Vec<&str> = first.names().map(|(_, name)| name).collect();
    Some(Note::new(
        warning::SEVERAL_NAMES,
        format!(
            "{} under one id (first: {} is {}); the alphabetically first name is shown",
            counted(
                1 + differing.count(),
                "debtor has several names",
                "debtors have several names"
            ),
            first.id,
            listed(&names)
        ),
    ))
}

/// Joins the debtors that the user declares to be one. If the real one is not in the ledger, as
/// where a customer has only jobs, its aliases are joined, and returned with the real name.
fn merge_as_told<'m>(
    debtors: &[Debtor],
    master: &'m DebtorMaster,
    target: &mut [u32],
) -> Vec<(usize, &'m str)> {
    let mut absent = Vec::new();
    let clients: BTreeSet<_> = debtors.iter().map(|debtor| &debtor.client).collect();
    for (alias, real) in master.merges() {
        // Within each client only: one id means different debtors in two ledgers.
        for &client in &clients {
            let named = |text: &str| {
                let own = (0..debtors.len()).filter(|&at| debtors[at].client == *client);
                own.filter(|&at| is_called(&debtors[at], text)).collect::<Vec<_>>()
            };
            let aliases = named(alias);
            let first = |of: &[usize]| of.iter().copied().min_by_key(|&at| &debtors[at].id);
            let into = first(&named(real)).or_else(|| {
                let same = master.merges().filter(|(_, other)| folded(other) == folded(real));
                let all: BTreeSet<usize> = same.flat_map(|(alias, _)| named(alias)).collect();
                let all: Vec<usize> = all.into_iter().collect();
                // One alone may as well be a typing error.
                let into = first(&all).filter(|_| all.len() > 1)?;
                absent.push((into, real));
                Some(into)
            });
            let Some(into) = into else { continue };
            for at in aliases {
                let (from, into) = (root(target, at), root(target, into));
                target[from] = into as u32;
            }
        }
    }
    flatten(target);
    absent
}

/// True if rows call a debtor so.
fn is_called(debtor: &Debtor, text: &str) -> bool {
    *debtor.id == *text || spellings(debtor).any(|name| folded(name) == folded(text))
}

/// Joins each customer that rows call a part of another with that other one, where its own rows do
/// not say so, and returns those joined. One that several debtors have as a part stays alone.
fn join_parts(debtors: &[Debtor], target: &mut [u32]) -> Vec<usize> {
    let mut parents: BTreeMap<(&str, &str), Option<usize>> = BTreeMap::new();
    for (at, debtor) in debtors.iter().enumerate() {
        for child in &debtor.children {
            let only = parents.entry((&debtor.client, child)).or_insert(Some(at));
            *only = only.filter(|&known| root(target, known) == root(target, at));
        }
    }
    if parents.is_empty() {
        return Vec::new();
    }
    let key = |debtor: &Debtor| (debtor.client.clone(), debtor.id.clone());
    let parent = |debtor: &Debtor| *parents.get(&(&*debtor.client, &*debtor.id))?;
    let mut parts: Vec<(usize, usize)> =
        (0..debtors.len()).filter_map(|at| Some((at, parent(&debtors[at])?))).collect();
    // In a circle the last one to be joined is the debtor, which must not depend on row order.
    parts.sort_by_cached_key(|&(at, _)| key(&debtors[at]));
    let before = target.to_vec();
    for (at, parent) in parts {
        let (from, into) = (root(target, at), root(target, parent));
        target[from] = into as u32;
    }
    flatten(target);
    (0..debtors.len()).filter(|&at| target[at] != before[at]).collect()
}

/// Leads each debtor directly to the one into which it is merged in the end.
fn flatten(target: &mut [u32]) {
    for at in 0..target.len() {
        target[at] = root(target, at) as u32;
    }
}

/// A note on names in the debtor file that no debtor has, so that its facts have no effect.
fn unknown_names(debtors: &[Debtor], master: &DebtorMaster) -> Option<Note> {
    // Early, because a ledger may have a million names to put into a table.
    master.expected().next()?;
    let ids: HashSet<&str> = debtors.iter().map(|debtor| &*debtor.id).collect();
    let names: HashSet<String> = debtors.iter().flat_map(spellings).map(folded).collect();
    let unknown =
        master.expected().filter(|(_, name)| !ids.contains(name) && !names.contains(&folded(name)));
    let unknown: Vec<String> =
        unknown.map(|(line, name)| format!("{name} (line {line})")).collect();
    let listed = listed(&unknown.iter().map(String::as_str).collect::<Vec<_>>());
    (!unknown.is_empty()).then(|| {
        Note::new(
            warning::UNKNOWN_DEBTOR,
            format!("the debtor file names debtors that are not in the ledger: {listed}"),
        )
    })
}

/// The debtor into which the one at `at` is merged in the end.
fn root(target: &[u32], mut at: usize) -> usize {
    while target[at] as usize != at {
        at = target[at] as usize;
    }
    at
}

/// The debtors that share a key, by client and key. A ledger may have a million debtors, most of
/// which share no key, so they are sorted out by hash before any table of texts is made.
fn sharing<'a, K: Iterator<Item = String>>(
    debtors: &'a [Debtor],
    keys: impl Fn(&'a Debtor) -> K,
) -> BTreeMap<(&'a str, String), Vec<u32>> {
    let hasher = DefaultHashBuilder::default();
    let mut hashes: Vec<(u64, u32)> = Vec::with_capacity(debtors.len());
    for (at, debtor) in (0..).zip(debtors) {
        let hash = |key: String| (hasher.hash_one((&*debtor.client, key)), at);
        hashes.extend(keys(debtor).map(hash));
    }
    hashes.par_sort_unstable();
    hashes.dedup();
    let shared = hashes.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1).flatten();
    let mut shared: Vec<u32> = shared.map(|&(_, at)| at).collect();
    // Back to the order of the debtors: hashes differ from run to run.
    shared.sort_unstable();
    shared.dedup();
    let mut found: BTreeMap<(&str, String), Vec<u32>> = BTreeMap::new();
    for at in shared {
        let debtor = &debtors[at as usize];
        for key in keys(debtor) {
            let same = found.entry((&debtor.client, key)).or_default();
            // Two spellings of one debtor may give the same key; its keys come one after the other.
            if same.last() != Some(&at) {
                same.push(at);
            }
        }
    }
    found
}

/// Names as a note lists them: the first ones, and the number of the others.
fn listed(names: &[&str]) -> String {
    let shown = names.iter().take(LISTED).map(|name| format!("'{name}'")).collect::<Vec<_>>();
    let more = names.len().saturating_sub(LISTED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    shown.join(", ") + &more
}

/// The names that rows may use for a debtor.
fn spellings(debtor: &Debtor) -> impl Iterator<Item = &str> {
    let own = debtor.by_name.then_some(&*debtor.id);
    own.into_iter().chain(debtor.names().map(|(_, name)| name))
}

/// Notes on debtors whose names differ only in their legal form. They are not joined, because an
/// Inc. and an LLC of one name may well be two companies.
fn proposals(debtors: &[Debtor]) -> Vec<Note> {
    let stems = sharing(debtors, |debtor| without_legal_form(debtor.shown_name()).into_iter());
    let names = |same: Vec<u32>| same.iter().map(|&at| debtors[at as usize].shown_name()).collect();
    let several = stems.into_values().filter(|same| same.len() > 1).map(names);
    let note = |mut names: Vec<&str>| {
        names.sort_unstable();
        names.dedup();
        (names.len() > 1).then(|| {
            let names = listed(&names);
            Note::new(
                warning::MERGE_PROPOSAL,
                format!(
                    "{names} differ only in their legal form and are kept separate; if they are \
                     one debtor, join them with same_as in a --debtors file"
                ),
            )
        })
    };
    several.filter_map(note).collect()
}
