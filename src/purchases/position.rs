use chrono::NaiveDate;

use basics::Money;

use super::invoice::BoughtInvoice;
use super::{OpenPosition, PurchaseError, ReversedPosition, SettledPosition, Settlement};

/// A bought invoice in any state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// Something is still to be collected.
    Open(OpenPosition),
    /// Collected in full, charged back or lost.
    Settled(SettledPosition),
    /// The purchase was undone.
    Reversed(ReversedPosition),
}

impl Position {
    /// The invoice.
    pub fn invoice(&self) -> &BoughtInvoice {
        match self {
            Self::Open(open) => &open.invoice,
            Self::Settled(settled) => &settled.invoice,
            Self::Reversed(reversed) => &reversed.invoice,
        }
    }

    /// Returns the cash received from the debtor, including recoveries.
    pub fn collected(&self) -> Money {
        match self {
            Self::Open(open) => open.collected,
            Self::Settled(settled) => settled.collected(),
            Self::Reversed(reversed) => Money::zero(reversed.invoice.amount.currency()),
        }
    }

    /// The day of the last payment.
    pub fn last_paid_on(&self) -> Option<NaiveDate> {
        match self {
            Self::Open(open) => open.last_paid_on,
            Self::Settled(settled) => settled.last_paid_on,
            Self::Reversed(_) => None,
        }
    }

    /// The day of the last reversal on it.
    pub fn reopened_on(&self) -> Option<NaiveDate> {
        match self {
            Self::Open(open) => open.reopened_on,
            Self::Settled(settled) => settled.reopened_on,
            Self::Reversed(reversed) => Some(reversed.on),
        }
    }

    /// Its settlement.
    pub fn settlement(&self) -> Option<&Settlement> {
        match self {
            Self::Settled(settled) => Some(&settled.settlement),
            Self::Open(_) | Self::Reversed(_) => None,
        }
    }

    /// Returns the word for the state used in files: `open`, `settled` or `reversed`.
    pub fn status(&self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::Settled(_) => "settled",
            Self::Reversed(_) => "reversed",
        }
    }

    /// Returns what can still be booked: what is outstanding, or the factor's loss that is not yet
    /// recovered.
    pub fn to_come(&self) -> Money {
        match self {
            Self::Open(open) => open.outstanding(),
            Self::Settled(settled) => settled.to_recover(),
            Self::Reversed(reversed) => Money::zero(reversed.invoice.amount.currency()),
        }
    }

    /// Returns the open position, to be paid or settled.
    ///
    /// # Errors
    /// [`PurchaseError::Settled`] or [`PurchaseError::Reversed`] if the position is not open.
    pub fn into_open(self) -> Result<OpenPosition, PurchaseError> {
        match self {
            Self::Open(open) => Ok(open),
            Self::Settled(SettledPosition { invoice, settlement, .. }) => {
                Err(PurchaseError::Settled { position: invoice.id, on: settlement.on })
            }
            Self::Reversed(ReversedPosition { invoice, on }) => {
                Err(PurchaseError::Reversed { position: invoice.id, on })
            }
        }
    }
}

impl From<OpenPosition> for Position {
    fn from(open: OpenPosition) -> Self {
        Self::Open(open)
    }
}

impl From<ReversedPosition> for Position {
    fn from(reversed: ReversedPosition) -> Self {
        Self::Reversed(reversed)
    }
}

impl From<SettledPosition> for Position {
    fn from(settled: SettledPosition) -> Self {
        Self::Settled(settled)
    }
}

#[cfg(test)]
mod tests {
    use pricing::{LossCause, Recourse};

    use super::super::samples::{day, open, usd};
    use super::*;

    #[test]
    fn a_step_that_is_not_possible_says_where_one_stands() {
        let position = open("p", Recourse::NonRecourse);
        assert!(Position::from(position.clone()).into_open().is_ok());
        let on = day("2026-04-02");
        let settled =
            Position::from(position.settle(on, Some(LossCause::Credit)).expect("settled"));
        let refused = settled.into_open().expect_err("it is settled");
        assert_eq!(refused, PurchaseError::Settled { position: "p".into(), on });
        assert!(refused.to_string().contains("settled on 2026-04-02"), "{refused}");
    }

    #[test]
    fn both_states_tell_what_is_booked_and_what_can_be() {
        let position = open("p", Recourse::NonRecourse);
        let shown = |position: &Position| {
            (position.status(), position.collected(), position.to_come(), position.last_paid_on())
        };
        assert_eq!(shown(&position.clone().into()), ("open", usd(0), usd(100_000), None));
        let lost = position.settle(day("2026-04-02"), Some(LossCause::Credit)).expect("settled");
        let later = lost.recover(usd(1), day("2026-05-02")).expect("recovered");
        let expected = ("settled", usd(1), usd(89_999), Some(day("2026-05-02")));
        assert_eq!(shown(&later.clone().into()), expected);
        assert_eq!(Position::from(later).invoice().id, "p");
    }
}
