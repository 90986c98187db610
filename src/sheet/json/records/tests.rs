use proptest::prelude::*;

use super::*;

fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
    let sheet = read_json(text).unwrap();
    let width = sheet.row(0).cells().map(|(column, ..)| column + 1).max().unwrap_or(0);
    let texts = |index| (0..width).map(|column| sheet.row(index).text(column).to_owned()).collect();
    (0..sheet.height()).map(|index| (sheet.row(index).line, texts(index))).collect()
}

fn row(line: u64, texts: &[&str]) -> (u64, Vec<String>) {
    (line, texts.iter().map(|&text| text.to_owned()).collect())
}

fn message(text: &str) -> String {
    read_json(text).unwrap_err().to_string()
}

#[test]
fn an_array_becomes_a_header_and_a_row_for_each_record() {
    let text = r#"[{"no":"A1","total":12.50,"open":true},
        {"total":-3,"no":null,"note":"late"}]"#;
    let expected = [
        row(1, &["no", "total", "open", "note"]),
        row(2, &["A1", "12.50", "true", ""]),
        row(3, &["", "-3", "", "late"]),
    ];
    assert_eq!(rows(text), expected);
    let sheet = read_json(text).unwrap();
    let kinds: Vec<_> = sheet.row(1).cells().map(|(_, kind, _)| kind).collect();
    assert_eq!(kinds, [CellKind::Text, CellKind::Number, CellKind::Bool]);
}

#[test]
fn numbers_keep_their_digits() {
    let text = r#"[{"a":0.1,"b":1e2,"c":12345678901234567890.12,"d":-0.00,"e":1.5E-3,"f":1e400}]"#;
    let expected = ["0.1", "100", "12345678901234567890.12", "-0.00", "0.0015", "1e400"];
    assert_eq!(rows(text)[1], row(2, &expected));
    let sheet = read_json(text).unwrap();
    assert_eq!(sheet.row(1).kind(4), Some(CellKind::Number));
    assert_eq!(sheet.row(1).kind(5), Some(CellKind::Text));
}

#[test]
fn nested_objects_become_dotted_columns_up_to_a_depth_of_four() {
    let text = r#"[{"a":{"b":{"c":{"d":1,"e":{"f":2}}}},"x":{}},{"a":{"g":3}}]"#;
    let expected = [row(1, &["a.b.c.d", "a.g"]), row(2, &["1", ""]), row(3, &["", "3"])];
    assert_eq!(rows(text), expected);
}

#[test]
fn arrays_of_scalars_are_joined_and_others_left_out() {
    let text = r#"[{"tags":["a",2,null,true],"lines":[{"x":1}],"grid":[[1]],"none":[]}]"#;
    assert_eq!(rows(text), [row(1, &["tags"]), row(2, &["a; 2; true"])]);
}

#[test]
fn a_key_that_is_null_or_an_object_makes_no_column_of_its_own() {
    let text = r#"[{"due":null,"customer":null},{"due":null,"customer":{"name":"Orme"}}]"#;
    let expected = [row(1, &["due", "customer.name"]), row(2, &["", ""]), row(3, &["", "Orme"])];
    assert_eq!(rows(text), expected);
}

#[test]
fn the_last_of_repeated_keys_wins_without_a_shift() {
    let text = r#"[{"a":1,"b":2,"a":3,"c":4},{"c":1,"c":null,"a":9}]"#;
    let expected = [row(1, &["a", "b", "c"]), row(2, &["3", "2", "4"]), row(3, &["9", "", ""])];
    assert_eq!(rows(text), expected);
}

#[test]
fn strings_are_decoded() {
    let text = r#"[{"n\u00e9":"\u00c9t\u00e9 \ud83d\ude00 \"x\" \\ y"}]"#;
    assert_eq!(rows(text), [row(1, &["né"]), row(2, &["Été 😀 \"x\" \\ y"])]);
    let broken = "[{\"a\":1},\n {\"é\":\"\\ud800\"}]";
    assert!(message(broken).starts_with("is damaged: line 2, column 1"), "{}", message(broken));
}

#[test]
fn ndjson_rows_keep_their_lines() {
    let text = "\u{feff}{\"a\":1}\r\n\r\n\n{\"a\":2,\"b\":[{\"c\":1}]}\n  {\"b\":3}\n\n";
    let expected =
        [row(1, &["a", "b"]), row(1, &["1", ""]), row(4, &["2", ""]), row(5, &["", "3"])];
    assert_eq!(rows(text), expected);
    assert_eq!(rows("{\"a\":{\"b\":1}}"), [row(1, &["a.b"]), row(1, &["1"])]);
}

#[test]
fn a_line_of_ndjson_that_is_no_object_is_named() {
    let found = message("{\"a\":1}\n{\"a\":2}\n [3]");
    assert_eq!(found, "is damaged: line 3, column 2: expected an object, found an array");
    let cut = message("{\"a\":1}\n{\"a\":");
    assert_eq!(cut, "is damaged: line 2, column 5: the JSON ends before it is complete");
}

#[test]
fn the_longest_array_of_an_api_answer_is_its_table() {
    let text = r#"{"time":"x","errors":[{"e":1}],"ids":[1,2,3,4],
        "QueryResponse":{"Invoice":[{"Id":"1"},{"Id":"2"}],"max":2}}"#;
    assert_eq!(rows(text), [row(1, &["Id"]), row(2, &["1"]), row(3, &["2"])]);
    assert_eq!(rows(r#"{"a":{"b":{"c":[{"d":1}]}}}"#).len(), 2);
    let deep = message(r#"{"x":[],"a":{"b":{"c":{"d":[{"e":1}]}}}}"#);
    assert_eq!(
        deep,
        "contains no table: expected an array of objects, found an object without one"
    );
}

#[test]
fn what_is_no_array_of_objects_is_named() {
    let cases = [
        ("", "an empty file"),
        ("[]", "an empty array"),
        ("12", "a number"),
        ("\"x\"", "a string"),
        ("[{},\n 3]", "an array with a number at line 2, column 2"),
        ("{\"invoices\":[]}", "an object without one"),
    ];
    for (text, found) in cases {
        let expected = format!("contains no table: expected an array of objects, found {found}");
        assert_eq!(message(text), expected);
    }
}

#[test]
fn what_is_no_json_is_damaged_at_a_line_and_column() {
    let cases = [
        ("[{\"a\":1},\n{\"é\":x}]", "line 2, column 6: expected value"),
        ("[{\"a\":1}", "line 1, column 8: the JSON ends before it is complete"),
        ("[{\"a\":01}]", "line 1, column 8: invalid number"),
        ("[{\"a\":1}]\n{}", "line 2, column 1: expected the end of the file"),
    ];
    for (text, expected) in cases {
        assert_eq!(message(text), format!("is damaged: {expected}"));
    }
}

#[test]
fn depth_bombs_do_not_overflow_the_stack() {
    let deep = 1_000_000;
    assert!(message(&"[".repeat(deep)).starts_with("is damaged: line 1"));
    assert!(message(&"{\"a\":".repeat(deep)).starts_with("is damaged: line 1"));
    let closed = format!("[{{\"n\":1,\"a\":{}{}}}]", "[".repeat(deep), "]".repeat(deep));
    assert_eq!(rows(&closed), [row(1, &["n"]), row(2, &["1"])]);
    let objects = format!("[{{\"n\":1,\"a\":{}1{}}}]", "{\"b\":".repeat(deep), "}".repeat(deep));
    assert_eq!(rows(&objects), [row(1, &["n"]), row(2, &["1"])]);
}

#[test]
fn keys_are_limited_in_number_and_length() {
    let keys = |count: usize| {
        let members: Vec<String> = (0..count).map(|key| format!("\"k{key}\":1")).collect();
        format!("[{{}},{{{}}}]", members.join(","))
    };
    assert_eq!(read_json(&keys(16_384)).unwrap().row(0).len(), 16_384);
    let error = read_json(&keys(16_385)).unwrap_err();
    assert_eq!(error, SheetError::TooManyColumns { line: 3 });
    let long = message(&format!("[{{\"{}\":1}}]", "k".repeat(1025)));
    assert!(long.ends_with("expected a key of at most 1024 bytes, found 1025"), "{long}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn mutated_texts_never_panic(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..6),
        lines in any::<bool>(),
    ) {
        let array: &[u8] = br#"{"d":[{"a":-1.5e3,"b":{"c":"\u00e9\ud83d\ude00"}},{"a":[1,"x"]}]}"#;
        let ndjson: &[u8] = b"\xef\xbb\xbf{\"a\":1,\"b\":null}\r\n\n{\"c\":{\"d\":0.10}}\n";
        let mut bytes = if lines { ndjson } else { array }.to_vec();
        for (place, byte, edit) in edits {
            let at = place.index(bytes.len());
            match edit {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, b"{}[]\",:\\e0"[usize::from(byte) % 10]),
                _ => bytes.truncate(at.max(1)),
            }
        }
        if let Ok(sheet) = read_json(&String::from_utf8_lossy(&bytes)) {
            prop_assert!(sheet.height() >= 2);
        }
    }

    #[test]
    fn every_record_becomes_a_row(values in prop::collection::vec(any::<i64>(), 1..40)) {
        let record = |value| serde_json::json!({"v": value, "w": [value]});
        let records: Vec<_> = values.iter().map(record).collect();
        let found = rows(&serde_json::to_string_pretty(&records).unwrap());
        let texts: Vec<_> = found[1..].iter().map(|(_, texts)| texts[0].clone()).collect();
        prop_assert_eq!(texts, values.iter().map(i64::to_string).collect::<Vec<_>>());
    }
}
