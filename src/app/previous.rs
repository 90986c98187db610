//! The comparison with the client's previous ledger: invoices re-dated, changed, reopened or gone.

use std::collections::HashMap;

use basics::{Money, from_day_number};
use ledger::{AsOf, ClientPosition, InvoiceAt, Ledger, LedgerColumns, LedgerError, Outcome};
use offer::{ChangeKind, InvoiceFacts, LedgerChange};

/// The previous ledger's invoices as they stood at its own date.
pub(super) struct Previous {
    /// By client, then by debtor and number; `None` for a number that several invoices share,
    /// because it cannot be told which of them changed.
    clients: HashMap<String, HashMap<[String; 2], Option<Before>>>,
}

#[derive(Debug, Clone)]
struct Before {
    debtor_name: String,
    facts: InvoiceFacts,
}

impl Previous {
    /// Takes the facts that the comparison needs from a ledger.
    pub fn of(ledger: &Ledger) -> Result<Self, LedgerError> {
        let columns = ledger.columns()?;
        let as_of = ledger.as_of(None)?;
        let mut clients = HashMap::new();
        for (client, rows) in ledger.clients.iter().enumerate() {
            let position = columns.position(client, &as_of);
            let mut invoices = HashMap::new();
            for invoice in &position.invoices {
                let (debtor, name) = columns.debtor(invoice.debtor, as_of.day());
                let number = columns.number(invoice.row).to_owned();
                let key = [debtor.to_owned(), number];
                let before = Before { debtor_name: name.to_owned(), facts: facts(invoice) };
                let known = invoices.entry(key).or_insert_with(|| Some(before.clone()));
                if known.as_ref().is_some_and(|known| known.facts != before.facts) {
                    *known = None;
                }
            }
            clients.insert(rows.id.clone(), invoices);
        }
        Ok(Self { clients })
    }

    /// The changes in a client's position, by debtor and number. An invoice that is gone counts
    /// only if the ledger shows closed invoices at all: an export of open items leaves out what was
    /// paid.
    pub fn changes(
        &self,
        client: &str,
        columns: &LedgerColumns<'_>,
        position: &ClientPosition,
        as_of: &AsOf,
    ) -> Vec<LedgerChange> {
        let Some(own) = self.clients.get(client) else { return Vec::new() };
        let mut now = HashMap::new();
        for invoice in &position.invoices {
            let (debtor, _) = columns.debtor(invoice.debtor, as_of.day());
            now.insert((debtor, columns.number(invoice.row)), facts(invoice));
        }
        let has_history = position.invoices.iter().any(|i| i.outcome != Outcome::Open);
        let change = |([debtor, number], before): (&[String; 2], &Option<Before>)| {
            let before = before.as_ref()?;
            let found = now.get(&(debtor.as_str(), number.as_str())).copied();
            let change = ChangeKind::of(&before.facts, found.as_ref())?;
            (has_history || change != ChangeKind::Vanished).then(|| LedgerChange {
                change,
                invoice_number: number.clone(),
                debtor_id: debtor.clone(),
                debtor_name: before.debtor_name.clone(),
                before: before.facts,
                now: found,
            })
        };
        let mut changes: Vec<LedgerChange> = own.iter().filter_map(change).collect();
        // The map has no order of its own.
        changes.sort_by(|a, b| {
            let key = |c: &LedgerChange| (c.change, c.debtor_id.clone(), c.invoice_number.clone());
            key(a).cmp(&key(b))
        });
        changes
    }
}

fn facts(invoice: &InvoiceAt) -> InvoiceFacts {
    let money = |minor| Money::from_minor(minor, invoice.currency);
    InvoiceFacts {
        invoice_date: from_day_number(invoice.issue),
        due_date: from_day_number(invoice.due),
        face: money(invoice.face),
        open: money(invoice.open),
    }
}
