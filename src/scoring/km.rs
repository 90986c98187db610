//! The conditional Kaplan-Meier estimate over days since due, with competing events, shrunk per
//! debtor from coarse to fine.
//!
//! 1. Pool: the daily hazards of collection and of removal at each age, with open invoices censored
//!    (Kaplan and Meier 1958; Aalen and Johansen 1978 for the competing events). If few invoices
//!    are at risk, the hazard leans on the month of ages around it, and [`THIN`] prior observations
//!    lean on the policy's prior curve there; below [`OWN_HISTORY`] paid invoices the whole pooled
//!    hazard is a mixture of own and prior. Observations from a year ago count half.
//! 2. Debtor: the pooled hazard times gamma-Poisson factors of what the debtor's own history shows
//!    over ever narrower windows of age (derived in the module `shrinkage`).
//! 3. Invoice: P(collected by d | open at age u) = (F(u+d) - F(u)) / S(u), with F the share
//!    collected and S the share open by age under the debtor's hazards.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::CollectionCurve;

use super::hazard::{ALL, Age, AgeTable, Ages, OLDEST, RiskTable, YOUNGEST};
use super::shrinkage::{DebtorHazard, HALF};
use super::{End, PriorCurve, Spell};

/// Number of paid invoices from which a client's own history counts alone.
pub const OWN_HISTORY: usize = 50;

/// Prior observations per day of age, which decide only if few invoices are at risk.
const THIN: f64 = 5.0;

/// Days of age on either side over which the pooled hazard is averaged.
const AROUND: Age = 15;

/// Weight of that average against the day itself, in invoices at risk.
const AROUND_WEIGHT: f64 = 5.0;

/// Longest period, in days, over which an open invoice is scored.
pub const HORIZON: u32 = 730;

/// Oldest age at which an open invoice is conditioned; older ones are judged as if of this age.
const OLDEST_CONDITION: Age = OLDEST - HORIZON as Age;

/// The basis of a curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The client's own payment history.
    OwnHistory,
    /// The client's own history, mixed with the policy's prior curve because it is short.
    Blended,
    /// The policy's prior curve alone, because the ledger has no paid invoices.
    Prior,
}

impl Basis {
    /// Returns the word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OwnHistory => "own_history",
            Self::Blended => "blended",
            Self::Prior => "prior",
        }
    }
}

/// The weights of the sources of a curve; they add up to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CurveWeights {
    /// Weight of the debtor's own history: E / (E + 5), with E the payments that the pool expected
    /// of it.
    pub debtor: f64,
    /// Weight of the history of the client's other debtors.
    pub client: f64,
    /// Weight of the policy's prior curve, or of the pool of the model file used.
    pub prior: f64,
}

/// The fitted model of one client.
#[derive(Debug, Clone)]
pub struct KaplanMeier {
    collected: AgeTable,
    removed: AgeTable,
    own_weight: f64,
    paid: usize,
    debtors: Vec<RiskTable>,
}

impl KaplanMeier {
    /// Fits the pool. Debtors are numbered from 0 below `debtors`; `prior` is the curve expected of
    /// invoices of which nothing is known.
    pub fn fit(spells: &[Spell], debtors: usize, prior: &PriorCurve) -> Self {
        Self::with_prior(spells, debtors, prior.hazard())
    }

    /// Fits the pool around a prior daily hazard by age.
    pub(super) fn with_prior(spells: &[Spell], debtors: usize, prior: &AgeTable) -> Self {
        let paid = spells.iter().filter(|spell| spell.end == End::Collected).count();
        let own_weight = (paid as f64 / OWN_HISTORY as f64).min(1.0);
        let table = RiskTable::from_spells(spells);
        let around = Around::new(&table);
        let collected = AgeTable::from_fn(ALL, |age| {
            let (at_risk, collected) = around.sums(age);
            let near = (collected + THIN * prior.at(age)) / (at_risk + THIN);
            let n = table.at_risk(age);
            let own = (table.collected(age) + AROUND_WEIGHT * near) / (n + AROUND_WEIGHT);
            own_weight * own + (1.0 - own_weight) * prior.at(age)
        });
        let removed = AgeTable::from_fn(ALL, |age| {
            // The prior knows no removals, so a short history is mixed with none.
            own_weight * table.removed(age) / (table.at_risk(age) + THIN)
        });
        let debtors = by_debtor(spells, debtors);
        Self { collected, removed, own_weight, paid, debtors }
    }

    /// Returns the number of paid invoices in the history.
    pub fn paid_invoices(&self) -> usize {
        self.paid
    }

    /// Returns the weight of the client's own history against the policy's prior curve, 0 to 1.
    pub fn own_weight(&self) -> f64 {
        self.own_weight
    }

    /// Returns the basis of every curve of this model.
    pub fn basis(&self) -> Basis {
        match self.paid {
            0 => Basis::Prior,
            paid if paid < OWN_HISTORY => Basis::Blended,
            _ => Basis::OwnHistory,
        }
    }

    /// Returns the daily hazard of collection of a debtor, at the ages that its own history covers.
    pub(super) fn debtor_hazard(&self, debtor: usize) -> DebtorHazard {
        let own = self.debtors.get(debtor);
        own.map(|own| DebtorHazard::new(own, &self.collected, self.own_weight)).unwrap_or_default()
    }

    /// Returns the weight of a debtor's payments, and of those that the pool would have expected.
    pub(super) fn seen_and_expected(&self, debtor: usize) -> (f64, f64) {
        let Some(own) = self.debtors.get(debtor) else { return (0.0, 0.0) };
        own.ages().fold((0.0, 0.0), |(seen, expected), age| {
            let due = own.at_risk(age) * self.collected.at(age);
            (seen + own.collected(age), expected + due)
        })
    }

    /// Returns the weights of the sources of a debtor's curves, to two decimals.
    pub fn weights(&self, debtor: usize) -> CurveWeights {
        let (_, expected) = self.seen_and_expected(debtor);
        let rounded = |share: f64| (100.0 * share).round() / 100.0;
        let debtor = rounded(self.own_weight * expected / (expected + HALF));
        let prior = rounded(1.0 - self.own_weight);
        // The rest and not a share of its own: three rounded numbers need not add up to 1.
        CurveWeights { debtor, client: rounded((1.0 - debtor - prior).max(0.0)), prior }
    }

    /// Returns the pooled daily hazard of collection by age.
    pub(super) fn pool(&self) -> &AgeTable {
        &self.collected
    }

    /// Returns the pooled daily hazard of removal by age.
    pub(super) fn removed(&self) -> &AgeTable {
        &self.removed
    }

    /// Returns the debtor's part of the model, for scoring open invoices of these `ages` (days
    /// since due) over `horizon` days, at most [`HORIZON`]. A debtor without history follows the
    /// pool.
    pub fn debtor(
        &self,
        debtor: usize,
        ages: std::ops::RangeInclusive<i32>,
        horizon: u32,
    ) -> DebtorCurves {
        let horizon = horizon.min(HORIZON);
        let first = (*ages.start()).clamp(YOUNGEST, OLDEST_CONDITION);
        let ages = first..=(*ages.end()).clamp(first, OLDEST_CONDITION) + horizon as Age;
        let own = self.debtor_hazard(debtor);
        let hazard = |age| own.at(age).unwrap_or_else(|| self.collected.at(age));
        DebtorCurves::new(ages, horizon, hazard, &self.removed)
    }
}

/// Sums over the ages around each age.
struct Around {
    first: Age,
    /// Invoices at risk and collected before each age from `first` on.
    before: Vec<(f64, f64)>,
}

impl Around {
    fn new(table: &RiskTable) -> Self {
        let ages = table.ages();
        let first = *ages.start();
        let mut sums = (0.0, 0.0);
        let mut before = vec![sums];
        for age in ages {
            sums = (sums.0 + table.at_risk(age), sums.1 + table.collected(age));
            before.push(sums);
        }
        Self { first, before }
    }

    /// Returns the invoices at risk and collected at the ages within [`AROUND`] of `age`.
    fn sums(&self, age: Age) -> (f64, f64) {
        let last = self.before.len() - 1;
        let before = |age: Age| {
            let index = usize::try_from(age.saturating_sub(self.first)).unwrap_or(0);
            self.before[index.min(last)]
        };
        let (from, to) = (before(age - AROUND), before(age + AROUND + 1));
        (to.0 - from.0, to.1 - from.1)
    }
}

fn by_debtor(spells: &[Spell], debtors: usize) -> Vec<RiskTable> {
    let mut spells = spells.to_vec();
    // By debtor alone: risk tables count whole numbers, whatever the order.
    spells.sort_unstable_by_key(|spell| spell.debtor);
    let mut rest = spells.as_slice();
    let next = (0..debtors).map(|debtor| {
        let (own, behind) = rest.split_at(rest.partition_point(|spell| spell.debtor <= debtor));
        rest = behind;
        RiskTable::from_spells(own)
    });
    next.collect()
}

/// A debtor's share collected and share open by age, from which each invoice takes its conditional
/// curve.
#[derive(Debug, Clone)]
pub struct DebtorCurves {
    collected: AgeTable,
    open: AgeTable,
    horizon: u32,
}

impl DebtorCurves {
    /// Computes the shares from the youngest age to be scored on; what happened before does not
    /// matter to an invoice that is still open.
    fn new(ages: Ages, horizon: u32, collected: impl Fn(Age) -> f64, removed: &AgeTable) -> Self {
        let first = *ages.start();
        let (mut open, mut share) = (1.0, 0.0);
        let mut opens = Vec::with_capacity((ages.end() - first + 1) as usize);
        let shares = AgeTable::from_fn(ages.clone(), |age| {
            if age > first {
                let hazard = collected(age);
                share += open * hazard;
                open *= (1.0 - hazard - removed.at(age)).max(0.0);
            }
            opens.push(open);
            share
        });
        let open = AgeTable::from_fn(ages, |age| opens[(age - first) as usize]);
        Self { collected: shares, open, horizon }
    }

    /// Returns P(collected by day d) over the horizon, for an open invoice that is `age` days past
    /// due (negative: before due).
    pub fn score(&self, age: Age) -> CollectionCurve {
        // Nothing is expected until an invoice is within a year of its due date.
        let wait = (YOUNGEST - age).max(0);
        let age = age.clamp(YOUNGEST, OLDEST_CONDITION);
        let (before, per_open) = (self.collected.at(age), 1.0 / self.open.at(age));
        let first = self.collected.from(age);
        let days = (self.horizon as Age + 1 - wait).max(0) as usize;
        let waiting = std::iter::repeat_n(0.0, self.horizon as usize + 1 - days);
        // An age that nobody reaches gives NaN, and so a curve that collects nothing.
        let shares = first.iter().take(days).map(|share| (share - before) * per_open);
        CollectionCurve::nearest(waiting.chain(shares))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prior() -> PriorCurve {
        PriorCurve::new(vec![(-30, 0.0), (0, 0.5), (60, 0.9), (180, 0.97)]).expect("a curve")
    }

    fn paid(debtor: usize, age: Age) -> Spell {
        Spell { debtor, entry: -30, exit: age, end: End::Collected, ago: 0 }
    }

    /// 40 debtors that pay 10 invoices each, every one on its own day between 0 and 19 days late.
    fn crowd() -> Vec<Spell> {
        (0..400).map(|i| paid(i % 40, (i % 20) as Age)).collect()
    }

    #[test]
    fn without_history_the_curve_is_the_prior_given_the_age() {
        let model = KaplanMeier::fit(&[], 0, &prior());
        assert_eq!((model.basis(), model.own_weight()), (Basis::Prior, 0.0));
        for age in [-20, 0, 45, 120] {
            let curve = model.debtor(0, age..=age, 90).score(age);
            for day in [1, 30, 90] {
                let share = |age| prior().share_by(age);
                let expected = (share(age + day) - share(age)) / (1.0 - share(age));
                assert!((curve.by(day as usize) - expected).abs() < 1e-9, "age {age} day {day}");
            }
        }
    }

    #[test]
    fn the_pool_is_kaplan_meier_where_many_are_at_risk() {
        // 60,000 invoices at due, a third of them paid on each of the days 1, 2 and 3: hazards 1/3,
        // 1/2, 1.
        let spells: Vec<_> = (0..60_000).map(|i| paid(i, 1 + (i % 3) as Age)).collect();
        let model = KaplanMeier::fit(&spells, 0, &prior());
        let curve = model.debtor(usize::MAX, 0..=0, 365).score(0);
        for (day, share) in [(1, 1.0 / 3.0), (2, 2.0 / 3.0), (3, 1.0)] {
            assert!((curve.by(day) - share).abs() < 0.002, "day {day}: {}", curve.by(day));
        }
    }

    #[test]
    fn one_paid_invoice_leaves_a_debtor_near_the_pool_and_twenty_do_not() {
        let with = |count: usize| {
            let mut spells = crowd();
            spells.extend(vec![paid(40, 18); count]);
            KaplanMeier::fit(&spells, 41, &prior()).debtor(40, 0..=0, 365).score(0)
        };
        let (none, one, many) = (with(0), with(1), with(20));
        assert!((one.by(10) - none.by(10)).abs() < 0.2, "{} {}", one.by(10), none.by(10));
        assert!(many.by(16) < 0.3 && many.by(20) - many.by(16) > 0.65, "{}", many.by(16));
    }

    #[test]
    fn a_curve_says_on_what_it_rests() {
        let model = KaplanMeier::fit(&crowd(), 41, &prior());
        let (known, new) = (model.weights(19), model.weights(40));
        // Ten invoices that outlived all others of the crowd, a hazard of 1 + 1/2 + ... + 1/20 =
        // 3.6 each: 36 / (36 + 5), less where the pool is smoothed.
        assert!((0.8..0.9).contains(&known.debtor), "{known:?}");
        assert!((known.debtor + known.client - 1.0).abs() < 1e-9);
        assert_eq!(new, CurveWeights { debtor: 0.0, client: 1.0, prior: 0.0 });
        let none = KaplanMeier::fit(&[], 1, &prior()).weights(0);
        assert_eq!(none, CurveWeights { debtor: 0.0, client: 0.0, prior: 1.0 });
    }

    #[test]
    fn open_invoices_count_as_censored() {
        let mut spells: Vec<_> = (0..500).map(|i| paid(i, 5)).collect();
        let open = |debtor| Spell { debtor, entry: -30, exit: 60, end: End::Open, ago: 0 };
        spells.extend((500..1000).map(open));
        let curve = KaplanMeier::fit(&spells, 0, &prior()).debtor(usize::MAX, 0..=0, 365).score(0);
        assert!((curve.by(5) - 0.5).abs() < 0.02, "{}", curve.by(5));
    }

    #[test]
    fn what_is_credited_away_is_never_collected() {
        let removed = |debtor| Spell { debtor, entry: -30, exit: 5, end: End::Removed, ago: 0 };
        let mut spells: Vec<_> = (0..900).map(|i| paid(i, 10)).collect();
        spells.extend((900..1000).map(removed));
        let curve = KaplanMeier::fit(&spells, 0, &prior()).debtor(usize::MAX, 0..=0, 365).score(0);
        assert!((curve.by(365) - 0.9).abs() < 0.01, "{}", curve.by(365));
    }
}
