//! One client of a ledger, ready to be scored: its position, and its pools as the policy sees them.

use std::collections::HashSet;

use ledger::ClientPosition;
use policy::{Policy, teaches};
use scoring::History;

use super::answered::{Answered, Told};
use super::context::Context;
use super::pool::{ClientPool, history, open_currencies, pool, scrutinised};
use super::previous::KnownBefore;

/// One client, before anything is scored.
pub(super) struct Prepared {
    pub client: usize,
    pub position: ClientPosition,
    pub known: KnownBefore,
    /// One for each currency in which it has open invoices, in order of their codes.
    pub pools: Vec<ClientPool>,
    /// The answers of which there is something to tell.
    pub told: Told,
}

impl Prepared {
    /// Reads a client out of the ledger and looks at its invoices.
    pub fn of(context: &Context<'_>, client: usize) -> Self {
        let position = context.columns.position(client, context.as_of);
        let known = KnownBefore::of(context.ledgers(), client, &position);
        let answered = Answered::of(context, client, &position);
        let answers = answered.as_ref().map(|own| &own.answers);
        let pools = open_currencies(&position).into_iter();
        let pools = pools.map(|of| {
            let plain = pool(context, client, &position, of, &known);
            scrutinised(context, client, &position, answers, plain)
        });
        let pools = pools.collect();
        let told = answered.map(|own| own.told).unwrap_or_default();
        Self { client, position, known, pools, told }
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

    /// The places in the position of the open invoices from which nothing is learnt: what is not
    /// bought must not move the scores of the others, by [`teaches`].
    pub fn left_out(&self, policy: &Policy) -> HashSet<usize> {
        let all = self.pools.iter().flat_map(|all| {
            let teaches =
                teaches(&all.pool, policy, all.judged(policy)).into_iter().zip(&all.invoices);
            teaches.filter(|(teaches, _)| !teaches).map(|(_, &place)| place)
        });
        all.collect()
    }
}
