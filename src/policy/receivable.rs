use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{
    Amount, Currency, Day, DebtorFacts, Money, Rate, Rounding, from_day_number, serialize_date,
};
use words::{Catalogue, Facts};

use super::confirmation::Channel;
use super::hold::Finding;
use super::usual_terms::UsualTerms;

/// An open invoice as the policy sees it.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
pub struct Receivable {
    /// The client's own number.
    pub number: String,
    /// Index into the pool's debtors.
    pub debtor: usize,
    /// Issue date.
    pub issue: Day,
    /// Due date.
    pub due: Day,
    /// Original amount.
    pub face: Money,
    /// The balance still owed at the as-of date.
    pub open: Money,
    /// True if the debtor disputes it; `None` if the ledger does not tell.
    pub disputed: Option<bool>,
    /// True if it is payable to someone other than the client.
    pub already_assigned: bool,
    /// True if another invoice of the debtor has the same number.
    pub duplicate: bool,
    /// True if it has already been bought.
    pub funded: bool,
    /// The most of it that counts where an earlier offer is completed: what that one held or
    /// bought of it. `None` if none is.
    pub offered: Option<Money>,
    /// True if the issue date was assumed.
    pub issue_assumed: bool,
    /// True if the due date was assumed.
    pub due_assumed: bool,
    /// The scrutiny that it is under.
    pub scrutiny: Scrutiny,
}

/// The signs against an invoice, and its debtor's answer about it.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
pub struct Scrutiny {
    /// The earlier due date from which it counts until it is confirmed, because a ledger before
    /// this one, or the invoice that it replaces, shows it.
    pub first_due: Option<Day>,
    /// The earlier issue date from which it counts until then, for the same reason.
    pub first_issue: Option<Day>,
    /// The day of the last ledger that shows it otherwise, if one does: a confirmation from before
    /// that day says nothing of it as it is now.
    pub otherwise_until: Option<Day>,
    /// The day of a confirmation that does not count for that reason.
    pub outdated: Option<Day>,
    /// True if its goods or services are yet to come: only their receipt confirms it.
    pub awaits_receipt: bool,
    /// The signs against it.
    pub findings: Vec<Finding>,
    /// The reasons for which the offer that is completed held it. They stand until it is confirmed,
    /// whatever has become of them since.
    pub held_before: Vec<Finding>,
    /// True if staff excluded it from the offer that is completed.
    pub excluded_before: bool,
    /// The invoice of which it is a likely copy, if it is held beside one.
    pub copy_of: Option<CopyOf>,
    /// True if the debtor confirmed it, and that still counts.
    pub confirmed: bool,
    /// The answer itself; `None` if there is none.
    pub answer: Option<GivenAnswer>,
    /// True if that was a receipt of the goods.
    pub received: bool,
    /// The amount that the debtor says it owes, if that is less than the open balance.
    pub confirmed_amount: Option<Money>,
    /// The day since which the debtor was asked in vain.
    pub unanswered_since: Option<Day>,
}

/// The open invoice of a debtor that another is a likely copy of: both are bought only if both are
/// confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyOf {
    /// Its number.
    pub number: String,
    /// True if it was bought before and is not confirmed: a confirmation of the other says nothing
    /// until it is.
    pub is_awaited: bool,
}

/// The answer by which an invoice is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GivenAnswer {
    /// The person who asked.
    pub by: String,
    /// The day of the answer.
    #[serde(serialize_with = "serialize_date")]
    pub on: NaiveDate,
    /// The way in which it was given.
    pub how: Channel,
}

/// The payments of a debtor that the client's ledgers show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Acquaintance {
    /// They show no payments of any debtor, so nobody can be told to be new.
    #[default]
    NotJudged,
    /// The largest invoice that this debtor has paid in cash; 0 if none.
    Paid(Money),
}

/// A debtor of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DebtorAccount {
    /// Its id in the client's ledger.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Credit notes and overpayments that no invoice has used up.
    pub unapplied_credit: Money,
    /// The facts known about it beside its invoices.
    pub facts: DebtorFacts,
    /// The payments of it that the client's ledgers show.
    pub acquaintance: Acquaintance,
    /// The payment terms that it usually has.
    pub usual_terms: UsualTerms,
    /// True if it says that it does not know the client.
    pub denies_client: bool,
}

/// The amounts that may still be advanced under a facility.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// The amount on the collateral of today.
    pub now: Money,
    /// The amount once everything held is confirmed, and collateral too.
    pub once_confirmed: Money,
    /// The largest share of a receivable that is advanced, after dilution; the policy's if `None`.
    pub rate: Option<Rate>,
}

impl From<Money> for Room {
    fn from(room: Money) -> Self {
        Self { now: room, once_confirmed: room, rate: None }
    }
}

/// One client's open invoices in one currency at the as-of date.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    /// The currency of every amount.
    pub currency: Currency,
    /// The as-of date.
    pub as_of: Day,
    /// Open invoices in canonical order: debtor, issue date, number, amount.
    pub receivables: Vec<Receivable>,
    /// The debtors that they name, in order of their id.
    pub debtors: Vec<DebtorAccount>,
    /// The room that a facility leaves; `None` without a facility.
    pub room: Option<Room>,
    /// Draws the invoices that are confirmed at random; `None` draws none.
    pub selection_seed: Option<u64>,
}

impl Receivable {
    /// An invoice of which nothing is paid, disputed, assigned, bought or doubted: its number, the
    /// index of its debtor, issue and due date, and amount.
    pub fn new(
        number: impl Into<String>,
        debtor: usize,
        (issue, due): (Day, Day),
        amount: Money,
    ) -> Self {
        Self {
            number: number.into(),
            debtor,
            issue,
            due,
            face: amount,
            open: amount,
            disputed: Some(false),
            already_assigned: false,
            duplicate: false,
            funded: false,
            offered: None,
            issue_assumed: false,
            due_assumed: false,
            scrutiny: Scrutiny::default(),
        }
    }

    /// Returns the days past due at `as_of`, negative before, by the due date that counts.
    pub fn days_past_due(&self, as_of: Day) -> i32 {
        as_of - self.counted_due()
    }

    /// Returns the days to `as_of` from the invoice date that counts; negative before it.
    pub fn age(&self, as_of: Day) -> i32 {
        as_of - self.counted_issue()
    }

    /// Returns the due date that counts: until the invoice is confirmed, the earliest one shown.
    pub fn counted_due(&self) -> Day {
        self.counted(self.due, self.scrutiny.first_due)
    }

    /// Returns the issue date that counts: until the invoice is confirmed, the earliest one shown.
    pub fn counted_issue(&self) -> Day {
        self.counted(self.issue, self.scrutiny.first_issue)
    }

    /// Returns true if it counts from an earlier date than the ledger states.
    pub(super) fn counts_from_earlier(&self) -> bool {
        self.counted_due() < self.due || self.counted_issue() < self.issue
    }

    fn counted(&self, stated: Day, first: Option<Day>) -> Day {
        first.filter(|_| !self.scrutiny.confirmed).map_or(stated, |first| first.min(stated))
    }

    /// Returns the part of the open balance that the debtor does not contradict.
    pub(super) fn uncontested(&self) -> Money {
        let most = self.scrutiny.confirmed_amount.map_or(i64::MAX, |most| most.minor().max(0));
        Money::from_minor(self.open.minor().min(most), self.open.currency())
    }

    /// Returns true if its debtor has confirmed it, and it waits only for the one of which it is a
    /// likely copy.
    pub fn awaits_its_copy(&self) -> bool {
        let Scrutiny { copy_of, answer, .. } = &self.scrutiny;
        answer.is_some() && copy_of.as_ref().is_some_and(|of| of.is_awaited)
    }

    /// Returns the day of a confirmation that is older than what was changed, in words; `None` if
    /// there is none.
    pub fn outdated(&self) -> Option<String> {
        let day = self.scrutiny.outdated.filter(|_| !self.scrutiny.confirmed)?;
        let facts = Facts::new().with("date", from_day_number(day));
        Some(Catalogue::english().say("confirm.outdated", &facts))
    }

    /// Returns since when its debtor has not answered, in words; `None` if that does not matter.
    pub fn unanswered(&self, as_of: Day) -> Option<String> {
        let since = self.scrutiny.unanswered_since.filter(|_| !self.scrutiny.confirmed)?;
        let facts = Facts::new().with("since", from_day_number(since)).with("days", as_of - since);
        Some(Catalogue::english().say("confirm.unanswered", &facts))
    }
}

impl DebtorAccount {
    /// A debtor of which nothing is known: no credit, no facts, no payments to judge it by.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        usual_terms: UsualTerms,
        currency: Currency,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            unapplied_credit: Money::zero(currency),
            facts: DebtorFacts::default(),
            acquaintance: Acquaintance::NotJudged,
            usual_terms,
            denies_client: false,
        }
    }

    /// Returns true if the debtor is not known: payments are judged, and none is as large as
    /// `least`.
    pub fn is_new(&self, least: Money) -> bool {
        match self.acquaintance {
            Acquaintance::Paid(largest) => largest.minor() < least.minor().max(1),
            Acquaintance::NotJudged => false,
        }
    }
}

impl Pool {
    /// Returns an amount of a policy or of a debtor's facts in the pool's currency, rounded down;
    /// `None`, which limits nothing, if it is too large to be held.
    pub fn amount(&self, amount: Amount) -> Option<Money> {
        Money::round(amount.0, self.currency, Rounding::Down).ok()
    }

    /// Returns the group of a debtor, trimmed and in lower case: files spell it in several ways.
    pub fn group_of(&self, debtor: usize) -> Option<String> {
        let group = self.debtors[debtor].facts.group.as_deref();
        group.map(|group| group.trim().to_lowercase()).filter(|group| !group.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invoice(scrutiny: Scrutiny) -> Receivable {
        let amount = Money::from_minor(100, Currency::USD);
        Receivable { disputed: None, scrutiny, ..Receivable::new("A-1", 0, (70, 100), amount) }
    }

    #[test]
    fn until_it_is_confirmed_the_first_issue_date_counts() {
        let of = |first_issue, confirmed| {
            invoice(Scrutiny { first_issue, confirmed, ..Scrutiny::default() }).age(110)
        };
        assert_eq!(of(None, false), 40);
        assert_eq!(of(Some(10), false), 100);
        assert_eq!(of(Some(10), true), 40, "confirmed");
        assert_eq!(of(Some(75), false), 40, "a later one was not the first");
    }

    #[test]
    fn until_it_is_confirmed_the_first_due_date_counts() {
        let of = |first_due, confirmed| {
            invoice(Scrutiny { first_due, confirmed, ..Scrutiny::default() }).days_past_due(110)
        };
        assert_eq!(of(None, false), 10);
        assert_eq!(of(Some(40), false), 70);
        assert_eq!(of(Some(40), true), 10, "confirmed");
        assert_eq!(of(Some(105), false), 10, "a later one was not the first");
    }
}
