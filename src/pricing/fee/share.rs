use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::FeeBase;

/// The base of a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeeOn {
    /// The amount bought (net face).
    #[default]
    Amount,
    /// The advance (funds employed).
    Advance,
}

/// A part of a fee: `rate` x `times` / `over` of the amount or the advance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    pub on: FeeOn,
    pub rate: Decimal,
    pub times: i64,
    pub over: u32,
}

impl Share {
    /// Returns the fee in major units, multiplying before dividing; `None` if it overflows.
    pub fn of(self, base: FeeBase) -> Option<Decimal> {
        let on = match self.on {
            FeeOn::Amount => base.amount,
            FeeOn::Advance => base.advance,
        };
        let product = on.to_decimal().checked_mul(self.rate)?;
        if self.over == 1 {
            return product.checked_mul(self.times.into());
        }
        product.checked_mul(self.times.into())?.checked_div(self.over.into())
    }
}
