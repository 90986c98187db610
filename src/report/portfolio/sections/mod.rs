//! The sections of the report, one file each.

mod ageing;
mod borrowing_base;
mod capital;
mod cash_forecast;
mod collections;
mod concentration;
mod credit_limits;
mod dilution;
mod early_warning;
mod look_at_first;
mod loss_distribution;
mod overview;
mod provisions;
mod stress;
mod turnover;

use chrono::NaiveDate;

use basics::{Money, grouped};

use super::super::ReportError;
use super::super::chart::{Bar, Shade};
use super::super::html::shortened;
use super::sheet::{Cell, Section};
use app::PortfolioReport;

/// The name of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Key figures, and what to look at first.
    Overview,
    /// Open balance by days past due.
    Ageing,
    /// Days sales outstanding and the like.
    Turnover,
    /// Credits over sales.
    Dilution,
    /// The largest debtors and their shares.
    Concentration,
    /// The borrowing base of each client.
    BorrowingBase,
    /// Expected loss.
    Provisions,
    /// Value at risk and expected shortfall.
    LossDistribution,
    /// Expected collections by week.
    CashForecast,
    /// Stress scenarios.
    Stress,
    /// The worklist, roll rates and vintages.
    Collections,
    /// Early-warning signals.
    EarlyWarning,
    /// Reserves and regulatory capital.
    Capital,
    /// Suggested credit limits.
    CreditLimits,
}

impl Key {
    /// Every section, in the order of the report: what calls for a decision comes first.
    pub const ALL: [Self; 14] = [
        Self::Overview,
        Self::Ageing,
        Self::Concentration,
        Self::BorrowingBase,
        Self::Dilution,
        Self::Turnover,
        Self::Provisions,
        Self::LossDistribution,
        Self::CashForecast,
        Self::Stress,
        Self::Collections,
        Self::EarlyWarning,
        Self::Capital,
        Self::CreditLimits,
    ];

    /// Its name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Ageing => "ageing",
            Self::Turnover => "turnover",
            Self::Dilution => "dilution",
            Self::Concentration => "concentration",
            Self::BorrowingBase => "borrowing_base",
            Self::Provisions => "provisions",
            Self::LossDistribution => "loss_distribution",
            Self::CashForecast => "cash_forecast",
            Self::Stress => "stress",
            Self::Collections => "collections",
            Self::EarlyWarning => "early_warning",
            Self::Capital => "capital",
            Self::CreditLimits => "credit_limits",
        }
    }
}

/// Lays out the sections asked for, in the order of [`Key::ALL`].
///
/// # Errors
/// If a total of the ageing is too large or cannot be converted.
pub fn sections(report: &PortfolioReport, keys: &[Key]) -> Result<Vec<Section>, ReportError> {
    let asked = Key::ALL.into_iter().filter(|key| keys.contains(key));
    let section = |key: Key| match key {
        Key::Overview => Ok(overview::section(report)),
        Key::Ageing => ageing::section(report),
        Key::Turnover => Ok(turnover::section(report)),
        Key::Dilution => Ok(dilution::section(report)),
        Key::Concentration => Ok(concentration::section(report)),
        Key::BorrowingBase => Ok(borrowing_base::section(report)),
        Key::Provisions => Ok(provisions::section(report)),
        Key::LossDistribution => Ok(loss_distribution::section(report)),
        Key::CashForecast => Ok(cash_forecast::section(report)),
        Key::Stress => Ok(stress::section(report)),
        Key::Collections => Ok(collections::section(report)),
        Key::EarlyWarning => Ok(early_warning::section(report)),
        Key::Capital => Ok(capital::section(report)),
        Key::CreditLimits => Ok(credit_limits::section(report)),
    };
    asked.map(section).collect()
}

/// The cell of a client; an empty name stands for all clients.
fn named(client: &str) -> Cell {
    Cell::Text(if client.is_empty() { "All clients".to_owned() } else { client.to_owned() })
}

fn code(amount: Money) -> Cell {
    Cell::Text(amount.currency().code().to_owned())
}

/// The month of a day, as charts label it.
fn month(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

/// The bar of somebody or something with this name, cut to what fits above a bar.
fn bar(name: &str, value: f64, shown: String) -> Bar {
    let label = shortened(name, 30).into_owned();
    Bar { label, value: shown, from: 0.0, to: value, shade: Shade::Whole }
}

/// The bar of an amount in major units.
fn amount_bar(name: &str, amount: f64) -> Bar {
    bar(name, amount, grouped(&format!("{amount:.0}")))
}
