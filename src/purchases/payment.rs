use chrono::NaiveDate;

use basics::{Amount, Currency, Money};

/// A debtor's payment, as reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The invoice number on the payment.
    pub invoice_number: String,
    /// The debtor; needed where two debtors have an invoice with this number.
    pub debtor_id: Option<String>,
    /// The amount paid, in major units.
    pub amount: Amount,
    /// The currency; by default that of the position.
    pub currency: Option<Currency>,
    /// The day on which it was received.
    pub received_on: NaiveDate,
    /// The payment's own reference, such as that of the wire; empty if it has none.
    pub reference: String,
    /// The bank account that received it; empty if nobody says.
    pub account: String,
    /// The id of a payment on record with the same reference, if this is another one all the same.
    pub duplicate_of: Option<String>,
}

/// The use of a part of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppliedTo {
    /// Applied to an open position, by its id.
    Position(String),
    /// Applied to the factor's loss on a settled position, by its id.
    Loss(String),
    /// Applied to nothing that was bought: it belongs to the client.
    Client,
}

/// A part of a payment, and its use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentPart {
    /// The use of the part.
    pub applied_to: AppliedTo,
    /// The debtor; empty if the payment names none.
    pub debtor_id: String,
    /// The invoice number on the payment.
    pub invoice_number: String,
    /// The part of the payment.
    pub amount: Money,
    /// The day on which the payment was received.
    pub received_on: NaiveDate,
    /// The day of the books on which it counts: that of the receipt, or of a reversal on the
    /// position if that is later, so that earlier periods stay as they are.
    pub booked_on: NaiveDate,
    /// The payment's own reference, such as that of the wire; empty if it has none.
    pub reference: String,
    /// The bank account that received it; empty if nobody says.
    pub account: String,
}

/// A part of a payment on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// The id of the collection.
    pub id: String,
    /// The payment of which it is a part: the id of its first part.
    pub payment: String,
    /// The part of the payment.
    pub part: PaymentPart,
}

impl AppliedTo {
    /// Returns the word used in files: `payment`, `recovery` or `unapplied`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Position(_) => "payment",
            Self::Loss(_) => "recovery",
            Self::Client => "unapplied",
        }
    }

    /// Returns the id of the position, if the part is applied to one.
    pub fn position_id(&self) -> Option<&str> {
        match self {
            Self::Position(id) | Self::Loss(id) => Some(id),
            Self::Client => None,
        }
    }

    /// Reads the word used in files with the id of its position; `None` if the two do not go
    /// together.
    pub fn of(word: &str, position_id: Option<String>) -> Option<Self> {
        match (word, position_id) {
            ("payment", Some(id)) => Some(Self::Position(id)),
            ("recovery", Some(id)) => Some(Self::Loss(id)),
            ("unapplied", None) => Some(Self::Client),
            // A payment without a position, or cash for the client with one, is a damaged record.
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
