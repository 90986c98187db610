//! The risk of a whole book: the formulas of its reports, each one function with its source.
//!
//! Amounts are in major units of one currency; rates and shares are decimal (0.03 is 3 %); days are
//! whole days unless a mean is meant. A number outside its range is an
//! [`OutOfRange`](basics::OutOfRange) error that names it.
//!
//! # Formulas
//!
//! The figures of ageing, concentration, borrowing base, dilution and turnover are exact sums and
//! reconcile with each other, and the report says that this was checked. The other figures are
//! estimates:
//!
//! - Default of a debtor, and yearly rates: [`default_rates()`] (gamma-Poisson shrinkage towards
//!   the policy's prior and the other clients).
//! - Expected loss = funds in use x P(default) x share lost, recourse included: [`provisions()`],
//!   [`expected_loss`].
//! - Loss distribution: one common factor, latent values of debtors and clients, dilution beyond a
//!   failed client's reserve: [`LossModel`], [`book_risk()`] (Li 2000, Vasicek 2002; Lewis and
//!   Shedler 1979; contributions: Tasche 2000).
//! - Beside it the asymptotic quantile and the granularity adjustment: [`vasicek_quantile`],
//!   [`granularity`] (Vasicek 2002; Gordy and Luetkebohmert 2013).
//! - Number of defaults: [`poisson_count`], [`gamma_sector_count`] (CreditRisk+).
//! - Cash forecast: collection curves by week, moved to the payment days of the month, with bands
//!   as wide as past months varied: [`cash_forecast()`], [`pace`] (defined here; the calendar:
//!   Clayton and Kaldor 1987).
//! - Provision matrix: [`provision_matrix`], [`loss_rates_from_history`] (IFRS 9, B5.5.35).
//! - Regulatory capital: [`irb_capital`] (CRE31, CRE34). Dynamic reserve: [`dynamic_reserve()`]
//!   (trade-receivables purchase agreements).
//! - Turnover: [`dso`], [`countback_dso`], [`collection_effectiveness`], [`receivables_turnover`].
//!   Dilution: [`dilution_ratios()`], [`credit_lag_ineligible`]. Roll rates: [`roll_rates()`].
//!   Concentration: [`concentrated`].
//! - Stress, early warning and suggested limits, with thresholds of our own: [`stress()`],
//!   [`early_warning()`], [`credit_limits()`].
//!
//! ```
//! use factorage_portfolio::{concentrated, expected_loss, vasicek_quantile};
//!
//! // Four debtors, one of whom owes as much as the other three together.
//! let book = concentrated(&[300.0, 100.0, 100.0, 100.0])?;
//! assert_eq!(book.shares[0], 0.5);
//! assert!((book.effective_number - 3.0).abs() < 1e-9);
//! // 2 % of them fail in a year; in the worst year of a thousand far more.
//! assert!((expected_loss(600.0, 0.02, 0.45)? - 5.4).abs() < 1e-9);
//! assert!(vasicek_quantile(0.02, 0.15, 0.999)? > 0.1);
//! # Ok::<(), basics::OutOfRange>(())
//! ```

mod ageing;
mod behaviour;
mod book;
mod book_risk;
mod capital;
mod capital_report;
mod cash_forecast;
mod concentration;
mod credit_limits;
mod credit_loss;
mod debtor_shares;
mod default_count;
mod default_rates;
mod dilution_ratios;
mod dilution_report;
mod dynamic_reserve;
mod early_warning;
mod key_figures;
mod outcomes;
mod provision;
mod provisions;
mod roll_rates;
mod simulation;
mod stress;
mod turnover;
mod turnover_report;

pub use ageing::{Aged, AgedThen, Ageing, ageing, currencies};
pub use behaviour::{Collecting, NextStep, RollsOf, ToCollect, Vintage, collecting};
pub use book::{
    BookDebtor, BookInvoice, Buckets, Causes, ClientBook, Exposure, Lateness, Month, MonthEnd,
    WEEKS, WeekSeen,
};
pub use book_risk::{BookRisk, NamedRisk, Reporting, Scales, Simulated, book_risk};
pub use capital::{IrbCapital, IrbInput, irb_capital};
pub use capital_report::{CapitalOf, CapitalReport, ReserveOf, capital_report};
pub use cash_forecast::{CashForecast, CashWeek, Pace, cash_forecast, pace};
pub use concentration::{Concentrated, concentrated};
pub use credit_limits::{SuggestedLimit, credit_limits};
pub use credit_loss::{
    Granularity, GranularityInput, expected_loss, granularity, horizon_default_probability,
    vasicek_quantile,
};
pub use debtor_shares::{ConcentrationOf, DebtorShareAcross, LimitUse, Shares, shares};
pub use default_count::{gamma_sector_count, poisson_count};
pub use default_rates::{DefaultRates, default_rates};
pub use dilution_ratios::{credit_lag_ineligible, dilution_ratios, effective_dilution};
pub use dilution_report::{
    ClientDilution, DebtorDilutionRow, DilutionReport, MonthDilution, dilution_report,
};
pub use dynamic_reserve::{DynamicReserve, DynamicReserveInput, dynamic_reserve};
pub use early_warning::{Signal, early_warning};
pub use key_figures::{KeyFigures, key_figures};
pub use outcomes::Outcomes;
pub use provision::{loss_rates_from_history, provision_matrix};
pub use provisions::{ClientLoss, ProvisionRow, Provisions, exposures, provisions};
pub use roll_rates::{RollRates, roll_rates};
pub use simulation::{Copula, Estimate, LossDistribution, LossModel, Name, Seller, TailMeasure};
pub use stress::{Scenario, Stressed, stress, usual_scenarios};
pub use turnover::{
    average_days_delinquent, best_possible_dso, collection_effectiveness, countback_dso, dso,
    receivables_turnover,
};
pub use turnover_report::{Turnover, TurnoverReport, together, turnover_report};
