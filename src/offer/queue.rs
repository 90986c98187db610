//! The invoices to confirm first.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Money, MoneyError};
use policy::{
    ConfirmTerms, Confirmable, Eligibility, Finding, HoldKind, HoldReason, Policy, Pool,
    Verification,
};
use pricing::LinePrice;
use words::{Catalogue, Fact, Facts};

use super::scored::Scored;
use super::shown::shown_probability;

/// The weight of a debtor's own history below which it counts as new: one expected payment against
/// the five of the shrinkage.
const HARDLY_KNOWN: f64 = 1.0 / 6.0;

/// The code of invoices from the policy's amount on.
const LARGE: &str = "large";

/// The code of invoices of which a likely copy waits until both are confirmed.
const COPY: &str = "copy";

/// The part of a purchase that the queue covers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QueueCover {
    /// The amount bought, now or once it is confirmed, of the invoices in the queue.
    pub amount: Money,
    /// The same as a share of all that is bought, now or once it is confirmed.
    pub share: f64,
}

/// The input to the queue: a pool that is judged and priced.
pub(super) struct ToConfirm<'a> {
    pub policy: &'a Policy,
    pub pool: &'a Pool,
    pub eligibility: &'a Eligibility,
    pub scored: &'a [Scored],
    /// The price of each line, now or once it is confirmed.
    pub prices: &'a [Option<LinePrice>],
}

/// The number of a likely copy that waits, by the debtor and number of what it may be a copy of.
type Copied<'a> = BTreeMap<(usize, &'a str), &'a str>;

/// An invoice that may have to be confirmed.
struct Judged {
    index: usize,
    reasons: Vec<&'static str>,
    why: String,
    looks_wrong: bool,
    held: bool,
    amount: Money,
    saved: f64,
}

impl Judged {
    /// Returns true if it is confirmed however long the queue is.
    fn always(&self) -> bool {
        self.held || self.looks_wrong || is_always(&self.reasons)
    }
}

/// Returns true if one of these codes has an invoice confirmed however long the queue is.
fn is_always<T: AsRef<str>>(codes: &[T]) -> bool {
    codes.iter().any(|code| [LARGE, COPY].contains(&code.as_ref()))
}

/// Returns true if the invoice is confirmed however long the queue is: it is held, looks wrong, is
/// large, or a likely copy waits for it.
pub fn must_confirm(row: &Verification) -> bool {
    let looks_wrong = |code: &str| {
        let mut wrong = HoldReason::ALL.iter().filter(|r| r.kind() == HoldKind::LooksWrong);
        wrong.any(|reason| reason.code() == code)
    };
    row.held || is_always(&row.reasons) || row.reasons.iter().any(|code| looks_wrong(code))
}

impl ToConfirm<'_> {
    /// Returns the invoices to confirm: those that look wrong, those that are held or large, then
    /// the policy's number of others, each in order of the loss that confirming them avoids; and
    /// how much of the purchase they cover.
    pub fn queue(&self) -> Result<(Vec<Verification>, Option<QueueCover>), MoneyError> {
        let Some(terms) = self.policy.confirm() else { return Ok((Vec::new(), None)) };
        let (all, copied) = (0..self.pool.receivables.len(), self.copied());
        let judged = all.filter_map(|index| self.judged((terms, &copied), index));
        let mut judged: Vec<Judged> = judged.collect();
        // The order of the pool decides between equals, so that the queue is always the same.
        judged.sort_by(|a, b| {
            let key = |j: &Judged| (Reverse(j.looks_wrong), Reverse(j.held), Reverse(j.always()));
            key(a).cmp(&key(b)).then(b.saved.total_cmp(&a.saved)).then(a.index.cmp(&b.index))
        });
        let mut others = 0;
        judged.retain(|own| {
            others += usize::from(!own.always());
            own.always() || others <= terms.most
        });
        let cover = self.cover(&judged)?;
        let rows = judged.into_iter().map(|own| self.row(own)).collect::<Result<_, _>>()?;
        Ok((rows, cover))
    }

    /// The invoices that have to be confirmed because a likely copy of them is held: debtor and
    /// number of each, with the number of the copy.
    fn copied(&self) -> Copied<'_> {
        let is_copy = |found: &Finding| found.reason == HoldReason::NearDuplicate;
        let mut all = Copied::new();
        for (own, holds) in self.pool.receivables.iter().zip(&self.eligibility.holds) {
            let copy_of = own.scrutiny.copy_of.as_ref();
            if let Some(of) = copy_of.filter(|_| holds.iter().any(is_copy)) {
                all.insert((own.debtor, &of.number), &own.number);
            }
        }
        all
    }

    /// Returns an invoice as the rules judge it; `None` if there is nothing to confirm.
    fn judged(
        &self,
        (terms, copied): (&ConfirmTerms, &Copied<'_>),
        index: usize,
    ) -> Option<Judged> {
        let receivable = &self.pool.receivables[index];
        let holds = &self.eligibility.holds[index];
        // What looks wrong is asked about even if a rule excludes it: its debtor's answer says
        // something about the client.
        let findings: &[Finding] =
            if holds.is_empty() { &receivable.scrutiny.findings } else { holds };
        let looks_wrong = findings.iter().any(|f| f.reason.kind() == HoldKind::LooksWrong);
        let price = self.prices[index].as_ref();
        let has_answered = receivable.scrutiny.confirmed
            || receivable.awaits_its_copy()
            || self.pool.debtors[receivable.debtor].denies_client;
        let copy = copied.get(&(receivable.debtor, receivable.number.as_str()));
        let copy = copy.filter(|_| holds.is_empty());
        if has_answered || (price.is_none() && !looks_wrong && copy.is_none()) {
            return None;
        }
        let none = Money::zero(self.pool.currency);
        let reasons: Vec<HoldReason> = findings.iter().map(|found| found.reason).collect();
        let invoice = Confirmable {
            amount: price.map_or(none, |price| price.amount),
            advance: price.map_or(none, |price| price.advance),
            reasons: &reasons,
            is_new_debtor: self.scored[index].weights.debtor < HARDLY_KNOWN,
            is_date_assumed: receivable.issue_assumed || receivable.due_assumed,
            is_confirmed: false,
        };
        let copy = copy.map(|number| {
            let bought = if receivable.funded { "yes" } else { "no" };
            Facts::new().with("number", *number).with("bought", Fact::Variant(bought))
        });
        let (codes, mut why) = told((terms, findings), &invoice, copy.as_ref());
        let more = [receivable.unanswered(self.pool.as_of), receivable.outdated()];
        for sentence in more.into_iter().flatten() {
            why.push(' ');
            why.push_str(&sentence);
        }
        Some(Judged {
            index,
            reasons: codes,
            why,
            looks_wrong,
            held: !holds.is_empty(),
            amount: invoice.amount,
            saved: terms.loss_avoided(&invoice),
        })
    }

    fn cover(&self, queued: &[Judged]) -> Result<Option<QueueCover>, MoneyError> {
        let all: i128 = self.prices.iter().flatten().map(|p| i128::from(p.amount.minor())).sum();
        let covered: i128 = queued.iter().map(|own| i128::from(own.amount.minor())).sum();
        let amount = Money::from_total(covered, self.pool.currency)?;
        let share = || shown_probability(covered as f64 / all as f64);
        Ok((all > 0).then(|| QueueCover { amount, share: share() }))
    }

    fn row(&self, own: Judged) -> Result<Verification, MoneyError> {
        let receivable = &self.pool.receivables[own.index];
        Ok(Verification {
            invoice_number: receivable.number.clone(),
            debtor_name: self.pool.debtors[receivable.debtor].name.clone(),
            amount_bought: own.amount,
            reasons: own.reasons.into_iter().map(Cow::Borrowed).collect(),
            why: own.why,
            held: own.held,
            expected_loss_avoided: Money::from_expectation(own.saved, self.pool.currency)?,
        })
    }
}

/// Returns the reasons to confirm an invoice, as codes and in words.
///
/// `copy` are the facts about a likely copy that waits for it.
fn told(
    (terms, findings): (&ConfirmTerms, &[Finding]),
    invoice: &Confirmable<'_>,
    copy: Option<&Facts>,
) -> (Vec<&'static str>, String) {
    let mut codes: Vec<&'static str> = findings.iter().map(|found| found.reason.code()).collect();
    let mut why: Vec<String> = findings.iter().map(Finding::sentence).collect();
    let mut add = |code: &'static str, facts: &Facts| {
        if !codes.contains(&code) {
            codes.push(code);
            why.push(Catalogue::english().say(&format!("confirm.{code}"), facts));
        }
    };
    if let Some(facts) = copy {
        add(COPY, facts);
    }
    if terms.is_large(invoice.amount) {
        add(LARGE, &Facts::new().with("limit", terms.from));
    }
    if invoice.is_new_debtor {
        add("new_debtor", &Facts::new());
    }
    if invoice.is_date_assumed {
        add("date_assumed", &Facts::new());
    }
    if codes.is_empty() {
        codes.push("sample");
        why.push(Catalogue::english().say("confirm.sample", &Facts::new()));
    }
    (codes, why.join(" "))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Case, listed_with, policy, pool_of, usd};
    use super::*;
    use basics::Currency;
    use policy::assess;

    /// Invalid in 0.5 % of the cases, five times that of a new debtor, 20 % of what looks wrong;
    /// from 1,000.00 on held.
    const RULES: &str = "[confirm]\nfrom = 1000\nmost = 1\n";

    fn queue_of(case: &Case) -> (Vec<Verification>, Option<QueueCover>) {
        let eligibility = assess(&case.pool, &case.policy);
        let bought =
            eligibility.assessments.iter().map(|a| usd(a.bought.minor() + a.held().minor()));
        let bought: Vec<Money> = bought.collect();
        let prices = case.desk().line_prices(&case.terms(), &bought).expect("prices");
        let Case { policy, pool, scored, .. } = case;
        let all = ToConfirm { policy, pool, eligibility: &eligibility, scored, prices: &prices };
        all.queue().expect("a queue")
    }

    fn case(rules: &str, invoices: &[(usize, i32, i64)]) -> Case {
        Case::of(listed_with(rules), pool_of(Currency::USD, invoices))
    }

    fn numbers(queue: &[Verification]) -> Vec<&str> {
        queue.iter().map(|invoice| invoice.invoice_number.as_str()).collect()
    }

    #[test]
    fn what_is_held_comes_first_then_what_saves_most_and_only_the_rest_is_limited() {
        let invoices = [(0, 30, 99_999), (0, 30, 100_000), (1, 30, 50_000), (1, 30, 200_000)];
        let (found, cover) = queue_of(&case(RULES, &invoices));
        assert_eq!(numbers(&found), ["A-4", "A-2", "A-1"]);
        let held: Vec<bool> = found.iter().map(|row| row.held).collect();
        assert_eq!(held, [true, true, false], "a cent below the limit is not held");
        assert_eq!(found[0].reasons, ["large"]);
        assert_eq!(found[2].reasons, ["sample"]);
        assert!(found.iter().all(|row| row.why.ends_with('.')));
        // 80 % of 2,000.00, of which 0.5 % is not valid and 95 % is lost then.
        assert_eq!(found[0].expected_loss_avoided, usd(760));
        // 3,999.99 of 4,499.99.
        let cover = cover.expect("something is bought");
        assert_eq!(cover.amount, usd(399_999));
        assert!((cover.share - 399_999.0 / 449_999.0).abs() < 1e-5, "{}", cover.share);
    }

    #[test]
    fn the_order_of_the_pool_decides_between_equals() {
        let (found, _) = queue_of(&case("[confirm]\nmost = 3\n", &[(0, 30, 10_000); 4]));
        assert_eq!(numbers(&found), ["A-1", "A-2", "A-3"]);
    }

    #[test]
    fn a_debtor_is_new_below_one_expected_payment() {
        let mut case = case("[confirm]\nmost = 3\n", &[(0, 30, 50_000); 3]);
        // One payment against five of the shrinkage is a weight of 1 / (1 + 5).
        case.scored[0].weights.debtor = 1.0 / 6.0;
        case.scored[1].weights.debtor = 0.166;
        case.pool.receivables[2].due_assumed = true;
        let (found, _) = queue_of(&case);
        assert_eq!(numbers(&found), ["A-2", "A-1", "A-3"]);
        assert_eq!(found[0].reasons, ["new_debtor"]);
        // 400.00 x 2.5 % x 95 %, and x 0.5 % x 95 %.
        assert_eq!(found[0].expected_loss_avoided, usd(950));
        assert_eq!(found[1].expected_loss_avoided, usd(190));
        assert_eq!(found[2].reasons, ["date_assumed"]);
    }

    /// An invoice that looks wrong is asked about although a rule excludes it, and first.
    #[test]
    fn what_looks_wrong_comes_first_even_if_it_is_excluded() {
        let mut case = case(RULES, &[(0, 30, 150_000), (1, -200, 90_000), (1, 30, 50_000)]);
        let facts = Facts::new().with("of", Fact::Variant("due"));
        let facts = facts.with("first_due", "2026-01-01").with("due", "2026-07-01");
        let finding = Finding::new(HoldReason::ReDated, facts);
        case.pool.receivables[1].scrutiny.findings.push(finding);
        let (found, _) = queue_of(&case);
        assert_eq!(numbers(&found)[..2], ["A-2", "A-1"]);
        assert_eq!((found[0].reasons[0].as_ref(), found[0].held), ("re_dated", false));
        assert_eq!(found[0].amount_bought, usd(0));
    }

    #[test]
    fn what_is_confirmed_is_not_asked_about_again() {
        let mut case = case(RULES, &[(0, 30, 500_000), (1, 30, 500_000)]);
        case.pool.receivables[0].scrutiny.confirmed = true;
        assert_eq!(numbers(&queue_of(&case).0), ["A-2"]);
    }

    #[test]
    fn a_policy_that_confirms_nothing_has_no_queue() {
        let without = policy("without = [\"confirm\"]\n");
        let case = Case::of(without, pool_of(Currency::USD, &[(0, 30, 500_000)]));
        let (queue, cover) = queue_of(&case);
        assert!(queue.is_empty() && cover.is_none());
    }
}
