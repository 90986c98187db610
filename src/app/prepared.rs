//! One client of a ledger, ready to be scored: its position, and its pools as the policy sees them.

use std::collections::HashSet;

use ledger::ClientPosition;
use policy::{Acquaintance, HoldReason, Policy, Pool};
use scoring::History;

use super::context::Context;
use super::pool::{ClientPool, history, open_currencies, pool};
use super::previous::KnownBefore;

/// One client, before anything is scored.
pub(super) struct Prepared {
    pub client: usize,
    pub position: ClientPosition,
    pub known: KnownBefore,
    /// One for each currency in which it has open invoices, in order of their codes.
    pub pools: Vec<ClientPool>,
}

impl Prepared {
    /// Reads a client out of the ledger and looks at its invoices.
    pub fn of(context: &Context<'_>, client: usize) -> Self {
        let position = context.columns.position(client, context.as_of);
        let known = KnownBefore::of(context.ledgers(), client, &position);
        let pools = open_currencies(&position).into_iter();
        let pools = pools.map(|of| pool(context, client, &position, of, &known)).collect();
        Self { client, position, known, pools }
    }

    /// The history that a model learns from, without what is left out.
    pub fn history(&self, context: &Context<'_>) -> History {
        let counted = self.known.counted(&self.position, &self.confirmed());
        let debtors = &context.ledger.clients[self.client].debtors;
        let left_out = self.left_out(context.policy);
        history(context.columns, &counted, debtors, context.as_of, &left_out)
    }

    /// The places in the position of the invoices that are confirmed.
    pub fn confirmed(&self) -> HashSet<usize> {
        let all = self.pools.iter().flat_map(|all| all.pool.receivables.iter().zip(&all.invoices));
        let confirmed = all.filter(|(receivable, _)| receivable.scrutiny.confirmed);
        confirmed.map(|(_, &place)| place).collect()
    }

    /// The places in the position of the open invoices from which nothing is learnt: those that
    /// wait for a confirmation because they look wrong or their debtor has paid nothing yet. Who
    /// invents an invoice must not move the scores of the others by it.
    pub fn left_out(&self, policy: &Policy) -> HashSet<usize> {
        let Some(terms) = policy.confirm() else { return HashSet::new() };
        let waits = |pool: &Pool, at: usize| {
            let receivable = &pool.receivables[at];
            let of_debtor = &pool.debtors[receivable.debtor];
            let has_paid_nothing = terms.holds(HoldReason::NewDebtor)
                && matches!(of_debtor.acquaintance, Acquaintance::Paid(most) if most.minor() == 0);
            let looks_wrong = receivable.scrutiny.findings.iter().any(|f| terms.holds(f.reason));
            !receivable.scrutiny.confirmed && (has_paid_nothing || looks_wrong)
        };
        let all = self.pools.iter().flat_map(|all| {
            let places = all.invoices.iter().enumerate();
            places.filter(|(at, _)| waits(&all.pool, *at)).map(|(_, &place)| place)
        });
        all.collect()
    }
}
