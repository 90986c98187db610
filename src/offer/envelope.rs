//! The state around an offer, which does not follow from ledger, policy and as-of date: when it was
//! issued, its status, and the decisions of authorised people beside it.

use chrono::{DateTime, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use policy::Rule;

/// The status of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is open.
    #[default]
    Offered,
    /// The client has accepted it.
    Accepted,
    /// The client has declined it.
    Declined,
    /// The factor has withdrawn it.
    Withdrawn,
    /// Its last day has passed; derived, never written.
    #[serde(skip_deserializing)]
    Expired,
    /// It was accepted, and nothing of it stands: its purchases were withdrawn or reversed. Derived
    /// by the service, never written.
    Reversed,
}

/// A change of status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusChange {
    /// The new status.
    pub status: Status,
    /// The person, the time and the reason.
    #[serde(flatten)]
    pub signed: Signed,
}

/// A person's signature under a step: name, time and reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signed {
    /// Name of the person.
    pub by: String,
    /// The time (RFC 3339).
    pub at: String,
    /// The reason; an override must have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Prefix of the API key, if it was done over the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A decision of an authorised person beside the computed one, which stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Override {
    /// The client.
    pub client: String,
    /// The debtor's id.
    pub debtor_id: String,
    /// The invoice's number.
    pub invoice_number: String,
    /// The decision of the offer.
    pub computed: Decision,
    /// Its reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computed_reason: Option<Rule>,
    /// The decision of the person.
    pub decision: Decision,
    /// The person, the time and the reason.
    #[serde(flatten)]
    pub signed: Signed,
    /// True if somebody else must approve it, because the invoice is above the policy's limit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_approval: bool,
    /// The approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Signed>,
}

/// The line on which a person decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineKey {
    /// The client; needed only if the offer has several.
    pub client: Option<String>,
    /// The debtor's id.
    pub debtor: String,
    /// The invoice's number.
    pub invoice: String,
}

/// A decision on an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Bought whole.
    Buy,
    /// Bought in part.
    Part,
    /// Bought once it is confirmed.
    Hold,
    /// Not bought.
    Exclude,
}

/// The state around an offer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// The time at which the offer was issued, if the issuer gave it.
    pub issued_at: Option<String>,
    /// `offered` when made.
    pub status: Status,
    /// The changes of status, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<StatusChange>,
    /// The decisions beside the computed ones, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
}

/// The reason why the state of an offer cannot change.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EnvelopeError {
    /// Only an open offer can be accepted, declined, withdrawn or decided on.
    #[error("the offer is {}; only an open offer can be changed", .0.as_str())]
    NotOffered(Status),
    /// The time is not in RFC 3339.
    #[error("'{0}' is not a timestamp like 2026-06-30T09:00:00Z")]
    Time(String),
    /// The time precedes that of an existing entry.
    #[error("{at} precedes the last event at {last}")]
    Earlier {
        /// The time given.
        at: String,
        /// The time of the entry that is already there.
        last: String,
    },
    /// The name is empty.
    #[error("the name of the person is missing")]
    Nobody,
    /// An override without a reason.
    #[error("an override needs a reason")]
    NoReason,
    /// An override that changes nothing.
    #[error("the decision in force is already {}", .0.as_str())]
    Same(Decision),
    /// Nobody may approve an override of their own.
    #[error("{0} made this override; somebody else must approve it")]
    Own(String),
    /// There is no override that waits for approval.
    #[error("no override of invoice {0} is waiting for approval")]
    NothingToApprove(String),
    /// It cannot be accepted until somebody has approved an override.
    #[error("the override of invoice {0} is above the policy's limit and is not approved yet")]
    NotApproved(String),
    /// A decision to buy a part, of which the amount would be unknown.
    #[error("an override must buy or exclude the whole invoice")]
    Part,
}

impl Status {
    /// Returns the word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Reversed => "reversed",
        }
    }
}

impl Decision {
    /// Returns the word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Part => "part",
            Self::Hold => "hold",
            Self::Exclude => "exclude",
        }
    }
}

impl Override {
    /// Returns the line that it is about.
    fn line(&self) -> (&str, &str, &str) {
        (&self.client, &self.debtor_id, &self.invoice_number)
    }
}

impl Envelope {
    /// Returns the envelope of an offer that was just made.
    pub fn issued(at: Option<String>) -> Self {
        Self { issued_at: at, ..Self::default() }
    }

    /// Returns the status on a day: an open offer has expired after its last day.
    pub fn status_on(&self, day: NaiveDate, valid_until: NaiveDate) -> Status {
        let expired = self.status == Status::Offered && day > valid_until;
        if expired { Status::Expired } else { self.status }
    }

    /// Accepts, declines or withdraws an offer that is open on that day.
    ///
    /// # Errors
    /// If the offer is not open then, the signature has no name or no valid time or precedes an
    /// earlier entry, or if it is accepted while an override still needs approval.
    pub fn change(
        &mut self,
        status: Status,
        signed: Signed,
        valid_until: NaiveDate,
    ) -> Result<(), EnvelopeError> {
        self.check(&signed, valid_until)?;
        // Acceptance alone commits money: an offer may be declined or withdrawn as it stands.
        if let (Status::Accepted, Some(at)) = (status, self.waiting().next()) {
            return Err(EnvelopeError::NotApproved(self.overrides[at].invoice_number.clone()));
        }
        self.status = status;
        self.history.push(StatusChange { status, signed });
        Ok(())
    }

    /// Records a decision beside the computed one.
    ///
    /// # Errors
    /// If the offer is not open then, the signature is invalid or gives no reason, the decision is
    /// to buy a part, or it is in force already.
    pub fn decide(
        &mut self,
        decided: Override,
        valid_until: NaiveDate,
    ) -> Result<(), EnvelopeError> {
        self.check(&decided.signed, valid_until)?;
        if decided.signed.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
            return Err(EnvelopeError::NoReason);
        }
        if matches!(decided.decision, Decision::Part | Decision::Hold) {
            return Err(EnvelopeError::Part);
        }
        let last = self.overrides.iter().rev().find(|other| other.line() == decided.line());
        let in_force = last.map_or(decided.computed, |last| last.decision);
        if in_force == decided.decision {
            return Err(EnvelopeError::Same(in_force));
        }
        self.overrides.push(decided);
        Ok(())
    }

    /// Returns the decision of a person that is in force on a client's line, if there is one.
    pub(super) fn decided(&self, client: &str, debtor: &str, invoice: &str) -> Option<Decision> {
        let is_it = |own: &&Override| own.line() == (client, debtor, invoice);
        self.overrides.iter().rfind(is_it).map(|own| own.decision)
    }

    /// Returns the indices of overrides in force that still need approval.
    fn waiting(&self) -> impl DoubleEndedIterator<Item = usize> {
        (0..self.overrides.len()).filter(|&at| {
            let (decided, later) = (&self.overrides[at], &self.overrides[at + 1..]);
            // A later decision on the line replaces this one, and with it the need to approve it.
            let in_force = later.iter().all(|other| other.line() != decided.line());
            decided.needs_approval && decided.approval.is_none() && in_force
        })
    }

    /// Approves the override of an invoice that waits for approval, the last one if no client is
    /// named. Whoever made it cannot approve it.
    ///
    /// # Errors
    /// If the offer is not open then, the signature is invalid, no override of the invoice waits
    /// for approval, or the same name or API key made it.
    pub fn approve(
        &mut self,
        line: &LineKey,
        signed: Signed,
        valid_until: NaiveDate,
    ) -> Result<(), EnvelopeError> {
        self.check(&signed, valid_until)?;
        let named = |o: &Override| {
            let client = line.client.as_deref().unwrap_or(&o.client);
            o.line() == (client, line.debtor.as_str(), line.invoice.as_str())
        };
        let at = self.waiting().rfind(|&at| named(&self.overrides[at]));
        let nothing = || EnvelopeError::NothingToApprove(line.invoice.clone());
        let last = &mut self.overrides[at.ok_or_else(nothing)?];
        // One person may be written with other capitals and spaces, or share a key with a second
        // name.
        let plain =
            |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let same_name = plain(&last.signed.by) == plain(&signed.by);
        let same_key = signed.key.is_some() && last.signed.key == signed.key;
        if same_name || same_key {
            return Err(EnvelopeError::Own(last.signed.by.clone()));
        }
        last.approval = Some(signed);
        Ok(())
    }

    fn check(&self, signed: &Signed, valid_until: NaiveDate) -> Result<(), EnvelopeError> {
        if signed.by.trim().is_empty() {
            return Err(EnvelopeError::Nobody);
        }
        let at = time(&signed.at)?;
        // Changes of status and overrides are kept apart, so the latest entry may be in either.
        let entries = self.history.iter().map(|change| &change.signed.at);
        let decided = self.overrides.iter().flat_map(|o| o.approval.iter().chain([&o.signed]));
        let entries = entries.chain(decided.map(|signed| &signed.at));
        for entry in entries.chain(&self.issued_at) {
            if time(entry)? > at {
                let (at, last) = (signed.at.clone(), entry.clone());
                return Err(EnvelopeError::Earlier { at, last });
            }
        }
        // The last day is judged by the clock of the person who signs.
        match self.status_on(at.date_naive(), valid_until) {
            Status::Offered => Ok(()),
            other => Err(EnvelopeError::NotOffered(other)),
        }
    }
}

fn time(text: &str) -> Result<DateTime<chrono::FixedOffset>, EnvelopeError> {
    DateTime::parse_from_rfc3339(text).map_err(|_| EnvelopeError::Time(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(at: &str, reason: Option<&str>) -> Signed {
        let reason = reason.map(str::to_owned);
        Signed { by: "A. Reed".into(), at: at.into(), reason, key: None }
    }

    fn until() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 7, 14).expect("a day")
    }

    fn line() -> LineKey {
        LineKey { client: None, debtor: "7".into(), invoice: "INV-1".into() }
    }

    #[test]
    fn an_offer_is_accepted_once_and_in_time() {
        let mut envelope = Envelope::issued(Some("2026-06-30T09:00:00Z".into()));
        let accept = |envelope: &mut Envelope, at| {
            envelope.change(Status::Accepted, signed(at, None), until())
        };
        assert!(matches!(
            accept(&mut envelope, "2026-06-29T09:00:00Z"),
            Err(EnvelopeError::Earlier { .. })
        ));
        let late = accept(&mut envelope, "2026-07-15T00:00:00Z");
        assert_eq!(late, Err(EnvelopeError::NotOffered(Status::Expired)));
        assert_eq!(accept(&mut envelope, "noon"), Err(EnvelopeError::Time("noon".into())));
        accept(&mut envelope, "2026-07-14T23:59:59Z").expect("in time");
        assert_eq!(envelope.status, Status::Accepted);
        let again = accept(&mut envelope, "2026-07-14T23:59:59Z");
        assert_eq!(again, Err(EnvelopeError::NotOffered(Status::Accepted)));
        assert_eq!(
            envelope.status_on(until().succ_opt().expect("a day"), until()),
            Status::Accepted
        );
    }

    #[test]
    fn an_override_says_why_and_stands_beside() {
        let mut envelope = Envelope::default();
        let decided = |decision, reason| Override {
            client: String::new(),
            debtor_id: "7".into(),
            invoice_number: "INV-1".into(),
            computed: Decision::Exclude,
            computed_reason: Some(Rule::PastDue),
            decision,
            signed: signed("2026-07-01T10:00:00Z", reason),
            needs_approval: false,
            approval: None,
        };
        let none = envelope.decide(decided(Decision::Buy, Some(" ")), until());
        assert_eq!(none, Err(EnvelopeError::NoReason));
        let same = envelope.decide(decided(Decision::Exclude, Some("why")), until());
        assert_eq!(same, Err(EnvelopeError::Same(Decision::Exclude)));
        envelope
            .decide(decided(Decision::Buy, Some("Paid on Monday.")), until())
            .expect("recorded");
        assert_eq!(
            envelope.approve(&line(), signed("2026-07-01T11:00:00Z", None), until()),
            Err(EnvelopeError::NothingToApprove("INV-1".into()))
        );
        let text = serde_json::to_string(&envelope).expect("JSON");
        assert_eq!(serde_json::from_str::<Envelope>(&text).expect("reads"), envelope);
        assert!(text.contains("\"computed\":\"exclude\",\"computed_reason\":\"past_due\""));
    }

    #[test]
    fn an_override_above_the_limit_is_approved_by_somebody_else() {
        let mut envelope = Envelope::default();
        let own =
            Signed { key: Some("fk_1".into()), ..signed("2026-07-01T10:00:00Z", Some("Why")) };
        let decided = Override {
            client: String::new(),
            debtor_id: "7".into(),
            invoice_number: "INV-1".into(),
            computed: Decision::Exclude,
            computed_reason: None,
            decision: Decision::Buy,
            signed: own.clone(),
            needs_approval: true,
            approval: None,
        };
        envelope.decide(decided.clone(), until()).expect("recorded");
        let later = |by: &str, key: &str| Signed {
            by: by.into(),
            at: "2026-07-01T11:00:00Z".into(),
            reason: None,
            key: Some(key.into()),
        };
        let accept = |envelope: &mut Envelope| {
            envelope.change(Status::Accepted, later("C. Ray", "fk_3"), until())
        };
        assert_eq!(accept(&mut envelope), Err(EnvelopeError::NotApproved("INV-1".into())));
        let line = &line();
        let refused = Err(EnvelopeError::Own("A. Reed".into()));
        assert_eq!(envelope.approve(line, later("a. reed ", "fk_2"), until()), refused);
        assert_eq!(envelope.approve(line, later("B. Low", "fk_1"), until()), refused);
        let mut undone = envelope.clone();
        let back = Override { decision: Decision::Exclude, needs_approval: false, ..decided };
        undone.decide(back, until()).expect("recorded");
        accept(&mut undone).expect("what is undone needs no approval");
        envelope.approve(line, later("B. Low", "fk_2"), until()).expect("approved");
        accept(&mut envelope).expect("accepted");
    }

    #[test]
    fn an_offer_that_is_declined_or_withdrawn_is_changed_no_more() {
        for status in [Status::Declined, Status::Withdrawn] {
            let mut envelope = Envelope::default();
            let at = "2026-07-01T10:00:00Z";
            envelope.change(status, signed(at, Some("Why")), until()).expect("it stands");
            let again = envelope.change(Status::Accepted, signed(at, None), until());
            assert_eq!(again, Err(EnvelopeError::NotOffered(status)));
            // Nor does it expire.
            let late = until().succ_opt().expect("a day");
            assert_eq!(envelope.status_on(late, until()), status);
            assert_eq!(envelope.history.len(), 1);
        }
        let offered = Envelope::default();
        assert_eq!(offered.status_on(until(), until()), Status::Offered, "on its last day");
    }

    /// The day is that of the person's own clock; what came first is told by the instant.
    #[test]
    fn times_are_compared_as_instants() {
        let mut envelope = Envelope::issued(Some("2026-07-01T10:00:00+02:00".into()));
        let accept = |envelope: &mut Envelope, at| {
            envelope.change(Status::Accepted, signed(at, None), until())
        };
        let before = accept(&mut envelope, "2026-07-01T07:59:59Z");
        assert!(matches!(before, Err(EnvelopeError::Earlier { .. })));
        accept(&mut envelope, "2026-07-01T08:00:00Z").expect("the same instant");
    }

    #[test]
    fn nothing_is_dated_before_an_approval() {
        let mut envelope = Envelope::default();
        let decided = Override {
            client: String::new(),
            debtor_id: "7".into(),
            invoice_number: "INV-1".into(),
            computed: Decision::Exclude,
            computed_reason: None,
            decision: Decision::Buy,
            signed: signed("2026-07-01T10:00:00Z", Some("Why")),
            needs_approval: true,
            approval: None,
        };
        envelope.decide(decided, until()).expect("recorded");
        let other = Signed { by: "B. Low".into(), ..signed("2026-07-01T11:00:00Z", None) };
        envelope.approve(&line(), other, until()).expect("approved");
        let accept = |envelope: &mut Envelope, at| {
            envelope.change(Status::Accepted, signed(at, None), until())
        };
        let before = accept(&mut envelope, "2026-07-01T10:59:59Z");
        assert!(matches!(before, Err(EnvelopeError::Earlier { .. })), "{before:?}");
        accept(&mut envelope, "2026-07-01T11:00:00Z").expect("accepted");
    }

    #[test]
    fn nobody_decides_a_part_and_nobody_s_name_is_none() {
        let mut envelope = Envelope::default();
        let decided = |decision, by: &str| Override {
            client: String::new(),
            debtor_id: "7".into(),
            invoice_number: "INV-1".into(),
            computed: Decision::Exclude,
            computed_reason: None,
            decision,
            signed: Signed { by: by.into(), ..signed("2026-07-01T10:00:00Z", Some("Why")) },
            needs_approval: false,
            approval: None,
        };
        let refused = envelope.decide(decided(Decision::Part, "A. Reed"), until());
        assert_eq!(refused, Err(EnvelopeError::Part));
        let nobody = envelope.decide(decided(Decision::Buy, "  "), until());
        assert_eq!(nobody, Err(EnvelopeError::Nobody));
        assert!(envelope.overrides.is_empty());
    }

    #[test]
    fn words_in_files_are_those_of_the_code() {
        use Status::{Accepted, Declined, Expired, Offered, Withdrawn};
        for status in [Offered, Accepted, Declined, Withdrawn, Expired] {
            let word = serde_json::to_value(status).expect("JSON");
            assert_eq!(word, status.as_str());
            // Whether it has expired is never read from a file.
            assert_eq!(serde_json::from_value::<Status>(word).is_ok(), status != Expired);
        }
        for decision in [Decision::Buy, Decision::Part, Decision::Exclude] {
            assert_eq!(serde_json::to_value(decision).expect("JSON"), decision.as_str());
        }
    }
}
