//! Policies as the service keeps them.

use super::server::{Engine, Place, bearer};

#[test]
fn a_policy_that_extends_is_kept_as_all_that_it_says_and_a_wrong_one_is_told_all() {
    let place = Place::new(Engine::Sqlite);
    let admin = place.key("admin", None);
    let server = place.serve("");
    let text =
        "extends = \"standard\"\nname = \"own\"\nversion = \"1\"\n[offer]\nvalid_days = 365\n";
    let written = server.put_text("/v1/policies/own", &admin, text).expect(200);
    let kept = written["text"].as_str().expect("a text");
    assert!(kept.contains("valid_days = 365") && kept.contains("past_due_days = 60"), "{kept}");
    assert!(!kept.contains("extends"), "{kept}");
    // The same again is no new version, whichever of the two texts is sent.
    for text in [text, kept] {
        let again = server.put_text("/v1/policies/own", &admin, text).expect(200);
        assert_eq!(again["version"], 1);
    }
    let headers = [&bearer(&admin) as &str, "Content-Type: application/toml"];
    let wrong = text.replace("365", "\"long\"\nvalid = 1");
    let wrong = server.call("PUT", "/v1/policies/own", &headers, wrong.as_bytes());
    let problem = wrong.json();
    assert_eq!((wrong.status, &problem["field"]), (422, &"body".into()));
    assert_eq!(
        problem["detail"],
        "2 faults\n  line 5: offer.valid_days = \"long\": expected a whole number from 1 to 365\n  \
         line 6: offer.valid: there is no such key; expected override_limit or valid_days"
    );
}
