use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Currency, Money, OutOfRange, Rate, not_negative, probability};
use pricing::{self, Apr, effective_annual_rate, finance_charge, line_apr, whole_month_apr};

use super::{CalcError, Formula, float, money, percent, usd, yes};

/// The annual percentage rate of one advance repaid once. Give the finance charge and the amount
/// financed, or their components: advance, fee, prepaid charges and, if the return of the reserve
/// is not anticipated, the face.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AprInput {
    /// Finance charge.
    finance_charge: Option<Amount>,
    /// Amount financed.
    amount_financed: Option<Amount>,
    /// Cash advanced, before prepaid charges.
    advance: Option<Amount>,
    /// Fee for collection on the day.
    fee: Option<Amount>,
    /// Charges deducted from the advance [default: none].
    #[serde(default)]
    prepaid: Amount,
    /// Face of the invoice; required if the reserve counts as a finance charge.
    face: Option<Amount>,
    /// True if the whole reserve, less the fee, is reasonably anticipated to be returned,
    /// 10 CCR 943(a)(3) [default: true].
    #[serde(default = "yes")]
    reserve_return_anticipated: bool,
    /// Days from purchase to payment, at least 1. Give this or both dates.
    days: Option<u32>,
    /// Day of the advance.
    purchase_date: Option<NaiveDate>,
    /// Day of the payment.
    payment_date: Option<NaiveDate>,
    /// Term in whole months, used instead of days (Appendix J (b)(5)(vi)) [default: none].
    whole_months: Option<u32>,
    /// A disclosed rate, to be checked against the tolerance [default: none].
    disclosed_percent: Option<Rate>,
    /// Currency, which sets the number of decimals [default: USD].
    #[serde(default = "usd")]
    currency: Currency,
}

/// The rate and its arithmetic.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AprOutput {
    /// APR in percent, unrounded.
    apr_percent: f64,
    /// APR to two decimals, as disclosed.
    disclosed_form: String,
    /// The finance charge.
    finance_charge: Money,
    /// The amount financed.
    amount_financed: Money,
    /// Days of the term.
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<u32>,
    /// Whole months of the term, if used.
    #[serde(skip_serializing_if = "Option::is_none")]
    months: Option<u32>,
    /// The effective annual rate in percent; absent for whole months.
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_annual_percent: Option<f64>,
    /// The arithmetic, step by step.
    trace: Vec<String>,
    /// The lowest rates that may be disclosed (10 CCR 955), in percent.
    tolerance: ToleranceOutput,
    /// True if the disclosed rate is within tolerance; present if one is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    within_tolerance: Option<bool>,
}

/// The lowest rates that may be disclosed, in percent. A higher rate is always allowed.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ToleranceOutput {
    /// An eighth of a point below.
    lowest_regular_percent: f64,
    /// A quarter of a point below, for irregular transactions.
    lowest_irregular_percent: f64,
    /// The rate at which (true - disclosed) / disclosed is 2.5 %.
    lowest_relative_percent: f64,
}

impl AprInput {
    /// The finance charge and the amount financed.
    fn amounts(&self, trace: &mut Vec<String>) -> Result<(Money, Money), CalcError> {
        let missing = |key, expected: &str| OutOfRange::new(key, "missing", expected);
        let to_money = |amount| money(amount, self.currency);
        if let (Some(charge), Some(financed)) = (self.finance_charge, self.amount_financed) {
            if self.advance.is_some() || self.fee.is_some() || self.face.is_some() {
                let expected = "finance_charge and amount_financed without advance, fee or face, \
                     which are their components";
                return Err(OutOfRange::new("finance_charge", charge, expected).into());
            }
            return Ok((to_money(charge)?, to_money(financed)?));
        }
        if self.finance_charge.is_some() || self.amount_financed.is_some() {
            let key =
                if self.finance_charge.is_some() { "amount_financed" } else { "finance_charge" };
            return Err(missing(key, "finance_charge and amount_financed together").into());
        }
        let expected = "advance and fee, or finance_charge and amount_financed";
        let advance = to_money(self.advance.ok_or_else(|| missing("advance", expected))?)?;
        let fee = to_money(self.fee.ok_or_else(|| missing("fee", expected))?)?;
        let prepaid = to_money(self.prepaid)?;
        for (key, amount) in [("advance", advance), ("fee", fee), ("prepaid", prepaid)] {
            not_negative(key, amount.to_f64())?;
        }
        let reserve = match (self.face, self.reserve_return_anticipated) {
            (Some(face), _) if to_money(face)?.minor() < advance.minor() => {
                let expected = format!("at least the advance, {advance}");
                return Err(OutOfRange::new("face", face, expected).into());
            }
            (Some(face), _) => to_money(face)?.checked_sub(advance)?,
            // A reserve that is anticipated back does not enter the charge, so any would do.
            (None, true) => fee,
            (None, false) => {
                let expected = "the face, because the reserve counts as a finance charge";
                return Err(missing("face", expected).into());
            }
        };
        let charge = finance_charge(fee, reserve, prepaid, self.reserve_return_anticipated)?;
        let financed = advance.checked_sub(prepaid)?;
        trace.push(if self.reserve_return_anticipated || fee.minor() > reserve.minor() {
            format!("finance charge = fee {fee} + prepaid charges {prepaid} = {charge}")
        } else {
            format!("finance charge = face less advance {reserve} + prepaid charges {prepaid} = {charge}")
        });
        trace.push(format!(
            "amount financed = advance {advance} - prepaid charges {prepaid} = {financed}"
        ));
        Ok((charge, financed))
    }

    fn days(&self) -> Result<u32, CalcError> {
        match (self.days, self.purchase_date, self.payment_date) {
            (Some(days), None, None) => Ok(days),
            (None, Some(from), Some(to)) => {
                let days = (to - from).num_days();
                let expected = format!("a day after {from}");
                Ok(u32::try_from(days)
                    .map_err(|_| OutOfRange::new("payment_date", to, expected))?)
            }
            _ => Err(CalcError::Choice {
                what: "term",
                ways: "days, or purchase_date and payment_date",
            }),
        }
    }
}

impl Formula for AprInput {
    const NAME: &'static str = "apr";
    const SUMMARY: &'static str = "APR of one advance repaid once, with its arithmetic and the tolerance for a disclosed rate";
    const SOURCE: &'static str =
        "12 CFR 1026, Appendix J (b)(5)(vi) and (vii); 10 CCR 943(a)(3), 955";
    const EXAMPLE: &'static str = r#"{
  "advance": "42500.00", "fee": "2500.00", "prepaid": "25.00", "days": 45
}"#;
    type Output = AprOutput;

    fn compute(self, notes: &mut Vec<String>) -> Result<AprOutput, CalcError> {
        let mut trace = Vec::new();
        let (charge, financed) = self.amounts(&mut trace)?;
        let (apr, days) = if let Some(months) = self.whole_months {
            if months == 0 {
                return Err(OutOfRange::new("whole_months", 0, "1 month or more").into());
            }
            let apr = whole_month_apr(charge, financed, months)?;
            trace.push(format!(
                "APR = {charge} / {financed} x 12 / {months} = {:.4} %",
                apr.percent()
            ));
            (apr, None)
        } else {
            let days = self.days()?;
            let apr = line_apr(charge, financed, days)?;
            trace.push(format!(
                "APR = {charge} / {financed} x 365 / {days} = {:.4} %",
                apr.percent()
            ));
            if days > 365 {
                notes.push("the formula is meant for terms of less than a year".to_owned());
            }
            (apr, Some(days))
        };
        let effective =
            days.map(|days| effective_annual_rate(charge, financed, days)).transpose()?;
        let tolerance = apr.tolerance();
        let within = self.disclosed_percent.map(|rate| {
            let disclosed = Apr(rate.to_f64());
            // One advance repaid once is regular: the wider quarter of a point is not for it.
            disclosed >= tolerance.regular || disclosed >= tolerance.relative
        });
        Ok(AprOutput {
            apr_percent: apr.percent(),
            // A half that binary fractions put just below itself still rounds up.
            disclosed_form: format!("{:.2}%", (apr.percent() * 100.0 + 1e-9).round() / 100.0),
            finance_charge: charge,
            amount_financed: financed,
            days,
            months: self.whole_months,
            effective_annual_percent: effective.map(percent),
            trace,
            tolerance: ToleranceOutput {
                lowest_regular_percent: tolerance.regular.percent(),
                lowest_irregular_percent: tolerance.irregular.percent(),
                lowest_relative_percent: tolerance.relative.percent(),
            },
            within_tolerance: within,
        })
    }
}

/// The annual rate of a discount for early payment.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EarlyPayDiscount {
    /// Discount for paying early: 2 in "2/10 net 30".
    discount_percent: Rate,
    /// Last day on which it is given: 10.
    discount_days: u32,
    /// Day on which the whole is due: 30.
    net_days: u32,
}

/// The rates of a discount.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct EarlyPayOutput {
    /// discount / (1 - discount) x 365 / days, percent.
    simple_percent: f64,
    /// (1 + discount / (1 - discount))^(365 / days) - 1, percent.
    compounded_percent: f64,
    /// Number of days by which payment is early.
    days: u32,
}

impl Formula for EarlyPayDiscount {
    const NAME: &'static str = "early_pay_discount";
    const SUMMARY: &'static str = "annual rate of a discount for early payment";
    const SOURCE: &'static str = "terms such as 2/10 net 30: d / (1 - d) x 365 / days";
    const EXAMPLE: &'static str = r#"{"discount_percent": 2, "discount_days": 10, "net_days": 30}"#;
    type Output = EarlyPayOutput;

    fn compute(self, _: &mut Vec<String>) -> Result<EarlyPayOutput, CalcError> {
        let discount = probability("discount_percent", self.discount_percent.to_f64())?;
        let days = self.net_days.checked_sub(self.discount_days).filter(|&days| days > 0);
        let days = days.ok_or_else(|| {
            let expected = format!("more than discount_days, {}", self.discount_days);
            OutOfRange::new("net_days", self.net_days, expected)
        })?;
        let (charge, periods) = (discount / (1.0 - discount), 365.0 / f64::from(days));
        // Compounded over single days, a large discount leaves the range of a double.
        if !(1.0 + charge).powf(periods).is_finite() {
            let expected = "a discount whose annual rate is finite";
            return Err(OutOfRange::new("discount_percent", 100.0 * discount, expected).into());
        }
        Ok(EarlyPayOutput {
            simple_percent: percent(charge * periods),
            compounded_percent: percent((1.0 + charge).powf(periods) - 1.0),
            days,
        })
    }
}

/// The effective annual rate of dated flows.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Xirr {
    /// Amounts paid (negative) and received (positive), in any order.
    flows: Vec<Flow>,
}

/// A dated flow.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Flow {
    /// Date of the flow.
    date: NaiveDate,
    /// Amount: negative if paid, positive if received.
    amount: Amount,
}

/// The rate.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct XirrOutput {
    /// Effective annual rate in percent.
    xirr_percent: f64,
    /// The rate as a decimal fraction.
    rate: f64,
}

impl Formula for Xirr {
    const NAME: &'static str = "xirr";
    const SUMMARY: &'static str =
        "effective annual rate of dated flows; fails if there is no solution or more than one";
    const SOURCE: &'static str = "sum of CF_i / (1 + r)^(days_i / 365) = 0";
    const EXAMPLE: &'static str = r#"{"flows": [
  {"date": "2008-01-01", "amount": "-10000"}, {"date": "2008-03-01", "amount": "2750"},
  {"date": "2008-10-30", "amount": "4250"}, {"date": "2009-02-15", "amount": "3250"},
  {"date": "2009-04-01", "amount": "2750"}
]}"#;
    type Output = XirrOutput;

    fn compute(self, _: &mut Vec<String>) -> Result<XirrOutput, CalcError> {
        let flows: Vec<(NaiveDate, f64)> =
            self.flows.iter().map(|flow| (flow.date, float(flow.amount))).collect();
        let rate = pricing::xirr(&flows)?;
        Ok(XirrOutput { xirr_percent: percent(rate), rate })
    }
}

/// The effective annual rate of one charge.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EffectiveYield {
    /// Charge for the term.
    charge: Amount,
    /// Funds in use.
    financed: Amount,
    /// Days of the term, at least 1.
    days: u32,
    /// Currency, which sets the number of decimals [default: USD].
    #[serde(default = "usd")]
    currency: Currency,
}

/// The effective and the nominal rate.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct EffectiveYieldOutput {
    /// (1 + charge / financed)^(365 / days) - 1, percent.
    effective_annual_percent: f64,
    /// charge / financed x 365 / days, percent.
    nominal_percent: f64,
}

impl Formula for EffectiveYield {
    const NAME: &'static str = "effective_yield";
    const SUMMARY: &'static str = "effective annual rate of one charge on funds in use";
    const SOURCE: &'static str = "(1 + charge / financed)^(365 / days) - 1";
    const EXAMPLE: &'static str = r#"{"charge": "2525.00", "financed": "42475.00", "days": 45}"#;
    type Output = EffectiveYieldOutput;

    fn compute(self, _: &mut Vec<String>) -> Result<EffectiveYieldOutput, CalcError> {
        let charge = money(self.charge, self.currency)?;
        let financed = money(self.financed, self.currency)?;
        Ok(EffectiveYieldOutput {
            effective_annual_percent: percent(effective_annual_rate(charge, financed, self.days)?),
            nominal_percent: line_apr(charge, financed, self.days)?.percent(),
        })
    }
}
