use basics::{Currency, Money};
use words::Facts;

use super::super::balance::DebtorBalance;
use super::super::change::Change;
use super::super::criteria::Criteria;
use super::super::hold::Finding;
use super::super::receivable::{DebtorAccount, Pool, Receivable};
use super::cutting::{Cutting, Left};

/// A rule of a policy: its test or cut, the facts of its sentences, and what would lift it. Its
/// code is the name of its file; its sentences are in the catalogue under that code.
#[derive(Clone, Copy)]
pub struct Clause {
    /// The test, or the cut.
    pub test: Test,
    /// The facts of its sentence in the written policy.
    pub terms: fn(&Criteria) -> Facts,
    /// The facts of the sentence that says why an invoice, or a part of it, is not bought.
    pub reason: fn(&Grounds<'_>) -> Facts,
    /// The change that would make the policy buy more in spite of it.
    pub lever: Lever,
}

/// The subject of a rule, which also sets its level.
#[derive(Clone, Copy)]
pub enum Test {
    /// An invoice by itself. It excludes all of it.
    Invoice(fn(&Seen<'_>) -> Verdict),
    /// The debtor of an invoice. It excludes all of it.
    Debtor(fn(&Seen<'_>) -> Verdict),
    /// The balance that the rules before it leave. It takes a part of that.
    Cut(fn(&Cutting<'_>, &mut Left)),
}

/// The invoice that a rule looks at, with its surroundings.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    pub pool: &'a Pool,
    pub criteria: &'a Criteria,
    pub receivable: &'a Receivable,
    pub debtor: &'a DebtorAccount,
    pub balance: &'a DebtorBalance,
}

/// The verdict of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may be bought.
    Passes,
    /// It may not.
    Fails,
    /// It may be bought, but the ledger does not say what the rule asks: the client warrants it.
    Unknown,
}

/// The facts from which the reason of a rule is made.
pub struct Grounds<'a> {
    pub seen: Seen<'a>,
    /// The part that the rule takes of the invoice.
    pub part: Money,
    /// The most of one debtor that is bought.
    pub concentration_cap: Money,
    /// The reasons for which it is held.
    pub holds: &'a [Finding],
    /// The reason why no terms meet the policy; empty if some do.
    pub decline: &'a str,
}

/// A change that would make the policy buy more of an invoice.
#[derive(Clone, Copy)]
pub enum Lever {
    /// None: the client cannot make an invoice younger, larger or of another kind.
    None,
    /// A change to the invoice at this place of the pool, or to the day.
    Invoice(Change, fn(&mut Pool, usize, &Criteria)),
    /// A change to the debtor, which returns its amount.
    Debtor(Change, fn(&mut Alone<'_>) -> Option<Money>),
    /// A limit that several may share is raised.
    Shared(SharedLimit),
}

/// A limit that several debtors may share. It does not apply to a debtor looked at alone.
#[derive(Clone, Copy)]
pub struct SharedLimit {
    pub change: Change,
    /// The party that it limits and that this debtor of the pool belongs to; `None` if it does not
    /// apply to the debtor.
    pub party: fn(&Pool, &Criteria, usize) -> Option<Party>,
    /// The most of one party, minor units, given the concentration cap; `None` if it is not a limit
    /// on the balance of each party.
    pub cap: fn(&Pool, &Criteria, Money) -> Option<i64>,
    /// The amount by which it must rise for so many more minor units.
    pub raise: fn(&Criteria, i64, Currency) -> Option<Money>,
}

/// The debtors that share a limit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    Pool,
    Group(String),
    Debtor(usize),
}

/// A debtor's receivables as a pool of their own, about to be changed.
pub struct Alone<'a> {
    pub pool: &'a mut Pool,
    pub criteria: &'a Criteria,
    /// The debtor's balance before the change.
    pub balance: &'a DebtorBalance,
    /// The total that the rule takes of its receivables, minor units.
    pub taken: i64,
}

impl Clause {
    /// A rule on an invoice by itself.
    pub const fn invoice(test: fn(&Seen<'_>) -> Verdict) -> Self {
        Self::new(Test::Invoice(test))
    }

    /// A rule on the debtor of an invoice.
    pub const fn debtor(test: fn(&Seen<'_>) -> Verdict) -> Self {
        Self::new(Test::Debtor(test))
    }

    /// A rule that takes a part of what the others leave.
    pub const fn cut(take: fn(&Cutting<'_>, &mut Left)) -> Self {
        Self::new(Test::Cut(take))
    }

    const fn new(test: Test) -> Self {
        let terms = |_: &Criteria| Facts::new();
        // Every reason may say which part of an invoice is not bought.
        let reason = |grounds: &Grounds<'_>| grounds.of_part();
        Self { test, terms, reason, lever: Lever::None }
    }

    /// Sets the facts of its sentence in the policy.
    pub const fn terms(self, terms: fn(&Criteria) -> Facts) -> Self {
        Self { terms, ..self }
    }

    /// Sets the facts of its reason.
    pub const fn reason(self, reason: fn(&Grounds<'_>) -> Facts) -> Self {
        Self { reason, ..self }
    }

    /// Sets the change that would lift it.
    pub const fn lever(self, lever: Lever) -> Self {
        Self { lever, ..self }
    }
}

impl Verdict {
    /// The verdict on a fact that is known.
    pub fn of(fails: bool) -> Self {
        if fails { Self::Fails } else { Self::Passes }
    }

    /// The verdict on a fact that may be unknown.
    pub fn known(fails: Option<bool>) -> Self {
        fails.map_or(Self::Unknown, Self::of)
    }
}

impl Seen<'_> {
    /// Returns the days past due at the as-of date; negative before the due date.
    pub fn days_past_due(&self) -> i32 {
        self.receivable.days_past_due(self.pool.as_of)
    }
}

impl Grounds<'_> {
    /// Returns the part of the invoice that is not bought, with its currency.
    pub fn of_part(&self) -> Facts {
        Facts::new().with("part", self.part).with("currency", self.part.currency())
    }
}
