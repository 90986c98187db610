use basics::{Amount, Currency, Day, DebtorFacts, Money, Rounding};

/// An open invoice as the policy sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
pub struct Receivable {
    /// The client's own number.
    pub number: String,
    /// Index into the pool's debtors.
    pub debtor: usize,
    /// Issue date.
    pub issue: Day,
    /// Due date.
    pub due: Day,
    /// Original amount.
    pub face: Money,
    /// What is still owed at the as-of date.
    pub open: Money,
    /// Whether the debtor disputes it; `None` when the ledger cannot tell.
    pub disputed: Option<bool>,
    /// Whether someone other than the client is to be paid.
    pub already_assigned: bool,
    /// Whether another invoice of the debtor bears the same number.
    pub duplicate: bool,
    /// Whether it has been bought already.
    pub funded: bool,
    /// Whether the issue date was assumed.
    pub issue_assumed: bool,
    /// Whether the due date was assumed.
    pub due_assumed: bool,
}

/// A debtor of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DebtorAccount {
    /// Its id in the client's ledger.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Credit notes and overpayments that no invoice has used up.
    pub unapplied_credit: Money,
    /// What is known of it beside its invoices.
    pub facts: DebtorFacts,
}

/// One client's open invoices in one currency at the as-of date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// The currency of every amount.
    pub currency: Currency,
    /// The as-of date.
    pub as_of: Day,
    /// Open invoices in canonical order: debtor, issue date, number, amount.
    pub receivables: Vec<Receivable>,
    /// The debtors that they name, in order of their id.
    pub debtors: Vec<DebtorAccount>,
    /// What may still be advanced under the facility; without limit where there is none.
    pub room: Option<Money>,
}

impl Receivable {
    /// Days past due at `as_of`; negative before the due date.
    pub fn days_past_due(&self, as_of: Day) -> i32 {
        as_of - self.due
    }
}

impl Pool {
    /// An amount of a policy or of the facts of a debtor in the pool's currency, rounded down; one
    /// that it cannot hold limits nothing.
    pub fn amount(&self, amount: Amount) -> Option<Money> {
        Money::round(amount.0, self.currency, Rounding::Down).ok()
    }

    /// The group of a debtor, in one spelling.
    pub fn group_of(&self, debtor: usize) -> Option<String> {
        let group = self.debtors[debtor].facts.group.as_deref();
        group.map(|group| group.trim().to_lowercase()).filter(|group| !group.is_empty())
    }
}
