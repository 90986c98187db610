//! One scenario: which debtors default given the common factor.
//!
//! Debtors are grouped by probability of default. In a group the next candidate is found by a
//! geometric skip at the group's highest conditional probability, and kept with its own over that
//! (thinning: Lewis and Shedler 1979): the same law as one draw for each debtor, at the cost of the
//! defaults alone.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use super::draws::Draws;
use super::logarithm::Logarithm;
use super::normal_table::NormalTable;
use super::{Copula, LossModel, Seller};

/// Debtors of a group.
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
    /// Place among the names of the model.
    name: u32,
    /// What it owes other clients: first and last of the kernel's others.
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

/// What is common to all debtors of a scenario.
#[derive(Debug, Clone, Copy)]
pub(super) struct Common {
    /// The common factor.
    pub factor: f64,
    /// Thresholds are stretched by this: sqrt(chi-square / degrees), 1 for normal latent values.
    pub stretch: f64,
}

pub(super) struct Kernel {
    cells: Vec<Cell>,
    /// Client and loss of what names owe other clients than their first.
    others: Vec<(u32, f64)>,
    bounds: Vec<Bound>,
    clients: Vec<ClientCell>,
    pub copula: Copula,
    pub names: usize,
    timing: f64,
    /// Whether clients can change what a default costs.
    recourse: bool,
}

/// The latent value below which a default of this probability lies.
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

    /// Number of clients.
    pub fn client_count(&self) -> usize {
        self.clients.len()
    }

    /// Runs a scenario; `default` is told the place, client and loss of every debtor that defaults
    /// at the factor's cost, then `beside` the losses of clients that hang on no debtor.
    pub fn run(
        &self,
        common: Common,
        draws: &mut Draws,
        weights: &mut Vec<f64>,
        mut default: impl FnMut(u32, u32, f64),
        mut beside: impl FnMut(u32, f64),
    ) {
        let (table, logarithm) = (NormalTable::get(), Logarithm::get());
        let Common { factor, stretch } = common;
        self.sellers(common, draws, weights, &mut beside);
        for (group, bound) in self.cells.chunks(GROUP).zip(&self.bounds) {
            let most = bound.most(common, table);
            if most <= 0.0 {
                continue;
            }
            let certain = most > 0.5;
            let rate = if certain { 0.0 } else { 1.0 / logarithm.of_rest(most) };
            let chance = if certain { 1.0 } else { most };
            let mut next = 0_usize;
            loop {
                if !certain {
                    let skip = logarithm.of(draws.uniform()) * rate;
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

    /// What the factor loses when a debtor defaults, client by client.
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

    /// Which clients fail, what part of a debtor's loss each then leaves to the factor, and what is
    /// lost with them beside defaults.
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

    /// The loss of a scenario.
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
    /// At least the conditional probability of every debtor of the group.
    #[inline]
    fn most(&self, common: Common, table: NormalTable) -> f64 {
        let loading = if common.factor > 0.0 { self.loading.0 } else { self.loading.1 };
        let latent = self.threshold * common.stretch - loading * common.factor;
        let scale = if latent > 0.0 { self.scale.1 } else { self.scale.0 };
        // The table is exact to 1e-11; the bound stays one.
        table.below(latent * scale) + 1e-10
    }
}
