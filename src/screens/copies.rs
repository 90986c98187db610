//! Groups of bills of one debtor of which each may be a copy of the others.

use super::bills::{Bills, Member};
use super::number::Change;

/// The facts that bills have in common beside their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Same {
    Both,
    Amount,
    Date,
}

impl Same {
    /// From the strongest on.
    pub const ALL: [Self; 3] = [Self::Both, Self::Amount, Self::Date];

    /// Returns the variant of the sentences.
    pub fn variant(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Amount => "amount",
            Self::Date => "date",
        }
    }
}

/// Bills of one debtor with nearly the same number and the same amount or date.
#[derive(Debug)]
pub(super) struct Copies {
    pub same: Same,
    /// Their indices.
    pub bills: Vec<usize>,
}

/// Pairs that a debtor must have paid before more of the kind are its custom (our own).
const CUSTOM: usize = 3;
/// One such pair among this many paid bills makes it the client's custom (our own): what is rarer
/// holds at most about one bill in this many.
const CLIENT_CUSTOM: usize = 100;
/// One paid bill in this many with a mark of a kind makes that mark a series of its own (our own).
const SERIES: usize = 4;
/// Paid bills without which nobody can tell how a client numbers (our own).
const KNOWN_CLIENT: usize = 50;

type Counts = [[usize; Same::ALL.len()]; Change::ALL.len()];

/// Counts of near pairs that were paid in cash, by change and by what they have in common.
struct Customs<'b> {
    bills: &'b Bills<'b>,
    by_debtor: Vec<Counts>,
    all: Counts,
}

impl<'b> Customs<'b> {
    fn of(bills: &'b Bills<'b>) -> Self {
        let none = Counts::default();
        let mut customs = Self { bills, by_debtor: vec![none; bills.debtors], all: none };
        let mut paid = Vec::new();
        for family in families(bills) {
            paid.clear();
            paid.extend(family.iter().filter(|member| !bills.is_open(member.bill)));
            if paid.len() > 1 && is_with_bare(&paid) {
                for same in Same::ALL {
                    runs(bills, &mut paid, same).for_each(|run| customs.count(run, same));
                }
            }
        }
        customs
    }

    fn count(&mut self, run: &[Member], same: Same) {
        for change in Change::ALL {
            let own = run.iter().filter(|member| member.change == change).count();
            let least = if change == Change::Spelled { 2 } else { 1 };
            if run.len() > 1 && own >= least {
                self.all[change as usize][same as usize] += 1;
                if let Some(counts) = self.by_debtor.get_mut(run[0].debtor) {
                    counts[change as usize][same as usize] += 1;
                }
            }
        }
    }

    /// Returns true if the debtor, or the client's debtors in general, often paid such pairs.
    fn is_usual(&self, debtor: usize, change: Change, same: Same) -> bool {
        let count = |counts: &Counts| counts[change as usize][same as usize];
        let (own, all) = (self.by_debtor.get(debtor).map_or(0, count), count(&self.all));
        own >= CUSTOM || (all >= CUSTOM && all * CLIENT_CUSTOM >= self.bills.paid())
    }

    /// Returns true if the client is known not to number whole series with marks of this kind, job
    /// by job, so that the same amount or date alone tells something.
    fn is_seldom(&self, change: Change) -> bool {
        self.is_known() && self.bills.marked[change as usize] * SERIES < self.bills.paid()
    }

    /// Returns true if enough was paid to tell how the client numbers.
    fn is_known(&self) -> bool {
        self.bills.paid() >= KNOWN_CLIENT
    }

    /// Returns true if the client is known not to number with marks of this kind, so that two
    /// marked numbers tell of an invoice that both are copies of.
    fn is_unheard_of(&self, change: Change) -> bool {
        // A series that goes on beyond one digit began with one.
        let counting = if change == Change::Numbered { self.bills.counting } else { 0 };
        self.is_known() && self.bills.marked[change as usize] + counting < CUSTOM
    }

    /// Keeps the members of a run of which each may be a copy of the others.
    fn keep_suspicious(&self, run: &[Member], same: Same, has_bare: bool) -> Vec<usize> {
        let debtor = run[0].debtor;
        let suspicious = |member: &&Member| {
            let change = member.change;
            let is_alike = same == Same::Both || self.is_seldom(change) || !change.is_mark();
            change != Change::Spelled
                && !self.is_usual(debtor, change, same)
                && is_alike
                && (has_bare || (change != Change::Joined && self.is_unheard_of(change)))
        };
        let marked: Vec<usize> = run.iter().filter(suspicious).map(|m| m.bill).collect();
        let bare = run.iter().filter(|member| member.change == Change::Spelled);
        let mut kept: Vec<usize> = bare.map(|member| member.bill).collect();
        if marked.is_empty() && self.is_usual(debtor, Change::Spelled, same) {
            kept.clear();
        }
        kept.extend(marked);
        kept
    }
}

/// Finds the groups that hold an open bill, the strongest likeness first.
///
/// A bare number must be there, open or paid. Two marked ones alone, 299A and 299B, are a group
/// only if both dates and the amount are the same, and the client is known not to number so: they
/// may as well be consecutive. With fewer than fifty paid bills nobody can tell how the client
/// numbers part deliveries and instalments, and some clients number whole series with marks: a bare
/// and a marked number are then near only if amount and date are both the same.
pub(super) fn copies(bills: &Bills<'_>) -> Vec<Copies> {
    let mut found = Vec::new();
    let customs = Customs::of(bills);
    for same in Same::ALL {
        let mut members = Vec::new();
        for family in families(bills).filter(|family| family[0].debtor < bills.debtors) {
            if !family.iter().any(|member| bills.is_open(member.bill)) {
                continue;
            }
            members.clear();
            members.extend(family);
            let has_bare = is_with_bare(&members);
            for run in runs(bills, &mut members, same) {
                let kept = if has_bare {
                    vec![customs.keep_suspicious(run, same, true)]
                } else if same == Same::Both {
                    by_due(bills, &customs.keep_suspicious(run, same, false))
                } else {
                    Vec::new()
                };
                let kept = kept.into_iter().filter(|group| is_of_several(bills, group));
                found.extend(kept.map(|bills| Copies { same, bills }));
            }
        }
    }
    found
}

/// Bills of one debtor that share a key, two or more.
fn families<'b>(bills: &'b Bills<'_>) -> impl Iterator<Item = &'b [Member]> {
    let is_same = |a: &Member, b: &Member| (a.debtor, a.bits) == (b.debtor, b.bits);
    bills.members.chunk_by(is_same).filter(|family| family.len() > 1)
}

fn is_with_bare(members: &[Member]) -> bool {
    members.iter().any(|member| member.change == Change::Spelled)
}

/// Sorts the members and returns those that have the same in common, two or more.
fn runs<'m>(
    bills: &Bills<'_>,
    members: &'m mut [Member],
    same: Same,
) -> impl Iterator<Item = &'m [Member]> {
    let value = move |member: &Member| {
        let bill = &bills.all[member.bill];
        match same {
            Same::Both => (Some(bill.face), bill.issue),
            Same::Amount => (Some(bill.face), None),
            Same::Date => (None, bill.issue),
        }
    };
    members.sort_by_key(|member| (value(member), member.bill));
    let is_known = move |member: &Member| same == Same::Amount || value(member).1.is_some();
    let runs = members.chunk_by(move |a, b| value(a) == value(b));
    runs.filter(move |run| run.len() > 1 && is_known(&run[0]))
}

/// Parts bills that are due on different days.
fn by_due(bills: &Bills<'_>, group: &[usize]) -> Vec<Vec<usize>> {
    let mut group = group.to_vec();
    group.sort_by_key(|bill| (bills.all[*bill].due, *bill));
    let is_same = |a: &usize, b: &usize| bills.all[*a].due == bills.all[*b].due;
    group.chunk_by(is_same).map(<[usize]>::to_vec).collect()
}

/// Returns true if there are different numbers, and an open bill: equal numbers are the matter of
/// the rule `duplicate`.
fn is_of_several(bills: &Bills<'_>, group: &[usize]) -> bool {
    let mut numbers = group.iter().map(|bill| bills.all[*bill].number);
    let first = numbers.next();
    numbers.any(|number| Some(number) != first) && group.iter().any(|bill| bills.is_open(*bill))
}
