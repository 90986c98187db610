//! The client's copy of an offer: without whom the factor asks, what was answered and how invoices
//! are drawn, and without the notices for staff,
//! so that nobody can prepare for it.

use serde::Serialize;
use serde_json::{Map, Serializer, Value};

use basics::Outline;

use super::document::{Notice, Offer};
use super::notice_code::NoticeCode;
use super::provenance::Provenance;
use super::write::LINES_DEPTH;

/// The members of a part that its copy does not have.
const OF_PART: [&str; 2] = ["verification_queue", "queue_covers"];

/// The members of the provenance that a copy does not have.
const OF_PROVENANCE: [&str; 2] = ["confirmations", "selection_seed"];

/// Returns the client's copy of an offer file. Its id stays that of the whole offer.
///
/// # Errors
/// If the document is not JSON.
pub fn client_copy(document: &str) -> serde_json::Result<String> {
    let mut copy: Value = serde_json::from_str(document)?;
    for part in copy["offer"]["parts"].as_array_mut().into_iter().flatten() {
        if let Some(notices) = part["notices"].as_array_mut() {
            notices.retain(is_for_owner);
        }
        part.as_object_mut().into_iter().for_each(|part| without(part, &OF_PART));
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

fn without(object: &mut Map<String, Value>, names: &[&str]) {
    for name in names {
        object.remove(*name);
    }
}

impl Offer {
    /// Removes what the client's copy does not have.
    pub fn keep_client_copy(&mut self) {
        for part in &mut self.parts {
            part.verification_queue.clear();
            part.queue_covers = None;
            part.notices.retain(Notice::is_for_owner);
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

    use super::super::samples::{document, listed, offer, part, provenance};
    use super::super::{AnswersFile, OfferFile};
    use super::*;

    /// A document with all that a client does not see, and where each stands.
    fn whole() -> (Value, [&'static str; 5]) {
        let text = document(&offer(&listed(), vec![part(&listed()), part(&listed())]));
        let mut document: Value = serde_json::from_str(&text).expect("JSON");
        for part in document["offer"]["parts"].as_array_mut().expect("parts") {
            part["verification_queue"] = json!([{ "invoice_number": "A-1" }]);
            part["queue_covers"] = json!({});
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
        }
        let provenance = document["provenance"].as_object_mut().expect("an object");
        without(provenance, &OF_PROVENANCE);
        assert_eq!(copy, document, "the rest is the same");
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
