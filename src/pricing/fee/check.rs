use crate::basics::{Amount, OutOfRange, Rate};

use super::{Benchmark, FeeComponent, FeePlan};

impl FeePlan {
    /// Whether every value lies in its range.
    ///
    /// # Errors
    /// The first [`OutOfRange`], whose key is dotted: `fee.step_days`.
    pub fn check(&self) -> Result<(), OutOfRange> {
        self.components.iter().try_for_each(FeeComponent::check)?;
        let charges = &self.charges;
        amount("charges.minimum_per_invoice", charges.minimum_per_invoice)?;
        amount("charges.maximum_per_invoice", charges.maximum_per_invoice)?;
        amount("charges.minimum_per_month.amount", charges.minimum_per_month.map(|m| m.amount))?;
        if let Some(days) = charges.maximum_days {
            whole("charges.maximum_days", days, 1, 3650)?;
        }
        for event in &charges.events {
            amount("charges.events.amount", Some(event.amount))?;
        }
        match (charges.minimum_per_invoice, charges.maximum_per_invoice) {
            (Some(least), Some(most)) if least > most => Err(OutOfRange::new(
                "charges.maximum_per_invoice",
                most,
                format!("not less than minimum_per_invoice, {least}"),
            )),
            _ => Ok(()),
        }
    }
}

impl FeeComponent {
    fn check(&self) -> Result<(), OutOfRange> {
        match self {
            Self::Flat { percent: share, .. } => percent("fee.percent", *share),
            Self::Tiered { first_percent, first_days, step_percent, step_days, .. } => {
                percent("fee.first_percent", *first_percent)?;
                percent("fee.step_percent", *step_percent)?;
                whole("fee.first_days", *first_days, 0, 365)?;
                whole("fee.step_days", *step_days, 1, 365)
            }
            Self::Periods { periods, .. } => {
                if !(1..=365).contains(&periods.len()) {
                    return Err(OutOfRange::new("fee.periods", periods.len(), "1 to 365 periods"));
                }
                periods.iter().try_for_each(|period| {
                    whole("fee.periods.days", period.days, 1, 365)?;
                    percent("fee.periods.percent", period.percent)
                })
            }
            Self::PerDiem { percent_per_day, minimum_days } => {
                percent("fee.percent_per_day", *percent_per_day)?;
                whole("fee.minimum_days", *minimum_days, 0, 365)
            }
            Self::PrimePlus(benchmark) => benchmark.check(),
        }
    }
}

impl Benchmark {
    fn check(&self) -> Result<(), OutOfRange> {
        percent("fee.prime_percent", self.prime_percent)?;
        percent("fee.spread_percent", self.spread_percent)?;
        percent("fee.floor_percent", self.floor_percent.unwrap_or_default())?;
        percent("fee.all_in_floor_percent", self.all_in_floor_percent.unwrap_or_default())?;
        whole("fee.minimum_days", self.minimum_days, 0, 365)?;
        for change in &self.changes {
            percent("fee.changes.prime_percent", change.prime_percent)?;
        }
        match self.changes.windows(2).find(|pair| pair[0].from >= pair[1].from) {
            None => Ok(()),
            Some(pair) => {
                let expected = format!("a date after {}", pair[0].from);
                Err(OutOfRange::new("fee.changes.from", pair[1].from, expected))
            }
        }
    }
}

fn percent(key: &str, rate: Rate) -> Result<(), OutOfRange> {
    if (Rate::default()..=Rate::from_percent(100.into())).contains(&rate) {
        return Ok(());
    }
    Err(OutOfRange::new(key, rate.percent(), "a percent from 0 to 100"))
}

fn whole(key: &str, value: u32, least: u32, most: u32) -> Result<(), OutOfRange> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(OutOfRange::new(key, value, format!("a whole number from {least} to {most}")))
}

fn amount(key: &str, amount: Option<Amount>) -> Result<(), OutOfRange> {
    match amount.filter(|amount| amount.0.is_sign_negative()) {
        None => Ok(()),
        Some(negative) => Err(OutOfRange::new(key, negative, "an amount of 0 or more")),
    }
}
