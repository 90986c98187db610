//! Scores by the boosted hazard, for the open invoices of one client.

use basics::CollectionCurve;

use super::boost::{DayMargins, DayRows, MOST_DAYS, sigmoid};
use super::boosted::BoostedHazard;
use super::facts::{ClientFacts, DebtorFacts, InvoiceFacts};
use super::features::{self, OF_DAY, OF_INVOICE, logit};
use super::history::History;
use super::km::KaplanMeier;

/// Days ahead on which the trees are asked: four months, so that every time of the month occurs.
const ASKED: usize = 122;

/// Number of the last of these days, whose average correction holds for each weekday after them.
const REPEATED: usize = 28;
const _: () = assert!(ASKED <= MOST_DAYS);

/// Days over which a score is explained.
pub const EXPLAINED_DAYS: u32 = 30;

/// The trees' corrections to the log-odds of one invoice by days ahead, from day 1 on.
type Corrections = Vec<f64>;

/// Scores the invoices of one client.
#[derive(Debug)]
pub struct ClientScorer<'a> {
    pub(super) model: &'a BoostedHazard,
    pub(super) client: ClientFacts<'a>,
}

impl<'a> ClientScorer<'a> {
    /// Creates a scorer for the invoices open at the history's as-of date. `base` is
    /// [`BoostedHazard::base`] of the history, or another estimate to start from.
    pub fn new(model: &'a BoostedHazard, history: &'a History, base: &'a KaplanMeier) -> Self {
        Self { model, client: ClientFacts::new(history, history.as_of(), base) }
    }

    /// Returns the scorer of a debtor's open invoices; `None` if it owes nothing.
    pub fn debtor(&'a self, debtor: usize) -> Option<DebtorScorer<'a>> {
        let debtor = self.client.debtor(debtor)?;
        Some(DebtorScorer { scorer: self, debtor })
    }
}

/// Scores the invoices of one debtor.
#[derive(Debug)]
pub struct DebtorScorer<'a> {
    pub(super) scorer: &'a ClientScorer<'a>,
    pub(super) debtor: DebtorFacts,
}

impl DebtorScorer<'_> {
    /// Returns the scorer of an open invoice of the debtor, by its index among all invoices of the
    /// history.
    pub fn invoice(&self, invoice: usize) -> InvoiceScorer<'_> {
        let facts = self.facts(invoice);
        let model = self.scorer.model;
        let bins = &model.bins;
        let values = features::of_invoice(&facts).enumerate();
        let still = values.map(|(feature, value)| bins.bin(feature, value)).collect();
        let mut moving = Vec::with_capacity(ASKED * OF_DAY.len());
        for days in 1..=ASKED as i32 {
            let values = (OF_INVOICE.len()..).zip(features::of_day(&facts, days));
            moving.extend(values.map(|(feature, value)| bins.bin(feature, value)));
        }
        let rows = DayRows::new(still, OF_DAY.len(), &moving);
        let margins = DayMargins::new(&model.bags, &rows, EXPLAINED_DAYS as usize);
        InvoiceScorer { debtor: self, facts, margins }
    }

    fn facts(&self, invoice: usize) -> InvoiceFacts<'_> {
        let client = &self.scorer.client;
        InvoiceFacts::new(client, &self.debtor, &client.history.invoices()[invoice])
    }
}

/// Scores one invoice.
#[derive(Debug)]
pub struct InvoiceScorer<'a> {
    debtor: &'a DebtorScorer<'a>,
    pub(super) facts: InvoiceFacts<'a>,
    /// The sum that all sets of trees add to the log-odds of the asked days.
    pub(super) margins: DayMargins,
}

impl InvoiceScorer<'_> {
    /// Returns P(collected by day d) over `horizon` days.
    pub fn score(&self, horizon: u32) -> CollectionCurve {
        let facts = &self.facts;
        let removed = self.debtor.scorer.client.base.removed();
        let (mut open, mut collected) = (1.0, 0.0);
        let days = self.corrections(horizon).into_iter().zip(1..).map(|(correction, days)| {
            let hazard = sigmoid(logit(facts.base_hazard(days)) + correction);
            collected += open * hazard;
            open *= (1.0 - hazard - removed.at(facts.age(days))).max(0.0);
            collected
        });
        CollectionCurve::nearest(std::iter::once(0.0).chain(days))
    }

    /// Returns the corrections for the days up to `horizon`.
    fn corrections(&self, horizon: u32) -> Corrections {
        let horizon = horizon as usize;
        let bags = self.bags();
        let margins = self.margins.margins().iter().take(horizon);
        let mut corrections: Corrections = margins.map(|margin| margin / bags).collect();
        for place in corrections.len()..horizon {
            let repeated = match place - ASKED {
                // Past the days asked: a mean per weekday once, then repeated every week.
                0..7 => average(&corrections[place - REPEATED..place]),
                _ => corrections[place - 7],
            };
            corrections.push(repeated);
        }
        corrections
    }

    /// Returns the number of sets of trees that are averaged.
    pub(super) fn bags(&self) -> f64 {
        self.debtor.scorer.model.bags.len() as f64
    }
}

/// Returns the correction that multiplies the odds as those of one weekday do on average. `last`
/// are the corrections of the days before a day on this weekday.
fn average(last: &[f64]) -> f64 {
    let same = last.iter().rev().skip(6).step_by(7);
    let (sum, count) = same.fold((0.0, 0.0), |(sum, count), c| (sum + c.exp(), count + 1.0));
    f64::ln(sum / count)
}
