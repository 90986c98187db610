//! Laws that hold for every calculator: examples that run, schemas that fit, refusals that name
//! what is wrong.

use factorage::app::calc::{CALCULATORS, calculator};
use serde_json::{Value, json};

/// The result of a calculator.
#[track_caller]
pub fn calc(name: &str, input: &Value) -> Value {
    let found = calculator(name).expect("a calculator").run(&input.to_string());
    found.unwrap_or_else(|error| panic!("{name} of {input}: {error}"))
}

/// Why a calculator refuses an input.
#[track_caller]
pub fn refusal(name: &str, input: &Value) -> String {
    let found = calculator(name).expect("a calculator").run(&input.to_string());
    found.expect_err("a refusal").to_string()
}

#[track_caller]
pub fn number(result: &Value, key: &str) -> f64 {
    result[key].as_f64().unwrap_or_else(|| panic!("{key} is no number in {result}"))
}

#[track_caller]
pub fn text<'a>(result: &'a Value, key: &str) -> &'a str {
    result[key].as_str().unwrap_or_else(|| panic!("{key} is no text in {result}"))
}

/// Within half a unit of the last digit that a source prints.
#[track_caller]
pub fn close(found: f64, printed: f64, decimals: i32) {
    let half = 0.5 * 10_f64.powi(-decimals) + 1e-12;
    assert!((found - printed).abs() <= half, "{found} is not {printed}");
}

#[test]
fn every_example_runs_and_fits_its_schema() {
    for calculator in CALCULATORS {
        let result = calculator.run(calculator.example);
        let result = result.unwrap_or_else(|error| panic!("{}: {error}", calculator.name));
        assert!(result["warnings"].is_array(), "{}", calculator.name);
        let example: Value = serde_json::from_str(calculator.example).expect("JSON");
        for (schema, members) in
            [(calculator.input_schema(), &example), (calculator.output_schema(), &result)]
        {
            let known = properties(&schema);
            for key in members.as_object().expect("an object").keys() {
                let told = key == "warnings" || known.contains(key);
                assert!(told, "{} has no word on {key}: {known:?}", calculator.name);
            }
        }
        let described = |value: &Value| value.get("description").is_some();
        assert!(described(&calculator.input_schema()), "{}", calculator.name);
        assert!(!calculator.source.is_empty() && !calculator.summary.is_empty());
    }
}

fn properties(schema: &Value) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    if let Some(members) = schema["properties"].as_object() {
        keys.extend(members.keys().cloned());
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        let name = part["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        keys.extend(name.map_or_else(|| properties(part), |n| properties(&schema["$defs"][n])));
    }
    keys
}

#[test]
fn an_unknown_key_is_refused_by_every_calculator() {
    for calculator in CALCULATORS {
        let mut example: Value = serde_json::from_str(calculator.example).expect("JSON");
        example["surprise"] = json!(1);
        let refused = calculator.run(&example.to_string()).expect_err("refused").to_string();
        assert!(refused.contains("surprise"), "{}: {refused}", calculator.name);
    }
}

/// Every place in an input: what its members and items are called, one below the other.
fn places(value: &Value, path: &str, all: &mut Vec<String>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, of)| (key.clone(), of)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, of)| (at.to_string(), of)).collect()
        }
        _ => return,
    };
    for (key, value) in below {
        let own = format!("{path}/{key}");
        all.push(own.clone());
        places(value, &own, all);
    }
}

#[test]
fn a_wrong_kind_of_value_is_named_by_every_calculator_in_our_words() {
    let mut count = 0;
    for calculator in CALCULATORS {
        let example: Value = serde_json::from_str(calculator.example).expect("JSON");
        let mut all = Vec::new();
        places(&example, "", &mut all);
        for path in all {
            let mut input = example.clone();
            *input.pointer_mut(&path).expect("it is there") = json!({ "no such thing": [] });
            let text = serde_json::to_string_pretty(&input).expect("JSON");
            let line = 1 + text.lines().position(|l| l.contains("no such thing")).expect("it");
            let told = calculator.run(&text).expect_err(&path).to_string();
            let key = path.split('/').rfind(|key| key.parse::<usize>().is_err()).expect("a key");
            assert!(told.contains(key), "{}: {told}", calculator.name);
            let near = [line - 1, line].map(|line| format!("line {line}: "));
            assert!(near.iter().any(|near| told.contains(near)), "{}: {told}", calculator.name);
            for raw in ["invalid type", "missing field", "unknown field", "variant", "column"] {
                assert!(!told.contains(raw), "{}: {told}", calculator.name);
            }
            count += 1;
        }
    }
    assert!(count > 200, "{count}");
}

#[test]
fn wrong_values_are_named() {
    let base =
        |plan: Value| json!({"amount": "1000", "advance_percent": 80, "day": 10, "plan": plan});
    for (plan, said) in [
        (json!([]), "plan = 0 charges: expected one or two charges"),
        (
            json!([{"kind": "flat", "percent": 101}]),
            "plan[0].percent = 101: expected a percent from 0 to 100",
        ),
        (
            json!([{"kind": "tired", "percent": 1}]),
            "plan[0].kind = \"tired\": expected one of flat, ",
        ),
        (
            json!([{"kind": "flat", "percent": 1, "on": "amount"}]),
            "plan[0].on: there is no such key; did you mean of?",
        ),
        (
            json!([{"kind": "periods", "periods": [], "after": "stop"}]),
            "plan[0].periods = []: expected a list of 1 to 365 items, each an object",
        ),
    ] {
        let refused = refusal("fee", &base(plan));
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn nothing_is_divided_by_zero() {
    for (name, input) in [
        ("dso", json!({"receivables": 1, "sales": 0})),
        (
            "cei",
            json!({"opening_receivables": 0, "sales": 5, "closing_receivables": 5, "closing_current": 5}),
        ),
        ("turnover", json!({"sales": 1, "opening_receivables": 0, "closing_receivables": 0})),
        ("hhi", json!({"balances": []})),
        ("hhi", json!({"balances": [1, -1]})),
    ] {
        let refused = refusal(name, &input);
        assert!(refused.contains("expected a number"), "{name}: {refused}");
    }
}
