//! Laws of confirming invoices, on pools drawn at random.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use basics::{Amount, Currency, DebtorFacts, Money, from_day_number};
use words::Facts;

use super::{
    Acquaintance, AnswerTime, Assessment, Channel, ConfirmOutcome, Confirmation, Confirmations,
    DebtorAccount, Finding, HoldReason, Policy, Pool, Receivable, Rule, Scrutiny, UsualTerms,
    assess,
};

const AS_OF: i32 = 20_634;

const DEBTORS: usize = 5;

const DENOMINATORS: &[&str] = &["eligible_before_cap", "gross_ledger", "fixpoint"];

/// The same cases on every run.
fn cases() -> ProptestConfig {
    let rng_seed = RngSeed::Fixed(1);
    ProptestConfig { cases: 1_000, rng_seed, failure_persistence: None, ..Default::default() }
}

fn usd(cents: i64) -> Money {
    Money::from_minor(cents, Currency::USD)
}

fn major(cents: i64) -> Amount {
    Amount(usd(cents).to_decimal())
}

/// (debtor, days to due, cents, flags).
type Drawn = (usize, i32, i64, u8);

/// (credits, limit, new and in which group).
type Account = (Option<i64>, Option<i64>, [bool; 3]);

fn receivable(number: usize, (debtor, days, cents, flags): Drawn) -> Receivable {
    let mut scrutiny = Scrutiny::default();
    if flags & 3 == 3 {
        scrutiny.findings.push(Finding::new(HoldReason::Reopened, Facts::new()));
    }
    let dates = (AS_OF + days - 30, AS_OF + days);
    Receivable {
        disputed: Some(flags & 0x1C == 0x1C),
        duplicate: flags & 0xE0 == 0xE0,
        funded: flags & 0x70 == 0x70,
        scrutiny,
        ..Receivable::new(format!("A-{number}"), debtor, dates, usd(cents))
    }
}

/// Five debtors in two groups, with credits and limits of their own, some of them new.
fn pool() -> impl Strategy<Value = Pool> {
    let drawn = (0..DEBTORS, -80_i32..150, 1_i64..5_000_000, any::<u8>());
    let amount = || prop::option::weighted(0.3, 0_i64..6_000_000);
    let debtor = (amount(), amount(), any::<[bool; 3]>());
    let all = (prop::collection::vec(drawn, 1..20), prop::collection::vec(debtor, DEBTORS));
    all.prop_map(|(mut drawn, debtors)| {
        drawn.sort_unstable();
        let account = |(id, (credit, limit, [is_new, in_group, in_first])): (usize, Account)| {
            let facts = DebtorFacts {
                group: in_group.then(|| if in_first { "First" } else { "Second" }.to_owned()),
                limit: limit.map(major),
                ..DebtorFacts::default()
            };
            let paid = usd(if is_new { 0 } else { 5_000_000 });
            DebtorAccount {
                unapplied_credit: usd(credit.unwrap_or(0)),
                facts,
                acquaintance: Acquaintance::Paid(paid),
                ..DebtorAccount::new(
                    id.to_string(),
                    format!("Debtor {id}"),
                    UsualTerms::assumed(30),
                    Currency::USD,
                )
            }
        };
        Pool {
            currency: Currency::USD,
            as_of: AS_OF,
            receivables: drawn.into_iter().enumerate().map(|(at, d)| receivable(at, d)).collect(),
            debtors: debtors.into_iter().enumerate().map(account).collect(),
            room: None,
            selection_seed: None,
        }
    })
}

fn policy(more: &str) -> Policy {
    let text = format!("extends = \"standard\"\nname = \"own\"\nversion = \"1\"\n{more}");
    text.parse().unwrap_or_else(|error| panic!("{more}: {error}"))
}

fn answer(pool: &Pool, at: usize, outcome: ConfirmOutcome, day: i32) -> Confirmation {
    let own = &pool.receivables[at];
    Confirmation {
        client: None,
        debtor: pool.debtors[own.debtor].id.clone(),
        invoice: own.number.clone(),
        amount: None,
        outcome,
        by: "A. Reed".to_owned(),
        at: AnswerTime::from(from_day_number(day)),
        how: Channel::Telephone,
        note: None,
        document_sha256: None,
    }
}

/// (invoice, outcome, days from the as-of date, cents, person).
type Said = (usize, usize, i32, Option<i64>, bool);

fn said(pool: &Pool, drawn: &[Said]) -> Vec<Confirmation> {
    let one = |&(at, outcome, days, cents, is_second): &Said| {
        let outcome = ConfirmOutcome::ALL[outcome];
        let answer = answer(pool, at % pool.receivables.len(), outcome, AS_OF + days);
        let by = if is_second { "B. Low" } else { "A. Reed" }.to_owned();
        Confirmation { amount: cents.map(major), by, ..answer }
    };
    drawn.iter().map(one).collect()
}

fn answers(days: std::ops::Range<i32>) -> impl Strategy<Value = Vec<Said>> {
    let cents = prop::option::of(0_i64..5_000_000);
    let one = (any::<usize>(), 0..ConfirmOutcome::ALL.len(), days, cents, any::<bool>());
    prop::collection::vec(one, 0..12)
}

fn applied(pool: &Pool, policy: &Policy, answers: Vec<Confirmation>) -> Pool {
    let mut pool = pool.clone();
    Confirmations::new(answers).apply(&mut pool, policy.confirm().expect("rules"), |_, _| 0);
    pool
}

/// Cents bought and held by debtor.
fn by_debtor(pool: &Pool, judged: &[Assessment]) -> BTreeMap<usize, i64> {
    let mut all = BTreeMap::new();
    for (own, judged) in pool.receivables.iter().zip(judged) {
        *all.entry(own.debtor).or_insert(0) += judged.bought.minor() + judged.held().minor();
    }
    all
}

/// The pool once everything that is held has been confirmed.
fn all_confirmed(pool: &Pool, policy: &Policy, judged: &[Assessment]) -> Pool {
    let held = (0..judged.len()).filter(|&at| judged[at].held().minor() > 0);
    let answers = held.map(|at| answer(pool, at, ConfirmOutcome::Confirmed, AS_OF)).collect();
    applied(pool, policy, answers)
}

/// Takes back what was bought before: what rules exclude of it by now would use up the cap on a
/// debtor, and no share is large enough to be without that cap.
fn unfund(pool: &mut Pool) {
    pool.receivables.iter_mut().for_each(|own| own.funded = false);
}

fn total(judged: &[Assessment]) -> i64 {
    judged.iter().map(|own| own.bought.minor() + own.held().minor()).sum()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn one_confirmed_invoice_changes_its_debtor_its_group_and_what_a_cap_cuts(
        mut pool in pool(),
        at in any::<usize>(),
        first_due in prop::option::of(0_i32..300),
        room in prop::option::of(0_i64..9_000_000),
        denominator in prop::sample::select(DENOMINATORS),
        limit in 10_u32..=100,
    ) {
        let policy = policy(&format!(
            "[eligibility.limits]\ngroup = 60000\n\
             [eligibility.concentration]\nlimit_percent = {limit}\n\
             denominator = \"{denominator}\"\n"
        ));
        let at = at % pool.receivables.len();
        pool.room = room.map(|room| usd(room).into());
        pool.receivables[at].scrutiny.first_due = first_due.map(|days| AS_OF - days);
        let before = assess(&pool, &policy).assessments;
        let told = vec![answer(&pool, at, ConfirmOutcome::Confirmed, AS_OF)];
        let after = applied(&pool, &policy, told);
        let after = assess(&after, &policy).assessments;
        let is_capped = |judged: &Assessment| {
            [Rule::Concentration, Rule::FacilityLimit].iter().any(|&c| judged.cut(c).minor() > 0)
        };
        // What a cap of the pool cuts may hold more or less of its debtor and of its group.
        let debtor = |at: usize| pool.receivables[at].debtor;
        let all = 0..before.len();
        let near = all.clone().filter(|&own| {
            own == at || is_capped(&before[own]) || is_capped(&after[own])
        });
        let near: Vec<usize> = near.map(debtor).collect();
        let groups: Vec<String> = near.iter().filter_map(|&own| pool.group_of(own)).collect();
        for other in all.filter(|&other| before[other] != after[other]) {
            let is_of_group = pool.group_of(debtor(other)).is_some_and(|own| groups.contains(&own));
            prop_assert!(near.contains(&debtor(other)) || is_of_group, "{other} of {at}");
        }
    }

    /// Without limits that debtors share, debtor by debtor. What looks wrong is not held while
    /// credits take all of it; once others are confirmed, these may take the credits instead.
    #[test]
    fn confirming_all_that_is_held_buys_exactly_that_and_what_is_bought_today(mut pool in pool()) {
        unfund(&mut pool);
        let policy = policy(
            "[eligibility]\ndebtor_rules = [\"credit_balance\"]\n\
             [eligibility.concentration]\nlimit_percent = 100\n",
        );
        let mut judged = assess(&pool, &policy).assessments;
        let expected = by_debtor(&pool, &judged);
        for _ in 0..pool.receivables.len() {
            pool = all_confirmed(&pool, &policy, &judged);
            judged = assess(&pool, &policy).assessments;
            prop_assert_eq!(&by_debtor(&pool, &judged), &expected);
        }
        prop_assert!(judged.iter().all(|own| own.held().minor() == 0));
    }

    /// Where debtors share a limit, in total: which of them uses it depends on what is held.
    #[test]
    fn under_shared_limits_it_buys_as_much_in_total(
        mut pool in pool(),
        room in prop::option::of(0_i64..9_000_000),
    ) {
        let policy = policy(
            "[eligibility]\ndebtor_rules = [\"credit_balance\"]\n\
             [eligibility.limits]\ngroup = 60000\n\
             [eligibility.concentration]\nlimit_percent = 100\n",
        );
        pool.room = room.map(|room| usd(room).into());
        unfund(&mut pool);
        let before = assess(&pool, &policy).assessments;
        let confirmed = all_confirmed(&pool, &policy, &before);
        let after = assess(&confirmed, &policy).assessments;
        prop_assert_eq!(total(&before), total(&after));
    }

    #[test]
    fn what_is_said_later_changes_nothing(
        pool in pool(),
        by_then in answers(-80..1),
        later in answers(1..80),
    ) {
        let policy = policy("");
        let told = said(&pool, &by_then);
        let both = [told.clone(), said(&pool, &later)].concat();
        prop_assert_eq!(applied(&pool, &policy, both), applied(&pool, &policy, told));
    }

    #[test]
    fn the_order_of_answers_changes_nothing(
        (pool, told, shuffled) in (pool(), answers(-80..20)).prop_flat_map(|(pool, told)| {
            let shuffled = Just(told.clone()).prop_shuffle();
            (Just(pool), Just(told), shuffled)
        }),
    ) {
        let policy = policy("");
        let (told, shuffled) = (said(&pool, &told), said(&pool, &shuffled));
        prop_assert_eq!(applied(&pool, &policy, told), applied(&pool, &policy, shuffled));
    }

    /// Whatever others say on the same day, and whoever they are.
    #[test]
    fn a_dispute_of_the_last_day_excludes_its_invoice(
        pool in pool(),
        told in answers(-80..1),
        at in any::<usize>(),
        is_second in any::<bool>(),
    ) {
        let policy = policy("");
        let at = at % pool.receivables.len();
        let disputed = ConfirmOutcome::ALL.iter().position(|&own| own == ConfirmOutcome::Disputed);
        let dispute = (at, disputed.unwrap_or_default(), 0, None, is_second);
        let told = said(&pool, &[told, vec![dispute]].concat());
        let applied = applied(&pool, &policy, told);
        let own = &applied.receivables[at];
        let denies = applied.debtors[own.debtor].denies_client;
        prop_assert!(own.disputed == Some(true) || denies);
        prop_assert!(!own.scrutiny.confirmed);
        let judged = &assess(&applied, &policy).assessments[at];
        prop_assert_eq!((judged.bought.minor(), judged.held().minor()), (0, 0));
    }

    /// Every cent is in one column, and nothing is bought beyond what a debtor says it owes.
    #[test]
    fn the_columns_add_up_whatever_is_said(pool in pool(), told in answers(-80..20)) {
        let policy = policy("");
        let told = said(&pool, &told);
        let pool = applied(&pool, &policy, told);
        for (own, judged) in pool.receivables.iter().zip(assess(&pool, &policy).assessments) {
            let parts: i64 = judged.parts().map(|(_, part)| part.minor()).sum();
            let excluded = if judged.excluded_by.is_some() { own.open.minor() } else { 0 };
            prop_assert_eq!(excluded + parts + judged.bought.minor(), own.open.minor());
            let most = own.scrutiny.confirmed_amount.unwrap_or(own.open);
            prop_assert!(judged.bought.minor() + judged.held().minor() <= most.minor());
            prop_assert!(judged.bought.minor() == 0 || !pool.debtors[own.debtor].denies_client);
        }
    }
}
