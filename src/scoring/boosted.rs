//! The boosted hazard: trees that correct the daily hazard which a debtor's own history shows.
//!
//! For an invoice open at the end of the as-of date, the log-odds of payment on each following day
//! are those of the debtor's Kaplan-Meier hazard at that age (module [`super::km`]) plus a
//! correction by boosted trees, which know the calendar of the day, what the debtor owes and how it
//! paid lately. Several sets of trees, grown on different samples, are averaged. Discrete-time
//! hazard: Singer and Willett 1993; landmarks: van Houwelingen 2007.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use basics::Day;

use super::boost::{BoostOptions, Trees, train};
use super::hazard::AgeTable;
use super::history::History;
use super::km::{KaplanMeier, OWN_HISTORY};
use super::landmarks::{ExampleTable, pooled};
use super::{Bins, PriorCurve, features};

/// Sets of trees that are averaged.
const BAGS: u64 = 2;

/// Most trees of a set.
const MOST_TREES: usize = 250;

/// Few leaves and much shrinkage: daily hazards are noisy. More paid invoices bear more trees.
/// Hessians are those of whole invoices, however many landmarks repeat them.
fn options(paid_invoices: usize, seed: u64) -> BoostOptions {
    BoostOptions {
        trees: (100 + paid_invoices / 200).min(MOST_TREES),
        learning_rate: 0.05,
        leaves: 6,
        least_hessian: 2.0,
        l2: 10.0,
        column_share: 0.5,
        row_share: 0.7,
        seed,
    }
}

/// A trained model: serves any client, whose own history it starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoostedHazard {
    pub(super) bins: Bins,
    pub(super) bags: Vec<Trees>,
    /// Pooled hazard of collection of all clients of the training data: the prior of a client
    /// with little history.
    pub(super) pool: AgeTable,
    pub(super) training: Training,
}

/// Too little to learn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a model needs at least {OWN_HISTORY} invoices paid in cash to learn from, found {found}")]
pub struct TooFewPaid {
    /// Invoices paid in cash.
    pub found: usize,
}

/// What a model was trained on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// The as-of date, in days since 1970-01-01.
    pub as_of: Day,
    /// First and last landmark.
    pub landmarks: Option<(Day, Day)>,
    /// Clients.
    pub clients: usize,
    /// Invoices, and those paid in cash.
    pub invoices: usize,
    /// Invoices collected in cash by the as-of date.
    pub paid_invoices: usize,
    /// Invoices at landmarks.
    pub landmark_rows: usize,
    /// Days that followed them, as sampled.
    pub day_rows: usize,
    /// Seed of the samples.
    pub seed: u64,
}

impl BoostedHazard {
    /// Trains on the histories of one or more clients, all known at one as-of date. `prior` is what
    /// is expected of invoices of which nothing is known. The same for any number of threads.
    ///
    /// # Errors
    /// [`TooFewPaid`] when fewer than [`OWN_HISTORY`] invoices were collected: a ledger of open
    /// items would teach that nothing is ever paid.
    pub fn train(histories: &[History], prior: &PriorCurve, seed: u64) -> Result<Self, TooFewPaid> {
        let paid_invoices = histories.iter().map(History::paid_invoices).sum();
        if paid_invoices < OWN_HISTORY {
            return Err(TooFewPaid { found: paid_invoices });
        }
        let table = ExampleTable::new(histories, prior.hazard(), seed);
        let bins = table.bins();
        let matrix = table.binned(&bins);
        let examples = table.examples(&bins, &matrix);
        let grow = |bag| train(examples, &options(paid_invoices, seed.wrapping_add(bag)));
        let bags = (0..BAGS).into_par_iter().map(grow).collect();
        let as_of = histories.iter().map(History::as_of).max().unwrap_or_default();
        let training = Training {
            as_of,
            landmarks: table.landmarks,
            clients: histories.len(),
            invoices: histories.iter().map(|history| history.invoices().len()).sum(),
            paid_invoices,
            landmark_rows: table.landmark_rows,
            day_rows: table.rows(),
            seed,
        };
        let pool = pooled(histories, as_of, prior.hazard()).pool().clone();
        Ok(Self { bins, bags, pool, training })
    }

    /// What the model was trained on.
    pub fn training(&self) -> &Training {
        &self.training
    }

    /// The Kaplan-Meier estimate of a client, leaning on the pool of the training data.
    pub fn base(&self, history: &History) -> KaplanMeier {
        let spells = history.spells_at(history.as_of());
        KaplanMeier::with_prior(&spells, history.debtors(), &self.pool)
    }

    /// Whether a model from a file can be used; what is wrong with it if not.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        let count = features::count();
        if !self.bins.are_sound(count) {
            return Err("the bins of its features are not in order");
        }
        if self.bags.is_empty() || !self.bags.iter().all(|bag| bag.is_sound(count)) {
            return Err("a tree leads nowhere");
        }
        if !self.pool.is_hazard() {
            return Err("the pooled hazard is not within 0 and 1");
        }
        Ok(())
    }

    /// Name, number of splits and meaning of every feature, most used first.
    pub fn importance(&self) -> Vec<(&'static str, usize, &'static str)> {
        let mut splits = vec![0; features::count()];
        for bag in &self.bags {
            splits.iter_mut().zip(bag.splits(features::count())).for_each(|(sum, n)| *sum += n);
        }
        let declared = features::declared().zip(splits);
        let mut all: Vec<_> = declared.map(|([name, meaning, _], n)| (name, n, meaning)).collect();
        all.sort_by_key(|&(_, splits, _)| std::cmp::Reverse(splits));
        all
    }
}
