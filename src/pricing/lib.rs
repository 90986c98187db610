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
mod error;
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
pub use error::PricingError;
pub use fee::{
    AfterLastPeriod, Benchmark, BenchmarkChange, ChargeEvent, ChargePer, Charges, EventCharge,
    FeeBase, FeeByDay, FeeComponent, FeeOn, FeePeriod, FeePlan, MinimumKind, MonthlyMinimum,
    monthly_minimum,
};
pub use line::{LinePrice, LineTerms, price_line};
pub use loss::LossTerms;
pub use normal::conditional_default;
pub use pool::{
    AdequacyTerms, CapitalTerms, DebtorDilution, Infeasible, OpenPlan, PoolLine, PoolOutlook,
    PoolResult, PoolTerms, PriceTerms, Quotable, ReserveBound,
};
pub use recourse::Recourse;
pub use settlement::{LossCause, Settled, SettlementTerms, settle};
pub use xirr::xirr;
pub use yields::{FactorYield, FundsEmployed, factor_yield};

use error::checked;
