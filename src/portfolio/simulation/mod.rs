//! The loss of a book by simulation: debtors that default together, clients that cannot buy back,
//! dilution beyond the reserves.

mod draws;
mod kernel;
mod normal_table;
mod outcome;

use basics::OutOfRange;

pub(super) use draws::Draws;
pub use outcome::{Estimate, LossDistribution, TailMeasure};

/// The dependence between defaults.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Copula {
    /// Joint normal latent values (one-factor Gaussian copula: Li 2000, Vasicek 2002).
    Gaussian,
    /// The same divided by a common chi variable, which makes joint extremes more frequent.
    StudentT {
        /// Degrees of freedom.
        degrees: u32,
    },
}

/// A debtor in the simulation.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// Probability of default over the horizon, 0 to 1.
    pub pd: f64,
    /// Loss if it defaults and nobody buys back.
    pub loss: f64,
    /// Correlation of its latent value with that of another debtor of the same correlation, from 0
    /// to below 1.
    pub correlation: f64,
    /// Index of its client.
    pub client: usize,
    /// Loss on its invoices from other clients: (index of the client, loss).
    pub others: Vec<(usize, f64)>,
}

/// A client in the simulation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seller {
    /// Probability that it fails over the horizon.
    pub pd: f64,
    /// Loading of its latent value on the common factor: the square root of its correlation.
    pub loading: f64,
    /// Share of its debtors' losses that the factor bears even if the client stays solvent, 0 to 1:
    /// 0 with full recourse, 1 without any.
    pub borne: f64,
    /// Receivables bought from it, of which dilution is a share.
    pub bought: f64,
    /// Reserve held against dilution.
    pub reserve: f64,
    /// Loss if it fails, whatever its debtors do.
    pub uncovered: f64,
    /// Mean of the share diluted; the standard deviation is assumed to be as large.
    pub dilution: f64,
}

/// A book to be simulated.
///
/// Debtors and clients depend on one common factor. A default costs the factor its loss unless the
/// client buys back, which it does while it has not failed itself; a debtor of several clients
/// defaults once. A client that fails also leaves dilution beyond its reserve to the factor. The
/// common factor is stratified, so that the tail is estimated with fewer scenarios.
///
/// ```text
/// p(z, w)  = N((threshold x w - loading x z) / sqrt(1 - loading^2)), loading = sqrt(correlation)
/// loss     = sum over defaults of (borne by the factor x loss) + dilution beyond the reserves
///            + uncovered funds of failed clients - timing x z
/// ```
///
/// z is the common factor and w the stretch of a Student-t copula, 1 for the Gaussian. Sources: Li
/// 2000 and Vasicek 2002 for the copula, Lewis and Shedler 1979 for the draws, Tasche 2000 for the
/// contributions. `tests/reference/simulation.rs` compares it with the binomial law, Vasicek's
/// quantile and the quadrature of the Student-t copula.
#[derive(Debug, Clone, PartialEq)]
pub struct LossModel {
    /// Debtors.
    pub names: Vec<Name>,
    /// Clients.
    pub clients: Vec<Seller>,
    /// The dependence between defaults.
    pub copula: Copula,
    /// Cost of a slow month: loss for each standard deviation by which the common factor is below
    /// 0.
    pub timing: f64,
}

/// Largest number of degrees of freedom.
const MOST_DEGREES: u32 = 1_000;

/// Largest number of names and of scenarios.
const MOST: usize = 1 << 24;

impl LossModel {
    /// Creates the portfolio of the textbooks: debtors of one client, without recourse.
    pub fn without_recourse(names: Vec<Name>, copula: Copula) -> Self {
        let client = Seller {
            pd: 0.0,
            loading: 0.0,
            borne: 1.0,
            bought: 0.0,
            reserve: 0.0,
            uncovered: 0.0,
            dilution: 0.0,
        };
        Self { names, clients: vec![client], copula, timing: 0.0 }
    }

    /// Simulates this many scenarios. The result is the same for any number of threads.
    ///
    /// # Errors
    /// [`OutOfRange`] if a probability, correlation or amount is outside its range, a name refers
    /// to a client that does not exist, or there are fewer than 1,000 scenarios.
    pub fn simulate(&self, scenarios: usize, seed: u64) -> Result<LossDistribution, OutOfRange> {
        self.check(scenarios)?;
        Ok(outcome::of(&kernel::Kernel::new(self), scenarios, seed))
    }

    fn check(&self, scenarios: usize) -> Result<(), OutOfRange> {
        let within = |key: &str, value: f64, most: f64| {
            if (0.0..=most).contains(&value) {
                return Ok(());
            }
            Err(OutOfRange::new(key, value, format!("a number from 0 to {most}")))
        };
        for name in &self.names {
            within("pd", name.pd, 1.0)?;
            // At 1 the scale of the conditional probability would be infinite.
            within("correlation", name.correlation, 0.999)?;
            for &(client, loss) in [(name.client, name.loss)].iter().chain(&name.others) {
                within("loss", loss, f64::MAX)?;
                if client >= self.clients.len() {
                    return Err(OutOfRange::new("client", client, "the index of a client"));
                }
            }
        }
        for client in &self.clients {
            within("client pd", client.pd, 1.0)?;
            within("client loading", client.loading, 0.999)?;
            within("borne", client.borne, 1.0)?;
            within("bought", client.bought, f64::MAX)?;
            within("reserve", client.reserve, f64::MAX)?;
            within("uncovered", client.uncovered, f64::MAX)?;
            within("dilution", client.dilution, 1.0)?;
        }
        // Beyond this the copula cannot be told from the Gaussian, and its quantiles take ever
        // longer.
        if let Copula::StudentT { degrees } = self.copula
            && !(1..=MOST_DEGREES).contains(&degrees)
        {
            let expected = format!("1 to {MOST_DEGREES}");
            return Err(OutOfRange::new("degrees_of_freedom", degrees, expected));
        }
        if !(1_000..=MOST).contains(&scenarios) || self.names.len() > MOST {
            let expected = format!("1,000 to {MOST} scenarios and at most {MOST} names");
            return Err(OutOfRange::new("scenarios", scenarios, expected));
        }
        Ok(())
    }
}
