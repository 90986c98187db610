//! `factorage calc`: formulas as a user meets them.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use super::{done, factorage, folder, refused};

/// Runs a calculator on standard input.
fn piped(args: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut command = factorage();
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    // A command that refuses its arguments may have closed its input already.
    let _ = child.stdin.take().expect("an input").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("an end");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn an_input_from_a_pipe_or_a_file_gives_json() {
    let input = r#"{"advance": "42500", "fee": "2500", "prepaid": "25", "days": 45}"#;
    let (code, out, err) = piped(&["calc", "apr"], input);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let result: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(result["disclosed_form"], "48.22%");
    let folder = folder();
    std::fs::write(folder.path().join("apr.json"), input).expect("an input");
    assert_eq!(done(&folder, &["calc", "apr", "apr.json", "--json"]), out);
}

#[test]
fn the_list_and_the_help_tell_what_there_is() {
    let folder = folder();
    let list = done(&folder, &["calc", "--list"]);
    for name in ["fee", "apr", "xirr", "dynamic_reserve", "borrowing_base", "granularity"] {
        assert!(list.lines().any(|line| line.starts_with(&format!("{name} "))), "{name}");
    }
    assert!(done(&folder, &["calc", "--help"]).contains("factorage calc NAME [FILE]"));
    let all: Value =
        serde_json::from_str(&done(&folder, &["calc", "--list", "--json"])).expect("JSON");
    assert_eq!(all.as_array().map(Vec::len), Some(list.lines().count()));
    let help = done(&folder, &["calc", "fee", "--help"]);
    for part in
        ["Source: ", "Example: ", "\"minimum_days\"", "Minimum number of days charged", "2500.00"]
    {
        assert!(help.contains(part), "{part}: {help}");
    }
}

#[test]
fn wrong_input_is_one_sentence() {
    let folder = folder();
    assert!(refused(&folder, &["calc"]).contains("factorage calc --list"));
    assert!(refused(&folder, &["calc", "tax"]).contains("there is no calculator 'tax'"));
    assert!(refused(&folder, &["calc", "fee", "missing.json"]).contains("missing.json"));
    for (input, said) in [
        ("", "it is empty: expected JSON"),
        (
            "{\"receivables\": 1,\n \"sales\": \"ten\"}",
            "line 2: sales = \"ten\": expected an amount such as \"1250.00\"",
        ),
        ("{\"receivables\": 1, \"sales\": 0}", "sales = 0: expected a number above 0"),
        ("{\"receivables\": 1}", "sales is missing: expected "),
    ] {
        let (code, out, err) = piped(&["calc", "dso"], input);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{input}");
        assert!(err.contains(said) && err.lines().count() == 1, "{err}");
    }
}
