use std::borrow::Cow;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Money, Rate};
use pricing::FeePlan;
use words::{Catalogue, Facts};

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
    /// The part of it that is past due already, by the due date that counts; absent from offers
    /// that were made before it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bought_past_due: Option<Money>,
    /// The invoices that are bought once they are confirmed; absent if nothing is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<HeldTotals>,
    /// Share of the amount bought that is advanced.
    pub advance_rate_percent: Rate,
    /// Dilution of the trailing 12 months: credits over the sales that are closed or bought.
    pub dilution_percent: Rate,
    /// Cash paid at purchase.
    pub advance: Money,
    /// Charges taken out of it.
    pub prepaid_charges: Money,
    /// The amount that the client gets at once: the amount financed.
    pub net_funded: Money,
    /// Held back until the debtors pay.
    pub reserve: Money,
    /// Fees in the expected case.
    pub fee: Money,
    /// Rebates in the expected case.
    pub expected_rebate: Money,
    /// Expectation of the fees over the curves.
    pub expected_fee: Money,
    /// Expectation of the loss on advances and, without full recourse, on fees.
    pub expected_loss: Money,
    /// The one nominal rate that discounts all repayments to what the client gets at once; absent
    /// if that is nothing.
    pub apr_percent: Option<Percent>,
    /// Advance-weighted mean of the expected days; absent if nothing is advanced.
    pub mean_expected_days: Option<f64>,
}

/// Sums over the lines that are held: bought once their debtors confirm them, and no part of what
/// is paid now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HeldTotals {
    /// Invoices held.
    pub invoices: usize,
    /// Those of them that look wrong; absent in the client's copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_wrong: Option<usize>,
    /// The amount that is bought of them once all are confirmed.
    pub amount: Money,
    /// That of the ones that look wrong; absent in the client's copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_looks_wrong: Option<Money>,
    /// The most that is then paid on them.
    pub advance: Money,
}

/// The terms of a part.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PartTerms {
    /// Share of the amount bought that is advanced.
    pub advance_rate_percent: Rate,
    /// The lesser of what the policy allows after dilution and what was asked for.
    pub advance_cap_percent: Rate,
    /// The largest advance that the client asked for; absent if it asked for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_advance_percent: Option<Rate>,
    /// The leading rate of the fee plan.
    pub discount_rate_percent: Rate,
    /// The fees that are charged.
    pub fee_plan: FeePlan,
    /// P(dilution + fee > reserve) over what is bought; absent if the policy does not test it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserve_shortfall_probability: Option<f64>,
    /// Return on funds employed, a year, after funding, handling, expected loss and the charge for
    /// unexpected loss; absent if the policy has no hurdle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_percent: Option<Percent>,
    /// The return that the policy requires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hurdle_percent: Option<Percent>,
}

/// The aim of an offer of the menu.
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

static TITLES: LazyLock<[String; 3]> = LazyLock::new(|| {
    ["menu.most_cash", "menu.balanced", "menu.lowest_cost"]
        .map(|title| Catalogue::english().say(title, &Facts::new()))
});

impl MenuChoice {
    /// Returns the title that the client reads.
    pub fn title(self) -> &'static str {
        let [most_cash, balanced, lowest_cost] = &*TITLES;
        match self {
            Self::MostCash => most_cash,
            Self::Balanced => balanced,
            Self::LowestCost => lowest_cost,
        }
    }
}

/// An offer of the menu.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MenuOffer {
    /// Its aim.
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
    /// The amount that the client receives later in the expected case.
    pub expected_rebate: Money,
    /// Cost as APR; absent if nothing is advanced.
    pub apr_percent: Option<Percent>,
    /// Return on funds employed to the factor before the price was rounded: the same for all.
    pub return_percent: Option<Percent>,
    /// The same as quoted.
    pub return_as_quoted_percent: Option<Percent>,
}

/// The reason why no terms meet the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decline {
    /// `price`, `reserve` or `charges`.
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

/// The outcome if every customer pays on one day.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PayDay {
    /// Days after the purchase.
    pub days: u32,
    /// The fee; charges taken out of the advance come on top.
    pub fee: Money,
    /// The amount that the client receives later: amount bought less advance less fee.
    pub rebate: Money,
    /// The amount that the client receives in all: advance less charges taken out of it, plus
    /// rebate.
    pub received_in_total: Money,
    /// Fee and charges as APR; absent if nothing is paid at once.
    pub apr_percent: Option<Percent>,
}

#[cfg(test)]
mod tests {
    use super::super::samples::{listed_with, part, percent, read_back, solved_with, wire};
    use super::*;
    use basics::Currency;

    #[test]
    fn totals_split_what_is_bought_twice_over_and_the_advance_once() {
        for policy in [listed_with(&wire("25")), solved_with("")] {
            let totals = part(&policy).totals;
            let sum = |of: &[Money]| of.iter().map(|amount| amount.minor()).sum::<i64>();
            let bought = totals.amount_bought.minor();
            assert!(bought > 0);
            assert_eq!(sum(&[totals.advance, totals.reserve]), bought);
            assert_eq!(sum(&[totals.advance, totals.fee, totals.expected_rebate]), bought);
            assert_eq!(sum(&[totals.net_funded, totals.prepaid_charges]), totals.advance.minor());
            read_back(&totals, Currency::USD);
        }
    }

    #[test]
    fn what_the_policy_does_not_ask_for_is_not_told() {
        let listed = part(&listed_with(""));
        let told = serde_json::to_value(&listed.terms).expect("JSON");
        let absent = ["reserve_shortfall_probability", "return_percent", "hurdle_percent"];
        assert!(absent.iter().all(|key| told.get(key).is_none()), "{told}");
        let solved = part(&solved_with(""));
        let told = serde_json::to_value(&solved.terms).expect("JSON");
        assert!(absent.iter().all(|key| told.get(key).is_some()), "{told}");
        for part in [listed, solved] {
            read_back(&part.terms, Currency::USD);
            part.menu.iter().for_each(|offer| read_back(offer, Currency::USD));
            part.if_paid_after.iter().for_each(|day| read_back(day, Currency::USD));
            read_back(&part.yields.expect("money is out"), Currency::USD);
        }
    }

    #[test]
    fn no_more_is_advanced_than_the_cap() {
        let terms = part(&solved_with("")).terms;
        assert!(terms.advance_rate_percent <= terms.advance_cap_percent);
        assert_eq!(terms.advance_cap_percent, percent("85"));
        assert_eq!(terms.discount_rate_percent, terms.fee_plan.leading_rate());
    }

    #[test]
    fn a_choice_of_the_menu_has_a_word_in_files_and_a_title() {
        let all = [MenuChoice::MostCash, MenuChoice::Balanced, MenuChoice::LowestCost];
        for choice in all {
            let word = serde_json::to_value(choice).expect("JSON");
            let title = choice.title().to_lowercase().replace(' ', "_");
            assert_eq!(word, title.as_str());
        }
    }
}
