use std::collections::BTreeMap;

use polars::prelude::PolarsResult;

use basics::{Currency, Money};
use intake::ReductionKind;

use super::error::LedgerError;
use super::ledger::Ledger;

/// Open balances by all rows of the files, whatever their dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Open balance of each invoice, minor units, in the order of the frame.
    pub open: Vec<i64>,
    /// Open balance of all invoices.
    pub open_balance: BTreeMap<Currency, Money>,
    /// Open balance less credits and cash that reduce no invoice.
    pub net_balance: BTreeMap<Currency, Money>,
}

/// The open balance of each invoice, and the open and unapplied sums by currency code.
type Sums = (Vec<i64>, Vec<(i128, i128)>);

impl Ledger {
    /// The open balances of the ledger.
    ///
    /// # Errors
    /// If a column is missing or a sum exceeds 64 bits, which [`super::read()`] rules out.
    pub fn standing(&self) -> Result<Standing, LedgerError> {
        let (open, by_currency) = self
            .open_and_unapplied()
            .map_err(|source| LedgerError::Frame { file: "ledger frames".to_owned(), source })?;
        let mut standing =
            Standing { open, open_balance: BTreeMap::new(), net_balance: BTreeMap::new() };
        for (&currency, (open, unapplied)) in self.currencies.iter().zip(by_currency) {
            standing.open_balance.insert(currency, Money::from_total(open, currency)?);
            standing.net_balance.insert(currency, Money::from_total(open - unapplied, currency)?);
        }
        Ok(standing)
    }

    fn open_and_unapplied(&self) -> PolarsResult<Sums> {
        let mut open = self.invoices.column("face")?.i64()?.cont_slice()?.to_vec();
        let mut sums = vec![(0_i128, 0_i128); self.currencies.len()];
        let reduced = &self.reductions;
        let amounts = reduced.column("amount")?.i64()?.cont_slice()?;
        let kinds = reduced.column("kind")?.u32()?.cont_slice()?;
        let currencies = reduced.column("currency")?.u32()?.cont_slice()?;
        let invoices = reduced.column("invoice")?.u32()?;
        let used_up = reduced.column("used_up")?.date()?.physical();
        let of = invoices.iter().zip(used_up.iter()).zip(amounts.iter().zip(kinds).zip(currencies));
        for ((invoice, used_up), ((&amount, &kind), &currency)) in of {
            match invoice {
                // Applied reductions never exceed the face.
                Some(invoice) => open[invoice as usize] -= amount,
                // A write-off beyond its invoice is no credit, nor is a credit note that has been
                // used.
                None if used_up.is_none() && kind != ReductionKind::WriteOff.code() => {
                    sums[currency as usize].1 += i128::from(amount);
                }
                None => {}
            }
        }
        let currencies = self.invoices.column("currency")?.u32()?.cont_slice()?;
        for (&open, &currency) in open.iter().zip(currencies) {
            sums[currency as usize].0 += i128::from(open);
        }
        Ok((open, sums))
    }
}
