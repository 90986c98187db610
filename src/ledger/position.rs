use polars::prelude::{
    BooleanChunked, DataFrame, Int32Chunked, PolarsResult, StaticArray, StringChunked,
    UInt32Chunked,
};

use crate::basics::{Currency, Day, Money};

use super::{AsOf, Ledger, LedgerError, SettlementKind};

/// An invoice as it stood at the end of the as-of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvoiceAt {
    /// Row of the invoice frame.
    pub row: usize,
    /// Row of the debtor frame.
    pub debtor: usize,
    /// Issue date; assumed from the due date when the ledger gives none.
    pub issue: Day,
    /// Due date; assumed from the issue date when the ledger gives none.
    pub due: Day,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Original amount, minor units.
    pub face: i64,
    /// What was still owed, minor units.
    pub open: i64,
    /// Credits and adjustments dated by then, minor units; undated ones from the ledger's own date on.
    pub diluted: i64,
    /// Whether another invoice of the debtor, issued by then, bears the same number.
    pub duplicate: bool,
    /// What became of it.
    pub outcome: Outcome,
}

/// What had become of an invoice by the end of the as-of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A balance remained.
    Open,
    /// Nothing remained, most of it was paid and the last settlement was cash, on this day.
    Collected(Day),
    /// Nothing remained, but a credit note or write-off came last or made up most of it; the day of the last.
    Removed(Day),
    /// Nothing remained, but no date says since when: no use to statistics.
    ClosedUndated,
}

/// A credit note (or overpayment) that no invoice had used up by the end of the as-of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreditNoteAt {
    /// Row of the debtor frame.
    pub debtor: usize,
    /// Currency of the amount.
    pub currency: Currency,
    /// Minor units, positive.
    pub amount: i64,
}

/// One client's ledger at the end of the as-of date: what was issued by then, reduced by what was settled by then.
#[derive(Debug, Default)]
pub struct ClientPosition {
    /// Invoices issued by then, closed ones included, in canonical order.
    pub invoices: Vec<InvoiceAt>,
    /// Unapplied credit, in order of the debtors.
    pub credit_notes: Vec<CreditNoteAt>,
    /// Every credit note dated by then, used up or not: (currency, date, minor units).
    pub credit_notes_issued: Vec<(Currency, Day, i64)>,
    /// Invoices issued later, which nothing else may see.
    pub issued_later: Vec<(Currency, i64)>,
    /// Undated settlements that explain a balance here although the as-of date is before the ledger's own.
    pub undated_settlements: usize,
}

/// The columns of a ledger's frames as typed arrays, taken out once for all clients.
pub struct LedgerColumns<'a> {
    ledger: &'a Ledger,
    issue: &'a [i32],
    due: &'a [i32],
    debtor: &'a [u32],
    currency: &'a [u32],
    face: &'a [i64],
    issue_assumed: &'a BooleanChunked,
    due_assumed: &'a BooleanChunked,
    duplicate_number: &'a BooleanChunked,
    disputed: &'a BooleanChunked,
    disputed_date: &'a Int32Chunked,
    number: &'a StringChunked,
    line: &'a [u32],
    file: &'a [u32],
    debtor_id: &'a StringChunked,
    debtor_name: &'a StringChunked,
    settlements: SettlementColumns<'a>,
}

struct SettlementColumns<'a> {
    invoice: &'a UInt32Chunked,
    debtor: &'a [u32],
    date: &'a Int32Chunked,
    kind: &'a [u32],
    amount: &'a [i64],
    currency: &'a [u32],
    used_up: &'a Int32Chunked,
}

/// One settlement row.
#[derive(Debug, Clone, Copy)]
struct Settlement {
    invoice: Option<u32>,
    debtor: usize,
    date: Option<Day>,
    kind: u32,
    amount: i64,
    currency: Currency,
    used_up: Option<Day>,
}

fn days<'a>(frame: &'a DataFrame, name: &str) -> PolarsResult<&'a Int32Chunked> {
    Ok(frame.column(name)?.date()?.physical())
}

fn codes<'a>(frame: &'a DataFrame, name: &str) -> PolarsResult<&'a [u32]> {
    frame.column(name)?.u32()?.cont_slice()
}

fn texts<'a>(frame: &'a DataFrame, name: &str) -> PolarsResult<&'a StringChunked> {
    frame.column(name)?.str()
}

fn flags<'a>(frame: &'a DataFrame, name: &str) -> PolarsResult<&'a BooleanChunked> {
    frame.column(name)?.bool()
}

impl Ledger {
    /// The typed columns of the frames.
    ///
    /// # Errors
    /// [`LedgerError::Frame`] when a column is missing, which [`super::read`] rules out.
    pub fn columns(&self) -> Result<LedgerColumns<'_>, LedgerError> {
        let build = || -> PolarsResult<LedgerColumns<'_>> {
            let (invoices, settled) = (&self.invoices, &self.settlements);
            Ok(LedgerColumns {
                ledger: self,
                issue: days(invoices, "issue_date")?.cont_slice()?,
                due: days(invoices, "due_date")?.cont_slice()?,
                debtor: codes(invoices, "debtor")?,
                currency: codes(invoices, "currency")?,
                face: invoices.column("face")?.i64()?.cont_slice()?,
                issue_assumed: flags(invoices, "issue_assumed")?,
                due_assumed: flags(invoices, "due_assumed")?,
                duplicate_number: flags(invoices, "duplicate_number")?,
                disputed: flags(invoices, "disputed")?,
                disputed_date: days(invoices, "disputed_date")?,
                number: texts(invoices, "number")?,
                line: codes(invoices, "line")?,
                file: codes(invoices, "file")?,
                debtor_id: texts(&self.debtors, "debtor_id")?,
                debtor_name: texts(&self.debtors, "debtor_name")?,
                settlements: SettlementColumns {
                    invoice: settled.column("invoice")?.u32()?,
                    debtor: codes(settled, "debtor")?,
                    date: days(settled, "date")?,
                    kind: codes(settled, "kind")?,
                    amount: settled.column("amount")?.i64()?.cont_slice()?,
                    currency: codes(settled, "currency")?,
                    used_up: days(settled, "used_up")?,
                },
            })
        };
        build().map_err(|source| LedgerError::Frame { file: "ledger frames".to_owned(), source })
    }
}

impl LedgerColumns<'_> {
    /// The position of client number `client` at the end of `as_of`.
    pub fn position(&self, client: usize, as_of: &AsOf) -> ClientPosition {
        let rows = self.ledger.clients[client].clone();
        let mut position = ClientPosition::default();
        let mut settlements = self.settlements_in(rows.settlements).peekable();
        for row in rows.invoices {
            let mut invoice = self.invoice(row);
            let mut history = History::new(as_of);
            while let Some(settled) = settlements.peek() {
                match settled.invoice {
                    Some(target) if target as usize > row => break,
                    Some(_) => history.take(settled),
                    None => position.take_credit(settled, as_of.day()),
                }
                settlements.next();
            }
            // An assumed issue date is no fact: such an invoice stays and the policy decides.
            if invoice.issue > as_of.day() && !self.issue_assumed(row) {
                position.issued_later.push((invoice.currency, invoice.face));
                continue;
            }
            history.close(&mut invoice);
            position.undated_settlements += history.undated_before_ledger_date;
            position.invoices.push(invoice);
        }
        settlements.for_each(|settled| position.take_credit(&settled, as_of.day()));
        self.mark_duplicates(&mut position.invoices);
        position
    }

    /// Marks what was issued under one number more than once. The frame's flag knows of later rows as well, so it
    /// only names candidates.
    fn mark_duplicates(&self, invoices: &mut [InvoiceAt]) {
        let flagged = |at: &usize| self.duplicate_number.get(invoices[*at].row) == Some(true);
        let mut candidates: Vec<usize> = (0..invoices.len()).filter(flagged).collect();
        let key = |&at: &usize| (invoices[at].debtor, self.number(invoices[at].row));
        candidates.sort_by(|a, b| key(a).cmp(&key(b)));
        let same = candidates.chunk_by(|a, b| key(a) == key(b)).filter(|same| same.len() > 1);
        let repeated: Vec<usize> = same.flatten().copied().collect();
        repeated.into_iter().for_each(|at| invoices[at].duplicate = true);
    }

    fn invoice(&self, row: usize) -> InvoiceAt {
        InvoiceAt {
            row,
            debtor: self.debtor[row] as usize,
            issue: self.issue[row],
            due: self.due[row],
            currency: self.currency_of(self.currency[row]),
            face: self.face[row],
            open: self.face[row],
            diluted: 0,
            duplicate: false,
            outcome: Outcome::Open,
        }
    }

    fn currency_of(&self, code: u32) -> Currency {
        self.ledger.currencies[code as usize]
    }

    fn settlements_in(
        &self,
        rows: std::ops::Range<usize>,
    ) -> impl Iterator<Item = Settlement> + '_ {
        let columns = &self.settlements;
        let invoices = columns.invoice.downcast_as_array();
        let (dates, used_up) =
            (columns.date.downcast_as_array(), columns.used_up.downcast_as_array());
        rows.map(move |row| Settlement {
            invoice: invoices.get(row),
            debtor: columns.debtor[row] as usize,
            date: dates.get(row),
            kind: columns.kind[row],
            amount: columns.amount[row],
            currency: self.currency_of(columns.currency[row]),
            used_up: used_up.get(row),
        })
    }

    /// The client's own number of the invoice.
    pub fn number(&self, row: usize) -> &str {
        self.number.get(row).unwrap_or_default()
    }

    /// Whether the issue date was assumed.
    pub fn issue_assumed(&self, row: usize) -> bool {
        self.issue_assumed.get(row).unwrap_or_default()
    }

    /// Whether the due date was assumed.
    pub fn due_assumed(&self, row: usize) -> bool {
        self.due_assumed.get(row).unwrap_or_default()
    }

    /// Whether the invoice was disputed at the end of `as_of`; `None` when the ledger cannot tell.
    pub fn disputed(&self, row: usize, as_of: &AsOf) -> Option<bool> {
        match (self.disputed.get(row)?, self.disputed_date.get(row)) {
            (false, _) => Some(false),
            (true, Some(since)) => Some(since <= as_of.day()),
            (true, None) => (as_of.date >= as_of.ledger_date).then_some(true),
        }
    }

    /// Id and name of the debtor in this row of the debtor frame.
    pub fn debtor(&self, row: usize) -> (&str, &str) {
        (self.debtor_id.get(row).unwrap_or_default(), self.debtor_name.get(row).unwrap_or_default())
    }

    /// Where the invoice stands: index of the file and line.
    pub fn source(&self, row: usize) -> (usize, u32) {
        (self.file[row] as usize, self.line[row])
    }
}

impl ClientPosition {
    fn take_credit(&mut self, settled: &Settlement, as_of: Day) {
        if let Some(date) = settled.date
            && date <= as_of
            && settled.kind == SettlementKind::CreditNote.code()
        {
            self.credit_notes_issued.push((settled.currency, date, settled.amount));
        }
        let known = settled.date.is_none_or(|date| date <= as_of);
        let unused = settled.used_up.is_none_or(|used| used > as_of);
        if known && unused {
            let Settlement { debtor, currency, amount, .. } = *settled;
            self.credit_notes.push(CreditNoteAt { debtor, currency, amount });
        }
    }
}

/// The settlements of one invoice up to the as-of date.
struct History {
    as_of: Day,
    undated_count: bool,
    cash: i128,
    diluted: i128,
    /// The part of `diluted` that was known to be credited by the as-of date.
    diluted_known: i128,
    written_off: i128,
    undated: bool,
    undated_before_ledger_date: usize,
    last: Option<(Day, bool)>,
}

impl History {
    fn new(as_of: &AsOf) -> Self {
        Self {
            as_of: as_of.day(),
            undated_count: as_of.date >= as_of.ledger_date,
            cash: 0,
            diluted: 0,
            diluted_known: 0,
            written_off: 0,
            undated: false,
            undated_before_ledger_date: 0,
            last: None,
        }
    }

    fn take(&mut self, settled: &Settlement) {
        let amount = i128::from(settled.amount);
        let is_cash = settled.kind == SettlementKind::Payment.code();
        match settled.date {
            Some(date) if date > self.as_of => return,
            // On one day cash counts as the last, whatever order the ledger lists the two in.
            Some(date) => self.last = self.last.max(Some((date, is_cash))),
            None => {
                self.undated |= is_cash;
                self.undated_before_ledger_date += usize::from(!self.undated_count);
            }
        }
        if is_cash {
            self.cash += amount;
        } else if settled.kind == SettlementKind::WriteOff.code() {
            self.written_off += amount;
        } else {
            self.diluted += amount;
            if settled.date.is_some() || self.undated_count {
                self.diluted_known += amount;
            }
        }
    }

    /// Sets what the settlements leave of the invoice.
    fn close(&self, invoice: &mut InvoiceAt) {
        let open = i128::from(invoice.face) - self.cash - self.diluted - self.written_off;
        // Reductions are positive and never exceed the face, so these stay within i64.
        invoice.open = i64::try_from(open.max(0)).unwrap_or(i64::MAX);
        invoice.diluted = i64::try_from(self.diluted_known).unwrap_or(i64::MAX);
        invoice.outcome = match self.last {
            _ if invoice.open > 0 => Outcome::Open,
            _ if self.undated => Outcome::ClosedUndated,
            Some((day, true)) if self.cash >= self.diluted + self.written_off => {
                Outcome::Collected(day)
            }
            Some((day, _)) => Outcome::Removed(day),
            None => Outcome::ClosedUndated,
        };
    }
}

impl InvoiceAt {
    /// The open balance as money.
    pub fn open_balance(&self) -> Money {
        Money::from_minor(self.open, self.currency)
    }
}
