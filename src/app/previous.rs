//! The ledgers that the client sent before, and what they tell of this one.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use basics::{Currency, Money, folded, without_legal_form};
use ledger::{AsOf, ClientPosition, InvoiceAt, Ledger, LedgerColumns, LedgerError, Outcome};
use offer::{LedgerChange, ShownDebtor, ShownInvoice, ShownLedger, SinceLast, Told};
use policy::{Acquaintance, Scrutiny};

/// A ledger that the client sent before, at its own date.
pub(super) struct Previous<'a> {
    ledger: &'a Ledger,
    columns: LedgerColumns<'a>,
    as_of: AsOf,
    clients: HashMap<&'a str, usize>,
}

impl<'a> Previous<'a> {
    /// Takes out the columns of a ledger.
    pub fn of(ledger: &'a Ledger) -> Result<Self, LedgerError> {
        let clients = ledger.clients.iter().enumerate();
        Ok(Self {
            columns: ledger.columns()?,
            as_of: ledger.as_of(None)?,
            clients: clients.map(|(at, client)| (client.id.as_str(), at)).collect(),
            ledger,
        })
    }

    /// The ledger's own date.
    pub fn date(&self) -> NaiveDate {
        self.as_of.date
    }

    /// The client of another ledger in this one: the one with its id or, where one of the two
    /// ledgers names no client, the only one of each.
    fn client(&self, client: &str, of: &Ledger) -> Option<usize> {
        let only = || match (&*self.ledger.clients, &*of.clients) {
            ([own], [_]) if own.id.is_empty() || client.is_empty() => Some(0),
            _ => None,
        };
        self.clients.get(client).copied().or_else(only)
    }
}

/// The ledger that is judged, and those before it, in order of their dates.
#[derive(Clone, Copy)]
pub(super) struct Ledgers<'a> {
    pub ledger: &'a Ledger,
    pub columns: &'a LedgerColumns<'a>,
    pub as_of: &'a AsOf,
    pub previous: &'a [Previous<'a>],
}

/// The facts that the ledgers together tell of one client's invoices.
pub(super) struct KnownBefore {
    since: SinceLast,
    /// The date of the last of the ledgers before that has the client.
    pub compared_with: Option<NaiveDate>,
    /// True if ledgers were given of which none has the client.
    pub is_unknown: bool,
    first_debtor: usize,
}

impl KnownBefore {
    /// Compares a client's position with the ledgers before.
    pub fn of(ledgers: Ledgers<'_>, client: usize, position: &ClientPosition) -> Self {
        let Ledgers { ledger, columns, as_of, previous } = ledgers;
        let rows = &ledger.clients[client];
        let first_debtor = rows.debtors.start;
        let before = previous.iter().filter_map(|p| Some((p, p.client(&rows.id, ledger)?)));
        let before: Vec<_> = before.collect();
        let is_credited = |i: &InvoiceAt| i.open == 0 && i.credited > 0;
        // Most ledgers without one before them have nothing to compare.
        let since = if before.is_empty() && !position.invoices.iter().any(is_credited) {
            SinceLast::default()
        } else {
            let shown = |ledger: &Ledger, client: usize| ledger.clients[client].debtors.clone();
            let now = Showing { columns, as_of, debtors: shown(ledger, client) };
            // Without a ledger before, what was paid is compared with nothing.
            let all = !before.is_empty();
            let now = now.ledger(position, |i| all || i.open > 0 || is_credited(i));
            let before = before.iter().map(|&(p, client)| {
                let debtors = shown(p.ledger, client);
                let showing = Showing { columns: &p.columns, as_of: &p.as_of, debtors };
                showing.ledger(&p.columns.position(client, &p.as_of), |_| true)
            });
            SinceLast::of(&now, &before.collect::<Vec<_>>())
        };
        Self {
            since,
            compared_with: before.last().map(|(p, _)| p.date()),
            is_unknown: !previous.is_empty() && before.is_empty(),
            first_debtor,
        }
    }

    /// The scrutiny of an open invoice, by its place in the position.
    pub fn scrutiny(&self, place: usize) -> Scrutiny {
        let Some(told) = self.since.told.get(&place) else { return Scrutiny::default() };
        let Told { first_issue, first_due, shown_until, findings } = told;
        Scrutiny {
            first_issue: *first_issue,
            first_due: *first_due,
            otherwise_until: *shown_until,
            findings: findings.clone(),
            ..Scrutiny::default()
        }
    }

    /// The payments of a debtor that all ledgers show, given those of this one.
    pub fn acquainted(&self, debtor: usize, currency: Currency, own: Acquaintance) -> Acquaintance {
        if !self.since.shows_paid {
            return own;
        }
        let key = (debtor - self.first_debtor, currency);
        let before = self.since.paid_before.get(&key).copied().unwrap_or(0);
        let largest = match own {
            Acquaintance::Paid(largest) => largest.minor().max(before),
            Acquaintance::NotJudged => before,
        };
        Acquaintance::Paid(Money::from_minor(largest, currency))
    }

    /// The changes in one currency.
    pub fn changes(&self, currency: Currency) -> Vec<LedgerChange> {
        let own = self.since.changes.iter().filter(|(of, _)| *of == currency);
        own.map(|(_, change)| change.clone()).collect()
    }

    /// The number and sum of the invoices in each currency that have vanished.
    pub fn vanished(&self) -> Vec<(usize, Money)> {
        // A sum beyond what money can hold is told by the list alone.
        self.since.vanished().unwrap_or_default()
    }

    /// The position with the dates that count: an invoice is as old as the ledger that showed it
    /// first says, unless it is one of those that are confirmed.
    pub fn counted<'p>(
        &self,
        position: &'p ClientPosition,
        confirmed: &HashSet<usize>,
    ) -> Cow<'p, ClientPosition> {
        let told = self.since.told.iter().filter(|(place, _)| !confirmed.contains(place));
        let mut counted = Cow::Borrowed(position);
        for (&place, told) in told {
            let (issue, due) = (told.first_issue, told.first_due);
            if issue.is_none() && due.is_none() {
                continue;
            }
            let invoice = &mut counted.to_mut().invoices[place];
            invoice.issue = issue.map_or(invoice.issue, |first| first.min(invoice.issue));
            invoice.due = due.map_or(invoice.due, |first| first.min(invoice.due));
        }
        counted
    }
}

/// Shows a client's position to the comparison.
struct Showing<'a> {
    columns: &'a LedgerColumns<'a>,
    as_of: &'a AsOf,
    /// The rows of the client's debtors.
    debtors: std::ops::Range<usize>,
}

impl<'a> Showing<'a> {
    fn ledger(
        &self,
        position: &ClientPosition,
        wanted: impl Fn(&InvoiceAt) -> bool,
    ) -> ShownLedger<'a> {
        let debtor = |row: usize| {
            let (id, name) = self.columns.debtor(row, self.as_of.day());
            let spelled = without_legal_form(name).unwrap_or_else(|| folded(name));
            ShownDebtor { id, name, spelled }
        };
        let all = position.invoices.iter().enumerate();
        ShownLedger {
            date: self.as_of.ledger_date,
            debtors: self.debtors.clone().map(debtor).collect(),
            invoices: all.filter(|(_, i)| wanted(i)).map(|(at, i)| self.invoice(at, i)).collect(),
        }
    }

    fn invoice(&self, place: usize, invoice: &InvoiceAt) -> ShownInvoice<'a> {
        let row = invoice.row;
        let credited_on = match invoice.outcome {
            Outcome::Removed(day) => Some(day),
            _ => None,
        };
        // A credit without a date is known from the ledger's own date on.
        let is_known = credited_on.is_some() || self.as_of.date >= self.as_of.ledger_date;
        ShownInvoice {
            place,
            debtor: invoice.debtor - self.debtors.start,
            number: self.columns.number(row),
            currency: invoice.currency,
            issue: invoice.issue,
            due: invoice.due,
            issue_assumed: self.columns.issue_assumed(row),
            due_assumed: self.columns.due_assumed(row),
            face: invoice.face,
            open: invoice.open,
            is_collected: invoice.outcome.is_collected(),
            credited: if is_known { invoice.credited } else { 0 },
            credited_on,
        }
    }
}
