//! The client's copy of an offer: without whom the factor asks, what was answered, how invoices
//! are drawn and what looks wrong about one, and without the notices for staff, so that nobody can
//! prepare for it. An invoice that is held says so in the words for owners.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Map, Serializer, Value};

use basics::{Outline, day_number};
use words::{Facts, say_with};

use super::document::{Notice, Offer};
use super::envelope::{Envelope, Override};
use super::notice_code::NoticeCode;
use super::provenance::Provenance;
use super::write::LINES_DEPTH;

/// The members of a part that its copy does not have.
const OF_PART: [&str; 3] = ["verification_queue", "queue_covers", "changes"];

/// The members of the totals of what is held that a copy does not have.
const OF_HELD: [&str; 2] = ["look_wrong", "amount_looks_wrong"];

/// The members of the provenance that a copy does not have.
const OF_PROVENANCE: [&str; 2] = ["confirmations", "selection_seed"];

/// The name that a client reads for everybody of the factor's staff.
const FACTOR: &str = "the factor";

/// Returns the client's copy of an offer file. Its id stays that of the whole offer.
///
/// # Errors
/// If the document is not JSON.
pub fn client_copy(document: &str) -> serde_json::Result<String> {
    let mut copy: Value = serde_json::from_str(document)?;
    let as_of = date(&copy["offer"]["as_of"]);
    for part in copy["offer"]["parts"].as_array_mut().into_iter().flatten() {
        if let Some(notices) = part["notices"].as_array_mut() {
            notices.retain(is_for_owner);
        }
        part.as_object_mut().into_iter().for_each(|part| without(part, &OF_PART));
        let held = part.pointer_mut("/totals/held").and_then(Value::as_object_mut);
        held.into_iter().for_each(|held| without(held, &OF_HELD));
        let lines = part["lines"].as_array_mut().into_iter().flatten();
        let lines = lines.filter_map(Value::as_object_mut);
        lines.for_each(|line| tell_as_owner(line, as_of));
    }
    let provenance = copy["provenance"].as_object_mut();
    provenance.into_iter().for_each(|own| without(own, &OF_PROVENANCE));
    let mut text = Vec::with_capacity(document.len());
    copy.serialize(&mut Serializer::with_formatter(&mut text, Outline::new(0, LINES_DEPTH)))?;
    text.push(b'\n');
    String::from_utf8(text).map_err(serde::ser::Error::custom)
}

/// Returns true for a notice that is not for staff alone.
fn is_for_owner(notice: &Value) -> bool {
    let code = notice["code"].as_str().and_then(NoticeCode::named);
    code.is_some_and(NoticeCode::is_for_owner)
}

fn date(value: &Value) -> Option<NaiveDate> {
    value.as_str()?.parse().ok()
}

/// Returns the days past due by the client's own due date: an earlier one that counts would tell
/// that it is known.
fn stated_days(as_of: NaiveDate, due: NaiveDate) -> i32 {
    day_number(as_of) - day_number(due)
}

/// Tells of a line why it is held in the words for owners, and in no others.
fn tell_as_owner(line: &mut Map<String, Value>, as_of: Option<NaiveDate>) {
    let due = line.get("due_date").and_then(date);
    if let Some((as_of, due)) = as_of.zip(due) {
        line.insert("days_past_due".to_owned(), stated_days(as_of, due).into());
    }
    line.remove("holds");
    line.remove("confirmed");
    line.remove("left_over");
    let why = line.get("held_for").and_then(Value::as_str).map(held_why);
    why.into_iter().for_each(|why| drop(line.insert("why".to_owned(), why.into())));
}

fn held_why(held_for: &str) -> String {
    say_with("unconfirmed.client", &Facts::new().with("why", held_for))
}

fn without(object: &mut Map<String, Value>, names: &[&str]) {
    for name in names {
        object.remove(*name);
    }
}

impl Offer {
    /// Removes what the client's copy does not have.
    pub fn keep_client_copy(&mut self) {
        let as_of = self.as_of;
        for part in &mut self.parts {
            part.verification_queue.clear();
            part.queue_covers = None;
            part.notices.retain(Notice::is_for_owner);
            part.changes.clear();
            if let Some(held) = &mut part.totals.held {
                (held.look_wrong, held.amount_looks_wrong) = (None, None);
            }
            for line in &mut part.lines {
                line.holds.clear();
                (line.confirmed, line.left_over) = (None, None);
                line.days_past_due = stated_days(as_of, line.due_date);
                line.why = line.held_for.as_deref().map(held_why).or(line.why.take());
            }
        }
    }
}

impl Envelope {
    /// Hides the names, keys and reasons of the factor's staff; `is_own` tells the client's keys by
    /// their prefixes.
    pub fn keep_client_copy(&mut self, is_own: impl Fn(&str) -> bool) {
        let steps = self.history.iter_mut().map(|own| &mut own.signed);
        let decisions = self.overrides.iter_mut().flat_map(|own| {
            let Override { signed, approval, .. } = own;
            std::iter::once(signed).chain(approval)
        });
        for signed in steps.chain(decisions) {
            if !signed.key.take().is_some_and(|key| is_own(&key)) {
                FACTOR.clone_into(&mut signed.by);
                // Written for colleagues.
                signed.reason = None;
            }
        }
    }
}

impl Provenance {
    /// Removes what the client's copy does not have.
    pub fn keep_client_copy(&mut self) {
        self.confirmations = None;
        self.selection_seed = None;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::samples::{document, listed, offer, part, provenance, signed};
    use super::super::{AnswersFile, OfferFile, Signed, Status, StatusChange};
    use super::*;

    /// A document with all that a client does not see, and where each stands.
    fn whole() -> (Value, [&'static str; 10]) {
        let text = document(&offer(&listed(), vec![part(&listed()), part(&listed())]));
        let mut document: Value = serde_json::from_str(&text).expect("JSON");
        for part in document["offer"]["parts"].as_array_mut().expect("parts") {
            part["verification_queue"] = json!([{ "invoice_number": "A-1" }]);
            part["queue_covers"] = json!({});
            part["changes"] = json!([{ "kind": "re_dated" }]);
            part["totals"]["held"] = json!({
                "invoices": 2, "look_wrong": 1, "amount": "2.00", "amount_looks_wrong": "1.00",
            });
            part["lines"][0]["holds"] = json!([{ "reason": "re_dated", "why": "Found." }]);
            part["lines"][1]["confirmed"] = json!({ "by": "A. Reed" });
            part["lines"][0]["held_for"] = "we confirm these first".into();
            part["lines"][0]["why"] = "It is held. Found.".into();
            part["notices"] = json!([
                { "code": "vanished", "text": "Ask." }, { "code": "survivorship", "text": "So." },
            ]);
        }
        document["provenance"]["confirmations"] = json!({ "name": "c.csv" });
        document["provenance"]["selection_seed"] = 7.into();
        let hidden = [
            "/offer/parts/0/notices/1",
            "/offer/parts/0/verification_queue",
            "/offer/parts/1/queue_covers",
            "/offer/parts/1/changes",
            "/offer/parts/1/totals/held/look_wrong",
            "/offer/parts/1/totals/held/amount_looks_wrong",
            "/offer/parts/1/lines/0/holds",
            "/offer/parts/1/lines/1/confirmed",
            "/provenance/confirmations",
            "/provenance/selection_seed",
        ];
        (document, hidden)
    }

    #[test]
    fn the_copy_has_everything_but_what_is_the_factors_alone() {
        let (mut document, hidden) = whole();
        assert!(hidden.iter().all(|path| document.pointer(path).is_some()));
        let copy = client_copy(&document.to_string()).expect("a copy");
        let copy: Value = serde_json::from_str(&copy).expect("JSON");
        assert!(hidden.iter().all(|path| copy.pointer(path).is_none()), "{copy}");
        for part in document["offer"]["parts"].as_array_mut().expect("parts") {
            without(part.as_object_mut().expect("an object"), &OF_PART);
            part["notices"].as_array_mut().expect("a list").remove(0);
            without(part["totals"]["held"].as_object_mut().expect("held"), &OF_HELD);
            let line = part["lines"][0].as_object_mut().expect("a line");
            without(line, &["holds"]);
            let why = "Held until the customer confirms the invoice: we confirm these first.";
            line["why"] = why.into();
            without(part["lines"][1].as_object_mut().expect("a line"), &["confirmed"]);
        }
        let provenance = document["provenance"].as_object_mut().expect("an object");
        without(provenance, &OF_PROVENANCE);
        assert_eq!(copy, document, "the rest is the same");
    }

    #[test]
    fn a_client_reads_its_own_names_and_nobodys_of_the_factor() {
        let signed = |by: &str, key: Option<&str>| Signed {
            key: key.map(str::to_owned),
            ..signed(by, "2026-07-01T10:00:00Z", Some("Why"))
        };
        let mut envelope: Envelope = Envelope::default();
        for (by, key) in [("A. Owner", Some("fk_own")), ("U. Low", Some("fk_u")), ("CLI", None)] {
            let signed = signed(by, key);
            envelope.history.push(StatusChange { status: Status::Accepted, signed });
        }
        envelope.keep_client_copy(|key| key == "fk_own");
        let shown = envelope.history.iter().map(|own| (own.signed.by.as_str(), &own.signed.key));
        let expected = ["A. Owner", "the factor", "the factor"].map(|by| (by, &None));
        assert_eq!(shown.collect::<Vec<_>>(), expected);
        let reasons = envelope.history.iter().map(|own| own.signed.reason.as_deref());
        assert_eq!(reasons.collect::<Vec<_>>(), [Some("Why"), None, None]);
    }

    #[test]
    fn a_copy_of_a_copy_or_of_an_offer_without_any_is_the_same() {
        let text = document(&offer(&listed(), Vec::new()));
        let copy = client_copy(&text).expect("a copy");
        let (a, b): (Value, Value) = (
            serde_json::from_str(&copy).expect("JSON"),
            serde_json::from_str(&text).expect("JSON"),
        );
        assert_eq!(a, b);
        assert_eq!(client_copy(&copy).expect("a copy"), copy);
        assert!(client_copy("{").is_err());
    }

    #[test]
    fn each_invoice_of_the_copy_has_a_line_of_its_own() {
        let text = document(&offer(&listed(), vec![part(&listed())]));
        let copy = client_copy(&text).expect("a copy");
        let of = |text: &str| text.lines().filter(|line| line.contains("\"collected_90\"")).count();
        assert_eq!(of(&copy), of(&text));
    }

    #[test]
    fn the_types_lose_what_the_text_loses() {
        let text = document(&offer(&listed(), vec![part(&listed())]));
        let file = OfferFile::read(&text).expect("an offer");
        let mut whole = file.offer().expect("an offer");
        whole.parts[0].notices = vec![Notice::new(NoticeCode::NoHistory, "Ask.".to_owned())];
        whole.keep_client_copy();
        assert!(whole.parts[0].notices.is_empty());
        assert!(whole.parts[0].verification_queue.is_empty());
        assert!(whole.parts[0].queue_covers.is_none());
        let answers = AnswersFile { name: "c.csv".into(), sha256: "ab".into(), answers: 3 };
        let mut made =
            Provenance { confirmations: Some(answers), selection_seed: Some(7), ..provenance() };
        made.keep_client_copy();
        let made = serde_json::to_value(made).expect("JSON");
        assert!(OF_PROVENANCE.iter().all(|name| made.get(name).is_none()), "{made}");
    }
}
