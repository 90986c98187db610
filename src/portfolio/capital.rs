use basics::{OutOfRange, probability, share};
use pricing::conditional_default;

/// Confidence of the regulatory capital formula.
const CONFIDENCE: f64 = 0.999;

/// Risk parameters of a corporate exposure, decimal form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IrbInput {
    /// One-year probability of default; for dilution its one-year expected loss.
    pub pd: f64,
    /// The floor of PD.
    pub pd_floor: f64,
    /// Loss given default; 1 for dilution and for pools judged top-down.
    pub lgd: f64,
    /// Effective maturity in years.
    pub maturity: f64,
}

/// Capital of a corporate exposure, per unit of exposure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IrbCapital {
    /// PD after the floor.
    pub pd: f64,
    /// Asset correlation R.
    pub correlation: f64,
    /// Maturity adjustment b.
    pub maturity_adjustment: f64,
    /// PD in the worst year of a thousand.
    pub conditional_pd: f64,
    /// K: capital requirement.
    pub capital: f64,
    /// 12.5 K.
    pub risk_weight: f64,
}

/// Returns capital by the internal-ratings function for corporates, K = LGD (N((G(PD) + sqrt(R)
/// G(0.999)) / sqrt(1 - R)) - PD) (1 + (M - 2.5) b) / (1 - 1.5 b).
///
/// R = 0.12 w + 0.24 (1 - w) with w = (1 - exp(-50 PD)) / (1 - exp(-50)), and b = (0.11852 -
/// 0.05478 ln PD)^2. Source: Basel II paragraph 272, CRE31; for purchased receivables with the
/// inputs of CRE34.
///
/// # Errors
/// [`OutOfRange`] if a rate is not between 0 and 1, PD is 0 or 1, or the maturity is not between 1
/// and 5 years.
pub fn irb_capital(input: &IrbInput) -> Result<IrbCapital, OutOfRange> {
    let floor = share("pd_floor_percent", input.pd_floor)?;
    let pd = probability("pd_percent", share("pd_percent", input.pd)?.max(floor))?;
    let lgd = share("lgd_percent", input.lgd)?;
    if !(1.0..=5.0).contains(&input.maturity) {
        return Err(OutOfRange::new("maturity_years", input.maturity, "1 to 5 years"));
    }
    let weight = (1.0 - (-50.0 * pd).exp()) / (1.0 - f64::exp(-50.0));
    let correlation = 0.12 * weight + 0.24 * (1.0 - weight);
    let b = (0.118_52 - 0.054_78 * pd.ln()).powi(2);
    let conditional_pd = conditional_default(pd, correlation, CONFIDENCE);
    let maturity = (1.0 + (input.maturity - 2.5) * b) / (1.0 - 1.5 * b);
    let capital = lgd * (conditional_pd - pd) * maturity;
    Ok(IrbCapital {
        pd,
        correlation,
        maturity_adjustment: b,
        conditional_pd,
        capital,
        risk_weight: 12.5 * capital,
    })
}
