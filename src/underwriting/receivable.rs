use basics::{Currency, Day, Money};

/// An open invoice as underwriting sees it.
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
    /// What is told of it beside the ledger.
    pub told: DebtorTold,
}

/// What a debtor file or the ledger's country column says of a debtor; what is absent is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DebtorTold {
    /// Country, as written.
    pub country: Option<String>,
    /// Whether it is a government.
    pub government: Option<bool>,
    /// Whether it belongs to the client's own group, or is its owner or employee.
    pub affiliate: Option<bool>,
    /// Whether it is insolvent or on a stop list.
    pub insolvent: Option<bool>,
    /// Whether it buys as a consumer.
    pub consumer: Option<bool>,
    /// Whether it is billed in stages, before acceptance, or retains a part.
    pub progress_billing: Option<bool>,
    /// Whether its contracts forbid the client to assign what it owes.
    pub non_assignable: Option<bool>,
    /// The group to which it belongs, as written.
    pub group: Option<String>,
    /// The most that is bought of it.
    pub limit: Option<Money>,
    /// What the client owes it.
    pub payable: Option<Money>,
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
