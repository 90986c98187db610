//! Links: those between pages on the rendered HTML, those to files in the checkout.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use factorage::guide;

/// The links of a file that lead nowhere.
pub fn dangling(path: &str) -> Vec<String> {
    let text = fs::read_to_string(path).expect("a page");
    let folder = Path::new(path).parent().expect("a folder");
    let mut found = Vec::new();
    for target in targets(&text) {
        // What lies elsewhere cannot be checked without a network.
        if target.starts_with("https://") || target == "/docs/api" {
            continue;
        }
        let (file, anchor) = target.split_once('#').unwrap_or((target.as_str(), ""));
        let is_there = file.is_empty() || folder.join(file).exists();
        if !is_there || (!anchor.is_empty() && !has_heading(path, file, anchor)) {
            found.push(format!("{path}: {target} leads nowhere"));
        }
    }
    let served = path.strip_prefix("src/guide/").and_then(|name| name.strip_suffix(".md"));
    found.extend(served.iter().flat_map(|name| dangling_in_html(name)));
    found
}

/// True if a page of the guide, named as seen from this one, has a heading with this anchor.
fn has_heading(path: &str, file: &str, anchor: &str) -> bool {
    let named = if file.is_empty() { path } else { file };
    let name = Path::new(named).file_stem().expect("a name").to_string_lossy();
    guide::page(&name).is_some_and(|page| anchors(&page.html).contains(anchor))
}

/// Targets in Markdown, those in code left out.
fn targets(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        in_block ^= line.starts_with("```");
        if in_block {
            continue;
        }
        for part in line.split("](").skip(1) {
            found.push(part.split(')').next().unwrap_or_default().to_owned());
        }
    }
    found
}

fn anchors(html: &str) -> BTreeSet<&str> {
    html.split(" id=\"").skip(1).filter_map(|part| part.split('"').next()).collect()
}

/// The same on the page that the service shows: no anchor twice, and every link leads on.
fn dangling_in_html(name: &str) -> Vec<String> {
    let page = guide::page(name).expect("a page");
    let address = |name: &str| match name {
        "index" => "/docs".to_owned(),
        other => format!("/docs/{other}"),
    };
    let known: BTreeMap<String, BTreeSet<&str>> =
        guide::pages().iter().map(|page| (address(page.name), anchors(&page.html))).collect();
    let mut found = Vec::new();
    let all = page.html.matches(" id=\"").count();
    if anchors(&page.html).len() != all {
        found.push(format!("{name}: two headings have one anchor"));
    }
    for target in page.html.split(" href=\"").skip(1).filter_map(|part| part.split('"').next()) {
        if target.starts_with("https://") || target == "/docs/api" {
            continue;
        }
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let path = if path.is_empty() { address(name) } else { path.to_owned() };
        let leads = known.get(&path).is_some_and(|ids| anchor.is_empty() || ids.contains(anchor));
        if !leads {
            found.push(format!("{}: {target} leads nowhere", address(name)));
        }
    }
    found
}
