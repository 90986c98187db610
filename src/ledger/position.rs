use std::ops::Range;

use polars::prelude::{
    BooleanChunked, DataFrame, Int32Chunked, PolarsResult, StaticArray, StringChunked,
    UInt32Chunked,
};

use basics::{Currency, Day, DebtorFacts, Money, day_number};
use intake::ReductionKind;

use super::as_of::AsOf;
use super::error::LedgerError;
use super::history::{History, Outcome, ReductionAt};
use super::ledger::Ledger;

/// An invoice as it stood at the end of the as-of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvoiceAt {
    /// Row of the invoice frame.
    pub row: usize,
    /// Row of the debtor frame.
    pub debtor: usize,
    /// Issue date; assumed from the due date if the ledger gives none.
    pub issue: Day,
    /// Due date; assumed from the issue date if the ledger gives none.
    pub due: Day,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Original amount, minor units.
    pub face: i64,
    /// Open balance, minor units.
    pub open: i64,
    /// True if another invoice of the debtor, issued by then, has the same number.
    pub duplicate: bool,
    /// Its state.
    pub outcome: Outcome,
    /// Credited by then, minor units.
    pub credited: i64,
    /// Written off by then, minor units.
    pub written_off: i64,
    /// First dated payment by then.
    pub first_cash: Option<Day>,
    /// First dated credit by then.
    pub first_credit: Option<Day>,
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

/// One client's ledger at the end of the as-of date: the invoices issued by then, less the
/// reductions dated by then.
#[derive(Debug, Clone, Default)]
pub struct ClientPosition {
    /// Invoices issued by then, closed ones included, in canonical order.
    pub invoices: Vec<InvoiceAt>,
    /// Unapplied credit, in order of the debtors.
    pub credit_notes: Vec<CreditNoteAt>,
    /// Every credit known by then, applied or not: (currency, date, minor units). One without a
    /// date is known from the ledger's own date on and counts on the issue date of its invoice, or
    /// on the ledger's own date if it reduces none.
    pub credits: Vec<(Currency, Day, i64)>,
    /// Currency and face of invoices issued later, which nothing else may see.
    pub issued_later: Vec<(Currency, i64)>,
    /// Number of undated reductions that explain a balance although the as-of date is before the
    /// ledger's own.
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
    already_assigned: &'a BooleanChunked,
    disputed_date: &'a Int32Chunked,
    delivered: Option<&'a Int32Chunked>,
    number: &'a StringChunked,
    job: Option<&'a StringChunked>,
    line: &'a [u32],
    file: &'a [u32],
    debtor_id: &'a StringChunked,
    debtor_name: &'a StringChunked,
    reductions: ReductionColumns<'a>,
}

struct ReductionColumns<'a> {
    invoice: &'a UInt32Chunked,
    debtor: &'a [u32],
    date: &'a Int32Chunked,
    kind: &'a [u32],
    amount: &'a [i64],
    currency: &'a [u32],
    used_up: &'a Int32Chunked,
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
    /// If a column is missing, which [`super::read()`] rules out.
    pub fn columns(&self) -> Result<LedgerColumns<'_>, LedgerError> {
        let build = || -> PolarsResult<LedgerColumns<'_>> {
            let (invoices, reduction) = (&self.invoices, &self.reductions);
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
                already_assigned: flags(invoices, "already_assigned")?,
                disputed_date: days(invoices, "disputed_date")?,
                delivered: days(invoices, "delivery_date").ok(),
                number: texts(invoices, "number")?,
                job: texts(invoices, "job").ok(),
                line: codes(invoices, "line")?,
                file: codes(invoices, "file")?,
                debtor_id: texts(&self.debtors, "debtor_id")?,
                debtor_name: texts(&self.debtors, "debtor_name")?,
                reductions: ReductionColumns {
                    invoice: reduction.column("invoice")?.u32()?,
                    debtor: codes(reduction, "debtor")?,
                    date: days(reduction, "date")?,
                    kind: codes(reduction, "kind")?,
                    amount: reduction.column("amount")?.i64()?.cont_slice()?,
                    currency: codes(reduction, "currency")?,
                    used_up: days(reduction, "used_up")?,
                },
            })
        };
        build().map_err(|source| LedgerError::Frame { file: "ledger frames".to_owned(), source })
    }
}

impl LedgerColumns<'_> {
    /// Number of invoices issued by the end of a day.
    pub fn issued_by(&self, day: Day) -> usize {
        self.issue.iter().filter(|&&issued| issued <= day).count()
    }

    /// Facts about a debtor beside its invoices; `None` if there are none.
    pub fn facts(&self, debtor: usize) -> Option<&DebtorFacts> {
        self.ledger.told[debtor].as_deref()
    }

    /// The position of client number `client` at the end of `as_of`.
    pub fn position(&self, client: usize, as_of: &AsOf) -> ClientPosition {
        let rows = &self.ledger.clients[client];
        self.position_of(rows.invoices.clone(), rows.reductions.clone(), as_of)
    }

    /// The credits known at the end of `as_of` whose debtors then owed nothing in the currency of
    /// the credit, in order of the debtors.
    pub(super) fn idle_credits(&self, as_of: &AsOf) -> Vec<CreditNoteAt> {
        let columns = &self.reductions;
        if columns.invoice.null_count() == 0 {
            return Vec::new();
        }
        let unapplied = columns.debtor.iter().zip(columns.invoice.iter());
        let mut debtors: Vec<u32> =
            unapplied.filter(|(_, row)| row.is_none()).map(|(&debtor, _)| debtor).collect();
        debtors.dedup();
        let of = |debtor: u32| {
            // Both frames are in order of the debtors.
            let own = |all: &[u32]| {
                all.partition_point(|&d| d < debtor)..all.partition_point(|&d| d <= debtor)
            };
            let position = self.position_of(own(self.debtor), own(columns.debtor), as_of);
            let ClientPosition { invoices, credit_notes, .. } = position;
            let owes = move |currency| {
                invoices.iter().any(|invoice| invoice.open > 0 && invoice.currency == currency)
            };
            credit_notes.into_iter().filter(move |credit| !owes(credit.currency))
        };
        debtors.into_iter().flat_map(of).collect()
    }

    /// The position of these rows of the two frames.
    fn position_of(
        &self,
        invoices: Range<usize>,
        reductions: Range<usize>,
        as_of: &AsOf,
    ) -> ClientPosition {
        let mut position = ClientPosition::default();
        // Both frames are in canonical order, so one pass over the two together suffices.
        let mut reductions = self.reductions_in(reductions).peekable();
        for row in invoices {
            let mut invoice = self.invoice(row);
            let mut history = History::new(as_of);
            while let Some(reduction) = reductions.peek() {
                if reduction.invoice.is_some_and(|target| target as usize > row) {
                    break;
                }
                let own = reduction.invoice.map(|_| invoice.issue);
                position.take_dilution(reduction, as_of, own);
                match reduction.invoice {
                    Some(_) => history.take(reduction),
                    None => position.take_credit(reduction, as_of.day()),
                }
                reductions.next();
            }
            // Only now: its reductions had to be taken off the iterator all the same.
            if self.issued_later(row, as_of) {
                position.issued_later.push((invoice.currency, invoice.face));
                continue;
            }
            (invoice.open, invoice.outcome) = history.close(invoice.face);
            (invoice.credited, invoice.written_off) = history.taken_off();
            (invoice.first_cash, invoice.first_credit) = (history.first_cash, history.first_credit);
            position.undated_settlements += history.undated_before_ledger_date;
            position.invoices.push(invoice);
        }
        for reduction in reductions {
            position.take_dilution(&reduction, as_of, None);
            position.take_credit(&reduction, as_of.day());
        }
        self.mark_duplicates(&mut position.invoices);
        position
    }

    /// Marks invoices that share their number. The flag in the frame knows of later rows as well,
    /// so it only gives candidates.
    fn mark_duplicates(&self, invoices: &mut [InvoiceAt]) {
        let flagged = |at: &usize| self.duplicate_number.get(invoices[*at].row) == Some(true);
        let mut candidates: Vec<usize> = (0..invoices.len()).filter(flagged).collect();
        let key = |&at: &usize| (invoices[at].debtor, self.number(invoices[at].row));
        candidates.sort_by(|a, b| key(a).cmp(&key(b)));
        let same = candidates.chunk_by(|a, b| key(a) == key(b)).filter(|same| same.len() > 1);
        let repeated: Vec<usize> = same.flatten().copied().collect();
        repeated.into_iter().for_each(|at| invoices[at].duplicate = true);
    }

    /// True if the invoice was issued after the as-of date. An assumed issue date is not a fact:
    /// such an invoice is in the ledger from the ledger's own date on, and before it by its assumed
    /// date.
    fn issued_later(&self, row: usize, as_of: &AsOf) -> bool {
        // Assumed terms that are too short would otherwise hide an invoice that the ledger lists.
        let in_ledger = self.issue_assumed(row) && as_of.date >= as_of.ledger_date;
        self.issue[row] > as_of.day() && !in_ledger
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
            duplicate: false,
            outcome: Outcome::Open,
            credited: 0,
            written_off: 0,
            first_cash: None,
            first_credit: None,
        }
    }

    fn currency_of(&self, code: u32) -> Currency {
        self.ledger.currencies[code as usize]
    }

    fn reductions_in(&self, rows: Range<usize>) -> impl Iterator<Item = ReductionAt> + '_ {
        let columns = &self.reductions;
        // The columns are one chunk each; asked row by row, polars would look up the chunk every
        // time.
        let invoices = columns.invoice.downcast_as_array();
        let (dates, used_up) =
            (columns.date.downcast_as_array(), columns.used_up.downcast_as_array());
        rows.map(move |row| ReductionAt {
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

    /// True if the issue date was assumed.
    pub fn issue_assumed(&self, row: usize) -> bool {
        self.issue_assumed.get(row).unwrap_or_default()
    }

    /// True if the due date was assumed.
    pub fn due_assumed(&self, row: usize) -> bool {
        self.due_assumed.get(row).unwrap_or_default()
    }

    /// True if someone other than the client is to be paid.
    pub fn already_assigned(&self, row: usize) -> bool {
        self.already_assigned.get(row).unwrap_or_default()
    }

    /// True if the invoice was disputed at the end of `as_of`; `None` if the ledger does not tell.
    pub fn disputed(&self, row: usize, as_of: &AsOf) -> Option<bool> {
        match (self.disputed.get(row)?, self.disputed_date.get(row)) {
            (false, _) => Some(false),
            (true, Some(since)) => Some(since <= as_of.day()),
            // Before the ledger's own date nobody can say whether an undated dispute existed yet.
            (true, None) => (as_of.date >= as_of.ledger_date).then_some(true),
        }
    }

    /// The day from which the invoice was disputed, if the ledger dates it and it is not after
    /// `as_of`.
    pub fn disputed_since(&self, row: usize, as_of: Day) -> Option<Day> {
        let disputed = self.disputed.get(row) == Some(true);
        self.disputed_date.get(row).filter(|&since| disputed && since <= as_of)
    }

    /// The day on which goods or services are delivered, or on which the service period ends, if
    /// the ledger says so. It may lie after the as-of date: it is what the invoice itself states.
    pub fn delivered(&self, row: usize) -> Option<Day> {
        self.delivered?.get(row)
    }

    /// True if invoices of the ledger have delivery dates.
    pub fn has_deliveries(&self) -> bool {
        self.delivered.is_some()
    }

    /// Id and name of the debtor in this row of the debtor frame. Of several names, the first in
    /// text order among those of rows issued by `as_of`.
    pub fn debtor(&self, row: usize, as_of: Day) -> (&str, &str) {
        let several = self.ledger.several_names.get(&row);
        let known = several.and_then(|names| {
            names.iter().filter(|(first, _)| *first <= as_of).map(|(_, name)| name.as_str()).min()
        });
        let name = known.or(self.debtor_name.get(row)).unwrap_or_default();
        (self.debtor_id.get(row).unwrap_or_default(), name)
    }

    /// All that rows issued by `as_of` call the debtor in this row of the debtor frame: its names,
    /// and what they call the customers that are joined into it.
    pub fn debtor_called(&self, row: usize, as_of: Day) -> Vec<&str> {
        let shown = self.debtor(row, as_of).1;
        let several = self.ledger.several_names.get(&row).into_iter().flatten();
        let known = several.filter(|(first, _)| *first <= as_of).map(|(_, name)| name.as_str());
        let joined = self.ledger.joined.get(&row).into_iter().flatten().map(String::as_str);
        std::iter::once(shown).chain(known).chain(joined).collect()
    }

    /// The sub-customer, job or project that the invoice names; empty if it names none.
    pub fn job(&self, row: usize) -> &str {
        self.job.and_then(|job| job.get(row)).unwrap_or_default()
    }

    /// The dated reductions of client number `client` by `as_of` that reduce an invoice: its row,
    /// the day and the minor units, in order of the rows.
    pub fn dated_reductions(&self, client: usize, as_of: Day) -> Vec<(usize, Day, i64)> {
        let all = self.reductions_in(self.ledger.clients[client].reductions.clone());
        let mut dated: Vec<_> = all
            .filter_map(|own| {
                let day = own.date.filter(|&day| day <= as_of)?;
                Some((own.invoice? as usize, day, own.amount))
            })
            .collect();
        dated.sort_unstable();
        dated
    }

    /// Source of the invoice: index of the file, and line.
    pub fn source(&self, row: usize) -> (usize, u32) {
        (self.file[row] as usize, self.line[row])
    }
}

impl ClientPosition {
    /// Counts a credit; `issue` is the issue date of the invoice that it reduces, if any.
    fn take_dilution(&mut self, reduction: &ReductionAt, as_of: &AsOf, issue: Option<Day>) {
        let known_from = day_number(as_of.ledger_date);
        let undated = (as_of.day() >= known_from).then(|| issue.unwrap_or(known_from));
        let day = reduction.date.or(undated).filter(|&day| day <= as_of.day());
        if let Some(day) = day.filter(|_| reduction.kind == ReductionKind::CreditNote.code()) {
            self.credits.push((reduction.currency, day, reduction.amount));
        }
    }

    fn take_credit(&mut self, reduction: &ReductionAt, as_of: Day) {
        if reduction.kind == ReductionKind::WriteOff.code() {
            // A write-off beyond the open balance is not a credit that anybody could use.
            return;
        }
        let known = reduction.date.is_none_or(|date| date <= as_of);
        let unused = reduction.used_up.is_none_or(|used| used > as_of);
        if known && unused {
            let ReductionAt { debtor, currency, amount, .. } = *reduction;
            self.credit_notes.push(CreditNoteAt { debtor, currency, amount });
        }
    }
}

impl InvoiceAt {
    /// Amount paid in cash by then, minor units.
    pub fn paid(&self) -> i64 {
        self.face - self.open - self.credited - self.written_off
    }

    /// The open balance as money.
    pub fn open_balance(&self) -> Money {
        Money::from_minor(self.open, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use sheet::Source;

    use super::super::as_of::AsOfReason;
    use super::super::read::read;
    use super::*;
    use intake::{Guidance, IngestOptions};

    fn ledger(rows: &str) -> Ledger {
        let options = IngestOptions {
            currency: Currency::USD,
            assumed_terms_days: 30,
            client: String::new(),
            guidance: Guidance::default(),
        };
        let text = format!("Invoice No;Customer;Date;Due Date;Amount;Type;Applied To\n{rows}");
        read(&[Source::bytes("ledger.csv", text)], &options, &|_| ()).expect("a ledger")
    }

    /// The position at the end of `day`, with `ledger_date` as the ledger's own.
    fn position(rows: &str, day: &str, ledger_date: &str) -> ClientPosition {
        let date = |text: &str| text.parse().expect("a date");
        let as_of = AsOf {
            date: date(day),
            reason: AsOfReason::Given,
            set_aside: Vec::new(),
            ledger_date: date(ledger_date),
        };
        ledger(rows).columns().expect("columns").position(0, &as_of)
    }

    /// A credit note of Alder without a date, for an invoice that the file does not have. The dates
    /// of other debtors' invoices change nothing about it.
    #[test]
    fn an_undated_unapplied_credit_counts_on_the_ledgers_own_date() {
        let alder = "A-1;Alder;2026-03-01;2026-03-31;100.00;Invoice;\n\
            C-9;Alder;;;-40.00;Credit note;X-99\n";
        let own_date = day_number("2026-06-15".parse().expect("a date"));
        for birch in ["2026-01-02", "2026-05-01", "2026-06-30"] {
            let birch = format!("B-1;Birch;{birch};2026-07-30;500.00;Invoice;\n");
            for rows in [format!("{alder}{birch}"), format!("{birch}{alder}"), alder.to_owned()] {
                for day in ["2026-06-15", "2026-06-20"] {
                    let credits = position(&rows, day, "2026-06-15").credits;
                    assert_eq!(credits, [(Currency::USD, own_date, 4000)], "{rows}");
                }
                let before = position(&rows, "2026-06-14", "2026-06-15").credits;
                assert!(before.is_empty(), "not known before the ledger's own date");
            }
        }
    }

    #[test]
    fn an_undated_credit_of_an_invoice_counts_on_its_issue_date() {
        let rows = "A-1;Alder;2026-03-01;2026-03-31;100.00;Invoice;\n\
            C-9;Alder;;;-40.00;Credit note;A-1\n";
        let issued = day_number("2026-03-01".parse().expect("a date"));
        let credits = position(rows, "2026-06-15", "2026-06-15").credits;
        assert_eq!(credits, [(Currency::USD, issued, 4000)]);
    }

    #[test]
    fn a_credit_is_idle_only_while_its_debtor_owes_nothing() {
        let rows = "A-1;Alder;2026-03-01;2026-03-31;100.00;Invoice;\n\
            P-1;Alder;2026-04-20;;-100.00;Payment;A-1\n\
            C-9;Alder;2026-04-01;2026-04-01;-40.00;Credit note;\n\
            B-1;Birch;2026-05-01;2026-07-30;500.00;Invoice;\n\
            C-8;Birch;2026-05-02;2026-05-02;-7.00;Credit note;\n";
        let ledger = ledger(rows);
        let columns = ledger.columns().expect("columns");
        let idle = |day: &str| -> Vec<i64> {
            let as_of = ledger.as_of(Some(day.parse().expect("a date"))).expect("a date");
            columns.idle_credits(&as_of).iter().map(|credit| credit.amount).collect()
        };
        assert_eq!(idle("2026-04-19"), [] as [i64; 0], "A-1 was open");
        assert_eq!(idle("2026-04-20"), [4000]);
        assert_eq!(idle("2026-06-30"), [4000]);
    }
}
