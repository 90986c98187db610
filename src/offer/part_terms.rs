use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Money, Rate};
use pricing::FeePlan;

use super::shown::Percent;

/// Sums over the lines of a part.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PartTotals {
    /// Open invoices.
    pub open_invoices: usize,
    /// Their open balance.
    pub gross: Money,
    /// Invoices bought wholly or in part.
    pub bought_invoices: usize,
    /// Eligible open balance bought.
    pub amount_bought: Money,
    /// Share of the amount bought that is advanced.
    pub advance_rate_percent: Rate,
    /// Dilution of the trailing 12 months.
    pub dilution_percent: Rate,
    /// Cash paid at purchase.
    pub advance: Money,
    /// Charges taken out of it.
    pub prepaid_charges: Money,
    /// What the client gets at once: the amount financed.
    pub net_funded: Money,
    /// Held back until the debtors pay.
    pub reserve: Money,
    /// Fees in the expected case.
    pub fee: Money,
    /// Rebates in the expected case.
    pub expected_rebate: Money,
    /// Expectation of the fees over the curves.
    pub expected_fee: Money,
    /// Expectation of the loss on advances.
    pub expected_loss: Money,
    /// The one nominal rate that discounts all repayments to what the client gets at once; absent
    /// when that is nothing.
    pub apr_percent: Option<Percent>,
    /// Advance-weighted mean of the expected days; absent when nothing is advanced.
    pub mean_expected_days: Option<f64>,
}

/// The terms of a part.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PartTerms {
    /// Share of the amount bought that is advanced.
    pub advance_rate_percent: Rate,
    /// The most that the policy allows after dilution, and that was asked for.
    pub advance_cap_percent: Rate,
    /// The most that the client asked to be advanced, if less than it could have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_advance_percent: Option<Rate>,
    /// The leading rate of the fee plan.
    pub discount_rate_percent: Rate,
    /// What is charged.
    pub fee_plan: FeePlan,
    /// P(dilution + fee > reserve) over what is bought; absent where the policy does not ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserve_shortfall_probability: Option<f64>,
    /// Return on funds employed a year after funding, handling, expected loss and the charge for
    /// unexpected loss; absent where the policy does not ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_percent: Option<Percent>,
    /// What the policy asks of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hurdle_percent: Option<Percent>,
}

/// What an offer of the menu is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MenuChoice {
    /// The largest advance.
    MostCash,
    /// Between the two.
    Balanced,
    /// The smallest advance that is offered, which costs least.
    LowestCost,
}

impl MenuChoice {
    /// In words.
    pub fn title(self) -> &'static str {
        match self {
            Self::MostCash => "Most cash",
            Self::Balanced => "Balanced",
            Self::LowestCost => "Lowest cost",
        }
    }
}

/// An offer of the menu.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MenuOffer {
    /// What it is for.
    pub choice: MenuChoice,
    /// Share of the amount bought that is advanced.
    pub advance_rate_percent: Rate,
    /// The leading rate of the fee plan, rounded up to a step.
    pub discount_rate_percent: Rate,
    /// The fee plan in words.
    pub fee_plan: String,
    /// Cash paid at purchase.
    pub advance: Money,
    /// The same after charges taken out of it.
    pub net_funded: Money,
    /// Fees in the expected case.
    pub fee: Money,
    /// Fees and charges in the expected case.
    pub total_cost: Money,
    /// What the client receives later in the expected case.
    pub expected_rebate: Money,
    /// Cost as APR; absent when nothing is advanced.
    pub apr_percent: Option<Percent>,
    /// Return on funds employed to the factor before the price was rounded: the same for all.
    pub return_percent: Option<Percent>,
    /// The same as quoted.
    pub return_as_quoted_percent: Option<Percent>,
}

/// Why no terms meet the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decline {
    /// `price` or `reserve`.
    pub code: Cow<'static, str>,
    /// The reason with the bounds that were tried.
    pub sentence: String,
}

/// The factor's yearly yield on funds employed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
pub struct Yields {
    /// After expected loss, before the cost of funds.
    pub before_cost_of_funds_percent: Percent,
    /// After expected loss and cost of funds.
    pub after_cost_of_funds_percent: Percent,
}

/// The pool when every customer pays on one day.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PayDay {
    /// Days after the purchase.
    pub days: u32,
    /// Total cost to the client.
    pub fee: Money,
    /// What the client receives later: amount bought less advance less fee.
    pub rebate: Money,
    /// Advance and rebate together.
    pub received_in_total: Money,
    /// The cost as APR.
    pub apr_percent: Option<Percent>,
}
