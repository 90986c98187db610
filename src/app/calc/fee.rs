use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Currency, Money, OutOfRange, Rate, Rounding, not_negative};
use pricing::{ChargePer, Charges, FeeBase, FeeComponent, FeePlan, advance, monthly_minimum};

use super::{CalcError, Formula, float, money, percent, usd};

/// The fee of one invoice.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Fee {
    /// Amount bought (net face).
    pub amount: Amount,
    /// Share of the amount that is advanced. If the plan charges funds employed, give this or
    /// `advance`.
    pub advance_percent: Option<Rate>,
    /// The advance itself.
    pub advance: Option<Amount>,
    /// Days from purchase to collection; the purchase is day 0.
    pub day: u32,
    /// Day of recourse, after which no fee accrues [default: none].
    pub recourse_day: Option<u32>,
    /// Day 0; affects only changing benchmarks and calendar day counts [default: 2026-01-01].
    #[serde(default = "new_year")]
    pub purchase_date: NaiveDate,
    /// One or two charges, which are added up.
    pub plan: Vec<FeeComponent>,
    /// Minimums, maximums and charges per event [default: none].
    #[serde(default)]
    pub charges: Charges,
    /// Other fees in the month, which count towards `charges.minimum_per_month` [default: none].
    #[serde(default)]
    pub other_fees_of_month: Amount,
    /// Currency, which sets the number of decimals [default: USD].
    #[serde(default = "usd")]
    pub currency: Currency,
    /// Rounding of the fee, applied once [default: half up].
    #[serde(default)]
    pub rounding: Rounding,
}

/// The fee and its parts.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FeeOutput {
    /// The fee.
    fee: Money,
    /// The fee before rounding.
    unrounded: String,
    /// The fee as a percentage of the amount bought.
    fee_percent: f64,
    /// Days charged.
    days_charged: u32,
    /// Charges deducted from the advance at purchase.
    prepaid_charges: Money,
    /// Amount added to reach the monthly minimum, if the plan has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum_of_month_adds: Option<Money>,
    /// The fee plan in words.
    words: String,
}

fn new_year() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default()
}

impl Fee {
    /// Checks the input and returns the plan.
    pub(super) fn plan(&self) -> Result<FeePlan, OutOfRange> {
        if !(1..=2).contains(&self.plan.len()) {
            let found = format!("{} charges", self.plan.len());
            return Err(OutOfRange::new("plan", found, "one or two charges"));
        }
        not_negative("other_fees_of_month", float(self.other_fees_of_month))?;
        if self.day > 36_500 {
            return Err(OutOfRange::new("day", self.day, "at most 36,500 days"));
        }
        let plan = FeePlan::new(self.plan.clone()).with_charges(self.charges.clone());
        plan.check().map(|()| plan)
    }

    /// The amount and the advance, checked.
    pub(super) fn base(&self) -> Result<FeeBase, CalcError> {
        let amount = money(self.amount, self.currency)?;
        if amount.minor() < 0 {
            return Err(OutOfRange::new("amount", amount, "an amount of 0 or more").into());
        }
        let advance = match (self.advance, self.advance_percent) {
            (Some(given), None) => money(given, self.currency)?,
            (None, Some(rate)) => advance(amount, rate)?,
            (None, None) if self.charges_advance() => {
                let expected = "an advance, because the plan charges funds employed";
                return Err(OutOfRange::new("advance", "missing", expected).into());
            }
            (None, None) => amount,
            (Some(given), Some(_)) => {
                let expected = "either advance or advance_percent, but not both";
                return Err(OutOfRange::new("advance", given, expected).into());
            }
        };
        if !(0..=amount.minor()).contains(&advance.minor()) {
            let expected = format!("from 0 to the amount, {amount}");
            return Err(OutOfRange::new("advance", advance, expected).into());
        }
        Ok(FeeBase { amount, advance, purchase: self.purchase_date })
    }

    fn charges_advance(&self) -> bool {
        self.plan.iter().any(|component| match component {
            FeeComponent::PrimePlus(_) => true,
            FeeComponent::Flat { of, .. } => *of == pricing::FeeOn::Advance,
            // All others are charged on the amount bought.
            _ => false,
        })
    }

    /// The last day charged.
    pub(super) fn charged_to(&self) -> u32 {
        self.recourse_day.map_or(self.day, |recourse| self.day.min(recourse))
    }
}

impl Formula for Fee {
    const NAME: &'static str = "fee";
    const SUMMARY: &'static str =
        "fee of one invoice collected on a given day, under a plan of one or two charges";
    const SOURCE: &'static str = "trade practice: flat f = r F; staircase f = [r1 + ceil(max(0, d - D1) / s) r2] F; \
         table of periods; per diem f = r d F; benchmark f = (B + m) A d / basis (ISDA 2006 day counts)";
    const EXAMPLE: &'static str = r#"{
  "amount": "50000.00", "advance_percent": 85, "day": 45,
  "plan": [{"kind": "tiered", "first_percent": 3, "first_days": 30, "step_percent": 1, "step_days": 10}],
  "charges": {"events": [{"event": "wire", "amount": "25.00", "per": "funding"}]}
}"#;
    type Output = FeeOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<FeeOutput, CalcError> {
        let plan = self.plan()?;
        let base = self.base()?;
        let day = self.charged_to();
        if day < self.day {
            notes.push(format!("the fee stops accruing on the day of recourse, day {day}"));
        }
        let unrounded = plan.unrounded(base, day)?;
        // Once for the whole plan: two charges rounded apart may differ from their sum.
        let fee = Money::round(unrounded, self.currency, self.rounding)?;
        // Without an advance in the input there is no reserve to compare the fee with.
        if fee.minor() > base.amount.checked_sub(base.advance)?.minor()
            && base.advance != base.amount
        {
            notes.push("the fee exceeds the reserve: the client owes the difference".to_owned());
        }
        let others: Vec<&str> = (self.charges.of(ChargePer::Month))
            .chain(self.charges.of(ChargePer::Occurrence))
            .map(|event| event.event.title())
            .collect();
        if !others.is_empty() {
            notes.push(format!("not included in the fee of one invoice: {}", others.join(", ")));
        }
        let fees = fee.checked_add(money(self.other_fees_of_month, self.currency)?)?;
        let minimum = self.charges.minimum_per_month;
        let amount = base.amount.minor();
        Ok(FeeOutput {
            fee,
            unrounded: unrounded.normalize().to_string(),
            fee_percent: if amount == 0 {
                0.0
            } else {
                percent(fee.minor() as f64 / amount as f64)
            },
            days_charged: self.charges.maximum_days.map_or(day, |most| day.min(most)),
            prepaid_charges: self.charges.prepaid(self.currency)?,
            minimum_of_month_adds: minimum.map(|least| monthly_minimum(fees, least)).transpose()?,
            words: plan.words(),
        })
    }
}
