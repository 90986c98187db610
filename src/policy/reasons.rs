use basics::Money;

use super::assessment::Assessment;
use super::eligibility::Eligibility;
use super::policy::Policy;
use super::receivable::Pool;
use super::rules::{Grounds, Rule, Seen, Test};

impl Assessment {
    /// Returns the decisive reason: the rule that excludes the invoice, or that takes the largest
    /// part of it.
    pub fn reason(&self) -> Option<Rule> {
        // Without terms nothing is bought, however much the limits took before.
        if self.cut(Rule::NoFeasibleTerms).minor() > 0 {
            return Some(Rule::NoFeasibleTerms);
        }
        // Until it is confirmed nothing else matters of it.
        if self.held().minor() > 0 {
            return Some(Rule::Unconfirmed);
        }
        // Of equal parts the first decides; `max_by_key` alone would return the last.
        let largest = self.parts().rev().max_by_key(|(_, part)| part.minor()).map(|(rule, _)| rule);
        self.excluded_by.or(largest)
    }

    /// Returns every rule that the invoice fails or that cuts it, except the decisive one.
    pub fn also_fails(&self) -> Vec<Rule> {
        let mut failed = self.failed;
        self.parts().for_each(|(rule, _)| failed.insert(rule));
        let decisive = self.reason();
        failed.iter().filter(|&rule| Some(rule) != decisive).collect()
    }
}

/// The facts from which reasons are put into words.
#[derive(Debug, Clone, Copy)]
pub struct Reasons<'a> {
    /// The receivables.
    pub pool: &'a Pool,
    /// The rules.
    pub policy: &'a Policy,
    /// The outcome of the rules for the receivables.
    pub eligibility: &'a Eligibility,
    /// The reason why nothing is bought, if no terms meet the policy.
    pub decline: Option<&'a str>,
}

impl Reasons<'_> {
    /// Returns why the receivable at `index` is not bought, or only in part, in words that a
    /// business owner understands. `rule` is the decisive one; each part that is taken has its
    /// sentence.
    pub fn why(self, rule: Rule, index: usize) -> String {
        let is_cut = matches!(rule.clause().test, Test::Cut(_));
        if !is_cut || rule == Rule::NoFeasibleTerms {
            return self.sentence(rule, index, Money::zero(self.pool.currency));
        }
        let parts = self.eligibility.assessments[index].parts();
        parts.map(|(rule, part)| self.sentence(rule, index, part)).collect::<Vec<_>>().join(" ")
    }

    fn sentence(self, rule: Rule, index: usize, part: Money) -> String {
        let receivable = &self.pool.receivables[index];
        let grounds = Grounds {
            seen: Seen {
                pool: self.pool,
                criteria: self.policy.criteria(),
                receivable,
                debtor: &self.pool.debtors[receivable.debtor],
                balance: &self.eligibility.debtors[receivable.debtor],
            },
            part,
            concentration_cap: self.eligibility.cap_of(index),
            holds: &self.eligibility.holds[index],
            decline: self.decline.unwrap_or_default(),
        };
        rule.said("offer", &(rule.clause().reason)(&grounds))
    }
}
