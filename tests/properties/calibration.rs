//! Calibration of the scoring model on generated ledgers of very different kinds, against what the
//! generator lets happen after the origin.
//!
//! The long form prints the table: `FACTORAGE_LEDGERS=40 cargo test --release --test main
//! calibration -- --nocapture`.

use std::fs;
use std::io::BufWriter;

use factorage::app::generate::{GenerateOptions, Payers, generate};
use factorage::app::{BacktestRequest, ModelChoice, PredictedInvoice, backtest};
use factorage::policy::Policy;
use factorage::scoring::validation::{Case, DebtorDraws, Forecast, Metrics};

/// One kind of business.
struct Kind {
    name: &'static str,
    payers: Payers,
    /// Debtors of a ledger with this many rows.
    debtors: fn(usize) -> usize,
}

const KINDS: [Kind; 6] = [
    Kind { name: "mixed", payers: Payers::Mixed, debtors: |rows| rows / 25 },
    Kind { name: "weekly runs", payers: Payers::Weekly, debtors: |rows| rows / 25 },
    Kind { name: "month end", payers: Payers::MonthEnd, debtors: |rows| rows / 25 },
    Kind { name: "slows down", payers: Payers::Slowing, debtors: |rows| rows / 25 },
    Kind { name: "few debtors", payers: Payers::Mixed, debtors: |rows| 3 + rows / 2000 },
    Kind { name: "one-off debtors", payers: Payers::Mixed, debtors: |rows| rows * 4 / 5 },
];

/// What one model said of all invoices of several ledgers of a kind.
struct Pooled {
    model: Vec<(Case, Forecast)>,
    km: Vec<(Case, Forecast)>,
}

/// Backtests ledgers of `rows` rows each, four and five months before their end.
fn pooled(kind: &Kind, rows: usize, ledgers: u64, model: &ModelChoice) -> Pooled {
    let mut all = Pooled { model: Vec::new(), km: Vec::new() };
    let folder = tempfile::tempdir().expect("a folder");
    for seed in 1..=ledgers {
        let file = folder.path().join("ledger.csv");
        let debtors = (kind.debtors)(rows).clamp(3, rows);
        let options = GenerateOptions {
            seasonal: false,
            invoices: rows,
            debtors,
            clients: 1,
            seed,
            end: "2026-06-30".parse().expect("a date"),
            months: 18,
            currency: "USD".to_owned(),
            payers: kind.payers,
        };
        let out = BufWriter::new(fs::File::create(&file).expect("a file"));
        generate(&options, out).expect("a ledger");
        let origins = ["2026-01-28", "2026-02-25"].map(|day| day.parse().expect("a date"));
        let policy = Policy::standard().expect("the standard policy");
        let request = BacktestRequest {
            model: model.clone(),
            ..BacktestRequest::new([file], origins.to_vec(), policy)
        };
        // A ledger so small that nothing was open then tells nothing.
        let Ok(tested) = backtest(&request, &|_| ()) else { continue };
        let own = |scored: &PredictedInvoice| Case {
            debtor: scored.case.debtor + seed as usize * 1_000_000,
            ..scored.case
        };
        all.model.extend(tested.scored.iter().map(|scored| (own(scored), scored.model)));
        all.km.extend(tested.scored.iter().map(|scored| (own(scored), scored.km)));
    }
    all
}

fn slope_30(cases: &[(Case, Forecast)]) -> f64 {
    let metrics = Metrics::of(cases).expect("cases");
    let at = metrics.horizons.iter().find(|at| at.days == 30).expect("30 days are known");
    at.calibration_slope.unwrap_or(f64::NAN)
}

#[test]
fn the_model_is_calibrated_on_every_kind_of_business() {
    let ledgers = std::env::var("FACTORAGE_LEDGERS").ok().and_then(|n| n.parse::<u64>().ok());
    // About 50, 500 and 50,000 invoices paid by the first origin.
    let sizes: &[(usize, u64)] = match ledgers {
        Some(ledgers) => &[(75, 4 * ledgers), (750, ledgers), (75_000, 1)],
        None => &[(450, 1)],
    };
    // The short form takes one kind with a calendar and one that changes.
    let kinds = if ledgers.is_some() { &KINDS[..] } else { &KINDS[1..4] };
    for &(rows, count) in sizes {
        for kind in kinds {
            let model = if rows > 20_000 { ModelChoice::Train } else { ModelChoice::Auto };
            let all = pooled(kind, rows, count, &model);
            let slope = slope_30(&all.model);
            if ledgers.is_some() {
                report(kind, rows, &all);
            } else {
                assert!((0.6..1.7).contains(&slope), "{}: {slope}", kind.name);
            }
        }
    }
}

fn report(kind: &Kind, rows: usize, all: &Pooled) {
    let metrics = Metrics::of(&all.model).expect("cases");
    let at = metrics.horizons.iter().find(|at| at.days == 30).expect("30 days are known");
    let draws = DebtorDraws::new(&all.model, 400, 3);
    let [brier, _] = draws.differences(&all.model, &all.km).expect("many debtors");
    eprintln!(
        "{:<16} {rows:>6} rows {:>7} scores  slope {:.2} (km {:.2}) intercept {:+.2}  Brier {:.4}, \
         less km {:+.4} [{:+.4}, {:+.4}]  ECE {:.3}  in 80 % {:.2}",
        kind.name,
        metrics.rows,
        at.calibration_slope.unwrap_or(f64::NAN),
        slope_30(&all.km),
        at.calibration_intercept.unwrap_or(f64::NAN),
        metrics.mean_brier,
        brier.value,
        brier.low,
        brier.high,
        metrics.mean_ece,
        metrics.coverage,
    );
}
