//! Pricing: amount bought and collection curve become advance, reserve, fee, rebate, expected loss,
//! yield and APR.
//!
//! One formula, one function, one source. Money is exact decimal arithmetic on amounts, rounded
//! once with the rounding named; expectations over a curve are doubles that become money through
//! one gate.
//!
//! ```
//! use basics::{Currency, Money, Rate};
//! use factorage_pricing::{advance, line_apr};
//!
//! let usd: Currency = "USD".parse()?;
//! let bought = Money::from_major("50000".parse()?, usd)?;
//! let advanced = advance(bought, Rate::from_percent("85".parse()?))?;
//! assert_eq!(advanced.to_string(), "42500.00");
//! // A fee of 1,650 when the customer pays after 52 days.
//! let fee = Money::from_major("1650".parse()?, usd)?;
//! let apr = line_apr(fee, advanced, 52)?;
//! assert_eq!(format!("{:.2} %", apr.percent()), "27.25 %");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod advance;
mod apr;
mod disclosure;
mod fee;
mod line;
mod loss;
mod normal;
mod pool;
mod recourse;
mod settlement;
mod solve;
mod xirr;
mod yields;

pub use advance::{advance, advance_rate, average_advance_outstanding};
pub use apr::{
    Apr, AprTolerance, RepaymentFlow, effective_annual_rate, finance_charge, line_apr, pool_apr,
    whole_month_apr,
};
pub use disclosure::{
    Agreement, DisclosedLine, Disclosure, DisclosureFacts, DisclosureRow, DisclosureSettings,
    Jurisdiction, disclosure, general_agreement,
};
pub use fee::{
    AfterLastPeriod, Benchmark, BenchmarkChange, ChargeEvent, ChargePer, Charges, EventCharge,
    FeeBase, FeeByDay, FeeComponent, FeeOn, FeePeriod, FeePlan, MinimumKind, MonthlyMinimum,
    monthly_minimum,
};
pub use line::{LinePrice, LineTerms, price_line};
pub use loss::LossTerms;
pub use normal::{bivariate_normal, conditional_default};
pub use pool::{
    AdequacyTerms, CapitalTerms, DebtorDilution, Infeasible, OpenPlan, PoolLine, PoolOutlook,
    PoolResult, PoolTerms, PriceTerms, Quotable, ReserveBound,
};
pub use recourse::Recourse;
pub use settlement::{LossCause, Settled, SettlementTerms, settle};
pub use xirr::xirr;
pub use yields::{FactorYield, FundsEmployed, factor_yield};

use thiserror::Error;

use basics::{MoneyError, OutOfRange};

/// Why a price cannot be computed.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum PricingError {
    /// An amount beyond what money can hold.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A value outside its range.
    #[error(transparent)]
    Range(#[from] OutOfRange),
    /// A decimal product beyond 96 bits.
    #[error("{what} of {value} is beyond decimal arithmetic")]
    Overflow {
        /// What was computed.
        what: &'static str,
        /// The amount it was computed on.
        value: String,
    },
    /// A table of fees ends before the collection.
    #[error("the table of fees ends on day {last}; nothing says what is charged on day {day}")]
    BeyondTable {
        /// Day of collection.
        day: u32,
        /// Last day of the table.
        last: u32,
    },
    /// A rate of return needs an amount financed.
    #[error("the amount financed is {0}; a rate needs a positive one")]
    NothingFinanced(String),
    /// A rate of return needs time.
    #[error("the APR of a payment on day {0} is not defined; the first day is 1")]
    NoTime(i64),
    /// A charge is not negative.
    #[error("the finance charge is {0}; a cost below zero has no APR")]
    NegativeCost(String),
    /// The equation has several roots in the range searched.
    #[error("the equation of {what} has several solutions ({roots}); none of them is the rate")]
    SeveralRoots {
        /// Which equation.
        what: &'static str,
        /// The roots, decimal form.
        roots: String,
    },
    /// The equation has no root in the range searched.
    #[error("no rate between {low} and {high} solves the equation of {what}")]
    NoRoot {
        /// Which equation.
        what: &'static str,
        /// Lower end of the search, decimal form.
        low: f64,
        /// Upper end of the search, decimal form.
        high: f64,
    },
}

/// The result of checked decimal arithmetic, or the error that names what overflowed.
fn checked(
    value: Option<rust_decimal::Decimal>,
    what: &'static str,
    on: basics::Money,
) -> Result<rust_decimal::Decimal, PricingError> {
    value.ok_or_else(|| PricingError::Overflow { what, value: on.to_string() })
}
