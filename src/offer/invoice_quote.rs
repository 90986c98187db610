//! The price of one invoice under the policy's listed terms: by formula, without solving for it.

use chrono::{Days, NaiveDate};
use schemars::JsonSchema;
use serde::Serialize;

use super::shown::Percent;
use basics::{Money, OutOfRange, Rate};
use policy::Policy;
use pricing::{
    FeeBase, PricingError, advance, advance_rate, effective_annual_rate, line_apr, xirr,
};

/// Longest time from purchase to payment, in days.
const LONGEST: i64 = 730;

/// One invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvoiceQuoteRequest {
    /// Amount bought.
    pub amount: Money,
    /// Day 0.
    pub purchase: NaiveDate,
    /// The due date.
    pub due: NaiveDate,
    /// Days from the due date to the expected payment; negative if it is expected before.
    pub late_days: i32,
    /// Share of sales that is credited; the part above the policy's threshold lowers the advance.
    pub dilution: Rate,
}

/// Its price at the policy's listed terms.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct InvoiceQuote {
    /// Share advanced.
    pub advance_rate_percent: Rate,
    /// Paid at the purchase, before charges.
    pub advance: Money,
    /// Held back until the debtor pays.
    pub reserve: Money,
    /// Charges taken out of the advance.
    pub prepaid_charges: Money,
    /// The amount paid at once.
    pub net_funded: Money,
    /// The expected date of payment.
    pub expected_date: NaiveDate,
    /// Days from the purchase to that day, at least 1.
    pub expected_days: u32,
    /// The fee to that day.
    pub fee: Money,
    /// Amount less advance and fee; negative: owed by the client.
    pub expected_rebate: Money,
    /// Fee and charges as a simple annual rate on the amount paid at once, actual/365.
    pub apr_percent: Percent,
    /// The same compounded.
    pub effective_annual_rate_percent: Percent,
    /// The factor's annual return on the dated flows, if there is one: net funded out, the amount
    /// in on the day of payment, the rebate out a day later.
    pub xirr_percent: Option<Percent>,
}

/// Returns the price of one invoice at the policy's listed terms.
///
/// # Errors
/// If a value is outside its range, or if the charges leave nothing of the advance.
pub fn invoice_quote(
    request: &InvoiceQuoteRequest,
    policy: &Policy,
) -> Result<InvoiceQuote, PricingError> {
    let InvoiceQuoteRequest { amount, purchase, due, late_days, dilution } = *request;
    if amount.minor() <= 0 {
        return Err(OutOfRange::new("amount", amount, "an amount above 0").into());
    }
    basics::share("dilution_percent", dilution.to_f64())?;
    let days = due.signed_duration_since(purchase).num_days() + i64::from(late_days);
    if days > LONGEST {
        let expected = format!("at most {LONGEST} days from the purchase to the payment");
        return Err(OutOfRange::new("due_date", due, expected).into());
    }
    // A payment on the day of purchase or before has no APR: the next day is the first that has.
    let days = u32::try_from(days).unwrap_or(0).max(1);
    let rate = advance_rate(policy.advance_cap(), dilution, policy.dilution_threshold());
    let advance = advance(amount, rate)?;
    let plan = policy.fee_plan();
    let prepaid = plan.charges().prepaid(amount.currency())?;
    let net_funded = advance.checked_sub(prepaid)?;
    let fee = plan.fee(FeeBase { amount, advance, purchase }, days)?;
    let expected_rebate = amount.checked_sub(advance)?.checked_sub(fee)?;
    let cost = fee.checked_add(prepaid)?;
    let paid = purchase.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX);
    let flows = [
        (purchase, -net_funded.to_f64()),
        (paid, amount.to_f64()),
        (paid.succ_opt().unwrap_or(paid), -expected_rebate.to_f64()),
    ];
    Ok(InvoiceQuote {
        advance_rate_percent: rate,
        advance,
        reserve: amount.checked_sub(advance)?,
        prepaid_charges: prepaid,
        net_funded,
        expected_date: paid,
        expected_days: days,
        fee,
        expected_rebate,
        apr_percent: Percent(line_apr(cost, net_funded, days)?.percent()),
        effective_annual_rate_percent: Percent(
            100.0 * effective_annual_rate(cost, net_funded, days)?,
        ),
        // Flows that change sign more than once may have no return, or several: none is shown.
        xirr_percent: xirr(&flows).ok().map(|rate| Percent(100.0 * rate)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use basics::Currency;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    /// Advance, fee and APR satisfy their definitions, and the flows are worth nothing at the
    /// return.
    #[test]
    fn the_figures_satisfy_their_equations() {
        let policy = Policy::standard().expect("a policy");
        let request = InvoiceQuoteRequest {
            amount: Money::from_minor(1_250_050, Currency::USD),
            purchase: day("2026-06-30"),
            due: day("2026-08-14"),
            late_days: 9,
            dilution: Rate::from_bps(320.into()),
        };
        let quote = invoice_quote(&request, &policy).expect("a price");
        assert_eq!((quote.expected_days, quote.expected_date), (54, day("2026-08-23")));
        assert_eq!(quote.advance_rate_percent, policy.advance_cap(), "dilution is tolerated");
        let back = quote.advance.checked_add(quote.reserve).expect("a sum");
        assert_eq!(back, request.amount);
        let cost = quote.fee.to_f64() + quote.prepaid_charges.to_f64();
        let apr = cost / quote.net_funded.to_f64() * 365.0 / 54.0;
        assert!((quote.apr_percent.0 / 100.0 - apr).abs() < 1e-9);
        let rate = quote.xirr_percent.expect("one return").0 / 100.0;
        let worth = |days: f64| (1.0 + rate).powf(-days / 365.0);
        let value = request.amount.to_f64() * worth(54.0)
            - quote.net_funded.to_f64()
            - quote.expected_rebate.to_f64() * worth(55.0);
        assert!(value.abs() < 1e-6, "{value}");
        let diluted = InvoiceQuoteRequest { dilution: Rate::from_percent(9.into()), ..request };
        let less = invoice_quote(&diluted, &policy).expect("a price");
        assert!(less.advance.minor() < quote.advance.minor());
        let none = InvoiceQuoteRequest { amount: Money::zero(Currency::USD), ..request };
        assert!(invoice_quote(&none, &policy).is_err());
    }
}
