use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Money;
use words::Facts;

use super::assessment::Assessment;
use super::balance::DebtorBalance;
use super::criteria::Criteria;
use super::policy::Policy;
use super::receivable::{Pool, Receivable};
use super::rules::{Cutting, Left, Rule, RuleSet, Seen, Test, Verdict};

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eligibility {
    /// The assessments, one per receivable of the pool, in its order.
    pub assessments: Vec<Assessment>,
    /// The balances that the debtor rules saw, index = debtor.
    pub debtors: Vec<DebtorBalance>,
    /// The most of one debtor that is bought.
    pub concentration_cap: Money,
    /// The rules that could not be decided for every invoice that is bought.
    pub conditions: Vec<Condition>,
}

impl Eligibility {
    /// Buys nothing, because no terms meet the policy.
    pub fn decline(&mut self) {
        for assessment in &mut self.assessments {
            assessment.take(Rule::NoFeasibleTerms, assessment.bought.minor());
        }
        // Of what is not bought, nothing is warranted.
        self.conditions.clear();
    }
}

/// Runs the policy over a pool: invoice rules, debtor rules, set-off, limits,
/// concentration, and the facility's availability.
///
/// An excluded invoice neither uses up a limit nor enters the base of one; one that has been bought
/// already does. Credits are set against the invoice due first (ties: issue date, number, balance);
/// limits are used up in the policy's order.
pub fn assess(pool: &Pool, policy: &Policy) -> Eligibility {
    let balances = DebtorBalance::all(pool, policy.criteria());
    let judging = Judging::of(pool, policy, &balances);
    let mut assessments: Vec<Assessment> =
        pool.receivables.iter().map(|receivable| judging.excluded(receivable)).collect();
    // The rules judge by the balances before any cut; only the copy learns what cuts leave.
    let mut debtors = balances.clone();
    let cutting = Cutting::of(pool, policy.criteria(), &balances);
    let concentration_cap = cut(&cutting, &mut debtors, &mut assessments);
    let conditions = judging.conditions(&assessments);
    Eligibility { assessments, debtors, concentration_cap, conditions }
}

/// Runs the rules that take a part, each on what those before it leave, and returns the most of one
/// debtor that is bought.
fn cut(
    cutting: &Cutting<'_>,
    debtors: &mut [DebtorBalance],
    assessments: &mut [Assessment],
) -> Money {
    let bought = assessments.iter().map(|assessment| assessment.bought.minor()).collect();
    let mut left = Left { bought, concentration_cap: 0 };
    for rule in Rule::CUTS {
        // What counts as eligible is what is left when the concentration limit is reached.
        if rule == Rule::Concentration {
            for (receivable, &bought) in cutting.pool.receivables.iter().zip(&left.bought) {
                debtors[receivable.debtor].eligible += i128::from(bought);
            }
        }
        let Test::Cut(take) = rule.clause().test else { continue };
        take(cutting, &mut left);
        for (assessment, &bought) in assessments.iter_mut().zip(&left.bought) {
            assessment.take(rule, assessment.bought.minor() - bought);
        }
    }
    Money::from_minor(left.concentration_cap, cutting.pool.currency)
}

/// A rule of the policy with its test.
type Tested = (Rule, fn(&Seen<'_>) -> Verdict);

/// The invoice and debtor rules of a policy over a pool.
struct Judging<'a> {
    pool: &'a Pool,
    criteria: &'a Criteria,
    balances: &'a [DebtorBalance],
    rules: Vec<Tested>,
}

impl<'a> Judging<'a> {
    fn of(pool: &'a Pool, policy: &'a Policy, balances: &'a [DebtorBalance]) -> Self {
        let tested = |rule: Rule| match rule.clause().test {
            Test::Invoice(test) | Test::Debtor(test) => Some((rule, test)),
            Test::Cut(_) => None,
        };
        let rules = policy.rules().filter_map(tested).collect();
        Self { pool, criteria: policy.criteria(), balances, rules }
    }

    fn seen<'s>(&'s self, receivable: &'s Receivable) -> Seen<'s> {
        Seen {
            pool: self.pool,
            criteria: self.criteria,
            receivable,
            debtor: &self.pool.debtors[receivable.debtor],
            balance: &self.balances[receivable.debtor],
        }
    }

    /// Returns the assessment of an invoice before anything is cut.
    fn excluded(&self, receivable: &Receivable) -> Assessment {
        let seen = self.seen(receivable);
        let (mut failed, mut first) = (RuleSet::default(), None);
        // All rules run, not only the first that fails: an offer names the others beside it.
        for (rule, test) in &self.rules {
            if test(&seen) == Verdict::Fails {
                failed.insert(*rule);
                first = first.or(Some(*rule));
            }
        }
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
        let condition = |&(rule, test): &Tested| {
            let unknown =
                |receivable: &&&Receivable| test(&self.seen(receivable)) == Verdict::Unknown;
            let invoices = bought.iter().filter(unknown).count();
            let sentence = || rule.said("condition", &Facts::new());
            (invoices > 0).then(|| Condition { rule, invoices, sentence: sentence() })
        };
        ordered.into_iter().filter_map(condition).collect()
    }
}
