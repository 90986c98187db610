//! What is true of an offer without being a function of ledger, policy and as-of date: who issued
//! it when, what became of it, and what an authorised person decided beside it.

use chrono::{DateTime, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use policy::Rule;

/// What has become of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It stands.
    #[default]
    Offered,
    /// The client has taken it.
    Accepted,
    /// The client does not want it.
    Declined,
    /// The factor has taken it back.
    Withdrawn,
    /// Its last day has passed; derived, never written.
    #[serde(skip_deserializing)]
    Expired,
}

/// A change of status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusChange {
    /// What it became.
    pub status: Status,
    /// Who, when and why.
    #[serde(flatten)]
    pub signed: Signed,
}

/// Who did something, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signed {
    /// Name of the person.
    pub by: String,
    /// When (RFC 3339).
    pub at: String,
    /// Why; an override has to say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Prefix of the API key, where it was done over the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// What an authorised person decides beside the computed decision, which stays as it is.
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
    /// Who, when and why.
    #[serde(flatten)]
    pub signed: Signed,
    /// Whether somebody else has to approve it, because the invoice is above the policy's limit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_approval: bool,
    /// Who has approved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Signed>,
}

/// The line on which a person decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineKey {
    /// The client; needed only where the offer has several.
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
    /// Not bought.
    Exclude,
}

/// State around an offer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// When the offer was issued, if the issuer said so.
    pub issued_at: Option<String>,
    /// `offered` when made.
    pub status: Status,
    /// How the status came about, the first change first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<StatusChange>,
    /// Decisions beside the computed ones, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
}

/// Why the state of an offer cannot change so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EnvelopeError {
    /// Only an offer that stands can be accepted, declined or withdrawn, or decided on.
    #[error("the offer is {}; only one that stands can be changed", .0.as_str())]
    NotOffered(Status),
    /// A time that is none.
    #[error("'{0}' is no time such as 2026-06-30T09:00:00Z")]
    Time(String),
    /// It lies before the last entry.
    #[error("{at} is before the entry of {last}")]
    Earlier {
        /// The time given.
        at: String,
        /// The last entry's.
        last: String,
    },
    /// Nobody's name.
    #[error("a person's name is needed")]
    Nobody,
    /// An override without a reason.
    #[error("an override needs a reason")]
    NoReason,
    /// An override that changes nothing.
    #[error("the decision in force is {} already", .0.as_str())]
    Same(Decision),
    /// Nobody approves an override of their own.
    #[error("{0} has made this override; somebody else has to approve it")]
    Own(String),
    /// There is no override that waits for approval.
    #[error("no override of invoice {0} waits for approval")]
    NothingToApprove(String),
    /// It cannot be accepted before somebody has approved an override.
    #[error("the override of invoice {0} is above the policy's limit and not approved yet")]
    NotApproved(String),
    /// A part of an unknown amount.
    #[error("an override buys or excludes the whole")]
    Part,
}

impl Status {
    /// The word as it stands in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }
}

impl Decision {
    /// The word as it stands in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Part => "part",
            Self::Exclude => "exclude",
        }
    }
}

impl Override {
    /// The line that it is about.
    fn line(&self) -> (&str, &str, &str) {
        (&self.client, &self.debtor_id, &self.invoice_number)
    }
}

impl Envelope {
    /// The envelope of an offer that was just made.
    pub fn issued(at: Option<String>) -> Self {
        Self { issued_at: at, ..Self::default() }
    }

    /// The status on a day: an offer that stands has expired after its last day.
    pub fn status_on(&self, day: NaiveDate, valid_until: NaiveDate) -> Status {
        let expired = self.status == Status::Offered && day > valid_until;
        if expired { Status::Expired } else { self.status }
    }

    /// Accepts, declines or withdraws an offer that stands on that day.
    ///
    /// # Errors
    /// [`EnvelopeError`].
    pub fn change(
        &mut self,
        status: Status,
        signed: Signed,
        valid_until: NaiveDate,
    ) -> Result<(), EnvelopeError> {
        self.check(&signed, valid_until)?;
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
    /// [`EnvelopeError`].
    pub fn decide(
        &mut self,
        decided: Override,
        valid_until: NaiveDate,
    ) -> Result<(), EnvelopeError> {
        self.check(&decided.signed, valid_until)?;
        if decided.signed.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
            return Err(EnvelopeError::NoReason);
        }
        if decided.decision == Decision::Part {
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

    /// The places of overrides in force that somebody has to approve yet.
    fn waiting(&self) -> impl DoubleEndedIterator<Item = usize> {
        (0..self.overrides.len()).filter(|&at| {
            let (decided, later) = (&self.overrides[at], &self.overrides[at + 1..]);
            let in_force = later.iter().all(|other| other.line() != decided.line());
            decided.needs_approval && decided.approval.is_none() && in_force
        })
    }

    /// Approves the override of an invoice that waits for it, the last one where no client is
    /// named; not by who has made it.
    ///
    /// # Errors
    /// [`EnvelopeError`].
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
        let entries = self.history.iter().map(|change| &change.signed.at);
        let decided = self.overrides.iter().flat_map(|o| o.approval.iter().chain([&o.signed]));
        let entries = entries.chain(decided.map(|signed| &signed.at));
        for entry in entries.chain(&self.issued_at) {
            if time(entry)? > at {
                let (at, last) = (signed.at.clone(), entry.clone());
                return Err(EnvelopeError::Earlier { at, last });
            }
        }
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
