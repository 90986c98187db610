//! Expected dilution, and the loss given non-payment.

use basics::{Currency, Day};

use super::credibility::Credibility;
use super::history::{History, PastInvoice};

/// Days back over which invoices are considered.
const WINDOW: Day = 730;

/// Days past due after which an invoice counts as unpaid.
const DEFAULT_DAYS: Day = 90;

/// Number of unpaid invoices at which the ledger's own loss counts half against the policy's.
const HALF_LOSSES: f64 = 20.0;

/// Expected dilution of one debtor's open balance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpectedDilution {
    /// Expected share that is credited instead of paid, 0 to 1.
    pub expected: f64,
    /// Standard deviation of that share.
    pub spread: f64,
    /// The weight of the debtor's own credits against those of all debtors, 0 to 1.
    pub credibility: f64,
}

/// Returns dilution by debtor in one currency: credited amount over face of the invoices of the
/// last two years that are closed or past due, weighted by face and shrunk by credibility
/// ([`Credibility`]; Bühlmann and Straub 1970).
pub fn dilution_by_debtor(history: &History, currency: Currency) -> Vec<ExpectedDilution> {
    let as_of = history.as_of();
    let tells = |invoice: &&PastInvoice| {
        // One that is not due yet has had no time to be credited.
        let closed = !invoice.is_open_at(as_of) || invoice.due < as_of;
        let recent = invoice.issue > as_of - WINDOW;
        invoice.known && closed && recent && invoice.currency == currency && invoice.face > 0.0
    };
    let debtors = 0..history.debtors();
    let groups: Vec<Vec<(f64, f64)>> = debtors
        .clone()
        .map(|debtor| {
            let own = history.of_debtor(debtor).iter().filter(tells);
            own.map(|invoice| (invoice.credited / invoice.face, invoice.face)).collect()
        })
        .collect();
    let credibility = Credibility::of(&groups);
    let open = |debtor: usize| {
        let own = history.of_debtor(debtor).iter();
        let open = own.filter(|i| i.is_open_at(as_of) && i.currency == currency);
        open.map(|invoice| invoice.face).sum::<f64>()
    };
    debtors
        .map(|debtor| ExpectedDilution {
            expected: credibility.groups[debtor].expected,
            spread: credibility.spread(debtor, open(debtor)),
            credibility: credibility.groups[debtor].credibility,
        })
        .collect()
}

/// Loss given non-payment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossGivenNonPayment {
    /// Share of the face lost, 0 to 1.
    pub share: f64,
    /// Number of closed invoices that were unpaid 90 days past due.
    pub seen: usize,
    /// Their weight against the policy's share, 0 to 1.
    pub own_weight: f64,
}

/// Returns the loss given non-payment in one currency: what was written off of closed invoices that
/// were still unpaid 90 days past due, weighted by face, against the share that the policy assumes.
///
/// ```text
/// share = w x written off / face + (1 - w) x policy's share, w = n / (n + 20)
/// ```
///
/// n is the number of such invoices. Source: defined here.
pub fn loss_given_non_payment(
    history: &History,
    currency: Currency,
    assumed: f64,
) -> LossGivenNonPayment {
    let as_of = history.as_of();
    let unpaid = |invoice: &&PastInvoice| {
        let closed = invoice.known && !invoice.is_open_at(as_of) && invoice.issue <= as_of;
        let closed = closed && invoice.currency == currency;
        closed && (invoice.written_off > 0.0 || invoice.exit > invoice.due + DEFAULT_DAYS)
    };
    let (mut seen, mut face, mut lost) = (0, 0.0, 0.0);
    for invoice in history.invoices().iter().filter(unpaid) {
        seen += 1;
        face += invoice.face;
        lost += invoice.written_off;
    }
    // A few losses say little: 20 count as much as the policy's assumption.
    let own_weight = f64::from(seen) / (f64::from(seen) + HALF_LOSSES);
    let own = if face > 0.0 { lost / face } else { assumed };
    let share = own_weight * own + (1.0 - own_weight) * assumed;
    LossGivenNonPayment { share, seen: seen as usize, own_weight }
}
