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
    /// Share of it that is advanced. Give this or `advance` where the plan charges funds employed.
    pub advance_percent: Option<Rate>,
    /// The advance itself.
    pub advance: Option<Amount>,
    /// Days from purchase to collection; the purchase is day 0.
    pub day: u32,
    /// Day on which recourse is taken: no fee accrues behind it [default: none].
    pub recourse_day: Option<u32>,
    /// Day 0; matters to benchmarks that change and to counts by the calendar [default:
    /// 2026-01-01].
    #[serde(default = "new_year")]
    pub purchase_date: NaiveDate,
    /// One or two charges, added up.
    pub plan: Vec<FeeComponent>,
    /// Limits, and charges by event.
    #[serde(default)]
    pub charges: Charges,
    /// Other fees of the month, for `charges.minimum_per_month` [default: none].
    #[serde(default)]
    pub other_fees_of_month: Amount,
    /// Currency, which names the digits [default: USD].
    #[serde(default = "usd")]
    pub currency: Currency,
    /// How the fee is rounded, once [default: half up].
    #[serde(default)]
    pub rounding: Rounding,
}

/// What is charged.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FeeOutput {
    /// The fee.
    fee: Money,
    /// The fee before it was rounded.
    unrounded: String,
    /// The fee as a percent of the amount bought.
    fee_percent: f64,
    /// Days charged.
    days_charged: u32,
    /// Taken out of the advance at the purchase.
    prepaid_charges: Money,
    /// What the month's minimum adds, where the plan has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum_of_month_adds: Option<Money>,
    /// The plan in words.
    words: String,
}

fn new_year() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default()
}

impl Fee {
    /// The plan, checked.
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

    /// Amount and advance.
    pub(super) fn base(&self) -> Result<FeeBase, CalcError> {
        let amount = money(self.amount, self.currency)?;
        if amount.minor() < 0 {
            return Err(OutOfRange::new("amount", amount, "an amount of 0 or more").into());
        }
        let advance = match (self.advance, self.advance_percent) {
            (Some(given), None) => money(given, self.currency)?,
            (None, Some(rate)) => advance(amount, rate)?,
            (None, None) if self.charges_advance() => {
                let expected = "the advance, because the plan charges funds employed";
                return Err(OutOfRange::new("advance", "missing", expected).into());
            }
            (None, None) => amount,
            (Some(given), Some(_)) => {
                let expected = "either advance or advance_percent, not both";
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
            _ => false,
        })
    }

    /// The last day that is charged.
    pub(super) fn charged_to(&self) -> u32 {
        self.recourse_day.map_or(self.day, |recourse| self.day.min(recourse))
    }
}

impl Formula for Fee {
    const NAME: &'static str = "fee";
    const SUMMARY: &'static str =
        "the fee of one invoice under a plan of one or two charges, for collection on a day";
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
            notes.push(format!("the fee ends with the recourse on day {day}"));
        }
        let unrounded = plan.unrounded(base, day)?;
        let fee = Money::round(unrounded, self.currency, self.rounding)?;
        if fee.minor() > base.amount.checked_sub(base.advance)?.minor()
            && base.advance != base.amount
        {
            notes.push("the fee is more than the reserve: the client owes the rest".to_owned());
        }
        let others: Vec<&str> = (self.charges.of(ChargePer::Month))
            .chain(self.charges.of(ChargePer::Occurrence))
            .map(|event| event.event.title())
            .collect();
        if !others.is_empty() {
            notes.push(format!("not in the fee of an invoice: {}", others.join(", ")));
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
