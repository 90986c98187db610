//! Scores by the boosted hazard, for the open invoices of one client.

use crate::basics::CollectionCurve;

use super::boost::{MISSING, Pruned, Trees, sigmoid};
use super::boosted::BoostedHazard;
use super::facts::{ClientFacts, DebtorFacts, InvoiceFacts};
use super::features::{self, OF_INVOICE, logit};
use super::history::History;
use super::km::KaplanMeier;

/// Days ahead on which the trees are asked: four months, so that every time of the month occurs.
/// Behind them each weekday has the correction that it had on average over the last four weeks.
const ASKED: usize = 122;
const REPEATED: usize = 28;

/// What the trees say of one invoice: the correction to the log-odds by days ahead, from day 1 on.
type Corrections = Vec<f64>;

/// The scores of one client.
#[derive(Debug)]
pub struct ClientScorer<'a> {
    pub(super) model: &'a BoostedHazard,
    pub(super) client: ClientFacts<'a>,
}

impl<'a> ClientScorer<'a> {
    /// For the invoices that are open at the history's as-of date; `base` is
    /// [`BoostedHazard::base`] of it, or another estimate to start from.
    pub fn new(model: &'a BoostedHazard, history: &'a History, base: &'a KaplanMeier) -> Self {
        Self { model, client: ClientFacts::new(history, history.as_of(), base) }
    }

    /// The scores of a debtor's open invoices.
    pub fn debtor(&'a self, debtor: usize) -> Option<DebtorScorer<'a>> {
        let debtor = self.client.debtor(debtor)?;
        Some(DebtorScorer { scorer: self, debtor })
    }
}

/// The scores of one debtor.
#[derive(Debug)]
pub struct DebtorScorer<'a> {
    pub(super) scorer: &'a ClientScorer<'a>,
    pub(super) debtor: DebtorFacts,
}

impl DebtorScorer<'_> {
    /// The debtor's invoice with this number among all invoices of the history, which has to be
    /// open.
    pub fn invoice(&self, invoice: usize) -> InvoiceScorer<'_> {
        let facts = self.facts(invoice);
        let model = self.scorer.model;
        let mut bins = vec![MISSING; features::count()];
        for (feature, value) in features::of_invoice(&facts).enumerate() {
            bins[feature] = model.bins.bin(feature, value);
        }
        let mut still = vec![0.0; features::count() + 1];
        let prune = |bag| Trees::pruned(bag, &bins, OF_INVOICE.len(), &mut still);
        let pruned = model.bags.iter().map(prune).collect();
        InvoiceScorer { debtor: self, facts, bins, pruned, still }
    }

    fn facts(&self, invoice: usize) -> InvoiceFacts<'_> {
        let client = &self.scorer.client;
        InvoiceFacts::new(client, &self.debtor, &client.history.invoices()[invoice])
    }
}

/// The scores of one invoice.
#[derive(Debug)]
pub struct InvoiceScorer<'a> {
    debtor: &'a DebtorScorer<'a>,
    pub(super) facts: InvoiceFacts<'a>,
    /// The features that stand still in their bins; those of the day are missing.
    pub(super) bins: Vec<u8>,
    pub(super) pruned: Vec<Pruned<'a>>,
    /// What the features that stand still add to the margin of all sets of trees on every day.
    pub(super) still: Vec<f64>,
}

impl InvoiceScorer<'_> {
    /// P(collected by day d) over `horizon` days.
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

    /// The corrections for the days up to `horizon`.
    fn corrections(&self, horizon: u32) -> Corrections {
        let horizon = horizon as usize;
        let asked = horizon.min(ASKED);
        let rows = self.rows(1..=asked as i32);
        let mut corrections = vec![0.0; asked];
        for trees in &self.pruned {
            trees.add_margins(&rows, self.bins.len(), &mut corrections);
        }
        let bags = self.pruned.len().max(1) as f64;
        corrections.iter_mut().for_each(|correction| *correction /= bags);
        for place in asked..horizon {
            let repeated = match place - ASKED {
                0..7 => average(&corrections[place - REPEATED..place]),
                _ => corrections[place - 7],
            };
            corrections.push(repeated);
        }
        corrections
    }

    /// The features of these days in their bins, day by day.
    pub(super) fn rows(&self, days: impl Iterator<Item = i32>) -> Vec<u8> {
        let model = self.debtor.scorer.model;
        let mut rows = Vec::new();
        for days in days {
            rows.extend_from_slice(&self.bins[..OF_INVOICE.len()]);
            let features = (OF_INVOICE.len()..).zip(features::of_day(&self.facts, days));
            rows.extend(features.map(|(feature, value)| model.bins.bin(feature, value)));
        }
        rows
    }
}

/// The correction that multiplies the odds as those of one weekday do on average; `last` are those
/// of the days before a day on this weekday.
fn average(last: &[f64]) -> f64 {
    let same = last.iter().rev().skip(6).step_by(7);
    let (sum, count) = same.fold((0.0, 0.0), |(sum, count), c| (sum + c.exp(), count + 1.0));
    f64::ln(sum / count)
}
