use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Money, serialize_date};
use policy::{Counterfactual, GivenAnswer, HoldKind, HoldReason, Rule};

use super::envelope::Decision;
use super::shown::Percent;

/// One open invoice.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct OfferLine {
    /// The client's number.
    pub invoice_number: String,
    /// The debtor's id.
    pub debtor_id: String,
    /// The debtor's name.
    pub debtor_name: String,
    /// The debtor's sub-customer, job or project, if the ledger names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// Issue date.
    #[serde(serialize_with = "serialize_date")]
    pub invoice_date: NaiveDate,
    /// Due date.
    #[serde(serialize_with = "serialize_date")]
    pub due_date: NaiveDate,
    /// Days past due at the as-of date; negative before.
    pub days_past_due: i32,
    /// The decision on it.
    pub decision: Decision,
    /// The rule that excludes it, or that takes the largest part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Rule>,
    /// The reason in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The smallest change that would make the policy buy more of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counterfactual: Option<Counterfactual>,
    /// The reasons for which it is held, if it is; the client's copy has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<LineHold>,
    /// The answer by which it is confirmed, if it is; the client's copy has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<GivenAnswer>,
    /// Why it is held in words for the owner, as the end of a sentence about any number of
    /// invoices: all that looks wrong is said alike. Absent if it is not held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_for: Option<String>,
    /// Other rules that it fails.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_fails: Vec<Rule>,
    /// Original amount.
    pub face: Money,
    /// Still owed.
    pub open: Money,
    /// P(collected within 30 days).
    pub collected_30: f64,
    /// P(collected within 60 days).
    pub collected_60: f64,
    /// P(collected within 90 days).
    pub collected_90: f64,
    /// The basis of the curve.
    pub curve_basis: scoring::Basis,
    /// The weights of the debtor, the client and the prior in the curve.
    pub curve_weights: scoring::CurveWeights,
    /// The factors that moved P(collected within 30 days) most, compared with an average debtor's
    /// invoice of this age; none with the Kaplan-Meier model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub score_reasons: Vec<scoring::Reason>,
    /// The price, if it is bought.
    #[serde(flatten)]
    pub price: Option<PricedLine>,
    /// The amount of it that was bought before, if any was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub already_bought: Option<Money>,
    /// The price at which it is bought once it is confirmed, if it is held; days and dates as if
    /// that were today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub once_confirmed: Option<PricedLine>,
    /// The share of the offer that this one completes in it, if neither is anything of it bought
    /// nor is it held any more; the client's copy has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_over: Option<LeftOver>,
    /// Index of its file and its line there: provenance, not part of the document.
    #[serde(skip)]
    pub source: (usize, u32),
}

impl OfferLine {
    /// Returns true if it has the price of its decision, and no other.
    pub(super) fn is_whole(&self) -> bool {
        let is_bought = matches!(self.decision, Decision::Buy | Decision::Part);
        let is_held = self.decision == Decision::Hold;
        is_bought == self.price.is_some() && is_held == self.once_confirmed.is_some()
    }
}

/// A reason for which a line is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LineHold {
    /// The reason.
    pub reason: HoldReason,
    /// The origin of the reason.
    pub kind: HoldKind,
    /// The reason in words, for the factor's staff.
    pub why: String,
}

/// The part of an invoice that an earlier offer held and one that completes it does not buy, for a
/// limit or for what is known by then: another may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOver {
    /// The most that is bought of it.
    pub amount: Money,
    /// The reasons for which it was held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<LineHold>,
}

/// The price of a line that is bought.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
pub struct PricedLine {
    /// Amount bought.
    pub amount_bought: Money,
    /// Paid at purchase.
    pub advance: Money,
    /// Held back.
    pub reserve: Money,
    /// Days to the expected collection.
    pub expected_day: u32,
    /// The as-of date plus those days.
    #[serde(serialize_with = "serialize_date")]
    pub expected_date: NaiveDate,
    /// Fee if collected on that day.
    pub fee: Money,
    /// Rebate if collected on that day; negative: owed by the client.
    pub expected_rebate: Money,
    /// Expectation of the fee.
    pub expected_fee: Money,
    /// Expectation of the loss on the advance and, without full recourse, on the fee.
    pub expected_loss: Money,
    /// APR at the expected day; absent if nothing is advanced.
    pub apr_percent: Option<Percent>,
}

#[cfg(test)]
mod tests {
    use super::super::samples::{listed, part, read_back};
    use super::*;
    use basics::Currency;

    #[test]
    fn a_line_reads_back_with_its_price_or_without() {
        let part = part(&listed());
        let [bought, .., left_out, _] = part.lines.as_slice() else { panic!("four lines") };
        read_back(bought, Currency::USD);
        read_back(left_out, Currency::USD);
        let keys = |line: &OfferLine| serde_json::to_value(line).expect("JSON");
        let (bought, left_out) = (keys(bought), keys(left_out));
        // The price stands among the other members.
        assert_eq!(bought["amount_bought"], "1000.00");
        assert_eq!(bought["due_date"], "2026-07-30");
        assert!(bought.get("reason").is_none() && bought.get("price").is_none());
        assert!(left_out.get("amount_bought").is_none());
        assert_eq!(left_out["reason"], "past_due");
        assert!(bought.get("source").is_none(), "where it was read is no part of the document");
    }

    #[test]
    fn a_price_splits_the_amount_bought() {
        for line in part(&listed()).lines {
            let Some(price) = line.price else { continue };
            let bought = price.amount_bought.minor();
            assert_eq!(price.advance.minor() + price.reserve.minor(), bought);
            assert_eq!(price.reserve.minor() - price.fee.minor(), price.expected_rebate.minor());
            assert!(bought <= line.open.minor());
        }
    }
}
