use chrono::NaiveDate;

use basics::{Amount, Currency, Money};

/// A payment that a debtor made, as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The invoice that it names.
    pub invoice_number: String,
    /// Who paid; needed where two debtors have an invoice of this number.
    pub debtor_id: Option<String>,
    /// What was paid, in major units.
    pub amount: Amount,
    /// Its currency; the position's unless told.
    pub currency: Option<Currency>,
    /// When it was received.
    pub received_on: NaiveDate,
    /// The payment's own reference.
    pub reference: String,
}

/// To what a part of a payment is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppliedTo {
    /// To an open position, by its id.
    Position(String),
    /// To what the factor has lost of a settled position, by its id.
    Loss(String),
    /// To nothing that was bought: it is the client's.
    Client,
}

/// A part of a payment, and to what it is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentPart {
    /// To what.
    pub applied_to: AppliedTo,
    /// Who paid; empty where nobody says it.
    pub debtor_id: String,
    /// The invoice that the payment names.
    pub invoice_number: String,
    /// The part.
    pub amount: Money,
    /// When the payment was received.
    pub received_on: NaiveDate,
    /// The payment's own reference.
    pub reference: String,
}

/// A part of a payment that is on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// Its id.
    pub id: String,
    /// The part.
    pub part: PaymentPart,
}

impl AppliedTo {
    /// The word as it stands in files: `payment`, `recovery` or `unapplied`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Position(_) => "payment",
            Self::Loss(_) => "recovery",
            Self::Client => "unapplied",
        }
    }

    /// The position.
    pub fn position_id(&self) -> Option<&str> {
        match self {
            Self::Position(id) | Self::Loss(id) => Some(id),
            Self::Client => None,
        }
    }

    /// What `word` says of a position; nothing where the two do not go together.
    pub fn of(word: &str, position_id: Option<String>) -> Option<Self> {
        match (word, position_id) {
            ("payment", Some(id)) => Some(Self::Position(id)),
            ("recovery", Some(id)) => Some(Self::Loss(id)),
            ("unapplied", None) => Some(Self::Client),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_positions_are_read_as_they_are_written() {
        let own = || "p".to_owned();
        for applied in [AppliedTo::Position(own()), AppliedTo::Loss(own()), AppliedTo::Client] {
            let id = applied.position_id().map(str::to_owned);
            assert_eq!(AppliedTo::of(applied.as_str(), id), Some(applied));
        }
    }

    #[test]
    fn a_payment_without_a_position_or_of_another_word_is_none() {
        for (word, id) in [("payment", None), ("unapplied", Some("p")), ("gift", Some("p"))] {
            assert_eq!(AppliedTo::of(word, id.map(str::to_owned)), None, "{word}");
        }
    }
}
