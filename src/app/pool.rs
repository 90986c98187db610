//! Turns a client's position into the pool that the policy judges and the history that scoring
//! learns from.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use basics::{Currency, Day, Money, ended, fnv1a};
use ledger::{AsOf, ClientPosition, InvoiceAt, LedgerColumns, Outcome};
use offer::Owing;
use policy::{
    Acquaintance, Confirmations, DebtorAccount, Eligibility, Policy, Pool, Receivable, TermsSource,
    UsualTerms, assess,
};
use scoring::{End, History, PastInvoice, Spell};
use screens::{PastBill, screen};

use super::completing::leave_held;
use super::context::Context;
use super::previous::KnownBefore;

/// The pool of one client and currency, with the ledger row of each receivable.
pub(super) struct ClientPool {
    pub pool: Pool,
    /// Ledger row of each receivable.
    pub rows: Vec<usize>,
    /// Index of each receivable among the invoices of the position.
    pub invoices: Vec<usize>,
    /// Index within the client of each debtor of the pool.
    pub client_debtors: Vec<usize>,
    /// Debtors without open invoices that say that they do not know the client.
    pub denied_beside: Vec<String>,
    /// The outcome of the rules over the pool, once it was asked for.
    judged: OnceLock<Eligibility>,
}

impl ClientPool {
    fn without_invoices(currency: Currency, as_of: Day, selection_seed: Option<u64>) -> Self {
        Self {
            pool: Pool {
                currency,
                as_of,
                receivables: Vec::new(),
                debtors: Vec::new(),
                room: None,
                selection_seed,
            },
            rows: Vec::new(),
            invoices: Vec::new(),
            client_debtors: Vec::new(),
            denied_beside: Vec::new(),
            judged: OnceLock::new(),
        }
    }

    /// The outcome of the rules over the pool, which nothing changes any more.
    pub fn judged(&self, policy: &Policy) -> &Eligibility {
        self.judged.get_or_init(|| assess(&self.pool, policy))
    }
}

/// The currencies in which a client has open invoices, ordered by code.
pub(super) fn open_currencies(position: &ClientPosition) -> Vec<Currency> {
    let open = position.invoices.iter().filter(|invoice| invoice.open > 0);
    let mut currencies: Vec<_> = open.map(|invoice| invoice.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    currencies
}

/// The open invoices of `client` in `currency` and the debtors that owe them. `known` tells what
/// the ledgers show of them beside the position.
pub(super) fn pool(
    context: &Context<'_>,
    client: usize,
    position: &ClientPosition,
    currency: Currency,
    known: &KnownBefore,
) -> ClientPool {
    let columns = context.columns;
    let first_debtor = context.ledger.clients[client].debtors.start;
    let as_of = context.as_of.day();
    let mut all = ClientPool::without_invoices(currency, as_of, context.selection_seed);
    let clients_terms = clients_terms(context, position);
    let is_judged = shows_payments(position);
    let offered = context.completed_part(client, currency);
    let mut last_debtor = None;
    let all_invoices = position.invoices.iter().enumerate();
    let open = all_invoices.filter(|(_, i)| i.open > 0 && i.currency == currency);
    for (number, invoice) in open {
        // A position lists its invoices debtor by debtor, so each account is made once.
        if last_debtor != Some(invoice.debtor) {
            last_debtor = Some(invoice.debtor);
            all.client_debtors.push(invoice.debtor - first_debtor);
            let usual_terms =
                usual_terms(columns, position, invoice.debtor).unwrap_or(clients_terms);
            let account = account(context, position, invoice.debtor, currency);
            let own = acquaintance(position, invoice.debtor, currency, is_judged);
            let acquaintance = known.acquainted(invoice.debtor, currency, own);
            all.pool.debtors.push(DebtorAccount { usual_terms, acquaintance, ..account });
        }
        let row = invoice.row;
        all.rows.push(row);
        all.invoices.push(number);
        let debtor = all.pool.debtors.len() - 1;
        let mut receivable = Receivable {
            number: columns.number(row).to_owned(),
            debtor,
            issue: invoice.issue,
            due: invoice.due,
            face: Money::from_minor(invoice.face, currency),
            open: invoice.open_balance(),
            disputed: columns.disputed(row, context.as_of),
            already_assigned: columns.already_assigned(row),
            duplicate: invoice.duplicate,
            offered: None,
            funded: context.facility.is_some_and(|facility| {
                facility.has_funded(columns.number(row), || owing(columns, invoice, as_of))
            }),
            issue_assumed: columns.issue_assumed(row),
            due_assumed: columns.due_assumed(row),
            scrutiny: known.scrutiny(number),
        };
        if context.completed.is_some() {
            let debtor_id = &all.pool.debtors[debtor].id;
            leave_held(&mut receivable, debtor_id, offered);
        }
        all.pool.receivables.push(receivable);
    }
    all
}

/// Enters the answers of debtors into a client's pool, and lets the screens look at it.
pub(super) fn scrutinised(
    context: &Context<'_>,
    client: usize,
    position: &ClientPosition,
    answers: Option<&Confirmations>,
    mut all: ClientPool,
) -> ClientPool {
    let as_of = context.as_of.day();
    if let Some((answers, terms)) = answers.zip(context.policy.confirm()) {
        let reduced = context.columns.dated_reductions(client, as_of);
        let rows = &all.rows;
        answers.apply(&mut all.pool, terms, |at, day| {
            let own = &reduced[reduced.partition_point(|own| (own.0, own.1) <= (rows[at], day))..];
            // Together they do not exceed the face.
            own.iter().take_while(|own| own.0 == rows[at]).map(|own| own.2).sum()
        });
        all.denied_beside =
            answers.denied_beside(&all.pool).into_iter().map(str::to_owned).collect();
    }
    // After the answers: of near copies, the one that is confirmed is the real one.
    let first_debtor = context.ledger.clients[client].debtors.start;
    look_at(context, position, &mut all, first_debtor);
    all
}

/// The debtor of an invoice under everything that the ledger calls it.
pub(super) fn owing<'a>(
    columns: &'a LedgerColumns<'_>,
    invoice: &InvoiceAt,
    as_of: Day,
) -> Owing<'a> {
    let (id, _) = columns.debtor(invoice.debtor, as_of);
    let names = columns.debtor_called(invoice.debtor, as_of);
    Owing { id, names, job: columns.job(invoice.row) }
}

/// Lets the screens look at the open invoices, beside what is closed in the same currency.
fn look_at(
    context: &Context<'_>,
    position: &ClientPosition,
    all: &mut ClientPool,
    first_debtor: usize,
) {
    if context.policy.confirm().is_none() {
        return;
    }
    let (columns, currency) = (context.columns, all.pool.currency);
    let places: HashMap<usize, usize> =
        all.client_debtors.iter().enumerate().map(|(at, &debtor)| (debtor, at)).collect();
    let closed = position.invoices.iter().filter(|i| i.open == 0 && i.currency == currency);
    let past = closed.map(|invoice| {
        let debtor = invoice.debtor - first_debtor;
        PastBill {
            debtor: places.get(&debtor).copied().unwrap_or(all.client_debtors.len() + debtor),
            debtor_name: columns.debtor(invoice.debtor, context.as_of.day()).1,
            number: columns.number(invoice.row),
            issue: invoice.issue,
            due: invoice.due,
            is_dated: !columns.issue_assumed(invoice.row) && !columns.due_assumed(invoice.row),
            delivered: columns.delivered(invoice.row),
            face: Money::from_minor(invoice.face, currency),
            paid_on: match invoice.outcome {
                Outcome::Collected(day) => Some(day),
                _ => None,
            },
        }
    });
    let past: Vec<_> = past.collect();
    let delivered: Vec<Option<Day>> = if columns.has_deliveries() {
        all.rows.iter().map(|&row| columns.delivered(row)).collect()
    } else {
        Vec::new()
    };
    screen(&mut all.pool, &past, &delivered);
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
    let usual_terms = UsualTerms::assumed(context.policy.assumed_terms_days());
    DebtorAccount {
        // A credit beyond i64 leaves nothing to buy either way.
        unapplied_credit: Money::from_minor(i64::try_from(credit).unwrap_or(i64::MAX), currency),
        facts: context.columns.facts(debtor).cloned().unwrap_or_default(),
        ..DebtorAccount::new(id, name, usual_terms, currency)
    }
}

/// The usual terms of a debtor whose own paid invoices are too few: those that all of the client's
/// show or, without enough of them, those that the policy assumes.
fn clients_terms(context: &Context<'_>, position: &ClientPosition) -> UsualTerms {
    let mut paid = paid_terms(context.columns, &position.invoices).collect::<Vec<_>>();
    let shown = UsualTerms::shown(TermsSource::Client, &mut paid);
    shown.unwrap_or_else(|| UsualTerms::assumed(context.policy.assumed_terms_days()))
}

/// The terms that a debtor's own paid invoices show, in whatever currency; `None` if they are too
/// few.
fn usual_terms(
    columns: &LedgerColumns<'_>,
    position: &ClientPosition,
    debtor: usize,
) -> Option<UsualTerms> {
    let mut paid: Vec<i32> = paid_terms(columns, of_debtor(position, debtor)).collect();
    UsualTerms::shown(TermsSource::Debtor, &mut paid)
}

/// The terms of the paid ones among these invoices, in days from invoice date to due date; a date
/// that was assumed shows none.
fn paid_terms<'a>(
    columns: &'a LedgerColumns<'_>,
    invoices: &'a [InvoiceAt],
) -> impl Iterator<Item = i32> + 'a {
    let paid = invoices.iter().filter(|i| i.outcome.is_collected());
    let dated = paid.filter(|i| !columns.issue_assumed(i.row) && !columns.due_assumed(i.row));
    dated.map(|invoice| invoice.due - invoice.issue)
}

/// The invoices of a debtor, which a position lists one after the other.
fn of_debtor(position: &ClientPosition, debtor: usize) -> &[InvoiceAt] {
    let first = position.invoices.partition_point(|invoice| invoice.debtor < debtor);
    let own = &position.invoices[first..];
    &own[..own.partition_point(|invoice| invoice.debtor == debtor)]
}

/// The fewest paid invoices of a client that are a history, by which a debtor without any is new.
/// Our own: as many as usual terms take.
const FEWEST_PAID: usize = 3;

/// True if the client's invoices show payments enough to tell who is new.
fn shows_payments(position: &ClientPosition) -> bool {
    let paid = position.invoices.iter().filter(|invoice| invoice.outcome.is_collected());
    paid.take(FEWEST_PAID).count() == FEWEST_PAID
}

/// The largest invoice in this currency that a debtor has paid; 0 if none.
fn acquaintance(
    position: &ClientPosition,
    debtor: usize,
    currency: Currency,
    is_judged: bool,
) -> Acquaintance {
    if !is_judged {
        return Acquaintance::NotJudged;
    }
    let own = of_debtor(position, debtor).iter();
    let paid = own.filter(|invoice| invoice.currency == currency && invoice.outcome.is_collected());
    let largest = paid.map(|invoice| invoice.face).max().unwrap_or(0);
    Acquaintance::Paid(Money::from_minor(largest, currency))
}

/// The history that a model learns from, one past invoice for each invoice of the position.
pub(super) fn history(
    columns: &LedgerColumns<'_>,
    position: &ClientPosition,
    debtors: &std::ops::Range<usize>,
    as_of: &AsOf,
    left_out: &HashSet<usize>,
) -> History {
    let as_of = as_of.day();
    let past = |(place, invoice): (usize, &InvoiceAt)| {
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
            known: known && !left_out.contains(&place),
            key: key(&texts, &[i64::from(invoice.issue), invoice.face]),
        }
    };
    let invoices = position.invoices.iter().enumerate().map(past).collect();
    History::new(as_of, debtors.len(), invoices)
}

/// Bits that identify an invoice by its content, its texts and numbers, so that
/// training draws the same samples whatever the order of rows.
fn key(texts: &[&str], numbers: &[i64]) -> u64 {
    let numbers = numbers.iter().flat_map(|number| number.to_le_bytes());
    fnv1a(0, ended(texts.iter().copied()).chain(numbers))
}

/// A client's payment history in days since due. Invoices closed without a date are left out.
pub(super) fn spells(
    position: &ClientPosition,
    first_debtor: usize,
    as_of: Day,
    left_out: &HashSet<usize>,
) -> Vec<Spell> {
    let spell = |(place, invoice): (usize, &InvoiceAt)| {
        if left_out.contains(&place) {
            return None;
        }
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
    position.invoices.iter().enumerate().filter_map(spell).collect()
}
