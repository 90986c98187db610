//! The answer of a debtor that is asked to confirm an invoice.

use std::cmp::{Ordering, Reverse};
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Day, Money, day_number};

/// Declares a closed list of words that files spell in snake case, with its codes.
macro_rules! words {
    ($(#[$about:meta])* $list:ident { $($(#[$own:meta])* $code:ident $name:ident,)+ }) => {
        $(#[$about])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
            JsonSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $list {
            $($(#[$own])* $name,)+
        }

        impl $list {
            /// Every word of the list.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Returns the code used in files.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($code),)+
                }
            }
        }

        impl FromStr for $list {
            type Err = UnknownWord;

            /// Reads a code, in any case and with blanks or hyphens for underscores.
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                let code = text.trim().to_lowercase().replace([' ', '-'], "_");
                Self::ALL.iter().copied().find(|own| own.code() == code).ok_or(UnknownWord)
            }
        }
    };
}

/// A word that is not in a closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a word of the list")]
pub struct UnknownWord;

words! {
    /// The outcome of asking a debtor, declared from the best to the worst: of two of which nobody
    /// can tell the later, the later in this list counts, whoever gave it.
    ConfirmOutcome {
        /// The debtor owes the invoice.
        confirmed Confirmed,
        /// The debtor owes the invoice, but another amount.
        wrong_amount WrongAmount,
        /// Nobody could be reached, or nobody answered. It takes back no earlier answer.
        no_answer NoAnswer,
        /// The debtor disputes the invoice.
        disputed Disputed,
        /// The debtor does not know the client.
        unknown_debtor UnknownDebtor,
    }
}

impl ConfirmOutcome {
    /// Returns true if it speaks against the invoice or its debtor.
    pub fn is_adverse(self) -> bool {
        matches!(self, Self::WrongAmount | Self::Disputed | Self::UnknownDebtor)
    }
}

words! {
    /// The way in which an answer was given.
    Channel {
        /// Asked by telephone, on a number that the client did not supply.
        telephone Telephone,
        /// Read in the debtor's own payment portal.
        portal Portal,
        /// Written by the debtor.
        email Email,
        /// Shown by the debtor's signed receipt of the goods.
        goods_receipt GoodsReceipt,
    }
}

/// One answer of a debtor about one invoice: a row of the file of confirmations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The client that sold the invoice; absent if it is clear which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Id of the debtor in the client's ledger, or its name in any spelling.
    pub debtor: String,
    /// The client's number of the invoice.
    pub invoice: String,
    /// The open amount that the debtor states, in major units of the invoice's currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = 0))]
    pub amount: Option<Amount>,
    /// The outcome.
    pub outcome: ConfirmOutcome,
    /// The person who asked, or who recorded the answer.
    pub by: String,
    /// The day or the time of the answer.
    pub at: AnswerTime,
    /// The way in which it was given.
    pub how: Channel,
    /// Anything else that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// SHA-256 of a document that shows it, 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_sha256: Option<String>,
}

impl Confirmation {
    /// Returns true if it cannot free an invoice issued on this day, because it is dated before it.
    /// Goods may be received before they are billed, so a receipt can.
    pub fn precedes(&self, issue: Day) -> bool {
        self.at.day() < issue && self.how != Channel::GoodsReceipt
    }

    /// Returns true if the debtor says that it owes more than was ever billed, however much more:
    /// it means another invoice, or another amount.
    pub fn is_above(&self, billed: Money) -> bool {
        self.amount.is_some_and(|stated| stated > Amount(billed.to_decimal()))
    }

    /// The weight of an answer among those of which nobody can tell the later: the worse outcome,
    /// then the lower amount. A wrong amount without the right one is a dispute.
    pub(super) fn weight(&self) -> (ConfirmOutcome, Option<Reverse<Amount>>, Channel) {
        let outcome = match (self.outcome, self.amount) {
            (ConfirmOutcome::WrongAmount, None) => ConfirmOutcome::Disputed,
            (outcome, _) => outcome,
        };
        (outcome, self.amount.map(Reverse), self.how)
    }
}

/// The time of an answer: a day, `2026-06-12`, or a time in RFC 3339, `2026-06-12T09:30:00Z`.
///
/// The day of a time is the one that is written, in its own offset. A day without a time stands for
/// its end, as an as-of date does, and is ordered after every time of that day. Which of the two
/// was said later nobody can tell, so between them the outcome decides:
/// [`Confirmations::apply`](super::Confirmations::apply).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct AnswerTime {
    day: NaiveDate,
    time: Option<DateTime<FixedOffset>>,
}

/// A text that is neither a day nor a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a day such as 2026-06-30 or a time such as 2026-06-30T09:00:00Z")]
pub struct NoTime(String);

impl AnswerTime {
    /// Returns its day.
    pub fn day(&self) -> Day {
        day_number(self.day)
    }

    /// Returns true if it is a time, not a day alone.
    pub(super) fn has_time(&self) -> bool {
        self.time.is_some()
    }
}

impl From<NaiveDate> for AnswerTime {
    fn from(day: NaiveDate) -> Self {
        Self { day, time: None }
    }
}

impl FromStr for AnswerTime {
    type Err = NoTime;

    fn from_str(text: &str) -> Result<Self, NoTime> {
        let is_day = text.len() == "2026-06-30".len();
        let day = || text.parse::<NaiveDate>().ok().filter(|_| is_day);
        let time = || DateTime::parse_from_rfc3339(text).ok();
        day()
            .map(Self::from)
            .or_else(|| time().map(|time| Self { day: time.date_naive(), time: Some(time) }))
            .ok_or_else(|| NoTime(text.to_owned()))
    }
}

impl TryFrom<String> for AnswerTime {
    type Error = NoTime;

    fn try_from(text: String) -> Result<Self, NoTime> {
        text.parse()
    }
}

impl From<AnswerTime> for String {
    fn from(at: AnswerTime) -> Self {
        at.to_string()
    }
}

impl fmt::Display for AnswerTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Some(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            None => self.day.fmt(f),
        }
    }
}

impl Ord for AnswerTime {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |at: &Self| (at.day, at.time.is_none(), at.time);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for AnswerTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_in_any_case_and_no_other_is() {
        for text in ["no_answer", "No answer", " NO-ANSWER "] {
            assert_eq!(text.parse(), Ok(ConfirmOutcome::NoAnswer), "{text}");
        }
        assert_eq!("goods receipt".parse(), Ok(Channel::GoodsReceipt));
        for text in ["", "yes", "answer", "confirmed."] {
            assert_eq!(text.parse::<ConfirmOutcome>(), Err(UnknownWord), "{text}");
        }
        for &outcome in ConfirmOutcome::ALL {
            assert_eq!(serde_json::to_value(outcome).expect("JSON"), outcome.code());
        }
        for &channel in Channel::ALL {
            assert_eq!(serde_json::to_value(channel).expect("JSON"), channel.code());
        }
    }

    #[test]
    fn a_day_is_the_end_of_itself_and_a_time_has_the_day_that_is_written() {
        let at = |text: &str| text.parse::<AnswerTime>().unwrap_or_else(|e| panic!("{e}"));
        let ordered = [
            "2026-06-11",
            // Half an hour after midnight there is still the eleventh in London.
            "2026-06-12T00:30:00+02:00",
            "2026-06-12T09:00:00Z",
            "2026-06-12T10:30:00+01:00",
            "2026-06-12T23:59:59Z",
            "2026-06-12",
            "2026-06-13T00:00:00Z",
        ];
        assert!(ordered.windows(2).all(|pair| at(pair[0]) < at(pair[1])));
        assert_eq!(at(ordered[1]).day(), at("2026-06-12").day());
        for text in ordered {
            assert_eq!(at(text).to_string(), text);
            assert_eq!(String::from(at(text)), text);
        }
        for text in ["", "2026-02-30", "12.06.2026", "2026-6-12", "2026-06-12T09:00:00", "2026"] {
            assert!(text.parse::<AnswerTime>().is_err(), "{text}");
        }
    }

    #[test]
    fn it_is_read_and_written_as_json() {
        let text = concat!(
            r#"{"debtor":"D1","invoice":"7","amount":"12.50","outcome":"wrong_amount","#,
            r#""by":"A. Reed","at":"2026-06-12","how":"email"}"#
        );
        let read: Confirmation = serde_json::from_str(text).expect("JSON");
        assert_eq!(serde_json::to_string(&read).expect("JSON"), text);
        let wrong = text.replace("2026-06-12", "today");
        assert!(serde_json::from_str::<Confirmation>(&wrong).is_err());
    }
}
