use compact_str::CompactString;

use super::super::ReductionKind;
use super::super::field::Field;
use super::super::row_cells::{Cells, RowFault};

/// The cells of one document in the notation of the plain layout, with the faults of those that
/// could not be converted.
#[derive(Debug, Clone)]
pub struct DocumentCells {
    // Up to 24 bytes without an allocation, which nearly every cell keeps to.
    values: [CompactString; Field::COUNT],
    faults: Vec<(Field, RowFault)>,
    /// Kind of reduction, if the document is not an invoice.
    pub settles: Option<ReductionKind>,
    /// True if someone other than the client is to be paid.
    pub already_assigned: bool,
    /// True if the paid amount is only the difference between amount and balance.
    pub paid_is_implied: bool,
    /// 1-based line or row.
    pub line: u64,
}

impl DocumentCells {
    /// A document on this line without any cell.
    pub fn new(line: u64) -> Self {
        let values = std::array::from_fn(|_| CompactString::const_new(""));
        Self {
            values,
            faults: Vec::new(),
            settles: None,
            already_assigned: false,
            paid_is_implied: false,
            line,
        }
    }

    /// Clears all cells for the next row. Their memory is used again.
    pub fn clear(&mut self, line: u64) {
        self.values.iter_mut().for_each(CompactString::clear);
        self.faults.clear();
        (self.settles, self.line) = (None, line);
        (self.already_assigned, self.paid_is_implied) = (false, false);
    }

    /// Sets the cell of `field`.
    pub fn set(&mut self, field: Field, text: &str) {
        let value = &mut self.values[field as usize];
        value.clear();
        value.push_str(text);
    }

    /// Clears the cell of `field`, and its fault.
    pub fn clear_field(&mut self, field: Field) {
        self.values[field as usize].clear();
        self.faults.retain(|(faulty, _)| *faulty != field);
    }

    /// Sets the fault of the cell of `field`.
    pub fn set_fault(&mut self, field: Field, fault: RowFault) {
        self.faults.retain(|(known, _)| *known != field);
        self.faults.push((field, fault));
    }

    /// True if any cell could not be read.
    pub fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// True if the cell of `field` could not be read.
    pub fn is_faulty(&self, field: Field) -> bool {
        self.faults.iter().any(|(faulty, _)| *faulty == field)
    }

    /// The amount in `field` in major units; `None` if there is none or it is at fault.
    pub fn number(&self, field: Field) -> Option<rust_decimal::Decimal> {
        if self.is_faulty(field) {
            return None;
        }
        let number: rust_decimal::Decimal = self.values[field as usize].parse().ok()?;
        // A larger amount cannot fit into 64 bits, and a sum of a few could overflow a decimal.
        (number.abs() <= rust_decimal::Decimal::from(u64::MAX)).then_some(number)
    }

    /// Sets the amount of `field`.
    pub fn set_number(&mut self, field: Field, number: rust_decimal::Decimal) {
        self.set(field, &number.to_string());
    }

    /// The payment of `paid` that the row of its invoice states.
    pub fn payment(&self, paid: rust_decimal::Decimal) -> Self {
        let mut payment = self.clone();
        payment.settles = Some(ReductionKind::Payment);
        payment.set(Field::AppliedTo, self.cell(Field::InvoiceNumber));
        payment.set_number(Field::Amount, paid);
        // With a balance, it would count as an open item that has not reduced its invoice yet.
        payment.set(Field::OpenBalance, "");
        payment
    }
}

impl Cells for DocumentCells {
    fn cell(&self, field: Field) -> &str {
        &self.values[field as usize]
    }

    fn fault(&self, field: Field) -> Option<RowFault> {
        self.faults.iter().find(|(faulty, _)| *faulty == field).map(|(_, fault)| fault.clone())
    }

    fn settles(&self) -> Option<ReductionKind> {
        self.settles
    }

    fn paid_is_implied(&self) -> bool {
        self.paid_is_implied
    }

    fn already_assigned(&self) -> bool {
        self.already_assigned
    }
}
