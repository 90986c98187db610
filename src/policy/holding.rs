//! The invoices that are held until they are confirmed, and how much of each.

use std::cmp::Reverse;

use basics::{Money, ended, fnv1a, split_mix};
use words::Facts;

use super::assessment::Assessment;
use super::confirm::ConfirmTerms;
use super::hold::{Finding, HoldReason};
use super::policy::Policy;
use super::receivable::{Pool, Receivable};
use super::rules::{Rule, RuleSet};

/// The invoices that are held so far, each with its reasons.
pub(super) struct Holding<'a> {
    pool: &'a Pool,
    /// The policy's rules; `None` if it confirms nothing.
    terms: Option<&'a ConfirmTerms>,
    findings: Vec<Vec<Finding>>,
}

impl<'a> Holding<'a> {
    /// The invoices that are held whatever is bought of them: those that look wrong, and those of
    /// new debtors. `failed` are the invoice rules that each fails.
    pub fn of(pool: &'a Pool, policy: &'a Policy, failed: &[RuleSet]) -> Self {
        let terms = policy.confirm();
        let none = || vec![Vec::new(); pool.receivables.len()];
        Self {
            pool,
            terms,
            findings: terms.map_or_else(none, |terms| at_first(pool, terms, failed)),
        }
    }

    /// Returns true for each receivable that is held.
    pub fn held(&self) -> Vec<bool> {
        self.findings.iter().map(|findings| !findings.is_empty()).collect()
    }

    /// Returns true for each receivable that is held for its own sake, and not only because a
    /// larger one makes its debtor new.
    pub fn held_alone(&self) -> Vec<bool> {
        let Some(terms) = self.terms else { return self.held() };
        let alone = |at: usize| !self.findings[at].is_empty() && !self.waits_for_another(terms, at);
        (0..self.findings.len()).map(alone).collect()
    }

    /// Returns true if nothing is held.
    pub fn is_empty(&self) -> bool {
        self.findings.iter().all(Vec::is_empty)
    }

    /// Holds what is large in these assessments, unless it is held already, and returns true if
    /// anything is.
    ///
    /// To be asked first about those in which nothing waits for another invoice: what waits lowers
    /// every cap that is a share of the pool, and by that alone a large invoice would be bought in
    /// part, at once. So an added invoice that makes a debtor new would free those of others.
    pub fn large_ones(&mut self, assessments: &[Assessment]) -> bool {
        let Some(terms) = self.terms else { return false };
        let mut found = false;
        for (at, assessment) in assessments.iter().enumerate() {
            if self.findings[at].is_empty() && self.is_large(terms, at, assessment.bought) {
                let large = self.large(terms);
                self.findings[at].push(large);
                found = true;
            }
        }
        found
    }

    /// Holds more invoices, for what is bought of them, and returns true if there are any.
    pub fn more(&mut self, assessments: &[Assessment]) -> bool {
        let Some(terms) = self.terms else { return false };
        // A share of the value counts what else is confirmed, so it comes last.
        self.large_ones(assessments)
            || self.draw(terms, assessments)
            || self.cover(terms, assessments)
    }

    fn is_large(&self, terms: &ConfirmTerms, at: usize, bought: Money) -> bool {
        terms.holds(HoldReason::Large)
            && may_be_held(&self.pool.receivables[at])
            && terms.is_large(bought)
    }

    fn large(&self, terms: &ConfirmTerms) -> Finding {
        let facts = Facts::new().with("limit", terms.from).with("currency", self.pool.currency);
        Finding::new(HoldReason::Large, facts)
    }

    /// Returns the receivables that are bought and may still be held.
    fn free(&self, assessments: &[Assessment]) -> Vec<usize> {
        let is_free = |&at: &usize| {
            assessments[at].bought.minor() > 0 && may_be_held(&self.pool.receivables[at])
        };
        (0..assessments.len()).filter(is_free).collect()
    }

    /// Holds the invoices that the seed of the pool draws.
    fn draw(&mut self, terms: &ConfirmTerms, assessments: &[Assessment]) -> bool {
        let share = terms.random_percent.to_f64();
        let Some(seed) = self.pool.selection_seed.filter(|_| terms.draws()) else { return false };
        let is_drawn = |&at: &usize| {
            let receivable = &self.pool.receivables[at];
            chance(seed, &self.pool.debtors[receivable.debtor].id, receivable) < share
        };
        let drawn: Vec<usize> = self.free(assessments).into_iter().filter(is_drawn).collect();
        for &at in &drawn {
            self.findings[at].push(Finding::new(HoldReason::Drawn, Facts::new()));
        }
        !drawn.is_empty()
    }

    /// Holds the largest invoices until those that are confirmed or held for this come to the
    /// policy's share of the value.
    ///
    /// What is held for another reason is no part of that value: an invoice that looks wrong would
    /// free others otherwise, because it counts as one that will be confirmed.
    fn cover(&mut self, terms: &ConfirmTerms, assessments: &[Assessment]) -> bool {
        let share = terms.coverage_percent;
        if !terms.holds(HoldReason::Coverage) || share.to_f64() <= 0.0 {
            return false;
        }
        let (mut all, mut covered) = (0_i128, 0_i128);
        for (at, judged) in assessments.iter().enumerate() {
            let receivable = &self.pool.receivables[at];
            let is_covered = self.findings[at].iter().all(|own| own.reason == HoldReason::Coverage);
            let held = !self.findings[at].is_empty();
            let waits = || judged.failed.iter().all(|rule| !rule.is_invoice_rule());
            if held && !is_covered && !(waits() && self.waits_for_another(terms, at)) {
                continue;
            }
            let value = if held { receivable.open } else { judged.bought };
            all += i128::from(value.minor());
            if held && is_covered || !held && receivable.scrutiny.confirmed {
                covered += i128::from(value.minor());
            }
        }
        let mut free = self.free(assessments);
        free.sort_by_key(|&at| (Reverse(assessments[at].bought.minor()), at));
        let wanted = share.to_f64() * all as f64;
        let before = covered;
        for at in free {
            if covered as f64 >= wanted {
                break;
            }
            covered += i128::from(assessments[at].bought.minor());
            let facts = Facts::new().with("share", share);
            self.findings[at].push(Finding::new(HoldReason::Coverage, facts));
        }
        covered > before
    }

    /// Returns true if an invoice is held only because a larger one makes its debtor new. It stays
    /// part of the value, or the larger one would free others by it.
    fn waits_for_another(&self, terms: &ConfirmTerms, at: usize) -> bool {
        let is_new = |own: &Finding| own.reason == HoldReason::NewDebtor;
        self.findings[at].iter().all(is_new) && !is_of_new_size(self.pool, terms, at)
    }

    /// Takes over how each held invoice is judged if all are confirmed, as held instead of bought,
    /// and returns the reasons of those of which something is held.
    pub fn settle(mut self, now: &mut [Assessment], later: &[Assessment]) -> Vec<Vec<Finding>> {
        for at in 0..self.findings.len() {
            if self.findings[at].is_empty() {
                continue;
            }
            let mut judged = later[at];
            let known = self.findings[at].iter().any(|found| found.reason == HoldReason::Large);
            if let Some(terms) =
                self.terms.filter(|t| !known && self.is_large(t, at, judged.bought))
            {
                let large = self.large(terms);
                self.findings[at].push(large);
            }
            judged.take(Rule::Unconfirmed, judged.bought.minor());
            if judged.held().minor() == 0 {
                self.findings[at].clear();
            }
            now[at] = judged;
        }
        self.findings
    }
}

/// Returns true if an invoice may be held: what was bought or confirmed before is not.
fn may_be_held(receivable: &Receivable) -> bool {
    !receivable.funded && !receivable.scrutiny.confirmed
}

fn at_first(pool: &Pool, terms: &ConfirmTerms, failed: &[RuleSet]) -> Vec<Vec<Finding>> {
    let new = new_debtors(pool, terms, failed);
    let of = |receivable: &Receivable| {
        if !may_be_held(receivable) {
            return Vec::new();
        }
        let wrong = receivable.scrutiny.findings.iter().filter(|found| terms.holds(found.reason));
        let mut all: Vec<Finding> =
            wrong.chain(&new.findings[receivable.debtor]).cloned().collect();
        for before in &receivable.scrutiny.held_before {
            let is_known =
                before.reason == HoldReason::NewDebtor && new.confirmed[receivable.debtor];
            if !is_known && all.iter().all(|found| found.reason != before.reason) {
                all.push(before.clone());
            }
        }
        all
    };
    pool.receivables.iter().map(of).collect()
}

/// The new debtors of a pool.
struct NewDebtors {
    /// The finding of each that is new.
    findings: Vec<Option<Finding>>,
    /// True for each of which an invoice is confirmed: all of it, or an amount by which a payment
    /// would make it known.
    confirmed: Vec<bool>,
}

/// Returns which debtors are new: their payments are judged, they have paid nothing of the size of
/// those that may be bought, and none of their invoices is confirmed.
fn new_debtors(pool: &Pool, terms: &ConfirmTerms, failed: &[RuleSet]) -> NewDebtors {
    let mut largest = vec![0_i64; pool.debtors.len()];
    for (receivable, failed) in pool.receivables.iter().zip(failed) {
        let debtor = receivable.debtor;
        // A debtor need not be known for what is never bought.
        let size = if failed.is_empty() { receivable.open.minor() } else { 0 };
        largest[debtor] = largest[debtor].max(size);
    }
    let mut confirmed = vec![false; pool.debtors.len()];
    for own in pool.receivables.iter().filter(|own| own.scrutiny.confirmed) {
        let least = least_paid(pool, terms, largest[own.debtor]);
        let is_whole = own.scrutiny.confirmed_amount.is_none();
        confirmed[own.debtor] |= is_whole || own.uncontested().minor() >= least.minor().max(1);
    }
    let of = |(debtor, account): (usize, &super::receivable::DebtorAccount)| {
        let least = least_paid(pool, terms, largest[debtor]);
        let is_new =
            terms.holds(HoldReason::NewDebtor) && !confirmed[debtor] && account.is_new(least);
        let facts = || Facts::new().with("least", least).with("currency", pool.currency);
        is_new.then(|| Finding::new(HoldReason::NewDebtor, facts()))
    };
    NewDebtors { findings: pool.debtors.iter().enumerate().map(of).collect(), confirmed }
}

/// Returns the payment by which a debtor is known, given its largest open invoice.
fn least_paid(pool: &Pool, terms: &ConfirmTerms, largest: i64) -> Money {
    // A share of an amount that is compared, not paid: its rounding decides nothing.
    Money::from_minor((largest as f64 * terms.seasoned_percent.to_f64()) as i64, pool.currency)
}

/// Returns true if the debtor of an invoice has paid nothing by which it is known for one of this
/// size.
pub(super) fn is_of_new_size(pool: &Pool, terms: &ConfirmTerms, at: usize) -> bool {
    let own = &pool.receivables[at];
    pool.debtors[own.debtor].is_new(least_paid(pool, terms, own.open.minor()))
}

/// Returns a number from 0 to 1 that seed and invoice decide, whatever the order of the rows.
fn chance(seed: u64, debtor: &str, receivable: &Receivable) -> f64 {
    let texts = ended([debtor, &*receivable.number]);
    let bits = fnv1a(seed, texts.chain(receivable.face.minor().to_le_bytes()));
    // The 53 bits that a double holds exactly.
    (split_mix(bits) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use basics::Currency;

    use super::*;
    use crate::{Acquaintance, DebtorAccount, Eligibility, UsualTerms, assess};

    const AS_OF: i32 = 20_000;

    fn usd(cents: i64) -> Money {
        Money::from_minor(cents, Currency::USD)
    }

    fn policy(more: &str) -> Policy {
        let text = format!(
            "extends = \"standard\"\nname = \"own\"\nversion = \"1\"\n\
             [eligibility.concentration]\nlimit_percent = 100\n{more}"
        );
        text.parse().expect("a policy")
    }

    /// Open invoices of 30 days, each of (debtor, cents), of debtors that have paid 10,000.00.
    fn pool(invoices: &[(usize, i64)]) -> Pool {
        let receivable = |(at, &(debtor, cents)): (usize, &(usize, i64))| {
            Receivable::new(format!("A-{at}"), debtor, (AS_OF - 10, AS_OF + 20), usd(cents))
        };
        let debtors = invoices.iter().map(|(debtor, _)| debtor + 1).max().unwrap_or(0);
        let debtor = |id: usize| {
            let (id, name) = (id.to_string(), format!("Debtor {id}"));
            let own = DebtorAccount::new(id, name, UsualTerms::assumed(30), Currency::USD);
            DebtorAccount { acquaintance: Acquaintance::Paid(usd(1_000_000)), ..own }
        };
        Pool {
            currency: Currency::USD,
            as_of: AS_OF,
            receivables: invoices.iter().enumerate().map(receivable).collect(),
            debtors: (0..debtors).map(debtor).collect(),
            room: None,
            selection_seed: None,
        }
    }

    fn looks_wrong(pool: &mut Pool, at: usize) {
        let finding = Finding::new(HoldReason::Reopened, Facts::new());
        pool.receivables[at].scrutiny.findings.push(finding);
    }

    /// Cents bought now and held, of each invoice.
    fn amounts(judged: &Eligibility) -> Vec<(i64, i64)> {
        let both = |a: &Assessment| (a.bought.minor(), a.held().minor());
        judged.assessments.iter().map(both).collect()
    }

    fn reasons(judged: &Eligibility) -> Vec<Vec<HoldReason>> {
        let of = |holds: &Vec<Finding>| holds.iter().map(|hold| hold.reason).collect();
        judged.holds.iter().map(of).collect()
    }

    #[test]
    fn what_looks_wrong_is_held_and_the_rest_is_bought() {
        let mut pool = pool(&[(0, 50_000), (0, 60_000), (1, 70_000)]);
        looks_wrong(&mut pool, 1);
        let judged = assess(&pool, &policy(""));
        assert_eq!(amounts(&judged), [(50_000, 0), (0, 60_000), (70_000, 0)]);
        assert_eq!(reasons(&judged), [vec![], vec![HoldReason::Reopened], vec![]]);
        assert_eq!(judged.assessments[1].reason(), Some(Rule::Unconfirmed));
        // A policy that does not list the reason buys it, and so does any once it is confirmed.
        let lax = policy("[confirm]\nhold = [\"large\"]\n");
        assert_eq!(amounts(&assess(&pool, &lax))[1], (60_000, 0));
        pool.receivables[1].scrutiny.confirmed = true;
        assert_eq!(amounts(&assess(&pool, &policy("")))[1], (60_000, 0));
    }

    #[test]
    fn the_amount_bought_is_compared_not_the_balance() {
        // 25,000.00 is held, a cent less is not; and what a limit leaves of 30,000.00 is not.
        let judged = assess(&pool(&[(0, 2_500_000), (1, 2_499_999)]), &policy(""));
        assert_eq!(amounts(&judged), [(0, 2_500_000), (2_499_999, 0)]);
        assert_eq!(reasons(&judged)[0], [HoldReason::Large]);
        let limited = policy("[eligibility.limits]\npair = 24000\n");
        let judged = assess(&pool(&[(0, 3_000_000)]), &limited);
        assert_eq!(amounts(&judged), [(2_400_000, 0)]);
    }

    /// The cap is 41 % of 29,868.30, so both are large at 12,246.00. If another one makes the first
    /// debtor new, the second is no smaller for the cap being 41 % of itself, 5,860.03.
    #[test]
    fn what_waits_for_another_makes_no_invoice_small() {
        let mut pool = pool(&[(0, 1_557_554), (1, 1_429_276)]);
        let rules = policy("[eligibility.limits]\npair = 15576\n[confirm]\nfrom = 5861\n");
        let rules: Policy = rules
            .text()
            .replacen("limit_percent = 100", "limit_percent = 41", 1)
            .parse()
            .expect("a policy");
        let bought = |pool: &Pool| amounts(&assess(pool, &rules)).iter().map(|a| a.0).sum::<i64>();
        let seasoned = |pool: &mut Pool| {
            pool.debtors[0].acquaintance = Acquaintance::Paid(usd(155_755));
        };
        seasoned(&mut pool);
        assert_eq!(bought(&pool), 0);
        let mut pool = self::pool(&[(0, 1_557_554), (0, 1_557_560), (1, 1_429_276)]);
        seasoned(&mut pool);
        looks_wrong(&mut pool, 1);
        assert_eq!(bought(&pool), 0);
    }

    /// The cap that a sentence states is the one under which the invoice was judged: 25 % of
    /// 1,000.00 without what is held, and with all confirmed 25 % of 3,000.00 and of the 250.00
    /// that are bought now, because what is neither bought nor held uses no limit.
    #[test]
    fn the_cap_of_an_invoice_that_waits_counts_what_is_held() {
        let text = policy("").text().replacen("limit_percent = 100", "limit_percent = 25", 1);
        let rules: Policy = text.parse().expect("a policy");
        let mut pool = pool(&[(0, 300_000), (1, 100_000)]);
        looks_wrong(&mut pool, 0);
        let judged = assess(&pool, &rules);
        assert_eq!(amounts(&judged), [(0, 81_250), (25_000, 0)]);
        let cap = |at| judged.cap_of(at).minor();
        assert_eq!([cap(0), cap(1)], [81_250, 25_000]);
    }

    /// A held invoice leaves the limit to another one, which is then large itself.
    #[test]
    fn what_a_hold_lets_in_is_held_as_well_if_it_is_large() {
        let mut pool = pool(&[(0, 2_600_000), (0, 2_700_000)]);
        pool.receivables[0].due -= 1;
        let limited = policy("[eligibility.limits]\npair = 30000\n");
        let judged = assess(&pool, &limited);
        // 26,000.00 and, of the other, 4,000.00 that the limit leaves.
        assert_eq!(amounts(&judged), [(0, 2_600_000), (0, 400_000)]);
    }

    #[test]
    fn all_invoices_of_a_new_debtor_wait_for_one() {
        let mut pool = pool(&[(0, 50_000), (0, 60_000), (1, 70_000)]);
        for (paid, is_new) in [(0, true), (5_999, true), (6_000, false)] {
            // 10 % of 600.00, its largest open invoice, are enough.
            pool.debtors[0].acquaintance = Acquaintance::Paid(usd(paid));
            let judged = assess(&pool, &policy(""));
            let expected = if is_new { (0, 50_000) } else { (50_000, 0) };
            assert_eq!(amounts(&judged)[0], expected, "{paid} paid");
            assert_eq!(reasons(&judged)[1].is_empty(), !is_new);
        }
        pool.debtors[0].acquaintance = Acquaintance::Paid(usd(0));
        pool.receivables[1].scrutiny.confirmed = true;
        assert_eq!(amounts(&assess(&pool, &policy("")))[0], (50_000, 0));
        // What is excluded is never bought, whatever its size.
        pool.receivables[1].scrutiny.confirmed = false;
        pool.debtors[0].acquaintance = Acquaintance::Paid(usd(5_000));
        pool.receivables[1].disputed = Some(true);
        assert_eq!(amounts(&assess(&pool, &policy("")))[0], (50_000, 0));
        pool.receivables[1].disputed = Some(false);
        // Without any payment on the ledger nobody is new.
        pool.receivables[1].scrutiny.confirmed = false;
        pool.debtors[0].acquaintance = Acquaintance::NotJudged;
        assert_eq!(amounts(&assess(&pool, &policy("")))[0], (50_000, 0));
    }

    #[test]
    fn the_largest_are_held_up_to_the_share_of_value() {
        let rules = "[confirm]\nhold = [\"coverage\", \"reopened\"]\ncoverage_percent = 50\n";
        let mut pool = pool(&[(0, 10_000), (1, 40_000), (2, 30_000), (3, 20_000)]);
        let judged = assess(&pool, &policy(rules));
        let held = |judged: &Eligibility| -> Vec<bool> {
            judged.holds.iter().map(|holds| !holds.is_empty()).collect()
        };
        // 400.00 of 1,000.00 are not half of it.
        assert_eq!(held(&judged), [false, true, true, false]);
        // What is confirmed counts.
        pool.receivables[1].scrutiny.confirmed = true;
        assert_eq!(held(&assess(&pool, &policy(rules))), [false, false, true, false]);
    }

    /// 135.00 of 270.00 are wanted, so 100.00 and 90.00 are held and 80.00 is bought; another
    /// 300.00 that is held for its own sake leaves it at that.
    #[test]
    fn what_is_held_for_another_reason_is_no_part_of_the_share() {
        let rules = "[confirm]\nhold = [\"coverage\", \"reopened\", \"large\", \"new_debtor\"]\n\
                     coverage_percent = 50\nfrom = 300\n";
        let few = [(0, 10_000), (1, 9_000), (2, 8_000)];
        let bought = |pool: &Pool| -> Vec<i64> {
            let judged = assess(pool, &policy(rules));
            judged.assessments.iter().map(|a| a.bought.minor()).collect()
        };
        assert_eq!(bought(&pool(&few)), [0, 0, 8_000]);
        for (why, cents) in
            [("wrong", 30_000), ("wrong", 9_500), ("new", 29_999), ("large", 30_000)]
        {
            let mut pool = pool(&[few.as_slice(), &[(3, cents)]].concat());
            match why {
                "wrong" => looks_wrong(&mut pool, 3),
                "new" => pool.debtors[3].acquaintance = Acquaintance::Paid(usd(0)),
                _ => {}
            }
            assert_eq!(bought(&pool), [0, 0, 8_000, 0], "{why}");
        }
        // Its debtor, which has paid 950.00, is new for 10,000.00 alone; its 80.00 still count, or
        // 100.00 were half of what is left and 90.00 bought.
        let mut pool = pool(&[few.as_slice(), &[(2, 1_000_000)]].concat());
        pool.debtors[2].acquaintance = Acquaintance::Paid(usd(95_000));
        assert_eq!(bought(&pool), [0; 4]);
    }

    #[test]
    fn a_draw_depends_on_seed_and_invoice_alone() {
        let rules = "[confirm]\nhold = [\"drawn\"]\nrandom_percent = 30\n";
        let invoices: Vec<(usize, i64)> = (0..1_000).map(|at| (at % 7, 10_000)).collect();
        let mut pool = pool(&invoices);
        pool.receivables.sort_by_key(|receivable| receivable.debtor);
        let drawn = |pool: &Pool| -> Vec<String> {
            let judged = assess(pool, &policy(rules));
            let all = pool.receivables.iter().zip(&judged.holds);
            all.filter(|(_, holds)| !holds.is_empty()).map(|(r, _)| r.number.clone()).collect()
        };
        assert!(drawn(&pool).is_empty(), "nothing is drawn without a seed");
        pool.selection_seed = Some(1);
        let first = drawn(&pool);
        // 300 are expected; six standard deviations of 14.5 either side.
        assert!((213..=387).contains(&first.len()), "{}", first.len());
        let less = Pool { receivables: pool.receivables[..500].to_vec(), ..pool.clone() };
        let of_less: Vec<String> = drawn(&less);
        assert_eq!(of_less, first[..of_less.len()], "the others do not matter");
        pool.selection_seed = Some(2);
        assert_ne!(drawn(&pool), first);
    }

    /// A debtor's invoices that are not bought do not cure its cross-ageing.
    #[test]
    fn what_is_held_or_excluded_counts_in_no_share() {
        let mut pool = pool(&[(0, 30_000), (0, 70_000), (0, 100_000)]);
        pool.receivables[0].due = AS_OF - 61;
        // 300.00 of 1,000.00 are past due, 30 %; with the third it would be 15 %.
        for change in ["held", "disputed", "long-dated"] {
            let mut pool = pool.clone();
            match change {
                "held" => looks_wrong(&mut pool, 2),
                "disputed" => pool.receivables[2].disputed = Some(true),
                _ => pool.receivables[2].due = AS_OF + 330,
            }
            let judged = assess(&pool, &policy(""));
            assert_eq!(judged.assessments[1].reason(), Some(Rule::CrossAged), "{change}");
        }
        assert_eq!(assess(&pool, &policy("")).assessments[1].reason(), None);
    }

    #[test]
    fn a_re_dated_invoice_counts_from_its_first_due_date_until_it_is_confirmed() {
        let mut pool = pool(&[(0, 50_000), (1, 60_000)]);
        pool.receivables[0].scrutiny.first_due = Some(AS_OF - 61);
        let judged = assess(&pool, &policy(""));
        assert_eq!(judged.assessments[0].reason(), Some(Rule::PastDue));
        pool.receivables[0].scrutiny.confirmed = true;
        assert_eq!(assess(&pool, &policy("")).assessments[0].reason(), None);
    }
}
