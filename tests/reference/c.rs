//! C: risk and reporting formulas. Yield conventions.

use chrono::NaiveDate;
use factorage::pricing::{effective_annual_rate, line_apr, xirr};

use super::{printed, usd};
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

/// Microsoft, XIRR function, example.
#[test]
fn c6_1_xirr() {
    let flows = microsoft_flows();
    let rate = xirr(&flows).expect("a root");
    assert!((rate - 0.373_362_535).abs() < 1e-8, "{rate}");
    // sum of CF / (1 + r)^(days / 365) = 0
    let days = |day: NaiveDate| (day - flows[0].0).num_days() as f64;
    let present = flows.iter().map(|(day, flow)| flow / (1.0 + rate).powf(days(*day) / 365.0));
    let value: f64 = present.sum();
    assert!(value.abs() < 1e-9 * 10_000.0, "{value}");
}

/// XIRR needs money going both ways.
#[test]
fn c6_1_without_repayment_there_is_no_rate() {
    let error = xirr(&microsoft_flows()[..1]).map_err(|e| e.to_string());
    assert_eq!(error, Err("no rate between -0.99 and 100 solves the equation of XIRR".to_owned()));
}

/// Textbook terms 2/10 net 30: 2 % for paying 20 days early.
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
