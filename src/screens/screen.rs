use basics::Day;
use policy::{Finding, HoldReason, Pool, Receivable, Scrutiny};

use super::bills::Bills;
use super::copies::copies;
use super::near_duplicate::Likely;
use super::past_bill::PastBill;
use super::{long_terms, near_duplicate, not_delivered, open_and_paid, round_amounts, same_number};

/// Looks at every open invoice and adds what looks wrong to its scrutiny, in the order of
/// [`HoldReason::ALL`](policy::HoldReason::ALL); findings that are there already stay.
///
/// `past` are the client's invoices closed by the pool's as-of date, in any order. `delivered` has
/// the delivery date of each receivable in the pool's order, or nothing if the ledger has none.
/// Takes n log n time for n open and past invoices.
///
/// ```
/// use basics::{Currency, Money};
/// use factorage_screens::{PastBill, screen};
/// use policy::{DebtorAccount, HoldReason, Pool, Receivable, UsualTerms};
///
/// let usd = |cents| Money::from_minor(cents, Currency::USD);
/// let invoice = |number: &str| Receivable::new(number, 0, (20_000, 20_030), usd(737_192));
/// let debtor = DebtorAccount::new("D1", "Harbour Foods", UsualTerms::assumed(30), Currency::USD);
/// let mut pool = Pool {
///     currency: Currency::USD,
///     as_of: 20_010,
///     receivables: vec![invoice("INV-0299"), invoice("INV-0299A")],
///     debtors: vec![debtor],
///     room: None,
///     selection_seed: None,
/// };
/// screen(&mut pool, &[], &[]);
/// let found = &pool.receivables[1].scrutiny.findings;
/// assert_eq!(found[0].reason, HoldReason::NearDuplicate);
/// assert!(pool.receivables[0].scrutiny.findings.is_empty());
/// ```
pub fn screen(pool: &mut Pool, past: &[PastBill<'_>], delivered: &[Option<Day>]) {
    let (found, promised, likely) = {
        let bills = Bills::of(pool, past);
        let copies = copies(&bills);
        let late = not_delivered::find(pool, past, delivered);
        let promised = not_delivered::promised(pool, delivered, &late);
        let mut found = open_and_paid::find(&bills, &copies);
        found.extend(same_number::find(&bills));
        found.extend(round_amounts::find(pool, &bills));
        found.extend(late);
        found.extend(long_terms::find(pool, past));
        let wrong = looks_wrong(pool, &found);
        let likely = near_duplicate::find(pool, &wrong, (&bills, &copies));
        (found, promised, likely)
    };
    // What it is held for, this answer does not settle.
    for at in promised {
        let scrutiny = &mut pool.receivables[at].scrutiny;
        (scrutiny.confirmed, scrutiny.awaits_receipt) = (false, true);
    }
    for (at, finding) in found {
        add(&mut pool.receivables[at].scrutiny, finding);
    }
    for Likely { at, finding, copy_of } in likely {
        let scrutiny = &mut pool.receivables[at].scrutiny;
        scrutiny.confirmed &= !copy_of.is_awaited;
        scrutiny.copy_of = Some(copy_of);
        add(scrutiny, finding);
    }
}

/// Adds a finding in the order of reasons, unless one for the same reason is there.
fn add(scrutiny: &mut Scrutiny, finding: Finding) {
    let findings = &mut scrutiny.findings;
    if findings.iter().all(|own| own.reason != finding.reason) {
        findings.push(finding);
        findings.sort_by_key(|own| own.reason);
    }
}

/// Returns true for each receivable that looks wrong for another reason than a near duplicate, or
/// that its debtor disputes or does not know: then no copy of it is bought either.
fn looks_wrong(pool: &Pool, found: &[(usize, Finding)]) -> Vec<bool> {
    let is_other = |finding: &Finding| finding.reason != HoldReason::NearDuplicate;
    let before = |own: &Receivable| own.scrutiny.findings.iter().any(is_other);
    let refused =
        |own: &Receivable| own.disputed == Some(true) || pool.debtors[own.debtor].denies_client;
    let wrong = pool.receivables.iter().map(|own| before(own) || refused(own));
    let mut wrong: Vec<bool> = wrong.collect();
    found.iter().for_each(|(at, _)| wrong[*at] = true);
    wrong
}
