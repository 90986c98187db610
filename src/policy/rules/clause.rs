use basics::{Currency, Money};
use words::Facts;

use super::super::balance::DebtorBalance;
use super::super::change::Change;
use super::super::criteria::Criteria;
use super::super::receivable::{DebtorAccount, Pool, Receivable};
use super::cutting::{Cutting, Left};

/// A rule of a policy: what it takes off, from what, for which reason, and what would lift it. Its
/// code is the name of its file; its sentences stand in the catalogue under that code.
#[derive(Clone, Copy)]
pub struct Clause {
    /// What it takes off, as a line of the waterfall names it.
    pub title: &'static str,
    /// What it is held against.
    pub test: Test,
    /// The facts of its sentence in the written policy.
    pub terms: fn(&Criteria) -> Facts,
    /// The facts of the sentence that says why an invoice, or a part of it, is not bought.
    pub reason: fn(&Grounds<'_>) -> Facts,
    /// What would make the policy buy more in spite of it.
    pub lever: Lever,
}

/// What a rule is held against, which is its level as well.
#[derive(Clone, Copy)]
pub enum Test {
    /// An invoice by itself. It excludes all of it.
    Invoice(fn(&Seen<'_>) -> Verdict),
    /// The debtor of an invoice. It excludes all of it.
    Debtor(fn(&Seen<'_>) -> Verdict),
    /// What the other rules leave; it takes a part of that.
    Cut(fn(&Cutting<'_>, &mut Left)),
}

/// What a rule looks at.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    pub pool: &'a Pool,
    pub criteria: &'a Criteria,
    pub receivable: &'a Receivable,
    pub debtor: &'a DebtorAccount,
    pub balance: &'a DebtorBalance,
}

/// What a rule makes of what it looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may be bought.
    Passes,
    /// It may not.
    Fails,
    /// It may be bought, but the ledger does not say what the rule asks: the client warrants it.
    Unknown,
}

/// What the reason of a rule is made from.
pub struct Grounds<'a> {
    pub seen: Seen<'a>,
    /// What the rule takes of the invoice.
    pub part: Money,
    /// The most of one debtor that is bought.
    pub concentration_cap: Money,
    /// Why no terms meet the policy, where that is so.
    pub decline: &'a str,
}

/// What would make the policy buy more of an invoice.
#[derive(Clone, Copy)]
pub enum Lever {
    /// Nothing that the client can do makes an invoice younger, larger or of another kind.
    None,
    /// A change to the invoice at this place of the pool, or to the day.
    Invoice(Change, fn(&mut Pool, usize, &Criteria)),
    /// A change to the debtor, and by which amount.
    Debtor(Change, fn(&mut Alone<'_>) -> Option<Money>),
    /// A limit that several may share is raised.
    Shared(SharedLimit),
}

/// A limit under which several debtors may stand; one looked at alone is not under it.
#[derive(Clone, Copy)]
pub struct SharedLimit {
    pub change: Change,
    /// Who shares it with this debtor of the pool; none where it does not hold.
    pub party: fn(&Pool, &Criteria, usize) -> Option<Party>,
    /// The most of one party, minor units, where that is said as such; with the concentration cap.
    pub cap: fn(&Pool, &Criteria, Money) -> Option<i64>,
    /// By how much it has to rise for so many minor units more.
    pub raise: fn(&Criteria, i64, Currency) -> Option<Money>,
}

/// What shares a limit.
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
    /// As it stands before the change.
    pub balance: &'a DebtorBalance,
    /// What the rule takes of all its receivables, minor units.
    pub taken: i64,
}

impl Clause {
    /// A rule on an invoice by itself.
    pub const fn invoice(title: &'static str, test: fn(&Seen<'_>) -> Verdict) -> Self {
        Self::new(title, Test::Invoice(test))
    }

    /// A rule on the debtor of an invoice.
    pub const fn debtor(title: &'static str, test: fn(&Seen<'_>) -> Verdict) -> Self {
        Self::new(title, Test::Debtor(test))
    }

    /// A rule that takes a part of what the others leave.
    pub const fn cut(title: &'static str, take: fn(&Cutting<'_>, &mut Left)) -> Self {
        Self::new(title, Test::Cut(take))
    }

    const fn new(title: &'static str, test: Test) -> Self {
        let terms = |_: &Criteria| Facts::new();
        // Every reason may say which part of an invoice is not bought.
        let reason = |grounds: &Grounds<'_>| grounds.of_part();
        Self { title, test, terms, reason, lever: Lever::None }
    }

    /// With facts of its sentence in the policy.
    pub const fn terms(self, terms: fn(&Criteria) -> Facts) -> Self {
        Self { terms, ..self }
    }

    /// With facts of its reason.
    pub const fn reason(self, reason: fn(&Grounds<'_>) -> Facts) -> Self {
        Self { reason, ..self }
    }

    /// With what would lift it.
    pub const fn lever(self, lever: Lever) -> Self {
        Self { lever, ..self }
    }
}

impl Verdict {
    /// Of whether the rule's fact holds.
    pub fn of(fails: bool) -> Self {
        if fails { Self::Fails } else { Self::Passes }
    }

    /// The same of a fact that may not be known.
    pub fn known(fails: Option<bool>) -> Self {
        fails.map_or(Self::Unknown, Self::of)
    }
}

impl Seen<'_> {
    /// Days past due at the as-of date; negative before.
    pub fn days_past_due(&self) -> i32 {
        self.receivable.days_past_due(self.pool.as_of)
    }
}

impl Grounds<'_> {
    /// The part of the invoice that is not bought, in its currency.
    pub fn of_part(&self) -> Facts {
        Facts::new().with("part", self.part).with("currency", self.part.currency())
    }
}
