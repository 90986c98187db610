//! The boosted hazard: trees that correct the daily hazard shown by a debtor's own history.
//!
//! For an invoice open at the end of the as-of date, the log-odds of payment on each following day
//! are those of the debtor's Kaplan-Meier hazard at that age (module [`super::km`]) plus a
//! correction by boosted trees, which know the calendar of the day, what the debtor owes and how it
//! has paid lately. Several sets of trees, grown on different samples, are averaged. Discrete-time
//! hazard: Singer and Willett 1993; landmarks: van Houwelingen 2007.
//!
//! ```text
//! log-odds(day) = logit(h of the debtor at that age) + mean over the sets of (sum of the trees)
//! P(by day d)   = sum over days to d of S h, S falling by (1 - h - removed) from day to day
//! ```

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

/// Number of sets of trees that are averaged.
const BAGS: u64 = 2;

/// Largest number of trees of a set.
const MOST_TREES: usize = 250;

/// Few leaves and much shrinkage, because daily hazards are noisy; the more paid invoices, the more
/// trees. Hessians count whole invoices, however many landmarks repeat them.
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

/// A trained model. It serves any client, starting from the client's own history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoostedHazard {
    pub(super) bins: Bins,
    pub(super) bags: Vec<Trees>,
    /// Pooled hazard of collection of all clients in the training data: the prior of a client with
    /// little history.
    pub(super) pool: AgeTable,
    pub(super) training: Training,
}

/// Too few paid invoices to learn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("training needs at least {OWN_HISTORY} invoices paid in cash to learn from, found {found}")]
pub struct TooFewPaid {
    /// Number of invoices paid in cash.
    pub found: usize,
}

/// The data that a model was trained on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// The as-of date, in days since 1970-01-01.
    pub as_of: Day,
    /// First and last landmark.
    pub landmarks: Option<(Day, Day)>,
    /// Number of clients.
    pub clients: usize,
    /// Number of invoices.
    pub invoices: usize,
    /// Number of invoices collected in cash by the as-of date.
    pub paid_invoices: usize,
    /// Number of invoices at landmarks, each as often as it was looked at.
    pub landmark_rows: usize,
    /// Number of days that followed them, as sampled.
    pub day_rows: usize,
    /// Seed of the samples.
    pub seed: u64,
}

impl BoostedHazard {
    /// Trains on the histories of one or more clients, all known at one as-of date. `prior` is the
    /// curve expected of invoices of which nothing is known. The result is the same for any number
    /// of threads.
    ///
    /// # Errors
    /// [`TooFewPaid`] if fewer than [`OWN_HISTORY`] invoices were collected: a ledger of open items
    /// would teach that nothing is ever paid.
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
        // The pool as of the end, for clients to come; in training each landmark has its own.
        let pool = pooled(histories, as_of, prior.hazard()).pool().clone();
        Ok(Self { bins, bags, pool, training })
    }

    /// Returns what the model was trained on.
    pub fn training(&self) -> &Training {
        &self.training
    }

    /// Returns the Kaplan-Meier estimate of a client, shrunk towards the pool of the training data.
    pub fn base(&self, history: &History) -> KaplanMeier {
        let spells = history.spells_at(history.as_of());
        KaplanMeier::with_prior(&spells, history.debtors(), &self.pool)
    }

    /// Checks that a model from a file can be used, and says what is wrong with it otherwise.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        let count = features::count();
        if !self.bins.are_sound(count) {
            return Err("the bins of its features are not in order");
        }
        // A score divides by the number of sets.
        if self.bags.is_empty() || !self.bags.iter().all(|bag| bag.is_sound(count)) {
            return Err("a tree points outside itself");
        }
        if !self.pool.is_hazard() {
            return Err("the pooled hazard is not between 0 and 1");
        }
        Ok(())
    }

    /// Returns name, number of splits and meaning of every feature, most used first.
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
