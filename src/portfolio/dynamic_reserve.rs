use basics::{OutOfRange, not_negative, positive, share};

/// The input of the dynamic reserves of a trade-receivables facility; ratios in decimal form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DynamicReserveInput {
    /// SF: the factor on expected dilution and loss.
    pub stress_factor: f64,
    /// ED: the mean dilution ratio of 12 months.
    pub expected_dilution: f64,
    /// DS: the highest dilution ratio of 12 months.
    pub dilution_spike: f64,
    /// DHR: sales over the dilution horizon / net pool balance.
    pub dilution_horizon_ratio: f64,
    /// The highest 3-month-average default ratio of 12 months.
    pub default_ratio: f64,
    /// Sales over the loss horizon / net pool balance.
    pub loss_horizon_ratio: f64,
    /// Base rate of the funding, per year.
    pub base_rate: f64,
    /// Servicing fee, per year.
    pub servicing_rate: f64,
    /// Days sales outstanding.
    pub dso: f64,
    /// The factor on yield and servicing reserve; 1.5 in most agreements.
    pub carrying_factor: f64,
    /// Days of a year: 360, or 365 in some agreements.
    pub year_days: f64,
    /// Share of the largest debtors that may fail.
    pub concentration_floor: f64,
}

/// Upper bound of factors, ratios and DSO; no agreement comes near it.
const MOST: f64 = 100_000.0;

/// Reserves as shares of the net pool balance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DynamicReserve {
    /// DHR x (SF x ED + (DS - ED) x DS / ED).
    pub dilution: f64,
    /// SF x default ratio x loss horizon ratio.
    pub loss: f64,
    /// Concentration floor + ED x DHR.
    pub floor: f64,
    /// Factor x base rate x DSO / year.
    pub yield_reserve: f64,
    /// Factor x servicing rate x DSO / year.
    pub servicing: f64,
    /// max(loss + dilution, floor) + yield + servicing.
    pub total: f64,
    /// True if the floor exceeds loss + dilution.
    pub floor_binds: bool,
}

/// Returns the dynamic reserves, whose formulas stand at the fields of [`DynamicReserve`]. Without
/// expected dilution the volatility term is zero. Source: the definitions of trade-receivables
/// purchase agreements.
///
/// # Errors
/// [`OutOfRange`] if a number is outside its range, or the spike is below the mean.
pub fn dynamic_reserve(input: &DynamicReserveInput) -> Result<DynamicReserve, OutOfRange> {
    let stress = positive("stress_factor", input.stress_factor)?;
    let expected = share("expected_dilution_percent", input.expected_dilution)?;
    let spike = share("dilution_spike_percent", input.dilution_spike)?;
    if spike < expected {
        let least = format!("at least the expected dilution, {}", 100.0 * expected);
        return Err(OutOfRange::new("dilution_spike_percent", 100.0 * spike, least));
    }
    for (key, value) in [
        ("stress_factor", input.stress_factor),
        ("dilution_horizon_ratio", input.dilution_horizon_ratio),
        ("loss_horizon_ratio", input.loss_horizon_ratio),
        ("carrying_factor", input.carrying_factor),
        ("dso", input.dso),
    ] {
        if value > MOST {
            return Err(OutOfRange::new(key, value, format!("at most {MOST}")));
        }
    }
    let horizon = not_negative("dilution_horizon_ratio", input.dilution_horizon_ratio)?;
    let volatility = if expected > 0.0 { (spike - expected) * spike / expected } else { 0.0 };
    let dilution = horizon * (stress * expected + volatility);
    let loss = stress
        * share("default_ratio_percent", input.default_ratio)?
        * not_negative("loss_horizon_ratio", input.loss_horizon_ratio)?;
    let floor =
        share("concentration_floor_percent", input.concentration_floor)? + expected * horizon;
    let carried = not_negative("carrying_factor", input.carrying_factor)?
        * not_negative("dso", input.dso)?
        / positive("year_days", input.year_days)?;
    let yield_reserve = carried * share("base_rate_percent", input.base_rate)?;
    let servicing = carried * share("servicing_percent", input.servicing_rate)?;
    // Yield and servicing come on top of the floor: they are paid however few debtors fail.
    let total = (loss + dilution).max(floor) + yield_reserve + servicing;
    let floor_binds = floor > loss + dilution;
    Ok(DynamicReserve { dilution, loss, floor, yield_reserve, servicing, total, floor_binds })
}
