//! What looks wrong holds hardly anything of clean ledgers: those that the generator writes.

use factorage::app::ModelChoice;
use factorage::app::generate::{GenerateOptions, Payers, generate};
use factorage::offer::OfferLine;
use factorage::policy::{HoldKind, HoldReason};
use rayon::prelude::*;

use super::ledgers::END;
use crate::evaluated::{Desk, date, priced_policy};

/// Invoices, debtors and months of each ledger; with the seeds from 25 on, 24 in all.
const SIZES: [(usize, usize, u32); 4] = [(300, 14, 14), (150, 8, 12), (600, 40, 18), (400, 25, 8)];
const SEEDS: std::ops::Range<u64> = 25..31;

/// The one exception: an invoice due after 90 days, to a debtor that has paid on 15 to 60 days. Of
/// this client nobody ever paid on terms as long, which is how a stretched invoice looks too; an
/// underwriter would ask, and the hold asks. Only the chance that it is 6.5 % of a small ledger
/// makes it much.
const EXCEPTION: (usize, u64) = (300, 30);

/// Percent of the cash, of today and once confirmed, that what looks wrong holds; its reasons.
fn held((invoices, debtors, months): (usize, usize, u32), seed: u64) -> (f64, Vec<HoldReason>) {
    let options = GenerateOptions {
        seasonal: false,
        invoices,
        debtors,
        clients: 1,
        seed,
        end: date(END),
        months,
        currency: "USD".to_owned(),
        payers: Payers::Mixed,
    };
    let mut ledger = Vec::new();
    generate(&options, &mut ledger).expect("options within their ranges");
    let mut desk = Desk::with("ledger.csv", ledger).at(END).policy(priced_policy(&[]));
    desk.request.model = ModelChoice::Km;
    let evaluation = desk.evaluate();
    let lines = || evaluation.offer.parts.iter().flat_map(|part| &part.lines);
    let advance = |line: &OfferLine| {
        let price = line.price.or(line.once_confirmed);
        price.map_or(0, |price| price.advance.minor())
    };
    let is_wrong =
        |line: &&OfferLine| line.holds.iter().any(|hold| hold.kind == HoldKind::LooksWrong);
    let all: i64 = lines().map(advance).sum();
    let wrong: i64 = lines().filter(is_wrong).map(advance).sum();
    let holds = lines().filter(is_wrong).flat_map(|line| &line.holds);
    let reasons = holds.filter(|hold| hold.kind == HoldKind::LooksWrong).map(|hold| hold.reason);
    (100.0 * wrong as f64 / all.max(1) as f64, reasons.collect())
}

#[test]
fn hardly_anything_of_a_generated_clean_ledger_looks_wrong() {
    let all = SIZES.into_iter().flat_map(|size| SEEDS.map(move |seed| (size, seed)));
    let all: Vec<_> = all.collect();
    assert_eq!(all.len(), 24);
    let held: Vec<_> = all.par_iter().map(|&(size, seed)| (size, seed, held(size, seed))).collect();
    let much = held.iter().filter(|(.., (percent, _))| *percent > 1.0);
    let much: Vec<_> = much.map(|(size, seed, held)| ((size.0, *seed), held)).collect();
    let [(ledger, (percent, reasons))] = &*much else { panic!("{held:?}") };
    assert_eq!((*ledger, &**reasons), (EXCEPTION, &[HoldReason::LongTerms][..]));
    assert!((6.0..7.0).contains(percent), "{percent}");
}
