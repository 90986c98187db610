//! Scores by the boosted hazard, for the open invoices of one client.

use crate::basics::CollectionCurve;

use super::boost::{MISSING, Pruned, Trees, sigmoid};
use super::boosted::BoostedHazard;
use super::facts::{ClientFacts, DebtorFacts, InvoiceFacts};
use super::features::{self, OF_INVOICE, logit};
use super::history::History;
use super::km::KaplanMeier;

/// Days ahead on which the trees are asked: daily at first, then whole weeks at times; between two
/// weeks the correction of a weekday goes straight from one to the other, behind the last it stays.
const ASKED: [std::ops::RangeInclusive<i32>; 3] = [1..=52, 81..=87, 116..=122];

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
        // A week that ends behind the horizon is still needed for the days before it.
        let needed = ASKED
            .iter()
            .enumerate()
            .filter(|&(at, _)| at == 0 || (*ASKED[at - 1].end() as usize) < horizon);
        let days: Vec<i32> = needed.flat_map(|(_, days)| days.clone()).collect();
        let rows = self.rows(days.iter().copied());
        let mut margins = vec![0.0; days.len()];
        for trees in &self.pruned {
            trees.add_margins(&rows, self.bins.len(), &mut margins);
        }
        let mut all = vec![0.0; *ASKED[ASKED.len() - 1].end() as usize + 1];
        for (days, margin) in days.into_iter().zip(margins) {
            all[days as usize] = margin / self.pruned.len().max(1) as f64;
        }
        interpolate(&mut all);
        // Behind the last week asked, its weekdays repeat.
        for days in all.len()..=horizon {
            all.push(all[days - 7]);
        }
        all[1..=horizon].to_vec()
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

/// Fills days between two weeks asked: the same weekday of the week before and the one behind, in
/// proportion to the distance.
fn interpolate(all: &mut [f64]) {
    for gap in ASKED.windows(2) {
        let (before, behind) = (*gap[0].end(), *gap[1].start());
        for days in before + 1..behind {
            let from = days - 7 * ((days - before + 6) / 7);
            let to = days + 7 * ((behind - days + 6) / 7);
            let share = f64::from(days - from) / f64::from(to - from);
            let value = all[from as usize] * (1.0 - share) + all[to as usize] * share;
            all[days as usize] = value;
        }
    }
}
