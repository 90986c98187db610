use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use basics::Money;

use super::assessment::{Assessment, offset};
use super::limit_terms::LimitOrder;
use super::limits::{Limits, by_debtor};
use super::{
    Comparator, CrossAgeBase, CrossAging, DebtorAccount, Policy, Pool, Receivable, Rule, RuleSet,
};

/// A fact that the ledger does not hold: the client has to warrant it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Condition {
    /// The rule that could not be decided.
    pub rule: Rule,
    /// Invoices bought for which it could not.
    pub invoices: usize,
    /// What the client warrants, in words.
    pub sentence: String,
}

/// The outcome of a policy over one pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eligibility {
    /// One per receivable of the pool, in its order.
    pub assessments: Vec<Assessment>,
    /// What every debtor's rules saw, index = debtor.
    pub debtors: Vec<DebtorBalance>,
    /// The most of one debtor that is funded.
    pub concentration_cap: Money,
    /// Undecided rules.
    pub conditions: Vec<Condition>,
}

/// A debtor's balances, in minor units of the pool's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DebtorBalance {
    /// All its open invoices.
    pub gross: i128,
    /// Those beyond the policy's past-due limit.
    pub past_due: i128,
    /// Its unapplied credits.
    pub credit: i128,
    /// What the invoice and debtor rules and its credits leave.
    pub eligible: i128,
}

impl Eligibility {
    /// Buys nothing, because no terms meet the policy.
    pub fn decline(&mut self) {
        for assessment in &mut self.assessments {
            assessment.take(Rule::NoFeasibleTerms, assessment.bought.minor());
        }
        self.conditions.clear();
    }
}

/// Runs the policy over a pool: invoice rules, debtor rules, what the debtor can set off, limits,
/// concentration, and what the facility leaves.
///
/// An excluded invoice neither uses up a limit nor enters the base of one; one that has been bought
/// already does. Credits are set against the invoice due first (ties: issue date, number, balance);
/// limits are used up in the policy's order.
pub fn assess(pool: &Pool, policy: &Policy) -> Eligibility {
    let mut debtors = balances(pool, policy);
    let rules: Vec<Rule> = policy.rules().collect();
    let mut assessments: Vec<Assessment> = (pool.receivables.iter())
        .map(|receivable| {
            let fails = |&rule: &Rule| fails(rule, receivable, pool, policy, &debtors);
            let mut failed = RuleSet::default();
            rules.iter().copied().filter(fails).for_each(|rule| failed.insert(rule));
            let excluded_by = rules.iter().copied().find(|&rule| failed.contains(rule));
            let bought =
                if excluded_by.is_none() { receivable.open } else { Money::zero(pool.currency) };
            Assessment::new(excluded_by, failed, bought)
        })
        .collect();
    for of_debtor in by_debtor(pool, LimitOrder::DueFirst) {
        let debtor = pool.receivables[of_debtor[0]].debtor;
        offset(&mut assessments, &of_debtor, debtors[debtor].credit, Rule::UnappliedCredit);
        if let Some(payable) = pool.debtors[debtor].told.payable {
            offset(&mut assessments, &of_debtor, payable.minor().into(), Rule::Contra);
        }
    }
    let limits = Limits::of(pool, policy);
    limits.run(&mut assessments);
    for (receivable, assessment) in pool.receivables.iter().zip(&assessments) {
        debtors[receivable.debtor].eligible += i128::from(assessment.bought.minor());
    }
    let gross = debtors.iter().map(|debtor| debtor.gross).sum();
    let cap = limits.concentration(&mut assessments, gross);
    for (receivable, assessment) in pool.receivables.iter().zip(&mut assessments) {
        if receivable.funded {
            assessment.take(Rule::AlreadyFunded, assessment.bought.minor());
        }
    }
    limits.facility(&mut assessments);
    let concentration_cap = Money::from_minor(cap, pool.currency);
    let conditions = conditions(pool, &rules, &assessments);
    Eligibility { assessments, debtors, concentration_cap, conditions }
}

fn balances(pool: &Pool, policy: &Policy) -> Vec<DebtorBalance> {
    let credit = |debtor: &DebtorAccount| i128::from(debtor.unapplied_credit.minor());
    let start = |debtor| DebtorBalance { credit: credit(debtor), ..DebtorBalance::default() };
    let mut balances: Vec<DebtorBalance> = pool.debtors.iter().map(start).collect();
    for receivable in &pool.receivables {
        let open = i128::from(receivable.open.minor());
        let balance = &mut balances[receivable.debtor];
        balance.gross += open;
        if receivable.days_past_due(pool.as_of) > policy.past_due_days() {
            balance.past_due += open;
        }
    }
    balances
}

fn fails(
    rule: Rule,
    receivable: &Receivable,
    pool: &Pool,
    policy: &Policy,
    debtors: &[DebtorBalance],
) -> bool {
    let debtor = &debtors[receivable.debtor];
    let told = &pool.debtors[receivable.debtor].told;
    match rule {
        Rule::Affiliate => told.affiliate == Some(true),
        Rule::Government => told.government == Some(true),
        Rule::Insolvent => told.insolvent == Some(true),
        Rule::Consumer => told.consumer == Some(true),
        Rule::ProgressBilling => told.progress_billing == Some(true),
        Rule::NonAssignable => told.non_assignable == Some(true),
        Rule::Foreign => told.country.as_deref().is_some_and(|country| !policy.is_home(country)),
        Rule::Duplicate => receivable.duplicate,
        Rule::AlreadyAssigned => receivable.already_assigned,
        Rule::Disputed => receivable.disputed == Some(true),
        // An assumed issue date is no fact; it becomes a condition.
        Rule::FutureDated => !receivable.issue_assumed && receivable.issue > pool.as_of,
        Rule::PastDue => receivable.days_past_due(pool.as_of) > policy.past_due_days(),
        Rule::LongDated => -receivable.days_past_due(pool.as_of) > policy.maximum_days_to_due(),
        Rule::MinimumSize => receivable.open.to_decimal() < policy.minimum_open(),
        Rule::CreditBalance => debtor.credit > 0 && debtor.credit >= debtor.gross,
        Rule::CrossAged => debtor.is_cross_aged(policy),
        // These take a part, not the whole, and run on what the rules above leave.
        Rule::UnappliedCredit
        | Rule::Contra
        | Rule::DebtorLimit
        | Rule::GroupLimit
        | Rule::Concentration
        | Rule::AlreadyFunded
        | Rule::FacilityLimit
        | Rule::NoFeasibleTerms => false,
    }
}

impl DebtorBalance {
    /// Whether the past-due share of the balance meets the policy's threshold; exact, without
    /// division.
    fn is_cross_aged(&self, policy: &Policy) -> bool {
        let rule = policy.cross_aging();
        is_cross_aged(self.past_due, self.base(rule.base), rule)
    }

    /// The past-due share of the balance that the policy's cross-aging rule names; 1 when nothing
    /// is left of it.
    pub fn past_due_share(&self, base: CrossAgeBase) -> f64 {
        let balance = self.base(base);
        if balance > 0 { self.past_due as f64 / balance as f64 } else { 1.0 }
    }

    fn base(&self, base: CrossAgeBase) -> i128 {
        match base {
            CrossAgeBase::Gross => self.gross,
            CrossAgeBase::Net => self.gross - self.credit,
        }
    }
}

/// Whether what is past due of a balance meets the threshold; exact, without division. Amounts in
/// minor units.
pub fn is_cross_aged(past_due: i128, balance: i128, rule: CrossAging) -> bool {
    if past_due <= 0 {
        return false;
    }
    let decimal = |minor| Decimal::try_from_i128_with_scale(minor, 0).ok();
    let threshold =
        decimal(balance).and_then(|base| base.checked_mul(rule.threshold_percent.fraction()));
    let (Some(threshold), Some(past_due)) = (threshold, decimal(past_due)) else {
        // Balances beyond decimal arithmetic: whole units are exact enough to compare doubles.
        return past_due as f64 >= balance as f64 * rule.threshold_percent.to_f64();
    };
    match rule.comparator {
        Comparator::Above => past_due > threshold,
        Comparator::AtLeast => past_due >= threshold,
    }
}

/// What the client warrants of the invoices that are bought.
fn conditions(pool: &Pool, rules: &[Rule], assessments: &[Assessment]) -> Vec<Condition> {
    let all = pool.receivables.iter().zip(assessments);
    let bought: Vec<_> = all.filter(|(_, a)| a.bought.minor() > 0).map(|(r, _)| r).collect();
    let count = |of: fn(&Receivable) -> bool| bought.iter().filter(|r| of(r)).count();
    let untold = |of: fn(&super::DebtorTold) -> bool| {
        bought.iter().filter(|r| of(&pool.debtors[r.debtor].told)).count()
    };
    let undecided = [
        (
            Rule::Affiliate,
            untold(|told| told.affiliate.is_none()),
            "The client warrants that none of these customers is its affiliate, owner or employee; nothing says so.",
        ),
        (
            Rule::Government,
            untold(|told| told.government.is_none()),
            "The client warrants that none of these customers is a government; nothing says so.",
        ),
        (
            Rule::Foreign,
            untold(|told| told.country.is_none()),
            "The client warrants that these customers are in its own country; the ledger does not say.",
        ),
        (
            Rule::Insolvent,
            untold(|told| told.insolvent.is_none()),
            "The client warrants that it knows of no insolvency of these customers.",
        ),
        (
            Rule::Consumer,
            untold(|told| told.consumer.is_none()),
            "The client warrants that none of these customers buys as a consumer; nothing says so.",
        ),
        (
            Rule::ProgressBilling,
            untold(|told| told.progress_billing.is_none()),
            "The client warrants that these invoices are for goods delivered or work accepted, with nothing retained or on consignment.",
        ),
        (
            Rule::NonAssignable,
            untold(|told| told.non_assignable.is_none()),
            "The client warrants that none of these customers' contracts forbids it to assign the invoices.",
        ),
        (
            Rule::Disputed,
            count(|r| r.disputed.is_none()),
            "The client warrants that none of these invoices is disputed; the ledger does not say.",
        ),
        (
            Rule::FutureDated,
            count(|r| r.issue_assumed),
            "The client warrants that these invoices were issued by the as-of date; the ledger has no invoice date.",
        ),
        (
            Rule::PastDue,
            count(|r| r.due_assumed),
            "The client warrants the due dates of these invoices, which were assumed from the invoice date.",
        ),
    ];
    let unknown =
        undecided.into_iter().filter(|(rule, invoices, _)| rules.contains(rule) && *invoices > 0);
    unknown
        .map(|(rule, invoices, sentence)| Condition {
            rule,
            invoices,
            sentence: sentence.to_owned(),
        })
        .collect()
}
