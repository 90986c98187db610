use words::{Catalogue, Facts};

/// The sentence of this name, with these facts; the name stands here as it does in the catalogue,
/// so that a search finds both.
pub(crate) fn say(name: &str, facts: &Facts) -> String {
    Catalogue::english().say(name, facts)
}

/// The sentence of this name, which has no facts.
pub(crate) fn plain(name: &str) -> String {
    say(name, &Facts::new())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The catalogues that this room alone speaks from.
    const OWN: [&str; 3] = ["charts", "letters", "portfolio"];

    /// Each sentence, `message.attribute`, with the names of the facts that it asks for.
    fn sentences() -> BTreeMap<String, BTreeSet<String>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../words/en");
        let mut sentences: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for name in OWN {
            let text = fs::read_to_string(folder.join(name).with_extension("ftl")).expect("a file");
            let (mut message, mut sentence) = (String::new(), String::new());
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                if let Some(name) = line.strip_suffix(" =").filter(|name| !name.starts_with(' ')) {
                    name.clone_into(&mut message);
                    continue;
                }
                if let Some((name, _)) =
                    line.trim().strip_prefix('.').and_then(|l| l.split_once(" ="))
                {
                    sentence = format!("{message}.{name}");
                }
                let facts = sentences.entry(sentence.clone()).or_default();
                for fact in line.split('$').skip(1) {
                    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                    facts.insert(fact.chars().take_while(|&c| is_name(c)).collect());
                }
            }
        }
        sentences.retain(|name, _| !name.is_empty());
        sentences
    }

    fn sources(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, text);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                text.push_str(&fs::read_to_string(&path).expect("a source"));
            }
        }
    }

    #[test]
    fn every_sentence_can_be_said_with_its_facts() {
        let sentences = sentences();
        assert!(sentences.len() > 100, "{}", sentences.len());
        for (name, facts) in &sentences {
            let fact = |facts: Facts, name: &String| facts.with(name.clone().leak(), 2);
            let all = facts.iter().fold(Facts::new(), fact);
            let said = Catalogue::english().try_say(name, &all);
            assert!(said.is_ok_and(|said| !said.contains("  ")), "{name}");
        }
    }

    #[test]
    fn every_sentence_is_used_and_given_its_facts() {
        let mut source = String::new();
        sources(Path::new(env!("CARGO_MANIFEST_DIR")), &mut source);
        let sentences = sentences();
        for (name, facts) in &sentences {
            let quoted = format!("\"{name}\"");
            let at = source.find(&quoted).unwrap_or_else(|| panic!("nothing says {name}"));
            // Facts are gathered in the same function.
            let start = source[..at].rfind("\nfn ").max(source[..at].rfind("\n    fn "));
            let end = source[at..].find("\n}\n").map_or(source.len(), |end| at + end);
            let function = &source[start.unwrap_or(0)..end];
            for fact in facts {
                assert!(function.contains(&format!("(\"{fact}\"")), "{name}: no {fact}");
            }
        }
        // And nothing is said that the catalogues do not have.
        for literal in source.split('"').filter(|l| !l.contains([' ', '\n', '{'])) {
            if let Some((message, _)) = literal.split_once('.')
                && (["chart", "letter"].contains(&message)
                    || message.starts_with("letter-")
                    || message.starts_with("portfolio-"))
            {
                assert!(sentences.contains_key(literal), "{literal}");
            }
        }
    }
}
