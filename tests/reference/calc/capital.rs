//! Capital and loss of a book.

use serde_json::json;

use super::{calc, close, number, refusal};

/// PD 1.5 %, LGD 40 %, 3 years.
/// Acadifi, "How are risk-weighted assets calculated under the Internal Ratings-Based approach?",
/// which rounds on its way, as 16.87 % for 16.851 %:
/// <https://acadifi.com/community/risk-weighted-assets-irb-approach-calculation-frm>.
/// Basel Framework, CRE31, "IRB approach: risk weight functions":
/// <https://www.bis.org/basel_framework/chapter/CRE/31.htm>.
#[test]
fn irb_capital_of_three_years() {
    let found =
        calc("irb_capital", &json!({"pd_percent": 1.5, "lgd_percent": 40, "maturity_years": 3}));
    close(number(&found, "correlation"), 0.17668, 5);
    close(number(&found, "conditional_pd_percent"), 16.851, 3);
    close(number(&found, "maturity_adjustment"), 0.12151, 5);
    close(number(&found, "capital_percent"), 7.965, 3);
    close(number(&found, "risk_weight_percent"), 99.56, 2);
}

/// 92.32 % is the value of the table for PD 1 %, LGD 45 %, 2.5 years.
/// Basel II, June 2006, Annex 5, "Illustrative IRB Risk Weights":
/// <https://www.bis.org/publ/bcbs128.htm>.
#[test]
fn the_basel_table() {
    for (lgd, maturity, weight) in [(45, 2.5, 92.32), (40, 2.5, 82.06), (45, 1.0, 73.28)] {
        let found = calc(
            "irb_capital",
            &json!({"pd_percent": 1, "lgd_percent": lgd, "maturity_years": maturity}),
        );
        close(number(&found, "risk_weight_percent"), weight, 2);
    }
    let found = calc("irb_capital", &json!({"pd_percent": 1, "lgd_percent": 45}));
    close(number(&found, "capital_percent"), 7.38534, 5);
    close(number(&found, "correlation"), 0.192_784, 6);
}

/// Our computation: dilution, and default judged top-down.
/// Basel Framework, CRE34, "IRB approach: RWA for purchased receivables":
/// <https://www.bis.org/basel_framework/chapter/CRE/34.htm>.
#[test]
fn purchased_receivables() {
    for (loss, capital, weight) in [(2.0, 17.0259, 212.82), (1.0, 13.0273, 162.84)] {
        let found = calc(
            "irb_capital",
            &json!({"pd_percent": loss, "lgd_percent": 100, "maturity_years": 1}),
        );
        close(number(&found, "capital_percent"), capital, 4);
        close(number(&found, "risk_weight_percent"), weight, 2);
    }
    let floored = calc("irb_capital", &json!({"pd_percent": 0.01, "lgd_percent": 45}));
    assert!(floored["warnings"].to_string().contains("floor of 0.05 %"), "{floored}");
    assert!(
        refusal("irb_capital", &json!({"pd_percent": 1, "lgd_percent": 45, "maturity_years": 9}))
            .contains("1 to 5 years")
    );
}

/// Our computation.
/// Vasicek, "Limiting Loan Loss Probability Distribution", in Finance, Economics and Mathematics,
/// chapter 18:
/// <https://www.oreilly.com/library/view/finance-economics-and/9781119122203/c18.xhtml>.
#[test]
fn vasicek_quantiles() {
    let found = calc("vasicek", &json!({"pd_percent": 1, "correlation_percent": 20}));
    close(number(&found, "quantile_default_percent"), 14.5525, 4);
    let found = calc(
        "vasicek",
        &json!({"pd_percent": 2, "correlation_percent": 12, "quantile_percent": 99}),
    );
    close(number(&found, "quantile_default_percent"), 9.1719, 4);
}

/// Our computation: for 20 names the adjustment exceeds the capital itself.
/// Gordy and Luetkebohmert, "Granularity Adjustment for Basel II", Deutsche Bundesbank, Discussion
/// Paper, Series 2, 01/2007; its parameters in Posthaus, "A Study of the Regulatory Input
/// Parameters in the Granularity Adjustment of the Gordy-Luetkebohmert Model", 2019:
/// <https://ssrn.com/abstract=3338113>.
#[test]
fn granularity_of_equal_names() {
    for (count, adjustment) in [(20, 6.17557), (100, 1.23511)] {
        let names = json!([{"exposure": 1, "count": count, "pd_percent": 1, "lgd_percent": 45}]);
        let found = calc("granularity", &json!({"names": names}));
        close(number(&found, "delta"), 4.833_601, 5);
        close(number(&found, "capital_percent"), 5.86227, 5);
        close(number(&found, "granularity_percent"), adjustment, 4);
        assert_eq!(found["warnings"].as_array().map(Vec::len), Some(usize::from(count == 20)));
    }
}

/// The quantile moves the capital as well as the adjustment: one book of two names, computed with
/// scipy.
/// Gordy and Luetkebohmert, "Granularity Adjustment for Basel II", Deutsche Bundesbank, Discussion
/// Paper, Series 2, 01/2007; its parameters in Posthaus, "A Study of the Regulatory Input
/// Parameters in the Granularity Adjustment of the Gordy-Luetkebohmert Model", 2019:
/// <https://ssrn.com/abstract=3338113>.
#[test]
fn granularity_at_another_quantile() {
    let names = json!([{"exposure": 3, "pd_percent": 2, "lgd_percent": 60}, {"exposure": 1, "pd_percent": 1, "lgd_percent": 45}]);
    let at = |quantile: f64| {
        let found = calc("granularity", &json!({"names": names, "quantile_percent": quantile}));
        number(&found, "capital_percent")
    };
    // LGD x (N((G(PD) + sqrt(R) G(q)) / sqrt(1 - R)) - PD), weighted 3 : 1.
    close(at(99.5), 6.075_971, 6);
    assert!(at(99.9) > at(99.5) && at(99.5) > at(95.0));
}

/// Our computation: ten names of 1 %, independent and on one gamma sector.
/// Credit Suisse First Boston, "CreditRisk+, A Credit Risk Management Framework", 1997:
/// <https://www.scribd.com/document/90184536/Credit-Risk>.
#[test]
fn default_counts() {
    let poisson = calc("default_count", &json!({"names": 10, "pd_percent": 1}));
    close(poisson["probabilities"][0].as_f64().expect("a number"), 0.904_837, 6);
    let gamma = calc("default_count", &json!({"names": 10, "pd_percent": 1, "sector_variance": 1}));
    close(gamma["probabilities"][0].as_f64().expect("a number"), 0.909_091, 6);
    close(gamma["probabilities"][1].as_f64().expect("a number"), 0.082_644_6, 7);
}

/// Our computation: 100,000 at 85 %, PD 4 % a year, 75 days, LGD 75 %.
/// Expected loss is PD x LGD x exposure: Basel Framework, CRE35, "IRB approach: treatment of
/// expected losses and provisions", 35.2 and 35.3:
/// <https://www.bis.org/basel_framework/chapter/CRE/35.htm>.
#[test]
fn expected_loss_of_an_invoice() {
    let found = calc(
        "expected_loss",
        &json!({"face": 100_000, "advance_percent": 85, "pd_percent": 4, "days": 75, "lgd_percent": 75}),
    );
    close(number(&found, "horizon_pd_percent"), 0.8353, 4);
    close(number(&found, "expected_loss"), 532.50, 2);
}
