//! Training examples from landmarks: days in the past at which open invoices are looked at as they
//! were then.

use rayon::prelude::*;

use basics::Day;

use super::boost::{Examples, mixed, share};
use super::facts::{ClientFacts, InvoiceFacts};
use super::features;
use super::hazard::AgeTable;
use super::history::{History, PastInvoice};
use super::km::KaplanMeier;
use super::{BinnedRows, Bins, End};

/// Days between landmarks. No step is a multiple of 7 or close to a month, so that all weekdays and
/// all times of a month occur; the first that gives few enough rows is taken.
const STEPS: [i32; 3] = [5, 9, 13];

/// Number of landmark rows above which landmarks are spread further apart.
const ENOUGH_ROWS: usize = 25_000;

/// Largest number of landmark rows; more are sampled by invoice and landmark.
const MOST_ROWS: usize = 200_000;

/// Largest number of day rows, unless twice the landmark rows are more.
const DAY_ROWS: usize = 100_000;

/// Days of the past that landmarks cover.
const WINDOW: i32 = 900;

/// Days that a landmark looks ahead.
pub(super) const AHEAD: i32 = 90;

/// A day of payment is this many times as likely to be sampled as a day without: it tells more.
const PAID_WEIGHT: f64 = 4.0;

/// Days after the first issue dates before there is enough to look at.
const RUN_UP: i32 = 30;

/// Stream of random bits that samples landmark rows.
const ROW_STREAM: u64 = 1;

/// Stream of random bits that samples day rows.
const DAY_STREAM: u64 = 2;

/// Day rows: an open invoice, a landmark and one of the days that followed.
#[derive(Debug, Default)]
pub(super) struct ExampleTable {
    features: Vec<f32>,
    outcomes: Vec<bool>,
    weights: Vec<f32>,
    start: Vec<f32>,
    keys: Vec<u64>,
    /// Number of rows of invoices at landmarks behind the day rows.
    pub landmark_rows: usize,
    /// First and last landmark.
    pub landmarks: Option<(Day, Day)>,
}

/// The rows to be sampled.
#[derive(Debug, Clone, Copy)]
struct Sample {
    seed: u64,
    rows: f64,
    paid_days: f64,
    other_days: f64,
}

/// Returns the landmarks of histories that are all known at one as-of date.
pub(super) fn landmark_days(histories: &[History]) -> Vec<Day> {
    let Some(as_of) = histories.iter().map(History::as_of).max() else { return Vec::new() };
    let known = histories.iter().flat_map(History::invoices).filter(|invoice| invoice.known);
    let mut issued: Vec<Day> = known.map(|invoice| invoice.issue).collect();
    if issued.is_empty() {
        return Vec::new();
    }
    issued.sort_unstable();
    // The first dates of a ledger are often those of a few stray invoices, so half a per cent is
    // skipped.
    let first = (issued[issued.len() / 200] + RUN_UP).max(as_of - WINDOW);
    let open = open_by_day(histories, first, as_of);
    let days = |step: i32| (first..as_of).step_by(step as usize);
    let rows = |step: i32| days(step).map(|day| open[(day - first) as usize]).sum::<usize>();
    let step = STEPS.iter().copied().find(|&step| rows(step) <= ENOUGH_ROWS);
    days(step.unwrap_or(STEPS[STEPS.len() - 1])).collect()
}

/// Returns the number of open invoices at the end of every day from `first` to before `last`.
fn open_by_day(histories: &[History], first: Day, last: Day) -> Vec<usize> {
    let days = usize::try_from(last - first).unwrap_or(0);
    let mut changes = vec![0_i64; days + 1];
    for invoice in histories.iter().flat_map(History::invoices).filter(|invoice| invoice.known) {
        // What changes before the first day counts on it.
        let place = |day: Day| usize::try_from(day - first).unwrap_or(0).min(days);
        let end = if invoice.end == End::Open { last } else { invoice.exit };
        changes[place(invoice.issue)] += 1;
        changes[place(end.max(invoice.issue))] -= 1;
    }
    let mut open = 0;
    let counts = changes.into_iter().take(days).map(|change| {
        open += change;
        usize::try_from(open).unwrap_or(0)
    });
    counts.collect()
}

/// Returns the days after the landmark for which the course of an invoice is known, at most
/// [`AHEAD`].
fn days_known(invoice: &PastInvoice, landmark: Day, as_of: Day) -> i32 {
    let end = if invoice.end == End::Open { as_of } else { invoice.exit };
    (end - landmark).clamp(0, AHEAD)
}

impl Sample {
    /// Chooses the shares that keep the tables within their bounds.
    fn of(histories: &[History], landmarks: &[Day], seed: u64) -> Self {
        let mut rows = 0_usize;
        let each = |action: &mut dyn FnMut(&PastInvoice, Day, Day)| {
            for history in histories {
                for invoice in history.invoices().iter().filter(|invoice| invoice.known) {
                    let from = landmarks.partition_point(|&day| day < invoice.issue);
                    let open = landmarks[from..].iter().take_while(|&&day| invoice.is_open_at(day));
                    open.for_each(|&day| action(invoice, day, history.as_of()));
                }
            }
        };
        each(&mut |_, _, _| rows += 1);
        let row_share = (MOST_ROWS as f64 / rows.max(1) as f64).min(1.0);
        let sample = Self { seed, rows: row_share, paid_days: 1.0, other_days: 1.0 };
        // A second pass: the days are those of the rows taken, and their share has only now been
        // found.
        let (mut days, mut taken) = (0_i64, 0_usize);
        each(&mut |invoice, day, as_of| {
            if sample.takes_row(invoice, day) {
                days += i64::from(days_known(invoice, day, as_of));
                taken += 1;
            }
        });
        let other_days = (DAY_ROWS.max(2 * taken) as f64 / days.max(1) as f64).min(1.0);
        Self { other_days, paid_days: (PAID_WEIGHT * other_days).min(1.0), ..sample }
    }

    fn takes_row(self, invoice: &PastInvoice, landmark: Day) -> bool {
        let bits = || mixed(mixed(self.seed, ROW_STREAM, invoice.key), 0, landmark as u64);
        self.rows >= 1.0 || share(bits()) < self.rows
    }

    /// Returns the weight of a day row if it is sampled: one over its chance, so that the mean is
    /// kept.
    fn day_weight(self, invoice: &PastInvoice, day: Day, paid: bool, days: i32) -> Option<f32> {
        let kept = if paid { self.paid_days } else { self.other_days };
        let bits = mixed(self.seed, DAY_STREAM, invoice.key);
        let draw = share(mixed(bits, day as u64, days as u64));
        (draw < kept).then(|| (1.0 / kept) as f32)
    }
}

/// Returns the Kaplan-Meier estimates of all clients at the end of `day`, each shrunk towards that
/// of all together, and that one towards `prior`.
pub(super) fn bases(histories: &[History], day: Day, prior: &AgeTable) -> Vec<KaplanMeier> {
    let fit = |history: &History, prior: &AgeTable| {
        KaplanMeier::with_prior(&history.spells_at(day), history.debtors(), prior)
    };
    // A client alone is its own pool: shrinking it towards itself would count it twice.
    let [history] = histories else {
        let pooled = pooled(histories, day, prior);
        return histories.iter().map(|history| fit(history, pooled.pool())).collect();
    };
    vec![fit(history, prior)]
}

/// Returns the estimate of all clients together, without debtors.
pub(super) fn pooled(histories: &[History], day: Day, prior: &AgeTable) -> KaplanMeier {
    let spells: Vec<_> = histories.iter().flat_map(|history| history.spells_at(day)).collect();
    KaplanMeier::with_prior(&spells, 0, prior)
}

impl ExampleTable {
    /// Collects the examples of the histories. Nothing after their as-of dates is seen, and at each
    /// landmark nothing after it but the outcomes.
    pub fn new(histories: &[History], prior: &AgeTable, seed: u64) -> Self {
        let landmarks = landmark_days(histories);
        let sample = Sample::of(histories, &landmarks, seed);
        let at = |&day: &Day| Self::at(histories, day, prior, sample);
        // Collected in the order of landmarks, so that the table is the same on any number of
        // threads.
        let parts: Vec<Self> = landmarks.par_iter().map(at).collect();
        let mut all = Self {
            landmarks: landmarks.first().copied().zip(landmarks.last().copied()),
            ..Self::default()
        };
        for part in parts {
            all.features.extend(part.features);
            all.outcomes.extend(part.outcomes);
            all.weights.extend(part.weights);
            all.start.extend(part.start);
            all.keys.extend(part.keys);
            all.landmark_rows += part.landmark_rows;
        }
        // After all landmarks are in: how often an invoice repeats is known only then.
        all.weigh_invoices();
        all
    }

    /// Divides the weights by the number of landmarks at which an average invoice occurs, so that
    /// the trees see as much evidence as there is.
    fn weigh_invoices(&mut self) {
        let mut invoices = self.keys.clone();
        invoices.sort_unstable();
        invoices.dedup();
        let repeats = self.landmark_rows.max(1) as f32 / invoices.len().max(1) as f32;
        self.weights.iter_mut().for_each(|weight| *weight /= repeats);
    }

    fn at(histories: &[History], day: Day, prior: &AgeTable, sample: Sample) -> Self {
        let mut table = Self::default();
        for (history, base) in histories.iter().zip(bases(histories, day, prior)) {
            let client = ClientFacts::new(history, day, &base);
            for debtor in 0..history.debtors() {
                let taken = |i: &&PastInvoice| i.is_open_at(day) && sample.takes_row(i, day);
                let mut open = history.of_debtor(debtor).iter().filter(taken).peekable();
                // The facts of a debtor cost far more than seeing that none of its invoices was
                // drawn.
                if open.peek().is_none() {
                    continue;
                }
                let Some(debtor) = client.debtor(debtor) else { continue };
                for invoice in open {
                    table.add(&InvoiceFacts::new(&client, &debtor, invoice), sample);
                }
            }
        }
        table
    }

    fn add(&mut self, facts: &InvoiceFacts<'_>, sample: Sample) {
        let (invoice, day) = (facts.invoice, facts.client.day);
        let still: Vec<f32> = features::of_invoice(facts).collect();
        self.landmark_rows += 1;
        for days in 1..=days_known(invoice, day, facts.client.history.as_of()) {
            // Removals are not learnt: a curve takes the base's own rate of them.
            let paid = invoice.end == End::Collected && invoice.exit == day + days;
            let Some(weight) = sample.day_weight(invoice, day, paid, days) else { continue };
            self.features.extend_from_slice(&still);
            self.features.extend(features::of_day(facts, days));
            self.outcomes.push(paid);
            self.weights.push(weight);
            self.start.push(features::logit(facts.base_hazard(days)) as f32);
            self.keys.push(invoice.key);
        }
    }

    /// Returns the number of day rows.
    pub fn rows(&self) -> usize {
        self.outcomes.len()
    }

    /// Computes the bins of the features.
    pub fn bins(&self) -> Bins {
        Bins::of(&self.features, features::count())
    }

    /// Puts the rows into bins.
    pub fn binned(&self, bins: &Bins) -> BinnedRows {
        bins.binned(&self.features)
    }

    /// Returns the examples for the trees.
    pub fn examples<'a>(&'a self, bins: &'a Bins, matrix: &'a BinnedRows) -> Examples<'a> {
        Examples {
            bins,
            matrix,
            outcomes: &self.outcomes,
            weights: &self.weights,
            start: &self.start,
            keys: &self.keys,
        }
    }
}
