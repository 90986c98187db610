//! The simulation beside laws that are known exactly.

use factorage::portfolio::{Copula, LossDistribution, LossModel, Name, Seller, vasicek_quantile};
use statrs::distribution::{
    Binomial, Continuous, ContinuousCDF, DiscreteCDF, Gamma, Normal, StudentsT,
};

pub const SCENARIOS: usize = 40_000;

pub fn equal(count: usize, pd: f64, correlation: f64) -> Vec<Name> {
    vec![Name { pd, loss: 1.0, correlation, client: 0, others: Vec::new() }; count]
}

fn simulated(names: Vec<Name>, copula: Copula) -> LossDistribution {
    LossModel::without_recourse(names, copula).simulate(SCENARIOS, 11).expect("simulated")
}

/// Within four standard errors, and at least the step of a count.
#[track_caller]
pub fn agrees(found: f64, error: f64, exact: f64, step: f64) {
    assert!((found - exact).abs() <= 4.0 * error + step, "{found} +- {error}, {exact} is exact");
}

/// The shortfall of a law with steps: Acerbi and Tasche, "On the coherence of Expected Shortfall",
/// <https://arxiv.org/abs/cond-mat/0104295>.
#[test]
fn without_correlation_defaults_are_binomial() {
    let found = simulated(equal(200, 0.03, 0.0), Copula::Gaussian);
    let law = Binomial::new(0.03, 200).expect("a binomial");
    agrees(found.expected.value, found.expected.error, 6.0, 0.0);
    let variance = 200.0 * 0.03 * 0.97;
    assert!((found.deviation / f64::sqrt(variance) - 1.0).abs() < 0.02, "{}", found.deviation);
    for tail in &found.tails {
        let exact = law.inverse_cdf(tail.confidence) as f64;
        agrees(tail.value_at_risk.value, tail.value_at_risk.error, exact, 1.0);
        // Mean of the worst part, with the part of the quantile itself that belongs to it.
        let start = exact as u64;
        let beyond: f64 = (start + 1..=200).map(|k| k as f64 * mass(&law, k)).sum();
        let left = 1.0 - tail.confidence - (1.0 - law.cdf(start));
        let exact = (beyond + left * exact) / (1.0 - tail.confidence);
        let shortfall = tail.expected_shortfall;
        agrees(shortfall.value, shortfall.error, exact, 0.05);
    }
}

fn mass(law: &Binomial, k: u64) -> f64 {
    law.cdf(k) - if k == 0 { 0.0 } else { law.cdf(k - 1) }
}

/// 20,000 names are nearly infinitely many.
/// Vasicek, "Limiting Loan Loss Probability Distribution", in Finance, Economics and Mathematics,
/// chapter 18:
/// <https://www.oreilly.com/library/view/finance-economics-and/9781119122203/c18.xhtml>.
#[test]
fn a_large_pool_follows_vasicek() {
    let found = simulated(equal(20_000, 0.02, 0.15), Copula::Gaussian);
    agrees(found.expected.value, found.expected.error, 400.0, 0.0);
    for tail in &found.tails {
        let exact = 20_000.0 * vasicek_quantile(0.02, 0.15, tail.confidence).expect("a quantile");
        agrees(tail.value_at_risk.value, tail.value_at_risk.error, exact, 0.01 * exact);
    }
}

/// The large pool of the Student-t copula: the law of p(Z, W) by quadrature over both.
/// Goegebeur, Hoedemakers and Tistaert, "Synthetic CDO Pricing Using the Student t Factor Model
/// with Random Recovery":
/// <https://studyres.com/doc/15439681/synthetic-cdo-pricing-using-the-student-t-factor-model-with>.
#[test]
fn a_large_pool_of_a_student_copula_follows_its_quadrature() {
    let (pd, correlation, degrees) = (0.02, 0.15_f64, 4_u32);
    let found = simulated(equal(20_000, pd, correlation), Copula::StudentT { degrees });
    agrees(found.expected.value, found.expected.error, 400.0, 0.0);
    let nu = f64::from(degrees);
    let threshold = StudentsT::new(0.0, 1.0, nu).expect("a law").inverse_cdf(pd);
    let (normal, chi) = (Normal::standard(), Gamma::new(nu / 2.0, 0.5).expect("a law"));
    // P(share of the pool <= x) = E over W of P(Z >= the z at which p(z, W) = x).
    let below = |x: f64| {
        let quantile = normal.inverse_cdf(x);
        let steps = 4_000;
        let at = |step: i32| {
            let w = chi.inverse_cdf((f64::from(step) + 0.5) / f64::from(steps));
            let z = threshold * (w / nu).sqrt() - (1.0 - correlation).sqrt() * quantile;
            1.0 - normal.cdf(z / correlation.sqrt())
        };
        (0..steps).map(at).sum::<f64>() / f64::from(steps)
    };
    for tail in &found.tails[..2] {
        let (mut low, mut high) = (1e-6, 1.0 - 1e-6);
        for _ in 0..40 {
            let middle = f64::midpoint(low, high);
            if below(middle) < tail.confidence { low = middle } else { high = middle }
        }
        agrees(tail.value_at_risk.value, tail.value_at_risk.error, 20_000.0 * low, 200.0 * low);
    }
    assert!(normal.pdf(0.0) > 0.39);
}

/// With recourse a default costs only where the client fails as well: P(both) by quadrature over
/// the common factor of
/// Vasicek, "Limiting Loan Loss Probability Distribution", in Finance, Economics and Mathematics,
/// chapter 18:
/// <https://www.oreilly.com/library/view/finance-economics-and/9781119122203/c18.xhtml>.
#[test]
fn recourse_leaves_what_fails_together() {
    let (pd, correlation, seller_pd, loading) = (0.05, 0.2_f64, 0.08, 0.5_f64);
    let seller = Seller {
        pd: seller_pd,
        loading,
        borne: 0.0,
        bought: 0.0,
        reserve: 0.0,
        uncovered: 0.0,
        dilution: 0.0,
    };
    let model = LossModel {
        names: equal(50, pd, correlation),
        clients: vec![seller],
        copula: Copula::Gaussian,
        timing: 0.0,
    };
    let found = model.simulate(SCENARIOS, 3).expect("simulated");
    let normal = Normal::standard();
    let given = |pd: f64, loading: f64, z: f64| {
        normal.cdf((normal.inverse_cdf(pd) - loading * z) / (1.0 - loading * loading).sqrt())
    };
    let steps = 20_000;
    let both = |step: i32| {
        let z = normal.inverse_cdf((f64::from(step) + 0.5) / f64::from(steps));
        given(pd, correlation.sqrt(), z) * given(seller_pd, loading, z)
    };
    let exact = 50.0 * (0..steps).map(both).sum::<f64>() / f64::from(steps);
    agrees(found.expected.value, found.expected.error, exact, 0.0);
    // Nothing is lost where the client bears all and never fails.
    let safe = Seller { pd: 0.0, ..seller };
    let safe = LossModel { clients: vec![safe], ..model };
    let nothing = safe.simulate(SCENARIOS, 3).expect("simulated").losses;
    assert!(nothing.iter().all(|&loss| loss <= 0.0));
}
