use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::clause::{Clause, Lever, SharedLimit, Test};

/// Lists the rules by level, the cuts in the order in which they take: the file of each, which is
/// its code, and its name. The order of invoice and debtor rules is that of the policy.
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
                // A constant cannot use `for`, as iterators are not const.
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

// Exclusions come before limits: a duplicate or pledged invoice must neither use up a limit nor
// enlarge the base of the concentration cap.
rules! {
    /// Another invoice of the debtor has the same number.
    duplicate Duplicate,
    /// It is payable to someone other than the client.
    already_assigned AlreadyAssigned,
    /// The debtor is a consumer, so it is not a trade receivable.
    consumer Consumer,
    /// It is a progress billing, sent before the work is accepted, or subject to retainage.
    progress_billing ProgressBilling,
    /// The contract with the debtor prohibits assignment.
    non_assignable NonAssignable,
    /// The debtor disputes it.
    disputed Disputed,
    /// It is dated after the as-of date.
    future_dated FutureDated,
    /// It is more days past due than the policy allows.
    past_due PastDue,
    /// It is older than the policy and the debtor's usual terms allow.
    past_invoice_date PastInvoiceDate,
    /// It is due later than the policy allows.
    long_dated LongDated,
    /// The open balance is below the policy's minimum.
    minimum_size MinimumSize,
    /// The debtor is affiliated with the client.
    affiliate Affiliate,
    /// The debtor is a government entity, whose debts cannot be assigned without its consent.
    government Government,
    /// The debtor is outside the policy's home country.
    foreign Foreign,
    /// The debtor is insolvent or on a stop list.
    insolvent Insolvent,
    /// The debtor's credits equal or exceed what it owes.
    credit_balance CreditBalance,
    /// Too much of the debtor's balance is past due.
    cross_aged CrossAged,
    /// The debtor says that it does not know the client.
    unconfirmed_debtor UnconfirmedDebtor,
    /// This part is above the amount that the debtor says it owes.
    confirmed_amount ConfirmedAmount,
    /// It is bought once its debtor has confirmed it.
    unconfirmed Unconfirmed,
    /// The debtor can offset an unapplied credit against this part.
    unapplied_credit UnappliedCredit,
    /// The debtor can offset what the client owes it against this part.
    contra Contra,
    /// This part is above the debtor's limit.
    debtor_limit DebtorLimit,
    /// This part is above the limit of the debtor's group.
    group_limit GroupLimit,
    /// This part is above the debtor's share of the pool, the concentration limit.
    concentration Concentration,
    /// The offer that is completed neither held nor bought it, or less of it.
    not_offered NotOffered,
    /// It has already been bought.
    already_funded AlreadyFunded,
    /// This part is above the facility's availability.
    facility_limit FacilityLimit,
    /// No advance or price within the policy fits what is left.
    no_feasible_terms NoFeasibleTerms,
}

/// Returns the number of rules that take a part of an invoice.
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

/// The titles out of the catalogue, said once: offers and pages hold them without a copy.
static TITLES: LazyLock<Vec<String>> = LazyLock::new(|| {
    Rule::ALL.iter().map(|rule| rule.said("title", &words::Facts::new())).collect()
});

impl Rule {
    /// The debtor rules that hold under every policy: they judge what a debtor says, which no
    /// policy written before could name. A policy that lists one sets its place in the order.
    pub const ALWAYS: [Self; 1] = [Self::UnconfirmedDebtor];

    /// Returns the rule itself.
    pub(in super::super) fn clause(self) -> &'static Clause {
        // One macro lists rules and clauses, so that their places agree.
        &CLAUSES[self as usize]
    }

    /// Returns the code used in files.
    pub fn code(self) -> &'static str {
        CODES[self as usize]
    }

    /// Returns the name of its line in the waterfall.
    pub fn title(self) -> &'static str {
        &TITLES[self as usize]
    }

    /// Returns true if a policy may list it among the invoice rules.
    pub fn is_invoice_rule(self) -> bool {
        matches!(self.clause().test, Test::Invoice(_))
    }

    /// Returns true if a policy may list it among the debtor rules.
    pub fn is_debtor_rule(self) -> bool {
        matches!(self.clause().test, Test::Debtor(_))
    }

    /// Returns the rule in plain words, as the end of a sentence about any number of invoices.
    pub fn to_owner(self) -> String {
        self.said("owner", &words::Facts::new())
    }

    /// Returns a sentence of the rule.
    pub(in super::super) fn said(self, of: &str, facts: &words::Facts) -> String {
        words::Catalogue::english().say(&format!("{}.{of}", self.code()), facts)
    }

    /// Returns the limit that the rule sets, if several debtors may share it.
    pub(in super::super) fn shared_limit(self) -> Option<SharedLimit> {
        match self.clause().lever {
            Lever::Shared(limit) => Some(limit),
            Lever::None | Lever::Invoice(..) | Lever::Debtor(..) => None,
        }
    }
}

/// A set of rules, kept in the order of [`Rule::ALL`]: a bit for each, because every invoice has
/// one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RuleSet(u32);

impl RuleSet {
    /// Adds `rule`.
    pub fn insert(&mut self, rule: Rule) {
        // 29 rules fit into 32 bits.
        self.0 |= 1 << rule as u32;
    }

    /// Returns the rules of both sets.
    pub(in super::super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns true if `rule` is in the set.
    pub fn contains(self, rule: Rule) -> bool {
        self.0 & (1 << rule as u32) != 0
    }

    /// Returns true if no rule is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the rules of the set, in the order of [`Rule::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Rule> {
        Rule::ALL.into_iter().filter(move |&rule| self.contains(rule))
    }
}
