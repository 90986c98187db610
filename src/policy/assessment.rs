use basics::Money;

use super::rules::{Rule, RuleSet};

/// The outcome of the policy's rules for one open invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assessment {
    /// The first rule that excludes it, in the policy's order; `None` when it is eligible.
    pub excluded_by: Option<Rule>,
    /// Every invoice and debtor rule that it fails, the first included.
    pub failed: RuleSet,
    /// The amount that each of [`Rule::CUTS`] takes, minor units.
    cuts: [i64; Rule::CUTS.len()],
    /// The part that is bought.
    pub bought: Money,
}

impl Assessment {
    /// An assessment from which nothing is cut yet.
    pub(super) fn new(excluded_by: Option<Rule>, failed: RuleSet, bought: Money) -> Self {
        Self { excluded_by, failed, cuts: [0; Rule::CUTS.len()], bought }
    }

    /// Returns the parts that are cut without excluding the whole, in the order of the cuts.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = (Rule, Money)> + '_ {
        let money = |&cut: &i64| Money::from_minor(cut, self.bought.currency());
        Rule::CUTS.into_iter().zip(self.cuts.iter().map(money)).filter(|(_, cut)| cut.minor() > 0)
    }

    /// Returns the part that `rule`, one of [`Rule::CUTS`], takes off.
    pub fn cut(&self, rule: Rule) -> Money {
        let at = Rule::CUTS.iter().position(|&cut| cut == rule);
        Money::from_minor(at.map_or(0, |at| self.cuts[at]), self.bought.currency())
    }

    /// Returns the amount, in minor units, that reached one of [`Rule::CUTS`], by its place there:
    /// what is bought, and what it and later ones take.
    pub(super) fn reached(&self, cut: usize) -> i64 {
        self.bought.minor() + self.cuts[cut..].iter().sum::<i64>()
    }

    /// Returns the amount that passes the policy's rules: bought, already bought, or above the
    /// facility's availability.
    pub fn collateral(&self) -> Money {
        let beside = [Rule::AlreadyFunded, Rule::FacilityLimit].map(|rule| self.cut(rule).minor());
        // Parts of one open balance, so their sum fits.
        let minor = self.bought.minor() + beside.iter().sum::<i64>();
        Money::from_minor(minor, self.bought.currency())
    }

    /// Returns what is held of it: what is bought once it is confirmed.
    pub fn held(&self) -> Money {
        self.cut(Rule::Unconfirmed)
    }

    /// Moves what is held to what is bought, as if it were confirmed.
    pub(super) fn confirm(&mut self) {
        self.take(Rule::Unconfirmed, -self.held().minor());
    }

    /// Moves what is bought or held to what no terms meet.
    pub(super) fn refuse(&mut self) {
        self.take(Rule::Unconfirmed, -self.held().minor());
        self.take(Rule::NoFeasibleTerms, self.bought.minor());
    }

    /// Moves `minor` units of what is bought to what `rule` takes.
    pub(super) fn take(&mut self, rule: Rule, minor: i64) {
        let Some(at) = Rule::CUTS.iter().position(|&cut| cut == rule) else { return };
        self.cuts[at] += minor;
        self.bought = Money::from_minor(self.bought.minor() - minor, self.bought.currency());
    }
}
