//! The smallest change that would make an invoice eligible, verified by running the rules again
//! with that change.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Currency, Money};
use words::{Catalogue, Fact, Facts};

use super::assessment::Assessment;
use super::change::Change;
use super::criteria::Criteria;
use super::eligibility::{Eligibility, assess};
use super::policy::Policy;
use super::receivable::{DebtorAccount, Pool};
use super::rules::{Alone, Lever, Party, Rule, SharedLimit};

/// A change that would make the policy buy more of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counterfactual {
    /// The change needed.
    pub change: Change,
    /// The change in words.
    pub sentence: String,
    /// The amount to be paid, or by which a limit must rise; absent if the change is not one of an
    /// amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// The last day for the change; absent if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<NaiveDate>,
    /// The additional amount of the invoice that would then pass the rules; for
    /// [`Change::PaidEarlier`], the reduction of its fee.
    pub gains: Money,
}

impl Counterfactual {
    /// A payment `day` days after the purchase, on the last day of a lower step of the fee, which
    /// saves `saved`.
    pub fn paid_earlier(purchase: NaiveDate, day: u32, saved: Money) -> Self {
        // A few hundred days from an accepted date stay within the calendar.
        let by = purchase.checked_add_days(Days::new(day.into())).unwrap_or(purchase);
        let facts = Facts::new().with("by", by).with("saved", saved);
        let sentence = sentence(Change::PaidEarlier, facts, saved.currency());
        Self { change: Change::PaidEarlier, sentence, amount: None, by: Some(by), gains: saved }
    }
}

fn sentence(change: Change, facts: Facts, currency: Currency) -> String {
    let facts = facts.with("currency", currency);
    Catalogue::english().say(&format!("change.{}", change.code()), &facts)
}

/// The most open invoices of a debtor for which the rules are run again invoice by invoice. Each
/// run takes all of them, so the work grows with the square of their number.
const MOST_OF_DEBTOR: usize = 1_000;

/// Returns the change that would make the policy buy more of each receivable of a pool, in its
/// order. Changes to a single invoice are not worked out for a debtor with more than
/// `MOST_OF_DEBTOR` open ones.
pub fn counterfactuals(
    pool: &Pool,
    policy: &Policy,
    eligibility: &Eligibility,
) -> Vec<Option<Counterfactual>> {
    let excess = excess_by_party(pool, policy, eligibility);
    let room = room_by_debtor(pool, policy, eligibility);
    let mut all = Vec::with_capacity(pool.receivables.len());
    // A pool is in order of its debtors, so a chunk is all that one of them owes.
    for receivables in pool.receivables.chunk_by(|a, b| a.debtor == b.debtor) {
        let own = all.len()..all.len() + receivables.len();
        let mut case = Case {
            pool,
            policy,
            eligibility,
            own: own.clone(),
            alone: None,
            same_for_all: BTreeMap::new(),
            excess: &excess,
            room: &room,
        };
        all.extend(own.map(|index| case.of(index)));
    }
    all
}

/// The total that each shared limit takes from each party, minor units.
type Excess = BTreeMap<(Rule, Party), i64>;

fn excess_by_party(pool: &Pool, policy: &Policy, eligibility: &Eligibility) -> Excess {
    let mut all = Excess::new();
    for (receivable, assessment) in pool.receivables.iter().zip(&eligibility.assessments) {
        for (rule, cut) in assessment.parts() {
            let Some(limit) = rule.shared_limit() else { continue };
            let party = (limit.party)(pool, policy.criteria(), receivable.debtor);
            if let Some(party) = party {
                *all.entry((rule, party)).or_default() += cut.minor();
            }
        }
    }
    all
}

/// Returns the room that capped limits leave for more of each debtor. A cap that is a share of the
/// eligible balance grows as more passes, so the true room may be larger.
fn room_by_debtor(pool: &Pool, policy: &Policy, eligibility: &Eligibility) -> BTreeMap<usize, i64> {
    let criteria = policy.criteria();
    let mut room = BTreeMap::new();
    for (at, rule) in Rule::CUTS.into_iter().enumerate() {
        let Some(limit) = rule.shared_limit() else { continue };
        let cap = (limit.cap)(pool, criteria, eligibility.concentration_cap);
        let Some(cap) = cap else { continue };
        let mut used: BTreeMap<Party, i64> = BTreeMap::new();
        for (receivable, assessment) in pool.receivables.iter().zip(&eligibility.assessments) {
            if let Some(party) = (limit.party)(pool, criteria, receivable.debtor) {
                *used.entry(party).or_default() += assessment.reached(at);
            }
        }
        for debtor in 0..pool.debtors.len() {
            let Some(own) = (limit.party)(pool, criteria, debtor) else { continue };
            let left = cap.saturating_sub(used.get(&own).copied().unwrap_or(0)).max(0);
            let least = room.entry(debtor).or_insert(left);
            *least = left.min(*least);
        }
    }
    room
}

struct Case<'a> {
    pool: &'a Pool,
    policy: &'a Policy,
    eligibility: &'a Eligibility,
    own: std::ops::Range<usize>,
    /// The debtor's receivables as a pool of their own, once it is needed.
    alone: Option<Pool>,
    /// Changes to the debtor, with the assessments of its receivables after each.
    same_for_all: BTreeMap<Rule, Option<Changed>>,
    excess: &'a Excess,
    /// The room that shared limits leave for more of each debtor, minor units.
    room: &'a BTreeMap<usize, i64>,
}

/// A change, and the assessments of the debtor's receivables after it.
struct Changed {
    amount: Money,
    after: Vec<Assessment>,
}

impl Case<'_> {
    fn of(&mut self, index: usize) -> Option<Counterfactual> {
        let before = &self.eligibility.assessments[index];
        // The last shared limit that cuts it comes first: whatever else changes, it would still
        // take what passes the rules before it.
        let mut cuts = before.parts().rev().map(|(rule, _)| rule);
        let shared = cuts.find_map(|rule| Some((rule, rule.shared_limit()?)));
        // Nothing else brings what is held.
        let held = (before.held().minor() > 0).then_some(Rule::Unconfirmed);
        let rule = match (before.excluded_by.or(held), shared) {
            (Some(rule), _) => rule,
            (None, Some((rule, limit))) => return self.raised(index, rule, limit),
            (None, None) => before.parts().next()?.0,
        };
        let at = index - self.own.start;
        let (change, amount, after) = match self.lever(index, rule) {
            Lever::Invoice(change, apply) => (change, None, self.changed_invoice(at, apply)?),
            Lever::Debtor(change, apply) => {
                // Not by `entry`: its closure would borrow `self` a second time.
                if !self.same_for_all.contains_key(&rule) {
                    let changed = self.changed_debtor(rule, apply);
                    self.same_for_all.insert(rule, changed);
                }
                let changed = self.same_for_all[&rule].as_ref()?;
                (change, Some(changed.amount), changed.after[at])
            }
            Lever::None | Lever::Shared(_) => return None,
        };
        let gains = passed(&after).checked_sub(passed(before)).ok()?;
        // The rules ran on the debtor alone, so limits that it shares with others are applied here.
        let room = self.room.get(&self.pool.receivables[index].debtor).copied();
        let gains = gains.minor().min(room.unwrap_or(i64::MAX));
        if gains <= 0 {
            return None;
        }
        let gains = Money::from_minor(gains, self.pool.currency);
        let due = self.pool.receivables[index].due;
        // Only a change of time says it: a sentence takes the facts that it names.
        let wait = due - self.policy.maximum_days_to_due() - self.pool.as_of;
        let facts = Facts::new().and("amount", amount).with("days", wait);
        let (change, facts) = self.told_exactly(index, change, facts);
        let sentence = sentence(change, facts, self.pool.currency);
        Some(Counterfactual { change, sentence, amount, by: None, gains })
    }

    /// Returns the lever of a rule. Confirming an invoice that counts from earlier dates lets it
    /// count from its own, so it lifts what has no other lever.
    fn lever(&self, index: usize, rule: Rule) -> Lever {
        let receivable = &self.pool.receivables[index];
        match rule.clause().lever {
            Lever::None if receivable.counts_from_earlier() => {
                Lever::Invoice(Change::Confirmed, |pool, at, _| {
                    pool.receivables[at].scrutiny.confirmed = true;
                })
            }
            lever => lever,
        }
    }

    /// Returns what a confirmation has to say: of an invoice that may be a copy of what was bought,
    /// that both are owed; of one that is yet to be delivered, that the goods were received. Any
    /// other change stays as it is.
    fn told_exactly(&self, index: usize, change: Change, facts: Facts) -> (Change, Facts) {
        let receivable = &self.pool.receivables[index];
        if change != Change::Confirmed {
            return (change, facts);
        }
        if let Some(of) = receivable.scrutiny.copy_of.as_ref().filter(|of| of.is_awaited) {
            let answered = if receivable.awaits_its_copy() { "yes" } else { "no" };
            let facts = facts.with("number", of.number.as_str());
            return (Change::CopyConfirmed, facts.with("answered", Fact::Variant(answered)));
        }
        let is_received = !receivable.scrutiny.awaits_receipt;
        (if is_received { change } else { Change::ReceiptConfirmed }, facts)
    }

    /// Applies a change to one invoice and runs the rules again.
    fn changed_invoice(
        &mut self,
        at: usize,
        apply: fn(&mut Pool, usize, &Criteria),
    ) -> Option<Assessment> {
        if self.own.len() > MOST_OF_DEBTOR {
            return None;
        }
        let mut pool = self.take_alone();
        // One pool serves all invoices of the debtor: the change is undone, not made on a copy.
        let (as_of, before) = (pool.as_of, pool.receivables[at].clone());
        apply(&mut pool, at, self.policy.criteria());
        let after = assess(&pool, self.policy).assessments[at];
        (pool.as_of, pool.receivables[at]) = (as_of, before);
        self.alone = Some(pool);
        Some(after)
    }

    /// Applies a change to the debtor and runs the rules again.
    fn changed_debtor(
        &mut self,
        rule: Rule,
        apply: fn(&mut Alone<'_>) -> Option<Money>,
    ) -> Option<Changed> {
        let pool = self.take_alone();
        let mut changed = pool.clone();
        self.alone = Some(pool);
        let own = &self.eligibility.assessments[self.own.clone()];
        let debtor = self.pool.receivables[self.own.start].debtor;
        let amount = apply(&mut Alone {
            pool: &mut changed,
            criteria: self.policy.criteria(),
            balance: &self.eligibility.debtors[debtor],
            taken: own.iter().map(|assessment| assessment.cut(rule).minor()).sum(),
        })?;
        let after = assess(&changed, self.policy).assessments;
        Some(Changed { amount, after })
    }

    /// Takes the debtor's receivables as a pool of their own, without the limits that it shares
    /// with others.
    fn take_alone(&mut self) -> Pool {
        self.alone.take().unwrap_or_else(|| {
            let mut receivables = self.pool.receivables[self.own.clone()].to_vec();
            let mut debtor: DebtorAccount = self.pool.debtors[receivables[0].debtor].clone();
            debtor.facts.group = None;
            receivables.iter_mut().for_each(|receivable| receivable.debtor = 0);
            Pool {
                currency: self.pool.currency,
                as_of: self.pool.as_of,
                receivables,
                debtors: vec![debtor],
                room: None,
                selection_seed: self.pool.selection_seed,
            }
        })
    }

    /// Returns the change of a shared limit that rises by the whole excess over it.
    fn raised(&self, index: usize, rule: Rule, limit: SharedLimit) -> Option<Counterfactual> {
        let (criteria, currency) = (self.policy.criteria(), self.pool.currency);
        let party = (limit.party)(self.pool, criteria, self.pool.receivables[index].debtor)?;
        let excess = *self.excess.get(&(rule, party))?;
        let amount = (limit.raise)(criteria, excess, currency)?;
        let sentence = sentence(limit.change, Facts::new().with("amount", amount), currency);
        let gains = self.eligibility.assessments[index].cut(rule);
        Some(Counterfactual {
            change: limit.change,
            sentence,
            amount: Some(amount),
            by: None,
            gains,
        })
    }
}

/// Returns the amount of an invoice that passes every rule on its debtor alone, already bought or
/// not.
fn passed(assessment: &Assessment) -> Money {
    // Shared limits do not count: alone in a pool, a debtor is always above the concentration
    // limit.
    let others = assessment.parts().filter(|(rule, _)| {
        rule.shared_limit().is_some() || matches!(rule, Rule::AlreadyFunded | Rule::NoFeasibleTerms)
    });
    let others: i64 = others.map(|(_, part)| part.minor()).sum();
    Money::from_minor(assessment.bought.minor() + others, assessment.bought.currency())
}
