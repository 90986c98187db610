use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::*;
use crate::{Amount, Currency, OutOfRange, Rate};

/// One key of every kind.
#[derive(Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Kinds {
    #[schemars(range(min = 1, max = 10))]
    count: u8,
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 100))]
    share_percent: Rate,
    #[schemars(extend("minimum" = 0))]
    amount: Amount,
    currency: Currency,
    day: NaiveDate,
    flag: Option<bool>,
    names: Names,
    point: (i32, f64),
    shape: Shape,
    #[serde(default)]
    words: BTreeMap<String, String>,
}

#[derive(Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
enum Names {
    One(String),
    More(Vec<String>),
}

#[derive(Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Shape {
    #[serde(alias = "disc")]
    #[schemars(extend("x-aliases" = ["disc"]))]
    Circle {
        radius: f64,
    },
    Square {
        side: f64,
    },
}

const GOOD: &str = "count = 0x0a\nshare_percent = 0.5\namount = \"12.50\"\ncurrency = \"USD\"\n\
                    day = 2026-05-31\nnames = [\"a\", 'b']\npoint = [-1, 2]\n\
                    shape = { kind = \"disc\", radius = 1.5 }\n[words]\n\"a b\" = \"c\" # why\n";

#[track_caller]
fn told(text: &str) -> Vec<String> {
    let faults = from_toml::<Kinds>(text).expect_err(text);
    faults.all().iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_well_written_is_read_from_toml_and_json() {
    let read: Kinds = from_toml(GOOD).expect("good");
    assert_eq!((read.count, read.names.clone_len(), read.point), (10, 2, (-1, 2.0)));
    assert_eq!(read.shape, Shape::Circle { radius: 1.5 });
    let json = serde_json::to_string(&read).expect("JSON");
    assert_eq!(from_json::<Kinds>(&json).expect("good"), read);
    let again = Tree::toml(GOOD).expect("TOML").to_toml();
    assert_eq!(from_toml::<Kinds>(&again).expect(&again), read);
    assert!(again.contains("[words]\n\"a b\" = \"c\" # why\n"), "{again}");
}

impl Names {
    fn clone_len(&self) -> usize {
        if let Self::More(all) = self { all.len() } else { 1 }
    }
}

#[test]
fn every_kind_of_fault_is_told_in_its_line() {
    let text = "count = 11\nshare_percent = 100\namount = \"12,50\"\ncurrency = \"dollar\"\n\
                day = 12:00:00\nflag = \"no\"\nnames = 1\npoint = [1]\n\
                shape = { kind = \"circle\", radius = \"x\", colour = 1 }\n[words]\na = 1\n";
    assert_eq!(
        told(text),
        [
            "line 1: count = 11: expected a whole number from 1 to 10",
            "line 2: share_percent = 100: expected a percent above 0 and below 100",
            "line 3: amount = \"12,50\": expected an amount of 0 or more",
            "line 4: currency = \"dollar\": expected an ISO 4217 code such as \"USD\"",
            "line 5: day = 12:00:00: expected a date such as \"2026-05-31\"",
            "line 6: flag = \"no\": expected true or false",
            "line 7: names = 1: expected a value in quotes, or a list, each a value in quotes",
            "line 8: point = [1]: expected a list of 2 values: a whole number from -2147483648 to \
             2147483647, a number",
            "line 9: shape.radius = \"x\": expected a number",
            "line 9: shape.colour: there is no such key; expected kind or radius",
            "line 11: words.a = 1: expected a value in quotes",
        ]
    );
    for (from, to, fault) in [
        (
            "count = 0x0a",
            "count = 99999999999999999999",
            "line 1: count = 99999999999999999999: expected a whole number from 1 to 10",
        ),
        (
            "count = 0x0a",
            "count = 2.0",
            "line 1: count = 2.0: expected a whole number from 1 to 10",
        ),
        ("0.5", "nan", "line 2: share_percent = nan: expected a percent above 0 and below 100"),
        (
            "\"disc\"",
            "\"cirle\"",
            "line 8: shape.kind = \"cirle\": expected \"circle\" or \"square\"; did you mean circle?",
        ),
        (
            "kind = \"disc\", ",
            "",
            "line 8: shape.kind is missing: expected \"circle\" or \"square\"",
        ),
        ("{ kind = \"disc\", radius = 1.5 }", "7", "line 8: shape = 7: expected a table"),
        ("[words]", "[[words]]", "line 9: words = a list of tables: expected a table"),
        ("count = ", "cuont = ", "line 1: cuont: there is no such key; did you mean count?"),
    ] {
        assert_eq!(told(&GOOD.replace(from, to)), [fault]);
    }
}

#[test]
fn json_is_told_by_line_and_place() {
    let text = "{\"count\": 1,\n \"count\": 2,\n \"point\": [\n1,\n\"x\"],\n \"flag\": null}";
    let faults = from_json::<Kinds>(text).expect_err("wrong");
    let told = faults.to_string();
    assert!(told.contains("line 2: count is given twice"), "{told}");
    assert!(told.contains("line 5: point[1] = \"x\": expected a number"), "{told}");
    assert!(told.contains("shape is missing: expected an object"), "{told}");
    assert_eq!(told.lines().count(), 1 + faults.all().len());
    let deep = "[".repeat(100_000);
    assert!(from_json::<Kinds>(&deep).is_err());
}

#[test]
fn of_many_faults_the_first_are_told_and_the_others_counted() {
    let words: Vec<String> = (0..70).map(|n| format!("w{n} = 1\n")).collect();
    let words = words.concat();
    let faults = from_toml::<Kinds>(&format!("{GOOD}{words}")).expect_err("wrong");
    let told = faults.to_string();
    assert_eq!((faults.all().len(), told.lines().count()), (70, 52));
    assert!(told.starts_with("70 faults\n") && told.ends_with("\n  and 20 more"), "{told}");
}

#[test]
fn conflicts_are_told_unless_one_of_them_is_wrong_itself() {
    let check = |kinds: &Kinds| {
        let fault = OutOfRange::new("count", kinds.count, "fewer than that");
        vec![Conflict::new(fault, &["shape.radius"])]
    };
    let told = |text: &str| {
        let reading = Reading::<Kinds>::of(Tree::toml(text).expect("TOML")).hold(check);
        reading.finish().expect_err("a conflict").to_string()
    };
    assert_eq!(told(GOOD), "line 1: count = 0x0a: expected fewer than that");
    assert_eq!(
        told(&GOOD.replace("1.5", "\"x\"")),
        "line 8: shape.radius = \"x\": expected a number"
    );
    let two = told(&GOOD.replace("'b'", "5"));
    assert_eq!(two.lines().count(), 3, "{two}");
}

#[test]
fn one_file_is_laid_over_another_key_by_key() {
    let base = Tree::toml("a = 1 # why\n[t]\nx = 1\ny = [1,\n 2]\n[t.u]\nz = 1\n").expect("TOML");
    let over = Tree::toml("t.u = { z = 3 }\nb = 2\n[[l]]\nk = 1\n").expect("TOML");
    let text = base.under("base", over).to_toml();
    assert_eq!(
        text,
        "a = 1 # why\nb = 2\n\n[t]\nx = 1\ny = [1,\n 2]\n\n[t.u]\nz = 3\n\n[[l]]\nk = 1\n"
    );
}

#[test]
fn a_value_that_was_made_by_a_program_is_held_against_the_same_ranges() {
    let good: Kinds = from_toml(GOOD).expect("good");
    assert_eq!(first_fault("kinds", &good), Ok(()));
    let wrong = Kinds { count: 12, ..good };
    let fault = OutOfRange::new("kinds.count", 12, "a whole number from 1 to 10");
    assert_eq!(first_fault("kinds", &wrong), Err(fault));
}
