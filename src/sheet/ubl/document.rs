//! The values of one electronic invoice, and the row they become.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::super::{CellKind, Sheet, SheetError, decimal};
use super::syntax::{Field, Syntax};

/// The header row of the sheet: names that the importer knows.
pub(super) const HEADER: [&str; 18] = [
    "invoice_number",
    "document_type",
    "status",
    "invoice_date",
    "due_date",
    "currency",
    "amount",
    "open_balance",
    "paid_amount",
    "debtor_id",
    "debtor_name",
    "country",
    "client_id",
    "po_number",
    "terms",
    "applied_to",
    "payee",
    "delivery_date",
];

/// The type codes (UNTDID 1001) of credit notes; any other code is an invoice.
const CREDIT_CODES: [&str; 11] =
    ["81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"];

/// The type code of a pro forma invoice, under which nothing is owed.
const PRO_FORMA: &str = "325";

/// The values of one document.
pub(super) struct Document {
    /// The syntax of the document.
    pub syntax: &'static Syntax,
    line: u64,
    values: Vec<(Field, String)>,
    currencies: Vec<(Field, String)>,
}

impl Document {
    /// Creates an empty document that begins on `line`.
    pub fn new(syntax: &'static Syntax, line: u64) -> Self {
        Self { syntax, line, values: Vec::new(), currencies: Vec::new() }
    }

    /// Sets a value, with the currency that its element names.
    ///
    /// If a value repeats, the first one counts, but references to other invoices are joined by
    /// `"; "`.
    pub fn set(&mut self, field: Field, text: &str, currency: Option<String>) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        match self.values.iter_mut().find(|(known, _)| *known == field) {
            Some((Field::Preceding, known)) => {
                known.push_str("; ");
                known.push_str(text);
            }
            Some(_) => return,
            None => self.values.push((field, text.to_owned())),
        }
        if let Some(currency) = currency {
            self.currencies.push((field, currency));
        }
    }

    /// Adds the row of the document to `sheet`.
    ///
    /// # Errors
    /// If its amounts are in several currencies, or if the row exceeds the limits of a sheet.
    pub fn write(&self, sheet: &mut Sheet) -> Result<(), SheetError> {
        let is_credit = self.is_credit();
        let status = if self.get(Field::TypeCode) == PRO_FORMA { "draft" } else { "" };
        // An invoice may refer to others too, such as to a prepayment, but is not applied to them.
        let preceding = if is_credit { self.get(Field::Preceding) } else { "" };
        let cells: [(CellKind, Cow<'_, str>); HEADER.len()] = [
            text(self.get(Field::Number)),
            text(if is_credit { "credit_note" } else { "invoice" }),
            text(status),
            date(self.get(Field::Issued)),
            date(self.first(&[Field::Due, Field::PaymentDue])),
            text(self.currency()?),
            self.total(),
            number(self.get(Field::Payable)),
            self.prepaid(),
            // Peppol makes the electronic address mandatory; the others may be missing.
            text(self.first(&[
                Field::BuyerAddress,
                Field::BuyerId,
                Field::BuyerRegistration,
                Field::BuyerTaxId,
            ])),
            text(self.first(&[Field::BuyerLegalName, Field::BuyerName])),
            text(self.get(Field::BuyerCountry)),
            text(self.first(&[Field::SellerLegalName, Field::SellerName])),
            text(self.get(Field::Order)),
            text(self.get(Field::Terms)),
            text(preceding),
            text(self.payee()),
            // EN 16931 asks for either, or for both.
            date(self.first(&[Field::Delivered, Field::PeriodEnd])),
        ];
        sheet.start_row(self.line, false);
        for (column, (kind, text)) in cells.into_iter().enumerate() {
            sheet.push(column, kind, &text)?;
        }
        Ok(())
    }

    fn get(&self, field: Field) -> &str {
        let value = self.values.iter().find(|(known, _)| *known == field);
        value.map_or("", |(_, text)| text)
    }

    fn first(&self, fields: &[Field]) -> &str {
        fields.iter().map(|&field| self.get(field)).find(|text| !text.is_empty()).unwrap_or("")
    }

    fn is_credit(&self) -> bool {
        self.syntax.is_credit || CREDIT_CODES.contains(&self.get(Field::TypeCode))
    }

    /// The currency of the document, which all of its amounts must have.
    fn currency(&self) -> Result<&str, SheetError> {
        let mut expected = self.get(Field::Currency);
        // Tax in the seller's own currency, which EN 16931 allows, stands at no path that is read.
        for (field, currency) in &self.currencies {
            if expected.is_empty() {
                expected = currency;
            } else if currency != expected {
                let (line, place) = (self.line, describe(*field));
                return Err(SheetError::Damaged(format!(
                    "line {line}: expected amounts in {expected}, found {currency} for {place}"
                )));
            }
        }
        Ok(expected)
    }

    /// The total; if it is left out, the amount due plus the prepaid amount.
    fn total(&self) -> (CellKind, Cow<'_, str>) {
        let total = self.get(Field::Total);
        if !total.is_empty() {
            return number(total);
        }
        // EN 16931: amount due = total - prepaid + rounding; the rounding is not read.
        let prepaid = Some(self.get(Field::Prepaid)).filter(|text| !text.is_empty());
        let parts =
            (decimal::plain(self.get(Field::Payable)), decimal::plain(prepaid.unwrap_or("0")));
        let (Some(payable), Some(prepaid)) = parts else {
            return text("");
        };
        let sum = decimal::sum(&payable, &prepaid).unwrap_or_default();
        (CellKind::Number, Cow::Owned(sum))
    }

    /// The prepaid amount; empty if nothing was prepaid.
    fn prepaid(&self) -> (CellKind, Cow<'_, str>) {
        let (kind, prepaid) = number(self.get(Field::Prepaid));
        if kind == CellKind::Number && !decimal::is_positive(&prepaid) {
            return text("");
        }
        (kind, prepaid)
    }

    /// The payee; empty if it is the seller.
    fn payee(&self) -> &str {
        // Another payee shows that the invoice is assigned already, often to a factor.
        let payee = self.first(&[Field::PayeeName, Field::PayeeLegalName]);
        let is_seller = |field| self.get(field).to_lowercase() == payee.to_lowercase();
        if is_seller(Field::SellerLegalName) || is_seller(Field::SellerName) { "" } else { payee }
    }
}

fn describe(field: Field) -> &'static str {
    match field {
        Field::Payable => "the amount due",
        Field::Prepaid => "the prepaid amount",
        _ => "the total",
    }
}

fn text(text: &str) -> (CellKind, Cow<'_, str>) {
    (CellKind::Text, Cow::Borrowed(text))
}

/// A number cell, or a text cell if `amount` is not a decimal.
fn number(amount: &str) -> (CellKind, Cow<'_, str>) {
    match decimal::plain(amount) {
        Some(amount) => (CellKind::Number, Cow::Owned(amount)),
        None => text(amount),
    }
}

/// A date cell from `2026-01-31`, with or without time zone, or from `20260131`; otherwise a text
/// cell.
fn date(source: &str) -> (CellKind, Cow<'_, str>) {
    // CII writes dates in the compact form, UBL with hyphens.
    let is_compact = source.len() == 8 && source.bytes().all(|byte| byte.is_ascii_digit());
    let day = if is_compact {
        format!("{}-{}-{}", &source[..4], &source[4..6], &source[6..])
    } else {
        let (day, rest) = source.split_at_checked(10).unwrap_or_default();
        if !rest.is_empty() && !rest.starts_with(['Z', 'T', '+', '-']) {
            return text(source);
        }
        day.to_owned()
    };
    // chrono also reads `2026-01- 1` and `+2026-1-31`; XML has no such dates.
    let parsed = NaiveDate::parse_from_str(&day, "%Y-%m-%d");
    if parsed.is_ok_and(|date| date.to_string() == day) {
        (CellKind::Date, Cow::Owned(day))
    } else {
        text(source)
    }
}
