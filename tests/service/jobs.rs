//! Jobs in processes of their own: what fails there is a failed job.

use serde_json::json;

use super::GOOD;
use super::server::{Engine, Place, bearer};

#[test]
fn what_cannot_be_read_is_a_failed_job_without_our_paths() {
    let place = Place::new(Engine::Sqlite);
    let underwriter = place.key("underwriter", None);
    let mut server = place.serve("");
    server.post("/v1/clients", &underwriter, &json!({ "id": "a", "name": "A" })).expect(201);
    let job = server.upload("a", &underwriter, "odd.csv", b"\x00\x01not a ledger");
    assert_eq!(job["status"], "failed");
    let problem = job["problem"].as_str().expect("why");
    assert!(problem.contains("odd.csv") && !problem.contains(".files"), "{problem}");
    assert!(!problem.contains("factorage:"), "{problem}");
    let none = server.get("/v1/clients/a/ledgers", &underwriter).expect(200);
    assert_eq!(none["items"], json!([]));
    assert!(server.is_running());
    // A name like an option or like one of our own files is only a name.
    for name in ["--policy.csv", "policy.toml.csv", "in", "out"] {
        let job = server.upload("a", &underwriter, name, GOOD.as_bytes());
        assert_eq!(job["status"], "finished", "{name}: {job}");
    }
}

#[test]
fn memory_and_time_of_a_job_are_limited() {
    for (config, word) in [("job_megabytes = 40", "memory"), ("job_seconds = 0", "longer than 0 s")]
    {
        let place = Place::new(Engine::Sqlite);
        let underwriter = place.key("underwriter", None);
        let mut server = place.serve(config);
        server.post("/v1/clients", &underwriter, &json!({ "id": "a", "name": "A" })).expect(201);
        let job = server.upload("a", &underwriter, "good.csv", GOOD.as_bytes());
        assert_eq!(job["status"], "failed", "{config}: {job}");
        let problem = job["problem"].as_str().expect("why");
        assert!(problem.contains(word) || problem.contains("died"), "{config}: {problem}");
        assert!(server.is_running(), "a job's death is not the service's");
        server.call("GET", "/ready", &[], b"").expect(200);
    }
}

/// Several follow a job from its queue to its end, one comes when it has ended.
#[test]
fn who_follows_a_job_hears_its_end() {
    let place = Place::new(Engine::Sqlite);
    let underwriter = place.key("underwriter", None);
    let server = place.serve("requests_per_second = 0");
    server.post("/v1/clients", &underwriter, &json!({ "id": "a", "name": "A" })).expect(201);
    let path = "/v1/clients/a/ledgers?file_name=good.csv";
    let job = server.call("POST", path, &[&bearer(&underwriter)], GOOD.as_bytes()).expect(202);
    let events = format!("/v1/jobs/{}/events", job["id"].as_str().expect("an id"));
    let follow = || server.get(&events, &underwriter).text();
    let heard = std::thread::scope(|scope| {
        let all: Vec<_> = (0..20).map(|_| scope.spawn(follow)).collect();
        all.into_iter().map(|one| one.join().expect("an answer")).collect::<Vec<_>>()
    });
    for told in heard.iter().chain([&follow()]) {
        let names: Vec<&str> = told.lines().filter_map(|l| l.strip_prefix("event: ")).collect();
        assert_eq!(names.last(), Some(&"finished"), "{told}");
        assert_eq!(names.iter().filter(|name| **name == "finished").count(), 1, "{told}");
    }
}

#[test]
fn a_form_holds_a_ledger_as_well() {
    let place = Place::new(Engine::Sqlite);
    let underwriter = place.key("underwriter", None);
    let server = place.serve("");
    server.post("/v1/clients", &underwriter, &json!({ "id": "a", "name": "A" })).expect(201);
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--b\r\n\
         Content-Disposition: form-data; name=\"f\"; filename=\"C:\\\\x\\\\own.csv\"\r\n\r\n{GOOD}\r\n--b--\r\n"
    );
    let kind = "Content-Type: multipart/form-data; boundary=b";
    let headers = [&bearer(&underwriter) as &str, kind, "Prefer: wait=60"];
    let path = "/v1/clients/a/ledgers";
    let job = server.call("POST", path, &headers, form.as_bytes()).expect(202);
    let job = server.ended(job, &underwriter);
    let ledger = server.get(&super::server::result(&job), &underwriter).expect(200);
    assert_eq!(ledger["file_name"], "own.csv");
    let file = server.get(&format!("{}/file", super::server::result(&job)), &underwriter);
    assert_eq!(file.body, GOOD.as_bytes());
    let no_file = b"--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--b--\r\n";
    assert_eq!(server.call("POST", path, &headers, no_file).status, 422);
    assert_eq!(server.call("POST", path, &headers, b"--b\r\nhalf").status, 400);
    let two = form.replace("name=\"note\"", "name=\"note\"; filename=\"other.csv\"");
    let refused = server.call("POST", path, &headers, two.as_bytes());
    assert!(refused.status == 422 && refused.text().contains("several files"));
    let several = GOOD.replace("invoice_number,", "client_id,invoice_number,");
    let several =
        several.replace("\n1,", "\nA,1,").replace("\n2,", "\nA,2,").replace("\n3,", "\nB,3,");
    let path = "/v1/clients/a/ledgers?file_name=several.csv&client_name_confirmed=true";
    let wait = [&bearer(&underwriter) as &str, "Prefer: wait=60"];
    let job = server.call("POST", path, &wait, several.as_bytes()).expect(202);
    let job = server.ended(job, &underwriter);
    let asked = json!({ "as_of": "2026-06-30", "model": "km" }).to_string();
    let path = format!("{}/evaluations", super::server::result(&job));
    let failed = server.call("POST", &path, &wait, asked.as_bytes()).expect(202);
    let failed = server.ended(failed, &underwriter);
    assert!(
        failed["problem"].as_str().expect("why").contains("several clients (A, B)"),
        "{failed}"
    );
}
