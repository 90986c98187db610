use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A rule by which an invoice, or part of it, is not bought. The closed list of reasons of an
/// offer.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Another invoice of the debtor bears the same number.
    Duplicate,
    /// The debtor is told to pay someone other than the client.
    AlreadyAssigned,
    /// The debtor is a consumer: no trade receivable.
    Consumer,
    /// It is billed in stages, before the work is accepted, or with a part retained.
    ProgressBilling,
    /// The contract with the debtor forbids the assignment.
    NonAssignable,
    /// The debtor disputes it.
    Disputed,
    /// It is dated after the as-of date.
    FutureDated,
    /// More days past due than the policy allows.
    PastDue,
    /// It falls due later than the policy waits.
    LongDated,
    /// The open balance is below the policy's minimum.
    MinimumSize,
    /// The debtor belongs to the client's own group.
    Affiliate,
    /// The debtor is a government, whose debts need its consent to be assigned.
    Government,
    /// The debtor is in another country than the policy's.
    Foreign,
    /// The debtor is insolvent or on a stop list.
    Insolvent,
    /// The debtor's credits are as large as what it owes.
    CreditBalance,
    /// Too much of the debtor's balance is past the limit.
    CrossAged,
    /// The debtor will set this part off against an unapplied credit.
    UnappliedCredit,
    /// The debtor will set this part off against what the client owes it.
    Contra,
    /// This part is above the debtor's own limit.
    DebtorLimit,
    /// This part is above the limit of the debtor's group.
    GroupLimit,
    /// This part is above the debtor's share of the pool.
    Concentration,
    /// It has been bought already.
    AlreadyFunded,
    /// This part is above what the facility leaves.
    FacilityLimit,
    /// No advance or price within the policy fits what is left.
    NoFeasibleTerms,
}

impl Rule {
    /// Every rule in the order of the levels.
    pub const ALL: [Self; 24] = [
        Self::Duplicate,
        Self::AlreadyAssigned,
        Self::Consumer,
        Self::ProgressBilling,
        Self::NonAssignable,
        Self::Disputed,
        Self::FutureDated,
        Self::PastDue,
        Self::LongDated,
        Self::MinimumSize,
        Self::Affiliate,
        Self::Government,
        Self::Foreign,
        Self::Insolvent,
        Self::CreditBalance,
        Self::CrossAged,
        Self::UnappliedCredit,
        Self::Contra,
        Self::DebtorLimit,
        Self::GroupLimit,
        Self::Concentration,
        Self::AlreadyFunded,
        Self::FacilityLimit,
        Self::NoFeasibleTerms,
    ];

    /// The rules that take a part of an invoice, on what the others leave, in the order in which
    /// they take it.
    pub const CUTS: [Self; 8] = [
        Self::UnappliedCredit,
        Self::Contra,
        Self::DebtorLimit,
        Self::GroupLimit,
        Self::Concentration,
        Self::AlreadyFunded,
        Self::FacilityLimit,
        Self::NoFeasibleTerms,
    ];

    /// The code as it stands in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::AlreadyAssigned => "already_assigned",
            Self::Consumer => "consumer",
            Self::ProgressBilling => "progress_billing",
            Self::NonAssignable => "non_assignable",
            Self::Disputed => "disputed",
            Self::FutureDated => "future_dated",
            Self::PastDue => "past_due",
            Self::LongDated => "long_dated",
            Self::MinimumSize => "minimum_size",
            Self::Affiliate => "affiliate",
            Self::Government => "government",
            Self::Foreign => "foreign",
            Self::Insolvent => "insolvent",
            Self::CreditBalance => "credit_balance",
            Self::CrossAged => "cross_aged",
            Self::UnappliedCredit => "unapplied_credit",
            Self::Contra => "contra",
            Self::DebtorLimit => "debtor_limit",
            Self::GroupLimit => "group_limit",
            Self::AlreadyFunded => "already_funded",
            Self::FacilityLimit => "facility_limit",
            Self::Concentration => "concentration",
            Self::NoFeasibleTerms => "no_feasible_terms",
        }
    }

    /// What the rule takes off, as a line of the waterfall names it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Duplicate => "Duplicate invoice numbers",
            Self::AlreadyAssigned => "Payable to someone else",
            Self::Consumer => "Owed by consumers",
            Self::ProgressBilling => "Billed in stages or retained",
            Self::NonAssignable => "Assignment forbidden",
            Self::Disputed => "Disputed by the debtor",
            Self::FutureDated => "Dated after the as-of date",
            Self::PastDue => "Too far past due",
            Self::LongDated => "Due too far ahead",
            Self::MinimumSize => "Below the minimum size",
            Self::Affiliate => "Affiliates of the client",
            Self::Government => "Governments",
            Self::Foreign => "Foreign debtors",
            Self::Insolvent => "Insolvent debtors",
            Self::CreditBalance => "Debtors with a credit balance",
            Self::CrossAged => "Cross-aged debtors",
            Self::UnappliedCredit => "Unapplied credits",
            Self::Contra => "Contra: owed to the debtor",
            Self::DebtorLimit => "Above the debtor's limit",
            Self::GroupLimit => "Above the debtor group's limit",
            Self::AlreadyFunded => "Bought already",
            Self::FacilityLimit => "Above what the facility leaves",
            Self::Concentration => "Above the concentration limit",
            Self::NoFeasibleTerms => "No terms within the policy",
        }
    }

    /// Whether a policy may list it among the invoice rules.
    pub fn is_invoice_rule(self) -> bool {
        matches!(
            self,
            Self::Duplicate
                | Self::AlreadyAssigned
                | Self::Consumer
                | Self::ProgressBilling
                | Self::NonAssignable
                | Self::Disputed
                | Self::FutureDated
                | Self::PastDue
                | Self::LongDated
                | Self::MinimumSize
        )
    }

    /// Whether a policy may list it among the debtor rules.
    pub fn is_debtor_rule(self) -> bool {
        matches!(
            self,
            Self::Affiliate
                | Self::Government
                | Self::Foreign
                | Self::Insolvent
                | Self::CreditBalance
                | Self::CrossAged
        )
    }
}

/// A set of rules, kept in the order of [`Rule::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RuleSet(u32);

impl RuleSet {
    /// Adds `rule`.
    pub fn insert(&mut self, rule: Rule) {
        self.0 |= 1 << rule as u32;
    }

    /// Whether `rule` is in the set.
    pub fn contains(self, rule: Rule) -> bool {
        self.0 & (1 << rule as u32) != 0
    }

    /// Whether no rule is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The rules of the set, in the order of [`Rule::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Rule> {
        Rule::ALL.into_iter().filter(move |&rule| self.contains(rule))
    }
}
