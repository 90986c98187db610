use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Money;
use words::Facts;

use super::assessment::Assessment;
use super::balance::DebtorBalance;
use super::criteria::Criteria;
use super::hold::Finding;
use super::holding::Holding;
use super::policy::Policy;
use super::receivable::{Pool, Receivable};
use super::rules::{Cutting, Left, Orders, Rule, RuleSet, Seen, Stage, Test, Verdict};

/// A fact that the ledger does not hold and that the client therefore warrants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Condition {
    /// The rule that could not be decided.
    pub rule: Rule,
    /// The number of bought invoices for which it could not be decided.
    pub invoices: usize,
    /// The warranty in words.
    pub sentence: String,
}

/// The outcome of a policy over one pool.
#[derive(Debug, Clone, PartialEq)]
pub struct Eligibility {
    /// The assessments, one per receivable of the pool, in its order.
    pub assessments: Vec<Assessment>,
    /// The reasons for which each receivable is held; none if it is not.
    pub holds: Vec<Vec<Finding>>,
    /// The balances that the debtor rules saw, index = debtor.
    pub debtors: Vec<DebtorBalance>,
    /// The most of one debtor that is bought now.
    pub concentration_cap: Money,
    /// The most of one debtor that is bought once everything held is confirmed.
    pub cap_once_confirmed: Money,
    /// True for each receivable that was judged as if everything held were confirmed.
    pub waits: Vec<bool>,
    /// The rules that could not be decided for every invoice that is bought.
    pub conditions: Vec<Condition>,
}

impl Eligibility {
    /// Returns the most of one debtor that is bought, as the receivable at `index` was judged.
    pub(super) fn cap_of(&self, index: usize) -> Money {
        if self.waits[index] { self.cap_once_confirmed } else { self.concentration_cap }
    }

    /// Returns the outcome as it would be if everything held were confirmed, without what a
    /// facility's room has taken since.
    #[must_use]
    pub fn once_confirmed(&self) -> Self {
        let mut all = self.clone();
        all.assessments.iter_mut().for_each(Assessment::confirm);
        all.holds.iter_mut().for_each(Vec::clear);
        all
    }

    /// Buys nothing, now or once it is confirmed, because no terms meet the policy.
    pub fn decline(&mut self) {
        for assessment in &mut self.assessments {
            assessment.refuse();
        }
        self.holds.iter_mut().for_each(Vec::clear);
        self.conditions.clear();
    }
}

/// Runs the policy over a pool: invoice rules, debtor rules, holds, set-off, limits,
/// concentration, and the facility's availability.
///
/// An excluded or held invoice neither uses up a limit nor enters the base of one; one that has
/// been bought already does, before any other. Credits are set against the invoice due first (ties:
/// issue date, number, balance); limits are used up in the policy's order.
///
/// What is held of an invoice is what would be bought of it if everything held were confirmed, on
/// what is left by what is bought now.
pub fn assess(pool: &Pool, policy: &Policy) -> Eligibility {
    let judging = Judging::of(pool, policy);
    let mut holding = Holding::of(pool, policy, &judging.failed);
    if !holding.is_empty() {
        let alone = judging.run(&holding.held_alone(), (Stage::Holding, None));
        holding.large_ones(&alone.assessments);
    }
    let mut now = judging.run(&holding.held(), (Stage::Holding, None));
    // What is held leaves room for others, which may have to be held for what is then bought.
    while holding.more(&now.assessments) {
        now = judging.run(&holding.held(), (Stage::Holding, None));
    }
    let waits = holding.held();
    if pool.room.is_some() {
        now = judging.run(&waits, (Stage::Now, None));
    }
    let bought: Vec<i64> = now.assessments.iter().map(|own| own.bought.minor()).collect();
    let later = (Stage::OnceConfirmed, Some(bought.as_slice()));
    let later = (!holding.is_empty()).then(|| judging.run(&waits, later));
    let cap_once_confirmed = later.as_ref().unwrap_or(&now).concentration_cap;
    let holds = match later {
        None => vec![Vec::new(); pool.receivables.len()],
        Some(later) => holding.settle(&mut now.assessments, &later.assessments),
    };
    let conditions = judging.conditions(&now.assessments);
    let Run { assessments, debtors, concentration_cap } = now;
    Eligibility {
        assessments,
        holds,
        debtors,
        concentration_cap,
        cap_once_confirmed,
        waits,
        conditions,
    }
}

/// One run of the rules.
struct Run {
    assessments: Vec<Assessment>,
    debtors: Vec<DebtorBalance>,
    concentration_cap: Money,
}

/// Runs the rules that take a part, each on what those before it leave, and returns the most of one
/// debtor that is bought.
fn cut(
    cutting: &Cutting<'_>,
    debtors: &mut [DebtorBalance],
    assessments: &mut [Assessment],
) -> Money {
    let bought: Vec<i64> = assessments.iter().map(|assessment| assessment.bought.minor()).collect();
    let all = cutting.pool.receivables.iter().zip(&bought);
    let uses = all.map(|(r, &bought)| if r.funded && bought == 0 { r.open.minor() } else { 0 });
    let uses = uses.collect();
    let mut passing = vec![0; debtors.len()];
    for ((receivable, &bought), &held) in
        cutting.pool.receivables.iter().zip(&bought).zip(cutting.held)
    {
        if cutting.confirmed || !held {
            passing[receivable.debtor] += i128::from(bought);
        }
    }
    // What a credit offsets is never bought, so it must not raise the cap on others either.
    let passing = passing.iter().zip(debtors.iter());
    let passing = passing.map(|(passing, debtor)| (passing - debtor.credit).max(0)).sum();
    let mut left = Left { bought, uses, passing, concentration_cap: 0 };
    for rule in Rule::CUTS {
        // What counts as eligible is what is left when the concentration limit is reached.
        if rule == Rule::Concentration {
            for (receivable, &bought) in cutting.pool.receivables.iter().zip(&left.bought) {
                debtors[receivable.debtor].eligible += i128::from(bought);
            }
        }
        if rule == Rule::DebtorLimit {
            left.leave_out(cutting);
            note(Rule::NotOffered, assessments, &left);
        }
        let Test::Cut(take) = rule.clause().test else { continue };
        take(cutting, &mut left);
        note(rule, assessments, &left);
    }
    Money::from_minor(left.concentration_cap, cutting.pool.currency)
}

/// Notes what a rule has taken of each receivable.
fn note(rule: Rule, assessments: &mut [Assessment], left: &Left) {
    for (assessment, &bought) in assessments.iter_mut().zip(&left.bought) {
        let taken = assessment.bought.minor() - bought;
        if taken != 0 {
            assessment.take(rule, taken);
        }
    }
}

/// A rule of the policy with its test.
type Tested = (Rule, fn(&Seen<'_>) -> Verdict);

/// The invoice and debtor rules of a policy over a pool.
struct Judging<'a> {
    pool: &'a Pool,
    criteria: &'a Criteria,
    orders: Orders,
    rules: Vec<Tested>,
    /// The invoice rules that each receivable fails.
    failed: Vec<RuleSet>,
}

impl<'a> Judging<'a> {
    fn of(pool: &'a Pool, policy: &'a Policy) -> Self {
        let tested = |rule: Rule| match rule.clause().test {
            Test::Invoice(test) | Test::Debtor(test) => Some((rule, test)),
            Test::Cut(_) => None,
        };
        let rules: Vec<Tested> = policy.rules().filter_map(tested).collect();
        let criteria = policy.criteria();
        let orders = Orders::of(pool, criteria.limits.order);
        let mut judging = Self { pool, criteria, orders, rules, failed: Vec::new() };
        // An invoice rule looks at no balance, so its verdict is the same in every run.
        let none = DebtorBalance::default();
        let failed = |receivable: &Receivable| {
            judging.failing(&judging.seen(receivable, &none), Rule::is_invoice_rule)
        };
        judging.failed = pool.receivables.iter().map(failed).collect();
        judging
    }

    fn seen<'s>(&'s self, receivable: &'s Receivable, balance: &'s DebtorBalance) -> Seen<'s> {
        Seen {
            pool: self.pool,
            criteria: self.criteria,
            receivable,
            debtor: &self.pool.debtors[receivable.debtor],
            balance,
        }
    }

    /// Returns the rules of one kind that an invoice fails.
    fn failing(&self, seen: &Seen<'_>, is_of_kind: fn(Rule) -> bool) -> RuleSet {
        // All rules run, not only the first that fails: an offer names the others beside it.
        let mut failed = RuleSet::default();
        for (rule, test) in &self.rules {
            if is_of_kind(*rule) && test(seen) == Verdict::Fails {
                failed.insert(*rule);
            }
        }
        failed
    }

    /// Runs the rules. What is held counts, and is bought, only if it is taken to be confirmed.
    ///
    /// `now` are the amounts bought now, once they are known.
    fn run(&self, held: &[bool], (stage, now): (Stage, Option<&[i64]>)) -> Run {
        let confirmed = stage == Stage::OnceConfirmed;
        let counts = |at: usize| self.failed[at].is_empty() && (confirmed || !held[at]);
        let balances = DebtorBalance::all(self.pool, self.criteria, counts);
        let judged = self.pool.receivables.iter().zip(&self.failed);
        let mut assessments: Vec<Assessment> =
            judged.map(|(r, &failed)| self.excluded(r, failed, &balances[r.debtor])).collect();
        // The rules judge by the balances before any cut; only the copy learns what cuts leave.
        let mut debtors = balances.clone();
        let cutting = self.orders.cutting(self.pool, self.criteria, held, (stage, now));
        let concentration_cap = cut(&cutting, &mut debtors, &mut assessments);
        Run { assessments, debtors, concentration_cap }
    }

    /// Returns the assessment of an invoice before anything is cut.
    fn excluded(
        &self,
        receivable: &Receivable,
        of_invoice: RuleSet,
        balance: &DebtorBalance,
    ) -> Assessment {
        let of_debtor = self.failing(&self.seen(receivable, balance), Rule::is_debtor_rule);
        let failed = of_invoice.and(of_debtor);
        let first = self.rules.iter().map(|(rule, _)| *rule).find(|&rule| failed.contains(rule));
        let none = Money::zero(self.pool.currency);
        Assessment::new(first, failed, if first.is_none() { receivable.open } else { none })
    }

    /// Returns what the client warrants of the invoices that are bought: first of their debtors,
    /// then of the invoices.
    fn conditions(&self, assessments: &[Assessment]) -> Vec<Condition> {
        let all = self.pool.receivables.iter().zip(assessments);
        let bought: Vec<_> =
            all.filter(|(_, a)| a.bought.minor() > 0).map(|(receivable, _)| receivable).collect();
        let mut ordered: Vec<_> = self.rules.iter().collect();
        ordered.sort_by_key(|(rule, _)| (rule.is_invoice_rule(), *rule));
        // What is unknown is a fact, not a balance.
        let none = DebtorBalance::default();
        let condition = |&(rule, test): &Tested| {
            let unknown =
                |receivable: &&&Receivable| test(&self.seen(receivable, &none)) == Verdict::Unknown;
            let invoices = bought.iter().filter(unknown).count();
            let sentence = || rule.said("condition", &Facts::new());
            (invoices > 0).then(|| Condition { rule, invoices, sentence: sentence() })
        };
        ordered.into_iter().filter_map(condition).collect()
    }
}
