//! Laws that hold for every ledger, on ledgers drawn at random.

mod calibration;
mod clean;
mod completing;
mod curves;
mod eligibility;
mod exports;
mod holds;
mod invariance;
mod ledgers;
mod loss;
mod mutator;
mod offers;
mod plausible;
mod portfolio;
mod previous;
mod re_dated;
mod reading;
mod sub_customers;
mod summary;
mod terms;
mod trades;

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

/// A number of cases, the same ones on every run; PROPTEST_RNG_SEED draws others.
pub fn cases(cases: u32) -> ProptestConfig {
    let environment = ProptestConfig::default();
    let rng_seed = match environment.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    // No files of failing seeds: the same cases are drawn on every run anyway.
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..environment }
}
