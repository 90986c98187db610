//! Money, currency, rate, collection curve, day count and dates; facts about debtors; files that
//! people write by hand.
//!
//! Plain values, without polars or I/O, on which every other room builds. To add a day count, add a
//! variant to [`DayCount`] and name its source.
//!
//! ```
//! use factorage_basics::{Currency, Money, Rate, Rounding};
//!
//! let usd: Currency = "USD".parse()?;
//! let face = Money::from_major("1250.00".parse()?, usd)?;
//! let fee = Rate::from_percent("1.65".parse()?);
//! // Computed exactly, rounded once, and with the rounding named.
//! let fee = Money::round(face.to_decimal() * fee.fraction(), usd, Rounding::HalfUp)?;
//! assert_eq!((fee.minor(), fee.to_string().as_str()), (2063, "20.63"));
//! // Currencies are never mixed.
//! assert!(fee.checked_add(Money::zero("EUR".parse()?)).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod amount;
mod bits;
mod currency;
mod curve;
mod dates;
mod day_count;
mod debtor_facts;
mod float;
mod grouping;
pub mod handwritten;
mod hex;
mod look_alike;
mod money;
mod money_reading;
mod name;
mod out_of_range;
mod outline;
mod rate;
mod refusal;
mod set_aside;
mod spelling;

pub use amount::Amount;
pub use bits::{ended, fnv1a, split_mix};
pub use currency::{Currency, UnknownCurrency};
pub use curve::{CollectionCurve, CurveError};
pub use dates::{Day, day_number, from_day_number, iso_date, month_end_before, serialize_date};
pub use day_count::{DayCount, YearFraction};
pub use debtor_facts::{DebtorColumn, DebtorFact, DebtorFacts};
pub use float::float;
pub use grouping::{counted, grouped};
pub use hex::hex;
pub use look_alike::{as_seen, capitals};
pub use money::{Money, MoneyError, Rounding};
pub use name::without_legal_form;
pub use out_of_range::{OutOfRange, not_negative, positive, probability, share};
pub use outline::Outline;
pub use rate::Rate;
pub use refusal::refusal;
pub use set_aside::SetAside;
pub use spelling::folded;
