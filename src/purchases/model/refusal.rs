use crate::{PurchaseError, Standing};

/// A refusal that needs no day.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    Bought,
    Nothing,
    Repeats,
    Undone,
    Settled,
    Reversed,
    Stands(Standing),
}

impl Refusal {
    /// The refusal of an error; `None` if it is one of days, of which the reference knows nothing.
    pub fn of(error: &PurchaseError) -> Option<Self> {
        match error {
            PurchaseError::Nothing => Some(Self::Nothing),
            PurchaseError::Repeats { .. } => Some(Self::Repeats),
            PurchaseError::Undone { .. } => Some(Self::Undone),
            PurchaseError::Settled { .. } => Some(Self::Settled),
            PurchaseError::Reversed { .. } => Some(Self::Reversed),
            PurchaseError::Stands(standing) => Some(Self::Stands(*standing)),
            PurchaseError::BeforePurchase { .. }
            | PurchaseError::BeforeLastPayment { .. }
            | PurchaseError::BeforeUndone { .. }
            | PurchaseError::RecoursePassed { .. }
            | PurchaseError::Day { .. } => None,
            other => panic!("no refusal of a step of the model: {other}"),
        }
    }
}
