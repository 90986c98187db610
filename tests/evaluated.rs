//! A ledger text goes in, an evaluation comes out: where the tests of whole evaluations start.

use chrono::NaiveDate;
use factorage::app::{EvaluateError, EvaluateRequest, Evaluation, evaluate};
use factorage::ledger::Source;
use factorage::offer::{OfferLine, OfferPart};
use factorage::policy::Policy;
use toml::{Table, Value};

/// Ledger files in memory, and how they are to be evaluated.
pub struct Desk {
    pub request: EvaluateRequest,
}

impl Desk {
    /// One file with these bytes; `.csv` unless `name` says otherwise.
    pub fn with(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        Self::with_files(&[(name, bytes.as_ref())])
    }

    /// Several files that together are one ledger.
    pub fn with_files(files: &[(&str, &[u8])]) -> Self {
        let source = |&(name, bytes): &(&str, &[u8])| Source::bytes(name, bytes);
        Self { request: request(files.iter().map(source).collect()) }
    }

    pub fn at(mut self, day: &str) -> Self {
        self.request.as_of = Some(date(day));
        self
    }

    pub fn policy(mut self, policy: Policy) -> Self {
        self.request.policy = policy;
        self
    }

    pub fn try_evaluate(&self) -> Result<Evaluation, EvaluateError> {
        evaluate(&self.request, &|_| ())
    }

    #[track_caller]
    pub fn evaluate(&self) -> Evaluation {
        self.try_evaluate().unwrap_or_else(|error| panic!("not evaluated: {error}"))
    }
}

/// These files under the standard policy as a card: its fee plan as it stands and the advance at
/// its cap, so that prices can be worked out by hand; as of the ledger's own date.
pub fn request<S: Into<Source>>(ledgers: Vec<S>) -> EvaluateRequest {
    EvaluateRequest::new(ledgers, policy(&[]))
}

/// One CSV file under the standard card as of `day`.
#[track_caller]
pub fn evaluated(csv: &str, day: &str) -> Evaluation {
    Desk::with("ledger.csv", csv).at(day).evaluate()
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// The text of the standard policy as a card with values replaced: dotted key and new value, both
/// as TOML has them. Charges are numbered: `fee.0.first_percent`. Nothing is held for its size or
/// because its debtor is new: a few lines of a test have neither history nor confirmations.
pub fn policy_text(replaced: &[(&str, &str)]) -> String {
    let mut table = standard_table();
    table.remove("price");
    table["advance"].as_table_mut().expect("a table").remove("reserve");
    let held = table["confirm"]["hold"].as_array_mut().expect("reasons");
    held.retain(|reason| !["new_debtor", "large"].map(Some).contains(&reason.as_str()));
    replace(table, replaced)
}

/// The text of the whole standard policy with values replaced.
pub fn priced_policy_text(replaced: &[(&str, &str)]) -> String {
    replace(standard_table(), replaced)
}

fn standard_table() -> Table {
    let standard = Policy::standard().expect("the standard policy");
    standard.text().parse().expect("TOML")
}

fn replace(table: Table, replaced: &[(&str, &str)]) -> String {
    let mut table = Value::Table(table);
    for (key, value) in replaced {
        // Within a table: a value alone is not a document of TOML.
        let value: Table = format!("value = {value}").parse().expect("a TOML value");
        let place = key.split('.').fold(&mut table, |at, step| match at {
            Value::Array(items) => &mut items[step.parse::<usize>().expect("a number")],
            // What the standard policy does without.
            Value::Table(items) => {
                let may_lack = ["charges", "home_country", "pair", "group"].contains(&step);
                assert!(items.contains_key(step) || may_lack, "no key {key}");
                // Any value will do: the last step replaces it.
                items.entry(step).or_insert(Value::Boolean(false))
            }
            _ => panic!("no key {key}"),
        });
        *place = value["value"].clone();
    }
    toml::to_string(&table).expect("TOML")
}

/// The whole standard policy with values replaced.
pub fn priced_policy(replaced: &[(&str, &str)]) -> Policy {
    priced_policy_text(replaced).parse().expect("a policy")
}

/// The standard policy as a card with values replaced.
pub fn policy(replaced: &[(&str, &str)]) -> Policy {
    policy_text(replaced).parse().expect("a policy")
}

/// `offer.json` as text.
pub fn offer_text(evaluation: &Evaluation) -> String {
    let mut bytes = Vec::new();
    evaluation.write_offer(&mut bytes).expect("JSON");
    String::from_utf8(bytes).expect("UTF-8")
}

/// `offer.json` up to its provenance, which comes last.
pub fn offer_without_provenance(evaluation: &Evaluation) -> String {
    let text = offer_text(evaluation);
    // From the end, because a text within the offer may hold the word.
    let end = text.rfind("\"provenance\":").expect("a provenance");
    text[..end].to_owned()
}

/// The only part of an offer.
#[track_caller]
pub fn only_part(evaluation: &Evaluation) -> &OfferPart {
    let parts = &evaluation.offer.parts;
    assert_eq!(parts.len(), 1, "parts of the offer");
    &parts[0]
}

/// The line of the invoice with this number.
#[track_caller]
pub fn line<'a>(part: &'a OfferPart, number: &str) -> &'a OfferLine {
    let found = part.lines.iter().find(|line| line.invoice_number == number);
    found.unwrap_or_else(|| panic!("no line for {number}"))
}
