use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::clause::{Clause, Lever, SharedLimit, Test};

/// Lists the rules in the order of the levels: the file of each, which is its code, and its name.
macro_rules! rules {
    ($($(#[$about:meta])* $code:ident $name:ident,)+) => {
        /// A rule by which an invoice, or part of it, is not bought. The closed list of reasons of
        /// an offer.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
            JsonSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Rule {
            $($(#[$about])* $name,)+
        }

        const CODES: &[&str] = &[$(stringify!($code)),+];
        static CLAUSES: [Clause; CODES.len()] = [$(super::$code::CLAUSE),+];

        impl Rule {
            /// Every rule in the order of the levels.
            pub const ALL: [Self; CODES.len()] = [$(Self::$name),+];

            /// The rules that take a part of an invoice, on what the others leave, in the order in
            /// which they take it.
            pub const CUTS: [Self; cuts(&[$(super::$code::CLAUSE),+])] = {
                const ALL: [Clause; CODES.len()] = [$(super::$code::CLAUSE),+];
                let mut found = [Self::ALL[0]; cuts(&ALL)];
                let (mut at, mut next) = (0, 0);
                while at < ALL.len() {
                    if matches!(ALL[at].test, Test::Cut(_)) {
                        found[next] = Self::ALL[at];
                        next += 1;
                    }
                    at += 1;
                }
                found
            };
        }
    };
}

rules! {
    /// Another invoice of the debtor bears the same number.
    duplicate Duplicate,
    /// The debtor is told to pay someone other than the client.
    already_assigned AlreadyAssigned,
    /// The debtor is a consumer: no trade receivable.
    consumer Consumer,
    /// It is billed in stages, before the work is accepted, or with a part retained.
    progress_billing ProgressBilling,
    /// The contract with the debtor forbids the assignment.
    non_assignable NonAssignable,
    /// The debtor disputes it.
    disputed Disputed,
    /// It is dated after the as-of date.
    future_dated FutureDated,
    /// More days past due than the policy allows.
    past_due PastDue,
    /// It falls due later than the policy waits.
    long_dated LongDated,
    /// The open balance is below the policy's minimum.
    minimum_size MinimumSize,
    /// The debtor belongs to the client's own group.
    affiliate Affiliate,
    /// The debtor is a government, whose debts need its consent to be assigned.
    government Government,
    /// The debtor is in another country than the policy's.
    foreign Foreign,
    /// The debtor is insolvent or on a stop list.
    insolvent Insolvent,
    /// The debtor's credits are as large as what it owes.
    credit_balance CreditBalance,
    /// Too much of the debtor's balance is past the limit.
    cross_aged CrossAged,
    /// The debtor will set this part off against an unapplied credit.
    unapplied_credit UnappliedCredit,
    /// The debtor will set this part off against what the client owes it.
    contra Contra,
    /// This part is above the debtor's own limit.
    debtor_limit DebtorLimit,
    /// This part is above the limit of the debtor's group.
    group_limit GroupLimit,
    /// This part is above the debtor's share of the pool.
    concentration Concentration,
    /// It has been bought already.
    already_funded AlreadyFunded,
    /// This part is above what the facility leaves.
    facility_limit FacilityLimit,
    /// No advance or price within the policy fits what is left.
    no_feasible_terms NoFeasibleTerms,
}

/// How many rules take a part of an invoice.
const fn cuts(clauses: &[Clause]) -> usize {
    let (mut at, mut count) = (0, 0);
    while at < clauses.len() {
        if matches!(clauses[at].test, Test::Cut(_)) {
            count += 1;
        }
        at += 1;
    }
    count
}

impl Rule {
    /// The rule as it is written.
    pub(in super::super) fn clause(self) -> &'static Clause {
        &CLAUSES[self as usize]
    }

    /// The code as it stands in files.
    pub fn code(self) -> &'static str {
        CODES[self as usize]
    }

    /// What the rule takes off, as a line of the waterfall names it.
    pub fn title(self) -> &'static str {
        self.clause().title
    }

    /// Whether a policy may list it among the invoice rules.
    pub fn is_invoice_rule(self) -> bool {
        matches!(self.clause().test, Test::Invoice(_))
    }

    /// Whether a policy may list it among the debtor rules.
    pub fn is_debtor_rule(self) -> bool {
        matches!(self.clause().test, Test::Debtor(_))
    }

    /// The rule in the words of somebody who does not know the trade's, inside a sentence.
    pub fn to_owner(self) -> String {
        self.said("owner", &words::Facts::new())
    }

    /// A sentence of the rule.
    pub(in super::super) fn said(self, of: &str, facts: &words::Facts) -> String {
        words::Catalogue::english().say(&format!("{}.{of}", self.code()), facts)
    }

    /// The limit that the rule is, where several debtors may share it.
    pub(in super::super) fn shared_limit(self) -> Option<SharedLimit> {
        match self.clause().lever {
            Lever::Shared(limit) => Some(limit),
            Lever::None | Lever::Invoice(..) | Lever::Debtor(..) => None,
        }
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
