//! Calibration of the scoring model on generated ledgers of very different kinds, against what the
//! generator lets happen after the origin.
//!
//! The long form prints the table of the guide and asks for more: `FACTORAGE_LEDGERS=16 cargo test
//! --release --test main calibration -- --nocapture`.

use std::fs;
use std::io::BufWriter;
use std::ops::{Range, RangeInclusive};
use std::sync::LazyLock;

use factorage::app::generate::{GenerateOptions, Payers, generate};
use factorage::app::{BacktestRequest, ModelChoice, PredictedInvoice, backtest};
use factorage::policy::Policy;
use factorage::scoring::validation::{Case, DebtorDraws, Forecast, HORIZONS, Metrics, pairs};

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

type Cases = Vec<(Case, Forecast)>;

/// The bounds of what forecasts for 30 days may miss.
struct Bounds {
    /// The slope of the calibration line; 1 is right.
    slope: Range<f64>,
    /// The mean probability less the share that was collected; 0 is right.
    bias: Range<f64>,
}

/// The forecasts of the models for all invoices of several ledgers of a kind.
struct Pooled {
    model: Cases,
    km: Cases,
}

/// Backtests ledgers of `rows` rows each, four and five months before their end.
fn pooled(kind: &Kind, rows: usize, seeds: RangeInclusive<u64>, model: &ModelChoice) -> Pooled {
    let mut all = Pooled { model: Vec::new(), km: Vec::new() };
    let folder = tempfile::tempdir().expect("a folder");
    for seed in seeds {
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

/// Rows of a ledger of the short form, and how many ledgers a kind has.
const SHORT: (usize, u64) = (450, 8);

/// The short form takes two kinds with a calendar and one that changes.
fn short_kinds() -> &'static [Kind] {
    &KINDS[1..4]
}

/// The bounds of the short form, for every kind. Its eight ledgers of weekly runs, month ends and
/// slowing payers have slopes of 0.74, 0.83 and 1.00 and biases of -0.006, -0.010 and 0.002. One
/// ledger alone has slopes from 0.54 to 1.61 and biases up to 0.13.
const SHORT_BOUNDS: Bounds = Bounds { slope: 0.7..1.25, bias: -0.035..0.035 };

/// Rows and bounds of the long form, with about 50, 500 and 50,000 invoices paid by the first
/// origin: the least and the most recorded in `tests/bench/measured.toml`, and 0.05 beyond.
const LONG: [(usize, Range<f64>); 3] = [(75, 0.79..1.36), (750, 0.83..1.23), (75_000, 0.99..1.19)];

/// The bias that the long form allows every kind.
const LONG_BIAS: Range<f64> = -0.03..0.03;

/// The short form's forecasts, by kind.
static FORECASTS: LazyLock<Vec<Cases>> = LazyLock::new(|| {
    let (rows, ledgers) = SHORT;
    let forecasts = |kind| pooled(kind, rows, 1..=ledgers, &ModelChoice::Auto).model;
    short_kinds().iter().map(forecasts).collect()
});

fn slope_30(cases: &[(Case, Forecast)]) -> f64 {
    let metrics = Metrics::of(cases).expect("cases");
    let at = metrics.horizons.iter().find(|at| at.days == 30).expect("30 days are known");
    at.calibration_slope.unwrap_or(f64::NAN)
}

fn bias_30(cases: &[(Case, Forecast)]) -> f64 {
    let pairs = pairs(cases, 2);
    let errors = pairs.iter().map(|&(p, happened)| p - f64::from(u8::from(happened)));
    errors.sum::<f64>() / pairs.len() as f64
}

/// The faults of the forecasts for a kind of business.
fn complaints(name: &str, cases: &[(Case, Forecast)], bounds: &Bounds) -> Vec<String> {
    let (slope, bias) = (slope_30(cases), bias_30(cases));
    let mut found = Vec::new();
    if !bounds.slope.contains(&slope) {
        found.push(format!("{name}: slope {slope:.3}, not in {:?}", bounds.slope));
    }
    if !bounds.bias.contains(&bias) {
        found.push(format!("{name}: bias {bias:+.3}, not in {:?}", bounds.bias));
    }
    found
}

#[test]
fn the_model_is_calibrated_on_every_kind_of_business() {
    let ledgers = std::env::var("FACTORAGE_LEDGERS").ok().and_then(|n| n.parse::<u64>().ok());
    let short_form = || {
        let kinds = short_kinds().iter().zip(FORECASTS.iter());
        kinds.flat_map(|(kind, all)| complaints(kind.name, all, &SHORT_BOUNDS)).collect()
    };
    let found = ledgers.map_or_else(short_form, long_form);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn long_form(ledgers: u64) -> Vec<String> {
    let mut found = Vec::new();
    for (rows, slope) in LONG {
        let count = match rows {
            75 => 4 * ledgers,
            750 => ledgers,
            _ => 1,
        };
        for kind in &KINDS {
            let model = if rows > 20_000 { ModelChoice::Train } else { ModelChoice::Auto };
            let all = pooled(kind, rows, 1..=count, &model);
            report(kind, rows, &all);
            let bounds = Bounds { slope: slope.clone(), bias: LONG_BIAS };
            found.extend(complaints(&format!("{} {rows}", kind.name), &all.model, &bounds));
        }
    }
    found
}

/// A forecast whose curve is so many days later; between the horizons it is a straight line.
fn later(forecast: &Forecast, days: f64) -> Forecast {
    let mut known = vec![(0.0, 0.0)];
    known.extend(HORIZONS.map(f64::from).into_iter().zip(forecast.within));
    let at = |day: f64| {
        let around = known.windows(2).find(|pair| pair[1].0 >= day);
        around.map_or(forecast.within[4], |pair| {
            let [(from, low), (to, high)] = [pair[0], pair[1]];
            low + (high - low) * ((day - from) / (to - from)).max(0.0)
        })
    };
    Forecast { within: HORIZONS.map(|day| at(f64::from(day) - days)), ..*forecast }
}

fn to_the_power(forecast: &Forecast, power: f64) -> Forecast {
    Forecast { within: forecast.within.map(|p| p.powf(power)), ..*forecast }
}

#[test]
fn a_distorted_model_is_found_on_every_kind_of_business() {
    type Distortion = fn(&Forecast) -> Forecast;
    let distortions: [(&str, Distortion); 4] = [
        ("to the power of 1.5", |forecast| to_the_power(forecast, 1.5)),
        ("to the power of 0.67", |forecast| to_the_power(forecast, 0.67)),
        ("10 days later", |forecast| later(forecast, 10.0)),
        ("10 days earlier", |forecast| later(forecast, -10.0)),
    ];
    for (kind, cases) in short_kinds().iter().zip(FORECASTS.iter()) {
        for (name, distorted) in distortions {
            let cases: Cases = cases.iter().map(|(case, own)| (*case, distorted(own))).collect();
            let found = complaints(kind.name, &cases, &SHORT_BOUNDS);
            assert!(!found.is_empty(), "{} {name}: nothing is found", kind.name);
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
