//! The law that what is not bought helps nothing, over pools drawn at random.

use std::collections::BTreeMap;

use basics::{Amount, Day, Money};
use proptest::prelude::*;
use words::Facts;

use super::rules::tests::{AS_OF, pool, usd};
use super::{Acquaintance, Assessment, Finding, HoldReason, Policy, Pool, Receivable, assess};

/// The number of debtors of a pool, the last of which is a consumer.
const DEBTORS: usize = 5;

/// An invoice: (debtor, days to the due date, cents, flags).
type Drawn = (usize, Day, i64, u8);

fn drawn(most: usize) -> impl Strategy<Value = Vec<Drawn>> {
    let one = (0..DEBTORS - 1, -100_i32..200, 1_i64..3_000_000, any::<u8>());
    prop::collection::vec(one, 1..most)
}

fn invoice(number: usize, (debtor, days, cents, _): Drawn) -> Receivable {
    let sample = pool().receivables.swap_remove(0);
    Receivable {
        number: number.to_string(),
        debtor,
        issue: AS_OF + (days - 30).min(0),
        due: AS_OF + days,
        face: usd(cents),
        open: usd(cents),
        ..sample
    }
}

fn looks_wrong(receivable: &mut Receivable) {
    receivable.scrutiny.findings.push(Finding::new(HoldReason::Reopened, Facts::new()));
}

/// A pool of which some invoices are bought before, disputed or held, with limits and credits.
fn any_pool() -> impl Strategy<Value = Pool> {
    let amounts = prop::collection::vec((0_i64..5_000_000, any::<u8>()), DEBTORS);
    (drawn(30), amounts).prop_map(|(mut drawn, amounts)| {
        drawn.sort_unstable();
        let mut all = pool();
        let of = |(number, drawn): (usize, Drawn)| {
            let mut own = invoice(number, drawn);
            own.funded = drawn.3 % 8 == 7;
            own.disputed = Some(drawn.3 % 8 == 6);
            if drawn.3 % 8 == 5 {
                looks_wrong(&mut own);
            }
            own
        };
        all.receivables = drawn.into_iter().enumerate().map(of).collect();
        for (debtor, (cents, flags)) in all.debtors.iter_mut().zip(amounts) {
            let amount = Amount(usd(cents).to_decimal());
            debtor.facts.limit = (flags & 3 == 3).then_some(amount);
            debtor.facts.payable = (flags & 0xC == 0xC).then_some(amount);
            debtor.unapplied_credit = usd(if flags & 0x30 == 0x30 { cents } else { 0 });
            debtor.facts.group = (flags & 0x40 == 0x40).then(|| "Mills".to_owned());
            if flags & 0x80 == 0x80 {
                debtor.acquaintance = Acquaintance::Paid(usd(cents / 10));
            }
        }
        all.debtors[DEBTORS - 1].facts.consumer = Some(true);
        all
    })
}

/// Adds an invoice that a rule excludes or that is held, at its place in the order of debtors.
/// Nothing is past due of it: that is a fact about its debtor, which makes the rest ineligible.
fn add(pool: &mut Pool, (debtor, days, cents, why): Drawn) {
    let days = days.abs();
    let mut own = invoice(1_000 + pool.receivables.len(), (debtor, days, cents, why));
    match why % 8 {
        0 => own.disputed = Some(true),
        1 => own.due = AS_OF + 181 + days,
        2 => own.already_assigned = true,
        3 => (own.issue, own.due) = (AS_OF + 1, AS_OF + 1 + days),
        4 => own.debtor = DEBTORS - 1,
        5 => own.duplicate = true,
        6 => own.issue = AS_OF - 1_000 - days,
        _ => looks_wrong(&mut own),
    }
    let at = pool.receivables.partition_point(|other| other.debtor <= own.debtor);
    pool.receivables.insert(at, own);
}

/// The standard policy with one denominator of the cap, by debtor or group, and limits.
fn policies() -> impl Strategy<Value = Policy> {
    let denominator = prop::sample::select(vec!["eligible_before_cap", "gross_ledger", "fixpoint"]);
    let base = prop::sample::select(vec!["gross", "net"]);
    let by = prop::sample::select(vec!["debtor", "group"]);
    let order = vec!["due_first", "oldest_first", "number", "smallest_first", "largest_first"];
    let order = prop::sample::select(order);
    let numbers = (10_u32..=100, 1_u32..=100, 0_u32..60_000, 0_u32..90_000, 0_u32..40_000);
    let coverage = prop_oneof![Just(0_u32), 1_u32..=100];
    (denominator, base, by, order, (numbers, coverage)).prop_map(
        |(denominator, base, by, order, ((limit, cross, pair, group, from), coverage))| {
            let hold = "\"reopened\", \"new_debtor\", \"large\"";
            let hold = if coverage > 0 { format!("{hold}, \"coverage\"") } else { hold.into() };
            let text = format!(
                "extends = \"standard\"\nname = \"law\"\nversion = \"1\"\n\
                 [eligibility.limits]\norder = \"{order}\"\npair = {pair}\ngroup = {group}\n\
                 [eligibility.concentration]\nlimit_percent = {limit}\n\
                 denominator = \"{denominator}\"\nby = \"{by}\"\n\
                 [eligibility.cross_aging]\nthreshold_percent = {cross}\nbase = \"{base}\"\n\
                 [confirm]\nhold = [{hold}]\ncoverage_percent = {coverage}\nfrom = {from}\n"
            );
            text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
        },
    )
}

fn sum(pool: &Pool, policy: &Policy, of: fn(&Assessment) -> Money) -> i64 {
    assess(pool, policy).assessments.iter().map(|assessment| of(assessment).minor()).sum()
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(1_000)
    })]

    #[test]
    fn what_is_excluded_or_held_raises_neither_what_is_bought_nor_the_borrowing_base(
        pool in any_pool(),
        more in drawn(6),
        policy in policies(),
    ) {
        let mut larger = pool.clone();
        more.into_iter().for_each(|drawn| add(&mut larger, drawn));
        for of in [|a: &Assessment| a.bought, Assessment::collateral] {
            let (before, after) = (sum(&pool, &policy, of), sum(&larger, &policy, of));
            prop_assert!(after <= before, "{after} of {before}");
        }
    }

    /// Invoice by invoice, whatever share the policy wants confirmed, where invoices share neither
    /// limit nor credit.
    #[test]
    fn what_is_excluded_or_held_frees_no_invoice_that_is_held(
        pool in any_pool(),
        more in drawn(6),
        coverage in 1_u32..=100,
        from in prop::option::of(0_u32..40_000),
    ) {
        let from = from.map(|from| format!(", \"large\"]\nfrom = {from}"));
        let policy: Policy = format!(
            "extends = \"standard\"\nname = \"law\"\nversion = \"1\"\n\
             [eligibility.concentration]\nlimit_percent = 100\n\
             [confirm]\ncoverage_percent = {coverage}\n\
             hold = [\"reopened\", \"new_debtor\", \"coverage\"{}\n",
            from.as_deref().unwrap_or("]")
        ).parse().expect("a policy");
        let mut pool = pool;
        for debtor in &mut pool.debtors {
            (debtor.facts.limit, debtor.facts.payable) = (None, None);
            debtor.unapplied_credit = usd(0);
        }
        let mut larger = pool.clone();
        more.into_iter().for_each(|drawn| add(&mut larger, drawn));
        let bought = |pool: &Pool| -> BTreeMap<String, i64> {
            let judged = assess(pool, &policy).assessments;
            let all = pool.receivables.iter().zip(judged);
            all.map(|(own, judged)| (own.number.clone(), judged.bought.minor())).collect()
        };
        let (before, after) = (bought(&pool), bought(&larger));
        for (number, before) in before {
            prop_assert!(after[&number] <= before, "{number}: {} of {before}", after[&number]);
        }
    }
}
