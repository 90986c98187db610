//! Laws over the list of rules, and one pool for each rule that it alone catches.

use std::collections::BTreeSet;

use basics::{Amount, Currency, DebtorFacts, Money};
use words::{Catalogue, Facts};

use super::clause::{Grounds, Lever, Seen, Test, Verdict};
use super::rule::Rule;
use crate::{
    DebtorAccount, DebtorBalance, Finding, HoldReason, Policy, Pool, Receivable, UsualTerms,
    assess, counterfactuals,
};

pub(crate) const AS_OF: i32 = 20_000;

pub(crate) fn usd(cents: i64) -> Money {
    Money::from_minor(cents, Currency::USD)
}

/// The standard policy with every rule and every limit in it.
fn policy() -> Policy {
    let text = "extends = \"standard\"\nname = \"all rules\"\nversion = \"1\"\n\
                [eligibility]\nhome_country = \"US\"\npast_due_days = 90\ninvoice_age_days = 140\n\
                maximum_days_to_due = 120\nminimum_open = 100\n\
                debtor_rules = [\"affiliate\", \"government\", \"foreign\", \"insolvent\", \
                \"credit_balance\", \"cross_aged\"]\n\
                [eligibility.limits]\npair = 4000\ngroup = 6000\n\
                [eligibility.concentration]\nlimit_percent = 30\n";
    text.parse().expect("a policy")
}

/// Five debtors that owe two invoices of 1,000.00 each, all of which are bought; one half of each
/// debt is 90 days past due at the most, which is the limit.
pub(crate) fn pool() -> Pool {
    let facts = DebtorFacts {
        country: Some("US".to_owned()),
        government: Some(false),
        affiliate: Some(false),
        insolvent: Some(false),
        consumer: Some(false),
        progress_billing: Some(false),
        non_assignable: Some(false),
        ..DebtorFacts::default()
    };
    let debtor = |id: usize| {
        let (id, name) = (id.to_string(), format!("Debtor {id}"));
        let own = DebtorAccount::new(id, name, UsualTerms::assumed(30), Currency::USD);
        DebtorAccount { facts: facts.clone(), ..own }
    };
    let receivable = |at: usize| {
        Receivable::new(format!("A-{at}"), at / 2, (AS_OF - 30, AS_OF + 30), usd(100_000))
    };
    Pool {
        currency: Currency::USD,
        as_of: AS_OF,
        receivables: (0..10).map(receivable).collect(),
        debtors: (0..5).map(debtor).collect(),
        room: None,
        selection_seed: None,
    }
}

fn first(pool: &mut Pool) -> &mut Receivable {
    &mut pool.receivables[0]
}

fn facts(pool: &mut Pool) -> &mut DebtorFacts {
    &mut pool.debtors[0].facts
}

/// Makes the rule, and no other, hold the first invoice; the second number is what of it is bought
/// then, in cents.
fn caught(rule: Rule, pool: &mut Pool) -> i64 {
    match rule {
        Rule::Duplicate => first(pool).duplicate = true,
        Rule::AlreadyAssigned => first(pool).already_assigned = true,
        Rule::Consumer => facts(pool).consumer = Some(true),
        Rule::ProgressBilling => facts(pool).progress_billing = Some(true),
        Rule::NonAssignable => facts(pool).non_assignable = Some(true),
        Rule::Disputed => first(pool).disputed = Some(true),
        Rule::FutureDated => first(pool).issue = AS_OF + 1,
        Rule::PastDue => {
            // So little of the debt that the rest of it is not cross-aged.
            first(pool).open = usd(20_000);
            first(pool).due = AS_OF - 91;
        }
        Rule::PastInvoiceDate => first(pool).issue = AS_OF - 141,
        Rule::LongDated => first(pool).due = AS_OF + 121,
        Rule::MinimumSize => first(pool).open = usd(9_999),
        Rule::Affiliate => facts(pool).affiliate = Some(true),
        Rule::Government => facts(pool).government = Some(true),
        Rule::Foreign => facts(pool).country = Some("DE".to_owned()),
        Rule::Insolvent => facts(pool).insolvent = Some(true),
        Rule::CreditBalance => pool.debtors[0].unapplied_credit = usd(200_000),
        Rule::CrossAged => pool.receivables[1].due = AS_OF - 91,
        Rule::UnconfirmedDebtor => pool.debtors[0].denies_client = true,
        Rule::ConfirmedAmount => {
            let scrutiny = &mut first(pool).scrutiny;
            (scrutiny.confirmed, scrutiny.confirmed_amount) = (true, Some(usd(90_000)));
            return 90_000;
        }
        Rule::NotOffered => {
            first(pool).offered = Some(usd(70_000));
            return 70_000;
        }
        Rule::UnappliedCredit => {
            pool.debtors[0].unapplied_credit = usd(40_000);
            return 60_000;
        }
        Rule::Contra => {
            facts(pool).payable = Some(Amount(300.into()));
            return 70_000;
        }
        Rule::DebtorLimit => {
            facts(pool).limit = Some(Amount(500.into()));
            return 50_000;
        }
        Rule::GroupLimit => {
            pool.debtors[..4].iter_mut().for_each(|d| d.facts.group = Some("Mills".to_owned()));
            // Two debtors of the group are due after the others.
            pool.receivables[..2].iter_mut().for_each(|r| r.due = AS_OF + 60);
        }
        Rule::Concentration => {
            // 30 % of 12,000 are 3,600; of the debtor's 4,000 the first invoice is due last.
            pool.receivables[0].open = usd(300_000);
            pool.receivables[0].due = AS_OF + 60;
            return 260_000;
        }
        Rule::AlreadyFunded => first(pool).funded = true,
        Rule::FacilityLimit => {
            // 850.00 to advance at 85 % buy 1,000.00, and the first invoice is due last.
            first(pool).due = AS_OF + 60;
            pool.room = Some(usd(85_000).into());
        }
        Rule::Unconfirmed => {
            let finding = Finding::new(HoldReason::Reopened, Facts::new());
            first(pool).scrutiny.findings.push(finding);
        }
        Rule::NoFeasibleTerms => {}
    }
    0
}

fn judged(rule: Rule) -> (Pool, i64) {
    let mut pool = pool();
    let bought = caught(rule, &mut pool);
    (pool, bought)
}

#[test]
fn without_any_of_it_everything_is_bought() {
    let eligibility = assess(&pool(), &policy());
    assert!(eligibility.assessments.iter().all(|judged| judged.reason().is_none()));
    assert_eq!(eligibility.conditions, []);
}

#[test]
fn each_rule_catches_a_pool_that_no_other_does() {
    for rule in Rule::ALL {
        let (pool, bought) = judged(rule);
        let mut eligibility = assess(&pool, &policy());
        if rule == Rule::NoFeasibleTerms {
            eligibility.decline();
        }
        let first = &eligibility.assessments[0];
        let found = (first.reason(), first.also_fails(), first.bought.minor());
        assert_eq!(found, (Some(rule), vec![], bought), "{rule:?}");
    }
}

/// The change of a rule, made to the pool, gains what it promises.
#[test]
fn a_lever_lifts_its_rule_and_a_rule_without_one_has_no_counterfactual() {
    for rule in Rule::ALL {
        let (pool, bought) = judged(rule);
        let eligibility = assess(&pool, &policy());
        let found = counterfactuals(&pool, &policy(), &eligibility).remove(0);
        let has_lever = !matches!(rule.clause().lever, Lever::None);
        assert_eq!(found.is_some(), has_lever, "{rule:?}: {found:?}");
        if let Some(found) = found {
            let most = pool.receivables[0].open.minor() - bought;
            assert!((1..=most).contains(&found.gains.minor()), "{rule:?}: {found:?}");
            assert!(!found.sentence.contains(['{', '$']), "{rule:?}: {found:?}");
        }
    }
}

#[test]
fn the_day_or_the_cent_at_the_limit_still_passes() {
    let policy = policy();
    let reasons = |change: &dyn Fn(&mut Pool)| {
        let mut pool = pool();
        change(&mut pool);
        assess(&pool, &policy).assessments[0].reason()
    };
    let small = |pool: &mut Pool| first(pool).open = usd(20_000);
    for (limit, rule) in [(90, Rule::PastDue), (-120, Rule::LongDated)] {
        let over = if limit > 0 { limit + 1 } else { limit - 1 };
        for (days, expected) in [(limit, None), (over, Some(rule))] {
            let found = reasons(&|pool| {
                small(pool);
                first(pool).due = AS_OF - days;
            });
            assert_eq!(found, expected, "{days} days past due");
        }
    }
    for (issue, expected) in [(AS_OF, None), (AS_OF + 1, Some(Rule::FutureDated))] {
        assert_eq!(reasons(&|pool| first(pool).issue = issue), expected);
    }
    for (cents, expected) in [(10_000, None), (9_999, Some(Rule::MinimumSize))] {
        assert_eq!(reasons(&|pool| first(pool).open = usd(cents)), expected);
    }
    // Of 2,000.00 owed, credits of as much; a cent less is set off instead.
    let credit = |cents| reasons(&|pool: &mut Pool| pool.debtors[0].unapplied_credit = usd(cents));
    assert_eq!(credit(200_000), Some(Rule::CreditBalance));
    assert_eq!(credit(199_999), Some(Rule::UnappliedCredit));
    // Half of what is owed: 50 % itself is not more than 50 %.
    let threshold = policy.cross_aging().threshold_percent.to_f64();
    let late = |share: f64| {
        reasons(&|pool: &mut Pool| {
            pool.receivables[1].due = AS_OF - 91;
            pool.receivables[1].open = usd((share * 100_000.0 / (1.0 - share)).round() as i64);
        })
    };
    assert_eq!(late(threshold - 0.01), None);
    assert_eq!(late(threshold + 0.01), Some(Rule::CrossAged));
}

#[test]
fn codes_are_unique_and_the_same_in_files_as_in_the_list() {
    let codes: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
    assert_eq!(codes.len(), Rule::ALL.len());
    for rule in Rule::ALL {
        assert_eq!(serde_json::to_value(rule).expect("JSON"), rule.code());
    }
    // Offers hold these words for years: one that is gone cannot be read any more.
    let known = "already_assigned already_funded affiliate concentration confirmed_amount \
                 consumer contra credit_balance cross_aged debtor_limit disputed duplicate \
                 facility_limit foreign future_dated government group_limit insolvent long_dated \
                 minimum_size no_feasible_terms non_assignable past_due past_invoice_date \
                 progress_billing unapplied_credit unconfirmed unconfirmed_debtor";
    assert!(known.split_whitespace().all(|code| codes.contains(code)));
}

/// Each sentence is there, and every fact that it asks for is given.
#[test]
fn every_rule_has_all_its_sentences() {
    let (policy, words) = (policy(), Catalogue::english());
    let mut pool = pool();
    pool.debtors[0].facts = DebtorFacts::default();
    let receivable = &mut pool.receivables[0];
    (receivable.disputed, receivable.issue_assumed, receivable.due_assumed) = (None, true, true);
    let seen = Seen {
        pool: &pool,
        criteria: policy.criteria(),
        receivable: &pool.receivables[0],
        debtor: &pool.debtors[0],
        balance: &DebtorBalance::default(),
    };
    let held = [Finding::new(HoldReason::Reopened, Facts::new())];
    let grounds =
        Grounds { seen, part: usd(1), concentration_cap: usd(1), holds: &held, decline: "none" };
    for rule in Rule::ALL {
        let (code, clause) = (rule.code(), rule.clause());
        let said = |of: &str, facts: &Facts| {
            let said = words.try_say(&format!("{code}.{of}"), facts);
            said.unwrap_or_else(|error| panic!("{code}: {error}"))
        };
        said("policy", &(clause.terms)(policy.criteria()));
        let offer = said("offer", &(clause.reason)(&grounds));
        assert!(rule == Rule::NoFeasibleTerms || offer.ends_with('.'), "{offer}");
        let owner = said("owner", &Facts::new());
        assert!(!owner.ends_with('.'), "it stands inside a sentence: {owner}");
        assert!(!rule.title().contains('.'), "{}", rule.title());
        // What a rule may not know, the client warrants; nothing else has such a sentence.
        let unknown = match clause.test {
            Test::Invoice(test) | Test::Debtor(test) => test(&seen) == Verdict::Unknown,
            Test::Cut(_) => false,
        };
        let condition = words.try_say(&format!("{code}.condition"), &Facts::new());
        assert_eq!(condition.is_ok(), unknown, "{code}: {condition:?}");
    }
}
