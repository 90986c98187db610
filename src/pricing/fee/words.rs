use basics::grouped;

use super::{AfterLastPeriod, Benchmark, FeeComponent, FeeOn, FeePlan};

impl FeePlan {
    /// Returns the plan in words: "3 % of the amount bought up to day 30, then ...".
    pub fn words(&self) -> String {
        let components: Vec<String> = self.components.iter().map(FeeComponent::words).collect();
        let charges = &self.charges;
        let least = charges
            .minimum_per_invoice
            .map(|a| format!("at least {} per invoice", grouped(&a.to_string())));
        let most = charges
            .maximum_per_invoice
            .map(|a| format!("at most {} per invoice", grouped(&a.to_string())));
        let days = charges.maximum_days.map(|days| format!("for at most {}", days_of(days)));
        let limits = [least, most, days].into_iter().flatten();
        let parts = std::iter::once(components.join(", and ")).chain(limits);
        parts.collect::<Vec<_>>().join(", ")
    }
}

impl FeeComponent {
    /// Returns the component in words.
    pub fn words(&self) -> String {
        match self {
            Self::Flat { percent, of } => format!("{percent} of {}", of.words()),
            Self::Tiered { first_percent, first_days, step_percent, step_days, prorated } => {
                let begun = if *prorated { ", prorated by day" } else { " or part thereof" };
                format!(
                    "{first_percent} of the amount bought up to day {first_days}, then \
                     {step_percent} more for every {}{begun}",
                    days_of(*step_days)
                )
            }
            Self::Periods { periods, after } => {
                // A table may have 365 periods, a sentence may not.
                let each: Vec<String> = (periods.iter().take(6))
                    .map(|period| format!("{} for {}", period.percent, days_of(period.days)))
                    .collect();
                let more = periods.len().saturating_sub(6);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                let behind = match after {
                    AfterLastPeriod::Stop => "nothing more after that",
                    AfterLastPeriod::Repeat => "the last one repeating",
                    AfterLastPeriod::Error => "no rate after that",
                };
                format!("by period, of the amount bought: {}{more}, {behind}", each.join(", "))
            }
            Self::PerDiem { percent_per_day, minimum_days } => {
                format!("{percent_per_day} of the amount bought per day{}", least(*minimum_days))
            }
            Self::PrimePlus(benchmark) => benchmark.words(),
        }
    }
}

impl Benchmark {
    fn words(&self) -> String {
        let floor = self.floor_percent.map(|floor| format!(", floor {floor}"));
        let change = self.changes.first();
        let change = change.map(|next| format!(", {} from {}", next.prime_percent, next.from));
        let all_in = self.all_in_floor_percent.map(|all| format!(", at least {all} in all"));
        format!(
            "{} (benchmark{}{}) plus {} a year on the advance{}, accrued daily ({}){}",
            self.prime_percent,
            floor.unwrap_or_default(),
            change.unwrap_or_default(),
            self.spread_percent,
            all_in.unwrap_or_default(),
            self.day_count.as_str(),
            least(self.minimum_days)
        )
    }
}

impl FeeOn {
    fn words(self) -> &'static str {
        match self {
            Self::Amount => "the amount bought",
            Self::Advance => "the advance",
        }
    }
}

fn least(days: u32) -> String {
    if days == 0 { String::new() } else { format!(", for at least {}", days_of(days)) }
}

fn days_of(days: u32) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}
