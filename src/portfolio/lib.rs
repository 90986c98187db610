//! The risk of a whole book: the formulas of its reports, each one function with its source.
//!
//! Amounts are in major units of one currency; rates and shares are decimal (0.03 is 3 %), days are
//! whole days unless a mean is meant. What is not a number in its range is an
//! [`OutOfRange`](basics::OutOfRange) error that names it.
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
