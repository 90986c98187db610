//! Turns a client's position into the pool that the policy judges and the history that scoring
//! learns from.

use basics::{Currency, Day, Money};
use ledger::{AsOf, ClientPosition, InvoiceAt, LedgerColumns, Outcome};
use policy::{DebtorAccount, Pool, Receivable};
use scoring::{End, History, PastInvoice, Spell};

use super::context::Context;

/// The pool of one client and currency, with the ledger row of each receivable.
pub(super) struct ClientPool {
    pub pool: Pool,
    /// Ledger row of each receivable.
    pub rows: Vec<usize>,
    /// Index of each receivable among the invoices of the position.
    pub invoices: Vec<usize>,
    /// Index within the client of each debtor of the pool.
    pub client_debtors: Vec<usize>,
}

/// The currencies in which a client has open invoices, ordered by code.
pub(super) fn open_currencies(position: &ClientPosition) -> Vec<Currency> {
    let open = position.invoices.iter().filter(|invoice| invoice.open > 0);
    let mut currencies: Vec<_> = open.map(|invoice| invoice.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    currencies
}

/// The open invoices of `client` in `currency` and the debtors that owe them.
pub(super) fn pool(
    context: &Context<'_>,
    client: usize,
    position: &ClientPosition,
    currency: Currency,
) -> ClientPool {
    let columns = context.columns;
    let first_debtor = context.ledger.clients[client].debtors.start;
    let as_of = context.as_of.day();
    let mut all = ClientPool {
        pool: Pool { currency, as_of, receivables: Vec::new(), debtors: Vec::new(), room: None },
        rows: Vec::new(),
        invoices: Vec::new(),
        client_debtors: Vec::new(),
    };
    let mut last_debtor = None;
    let all_invoices = position.invoices.iter().enumerate();
    let open = all_invoices.filter(|(_, i)| i.open > 0 && i.currency == currency);
    for (number, invoice) in open {
        // A position lists its invoices debtor by debtor, so each account is made once.
        if last_debtor != Some(invoice.debtor) {
            last_debtor = Some(invoice.debtor);
            all.client_debtors.push(invoice.debtor - first_debtor);
            all.pool.debtors.push(account(context, position, invoice.debtor, currency));
        }
        let row = invoice.row;
        all.rows.push(row);
        all.invoices.push(number);
        all.pool.receivables.push(Receivable {
            number: columns.number(row).to_owned(),
            debtor: all.pool.debtors.len() - 1,
            issue: invoice.issue,
            due: invoice.due,
            face: Money::from_minor(invoice.face, currency),
            open: invoice.open_balance(),
            disputed: columns.disputed(row, context.as_of),
            already_assigned: columns.already_assigned(row),
            duplicate: invoice.duplicate,
            funded: context.facility.is_some_and(|facility| {
                facility.has_funded(columns.number(row), columns.debtor(invoice.debtor, as_of))
            }),
            issue_assumed: columns.issue_assumed(row),
            due_assumed: columns.due_assumed(row),
        });
    }
    all
}

fn account(
    context: &Context<'_>,
    position: &ClientPosition,
    debtor: usize,
    currency: Currency,
) -> DebtorAccount {
    let notes = &position.credit_notes;
    let first = notes.partition_point(|note| note.debtor < debtor);
    let own = notes[first..].iter().take_while(|note| note.debtor == debtor);
    let credit: i128 =
        own.filter(|note| note.currency == currency).map(|note| i128::from(note.amount)).sum();
    let (id, name) = context.columns.debtor(debtor, context.as_of.day());
    DebtorAccount {
        id: id.to_owned(),
        name: name.to_owned(),
        // A credit beyond i64 leaves nothing to buy either way.
        unapplied_credit: Money::from_minor(i64::try_from(credit).unwrap_or(i64::MAX), currency),
        facts: context.columns.facts(debtor).cloned().unwrap_or_default(),
    }
}

/// The history that a model learns from, one past invoice for each invoice of the position.
pub(super) fn history(
    columns: &LedgerColumns<'_>,
    position: &ClientPosition,
    debtors: &std::ops::Range<usize>,
    as_of: &AsOf,
) -> History {
    let as_of = as_of.day();
    let past = |invoice: &InvoiceAt| {
        let (end, exit, known) = match invoice.outcome {
            Outcome::Open => (End::Open, as_of, true),
            Outcome::Collected(day) => (End::Collected, day, true),
            Outcome::Removed(day) => (End::Removed, day, true),
            // It teaches nothing, but its place is kept: indices of the position hold for the
            // history.
            Outcome::ClosedUndated => (End::Removed, as_of, false),
        };
        let (debtor, _) = columns.debtor(invoice.debtor, as_of);
        let texts = [debtor, columns.number(invoice.row)];
        PastInvoice {
            debtor: invoice.debtor - debtors.start,
            issue: invoice.issue,
            due: invoice.due,
            face: Money::from_minor(invoice.face, invoice.currency).to_f64(),
            currency: invoice.currency,
            end,
            exit,
            credited: Money::from_minor(invoice.credited, invoice.currency).to_f64(),
            written_off: Money::from_minor(invoice.written_off, invoice.currency).to_f64(),
            first_cash: invoice.first_cash,
            first_credit: invoice.first_credit,
            disputed: columns.disputed_since(invoice.row, as_of),
            known,
            key: key(&texts, &[i64::from(invoice.issue), invoice.face]),
        }
    };
    let invoices = position.invoices.iter().map(past).collect();
    History::new(as_of, debtors.len(), invoices)
}

/// Bits that identify an invoice by its content (FNV-1a over its texts and numbers), so that
/// training draws the same samples whatever the order of rows.
fn key(texts: &[&str], numbers: &[i64]) -> u64 {
    // The zero keeps ("ab", "c") and ("a", "bc") apart.
    let texts = texts.iter().flat_map(|text| text.bytes().chain(std::iter::once(0)));
    let numbers = numbers.iter().flat_map(|number| number.to_le_bytes());
    texts.chain(numbers).fold(0xCBF2_9CE4_8422_2325, |bits, byte| {
        (bits ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

/// A client's payment history in days since due. Invoices closed without a date are left out.
pub(super) fn spells(position: &ClientPosition, first_debtor: usize, as_of: Day) -> Vec<Spell> {
    let spell = |invoice: &InvoiceAt| {
        let (end, on) = match invoice.outcome {
            Outcome::Open => (End::Open, as_of),
            Outcome::Collected(day) => (End::Collected, day),
            Outcome::Removed(day) => (End::Removed, day),
            Outcome::ClosedUndated => return None,
        };
        Some(Spell {
            debtor: invoice.debtor - first_debtor,
            entry: invoice.issue - invoice.due,
            exit: on - invoice.due,
            end,
            ago: as_of - on,
        })
    };
    position.invoices.iter().filter_map(spell).collect()
}
