//! Pricing: from amount bought and collection curve to advance, reserve, fee, rebate, expected
//! loss, yield and APR.
//!
//! One formula, one function, one source. Money is exact decimal arithmetic on amounts, rounded
//! once, with the rounding named: fees half up, advances down. Expectations over a curve are
//! doubles that become money through one gate.
//!
//! # Formulas
//!
//! F is the amount bought, A the advance, d the days from purchase to collection. Each formula is
//! stated with its function, here by topic:
//!
//! - Advance A = a F, rounded down; reserve = F - A; rebate = collected - A - fee: [`advance()`],
//!   [`settle`] (trade identities).
//! - Advance rate a <= the policy's cap - max(0, dilution - threshold), with dilution = non-cash
//!   credits / sales over 12 months, rounded up to a basis point: [`advance_rate`] (trade
//!   practice).
//! - Advance rate of a pool: the largest at which P(dilution + fee > reserve) stays within the
//!   policy's tolerance: [`PoolTerms::advance`] (defined here).
//! - Discount rate of a pool: the smallest at which the return on funds reaches the hurdle:
//!   [`PoolTerms::discount`] (return on funds employed).
//! - Fee: flat r F; tiered (r1 + ceil(max(0, d - D1) / s) r2) F, or prorated; a table of periods;
//!   per diem r d F; benchmark (B + m) A d / basis with floors and changes of B: [`FeePlan`],
//!   [`FeeComponent`], [`Benchmark`] (trade practice; ISDA 2006 section 4.16 for six day counts,
//!   the SIA's rules for 30U/360).
//! - Limits and charges: minimum and maximum per invoice, last day charged, minimum of a month as
//!   floor or add-on, charges by event: [`Charges`], [`monthly_minimum`] (trade practice).
//! - Who bears a shortfall: [`Recourse::returns`] (trade practice).
//! - Share lost = LGD x (borne + (1 - borne) x P(client fails | debtor does not pay)):
//!   [`ShareLost::of`] (bivariate normal: Drezner and Wesolowsky 1990).
//! - Capital: the systematic loss at the confidence, and beside it the variance of the names:
//!   [`PoolOutlook`] (Vasicek 2002; defined here).
//! - Expected day = the mean of the curve given collection within the recourse period, rounded up,
//!   at least 1: [`price_line`] (defined here).
//! - APR of a line = charge / financed x 365 / d, with financed = A - prepaid charges: [`line_apr`]
//!   (12 CFR 1026, Appendix J (b)(5)(vii)).
//! - APR of an offer: r with sum of (advance + fee)_i / (1 + r d_i / 365) = amount financed:
//!   [`pool_apr`] (the same, for dated flows).
//! - XIRR: sum of CF_i / (1 + r)^(days_i / 365) = 0; every root is found, none and several are
//!   errors: [`xirr()`] (Descartes' rule for sums of exponentials).
//! - Disclosures of seven states, each item naming its rule: [`disclosure()`],
//!   [`general_agreement`].
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
mod equal;
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
pub use equal::Equal;
pub use error::PricingError;
pub use fee::{
    AfterLastPeriod, Benchmark, BenchmarkChange, ChargeEvent, ChargePer, Charges, EventCharge,
    FeeBase, FeeByDay, FeeComponent, FeeOn, FeePeriod, FeePlan, MinimumKind, MonthlyMinimum,
    monthly_minimum,
};
pub use line::{ExpectedCase, LinePrice, LineTerms, price_line};
pub use loss::{LossTerms, ShareLost};
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
