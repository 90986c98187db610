//! The smallest change that would make an invoice eligible, verified by running the rules again
//! with that change.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use schemars::JsonSchema;
use serde::Serialize;

use basics::Money;

use super::limits::{debtor_limit, group_of, limit_on_balance};
use super::{
    Assessment, ConcentrationBy, CrossAgeBase, DebtorAccount, Eligibility, LimitBasis, Policy,
    Pool, Rule, assess,
};

/// A change that would make the policy buy more of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counterfactual {
    /// What would have to change.
    pub change: Change,
    /// The same in words.
    pub sentence: String,
    /// By how much: what has to be paid, or a limit raised; absent where it is a fact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// The last day for it; absent where no day is part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<NaiveDate>,
    /// What more of the invoice would then pass the rules; of [`Change::PaidEarlier`], by how much
    /// its fee falls.
    pub gains: Money,
}

/// What may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The client shows that the other invoice of this number is another one.
    NumberExplained,
    /// Whoever else is to be paid releases it.
    Released,
    /// The debtor withdraws its dispute.
    DisputeSettled,
    /// Time passes until it is close enough to its due date.
    Time,
    /// The debtor pays some of what is past due.
    PastDuePaid,
    /// The debtor's credits are paid out or used.
    CreditsUsed,
    /// The client pays what it owes the debtor.
    PayablePaid,
    /// The limit for the debtor is raised.
    LimitRaised,
    /// The limit for the debtor's group is raised.
    GroupLimitRaised,
    /// Funds in use of the facility are repaid.
    FundsRepaid,
    /// The debtor pays a step of the fee earlier.
    PaidEarlier,
}

impl Counterfactual {
    /// Payment on `day` after the purchase, the last of a lower price step, saves `saved`.
    pub fn paid_earlier(purchase: NaiveDate, day: u32, saved: Money) -> Self {
        // A few hundred days from an accepted date stay within the calendar.
        let by = purchase.checked_add_days(Days::new(day.into())).unwrap_or(purchase);
        let sentence = format!(
            "If the customer pays by {by}, the fee is {} {} less.",
            saved.grouped(),
            saved.currency()
        );
        Self { change: Change::PaidEarlier, sentence, amount: None, by: Some(by), gains: saved }
    }
}

/// Most open invoices of a debtor for which the rules are run again invoice by invoice.
const MOST_OF_DEBTOR: usize = 1_000;

/// What would make the policy buy more of each receivable of a pool, in its order. Not worked out
/// for changes to one invoice of a debtor with more than `MOST_OF_DEBTOR` open ones.
pub fn counterfactuals(
    pool: &Pool,
    policy: &Policy,
    eligibility: &Eligibility,
) -> Vec<Option<Counterfactual>> {
    let excess = excess_by_party(pool, policy, eligibility);
    let room = room_by_debtor(pool, policy, eligibility);
    let mut all = Vec::with_capacity(pool.receivables.len());
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

/// What each shared limit takes off in all of what it limits, minor units.
type Excess = BTreeMap<(Rule, Party), i64>;

/// What shares a limit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Party {
    Pool,
    Group(String),
    Debtor(usize),
}

fn party(rule: Rule, pool: &Pool, policy: &Policy, debtor: usize) -> Party {
    let by_group = rule == Rule::GroupLimit || policy.concentration().by == ConcentrationBy::Group;
    match group_of(pool, debtor) {
        _ if rule == Rule::FacilityLimit => Party::Pool,
        Some(group) if by_group => Party::Group(group),
        _ => Party::Debtor(debtor),
    }
}

fn excess_by_party(pool: &Pool, policy: &Policy, eligibility: &Eligibility) -> Excess {
    let mut all = Excess::new();
    for (receivable, assessment) in pool.receivables.iter().zip(&eligibility.assessments) {
        for (rule, cut) in assessment.parts().filter(|(rule, _)| SHARED.contains(rule)) {
            *all.entry((rule, party(rule, pool, policy, receivable.debtor))).or_default() +=
                cut.minor();
        }
    }
    all
}

/// What the group limit and the concentration cap leave for more of each debtor. A cap that is a
/// share of what is eligible grows with what passes, so there may be more.
fn room_by_debtor(pool: &Pool, policy: &Policy, eligibility: &Eligibility) -> BTreeMap<usize, i64> {
    let caps = [
        (Rule::Concentration, Some(eligibility.concentration_cap.minor())),
        (Rule::GroupLimit, limit_on_balance(pool, policy)),
    ];
    let mut room = BTreeMap::new();
    for (rule, cap) in caps {
        let Some(cap) = cap else { continue };
        let mut used: BTreeMap<Party, i64> = BTreeMap::new();
        for (receivable, assessment) in pool.receivables.iter().zip(&eligibility.assessments) {
            // What the rule let pass, and what it cut.
            let at = Rule::CUTS.iter().position(|&cut| cut == rule).unwrap_or_default();
            let after = Rule::CUTS[at..].iter().map(|&cut| assessment.cut(cut).minor());
            let passed = assessment.bought.minor() + after.sum::<i64>();
            *used.entry(party(rule, pool, policy, receivable.debtor)).or_default() += passed;
        }
        for debtor in 0..pool.debtors.len() {
            let own = party(rule, pool, policy, debtor);
            let limited = rule != Rule::GroupLimit || matches!(own, Party::Group(_));
            let left = cap.saturating_sub(used.get(&own).copied().unwrap_or(0)).max(0);
            if limited {
                let least = room.entry(debtor).or_insert(left);
                *least = left.min(*least);
            }
        }
    }
    room
}

/// Limits that more than one debtor may share; a debtor looked at alone is not under them.
const SHARED: [Rule; 3] = [Rule::GroupLimit, Rule::Concentration, Rule::FacilityLimit];

struct Case<'a> {
    pool: &'a Pool,
    policy: &'a Policy,
    eligibility: &'a Eligibility,
    own: std::ops::Range<usize>,
    /// The debtor's receivables as a pool of their own, once it is needed.
    alone: Option<Pool>,
    /// Changes that are the debtor's, with what the rules then make of its receivables.
    same_for_all: BTreeMap<Rule, Option<Changed>>,
    excess: &'a Excess,
    /// What the limits that a debtor shares leave for more of it, minor units.
    room: &'a BTreeMap<usize, i64>,
}

/// A change, and what the rules make of the debtor's receivables after it.
struct Changed {
    change: Change,
    amount: Option<Money>,
    after: Vec<Assessment>,
}

impl Case<'_> {
    fn of(&mut self, index: usize) -> Option<Counterfactual> {
        let before = &self.eligibility.assessments[index];
        // Of what cuts it, a limit that others share is raised on what the debtor alone leaves.
        let mut cuts = before.parts().rev().map(|(rule, _)| rule);
        let shared = cuts.find(|rule| SHARED.contains(rule));
        let rule = match (before.excluded_by, shared) {
            (Some(rule), _) => rule,
            (None, Some(rule)) => return self.limit(index, rule),
            (None, None) => before.parts().next()?.0,
        };
        let at = index - self.own.start;
        let (change, amount, after) = match rule {
            Rule::Duplicate | Rule::AlreadyAssigned | Rule::Disputed | Rule::LongDated => {
                let (change, after) = self.changed_invoice(rule, at)?;
                (change, None, after)
            }
            Rule::CrossAged
            | Rule::CreditBalance
            | Rule::UnappliedCredit
            | Rule::Contra
            | Rule::DebtorLimit => {
                if !self.same_for_all.contains_key(&rule) {
                    let changed = self.changed_debtor(rule);
                    self.same_for_all.insert(rule, changed);
                }
                let changed = self.same_for_all[&rule].as_ref()?;
                (changed.change, changed.amount, changed.after[at])
            }
            // Nothing that the client can do makes an invoice younger, larger or another kind.
            _ => return None,
        };
        let gains = passed(&after).checked_sub(passed(before)).ok()?;
        // What the debtor shares with others lets no more through than it has room for.
        let room = self.room.get(&self.pool.receivables[index].debtor).copied();
        let gains = gains.minor().min(room.unwrap_or(i64::MAX));
        if gains <= 0 {
            return None;
        }
        let gains = Money::from_minor(gains, self.pool.currency);
        let due = self.pool.receivables[index].due;
        let wait = due - self.policy.maximum_days_to_due() - self.pool.as_of;
        let wait = (change == Change::Time).then_some(wait);
        let sentence = sentence(change, amount, wait);
        Some(Counterfactual { change, sentence, amount, by: None, gains })
    }

    /// Changes what hinders one invoice and runs the rules again.
    fn changed_invoice(&mut self, rule: Rule, at: usize) -> Option<(Change, Assessment)> {
        if self.own.len() > MOST_OF_DEBTOR {
            return None;
        }
        let mut pool = self.take_alone();
        let (as_of, before) = (pool.as_of, pool.receivables[at].clone());
        let receivable = &mut pool.receivables[at];
        let change = match rule {
            Rule::Duplicate => {
                receivable.duplicate = false;
                Change::NumberExplained
            }
            Rule::AlreadyAssigned => {
                receivable.already_assigned = false;
                Change::Released
            }
            Rule::Disputed => {
                receivable.disputed = Some(false);
                Change::DisputeSettled
            }
            _ => {
                pool.as_of = receivable.due - self.policy.maximum_days_to_due();
                Change::Time
            }
        };
        let after = assess(&pool, self.policy).assessments[at];
        (pool.as_of, pool.receivables[at]) = (as_of, before);
        self.alone = Some(pool);
        Some((change, after))
    }

    /// Changes what hinders the debtor and runs the rules again.
    fn changed_debtor(&mut self, rule: Rule) -> Option<Changed> {
        let pool = self.take_alone();
        let mut changed = pool.clone();
        self.alone = Some(pool);
        let debtor = &mut changed.debtors[0];
        let (change, amount) = match rule {
            Rule::CrossAged => (Change::PastDuePaid, self.pay_past_due(&mut changed)?),
            Rule::CreditBalance | Rule::UnappliedCredit => {
                let none = Money::zero(self.pool.currency);
                (Change::CreditsUsed, std::mem::replace(&mut debtor.unapplied_credit, none))
            }
            Rule::Contra => (Change::PayablePaid, debtor.told.payable.take()?),
            _ => {
                let own = &self.eligibility.assessments[self.own.clone()];
                let excess: i64 = own.iter().map(|a| a.cut(Rule::DebtorLimit).minor()).sum();
                let more = self.funds(excess)?;
                let limit = debtor_limit(&changed, self.policy, 0)?;
                changed.debtors[0].told.limit = Some(limit.checked_add(more).ok()?);
                (Change::LimitRaised, more)
            }
        };
        let after = assess(&changed, self.policy).assessments;
        Some(Changed { change, amount: Some(amount), after })
    }

    /// The debtor's receivables as a pool of their own, out of reach of limits that it shares with
    /// others.
    fn take_alone(&mut self) -> Pool {
        self.alone.take().unwrap_or_else(|| {
            let mut receivables = self.pool.receivables[self.own.clone()].to_vec();
            let mut debtor: DebtorAccount = self.pool.debtors[receivables[0].debtor].clone();
            debtor.told.group = None;
            receivables.iter_mut().for_each(|receivable| receivable.debtor = 0);
            Pool {
                currency: self.pool.currency,
                as_of: self.pool.as_of,
                receivables,
                debtors: vec![debtor],
                room: None,
            }
        })
    }

    /// By how much a limit has to rise to let `balance` more be bought: on funds, the advance on it
    /// at the largest rate, rounded up.
    fn funds(&self, balance: i64) -> Option<Money> {
        match self.policy.limits().basis {
            LimitBasis::Balance => Some(Money::from_minor(balance, self.pool.currency)),
            LimitBasis::Funded => self.advance_on(balance),
        }
    }

    fn advance_on(&self, balance: i64) -> Option<Money> {
        let funds = Decimal::from(balance).checked_mul(self.policy.advance_cap().fraction())?;
        let funds = funds.round_dp_with_strategy(0, RoundingStrategy::ToPositiveInfinity);
        Some(Money::from_minor(funds.to_i64()?, self.pool.currency))
    }

    /// Pays the smallest amount of what is past due, the oldest first, that ends cross-aging:
    /// (past due - x) / (balance - x) comes to the threshold.
    fn pay_past_due(&self, pool: &mut Pool) -> Option<Money> {
        let rule = self.policy.cross_aging();
        let debtor = &self.eligibility.debtors[self.pool.receivables[self.own.start].debtor];
        let balance = match rule.base {
            CrossAgeBase::Gross => debtor.gross,
            CrossAgeBase::Net => debtor.gross - debtor.credit,
        };
        let decimal = |minor: i128| Decimal::try_from_i128_with_scale(minor, 0).ok();
        let share = rule.threshold_percent.fraction();
        let above = decimal(debtor.past_due)?.checked_sub(decimal(balance)?.checked_mul(share)?)?;
        let needed = above.checked_div(Decimal::ONE.checked_sub(share)?)?;
        let ceiling = needed.round_dp_with_strategy(0, RoundingStrategy::ToPositiveInfinity);
        // Where reaching the threshold is enough to fail, one more cent.
        let exact = ceiling == needed && rule.comparator == super::Comparator::AtLeast;
        let needed = ceiling.to_i64()?.checked_add(i64::from(exact))?.max(1);
        let mut left = needed;
        let mut order: Vec<usize> = (0..pool.receivables.len()).collect();
        order.sort_by_key(|&index| pool.receivables[index].due);
        for index in order {
            let receivable = &mut pool.receivables[index];
            if receivable.days_past_due(pool.as_of) <= self.policy.past_due_days() {
                break;
            }
            let paid = receivable.open.minor().min(left);
            receivable.open =
                Money::from_minor(receivable.open.minor() - paid, receivable.open.currency());
            left -= paid;
        }
        pool.receivables.iter_mut().for_each(|receivable| {
            // A paid invoice is no balance; its flags matter to nobody.
            if receivable.open.minor() == 0 {
                receivable.due = pool.as_of;
            }
        });
        (left == 0).then(|| Money::from_minor(needed, self.pool.currency))
    }

    /// A shared limit raised by all that is above it: what it limits then uses it up to the cent.
    fn limit(&self, index: usize, rule: Rule) -> Option<Counterfactual> {
        let debtor = self.pool.receivables[index].debtor;
        let excess = *self.excess.get(&(rule, party(rule, self.pool, self.policy, debtor)))?;
        let (change, amount) = match rule {
            Rule::FacilityLimit => (Change::FundsRepaid, self.advance_on(excess)?),
            Rule::GroupLimit => (Change::GroupLimitRaised, self.funds(excess)?),
            _ => (Change::LimitRaised, Money::from_minor(excess, self.pool.currency)),
        };
        let amount = Some(amount);
        Some(Counterfactual {
            change,
            sentence: sentence(change, amount, None),
            amount,
            by: None,
            gains: self.eligibility.assessments[index].cut(rule),
        })
    }
}

/// What of an invoice passes every rule that looks at its debtor alone, funded already or not.
fn passed(assessment: &Assessment) -> Money {
    let others = assessment.parts().filter(|(rule, _)| {
        SHARED.contains(rule) || matches!(rule, Rule::AlreadyFunded | Rule::NoFeasibleTerms)
    });
    let others: i64 = others.map(|(_, part)| part.minor()).sum();
    Money::from_minor(assessment.bought.minor() + others, assessment.bought.currency())
}

fn sentence(change: Change, amount: Option<Money>, wait: Option<i32>) -> String {
    let amount = amount.map(|amount| format!("{} {}", amount.grouped(), amount.currency()));
    let amount = amount.unwrap_or_default();
    match change {
        Change::NumberExplained => {
            "If the client shows that it is another invoice than the one with the same number."
                .into()
        }
        Change::Released => "If whoever else is to be paid releases it.".into(),
        Change::DisputeSettled => "If the customer withdraws its dispute.".into(),
        Change::Time => format!("In {} days.", wait.unwrap_or_default()),
        Change::PastDuePaid => format!("If the customer pays {amount} of what is past due."),
        Change::CreditsUsed => format!("If its credits of {amount} are paid out or used."),
        Change::PayablePaid => {
            format!("If the client pays the {amount} that it owes the customer.")
        }
        Change::LimitRaised => format!("If the limit for this customer is raised by {amount}."),
        Change::GroupLimitRaised => {
            format!("If the limit for this customer's group is raised by {amount}.")
        }
        Change::FundsRepaid => format!("If funds in use of {amount} are repaid."),
        Change::PaidEarlier => "If the customer pays earlier.".into(),
    }
}
