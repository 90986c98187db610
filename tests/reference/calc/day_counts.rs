//! Day counts, and interest on late payment.

use serde_json::json;

use super::{calc, close, number, refusal, text};

/// 1 November 2003 to 1 May 2004, 10,000 at 10 %.
/// ISDA, "EMU and Market Conventions: Recent Developments", 1998, section 4:
/// <https://docslib.org/doc/392308/emu-and-market-conventions-recent-developments>.
#[test]
fn act_act_isda() {
    let found = calc(
        "day_count",
        &json!({"from": "2003-11-01", "to": "2004-05-01", "day_count": "ACT/ACT ISDA", "amount": "10000", "rate_percent": 10}),
    );
    assert_eq!(
        (found["parts"].to_string().as_str(), text(&found, "accrued")),
        ("[[61,365],[121,366]]", "497.72")
    );
    close(number(&found, "year_fraction"), 61.0 / 365.0 + 121.0 / 366.0, 12);
}

/// Our computation: 28 February to 31 March 2007.
/// 2006 ISDA Definitions, section 4.16(e) to (h):
/// <https://www.fpml.org/coding-scheme/day-count-fraction-2-0.xml>.
#[test]
fn months_of_thirty_days() {
    for (day_count, days) in
        [("30/360", 33), ("30U/360", 30), ("30E/360", 32), ("30E/360 ISDA", 30), ("ACT/360", 31)]
    {
        let found = calc(
            "day_count",
            &json!({"from": "2007-02-28", "to": "2007-03-31", "day_count": day_count}),
        );
        assert_eq!(found["days"], json!(days), "{day_count}");
    }
    let refused = refusal(
        "day_count",
        &json!({"from": "2026-01-01", "to": "2026-02-01", "day_count": "ACT/364"}),
    );
    assert!(refused.contains("day_count = \"ACT/364\": expected one of ACT/360"), "{refused}");
}

/// Three claims in the United Kingdom; the sources of two round on their way.
/// Late Payment of Commercial Debts (Interest) Act 1998, sections 1, 4 and 5A:
/// <https://www.legislation.gov.uk/ukpga/1998/20>.
/// 1,000: StatutoryInterest.co.uk, <https://statutory-interest.pages.dev>.
/// 5,000: Paidnice, "How to automatically calculate Statutory Interest in the UK",
/// <https://support.paidnice.com/en/articles/11600906-how-to-automatically-calculate-statutory-interest-in-the-uk>.
/// 2,000: Toolfy, "Statutory interest calculator for late payments (UK)",
/// <https://toolfy.io/blog/statutory-interest-calculator-late-payment-uk>.
#[test]
fn statutory_interest() {
    let claim = |amount: &str, rate: f64, days: u32| {
        calc(
            "late_payment_interest",
            &json!({"amount": amount, "rate_percent": rate, "days": days, "law": "uk"}),
        )
    };
    let found = claim("1000", 8.5, 30);
    assert_eq!(
        [text(&found, "interest_per_year"), text(&found, "interest_per_day")],
        ["85.00", "0.23"]
    );
    // A source prints 169.68 from 1.68 a day; exact is 169.49.
    assert_eq!(text(&claim("5000", 12.25, 101), "interest"), "169.49");
    // A source prints 32.66; exact is 32.67.
    assert_eq!(text(&claim("2000", 13.25, 45), "interest"), "32.67");
    for (amount, sum) in
        [("999.99", "40.00"), ("1000", "70.00"), ("9999.99", "70.00"), ("10000", "100.00")]
    {
        assert_eq!(text(&claim(amount, 8.0, 1), "fixed_sum"), sum, "{amount}");
    }
}
