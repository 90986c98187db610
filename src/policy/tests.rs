use toml::{Table, Value};

use super::policy::{Policy, STANDARD};

/// The faults that the reader finds in a policy.
#[track_caller]
fn refused(text: &str) -> Vec<String> {
    let faults = text.parse::<Policy>().expect_err(text).0;
    faults.all().iter().map(ToString::to_string).collect()
}

fn standard() -> Table {
    STANDARD.parse().expect("TOML")
}

/// Every key of the standard policy, dotted, its tables before what is in them; charges by their
/// own keys.
fn keys(path: &[String], value: &Value, all: &mut Vec<Vec<String>>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) if items.iter().all(Value::is_table) => {
            items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect()
        }
        _ => return,
    };
    for (key, value) in members {
        let own = [path, &[key]].concat();
        all.push(own.clone());
        keys(&own, value, all);
    }
}

fn place<'a>(root: &'a mut Value, path: &[String]) -> &'a mut Value {
    path.iter().fold(root, |at, key| match at {
        Value::Array(items) => &mut items[key.parse::<usize>().expect("a number")],
        at => at.get_mut(key).expect("the key"),
    })
}

fn dotted(path: &[String]) -> String {
    let names = path.iter().filter(|key| key.parse::<usize>().is_err());
    names.map(String::as_str).collect::<Vec<_>>().join(".")
}

#[test]
fn a_wrong_kind_of_value_is_named_with_key_and_line_whatever_the_key() {
    let root = Value::Table(standard());
    let mut all = Vec::new();
    keys(&[], &root, &mut all);
    assert!(all.len() > 70, "{}", all.len());
    for path in all {
        let mut changed = root.clone();
        *place(&mut changed, &path) = Value::Array(vec!["no such thing".into()]);
        let text = toml::to_string(&changed).expect("TOML");
        let line = 1 + text.lines().position(|line| line.contains("no such thing")).expect("it");
        let key = dotted(&path);
        let told = refused(&text);
        let [fault] = told.as_slice() else { panic!("{key}: {told:?}") };
        let named = [" = ", " is missing", ": "].map(|then| format!("line {line}: {key}{then}"));
        assert!(named.iter().any(|named| fault.starts_with(named)), "{key}: {fault}");
        assert!(fault.contains("expected "), "{key}: {fault}");
    }
}

#[test]
fn a_key_that_is_missing_is_named_or_not_needed() {
    let root = Value::Table(standard());
    let mut all = Vec::new();
    keys(&[], &root, &mut all);
    let mut needed = 0;
    for path in all.iter().filter(|path| path.last().is_some_and(|key| key != "0")) {
        let mut changed = root.clone();
        let (last, above) = path.split_last().expect("a key");
        place(&mut changed, above).as_table_mut().expect("a table").remove(last);
        let text = toml::to_string(&changed).expect("TOML");
        let Err(error) = text.parse::<Policy>() else { continue };
        needed += 1;
        let told = error.to_string();
        // What another key asks for is missing as its value.
        let missing = [" is missing: ", " = missing: "].map(|is| dotted(path) + is + "expected ");
        assert!(missing.iter().any(|missing| told.contains(missing)), "{told}");
        assert_eq!(error.0.all().len(), 1, "{told}");
    }
    assert!(needed > 40, "{needed}");
}

#[test]
fn eight_faults_are_told_at_once() {
    let text = STANDARD
        .replace("past_due_days = 60", "past_due_days = \"sixty\"")
        .replace("valid_days = 14", "valid_dayz = 14")
        .replace("rate_percent = 85", "rate_percent = 8500")
        .replace("by = \"debtor\"", "by = \"debtors\"")
        .replace("first_days = 30", "first_days = 3000")
        .replace("assumed_currency = \"USD\"", "assumed_currency = \"USX\"")
        .replace("lowest_percent = 0.5 ", "lowest_percent = 7 ")
        .replace("cost_percent = 8.0", "# cost_percent = 8.0");
    let line = |key: &str| 1 + text.lines().position(|line| line.starts_with(key)).expect(key);
    assert_eq!(
        refused(&text),
        [
            format!(
                "line {}: offer.valid_dayz: there is no such key; did you mean valid_days?",
                line("valid_dayz")
            ),
            format!(
                "line {}: ledger.assumed_currency = \"USX\": expected an ISO 4217 code such as \"USD\"",
                line("assumed_currency")
            ),
            format!(
                "line {}: eligibility.past_due_days = \"sixty\": expected a whole number from 0 to 3650",
                line("past_due_days")
            ),
            format!(
                "line {}: eligibility.concentration.by = \"debtors\": expected \"debtor\" or \"group\"; \
                 did you mean debtor?",
                line("by =")
            ),
            format!(
                "line {}: advance.rate_percent = 8500: expected a percent from 0 to 100",
                line("rate_percent")
            ),
            format!(
                "line {}: price.lowest_percent = 7: expected at most price.highest_percent, 6",
                line("lowest_percent")
            ),
            format!(
                "line {}: fee.first_days = 3000: expected a whole number from 0 to 365",
                line("first_days")
            ),
            format!(
                "line {}: funding.cost_percent is missing: expected a percent from 0 to 100",
                line("[funding]")
            ),
        ]
    );
}

#[test]
fn what_goes_with_a_wrong_value_is_not_held_against_others() {
    let text = STANDARD.replace("highest_percent = 6 ", "highest_percent = \"six\" ");
    assert_eq!(refused(&text).len(), 1, "{:?}", refused(&text));
}

#[test]
fn every_place_that_is_not_toml_is_named() {
    let told = refused("name = \"a\nversion = \n[offer\n\n");
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.iter().all(|fault| fault.contains("is not TOML: expected ")), "{told:?}");
    let told = refused("name = \"a\"\nname = \"b\"\n");
    assert_eq!(told, ["line 2: name is given twice"]);
}

const OWN: &str = "extends = \"standard\"\nname = \"own\"\nversion = \"3\"\n";

#[track_caller]
fn extended(more: &str) -> Policy {
    format!("{OWN}{more}").parse().unwrap_or_else(|error| panic!("{more}: {error}"))
}

/// Asserts that two policies say the same, whatever their texts.
#[track_caller]
fn same(one: &Policy, other: &Policy) {
    let said = |policy: &Policy| format!("{:?} {:?}", policy.terms, policy.prior());
    assert_eq!(said(one), said(other));
}

#[test]
fn a_policy_that_extends_is_the_full_file_with_its_changes() {
    let policy =
        extended("[eligibility]\npast_due_days = 45\n[[fee]]\nkind = \"flat\"\npercent = 2\n");
    let mut full = standard();
    full["name"] = "own".into();
    full["version"] = "3".into();
    full["eligibility"]["past_due_days"] = 45.into();
    let fee = "[[fee]]\nkind = \"flat\"\npercent = 2\n".parse::<Table>().expect("TOML");
    full["fee"] = fee["fee"].clone();
    same(&policy, &toml::to_string(&full).expect("TOML").parse().expect("a policy"));
    // The text stands by itself, comes out of itself again and says what was changed.
    let again: Policy = policy.text().parse().expect("its text");
    same(&policy, &again);
    assert_eq!(again.text(), policy.text());
    let head =
        "# The standard policy, version 1, with these changes:\n# eligibility.past_due_days, fee\n";
    assert!(policy.text().starts_with(head), "{}", policy.text());
    assert!(!policy.text().contains("extends"), "{}", policy.text());
}

#[test]
fn a_policy_does_without_what_it_names() {
    let policy =
        extended("without = [\"price\", \"advance.reserve\", \"confirm\", \"disclosure\"]\n");
    assert!(policy.price_terms().is_none() && policy.adequacy().is_none());
    assert!(policy.confirm().is_none() && policy.disclosure().is_none());
    let again: Policy = policy.text().parse().expect("its text");
    same(&policy, &again);
}

#[test]
fn every_key_of_the_standard_policy_may_be_written_again() {
    let mut table = standard();
    table.insert("extends".to_owned(), "standard".into());
    table.insert("name".to_owned(), "own".into());
    let policy: Policy = toml::to_string(&table).expect("TOML").parse().expect("a policy");
    table.remove("extends");
    same(&policy, &toml::to_string(&table).expect("TOML").parse().expect("a policy"));
}

#[test]
fn faults_of_extending_are_told_with_the_others() {
    let text = "extends = \"standard\"\nname = \"standard\"\nwithout = [\"prise\", \"price\", \"funding\"]\n\
                [price]\nhurdle_percent = 2000\n[advance.reserve]\nlowest_rate_percent = 90\n";
    assert_eq!(
        refused(text),
        [
            "funding is missing: expected a table",
            "version is missing: expected a version of its own, because it is not the standard policy",
            "line 2: name = \"standard\": expected a name of its own, because it is not the standard policy",
            "line 3: without = \"prise\": expected a section of the standard policy; did you mean price?",
            "line 3: without = \"price\": expected a section that this policy does not have itself",
            "line 5: price.hurdle_percent = 2000: expected a percent from 0 to 1000",
            "line 7: advance.reserve.lowest_rate_percent = 90: expected at most advance.rate_percent, 85",
        ]
    );
    for (text, told) in [
        (
            "extends = \"house\"\n",
            "line 1: extends = \"house\": expected \"standard\", the only policy that can be extended",
        ),
        ("extend = \"standard\"\n", "line 1: extend: there is no such key; did you mean extends?"),
    ] {
        assert_eq!(refused(text), [told]);
    }
    let conflict = format!("{OWN}[price]\nhighest_percent = 0.25\n");
    let told =
        "standard policy: price.lowest_percent = 0.5: expected at most price.highest_percent, 0.25";
    assert_eq!(refused(&conflict), [told]);
}

#[test]
fn the_sample_that_extends_is_a_policy() {
    let policy: Policy = include_str!("../../data/policies/cautious.toml").parse().expect("it");
    assert_eq!((policy.name(), policy.past_due_days()), ("cautious", 45));
}
