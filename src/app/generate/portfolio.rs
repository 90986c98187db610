//! The division of a ledger into clients and debtors of unequal size.

use super::options::{GenerateOptions, Payers};
use super::random::{Draws, Stream};

/// The exponents by which sizes fall with rank, for clients and for the debtors of one client.
const CLIENT_EXPONENT: f64 = 0.7;
const DEBTOR_EXPONENT: f64 = 0.9;
/// Rows of failing debtors, in parts per thousand of all rows.
///
/// Roughly a third of a failing debtor's rows are never paid.
const FAILING_ROWS: u64 = 16;

/// The part a debtor plays in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Keeps paying.
    Ordinary,
    /// Pays ever later and at some point not at all.
    Failing,
    /// Keeps paying and is invoiced up to the last working day, so that the ledger reaches the
    /// end date.
    Anchor,
}

/// Size and place of one debtor.
#[derive(Debug, Clone, Copy)]
pub(super) struct DebtorPlan {
    /// Index of the client, from zero.
    pub(super) client: u32,
    /// Rows of the debtor, at least one.
    pub(super) rows: usize,
    /// The debtor's part in the ledger.
    pub(super) role: Role,
}

/// All debtors of a ledger.
pub(super) struct Portfolio {
    /// The debtors in the order of their identifiers.
    pub(super) debtors: Vec<DebtorPlan>,
    /// The first name of this ledger among all names that can be formed.
    pub(super) first_name: u32,
    /// The payment habits of the debtors.
    pub(super) payers: Payers,
}

impl Portfolio {
    /// Divides the rows asked for among the debtors asked for.
    pub(super) fn draw(options: &GenerateOptions) -> Self {
        let mut draws = Draws::new(options.seed, Stream::Portfolio);
        let mut client_sizes = sizes(options.clients, CLIENT_EXPONENT);
        // Sizes fall with rank, and the first client is not always to be the largest.
        draws.shuffle(&mut client_sizes);
        let mut places = debtor_places(&client_sizes, options.debtors);
        // Nor do ids tell a debtor's client and size.
        draws.shuffle(&mut places);
        let weights: Vec<u64> = places.iter().map(|&(_, weight)| weight).collect();
        let mut debtors: Vec<DebtorPlan> = divide(options.invoices, &weights)
            .into_iter()
            .zip(places)
            .map(|(rows, (client, _))| DebtorPlan { client, rows, role: Role::Ordinary })
            .collect();
        // First, so that it cannot be one of those that fail.
        choose_anchor(&mut debtors);
        choose_failing(&mut debtors, options.invoices, &mut draws);
        Self { debtors, first_name: draws.bits(), payers: options.payers }
    }
}

/// Client and weight of every debtor, client by client.
fn debtor_places(client_sizes: &[u64], debtors: usize) -> Vec<(u32, u64)> {
    let mut places = Vec::with_capacity(debtors);
    let counts = divide(debtors, client_sizes);
    for ((client, count), &client_size) in (0_u32..).zip(counts).zip(client_sizes) {
        let own = sizes(count, DEBTOR_EXPONENT);
        let total: u64 = own.iter().sum();
        for size in own {
            let weight = u128::from(client_size) * u128::from(size) / u128::from(total.max(1));
            places.push((client, u64::try_from(weight).unwrap_or(u64::MAX)));
        }
    }
    places
}

/// Sizes that fall with rank as a Zipf law does, largest first, in arbitrary whole units.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "ranks are small and the sizes lie between zero and a thousand million"
)]
fn sizes(count: usize, exponent: f64) -> Vec<u64> {
    (0..count).map(|rank| (1e9 * (rank as f64 + 2.0).powf(-exponent)).round() as u64).collect()
}

/// Divides `total` in proportion to the weights, with at least one for each.
///
/// The largest remainders take what rounding down leaves, so the parts add up exactly. The total
/// must not be below the number of weights.
fn divide(total: usize, weights: &[u64]) -> Vec<usize> {
    let spare = total.saturating_sub(weights.len()) as u128;
    let sum = weights.iter().map(|&weight| u128::from(weight)).sum::<u128>().max(1);
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (place, &weight) in weights.iter().enumerate() {
        let scaled = spare * u128::from(weight);
        // A part never exceeds the total, which is a `usize`.
        parts.push(1 + usize::try_from(scaled / sum).unwrap_or(0));
        remainders.push((std::cmp::Reverse(scaled % sum), place));
    }
    let missing = total.saturating_sub(parts.iter().sum());
    remainders.sort_unstable();
    for &(_, place) in remainders.iter().take(missing) {
        parts[place] += 1;
    }
    parts
}

/// Lets the largest debtor carry the ledger to its end date.
fn choose_anchor(debtors: &mut [DebtorPlan]) {
    if let Some(largest) = debtors.iter_mut().max_by_key(|debtor| debtor.rows) {
        largest.role = Role::Anchor;
    }
}

/// Lets random debtors fail until they hold the intended share of the rows.
///
/// Choosing by rows rather than by a coin per debtor keeps the share near its aim even in a
/// small ledger. A debtor too large for what is left of the share is passed over.
fn choose_failing(debtors: &mut [DebtorPlan], rows: usize, draws: &mut Draws) {
    let mut order: Vec<usize> = (0..debtors.len()).collect();
    draws.shuffle(&mut order);
    let mut left = rows as u64 * FAILING_ROWS / 1000;
    for place in order {
        let debtor = &mut debtors[place];
        let size = debtor.rows as u64;
        if debtor.role == Role::Ordinary && size <= left + left / 4 {
            debtor.role = Role::Failing;
            left = left.saturating_sub(size);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_and_none_is_empty() {
        for total in [3, 4, 10, 1001] {
            let parts = divide(total, &[7, 1, 0]);
            assert_eq!(parts.iter().sum::<usize>(), total);
            assert!(parts.iter().all(|&part| part >= 1));
        }
        assert_eq!(divide(13, &[3, 1, 1]), vec![7, 3, 3]);
    }

    #[test]
    fn debtors_differ_in_size_and_few_fail() {
        let options = GenerateOptions {
            invoices: 20_000,
            debtors: 500,
            clients: 7,
            seed: 3,
            end: "2026-06-30".parse().unwrap(),
            months: 18,
            currency: "USD".to_owned(),
            payers: Payers::Mixed,
            seasonal: false,
        };
        let debtors = Portfolio::draw(&options).debtors;
        let failing: usize =
            debtors.iter().filter(|debtor| debtor.role == Role::Failing).map(|d| d.rows).sum();
        let largest = debtors.iter().map(|debtor| debtor.rows).max().unwrap();
        assert!((288..=400).contains(&failing), "{failing}");
        assert!(largest > 10 * 20_000 / 500, "{largest}");
        for client in 0..7 {
            assert!(debtors.iter().any(|debtor| debtor.client == client));
        }
    }
}
