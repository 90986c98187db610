//! A scenario: the debtors that default given the common factor.
//!
//! A debtor defaults if its latent value is below its threshold. Given the common factor z and the
//! stretch w, which is 1 for the Gaussian and sqrt(chi-square / degrees) for the Student-t copula:
//!
//! ```text
//! p(z, w) = N((threshold x w - loading x z) / sqrt(1 - loading^2)), loading = sqrt(correlation)
//! ```
//!
//! Debtors are grouped by probability of default. Within a group the next candidate is found by a
//! geometric skip at an upper bound of the group's conditional probabilities, and kept with its own
//! probability over that bound (thinning: Lewis and Shedler 1979): the same law as one draw for
//! each debtor, at the cost of the defaults alone.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use super::draws::Draws;
use super::normal_table::NormalTable;
use super::{Copula, LossModel, Seller};

/// Number of debtors in a group.
const GROUP: usize = 192;

/// A debtor as the kernel needs it.
#[derive(Debug, Clone, Copy)]
struct Cell {
    threshold: f64,
    loading: f64,
    /// 1 / sqrt(1 - loading^2).
    scale: f64,
    loss: f64,
    client: u32,
    /// Index among the names of the model.
    name: u32,
    /// Its invoices from other clients: first and last index into the kernel's `others`.
    others: (u32, u32),
}

/// Bounds of a group.
#[derive(Debug, Clone, Copy)]
struct Bound {
    threshold: f64,
    loading: (f64, f64),
    scale: (f64, f64),
}

/// A client as the kernel needs it.
#[derive(Debug, Clone, Copy)]
struct ClientCell {
    threshold: f64,
    seller: Seller,
}

/// The common values of all debtors in a scenario.
#[derive(Debug, Clone, Copy)]
pub(super) struct Common {
    /// The common factor.
    pub factor: f64,
    /// Factor on the thresholds: sqrt(chi-square / degrees), or 1 for normal latent values.
    pub stretch: f64,
}

pub(super) struct Kernel {
    cells: Vec<Cell>,
    /// Client and loss of invoices from other clients than a name's first.
    others: Vec<(u32, f64)>,
    bounds: Vec<Bound>,
    clients: Vec<ClientCell>,
    pub copula: Copula,
    pub names: usize,
    timing: f64,
    /// True if clients can change what a default costs.
    recourse: bool,
}

/// Returns the latent value below which a default of this probability lies.
fn threshold(pd: f64, copula: Copula) -> f64 {
    if pd <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if pd >= 1.0 {
        return f64::INFINITY;
    }
    match copula {
        Copula::Gaussian => Normal::standard().inverse_cdf(pd),
        Copula::StudentT { degrees } => {
            let law = StudentsT::new(0.0, 1.0, f64::from(degrees));
            law.map_or(f64::NAN, |law| law.inverse_cdf(pd))
        }
    }
}

impl Kernel {
    pub fn new(model: &LossModel) -> Self {
        // Clients and names are below 2^24.
        let short = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let mut others: Vec<(u32, f64)> = Vec::new();
        let mut cells: Vec<Cell> = Vec::with_capacity(model.names.len());
        for (name, place) in model.names.iter().zip(0..) {
            let start = short(others.len());
            others.extend(name.others.iter().map(|&(client, loss)| (short(client), loss)));
            if name.pd > 0.0 {
                cells.push(Cell {
                    threshold: threshold(name.pd, model.copula),
                    loading: name.correlation.sqrt(),
                    scale: 1.0 / (1.0 - name.correlation).sqrt(),
                    loss: name.loss,
                    client: short(name.client),
                    name: place,
                    others: (start, short(others.len())),
                });
            }
        }
        // Neighbours of like probability make tight bounds, and so few candidates that are
        // rejected.
        cells.sort_by(|a, b| {
            a.threshold.total_cmp(&b.threshold).then(a.loading.total_cmp(&b.loading))
        });
        let bounds = cells.chunks(GROUP).map(bound).collect();
        let client =
            |&seller: &Seller| ClientCell { threshold: threshold(seller.pd, model.copula), seller };
        let recourse = model
            .clients
            .iter()
            .any(|client| client.borne < 1.0 || client.bought > 0.0 || client.uncovered > 0.0);
        Self {
            cells,
            others,
            bounds,
            clients: model.clients.iter().map(client).collect(),
            copula: model.copula,
            names: model.names.len(),
            timing: model.timing,
            recourse,
        }
    }

    /// Returns the number of clients.
    pub fn client_count(&self) -> usize {
        self.clients.len()
    }

    /// Runs a scenario. `beside` receives the losses of clients that depend on no debtor, then
    /// `default` the name, client and loss of every debtor that defaults at the factor's cost.
    pub fn run(
        &self,
        common: Common,
        draws: &mut Draws,
        weights: &mut Vec<f64>,
        mut default: impl FnMut(u32, u32, f64),
        mut beside: impl FnMut(u32, f64),
    ) {
        let table = NormalTable::get();
        let Common { factor, stretch } = common;
        // Clients first: whether one has failed decides what a default of its debtors costs.
        self.sellers(common, draws, weights, &mut beside);
        for (group, bound) in self.cells.chunks(GROUP).zip(&self.bounds) {
            let most = bound.most(common, table);
            if most <= 0.0 {
                continue;
            }
            // Above one half a skip saves nothing: every debtor of the group is looked at.
            let certain = most > 0.5;
            // ln U / ln(1 - p) is the geometric number of debtors that a draw passes over.
            let rate = if certain { 0.0 } else { 1.0 / (-most).ln_1p() };
            let chance = if certain { 1.0 } else { most };
            let mut next = 0_usize;
            loop {
                if !certain {
                    let skip = draws.uniform().ln() * rate;
                    if skip >= GROUP as f64 {
                        break;
                    }
                    // Not negative and below the group's size.
                    next += skip as usize;
                }
                let Some(cell) = group.get(next) else { break };
                next += 1;
                let own =
                    table.below((cell.threshold * stretch - cell.loading * factor) * cell.scale);
                if draws.uniform() * chance < own {
                    self.lost(cell, weights, &mut default);
                }
            }
        }
    }

    /// Reports the factor's loss when a debtor defaults, client by client.
    #[inline]
    fn lost(&self, cell: &Cell, weights: &[f64], default: &mut impl FnMut(u32, u32, f64)) {
        let mut at = |client: u32, loss: f64| {
            let weight = if self.recourse { weights[client as usize] } else { 1.0 };
            if weight > 0.0 {
                default(cell.name, client, loss * weight);
            }
        };
        at(cell.client, cell.loss);
        let (first, last) = cell.others;
        for &(client, loss) in &self.others[first as usize..last as usize] {
            at(client, loss);
        }
    }

    /// Draws the clients that fail, the part of a debtor's loss that each leaves to the factor, and
    /// the losses that come with them beside defaults.
    fn sellers(
        &self,
        common: Common,
        draws: &mut Draws,
        weights: &mut Vec<f64>,
        beside: &mut impl FnMut(u32, f64),
    ) {
        if !self.recourse {
            return;
        }
        let table = NormalTable::get();
        weights.clear();
        for (place, client) in (0..).zip(&self.clients) {
            let seller = &client.seller;
            let scale = 1.0 / (1.0 - seller.loading * seller.loading).sqrt();
            let latent = client.threshold * common.stretch - seller.loading * common.factor;
            let fails = draws.uniform() < table.below(latent * scale);
            weights.push(if fails { 1.0 } else { seller.borne });
            if fails && seller.uncovered > 0.0 {
                beside(place, seller.uncovered);
            }
            if fails && seller.dilution > 0.0 {
                // With a standard deviation as large as its mean the share is exponential.
                let share = (-seller.dilution * draws.uniform().ln()).min(1.0);
                let beyond = share * seller.bought - seller.reserve;
                if beyond > 0.0 {
                    beside(place, beyond);
                }
            }
        }
    }

    /// Returns the loss of a scenario.
    pub fn loss(&self, common: Common, draws: &mut Draws, weights: &mut Vec<f64>) -> f64 {
        let mut loss = 0.0;
        let mut more = 0.0;
        self.run(common, draws, weights, |_, _, amount| loss += amount, |_, amount| more += amount);
        loss + more - self.timing * common.factor
    }
}

fn bound(group: &[Cell]) -> Bound {
    let of = |value: fn(&Cell) -> f64| {
        let values = || group.iter().map(value);
        (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max))
    };
    Bound {
        threshold: of(|cell| cell.threshold).1,
        loading: of(|cell| cell.loading),
        scale: of(|cell| cell.scale),
    }
}

impl Bound {
    /// Returns an upper bound of the conditional probabilities of the group's debtors.
    #[inline]
    fn most(&self, common: Common, table: NormalTable) -> f64 {
        let loading = if common.factor > 0.0 { self.loading.0 } else { self.loading.1 };
        let latent = self.threshold * common.stretch - loading * common.factor;
        let scale = if latent > 0.0 { self.scale.1 } else { self.scale.0 };
        // The margin covers the table's error of 1e-11, so that the bound holds.
        table.below(latent * scale) + 1e-10
    }
}
