use basics::Money;

use super::PricingError;
use super::solve::convex;

/// An annual percentage rate in decimal form (0.4822 is 48.22 %): nominal, with simple interest and
/// a year of 365 days.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Apr(pub f64);

impl Apr {
    /// Returns the rate in per cent.
    pub fn percent(self) -> f64 {
        self.0 * 100.0
    }
}

impl Apr {
    /// Returns the lowest rates that may be disclosed if this is the true one; a higher one is
    /// always allowed.
    pub fn tolerance(self) -> AprTolerance {
        AprTolerance {
            regular: Self(self.0 - 0.001_25),
            irregular: Self(self.0 - 0.002_5),
            // (true - disclosed) / disclosed <= 2.5 %, solved for the rate disclosed.
            relative: Self(self.0 / 1.025),
        }
    }
}

/// The lowest rates that may be disclosed under 10 CCR 955, which concerns understatement alone. A
/// disclosed rate is within tolerance if it reaches any of those that apply.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AprTolerance {
    /// One eighth of a percentage point below.
    pub regular: Apr,
    /// One quarter of a point below, for irregular transactions.
    pub irregular: Apr,
    /// (true - disclosed) / disclosed is 2.5 %.
    pub relative: Apr,
}

/// Returns the finance charge of a purchase, for disclosure: charges taken out of the advance, plus
/// the fee or the whole reserve, whichever is larger.
///
/// If all of the reserve is reasonably anticipated to be returned but for the fee, the fee alone
/// counts (10 CCR 943(a)(3)).
///
/// # Errors
/// [`PricingError::Money`] if an amount overflows.
pub fn finance_charge(
    fee: Money,
    reserve: Money,
    prepaid: Money,
    reserve_return_anticipated: bool,
) -> Result<Money, PricingError> {
    // The fee is taken from the reserve, so it is not counted twice.
    let unpaid =
        if reserve_return_anticipated || fee.minor() > reserve.minor() { fee } else { reserve };
    Ok(unpaid.checked_add(prepaid)?)
}

/// Returns the APR of one advance repaid once after whole months: finance charge / amount financed
/// x 12 / months.
///
/// Source: Appendix J (b)(5)(vi), which lets the creditor take this or [`line_apr`].
///
/// # Errors
/// As [`line_apr`].
pub fn whole_month_apr(
    finance_charge: Money,
    amount_financed: Money,
    months: u32,
) -> Result<Apr, PricingError> {
    // Given months for days, `line_apr` takes each for a 365th of a year instead of a twelfth.
    let by_days = line_apr(finance_charge, amount_financed, months)?;
    Ok(Apr(by_days.0 / 365.0 * 12.0))
}

/// The amount that the factor keeps out of the collections of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RepaymentFlow {
    /// Days after the purchase, at least 1.
    pub day: u32,
    /// The advance plus the charges recovered on that day.
    pub amount: Money,
}

/// Returns the APR of one advance repaid once: finance charge / amount financed x 365 / days.
///
/// Source: 12 CFR 1026 (Regulation Z), Appendix J (b)(5)(vii), for a single advance, a single
/// payment and a term under a year.
///
/// # Errors
/// [`PricingError::NothingFinanced`] if the amount financed is not above 0,
/// [`PricingError::NoTime`] if `days` is 0, [`PricingError::NegativeCost`] if the finance charge is
/// negative.
pub fn line_apr(
    finance_charge: Money,
    amount_financed: Money,
    days: u32,
) -> Result<Apr, PricingError> {
    if amount_financed.minor() <= 0 {
        return Err(PricingError::NothingFinanced(amount_financed.to_string()));
    }
    if days == 0 {
        return Err(PricingError::NoTime(0));
    }
    // A negative charge is a mistake in the input, not a rate to disclose.
    if finance_charge.minor() < 0 {
        return Err(PricingError::NegativeCost(finance_charge.to_string()));
    }
    let charge = finance_charge.minor() as f64 / amount_financed.minor() as f64;
    Ok(Apr(charge * 365.0 / f64::from(days)))
}

/// Returns the nominal rate r that discounts all dated repayments of a pool to the amount financed:
/// sum of P_i / (1 + r d_i / 365) = A. For one repayment it is [`line_apr`].
///
/// Source: 12 CFR 1026, Appendix J (b)(8), with a year as the unit-period. Under (b)(4) it is the
/// period that occurs most often, which gives a slightly lower rate.
///
/// # Errors
/// [`PricingError::NothingFinanced`] if the amount financed is not above 0,
/// [`PricingError::NoTime`] if a repayment falls on day 0, [`PricingError::NoRoot`] if the
/// repayments do not reach the amount financed or one of them is negative.
pub fn pool_apr(amount_financed: Money, flows: &[RepaymentFlow]) -> Result<Apr, PricingError> {
    if amount_financed.minor() <= 0 {
        return Err(PricingError::NothingFinanced(amount_financed.to_string()));
    }
    if flows.iter().any(|flow| flow.day == 0) {
        return Err(PricingError::NoTime(0));
    }
    let financed = amount_financed.minor() as f64;
    // A negative flow would bend the curve, and the tangents of `convex` could pass the root.
    if flows.iter().any(|flow| flow.amount.minor() < 0) {
        let what = "the pool's APR";
        return Err(PricingError::NoRoot { what, low: 0.0, high: f64::INFINITY });
    }
    let value = |rate: f64| {
        let (mut height, mut slope) = (0.0, 0.0);
        for flow in flows {
            let years = f64::from(flow.day) / 365.0;
            let discounted = flow.amount.minor() as f64 / (1.0 + rate * years);
            height += discounted;
            slope -= discounted * years / (1.0 + rate * years);
        }
        (height / financed - 1.0, slope / financed)
    };
    convex("the pool's APR", 0.0, value).map(Apr)
}

/// Returns the effective annual rate of a simple charge: (1 + charge / financed)^(365 / days) - 1.
///
/// # Errors
/// As [`line_apr`].
pub fn effective_annual_rate(
    charge: Money,
    financed: Money,
    days: u32,
) -> Result<f64, PricingError> {
    let apr = line_apr(charge, financed, days)?;
    let days = f64::from(days);
    Ok((1.0 + apr.0 * days / 365.0).powf(365.0 / days) - 1.0)
}
