//! The invoices that are held until they are confirmed, and how much of each.

use std::cmp::Reverse;

use basics::{Money, ended, fnv1a, split_mix};
use words::Facts;

use super::assessment::Assessment;
use super::confirm::ConfirmTerms;
use super::hold::{Finding, HoldReason};
use super::policy::Policy;
use super::receivable::{Pool, Receivable};
use super::rules::Rule;

/// The invoices that are held so far, each with its reasons.
pub(super) struct Holding<'a> {
    pool: &'a Pool,
    /// The policy's rules; `None` if it confirms nothing.
    terms: Option<&'a ConfirmTerms>,
    findings: Vec<Vec<Finding>>,
}

impl<'a> Holding<'a> {
    /// The invoices that are held whatever is bought of them: those that look wrong, and those of
    /// new debtors.
    pub fn of(pool: &'a Pool, policy: &'a Policy) -> Self {
        let terms = policy.confirm();
        let none = || vec![Vec::new(); pool.receivables.len()];
        Self { pool, terms, findings: terms.map_or_else(none, |terms| at_first(pool, terms)) }
    }

    /// Returns true for each receivable that is held.
    pub fn held(&self) -> Vec<bool> {
        self.findings.iter().map(|findings| !findings.is_empty()).collect()
    }

    /// Returns true if nothing is held.
    pub fn is_empty(&self) -> bool {
        self.findings.iter().all(Vec::is_empty)
    }

    /// Holds more invoices, for what is bought of them, and returns true if there are any.
    pub fn more(&mut self, assessments: &[Assessment]) -> bool {
        let Some(terms) = self.terms else { return false };
        let mut found = false;
        for (at, assessment) in assessments.iter().enumerate() {
            if self.is_large(terms, at, assessment.bought) {
                self.findings[at].push(large(terms));
                found = true;
            }
        }
        // A share of the value counts what else is confirmed, so it comes last.
        found || self.draw(terms, assessments) || self.cover(terms, assessments)
    }

    fn is_large(&self, terms: &ConfirmTerms, at: usize, bought: Money) -> bool {
        terms.holds(HoldReason::Large)
            && may_be_held(&self.pool.receivables[at])
            && terms.is_large(bought)
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

    /// Holds the largest invoices until those that are confirmed or held come to the policy's share
    /// of the value.
    fn cover(&mut self, terms: &ConfirmTerms, assessments: &[Assessment]) -> bool {
        let share = terms.coverage_percent;
        if !terms.holds(HoldReason::Coverage) || share.to_f64() <= 0.0 {
            return false;
        }
        let (mut all, mut covered) = (0_i128, 0_i128);
        for ((receivable, judged), held) in
            self.pool.receivables.iter().zip(assessments).zip(&self.findings)
        {
            let value = if held.is_empty() { judged.bought } else { receivable.open };
            all += i128::from(value.minor());
            if !held.is_empty() || receivable.scrutiny.confirmed {
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
                self.findings[at].push(large(terms));
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

fn large(terms: &ConfirmTerms) -> Finding {
    Finding::new(HoldReason::Large, Facts::new().with("limit", terms.from))
}

/// Returns true if an invoice may be held: what was bought or confirmed before is not.
fn may_be_held(receivable: &Receivable) -> bool {
    !receivable.funded && !receivable.scrutiny.confirmed
}

fn at_first(pool: &Pool, terms: &ConfirmTerms) -> Vec<Vec<Finding>> {
    let new = new_debtors(pool, terms);
    let of = |receivable: &Receivable| {
        if !may_be_held(receivable) {
            return Vec::new();
        }
        let wrong = receivable.scrutiny.findings.iter().filter(|found| terms.holds(found.reason));
        wrong.chain(&new[receivable.debtor]).cloned().collect()
    };
    pool.receivables.iter().map(of).collect()
}

/// Returns the finding of each debtor that is new: its payments are judged, it has paid nothing of
/// any size, and none of its invoices is confirmed.
fn new_debtors(pool: &Pool, terms: &ConfirmTerms) -> Vec<Option<Finding>> {
    let mut largest = vec![0_i64; pool.debtors.len()];
    let mut confirmed = vec![false; pool.debtors.len()];
    for receivable in &pool.receivables {
        let debtor = receivable.debtor;
        largest[debtor] = largest[debtor].max(receivable.open.minor());
        confirmed[debtor] |= receivable.scrutiny.confirmed;
    }
    let share = terms.seasoned_percent.to_f64();
    let of = |(debtor, account): (usize, &super::receivable::DebtorAccount)| {
        // A share of an amount that is compared, not paid: its rounding decides nothing.
        let least = Money::from_minor((largest[debtor] as f64 * share) as i64, pool.currency);
        let is_new =
            terms.holds(HoldReason::NewDebtor) && !confirmed[debtor] && account.is_new(least);
        let facts = || Facts::new().with("least", least).with("currency", pool.currency);
        is_new.then(|| Finding::new(HoldReason::NewDebtor, facts()))
    };
    pool.debtors.iter().enumerate().map(of).collect()
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
        // What is confirmed or held anyway counts.
        pool.receivables[1].scrutiny.confirmed = true;
        looks_wrong(&mut pool, 0);
        assert_eq!(held(&assess(&pool, &policy(rules))), [true, false, false, false]);
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
