//! The answers of debtors, and what they make of a pool before the rules run.

use std::collections::{BTreeMap, HashMap};

use basics::{Day, Money, folded, from_day_number};

use super::confirm::ConfirmTerms;
use super::confirmation::{Channel, ConfirmOutcome, Confirmation};
use super::receivable::{DebtorAccount, GivenAnswer, Pool, Receivable};

/// The answers about one client's invoices, in any order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Confirmations(Vec<Confirmation>);

/// The answers about one invoice, the earliest first.
#[derive(Default)]
struct Answers<'a> {
    all: Vec<&'a Confirmation>,
    /// The first day on which an open invoice of that number was issued, if there is one.
    issued: Option<Day>,
}

impl Confirmations {
    /// Answers about one client's invoices.
    pub fn new(answers: Vec<Confirmation>) -> Self {
        Self(answers)
    }

    /// Returns the day of the last answer; `None` if there is none.
    pub(super) fn last_day(&self) -> Option<Day> {
        self.0.iter().map(|answer| answer.at.day()).max()
    }

    /// Enters the answers into a pool: what is confirmed, for how much, what is disputed, which
    /// debtors do not know the client, and since when there is no answer.
    ///
    /// Of each invoice the latest answer by the as-of date counts. Where nobody can tell the later
    /// of two, the worse outcome counts, then the lower amount, whoever gave it: two of one time,
    /// two days without a time, and a day beside the last time of that day. Nobody answering takes
    /// nothing back that was answered before. A confirmation counts for
    /// [`ConfirmTerms::valid_days`] days after its own; what speaks against an invoice does not
    /// expire: a dispute, a debtor that does not know the client, and a lower amount. A wrong
    /// amount without the right one is a dispute.
    ///
    /// What is said before an invoice is issued does not free it, unless it is a receipt of the
    /// goods, or the issue date is assumed; it takes back nothing that was said against it, either.
    /// What then speaks against the invoice counts.
    ///
    /// The amount that a debtor states is what it owed at the end of that day. `reduced_since`
    /// tells by how much, in minor units, the receivable at an index of the pool was reduced after
    /// a day and by the as-of date; so much less may be bought.
    pub fn apply(
        &self,
        pool: &mut Pool,
        terms: &ConfirmTerms,
        reduced_since: impl Fn(usize, Day) -> i64,
    ) {
        let as_of = pool.as_of;
        self.enter(pool, |day| terms.still_counts(day, as_of), reduced_since);
    }

    /// Enters the answers into a pool as [`Self::apply`] does, where a confirmation of some days
    /// still counts.
    pub(super) fn enter(
        &self,
        pool: &mut Pool,
        still_counts: impl Fn(Day) -> bool,
        reduced_since: impl Fn(usize, Day) -> i64,
    ) {
        let by_invoice = self.by_invoice(pool);
        let mut denied: Vec<usize> = Vec::new();
        for (&(debtor, _), answers) in &by_invoice {
            let is_early = |own: &Confirmation| {
                own.outcome == ConfirmOutcome::Confirmed
                    && answers.issued.is_some_and(|issue| own.precedes(issue))
            };
            let last = answers.last(|own| !is_early(own)).map(|last| last.outcome);
            denied.extend((last == Some(ConfirmOutcome::UnknownDebtor)).then_some(debtor));
        }
        let mut receivables = std::mem::take(&mut pool.receivables);
        for (at, receivable) in receivables.iter_mut().enumerate() {
            let key = (receivable.debtor, receivable.number.trim());
            let Some(answers) = by_invoice.get(&key) else { continue };
            receivable.scrutiny.unanswered_since = answers.unanswered_since();
            let (open, issue) = (receivable.open.minor(), stated_issue(receivable));
            let is_lower = |stated: &Money| stated.minor() < open;
            let stated = |own: &Confirmation| own.amount.and_then(|amount| pool.amount(amount));
            let counts = |own: &Confirmation| {
                own.outcome != ConfirmOutcome::Confirmed
                    || !own.precedes(issue)
                    || stated(own).as_ref().is_some_and(is_lower)
            };
            let Some(last) = answers.last(counts) else { continue };
            match (last.outcome, last.amount) {
                (ConfirmOutcome::Confirmed, _) | (ConfirmOutcome::WrongAmount, Some(_)) => {
                    let left = |stated: Money| {
                        let left = stated.minor().saturating_sub(reduced_since(at, last.at.day()));
                        Money::from_minor(left.max(0), stated.currency())
                    };
                    receivable.scrutiny.confirmed_amount = stated(last).map(left).filter(is_lower);
                    receivable.scrutiny.received = last.how == Channel::GoodsReceipt;
                    let day = last.at.day();
                    let is_outdated =
                        receivable.scrutiny.otherwise_until.is_some_and(|to| day < to);
                    receivable.scrutiny.outdated = is_outdated.then_some(day);
                    receivable.scrutiny.confirmed = still_counts(day)
                        && !last.precedes(issue)
                        && !is_outdated
                        && !last.is_above(receivable.face);
                    let answer = || GivenAnswer {
                        by: last.by.clone(),
                        on: from_day_number(last.at.day()),
                        how: last.how,
                    };
                    receivable.scrutiny.answer = receivable.scrutiny.confirmed.then(answer);
                }
                // An amount that is wrong, and nobody says what is right.
                (ConfirmOutcome::Disputed | ConfirmOutcome::WrongAmount, _) => {
                    receivable.disputed = Some(true);
                }
                (ConfirmOutcome::UnknownDebtor | ConfirmOutcome::NoAnswer, _) => {}
            }
        }
        pool.receivables = receivables;
        denied.into_iter().for_each(|debtor| pool.debtors[debtor].denies_client = true);
    }

    /// Returns the indices of the answers that name a debtor of the pool.
    pub fn about(&self, pool: &Pool) -> Vec<usize> {
        let accounts = Accounts::of(&pool.debtors);
        let is_about = |&at: &usize| !accounts.named(&self.0[at].debtor).is_empty();
        (0..self.0.len()).filter(is_about).collect()
    }

    /// Returns the indices of the answers that confirm a receivable of the pool, for some amount.
    pub fn confirming(&self, pool: &Pool) -> Vec<usize> {
        let accounts = Accounts::of(&pool.debtors);
        let confirms = |&at: &usize| {
            let own = &self.0[at];
            let is_of = |debtor: &usize| {
                let mut all = pool.receivables.iter().filter(|of| of.debtor == *debtor);
                all.any(|of| of.number.trim() == own.invoice.trim())
            };
            matches!(own.outcome, ConfirmOutcome::Confirmed | ConfirmOutcome::WrongAmount)
                && accounts.named(&own.debtor).iter().any(is_of)
        };
        (0..self.0.len()).filter(confirms).collect()
    }

    /// Returns the debtors that are none of the pool's and say that they do not know the client, as
    /// the answers call them. The latest answer about each invoice counts, as in
    /// [`Self::apply`].
    pub fn denied_beside(&self, pool: &Pool) -> Vec<&str> {
        let accounts = Accounts::of(&pool.debtors);
        let known = self.0.iter().filter(|answer| answer.at.day() <= pool.as_of);
        let mut all: BTreeMap<(String, String), Answers<'_>> = BTreeMap::new();
        for answer in known.filter(|answer| accounts.named(&answer.debtor).is_empty()) {
            let own = all.entry((folded(&answer.debtor), answer.invoice.trim().to_lowercase()));
            own.or_default().all.push(answer);
        }
        all.values_mut().for_each(Answers::sort);
        let last =
            all.iter().filter_map(|((debtor, _), answers)| Some((debtor, answers.last(|_| true)?)));
        let denied = last.filter(|(_, last)| last.outcome == ConfirmOutcome::UnknownDebtor);
        // One name for each, the first in text order.
        let mut names: BTreeMap<&String, &str> = BTreeMap::new();
        for (debtor, last) in denied {
            let name = last.debtor.trim();
            names.entry(debtor).and_modify(|first| *first = name.min(first)).or_insert(name);
        }
        names.into_values().collect()
    }

    /// Returns the answers by the as-of date, by debtor of the pool and number of invoice.
    fn by_invoice(&self, pool: &Pool) -> BTreeMap<(usize, &str), Answers<'_>> {
        let accounts = Accounts::of(&pool.debtors);
        let mut all: BTreeMap<(usize, &str), Answers<'_>> = BTreeMap::new();
        for answer in self.0.iter().filter(|answer| answer.at.day() <= pool.as_of) {
            for debtor in accounts.named(&answer.debtor) {
                let own = all.entry((debtor, answer.invoice.trim()));
                own.or_default().all.push(answer);
            }
        }
        // The order in which they are written decides nothing.
        all.values_mut().for_each(Answers::sort);
        let mut issued: HashMap<(usize, &str), Day> = HashMap::new();
        for receivable in &pool.receivables {
            let key = (receivable.debtor, receivable.number.trim());
            if all.contains_key(&key) {
                let issue = stated_issue(receivable);
                issued.entry(key).and_modify(|first| *first = issue.min(*first)).or_insert(issue);
            }
        }
        all.iter_mut().for_each(|(key, own)| own.issued = issued.get(key).copied());
        all
    }
}

/// Returns the issue date before which nothing is confirmed; the first of all days if it is
/// assumed.
fn stated_issue(receivable: &Receivable) -> Day {
    if receivable.issue_assumed { Day::MIN } else { receivable.issue }
}

impl<'a> Answers<'a> {
    /// Brings the answers into the order of their times. On one day an answer ends the wait.
    fn sort(&mut self) {
        self.all.sort_by_key(|own| (own.at, own.outcome != ConfirmOutcome::NoAnswer));
    }

    /// Returns the answer that counts among those that may; `None` if nobody has answered yet.
    fn last(&self, may_count: impl Fn(&Confirmation) -> bool) -> Option<&'a Confirmation> {
        let is_answer =
            |own: &&Confirmation| own.outcome != ConfirmOutcome::NoAnswer && may_count(own);
        let answers = || self.all.iter().copied().filter(is_answer);
        let day = answers().next_back()?.at.day();
        let of_day = || answers().filter(|own| own.at.day() == day);
        let last_time = of_day().filter(|own| own.at.has_time()).map(|own| own.at).max();
        // Its time is not known, or it is the last one that is.
        let may_be_last = |own: &&Confirmation| {
            !own.at.has_time() || last_time.is_some_and(|last| own.at.cmp(&last).is_eq())
        };
        of_day().filter(may_be_last).max_by_key(|own| own.weight())
    }

    /// Returns the day of the first attempt since the last answer, if there was one.
    fn unanswered_since(&self) -> Option<Day> {
        let attempts = self.all.iter().rev();
        let attempts = attempts.take_while(|own| own.outcome == ConfirmOutcome::NoAnswer);
        attempts.last().map(|first| first.at.day())
    }
}

/// The debtors of a pool by the texts that name them.
struct Accounts<'a> {
    by_id: HashMap<&'a str, usize>,
    by_name: HashMap<String, Vec<usize>>,
}

impl<'a> Accounts<'a> {
    fn of(debtors: &'a [DebtorAccount]) -> Self {
        let by_id = debtors.iter().enumerate().map(|(at, own)| (own.id.as_str(), at)).collect();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, own) in debtors.iter().enumerate() {
            by_name.entry(folded(&own.name)).or_default().push(at);
        }
        Self { by_id, by_name }
    }

    /// Returns the debtor with this id or, without one, those with this name in any spelling.
    fn named(&self, text: &str) -> Vec<usize> {
        let text = text.trim();
        let by_id = self.by_id.get(text).map(|&at| vec![at]);
        by_id.or_else(|| self.by_name.get(&folded(text)).cloned()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use basics::{Amount, Currency, Money, from_day_number};
    use words::Facts;

    use super::super::confirmation::{AnswerTime, Channel};
    use super::*;
    use crate::{
        Acquaintance, Assessment, Finding, HoldReason, Policy, Receivable, Rule, UsualTerms, assess,
    };

    /// 2026-06-30.
    const AS_OF: Day = 20_634;

    fn usd(cents: i64) -> Money {
        Money::from_minor(cents, Currency::USD)
    }

    fn policy() -> Policy {
        let text = "extends = \"standard\"\nname = \"own\"\nversion = \"1\"\n\
                    [eligibility.concentration]\nlimit_percent = 100\n";
        text.parse().expect("a policy")
    }

    /// Two debtors with two invoices of 1,000.00 each; those of the second have been re-dated, so
    /// they are held.
    fn pool() -> Pool {
        let debtor = |at: usize| {
            let name = ["North Mill Ltd", "South Mill Ltd"][at];
            DebtorAccount::new(format!("D{at}"), name, UsualTerms::assumed(30), Currency::USD)
        };
        let receivable = |at: usize| {
            Receivable::new(format!("A-{}", at + 1), at / 2, (AS_OF - 80, AS_OF + 30), usd(100_000))
        };
        let mut receivables: Vec<Receivable> = (0..4).map(receivable).collect();
        for own in &mut receivables[2..] {
            own.scrutiny.findings.push(Finding::new(HoldReason::Reopened, Facts::new()));
        }
        Pool {
            currency: Currency::USD,
            as_of: AS_OF,
            receivables,
            debtors: (0..2).map(debtor).collect(),
            room: None,
            selection_seed: None,
        }
    }

    /// An answer about an invoice of the second debtor, so many days before the as-of date.
    fn answer(invoice: &str, outcome: ConfirmOutcome, ago: i32) -> Confirmation {
        Confirmation {
            client: None,
            debtor: "D1".to_owned(),
            invoice: invoice.to_owned(),
            amount: None,
            outcome,
            by: "A. Reed".to_owned(),
            at: AnswerTime::from(from_day_number(AS_OF - ago)),
            how: Channel::Telephone,
            note: None,
            document_sha256: None,
        }
    }

    fn stating(major: &str, answer: Confirmation) -> Confirmation {
        Confirmation { amount: Some(Amount(major.parse().expect("a number"))), ..answer }
    }

    fn judged(answers: &[Confirmation]) -> (Pool, Vec<Assessment>) {
        judged_in(pool(), answers)
    }

    fn judged_in(mut pool: Pool, answers: &[Confirmation]) -> (Pool, Vec<Assessment>) {
        let policy = policy();
        let answers = Confirmations::new(answers.to_vec());
        answers.apply(&mut pool, policy.confirm().expect("rules"), |_, _| 0);
        let assessments = assess(&pool, &policy).assessments;
        (pool, assessments)
    }

    /// Cents bought and held of each invoice.
    fn bought(answers: &[Confirmation]) -> Vec<(i64, i64)> {
        judged(answers).1.iter().map(|own| (own.bought.minor(), own.held().minor())).collect()
    }

    const NOW: (i64, i64) = (100_000, 0);
    const HELD: (i64, i64) = (0, 100_000);

    use ConfirmOutcome::{Confirmed, Disputed, NoAnswer, UnknownDebtor, WrongAmount};

    #[test]
    fn what_is_confirmed_is_bought_and_nothing_else_changes() {
        assert_eq!(bought(&[]), [NOW, NOW, HELD, HELD]);
        assert_eq!(bought(&[answer("A-3", Confirmed, 0)]), [NOW, NOW, NOW, HELD]);
        assert_eq!(bought(&[answer(" A-4 ", Confirmed, 0)]), [NOW, NOW, HELD, NOW]);
        for amount in ["1000", "1000.00"] {
            let told = stating(amount, answer("A-3", Confirmed, 0));
            assert_eq!(bought(&[told]), [NOW, NOW, NOW, HELD], "{amount}");
        }
        // Who owes more than was billed means another invoice, or another amount.
        for amount in ["1000.01", "79228162514264337593543950335"] {
            let told = stating(amount, answer("A-3", Confirmed, 0));
            assert_eq!(bought(&[told]), bought(&[]), "{amount}");
        }
        // An invoice of that number, but of another debtor; and one that is not there.
        let other = Confirmation { debtor: "D0".to_owned(), ..answer("A-3", Confirmed, 0) };
        assert_eq!(bought(&[other, answer("A-9", Confirmed, 0)]), bought(&[]));
    }

    #[test]
    fn a_debtor_is_named_by_its_id_or_by_any_spelling_of_its_name() {
        for name in ["D1", "South Mill Ltd", "SOUTH MILL, LTD.", " south-mill ltd"] {
            let told = Confirmation { debtor: name.to_owned(), ..answer("A-3", Confirmed, 0) };
            assert_eq!(bought(&[told]), [NOW, NOW, NOW, HELD], "{name}");
        }
        for name in ["d1", "South Mill", "D", ""] {
            let told = Confirmation { debtor: name.to_owned(), ..answer("A-3", Confirmed, 0) };
            assert_eq!(bought(&[told]), bought(&[]), "{name}");
        }
    }

    #[test]
    fn no_more_is_bought_than_the_amount_that_the_debtor_states() {
        for outcome in [Confirmed, WrongAmount] {
            let told = [stating("800.00", answer("A-3", outcome, 0))];
            assert_eq!(bought(&told), [NOW, NOW, (80_000, 0), HELD], "{outcome:?}");
            let (_, assessments) = judged(&told);
            assert_eq!(assessments[2].reason(), Some(Rule::ConfirmedAmount));
            assert_eq!(assessments[2].cut(Rule::ConfirmedAmount), usd(20_000));
            // Also of an invoice that nobody held.
            let own = Confirmation { debtor: "D0".to_owned(), ..answer("A-1", outcome, 0) };
            assert_eq!(bought(&[stating("0.01", own.clone())])[0], (1, 0));
            assert_eq!(bought(&[stating("0", own)])[0], (0, 0));
        }
        // A fraction of a cent is rounded down.
        assert_eq!(bought(&[stating("799.999", answer("A-3", WrongAmount, 0))])[2], (79_999, 0));
        // Nobody says what would be right.
        let (_, assessments) = judged(&[answer("A-3", WrongAmount, 0)]);
        assert_eq!(assessments[2].reason(), Some(Rule::Disputed));
    }

    /// Of 1,500.00 the debtor confirmed an amount, three days before 400.00 were paid.
    #[test]
    fn what_is_paid_after_the_answer_lowers_the_confirmed_amount() {
        for (stated, ago, expected) in [
            ("1000", 3, 60_000),
            ("1500", 3, 110_000),
            ("300", 3, 0),
            // Answered on the day of the payment: the end of that day counts.
            ("1000", 2, 100_000),
            ("1000", 0, 100_000),
        ] {
            let (policy, mut pool) = (policy(), pool());
            pool.receivables[2].face = usd(150_000);
            pool.receivables[2].open = usd(110_000);
            let told = stating(stated, answer("A-3", Confirmed, ago));
            let reduced = |at, day| if (at, day < AS_OF - 2) == (2, true) { 40_000 } else { 0 };
            let answers = Confirmations::new(vec![told]);
            answers.apply(&mut pool, policy.confirm().expect("rules"), reduced);
            let bought = assess(&pool, &policy).assessments[2].bought.minor();
            assert_eq!(bought, expected, "{stated} {ago} days ago");
        }
    }

    #[test]
    fn a_debtor_without_open_invoices_that_denies_the_client_is_named() {
        let of =
            |debtor: &str, own: Confirmation| Confirmation { debtor: debtor.to_owned(), ..own };
        let denied = |told: &[Confirmation]| {
            let all = Confirmations::new(told.to_vec());
            all.denied_beside(&pool()).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let denial = |debtor: &str, ago| of(debtor, answer("Z-1", UnknownDebtor, ago));
        assert_eq!(denied(&[denial("East Mill", 3), denial("Acre", 9)]), ["Acre", "East Mill"]);
        assert_eq!(denied(&[denial("EAST MILL", 3), denial("East Mill", 9)]), ["EAST MILL"]);
        // One that owes something is told with the pool; one that has not answered yet, or has
        // confirmed since, is none.
        assert!(denied(&[denial("D1", 3), denial("south mill ltd", 3)]).is_empty());
        assert!(denied(&[denial("East Mill", -1)]).is_empty());
        let since = of("east mill", answer("Z-1", Confirmed, 2));
        assert!(denied(&[denial("East Mill", 3), since]).is_empty());
        let attempt = of("east mill", answer("Z-1", NoAnswer, 2));
        assert_eq!(denied(&[denial("East Mill", 3), attempt]), ["East Mill"]);
    }

    #[test]
    fn what_is_disputed_is_excluded_whatever_the_ledger_says() {
        let (pool, assessments) = judged(&[answer("A-3", Disputed, 400)]);
        assert_eq!(pool.receivables[2].disputed, Some(true));
        assert_eq!(assessments[2].reason(), Some(Rule::Disputed));
        assert_eq!(bought(&[answer("A-3", Disputed, 400)]), [NOW, NOW, (0, 0), HELD]);
    }

    #[test]
    fn a_debtor_that_does_not_know_the_client_is_excluded_with_all_it_owes() {
        // Of an invoice in the pool, or of another.
        for invoice in ["A-3", "A-9"] {
            let (pool, assessments) = judged(&[answer(invoice, UnknownDebtor, 400)]);
            assert!(pool.debtors[1].denies_client && !pool.debtors[0].denies_client);
            let reasons: Vec<_> = assessments.iter().map(Assessment::reason).collect();
            let denied = Some(Rule::UnconfirmedDebtor);
            assert_eq!(reasons, [None, None, denied, denied], "{invoice}");
        }
        // One invoice confirmed does not clear what was said of another; a later answer does.
        let mut told = vec![answer("A-3", UnknownDebtor, 9), answer("A-4", Confirmed, 2)];
        assert_eq!(bought(&told), [NOW, NOW, (0, 0), (0, 0)]);
        told.push(answer("A-3", Confirmed, 1));
        assert_eq!(bought(&told), [NOW; 4]);
    }

    /// Also under a policy that was written before there was such a rule, and in the place that one
    /// gives it.
    #[test]
    fn the_rule_on_such_a_debtor_holds_whether_a_policy_lists_it_or_not() {
        let listing = |rules: &str| -> Policy {
            let text = format!(
                "extends = \"standard\"\nname = \"own\"\nversion = \"1\"\nwithout = [\"confirm\"]\n\
                 [eligibility]\ndebtor_rules = [{rules}]\n"
            );
            text.parse().expect("a policy")
        };
        let reason = |policy: &Policy| {
            let mut pool = pool();
            pool.debtors[1].denies_client = true;
            pool.debtors[1].facts.insolvent = Some(true);
            assess(&pool, policy).assessments[2].reason()
        };
        for (rules, expected) in [
            ("", Rule::UnconfirmedDebtor),
            ("\"insolvent\"", Rule::Insolvent),
            ("\"unconfirmed_debtor\", \"insolvent\"", Rule::UnconfirmedDebtor),
            ("\"insolvent\", \"unconfirmed_debtor\"", Rule::Insolvent),
        ] {
            let policy = listing(rules);
            assert_eq!(reason(&policy), Some(expected), "{rules}");
            let judged: Vec<Rule> = policy.rules().collect();
            let times = judged.iter().filter(|&&rule| rule == Rule::UnconfirmedDebtor).count();
            assert_eq!(times, 1, "{rules}");
        }
    }

    #[test]
    fn without_an_answer_it_stays_held_and_the_days_are_told() {
        let told = [answer("A-3", NoAnswer, 18), answer("A-3", NoAnswer, 4)];
        let (pool, _) = judged(&told);
        assert_eq!(bought(&told), bought(&[]));
        assert_eq!(pool.receivables[2].scrutiny.unanswered_since, Some(AS_OF - 18));
        let said = |at: usize| pool.receivables[at].unanswered(AS_OF);
        let sentence = "The customer has not answered since 2026-06-12, 18 days.";
        assert_eq!(said(2).as_deref(), Some(sentence));
        assert_eq!(said(3), None);
        let days = |ago| {
            let (pool, _) = judged(&[answer("A-3", NoAnswer, ago)]);
            pool.receivables[2].unanswered(AS_OF).expect("a sentence")
        };
        assert_eq!(days(0), "The customer was asked today and has not answered.");
        assert_eq!(days(1), "The customer has not answered since 2026-06-29, 1 day.");
        // The wait begins after the last answer, and ends with one.
        let told = [answer("A-3", NoAnswer, 80), answer("A-3", Confirmed, 70)];
        let (pool, _) = judged(&[&told[..], &[answer("A-3", NoAnswer, 5)]].concat());
        assert_eq!(pool.receivables[2].scrutiny.unanswered_since, Some(AS_OF - 5));
        let (pool, _) = judged(&told);
        assert_eq!(pool.receivables[2].scrutiny.unanswered_since, None);
    }

    #[test]
    fn a_confirmation_expires_after_its_days_and_what_speaks_against_an_invoice_does_not() {
        // The standard policy lets it count for 60 days.
        for (ago, expected) in [(59, NOW), (60, NOW), (61, HELD), (400, HELD)] {
            assert_eq!(bought(&[answer("A-3", Confirmed, ago)])[2], expected, "{ago} days ago");
        }
        let lower = |ago| bought(&[stating("800", answer("A-3", WrongAmount, ago))])[2];
        assert_eq!([lower(60), lower(61)], [(80_000, 0), (0, 80_000)]);
        assert_eq!(bought(&[answer("A-3", Disputed, 61)])[2], (0, 0));
        assert_eq!(bought(&[answer("A-3", UnknownDebtor, 61)])[2], (0, 0));
    }

    #[test]
    fn nothing_that_is_said_after_the_as_of_date_counts() {
        for &outcome in ConfirmOutcome::ALL {
            let later = stating("1", answer("A-3", outcome, -1));
            assert_eq!(judged(&[later]).0, pool(), "{outcome:?}");
        }
        let at = |time: &str| Confirmation {
            at: time.parse().expect("a time"),
            ..answer("A-3", Confirmed, 0)
        };
        assert_eq!(bought(&[at("2026-06-30T23:59:59-08:00")])[2], NOW);
        assert_eq!(bought(&[at("2026-07-01T00:00:00+09:00")])[2], HELD);
    }

    /// Cents bought and held of A-3, issued so many days ago, the answers being written in either
    /// order.
    fn of_third(ago: i32, mut answers: Vec<Confirmation>) -> (i64, i64) {
        let told = |answers: &[Confirmation]| {
            let mut pool = pool();
            pool.receivables[2].issue = AS_OF - ago;
            let own = judged_in(pool, answers).1[2];
            (own.bought.minor(), own.held().minor())
        };
        let first = told(&answers);
        answers.reverse();
        assert_eq!(told(&answers), first, "in another order: {answers:?}");
        first
    }

    #[test]
    fn the_latest_answer_counts_then_the_worse_then_the_lower_amount() {
        let by = |by: &str, answer: Confirmation| Confirmation { by: by.to_owned(), ..answer };
        let bad = (0, 0);
        for (answers, expected) in [
            (vec![answer("A-3", Disputed, 5), answer("A-3", Confirmed, 4)], NOW),
            (vec![answer("A-3", Disputed, 4), answer("A-3", Confirmed, 5)], bad),
            // An attempt in vain takes nothing back.
            (vec![answer("A-3", Confirmed, 5), answer("A-3", NoAnswer, 4)], NOW),
            (vec![answer("A-3", Disputed, 5), answer("A-3", NoAnswer, 4)], bad),
            // On one day the worse outcome decides, whoever gave it, then the lower amount.
            (vec![by("A", answer("A-3", Disputed, 5)), by("B", answer("A-3", Confirmed, 5))], bad),
            (vec![by("B", answer("A-3", Disputed, 5)), by("A", answer("A-3", Confirmed, 5))], bad),
            (
                vec![
                    by("A", answer("A-3", UnknownDebtor, 5)),
                    by("B", answer("A-3", Confirmed, 5)),
                ],
                bad,
            ),
            (
                vec![
                    by("A", stating("900", answer("A-3", WrongAmount, 5))),
                    by("B", stating("800", answer("A-3", Confirmed, 5))),
                ],
                (90_000, 0),
            ),
            // A wrong amount without the right one is a dispute.
            (
                vec![answer("A-3", WrongAmount, 5), stating("800", answer("A-3", WrongAmount, 5))],
                bad,
            ),
            (
                vec![
                    stating("700", answer("A-3", Confirmed, 5)),
                    stating("800", answer("A-3", Confirmed, 5)),
                    answer("A-3", Confirmed, 5),
                ],
                (70_000, 0),
            ),
        ] {
            assert_eq!(of_third(80, answers.clone()), expected, "{answers:?}");
        }
    }

    #[test]
    fn beside_the_last_time_of_a_day_an_adverse_answer_without_a_time_counts_and_conversely() {
        let at = |time: &str, outcome: ConfirmOutcome| Confirmation {
            at: time.parse().expect("a time"),
            by: if outcome == Confirmed { "Z. Moss" } else { "A. Reed" }.to_owned(),
            ..answer("A-3", outcome, 0)
        };
        let (bad, day) = ((0, 0), "2026-06-12");
        let [morning, evening] = ["2026-06-12T09:00:00Z", "2026-06-12T18:00:00Z"];
        for (answers, expected) in [
            (vec![at(morning, Disputed), at(day, Confirmed)], bad),
            (vec![at(evening, Confirmed), at(day, Disputed)], bad),
            (vec![at(morning, UnknownDebtor), at(day, Confirmed)], bad),
            // Of two times, and of two days, the later is known.
            (vec![at(morning, Disputed), at(evening, Confirmed)], NOW),
            (vec![at(morning, Confirmed), at(evening, Disputed)], bad),
            (vec![at(morning, Disputed), at("2026-06-13", Confirmed)], NOW),
            // The confirmation of the evening has taken the dispute back.
            (vec![at(morning, Disputed), at(evening, Confirmed), at(day, Confirmed)], NOW),
            // One moment, in two offsets.
            (vec![at(morning, Disputed), at("2026-06-12T10:00:00+01:00", Confirmed)], bad),
        ] {
            assert_eq!(of_third(80, answers.clone()), expected, "{answers:?}");
        }
    }

    /// The invoice is issued thirty days before the as-of date.
    #[test]
    fn what_is_said_before_an_invoice_is_issued_does_not_free_it() {
        let bad = (0, 0);
        let goods =
            |ago| Confirmation { how: Channel::GoodsReceipt, ..answer("A-3", Confirmed, ago) };
        for (answers, expected) in [
            (vec![answer("A-3", Confirmed, 30)], NOW),
            (vec![answer("A-3", Confirmed, 31)], HELD),
            (vec![goods(31)], NOW),
            (vec![answer("A-3", Confirmed, 31), answer("A-3", Confirmed, 9)], NOW),
            // What speaks against it counts, and an early confirmation takes nothing back.
            (vec![answer("A-3", Disputed, 31)], bad),
            (vec![answer("A-3", UnknownDebtor, 31)], bad),
            (vec![answer("A-3", Disputed, 35), answer("A-3", Confirmed, 31)], bad),
            (vec![answer("A-3", UnknownDebtor, 35), answer("A-3", Confirmed, 31)], bad),
            (vec![answer("A-3", Disputed, 35), answer("A-3", Confirmed, 30)], NOW),
            (vec![stating("800", answer("A-3", WrongAmount, 31))], (0, 80_000)),
            (vec![stating("800", answer("A-3", Confirmed, 31))], (0, 80_000)),
        ] {
            assert_eq!(of_third(30, answers.clone()), expected, "{answers:?}");
        }
        // Nobody knows when an invoice was issued whose date is assumed.
        let (policy, mut pool) = (policy(), pool());
        pool.receivables[2].issue = AS_OF - 30;
        pool.receivables[2].issue_assumed = true;
        let answers = Confirmations::new(vec![answer("A-3", Confirmed, 31)]);
        answers.apply(&mut pool, policy.confirm().expect("rules"), |_, _| 0);
        assert!(pool.receivables[2].scrutiny.confirmed);
    }

    #[test]
    fn one_confirmed_invoice_is_enough_to_know_a_new_debtor() {
        let mut pool = pool();
        pool.receivables[2..].iter_mut().for_each(|own| own.scrutiny.findings.clear());
        pool.debtors[1].acquaintance = Acquaintance::Paid(usd(0));
        let policy = policy();
        let held = |pool: &Pool| -> Vec<i64> {
            assess(pool, &policy).assessments.iter().map(|own| own.held().minor()).collect()
        };
        assert_eq!(held(&pool), [0, 0, 100_000, 100_000]);
        let answers = Confirmations::new(vec![answer("A-3", Confirmed, 0)]);
        answers.apply(&mut pool, policy.confirm().expect("rules"), |_, _| 0);
        assert_eq!(held(&pool), [0; 4]);
    }
}
