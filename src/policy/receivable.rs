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
    /// The balance still owed at the as-of date.
    pub open: Money,
    /// True if the debtor disputes it; `None` if the ledger does not tell.
    pub disputed: Option<bool>,
    /// True if it is payable to someone other than the client.
    pub already_assigned: bool,
    /// True if another invoice of the debtor has the same number.
    pub duplicate: bool,
    /// True if it has already been bought.
    pub funded: bool,
    /// True if the issue date was assumed.
    pub issue_assumed: bool,
    /// True if the due date was assumed.
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
    /// The facts known about it beside its invoices.
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
    /// The amount that may still be advanced under the facility; `None` without a facility.
    pub room: Option<Money>,
}

impl Receivable {
    /// Returns the days past due at `as_of`; negative before the due date.
    pub fn days_past_due(&self, as_of: Day) -> i32 {
        as_of - self.due
    }
}

impl Pool {
    /// Returns an amount of a policy or of a debtor's facts in the pool's currency, rounded down;
    /// `None`, which limits nothing, if it is too large to be held.
    pub fn amount(&self, amount: Amount) -> Option<Money> {
        Money::round(amount.0, self.currency, Rounding::Down).ok()
    }

    /// Returns the group of a debtor, trimmed and in lower case: files spell it in several ways.
    pub fn group_of(&self, debtor: usize) -> Option<String> {
        let group = self.debtors[debtor].facts.group.as_deref();
        group.map(|group| group.trim().to_lowercase()).filter(|group| !group.is_empty())
    }
}
