use polars::prelude::{
    BooleanChunked, DataFrame, Int32Chunked, Int64Chunked, PolarsResult, StringChunked, UInt32Chunked,
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
    issue: Int32Chunked,
    due: Int32Chunked,
    debtor: UInt32Chunked,
    currency: UInt32Chunked,
    face: Int64Chunked,
    issue_assumed: BooleanChunked,
    due_assumed: BooleanChunked,
    duplicate_number: BooleanChunked,
    disputed: BooleanChunked,
    disputed_date: Int32Chunked,
    number: StringChunked,
    line: UInt32Chunked,
    file: UInt32Chunked,
    debtor_id: StringChunked,
    debtor_name: StringChunked,
    settlements: SettlementColumns,
}

struct SettlementColumns {
    invoice: UInt32Chunked,
    debtor: UInt32Chunked,
    date: Int32Chunked,
    kind: UInt32Chunked,
    amount: Int64Chunked,
    currency: UInt32Chunked,
    used_up: Int32Chunked,
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

fn day_column(frame: &DataFrame, name: &str) -> PolarsResult<Int32Chunked> {
    Ok(frame.column(name)?.date()?.physical().rechunk().into_owned())
}

fn code_column(frame: &DataFrame, name: &str) -> PolarsResult<UInt32Chunked> {
    Ok(frame.column(name)?.u32()?.rechunk().into_owned())
}

fn text_column(frame: &DataFrame, name: &str) -> PolarsResult<StringChunked> {
    Ok(frame.column(name)?.str()?.rechunk().into_owned())
}

fn flag_column(frame: &DataFrame, name: &str) -> PolarsResult<BooleanChunked> {
    Ok(frame.column(name)?.bool()?.rechunk().into_owned())
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
                issue: day_column(invoices, "issue_date")?,
                due: day_column(invoices, "due_date")?,
                debtor: code_column(invoices, "debtor")?,
                currency: code_column(invoices, "currency")?,
                face: invoices.column("face")?.i64()?.rechunk().into_owned(),
                issue_assumed: flag_column(invoices, "issue_assumed")?,
                due_assumed: flag_column(invoices, "due_assumed")?,
                duplicate_number: flag_column(invoices, "duplicate_number")?,
                disputed: flag_column(invoices, "disputed")?,
                disputed_date: day_column(invoices, "disputed_date")?,
                number: text_column(invoices, "number")?,
                line: code_column(invoices, "line")?,
                file: code_column(invoices, "file")?,
                debtor_id: text_column(&self.debtors, "debtor_id")?,
                debtor_name: text_column(&self.debtors, "debtor_name")?,
                settlements: SettlementColumns {
                    invoice: code_column(settled, "invoice")?,
                    debtor: code_column(settled, "debtor")?,
                    date: day_column(settled, "date")?,
                    kind: code_column(settled, "kind")?,
                    amount: settled.column("amount")?.i64()?.rechunk().into_owned(),
                    currency: code_column(settled, "currency")?,
                    used_up: day_column(settled, "used_up")?,
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
        position
    }

    fn invoice(&self, row: usize) -> InvoiceAt {
        let face = self.face.get(row).unwrap_or_default();
        InvoiceAt {
            row,
            debtor: self.debtor.get(row).unwrap_or_default() as usize,
            issue: self.issue.get(row).unwrap_or_default(),
            due: self.due.get(row).unwrap_or_default(),
            currency: self.currency_of(self.currency.get(row).unwrap_or_default()),
            face,
            open: face,
            diluted: 0,
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
        rows.map(|row| Settlement {
            invoice: columns.invoice.get(row),
            debtor: columns.debtor.get(row).unwrap_or_default() as usize,
            date: columns.date.get(row),
            kind: columns.kind.get(row).unwrap_or_default(),
            amount: columns.amount.get(row).unwrap_or_default(),
            currency: self.currency_of(columns.currency.get(row).unwrap_or_default()),
            used_up: columns.used_up.get(row),
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

    /// Whether another invoice of the debtor, issued by `as_of`, bears the same number.
    pub fn duplicate_number(&self, row: usize, as_of: Day) -> bool {
        let flagged = |row: usize| self.duplicate_number.get(row).unwrap_or_default();
        if !flagged(row) {
            return false;
        }
        let debtor = self.debtor.get(row);
        let same_debtor = |other: &usize| self.debtor.get(*other) == debtor;
        let before = (0..row).rev().take_while(same_debtor);
        let after = (row + 1..self.debtor.len()).take_while(same_debtor);
        before.chain(after).any(|other| {
            let known = self.issue_assumed(other) || self.issue.get(other) <= Some(as_of);
            known && flagged(other) && self.number(other) == self.number(row)
        })
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
        let file = self.file.get(row).unwrap_or_default() as usize;
        (file, self.line.get(row).unwrap_or_default())
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
