//! Conventions of yield: XIRR, effective rates, return on funds employed.

use chrono::NaiveDate;
use factorage::basics::DayCount;
use factorage::pricing::{
    FactorYield, FundsEmployed, effective_annual_rate, factor_yield, line_apr, xirr,
};

use super::{paid_on, percent, printed, staircase, usd};
use crate::evaluated::date;

fn microsoft_flows() -> Vec<(NaiveDate, f64)> {
    [
        ("2008-01-01", -10_000.0),
        ("2008-03-01", 2_750.0),
        ("2008-10-30", 4_250.0),
        ("2009-02-15", 3_250.0),
        ("2009-04-01", 2_750.0),
    ]
    .map(|(day, flow)| (date(day), flow))
    .to_vec()
}

/// Five payments over fifteen months.
/// Microsoft Support, "XIRR function", Example:
/// <https://support.microsoft.com/en-us/office/xirr-function-de1242ec-6477-445b-b11b-a303ad9adc9d>.
/// The same payments, of 1992 and 1993, are in Knowledge Base article Q116041:
/// <https://library.thedatadungeon.com/msdn-2000-04/kboffice/Source/excel/q116041.content.htm>.
#[test]
fn xirr_of_irregular_payments() {
    let flows = microsoft_flows();
    let rate = xirr(&flows).expect("a root");
    assert!((rate - 0.373_362_535).abs() < 1e-8, "{rate}");
    // sum of CF / (1 + r)^(days / 365) = 0
    let days = |day: NaiveDate| (day - flows[0].0).num_days() as f64;
    let present = flows.iter().map(|(day, flow)| flow / (1.0 + rate).powf(days(*day) / 365.0));
    let value: f64 = present.sum();
    assert!(value.abs() < 1e-9 * 10_000.0, "{value}");
}

/// XIRR needs money going both ways: Knowledge Base article Q116041, where no value is negative.
/// <https://library.thedatadungeon.com/msdn-2000-04/kboffice/Source/excel/q116041.content.htm>.
#[test]
fn without_repayment_there_is_no_rate() {
    let error = xirr(&microsoft_flows()[..1]).map_err(|e| e.to_string());
    assert_eq!(
        error,
        Err("no rate between -0.999999 and 1000000 solves the equation for XIRR".to_owned())
    );
}

/// Terms 2/10 net 30: 2 % for paying 20 days early, by days of 365.
/// Bizfluent, "How to Calculate the Rate of Forgoing a Cash Discount":
/// <https://bizfluent.com/how-8698897-calculate-rate-forgoing-cash-discount.html>.
#[test]
fn early_payment_discount_2_10_net_30() {
    let (discount, price) = (usd("2"), usd("98"));
    let simple = line_apr(discount, price, 20).expect("a rate");
    let compounded = effective_annual_rate(discount, price, 20).expect("a rate");
    assert_eq!(printed(simple.percent(), 2), "37.24");
    assert_eq!(printed(100.0 * compounded, 2), "44.59");
    assert!((simple.0 - 0.02 / 0.98 * 365.0 / 20.0).abs() < 1e-12);
    assert!(((1.0 + compounded).powf(20.0 / 365.0) - 1.0 / 0.98).abs() < 1e-12);
}

/// Fees over advances, annualised: two invoices of the staircase, paid on days 30 and 45, with
/// money that costs 8 % a year, ACT/360.
/// WinFactor, FAQs, "How does the Return on Investment (ROI) report work?":
/// <https://www.winfactor.com/faqs/how-does-the-return-on-investment-roi-report-work/>.
#[test]
fn yield_on_funds_employed() {
    let plan = staircase("3", 30, "1", 10);
    let lines = [30, 45].map(|day| paid_on(day, usd("50000"), "85", &plan));
    let funds = FundsEmployed::of(&lines, usd("0")).expect("one currency");
    assert_eq!((funds.expected_fee, funds.expected_loss), (usd("4000"), usd("0")));
    let yields = factor_yield(funds, percent("8"), DayCount::Actual360).expect("money is out");
    let FactorYield { before_cost_of_funds, after_cost_of_funds } = yields;
    assert_eq!(printed(100.0 * before_cost_of_funds, 2), "45.80");
    assert_eq!(printed(100.0 * after_cost_of_funds, 2), "37.69");
    // (fees - losses) = yield x sum of advance x days / 365
    let employed = 42_500.0 * (30.0 + 45.0) / 365.0;
    assert!((before_cost_of_funds * employed - 4_000.0).abs() < 1e-9);
    let cost = 0.08 * 42_500.0 * (30.0 + 45.0) / 360.0;
    assert!((after_cost_of_funds * employed - (4_000.0 - cost)).abs() < 1e-9);
    let nothing = FundsEmployed::of([], usd("0")).expect("a sum of nothing");
    assert_eq!(factor_yield(nothing, percent("8"), DayCount::Actual360), None);
}
