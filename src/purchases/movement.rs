use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use basics::{Currency, Money};

use super::accounts::{Account, Balances};

/// The kind of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// An invoice was bought: its advance was paid, the rest is held as reserve.
    Purchase,
    /// A debtor paid a bought invoice, in part or in full.
    Collection,
    /// A debtor paid something that was not bought; the cash belongs to the client.
    Unapplied,
    /// A debtor paid part of the factor's loss; the cash belongs to the factor.
    Recovery,
    /// An invoice was settled: the fee was taken and the rest of the reserve paid out.
    Settlement,
}

impl EntryKind {
    /// All kinds.
    pub const ALL: [Self; 5] =
        [Self::Purchase, Self::Collection, Self::Unapplied, Self::Recovery, Self::Settlement];

    /// Returns the word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Purchase => "purchase",
            Self::Collection => "collection",
            Self::Unapplied => "unapplied",
            Self::Recovery => "recovery",
            Self::Settlement => "settlement",
        }
    }

    /// Reads the word used in files.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Something that happened between client, debtor and factor, with its entries in the accounts:
/// their sum is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The kind.
    pub kind: EntryKind,
    /// True if it undoes the movement of the same kind and subject.
    pub is_reversal: bool,
    /// The id of the position that was bought, of the collection or of the settlement.
    pub subject: String,
    /// The client.
    pub client_id: String,
    /// The position, if there is one.
    pub position_id: Option<String>,
    /// The debtor; empty if nobody says who paid.
    pub debtor_id: String,
    /// The invoice number.
    pub invoice_number: String,
    /// The day of the books on which it counts.
    pub on: NaiveDate,
    /// The currency of the entries.
    pub currency: Currency,
    /// The amounts by account, in the order of the accounts, without those of 0.
    pub entries: Vec<(Account, Money)>,
}

/// A movement on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The place in the order in which the movements of the client were recorded, from 1.
    pub number: i64,
    /// The movement.
    pub movement: Movement,
}

impl Movement {
    /// Returns the amount in an account; 0 if it has none.
    pub fn amount(&self, account: Account) -> Money {
        let own = self.entries.iter().find(|(entry, _)| *entry == account);
        own.map_or_else(|| Money::zero(self.currency), |(_, amount)| *amount)
    }

    /// Returns the movement that undoes this one on a day: the same entries with the other sign.
    #[must_use]
    pub fn undone(&self, on: NaiveDate) -> Self {
        let negated = |(account, amount): &(Account, Money)| {
            // No amount that can be booked is the smallest `i64`.
            (*account, Money::from_minor(amount.minor().saturating_neg(), amount.currency()))
        };
        let entries = self.entries.iter().map(negated).collect();
        Self { is_reversal: true, on, entries, ..self.clone() }
    }

    /// Returns the sum of its entries in minor units, which is 0 unless they were altered.
    pub fn sum(&self) -> i128 {
        self.entries.iter().map(|(_, amount)| i128::from(amount.minor())).sum()
    }
}

/// Returns the balances of all accounts at the end of a day; at the end of all days without one.
pub fn balances<'a>(
    movements: impl IntoIterator<Item = &'a Recorded>,
    until: Option<NaiveDate>,
) -> Balances {
    let mut all = Balances::default();
    for Recorded { movement, .. } in movements {
        if until.is_none_or(|until| movement.on <= until) {
            for (account, amount) in &movement.entries {
                all.add(*account, *amount);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use pricing::Recourse;

    use super::super::samples::{day, invoice, usd};
    use super::*;

    #[test]
    fn kinds_keep_their_words() {
        for kind in EntryKind::ALL {
            assert_eq!(EntryKind::of(kind.as_str()), Some(kind));
            let text = serde_json::to_string(&kind).expect("JSON");
            assert_eq!(text, format!("\"{}\"", kind.as_str()));
        }
        assert_eq!(EntryKind::of("gift"), None);
    }

    #[test]
    fn what_is_undone_leaves_nothing_from_its_day_on() {
        let bought = Movement::purchase(&invoice("p", Recourse::Full)).expect("sums");
        let undone = bought.undone(day("2026-01-05"));
        assert!(undone.is_reversal && undone.subject == bought.subject);
        let both: Vec<Recorded> = (1..)
            .zip([bought, undone])
            .map(|(number, own)| Recorded { number, movement: own })
            .collect();
        let funds = |until| {
            balances(&both, Some(day(until))).of(Account::Funds, Currency::USD).expect("a balance")
        };
        assert_eq!(funds("2025-12-31"), usd(0));
        assert_eq!(funds("2026-01-04"), usd(80_000));
        assert_eq!(funds("2026-01-05"), usd(0));
        assert!(
            Account::ALL.iter().all(|own| balances(&both, None).minor(*own, Currency::USD) == 0)
        );
    }
}
