use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use basics::{Amount, Currency, Money, Rate};
use pricing::{LossCause, Recourse, SettlementTerms, settle};

use super::fee::Fee;
use super::{CalcError, Formula, five, money, usd};

/// What happens when an invoice is settled, or is not.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(extend("unevaluatedProperties" = false))]
pub(super) struct Settlement {
    /// The invoice, its plan and the day of collection or recourse.
    #[schemars(flatten)]
    fee: Fee,
    /// What is collected, and who bears the rest.
    #[schemars(flatten)]
    outcome: Outcome,
}

/// What is collected, and who bears the rest.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Outcome {
    /// Cash received from the debtor by that day [default: the whole amount].
    collected: Option<Amount>,
    /// Why something is missing: needed when less than the amount was collected.
    cause: Option<LossCause>,
    /// Who bears what is missing [default: full recourse].
    #[serde(default)]
    recourse: Recourse,
    /// Modified recourse: whether the debtor was credit-approved within its limit [default: no].
    #[serde(default)]
    credit_approved: bool,
}

impl<'de> Deserialize<'de> for Settlement {
    /// Each half refuses the keys that it does not know, which serde's own flattening would not.
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
    /// Paid at the purchase, before charges.
    advance: Money,
    /// Held back.
    reserve: Money,
    /// Charges taken out of the advance.
    prepaid_charges: Money,
    /// Advance less those: what the client gets on day 0.
    net_funded: Money,
    /// Cash from the debtor.
    collected: Money,
    /// The fee to that day.
    fee: Money,
    /// Amount less collected.
    shortfall: Money,
    /// What the client repays of the shortfall.
    chargeback: Money,
    /// What the factor bears of it.
    factor_loss: Money,
    /// Collected less advance and fee, with the shortfall shared as the terms say; negative: the
    /// client owes it.
    rebate: Money,
    /// Net funded and rebate.
    total_to_client: Money,
    /// What the purchase costs the client: fee and prepaid charges.
    total_cost: Money,
}

impl Formula for Settlement {
    const NAME: &'static str = "settlement";
    const SUMMARY: &'static str =
        "advance, fee, rebate, chargeback and total cost of one invoice, collected or not";
    const SOURCE: &'static str = "trade practice: A = a F, R = F - A, rebate = collected - A - f; \
         recourse by cause: full returns everything, non-recourse bears the debtor's insolvency alone";
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
            notes.push("the minimum of a month belongs to no single settlement".to_owned());
        }
        if settled.rebate.minor() < 0 {
            notes.push("the rebate is negative: the client owes it".to_owned());
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
    /// Dilution up to here costs no advance [default: 5].
    #[serde(default = "five")]
    dilution_threshold_percent: Rate,
    /// Currency, which names the digits [default: USD].
    #[serde(default = "usd")]
    currency: Currency,
}

/// The advance.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AdvanceOutput {
    /// Share advanced, percent.
    advance_rate_percent: Rate,
    /// Rounded down.
    advance: Money,
    /// The rest.
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

/// What a facility has out on average.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AverageAdvance {
    /// Face factored in a year.
    yearly_face: Amount,
    /// Share advanced.
    advance_percent: Rate,
    /// Days from purchase to collection.
    turn_days: u32,
    /// Currency, which names the digits [default: USD].
    #[serde(default = "usd")]
    currency: Currency,
}

/// The average advance.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AverageAdvanceOutput {
    /// Half up.
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
