use std::fmt;

use super::LedgerError;

/// A column of the plain layout: one row per invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The client's own number of the invoice.
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
    /// Sum paid by `PaidDate`; absent means everything then open.
    PaidAmount,
    /// Sum credited.
    CreditedAmount,
    /// Date of the credit.
    CreditedDate,
    /// Sum written off as bad debt.
    WrittenOffAmount,
    /// Date of the write-off.
    WrittenOffDate,
    /// Whether the debtor disputes the invoice.
    Disputed,
    /// Date on which the dispute was raised.
    DisputedDate,
    /// The client whose receivable it is, in a ledger of several.
    ClientId,
    /// The debtor's purchase order.
    PoNumber,
    /// The debtor's country.
    Country,
}

/// Every field with its canonical header and the synonyms by which exports call it, both compared
/// without case, spaces and punctuation. To read one more spelling, add it here.
const NAMES: [(Field, &str, &[&str]); 18] = [
    (
        Field::InvoiceNumber,
        "invoice_number",
        &[
            "invoice",
            "invoiceno",
            "invoicenum",
            "invoiceid",
            "invoice#",
            "number",
            "num",
            "docnumber",
            "documentnumber",
            "documentno",
            "docno",
            "voucherno",
            "billno",
            "reference",
            "invref",
        ],
    ),
    (
        Field::DebtorId,
        "debtor_id",
        &[
            "debtor",
            "debtorno",
            "debtornumber",
            "debtorcode",
            "customerid",
            "customernumber",
            "customerno",
            "customercode",
            "custid",
            "custno",
            "accountnumber",
            "accountdebtor",
            "buyerid",
        ],
    ),
    (
        Field::DebtorName,
        "debtor_name",
        &[
            "customer",
            "customername",
            "custname",
            "contactname",
            "buyer",
            "buyername",
            "partyname",
            "accountname",
            "billto",
        ],
    ),
    (
        Field::InvoiceDate,
        "invoice_date",
        &[
            "date",
            "issuedate",
            "issued",
            "dateissued",
            "docdate",
            "documentdate",
            "txndate",
            "billdate",
            "postingdate",
            "transactiondate",
        ],
    ),
    (
        Field::DueDate,
        "due_date",
        &[
            "due",
            "duedateofpayment",
            "maturity",
            "maturitydate",
            "datedue",
            "netduedate",
            "paymentdue",
            "paymentduedate",
        ],
    ),
    (
        Field::Currency,
        "currency",
        &["currencycode", "ccy", "curr", "isocurrency", "transactioncurrency"],
    ),
    (
        Field::Amount,
        "amount",
        &[
            "face",
            "facevalue",
            "faceamount",
            "total",
            "invoiceamount",
            "invoicetotal",
            "grossamount",
            "gross",
            "value",
            "invoicevalue",
            "originalamount",
            "amountdue",
            "invoicedamount",
        ],
    ),
    (
        Field::PaidDate,
        "paid_date",
        &[
            "datepaid",
            "paymentdate",
            "paidon",
            "settlementdate",
            "settleddate",
            "cleareddate",
            "collectiondate",
            "dateofpayment",
        ],
    ),
    (
        Field::PaidAmount,
        "paid_amount",
        &[
            "amountpaid",
            "paid",
            "paymentamount",
            "payments",
            "invoiceamountpaid",
            "received",
            "collected",
        ],
    ),
    (
        Field::CreditedAmount,
        "credited_amount",
        &[
            "credited",
            "creditamount",
            "credits",
            "creditnoteamount",
            "creditnote",
            "amountcredited",
        ],
    ),
    (Field::CreditedDate, "credited_date", &["creditdate", "creditnotedate", "datecredited"]),
    (
        Field::WrittenOffAmount,
        "written_off_amount",
        &["writtenoff", "writeoff", "writeoffamount", "baddebt", "amountwrittenoff"],
    ),
    (Field::WrittenOffDate, "written_off_date", &["writeoffdate", "datewrittenoff"]),
    (Field::Disputed, "disputed", &["dispute", "indispute", "isdisputed", "disputeflag"]),
    (Field::DisputedDate, "disputed_date", &["disputedate", "datedisputed"]),
    (
        Field::ClientId,
        "client_id",
        &["client", "clientno", "clientnumber", "clientcode", "seller", "sellerid"],
    ),
    (
        Field::PoNumber,
        "po_number",
        &[
            "po",
            "pono",
            "ponum",
            "purchaseorder",
            "purchaseordernumber",
            "purchaseorderno",
            "customerpo",
        ],
    ),
    (
        Field::Country,
        "country",
        &["debtorcountry", "countrycode", "customercountry", "billingcountry"],
    ),
];

impl Field {
    /// Number of fields.
    pub const COUNT: usize = NAMES.len();

    /// The canonical header.
    pub fn name(self) -> &'static str {
        NAMES[self as usize].1
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where each field stands in a file, found from its header row.
#[derive(Debug, Clone)]
pub struct Columns {
    index_of: [Option<usize>; Field::COUNT],
    header: Vec<String>,
}

impl Columns {
    /// Recognises the header cells in any order; cells that name no field are kept as ignored
    /// columns.
    ///
    /// # Errors
    /// [`LedgerError::RepeatedColumn`] when two cells name one field and
    /// [`LedgerError::MissingColumns`] when invoice number, a debtor, one of the two dates or the
    /// amount is not there.
    pub fn recognise<S: AsRef<str>>(file: &str, header: &[S]) -> Result<Self, LedgerError> {
        let mut index_of: [Option<usize>; Field::COUNT] = [None; Field::COUNT];
        let named: Vec<_> = header.iter().map(|cell| field_named(cell.as_ref())).collect();
        // Canonical names first: they outrank synonyms of the same field, which are then ignored.
        for exact in [true, false] {
            let canonical = index_of;
            let of_kind = named.iter().enumerate().filter_map(|(index, named)| {
                named.filter(|&(_, is_exact)| is_exact == exact).map(|(field, _)| (index, field))
            });
            for (index, field) in of_kind {
                let slot = field as usize;
                if canonical[slot].is_some() {
                    continue;
                }
                if let Some(other) = index_of[slot] {
                    return Err(LedgerError::RepeatedColumn {
                        file: file.to_owned(),
                        field: field.name(),
                        first: shown(header[other].as_ref()),
                        second: shown(header[index].as_ref()),
                    });
                }
                index_of[slot] = Some(index);
            }
        }
        let header = header.iter().map(|cell| cell.as_ref().trim().to_owned()).collect();
        let columns = Self { index_of, header };
        columns.demand_required(file)?;
        Ok(columns)
    }

    /// How many header cells name a field; used to choose among delimiters.
    pub fn recognised<S: AsRef<str>>(header: &[S]) -> usize {
        header.iter().filter(|cell| field_named(cell.as_ref()).is_some()).count()
    }

    /// Position of `field` in a row.
    pub fn position(&self, field: Field) -> Option<usize> {
        self.index_of[field as usize]
    }

    /// Position of the field with this index in a row.
    pub(super) fn position_of_slot(&self, slot: usize) -> Option<usize> {
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

    /// The header cells taken, in the order of the fields, as `header = field` where they differ.
    pub fn recognised_headers(&self) -> Vec<String> {
        let taken = NAMES.iter().filter_map(|(field, name, _)| {
            let header = &self.header[self.position(*field)?];
            Some(if header == name {
                header.clone()
            } else {
                format!("{} = {name}", shown(header))
            })
        });
        taken.collect()
    }

    /// Header cells that name no field, in file order.
    pub fn ignored(&self) -> Vec<String> {
        let used = |index: usize| self.index_of.contains(&Some(index));
        let named = self.header.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
        named.filter(|(index, _)| !used(*index)).map(|(_, cell)| shown(cell)).collect()
    }

    fn demand_required(&self, file: &str) -> Result<(), LedgerError> {
        let has = |field| self.position(field).is_some();
        let mut missing = Vec::new();
        for (present, name) in [
            (has(Field::InvoiceNumber), "invoice_number"),
            (has(Field::DebtorId) || has(Field::DebtorName), "debtor_id or debtor_name"),
            (has(Field::InvoiceDate) || has(Field::DueDate), "invoice_date or due_date"),
            (has(Field::Amount), "amount"),
        ] {
            if !present {
                missing.push(name);
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let found: Vec<_> = self.header.iter().take(12).map(|cell| shown(cell)).collect();
        Err(LedgerError::MissingColumns {
            file: file.to_owned(),
            missing: missing.join(", "),
            found: found.join(", "),
        })
    }
}

/// A header cell as an error may quote it: printable and short.
fn shown(cell: &str) -> String {
    cell.trim().chars().map(|c| if c.is_control() { '?' } else { c }).take(40).collect()
}

fn field_named(cell: &str) -> Option<(Field, bool)> {
    let bare = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric() || *c == '#')
            .flat_map(char::to_lowercase)
            .collect()
    };
    let wanted = bare(cell);
    if wanted.is_empty() {
        return None;
    }
    NAMES.iter().find_map(|(field, name, synonyms)| {
        if bare(name) == wanted {
            return Some((*field, true));
        }
        synonyms.contains(&wanted.as_str()).then_some((*field, false))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_the_order_of_the_enum() {
        for (index, (field, _, _)) in NAMES.iter().enumerate() {
            assert_eq!(*field as usize, index);
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
