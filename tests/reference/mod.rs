//! Published worked examples, each naming its source: the printed value and the equation behind it.
//!
//! Where a source has only the definition, the figures are our computation, and the test says so.

mod annual_rates;
mod calc;
mod fees_and_limits;
pub mod simulation;
mod yields;

use chrono::NaiveDate;
use factorage::basics::{CollectionCurve, Money, Rate};
use factorage::pricing::{
    FeeComponent, FeePlan, LinePrice, LineTerms, LossTerms, Recourse, price_line,
};
use rust_decimal::Decimal;

/// US dollars from a text such as "42500.00".
fn usd(amount: &str) -> Money {
    let currency = "USD".parse().expect("listed");
    Money::from_major(decimal(amount), currency).expect("an amount in cents")
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal number")
}

fn percent(text: &str) -> Rate {
    Rate::from_percent(decimal(text))
}

/// `first` percent for the first `days`, then `step` percent for every started block.
fn staircase(first: &str, days: u32, step: &str, block: u32) -> FeePlan {
    FeePlan::new(vec![FeeComponent::Tiered {
        first_percent: percent(first),
        first_days: days,
        step_percent: percent(step),
        step_days: block,
        prorated: false,
    }])
}

/// The price of an invoice that is certain to be collected on `day`.
fn paid_on(day: u32, amount: Money, advance_rate: &str, plan: &FeePlan) -> LinePrice {
    let mut collected = vec![0.0; day as usize];
    collected.push(1.0);
    let curve = CollectionCurve::new(collected).expect("a curve");
    let advance_rate = percent(advance_rate);
    let terms = LineTerms {
        advance_rate,
        fee_plan: plan,
        purchase: NaiveDate::default(),
        fee_by_day: &plan.by_day(NaiveDate::default(), 365),
        loss: LossTerms {
            recourse: Recourse::Full,
            loss_given_default: 0.1,
            credit_share: 0.5,
            client_default: 1.0,
            client_correlation: 0.0,
        }
        .share_lost(),
    };
    price_line(amount, &curve, 120, &terms).expect("a price")
}

/// A number as a source prints it.
fn printed(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}")
}
