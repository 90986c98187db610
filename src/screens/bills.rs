use basics::Day;
use policy::Pool;

use super::number::{Change, NumberReader};
use super::past_bill::PastBill;

/// An open or a paid invoice, with what is compared of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bill<'a> {
    pub debtor: usize,
    pub debtor_name: &'a str,
    pub number: &'a str,
    /// `None` if it was assumed: assumed dates are equal for no reason.
    pub issue: Option<Day>,
    pub due: Day,
    /// Original amount, minor units of the pool's currency.
    pub face: i64,
}

/// A bill under one of the numbers that it is, or may be a copy of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub debtor: usize,
    pub bits: u64,
    pub change: Change,
    /// Index among the bills.
    pub bill: usize,
}

/// The open invoices of a pool, in its order, and behind them what the client's debtors paid.
///
/// What a credit closed is not among them: an invoice that was credited and billed again is not
/// billed twice.
#[derive(Debug)]
pub(super) struct Bills<'a> {
    pub all: Vec<Bill<'a>>,
    /// The number of open ones.
    pub open: usize,
    /// The number of debtors in the pool.
    pub debtors: usize,
    /// The bills under each of their numbers, ordered by debtor and number.
    pub members: Vec<Member>,
    /// The paid bills that carry a mark of each kind.
    pub marked: [usize; Change::ALL.len()],
    /// The paid bills that count behind other digits, beyond one digit.
    pub counting: usize,
}

impl<'a> Bills<'a> {
    pub fn of(pool: &'a Pool, past: &[PastBill<'a>]) -> Self {
        let open = pool.receivables.iter().map(|receivable| Bill {
            debtor: receivable.debtor,
            debtor_name: &pool.debtors[receivable.debtor].name,
            number: &receivable.number,
            issue: (!receivable.issue_assumed).then_some(receivable.issue),
            due: receivable.due,
            face: receivable.face.minor(),
        });
        let is_own =
            |bill: &&PastBill<'_>| bill.is_paid_in_cash() && bill.face.currency() == pool.currency;
        let paid = past.iter().filter(is_own).map(|bill| Bill {
            debtor: bill.debtor,
            debtor_name: bill.debtor_name,
            number: bill.number,
            issue: bill.is_dated.then_some(bill.issue),
            due: bill.due,
            face: bill.face.minor(),
        });
        let mut bills = Self {
            all: open.chain(paid).collect(),
            open: pool.receivables.len(),
            debtors: pool.debtors.len(),
            members: Vec::new(),
            marked: [0; Change::ALL.len()],
            counting: 0,
        };
        bills.read_numbers();
        bills
    }

    fn read_numbers(&mut self) {
        let mut reader = NumberReader::default();
        for (at, bill) in self.all.iter().enumerate() {
            let keys = reader.keys(bill.number);
            let member = |key: &super::number::Key| Member {
                debtor: bill.debtor,
                bits: key.bits,
                change: key.change,
                bill: at,
            };
            self.members.extend(keys.iter().map(member));
            if at >= self.open {
                keys.iter().for_each(|key| self.marked[key.change as usize] += 1);
                let is_longer = keys.iter().all(|key| key.change != Change::Numbered);
                self.counting += usize::from(is_longer && reader.counts_behind());
            }
        }
        let order = |member: &Member| (member.debtor, member.bits, member.change, member.bill);
        self.members.sort_unstable_by_key(order);
    }

    /// Returns the number of paid bills.
    pub fn paid(&self) -> usize {
        self.all.len() - self.open
    }

    pub fn is_open(&self, bill: usize) -> bool {
        bill < self.open
    }
}
