use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Currency, DayCount, Money, OutOfRange, Rate, Rounding};

use super::{CalcError, Formula, usd, yes};

/// The time between two dates.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DayCountInput {
    /// First day, included.
    from: NaiveDate,
    /// Last day, excluded.
    to: NaiveDate,
    /// Day-count convention.
    day_count: DayCount,
    /// True if `to` is the termination date; affects only 30E/360 ISDA [default: true].
    #[serde(default = "yes")]
    terminates: bool,
    /// Amount on which a rate accrues over this time [default: none].
    amount: Option<Amount>,
    /// Yearly rate [default: none].
    rate_percent: Option<Rate>,
    /// Currency, which sets the number of decimals [default: USD].
    #[serde(default = "usd")]
    currency: Currency,
    /// Rounding of the accrued amount, applied once [default: half up].
    #[serde(default)]
    rounding: Rounding,
}

/// The time under the convention.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DayCountOutput {
    /// Days as the convention counts them.
    days: i64,
    /// Calendar days.
    calendar_days: i64,
    /// Fraction of a year.
    year_fraction: f64,
    /// Fraction of a year as pairs of days and days in the year, one or two of them.
    parts: Vec<(i64, u32)>,
    /// Accrued amount, if an amount and a rate are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    accrued: Option<Money>,
}

impl Formula for DayCountInput {
    const NAME: &'static str = "day_count";
    const SUMMARY: &'static str =
        "days and fraction of a year between two dates, and the amount that accrues";
    const SOURCE: &'static str =
        "ISDA 2006 Definitions, section 4.16; 30U/360 by the rules of the SIA";
    const EXAMPLE: &'static str = r#"{
  "from": "2026-01-15", "to": "2026-03-01", "day_count": "ACT/360", "amount": "42500", "rate_percent": 10.25
}"#;
    type Output = DayCountOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<DayCountOutput, CalcError> {
        let time = if self.terminates {
            self.day_count.between(self.from, self.to)
        } else {
            self.day_count.between_before_termination(self.from, self.to)
        };
        if self.to < self.from {
            notes.push("`to` is before `from`, so the time is negative".to_owned());
        }
        let accrued = match (self.amount, self.rate_percent) {
            (Some(amount), Some(rate)) => {
                let yearly = amount.0.checked_mul(rate.fraction());
                let accrued = yearly.and_then(|yearly| time.of(yearly)).ok_or_else(|| {
                    let expected = "an amount within the range of decimal arithmetic";
                    OutOfRange::new("amount", amount, expected)
                })?;
                Some(Money::round(accrued, self.currency, self.rounding)?)
            }
            (None, None) => None,
            (amount, _) => {
                let key = if amount.is_none() { "amount" } else { "rate_percent" };
                return Err(OutOfRange::new(key, "missing", "both amount and rate_percent").into());
            }
        };
        Ok(DayCountOutput {
            days: time.days(),
            calendar_days: (self.to - self.from).num_days(),
            year_fraction: time.years(),
            parts: time.parts().collect(),
            accrued,
        })
    }
}

/// Statutory interest and compensation for a late payment.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LatePayment {
    /// Amount owed.
    amount: Amount,
    /// Yearly rate including the statutory margin: Bank Rate + 8 in the UK, the ECB's reference
    /// rate + 8 or more in the EU.
    rate_percent: Rate,
    /// Days after the due date.
    days: u32,
    /// Governing law, which sets the fixed sum.
    law: LateLaw,
    /// Currency [default: GBP in the UK, EUR in the EU].
    currency: Option<Currency>,
}

/// The law on late payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum LateLaw {
    /// Late Payment of Commercial Debts (Interest) Act 1998.
    Uk,
    /// Directive 2011/7/EU.
    Eu,
}

/// The amounts that may be claimed.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LatePaymentOutput {
    /// Simple interest, ACT/365, rounded once.
    interest: Money,
    /// Fixed sum for recovery costs.
    fixed_sum: Money,
    /// Interest for one year.
    interest_per_year: Money,
    /// Interest for one day, rounded for display.
    interest_per_day: Money,
}

impl Formula for LatePayment {
    const NAME: &'static str = "late_payment_interest";
    const SUMMARY: &'static str = "statutory interest and fixed sum on a late payment, UK and EU";
    const SOURCE: &'static str =
        "Late Payment of Commercial Debts (Interest) Act 1998; Directive 2011/7/EU";
    const EXAMPLE: &'static str =
        r#"{"amount": "5000", "rate_percent": 12.25, "days": 101, "law": "uk"}"#;
    type Output = LatePaymentOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<LatePaymentOutput, CalcError> {
        // The Act's fixed sum grows with the debt, the directive's is the same for all.
        let (code, fixed) = match self.law {
            LateLaw::Uk if self.amount.0 < Decimal::ONE_THOUSAND => ("GBP", 40),
            LateLaw::Uk if self.amount.0 < Decimal::from(10_000) => ("GBP", 70),
            LateLaw::Uk => ("GBP", 100),
            LateLaw::Eu => ("EUR", 40),
        };
        basics::not_negative("rate_percent", self.rate_percent.to_f64())?;
        if self.amount.0 <= Decimal::ZERO {
            return Err(OutOfRange::new("amount", self.amount, "an amount above 0").into());
        }
        // Both codes are listed, so the fallback is never taken.
        let currency = self.currency.map_or_else(|| code.parse(), Ok).unwrap_or_else(|_| usd());
        if currency.code() != code {
            notes.push(format!("the statutory fixed sum is in {code}; convert it"));
        }
        let yearly = self.amount.0.checked_mul(self.rate_percent.fraction());
        let over = |days: u32| {
            // Divided last: 5,000 at 12.25 % over 101 days is 169.49, but 169.68 if the day is
            // rounded first.
            let interest = yearly?.checked_mul(days.into())?.checked_div(365.into())?;
            Money::round(interest, currency, Rounding::HalfUp).ok()
        };
        let interest = |days| {
            let expected = "an amount within the range of decimal arithmetic";
            over(days).ok_or_else(|| OutOfRange::new("amount", self.amount, expected))
        };
        Ok(LatePaymentOutput {
            interest: interest(self.days)?,
            fixed_sum: Money::round(fixed.into(), currency, Rounding::HalfUp)?,
            interest_per_year: interest(365)?,
            interest_per_day: interest(1)?,
        })
    }
}
