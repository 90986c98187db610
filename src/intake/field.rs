use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

use super::error::IntakeError;
use super::minor_name::without_minor;
use super::shown::shown;

/// The meaning of a column. The first ones form the plain layout: one row per invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The client's own number of the invoice or other document.
    InvoiceNumber,
    /// Identifier of the debtor within the client's ledger.
    DebtorId,
    /// Name of the debtor.
    DebtorName,
    /// Issue date.
    InvoiceDate,
    /// Date on which payment is due.
    DueDate,
    /// ISO 4217 code.
    Currency,
    /// Face in major units; negative for a credit note.
    Amount,
    /// Date of the (last) payment.
    PaidDate,
    /// Sum paid by `PaidDate`; without it, everything then open was paid.
    PaidAmount,
    /// Sum credited.
    CreditedAmount,
    /// Date of the credit.
    CreditedDate,
    /// Sum written off as bad debt.
    WrittenOffAmount,
    /// Date of the write-off.
    WrittenOffDate,
    /// True if the debtor disputes the invoice.
    Disputed,
    /// Date on which the dispute was raised.
    DisputedDate,
    /// The client that owns the receivable, in a ledger of several clients.
    ClientId,
    /// The debtor's purchase order.
    PoNumber,
    /// The sub-customer, job or project of the debtor that the document is for.
    Job,
    /// Date on which goods or services are delivered, or on which a service period ends.
    DeliveryDate,
    /// The debtor's country.
    Country,
    /// The amount still owed.
    OpenBalance,
    /// Kind of document.
    DocumentType,
    /// Draft, void, paid and the like.
    Status,
    /// Amount, if it raises the balance.
    Debit,
    /// Amount, if it reduces the balance.
    Credit,
    /// A letter that says whether the amount is a debit or a credit.
    DebitCredit,
    /// Number of the invoice that a payment or credit reduces.
    AppliedTo,
    /// The part of the payment or credit that reduces that invoice.
    AppliedAmount,
    /// Payment terms as text.
    Terms,
    /// Amount of one line item, before tax when there is a `LineTax` column.
    LineAmount,
    /// Tax of one line item.
    LineTax,
    /// A running balance, never the open balance of one invoice.
    RunningBalance,
    /// The group to which the debtor belongs.
    DebtorGroup,
    /// The customer of which the row's own customer is a part; it is the debtor then.
    ParentDebtor,
    /// The party that the debtor is told to pay.
    Payee,
    /// The other party of a payable, which the client owes.
    Supplier,
    /// Identifier of the document inside the exporting system.
    DocumentId,
}

/// Every field with its canonical header, in the order of the enum.
const NAMES: [(Field, &str); 37] = [
    (Field::InvoiceNumber, "invoice_number"),
    (Field::DebtorId, "debtor_id"),
    (Field::DebtorName, "debtor_name"),
    (Field::InvoiceDate, "invoice_date"),
    (Field::DueDate, "due_date"),
    (Field::Currency, "currency"),
    (Field::Amount, "amount"),
    (Field::PaidDate, "paid_date"),
    (Field::PaidAmount, "paid_amount"),
    (Field::CreditedAmount, "credited_amount"),
    (Field::CreditedDate, "credited_date"),
    (Field::WrittenOffAmount, "written_off_amount"),
    (Field::WrittenOffDate, "written_off_date"),
    (Field::Disputed, "disputed"),
    (Field::DisputedDate, "disputed_date"),
    (Field::ClientId, "client_id"),
    (Field::PoNumber, "po_number"),
    (Field::Job, "job"),
    (Field::DeliveryDate, "delivery_date"),
    (Field::Country, "country"),
    (Field::OpenBalance, "open_balance"),
    (Field::DocumentType, "document_type"),
    (Field::Status, "status"),
    (Field::Debit, "debit"),
    (Field::Credit, "credit"),
    (Field::DebitCredit, "debit_credit"),
    (Field::AppliedTo, "applied_to"),
    (Field::AppliedAmount, "applied_amount"),
    (Field::Terms, "terms"),
    (Field::LineAmount, "line_amount"),
    (Field::LineTax, "line_tax"),
    (Field::RunningBalance, "running_balance"),
    (Field::DebtorGroup, "debtor_group"),
    (Field::ParentDebtor, "parent_debtor"),
    (Field::Payee, "payee"),
    (Field::Supplier, "supplier"),
    (Field::DocumentId, "document_id"),
];

impl Field {
    /// Number of fields.
    pub const COUNT: usize = NAMES.len();

    /// The canonical header.
    pub fn name(self) -> &'static str {
        NAMES[self as usize].1
    }

    /// Every field, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|&(field, _)| field)
    }

    /// The field of this canonical name.
    pub fn by_name(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, canonical)| *canonical == name).map(|&(field, _)| field)
    }

    /// True if the field belongs to the plain layout, in which each row is one invoice.
    pub fn is_plain(self) -> bool {
        self <= Self::Country
    }

    /// True if cells of the column are dates.
    pub fn is_date(self) -> bool {
        use Field as F;
        matches!(
            self,
            F::InvoiceDate
                | F::DueDate
                | F::PaidDate
                | F::CreditedDate
                | F::WrittenOffDate
                | F::DisputedDate
                | F::DeliveryDate
        )
    }

    /// True if cells of the column are amounts.
    pub fn is_amount(self) -> bool {
        use Field as F;
        matches!(
            self,
            F::Amount
                | F::PaidAmount
                | F::CreditedAmount
                | F::WrittenOffAmount
                | F::OpenBalance
                | F::Debit
                | F::Credit
                | F::AppliedAmount
                | F::LineAmount
                | F::LineTax
                | F::RunningBalance
        )
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Strength of a name as evidence for a field; the stronger name takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Used only when there is no better name.
    Weak,
    /// A name that exports use.
    Synonym,
    /// The field's own name.
    Canonical,
}

/// Words by the thing they name, as `synonyms.toml` lists them.
type Words = HashMap<String, Vec<String>>;

/// The names and words that are known without a layout.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Synonyms {
    columns: Words,
    weak: Words,
    document_types: Words,
    statuses: Words,
}

static SYNONYMS: LazyLock<Synonyms> =
    LazyLock::new(|| toml::from_str(include_str!("synonyms.toml")).unwrap_or_default());

static FIELD_OF: LazyLock<HashMap<String, (Field, Strength)>> = LazyLock::new(|| {
    let mut fields = HashMap::new();
    for (field, name) in NAMES {
        let words = |of: &Words| of.get(name).cloned().unwrap_or_default();
        let weak = words(&SYNONYMS.weak).into_iter().map(|word| (word, Strength::Weak));
        let strong = words(&SYNONYMS.columns).into_iter().map(|word| (word, Strength::Synonym));
        let own = std::iter::once((name.to_owned(), Strength::Canonical));
        // In this order a stronger name replaces a weaker one.
        for (word, strength) in weak.chain(strong).chain(own) {
            fields.insert(bare(&word), (field, strength));
        }
    }
    fields
});

static DOCUMENT_TYPES: LazyLock<HashMap<String, String>> =
    LazyLock::new(|| inverted(&SYNONYMS.document_types));

static STATUSES: LazyLock<HashMap<String, String>> = LazyLock::new(|| inverted(&SYNONYMS.statuses));

fn inverted(words: &Words) -> HashMap<String, String> {
    let pairs = words
        .iter()
        .flat_map(|(kind, words)| words.iter().map(move |word| (bare(word), kind.clone())));
    pairs.collect()
}

/// The kind of document that a type cell names.
pub fn document_type(cell: &str) -> Option<&'static str> {
    DOCUMENT_TYPES.get(&bare(cell)).map(String::as_str)
}

/// The kind of status that a status cell names.
pub fn status(cell: &str) -> Option<&'static str> {
    STATUSES.get(&bare(cell)).map(String::as_str)
}

/// A name in the form in which names are compared: lower case, without spaces and punctuation. A
/// name of punctuation alone is kept as it is.
pub fn bare(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric() || *c == '#');
    let bare: String = kept.flat_map(char::to_lowercase).collect();
    if bare.is_empty() { text.trim().to_owned() } else { bare }
}

/// The field that a header cell names, and how strongly. A name for an amount in minor units is
/// weak: the same amount in major units is preferred.
pub fn field_named(cell: &str) -> Option<(Field, Strength)> {
    FIELD_OF.get(&bare(cell)).copied().or_else(|| {
        let (field, _) = FIELD_OF.get(&bare(without_minor(cell)?))?;
        field.is_amount().then_some((*field, Strength::Weak))
    })
}

/// The column of each field in a file, found from its header row.
#[derive(Debug, Clone)]
pub struct Columns {
    index_of: [Option<usize>; Field::COUNT],
    header: Vec<String>,
    /// For each column, true if its name says that its amounts are in minor units.
    minor: Vec<bool>,
    /// The columns of ageing buckets, in file order.
    buckets: Vec<usize>,
    /// Pairs of columns: the name of a category and the option chosen.
    tracking: Vec<[usize; 2]>,
}

impl Columns {
    /// Recognises the header cells in any order; cells that name no field are kept as ignored
    /// columns.
    ///
    /// # Errors
    /// If two cells name one field equally well and no third one names it better
    /// ([`IntakeError::RepeatedColumn`]).
    pub fn named<S: AsRef<str>>(file: &str, header: &[S]) -> Result<Self, IntakeError> {
        let mut taken: [Option<(Strength, usize)>; Field::COUNT] = [None; Field::COUNT];
        let mut claims: Vec<(Field, Strength, usize, usize)> = Vec::new();
        for (index, cell) in header.iter().enumerate() {
            let Some((field, strength)) = field_named(cell.as_ref()) else { continue };
            let slot = &mut taken[field as usize];
            match *slot {
                Some((better, _)) if better > strength => {}
                // Weak names such as `name` or `ref` are common, so the first one is taken without
                // a question.
                Some((Strength::Weak, _)) if strength == Strength::Weak => {}
                Some((equal, other)) if equal == strength => {
                    claims.push((field, strength, other, index));
                }
                _ => *slot = Some((strength, index)),
            }
        }
        // Equal claims matter only if no better name, perhaps further right, has taken the field.
        let unsettled = |&&(field, strength, ..): &&(Field, Strength, usize, usize)| {
            taken[field as usize].is_some_and(|(best, _)| best == strength)
        };
        if let Some(&(field, _, first, second)) = claims.iter().find(unsettled) {
            return Err(IntakeError::RepeatedColumn {
                file: file.to_owned(),
                field: field.name(),
                first: shown(header[first].as_ref()),
                second: shown(header[second].as_ref()),
            });
        }
        let mut columns = Self::unnamed(header);
        columns.index_of = taken.map(|taken| taken.map(|(_, index)| index));
        columns.take_french_client();
        Ok(columns)
    }

    /// Reads a `client` column as the debtor where no better column names the debtor: in French,
    /// and in many businesses, a customer is a client.
    fn take_french_client(&mut self) {
        let Some(at) = self.position(Field::ClientId) else { return };
        let id = self.position(Field::DebtorId);
        // `Code client` is the id of a debtor too; beside `debtor_id`, the client is the seller.
        let french_id = id.is_none_or(|id| bare(&self.header[id]).contains("client"));
        let name = self.position(Field::DebtorName);
        let named = name.and_then(|name| field_named(&self.header[name]));
        let weak = named.is_none_or(|(_, strength)| strength == Strength::Weak);
        if bare(&self.header[at]) == "client" && weak && french_id {
            self.unset(Field::ClientId);
            self.set(Field::DebtorName, at);
        }
    }

    /// Recognises a header of the plain layout.
    ///
    /// # Errors
    /// If two cells name one field ([`IntakeError::RepeatedColumn`]), or if there is no column for
    /// the invoice number, a debtor, one of the two dates or the amount
    /// ([`IntakeError::MissingColumns`]).
    pub fn recognise<S: AsRef<str>>(file: &str, header: &[S]) -> Result<Self, IntakeError> {
        let columns = Self::named(file, header)?;
        columns.demand_required(file)?;
        Ok(columns)
    }

    /// The columns of a header before any field is assigned.
    pub fn unnamed<S: AsRef<str>>(header: &[S]) -> Self {
        let header: Vec<String> =
            header.iter().map(|cell| cell.as_ref().trim().to_owned()).collect();
        let minor = header.iter().map(|cell| without_minor(cell).is_some()).collect();
        Self {
            index_of: [None; Field::COUNT],
            header,
            minor,
            buckets: Vec::new(),
            tracking: Vec::new(),
        }
    }

    /// Assigns the column at `index` to `field`.
    pub fn set(&mut self, field: Field, index: usize) {
        self.index_of[field as usize] = Some(index);
    }

    /// Leaves `field` without a column.
    pub fn unset(&mut self, field: Field) {
        self.index_of[field as usize] = None;
    }

    /// Makes the columns at these positions ageing buckets.
    pub fn set_buckets(&mut self, buckets: Vec<usize>) {
        self.buckets = buckets;
    }

    /// Makes these pairs of columns a category and its option.
    pub fn set_tracking(&mut self, tracking: Vec<[usize; 2]>) {
        self.tracking = tracking;
    }

    /// Pairs of columns: the name of a category and the option chosen.
    pub fn tracking(&self) -> &[[usize; 2]] {
        &self.tracking
    }

    /// The columns of ageing buckets.
    pub fn buckets(&self) -> &[usize] {
        &self.buckets
    }

    /// The header cells.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// True if a column already holds a field or bucket.
    pub fn is_taken(&self, index: usize) -> bool {
        self.index_of.contains(&Some(index)) || self.buckets.contains(&index)
    }

    /// Number of header cells that name a field; used to choose among delimiters and header rows.
    pub fn recognised<S: AsRef<str>>(header: &[S]) -> usize {
        header.iter().filter(|cell| field_named(cell.as_ref()).is_some()).count()
    }

    /// Number of columns that hold a field or bucket.
    pub fn taken(&self) -> usize {
        self.index_of.iter().flatten().count() + self.buckets.len()
    }

    /// True if every field with a column belongs to the plain layout.
    pub fn is_plain(&self) -> bool {
        Field::all().all(|field| field.is_plain() || self.position(field).is_none())
    }

    /// Position of `field` in a row.
    pub fn position(&self, field: Field) -> Option<usize> {
        self.index_of[field as usize]
    }

    /// True if `field` has a column.
    pub fn has(&self, field: Field) -> bool {
        self.position(field).is_some()
    }

    /// True if the amounts of `field` are whole minor units.
    pub fn is_minor(&self, field: Field) -> bool {
        self.position(field).is_some_and(|at| self.minor[at])
    }

    /// Position of the field with this index in a row.
    pub fn position_of_slot(&self, slot: usize) -> Option<usize> {
        self.index_of[slot]
    }

    /// Number of cells of the header row.
    pub fn width(&self) -> usize {
        self.header.len()
    }

    /// The header text of the column that holds `field`, or the field's own name.
    pub fn header_of(&self, field: Field) -> &str {
        self.position(field).map_or(field.name(), |index| self.header[index].as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_the_order_of_the_enum() {
        for (index, (field, _)) in NAMES.iter().enumerate() {
            assert_eq!(*field as usize, index);
        }
    }

    #[test]
    fn every_word_names_one_thing_and_every_thing_is_known() {
        let synonyms: Synonyms = toml::from_str(include_str!("synonyms.toml")).expect("valid");
        for table in [&synonyms.columns, &synonyms.weak] {
            for name in table.keys() {
                assert!(Field::by_name(name).is_some(), "{name} is not a field");
            }
        }
        let columns = synonyms.columns.iter().chain(&synonyms.weak);
        for words in [columns.collect::<Vec<_>>(), synonyms.document_types.iter().collect()] {
            let mut seen = HashMap::new();
            for (thing, word) in words
                .iter()
                .flat_map(|(thing, words)| words.iter().map(move |word| (*thing, bare(word))))
            {
                if let Some(other) = seen.insert(word.clone(), thing) {
                    assert_eq!(other, thing, "'{word}' names two things");
                }
            }
        }
    }

    #[test]
    fn recognises_any_order_case_and_synonym() {
        let header = ["Due Date", "Customer Name", "Memo", "INVOICE #", "Invoice Total"];
        let columns = Columns::recognise("x.csv", &header).expect("a plain header");
        assert_eq!(columns.position(Field::DueDate), Some(0));
        assert_eq!(columns.position(Field::DebtorName), Some(1));
        assert_eq!(columns.position(Field::InvoiceNumber), Some(3));
        assert_eq!(columns.ignored(), ["Memo"]);
    }

    #[test]
    fn a_canonical_name_outranks_a_synonym_wherever_it_stands() {
        for header in [
            ["invoice_number", "reference", "customer", "date", "amount"],
            ["reference", "invoice_number", "customer", "date", "amount"],
        ] {
            let columns = Columns::recognise("x.csv", &header).expect("a plain header");
            assert_eq!(columns.header_of(Field::InvoiceNumber), "invoice_number");
            assert_eq!(columns.ignored(), ["reference"]);
        }
    }

    #[test]
    fn a_parent_is_no_group_and_two_columns_of_projects_are_no_question() {
        let header = ["Invoice", "Customer", "Parent", "Customer group", "Date", "Total"];
        let columns = Columns::recognise("x.csv", &header).expect("a header");
        assert_eq!(columns.position(Field::ParentDebtor), Some(2));
        assert_eq!(columns.position(Field::DebtorGroup), Some(3));
        let header = ["Invoice", "Customer", "Project", "Project name", "Date", "Total"];
        let columns = Columns::recognise("x.csv", &header).expect("a header");
        assert_eq!(columns.position(Field::Job), Some(2));
        assert!(columns.is_plain(), "such a file is still read on all cores");
    }

    #[test]
    fn errors_name_what_is_missing_or_twice() {
        let missing = Columns::recognise("x.csv", &["number", "colour"]).map_err(|e| e.to_string());
        assert_eq!(
            missing.err().as_deref(),
            Some(
                "x.csv: no column for debtor_id or debtor_name, invoice_date or due_date, amount \
                 (the header row has: number, colour)"
            )
        );
        let twice = Columns::recognise("x.csv", &["number", "num", "customer", "date", "total"]);
        assert!(twice.is_err_and(|e| e.to_string().contains("'number' and 'num'")));
    }
}
