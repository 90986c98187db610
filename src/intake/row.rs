//! One row of the plain layout: turns its cells into a checked row, or into the first fault in the
//! order of [`RejectCode`].

use basics::{Currency, Day};

use super::cell;
use super::documents::currency;
use super::field::{Columns, Field};
use super::notation::is_unknown_day;
use super::options::IngestOptions;
use super::reduction_kind::ReductionKind;
use super::reductions::{Reductions, reductions};
use super::reject::RejectCode;
use super::row_cells::{Cells, RowFault, amount, day, fault};

/// A row that passed every check. Strings borrow from the file's cells.
#[derive(Debug)]
pub struct CheckedRow<'a> {
    pub client: &'a str,
    pub debtor_id: &'a str,
    /// Empty when the row names none.
    pub debtor_name: &'a str,
    /// True if the name serves as the id.
    pub by_name: bool,
    /// The customer that the row names, if another one is its debtor; else empty.
    pub child: &'a str,
    pub country: &'a str,
    pub number: &'a str,
    pub po_number: &'a str,
    /// The sub-customer, job or project; empty when the row names none.
    pub job: &'a str,
    pub issue: Day,
    pub due: Day,
    pub currency: Currency,
    /// Minor units; negative for a credit note.
    pub face: i64,
    /// Kind of reduction, if the row is not an invoice.
    pub settles: Option<ReductionKind>,
    pub already_assigned: bool,
    pub disputed: Option<bool>,
    pub disputed_date: Option<Day>,
    /// The day on which goods or services are delivered.
    pub delivered: Delivery,
    pub assumed: Assumed,
    /// The reductions that the row states, in order of their dates.
    pub reductions: Reductions,
}

/// The cells that the row lacks and that were assumed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Assumed {
    pub issue: bool,
    pub due: bool,
    pub currency: bool,
}

/// The delivery of goods or services, as a row states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Nothing is said of it.
    Unstated,
    /// Its day is not known yet.
    Unknown,
    /// Its day.
    On(Day),
}

/// Checks the rows of one file; remembers the currency codes it has seen, because parsing one
/// allocates.
pub struct RowChecker<'a> {
    columns: &'a Columns,
    options: &'a IngestOptions,
    /// The mark between a customer and its sub-customer in names, if the layout has one.
    pub sub_customers: Option<&'a str>,
    seen: Vec<(String, Currency)>,
}

impl<'a> RowChecker<'a> {
    pub fn new(columns: &'a Columns, options: &'a IngestOptions) -> Self {
        Self { columns, options, sub_customers: None, seen: Vec::new() }
    }

    /// Checks one row.
    pub fn check<'c>(&mut self, row: &'c impl Cells) -> Result<CheckedRow<'c>, RowFault> {
        demand_readable(row)?;
        let number = row.cell(Field::InvoiceNumber);
        // A payment or credit may have no number of its own.
        if number.is_empty() && row.settles().is_none() {
            return Err(missing(RejectCode::MissingInvoiceNumber, Field::InvoiceNumber));
        }
        let debtor = self.debtor(row)?;
        let dates = self.dates(row)?;
        let (currency, currency_assumed) = self.currency(row)?;
        let face = amount(row, Field::Amount, currency)?
            .ok_or_else(|| missing(RejectCode::MissingAmount, Field::Amount))?;
        if face == 0 {
            let message = "an amount of zero is neither an invoice nor a credit note";
            return Err(fault(row, RejectCode::ZeroAmount, Field::Amount, message));
        }
        let reductions = reductions(row, currency, face)?;
        let (disputed, disputed_date) = self.dispute(row)?;
        let delivered = delivery(row)?;
        Ok(CheckedRow {
            client: row.cell(Field::ClientId),
            debtor_id: debtor.id,
            debtor_name: debtor.name,
            by_name: debtor.by_name,
            child: debtor.child,
            country: row.cell(Field::Country),
            number,
            po_number: row.cell(Field::PoNumber),
            job: debtor.job,
            issue: dates.issue,
            due: dates.due,
            currency,
            face,
            settles: row.settles(),
            already_assigned: row.already_assigned(),
            disputed,
            disputed_date,
            delivered,
            assumed: Assumed { currency: currency_assumed, ..dates.assumed },
            reductions,
        })
    }

    /// The debtor of a row: by id, else by name; the customer that its own one is a part of, if the
    /// row names one.
    fn debtor<'c>(&self, row: &'c impl Cells) -> Result<Debtor<'c>, RowFault> {
        for field in [Field::DebtorId, Field::DebtorName, Field::ParentDebtor] {
            if let Some(fault) = row.fault(field) {
                return Err(fault);
            }
        }
        let of_row = Debtor::named(row.cell(Field::DebtorId), row.cell(Field::DebtorName));
        let own = match self.sub_customers {
            Some(mark) => of_row.without_sub_customer(mark),
            None => of_row,
        };
        let parent = row.cell(Field::ParentDebtor);
        let parent = self.sub_customers.map_or(parent, |mark| split(parent, mark).0);
        let is_part = !parent.is_empty() && parent != own.id && parent != own.name;
        let debtor = if is_part { of_row.under(parent, own.id, self) } else { own };
        let job = row.cell(Field::Job);
        if debtor.id.is_empty() {
            // The reject names a column that the file has.
            let has_name_only = self.columns.position(Field::DebtorId).is_none()
                && self.columns.position(Field::DebtorName).is_some();
            let field = if has_name_only { Field::DebtorName } else { Field::DebtorId };
            return Err(missing(RejectCode::MissingDebtor, field));
        }
        Ok(if job.is_empty() { debtor } else { Debtor { job, ..debtor } })
    }

    /// Checks a row that is a payment or credit, of an invoice that it names or of none.
    pub fn check_settlement<'c>(
        &mut self,
        row: &'c impl Cells,
    ) -> Result<CheckedReduction<'c>, RowFault> {
        demand_readable(row)?;
        let debtor = self.debtor(row)?;
        // A payment in a list of documents has only the date of its document.
        let paid = day(row, Field::PaidDate)?;
        let date = if paid.is_some() { paid } else { day(row, Field::InvoiceDate)? };
        let (currency, currency_assumed) = self.currency(row)?;
        let amount = amount(row, Field::Amount, currency)?
            .ok_or_else(|| missing(RejectCode::MissingAmount, Field::Amount))?;
        if amount == 0 {
            let message = "the amount of a payment or credit cannot be zero";
            return Err(fault(row, RejectCode::ZeroAmount, Field::Amount, message));
        }
        Ok(CheckedReduction {
            client: row.cell(Field::ClientId),
            debtor_id: debtor.id,
            debtor_name: debtor.name,
            by_name: debtor.by_name,
            child: debtor.child,
            job: debtor.job,
            country: row.cell(Field::Country),
            applied_to: row.cell(Field::AppliedTo),
            kind: row.settles().unwrap_or(ReductionKind::Payment),
            date,
            currency,
            currency_assumed,
            amount: amount.saturating_abs(),
        })
    }

    fn dates(&self, row: &impl Cells) -> Result<Dates, RowFault> {
        let terms = i32::from(self.options.assumed_terms_days);
        let (issue, due) = (day(row, Field::InvoiceDate)?, day(row, Field::DueDate)?);
        let assumed = Assumed { issue: issue.is_none(), due: due.is_none(), ..Assumed::default() };
        let (issue, due) = match (issue, due) {
            (Some(issue), Some(due)) => (issue, due),
            (Some(issue), None) => (issue, issue + terms),
            (None, Some(due)) => (due - terms, due),
            (None, None) => return Err(missing(RejectCode::MissingDate, Field::InvoiceDate)),
        };
        Ok(Dates { issue, due, assumed })
    }

    fn currency(&mut self, row: &impl Cells) -> Result<(Currency, bool), RowFault> {
        let code = row.cell(Field::Currency);
        if code.is_empty() {
            return Ok((self.options.currency, true));
        }
        // A ledger has few currencies, so a short scan is faster than a map.
        if let Some((_, currency)) = self.seen.iter().find(|(text, _)| text == code) {
            return Ok((*currency, false));
        }
        let currency = code.parse().ok().or_else(|| currency::named(code)).ok_or_else(|| {
            fault(
                row,
                RejectCode::BadCurrency,
                Field::Currency,
                "expected an ISO 4217 code such as USD",
            )
        })?;
        self.seen.push((code.to_owned(), currency));
        Ok((currency, false))
    }

    fn dispute(&self, row: &impl Cells) -> Result<(Option<bool>, Option<Day>), RowFault> {
        let date = day(row, Field::DisputedDate)?;
        let cell = row.cell(Field::Disputed);
        if cell.is_empty() {
            // An empty cell means not disputed, but only if the ledger has such a column at all.
            let stated = self.columns.position(Field::Disputed).is_some()
                || self.columns.position(Field::DisputedDate).is_some();
            return Ok((stated.then_some(date.is_some()), date));
        }
        match cell::flag(cell) {
            Ok(disputed) => Ok((Some(disputed), date.filter(|_| disputed))),
            Err(code) => {
                Err(fault(row, code, Field::Disputed, "expected yes or no, true or false, 1 or 0"))
            }
        }
    }
}

fn delivery(row: &impl Cells) -> Result<Delivery, RowFault> {
    let field = Field::DeliveryDate;
    if row.fault(field).is_none() && is_unknown_day(row.cell(field)) {
        return Ok(Delivery::Unknown);
    }
    Ok(day(row, field)?.map_or(Delivery::Unstated, Delivery::On))
}

/// The most characters of a number, an id or a name: databases do not index texts of any length.
const LONGEST: usize = 500;

/// Fails on the first text cell that holds an error instead of a text, or that is too long.
fn demand_readable(row: &impl Cells) -> Result<(), RowFault> {
    use Field as F;
    let texts = [F::InvoiceNumber, F::Currency, F::DocumentType, F::Status, F::Disputed];
    if let Some(fault) = texts.into_iter().find_map(|field| row.fault(field)) {
        return Err(fault);
    }
    let names = [F::InvoiceNumber, F::DebtorId, F::DebtorName, F::ParentDebtor, F::ClientId]
        .into_iter()
        .chain([F::AppliedTo, F::PoNumber, F::Job]);
    // A text of so many bytes has no more characters: hardly any is counted.
    let is_long = |text: &str| text.len() > LONGEST && text.chars().count() > LONGEST;
    match names.into_iter().find(|&field| is_long(row.cell(field))) {
        Some(field) => {
            let message = format!("expected at most {LONGEST} characters");
            Err(fault(row, RejectCode::TextTooLong, field, &message))
        }
        None => Ok(()),
    }
}

/// The debtor of an invoice.
#[derive(Clone, Copy)]
struct Debtor<'a> {
    id: &'a str,
    name: &'a str,
    by_name: bool,
    /// The id of the customer that the row names, if another one is the debtor; else empty.
    child: &'a str,
    /// The part of the debtor that the row is about; empty if it is about the whole.
    job: &'a str,
}

impl<'a> Debtor<'a> {
    /// The customer with this id, or without one.
    fn named(id: &'a str, name: &'a str) -> Self {
        let by_name = id.is_empty();
        Self { id: if by_name { name } else { id }, name, by_name, child: "", job: "" }
    }

    /// The customer before the mark, with the rest as its job.
    fn without_sub_customer(self, mark: &str) -> Self {
        let (name, job) = split(self.name, mark);
        if name.len() < self.name.len() {
            // The id is that of the sub-customer, each of which has its own.
            return Self { job, ..Self::named("", name) };
        }
        let (id, job) = split(self.id, mark);
        Self { id, job, ..self }
    }

    /// The parent of this customer, whose own id is `child`.
    fn under(self, parent: &'a str, child: &'a str, checker: &RowChecker<'_>) -> Self {
        // Beside a column of ids the parent may be named by its own, which is not a name.
        let name = if checker.columns.has(Field::DebtorId) { "" } else { parent };
        let job = if self.name.is_empty() { self.id } else { self.name };
        Self { id: parent, name, by_name: true, child, job }
    }
}

/// The text before the first mark and the one behind it, without white space around them; the whole
/// text and an empty one if there is no mark or nothing before it.
fn split<'a>(text: &'a str, mark: &str) -> (&'a str, &'a str) {
    let parts = text.split_once(mark).map(|(head, tail)| (head.trim(), tail.trim()));
    parts.filter(|(head, _)| !head.is_empty()).unwrap_or((text, ""))
}

/// A reduction of a named invoice, or unapplied, that passed every check.
#[derive(Debug)]
pub struct CheckedReduction<'a> {
    pub client: &'a str,
    pub debtor_id: &'a str,
    pub debtor_name: &'a str,
    pub by_name: bool,
    /// The customer that the row names, if another one is its debtor; else empty.
    pub child: &'a str,
    /// The sub-customer, job or project; empty when the row names none.
    pub job: &'a str,
    pub country: &'a str,
    /// Number of the invoice; empty when it names none.
    pub applied_to: &'a str,
    pub kind: ReductionKind,
    pub date: Option<Day>,
    pub currency: Currency,
    pub currency_assumed: bool,
    /// Minor units, positive.
    pub amount: i64,
}

struct Dates {
    issue: Day,
    due: Day,
    assumed: Assumed,
}

fn missing(code: RejectCode, field: Field) -> RowFault {
    let message = match code {
        RejectCode::MissingDebtor => "the row has neither a debtor id nor a debtor name".to_owned(),
        RejectCode::MissingDate => "the row has neither an invoice date nor a due date".to_owned(),
        _ => format!("{field} is empty"),
    };
    RowFault { code, field: Some(field), column: None, value: String::new(), message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_split_at_its_first_mark_if_a_customer_stands_before_it() {
        for (name, parts) in [
            ("Marlow Hotels:Kitchen", ("Marlow Hotels", "Kitchen")),
            ("Marlow Hotels:Annexe:Roof", ("Marlow Hotels", "Annexe:Roof")),
            ("Marlow Hotels : Kitchen", ("Marlow Hotels", "Kitchen")),
            ("Marlow Hotels:", ("Marlow Hotels", "")),
            (":Kitchen", (":Kitchen", "")),
            ("Marlow Hotels", ("Marlow Hotels", "")),
            ("", ("", "")),
        ] {
            assert_eq!(split(name, ":"), parts, "{name}");
        }
        assert_eq!(split("A: B / C", " / "), ("A: B", "C"));
    }

    /// The id of a sub-customer is its own and not that of its customer.
    #[test]
    fn a_split_name_leaves_the_id_of_the_sub_customer_behind() {
        let debtor = Debtor::named("17", "Marlow Hotels:Kitchen").without_sub_customer(":");
        let found = (debtor.id, debtor.name, debtor.by_name, debtor.job);
        assert_eq!(found, ("Marlow Hotels", "Marlow Hotels", true, "Kitchen"));
        let debtor = Debtor::named("17", "Marlow Hotels").without_sub_customer(":");
        assert_eq!((debtor.id, debtor.by_name, debtor.job), ("17", false, ""));
    }
}
