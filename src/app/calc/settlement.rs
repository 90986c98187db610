use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use basics::{Amount, Currency, Money, Rate};
use pricing::{LossCause, Recourse, SettlementTerms, settle};

use super::fee::Fee;
use super::{CalcError, Formula, five, money, usd};

/// The settlement of one invoice, whether or not it is collected in full.
#[derive(Debug, Clone, JsonSchema)]
// Closed as a whole: if each flattened half were, it would refuse the keys of the other.
#[schemars(extend("unevaluatedProperties" = false))]
pub(super) struct Settlement {
    /// The invoice, its fee plan and the day of collection or recourse.
    #[schemars(flatten)]
    fee: Fee,
    /// The amount collected, and who takes the loss of the rest.
    #[schemars(flatten)]
    outcome: Outcome,
}

/// The amount collected, and who takes the loss of the rest.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Outcome {
    /// Cash received from the debtor by that day [default: the whole amount].
    collected: Option<Amount>,
    /// Cause of a shortfall; required if less than the amount was collected.
    cause: Option<LossCause>,
    /// Recourse, which decides who takes the loss [default: full].
    #[serde(default)]
    recourse: Recourse,
    /// For modified recourse: true if the debtor was approved, within its limit [default: false].
    #[serde(default)]
    credit_approved: bool,
}

impl<'de> Deserialize<'de> for Settlement {
    /// Splits the keys by hand so that each half refuses unknown ones, which serde's own flattening
    /// would accept.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (outcome, fee): (Map<String, Value>, Map<String, Value>) =
            Map::deserialize(deserializer)?.into_iter().partition(|(key, _)| {
                matches!(key.as_str(), "collected" | "cause" | "recourse" | "credit_approved")
            });
        let wrong = |error: serde_json::Error| D::Error::custom(error);
        let fee = serde_json::from_value(fee.into()).map_err(wrong)?;
        let outcome = serde_json::from_value(outcome.into()).map_err(wrong)?;
        Ok(Self { fee, outcome })
    }
}

/// The settlement of one invoice.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SettlementOutput {
    /// Advance paid at purchase, before charges.
    advance: Money,
    /// Reserve held back.
    reserve: Money,
    /// Charges deducted from the advance.
    prepaid_charges: Money,
    /// Advance less prepaid charges: what the client receives on day 0.
    net_funded: Money,
    /// Cash received from the debtor.
    collected: Money,
    /// Fee to the day of collection or recourse.
    fee: Money,
    /// Amount less collected.
    shortfall: Money,
    /// Part of the shortfall that the client repays.
    chargeback: Money,
    /// Part of the shortfall that the factor loses.
    factor_loss: Money,
    /// Collected less advance and fee, with the shortfall shared under the terms; if negative, the
    /// client owes it.
    rebate: Money,
    /// Net funded plus rebate.
    total_to_client: Money,
    /// Total cost to the client: fee plus prepaid charges.
    total_cost: Money,
}

impl Formula for Settlement {
    const NAME: &'static str = "settlement";
    const SUMMARY: &'static str =
        "advance, fee, rebate, chargeback and total cost of one invoice, collected or not";
    const SOURCE: &'static str = "trade practice: A = a F, R = F - A, rebate = collected - A - f; \
         recourse by cause: under full recourse the client buys everything back, under \
         non-recourse the factor loses only on the debtor's insolvency";
    const EXAMPLE: &'static str = r#"{
  "amount": "50000.00", "advance_percent": 85, "day": 45,
  "plan": [{"kind": "tiered", "first_percent": 3, "first_days": 30, "step_percent": 1, "step_days": 10}],
  "charges": {"events": [{"event": "wire", "amount": "25.00", "per": "funding"}]}
}"#;
    type Output = SettlementOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<SettlementOutput, CalcError> {
        let Self { fee, outcome } = &self;
        let (plan, base) = (fee.plan()?, fee.base()?);
        let collected = outcome.collected.map(|amount| money(amount, fee.currency)).transpose()?;
        let terms = SettlementTerms {
            recourse: outcome.recourse,
            credit_approved: outcome.credit_approved,
            cause: outcome.cause,
            rounding: fee.rounding,
        };
        let settled =
            settle(base, collected.unwrap_or(base.amount), &plan, fee.charged_to(), terms)?;
        if fee.charges.minimum_per_month.is_some() {
            notes.push("the monthly minimum is not part of a single settlement".to_owned());
        }
        if settled.rebate.minor() < 0 {
            notes.push("the rebate is negative: the client owes that amount".to_owned());
        }
        Ok(SettlementOutput {
            advance: base.advance,
            reserve: settled.reserve,
            prepaid_charges: settled.prepaid,
            net_funded: settled.net_funded,
            collected: settled.collected,
            fee: settled.fee,
            shortfall: settled.shortfall,
            chargeback: settled.chargeback,
            factor_loss: settled.factor_loss,
            rebate: settled.rebate,
            total_to_client: settled.total_to_client,
            total_cost: settled.total_cost,
        })
    }
}

/// The advance on an amount.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Advance {
    /// Amount bought (net face).
    amount: Amount,
    /// The policy's cap on the advance rate.
    advance_percent: Rate,
    /// Dilution of the trailing 12 months [default: none].
    #[serde(default)]
    dilution_percent: Rate,
    /// Dilution that does not reduce the advance rate [default: 5].
    #[serde(default = "five")]
    dilution_threshold_percent: Rate,
    /// Currency, which sets the number of decimals [default: USD].
    #[serde(default = "usd")]
    currency: Currency,
}

/// The advance.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AdvanceOutput {
    /// Advance rate, percent.
    advance_rate_percent: Rate,
    /// Advance, rounded down.
    advance: Money,
    /// Reserve, the rest of the amount.
    reserve: Money,
}

impl Formula for Advance {
    const NAME: &'static str = "advance";
    const SUMMARY: &'static str = "advance and reserve on an amount, after dilution";
    const SOURCE: &'static str =
        "trade practice: A = a F; dilution above the threshold comes off the advance rate";
    const EXAMPLE: &'static str = r#"{"amount": "10000.00", "advance_percent": 90}"#;
    type Output = AdvanceOutput;

    fn compute(self, _: &mut Vec<String>) -> Result<AdvanceOutput, CalcError> {
        let amount = money(self.amount, self.currency)?;
        basics::not_negative("amount", amount.to_f64())?;
        let share = |key, rate: Rate| basics::share(key, rate.to_f64()).map(|_| rate);
        let cap = share("advance_percent", self.advance_percent)?;
        let dilution = share("dilution_percent", self.dilution_percent)?;
        let threshold = share("dilution_threshold_percent", self.dilution_threshold_percent)?;
        let rate = pricing::advance_rate(cap, dilution, threshold);
        let advance = pricing::advance(amount, rate)?;
        Ok(AdvanceOutput {
            advance_rate_percent: rate,
            advance,
            reserve: amount.checked_sub(advance)?,
        })
    }
}

/// The average advance outstanding of a facility.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AverageAdvance {
    /// Face amount factored in a year.
    yearly_face: Amount,
    /// Share advanced.
    advance_percent: Rate,
    /// Days from purchase to collection.
    turn_days: u32,
    /// Currency, which sets the number of decimals [default: USD].
    #[serde(default = "usd")]
    currency: Currency,
}

/// The average advance.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AverageAdvanceOutput {
    /// Average advance outstanding, rounded half up.
    average_advance_outstanding: Money,
}

impl Formula for AverageAdvance {
    const NAME: &'static str = "average_advance";
    const SUMMARY: &'static str = "average advance outstanding of a facility";
    const SOURCE: &'static str = "yearly face x advance rate x turn / 365";
    const EXAMPLE: &'static str =
        r#"{"yearly_face": "1800000", "advance_percent": 85, "turn_days": 45}"#;
    type Output = AverageAdvanceOutput;

    fn compute(self, _: &mut Vec<String>) -> Result<AverageAdvanceOutput, CalcError> {
        let face = money(self.yearly_face, self.currency)?;
        basics::not_negative("yearly_face", face.to_f64())?;
        basics::share("advance_percent", self.advance_percent.to_f64())?;
        let average_advance_outstanding =
            pricing::average_advance_outstanding(face, self.advance_percent, self.turn_days)?;
        Ok(AverageAdvanceOutput { average_advance_outstanding })
    }
}
