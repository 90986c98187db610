//! The difference between a document and the offer that its ledger gives. They are compared member
//! by member as JSON, because a document that was changed may no longer fit any type.

use serde_json::Value;

/// A member that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The path of the member, such as `offer.parts[0].totals.fee`.
    pub path: String,
    /// The value in the document; `absent` if it lacks the member.
    pub document: String,
    /// The value that the ledger gives.
    pub recomputed: String,
}

impl Difference {
    /// Returns the first member, in the order of their names, in which a document differs from the
    /// one that was made again. Outside the offer, only members that follow from it count.
    pub fn first(document: &Value, recomputed: &Value) -> Option<Self> {
        // A member that is missing indexes as null: a document without an offer differs.
        first_difference("offer".to_owned(), &document["offer"], &recomputed["offer"])
            .or_else(|| beside(document, recomputed))
    }
}

/// Returns the names of a document's files, ledger and others, that are not among those of the one
/// made again, by their bytes.
pub fn other_files(document: &Value, recomputed: &Value) -> Vec<String> {
    let ours = files(recomputed);
    let unknown = |(_, sha256): &(String, String)| ours.iter().all(|(_, own)| own != sha256);
    files(document).into_iter().filter(unknown).map(|(name, _)| name).collect()
}

/// Returns the files that a document was made from, each with its name and its hash.
fn files(document: &Value) -> Vec<(String, String)> {
    let provenance = &document["provenance"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of = |name: &str| provenance[name].as_array().into_iter().flatten();
    let answers = Some(&provenance["confirmations"]).filter(|file| file.is_object());
    let all = of("ledger_files").chain(of("previous_files")).chain(answers);
    let all = all.map(|file| (text(&file["name"]), text(&file["sha256"])));
    // The file of the facility is known by its content alone.
    let facility = provenance["facility_sha256"].as_str();
    let facility = facility.map(|sha256| ("the facility".to_owned(), sha256.to_owned()));
    all.chain(facility).collect()
}

/// Returns the first change outside the offer: in its id, in what it was made by, or a member that
/// no offer has. Names and hashes of files may differ, and the envelope belongs to the issuer.
fn beside(document: &Value, recomputed: &Value) -> Option<Difference> {
    let provenance = ["engine", "engine_version", "as_of", "ledger_date", "policy_sha256"];
    let members = provenance.map(|member| ("provenance", Some(member)));
    let named = std::iter::once(("offer_id", None)).chain(members);
    let mut differences = named.filter_map(|(name, member)| {
        let of = |value: &Value| match member {
            Some(member) => value[name][member].clone(),
            None => value[name].clone(),
        };
        let path = member.map_or(name.to_owned(), |member| format!("{name}.{member}"));
        first_difference(path, &of(document), &of(recomputed))
    });
    differences.next().or_else(|| {
        let known = ["envelope", "offer", "offer_id", "provenance"];
        let mut members = document.as_object().into_iter().flatten();
        let unknown = members.find(|(name, _)| !known.contains(&name.as_str()));
        unknown.map(|(name, value)| Difference {
            path: name.clone(),
            document: shown(value),
            recomputed: shown(&Value::Null),
        })
    })
}

/// Returns the first member, in the order of their names, in which two values differ.
fn first_difference(path: String, document: &Value, recomputed: &Value) -> Option<Difference> {
    match (document, recomputed) {
        (Value::Object(a), Value::Object(b)) => {
            let missing = b.keys().filter(|key| !a.contains_key(*key));
            a.keys().chain(missing).find_map(|key| {
                let none = Value::Null;
                let [a, b] = [a, b].map(|members| members.get(key).unwrap_or(&none));
                first_difference(format!("{path}.{key}"), a, b)
            })
        }
        (Value::Array(a), Value::Array(b)) => {
            let longest = a.len().max(b.len());
            (0..longest).find_map(|index| {
                let none = Value::Null;
                let [a, b] = [a, b].map(|items| items.get(index).unwrap_or(&none));
                first_difference(format!("{path}[{index}]"), a, b)
            })
        }
        (a, b) if a == b => None,
        (a, b) => Some(Difference { path, document: shown(a), recomputed: shown(b) }),
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "absent".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    // By characters, because a cut within one would panic.
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_member_that_differs_is_named_with_both_values() {
        let made = json!({"offer": {"a": [1, {"b": "x"}], "c": null}, "offer_id": "1"});
        let found = |change: &dyn Fn(&mut Value)| {
            let mut document = made.clone();
            change(&mut document);
            let found = Difference::first(&document, &made)?;
            Some(format!("{}: {} {}", found.path, found.document, found.recomputed))
        };
        assert_eq!(found(&|_| ()), None);
        let told = found(&|d| d["offer"]["a"][1]["b"] = "y".into());
        assert_eq!(told.as_deref(), Some("offer.a[1].b: y x"));
        let told = found(&|d| d["offer"]["a"] = json!([1]));
        assert_eq!(told.as_deref(), Some("offer.a[1]: absent {\"b\":\"x\"}"));
        let told = found(&|d| d["offer"]["d"] = 2.into());
        assert_eq!(told.as_deref(), Some("offer.d: 2 absent"));
        assert_eq!(found(&|d| d["offer_id"] = "2".into()).as_deref(), Some("offer_id: 2 1"));
        let told = found(&|d| d["approved_by"] = "me".into());
        assert_eq!(told.as_deref(), Some("approved_by: me absent"));
        assert_eq!(found(&|d| d["envelope"] = json!({"status": "accepted"})), None, "its issuer's");
    }

    #[test]
    fn every_file_that_has_changed_is_named() {
        let of = |ledger: &str, previous: &str, answers: &str, facility: &str| {
            json!({"provenance": {
                "ledger_files": [{"name": "june.csv", "sha256": ledger}],
                "previous_files": [{"name": "may.csv", "sha256": previous}],
                "confirmations": {"name": "answers.csv", "sha256": answers},
                "facility_sha256": facility,
            }})
        };
        let made = of("1", "2", "3", "4");
        assert!(other_files(&made, &made).is_empty());
        assert_eq!(other_files(&made, &of("0", "2", "3", "4")), ["june.csv"]);
        assert_eq!(other_files(&made, &of("1", "2", "0", "4")), ["answers.csv"]);
        let all = ["june.csv", "may.csv", "answers.csv", "the facility"];
        assert_eq!(other_files(&made, &json!({})), all);
        assert!(other_files(&json!({}), &made).is_empty());
    }
}
