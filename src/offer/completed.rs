//! An offer that another one completes: it buys what the first held and debtors have confirmed
//! since, on the terms of the first and never more than the first held.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use thiserror::Error;

use basics::{Currency, Day, Money, MoneyError, Rate, from_day_number};
use policy::{Policy, PolicyError};
use pricing::FeePlan;

use super::decide::{DecideError, OfferFile};
use super::document::OfferPart;
use super::envelope::{Decision, Envelope, Status};
use super::line::LineHold;

/// The reason why an offer cannot be completed.
#[derive(Debug, Error)]
pub enum CompletedError {
    /// Not an offer, or a changed one.
    #[error(transparent)]
    Document(#[from] DecideError),
    /// The policy in it cannot be read.
    #[error("the policy in the offer: {0}")]
    Policy(#[from] PolicyError),
    /// Its amounts are out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// It was declined or withdrawn.
    #[error("the offer was {}, so there is nothing to complete", .0.as_str())]
    Ended(Status),
    /// It is the client's copy, which does not say why invoices are held.
    #[error("this is the client's copy of the offer; pass the offer itself")]
    Copy,
    /// It holds nothing.
    #[error("the offer holds no invoice, so there is nothing to complete")]
    NothingHeld,
}

/// An offer that is completed.
#[derive(Debug, Clone)]
pub struct Completed {
    /// Its id, the hash of what it offers.
    pub offer_id: String,
    /// Its as-of date; what completes it is not of an earlier day.
    pub as_of: NaiveDate,
    /// The rules, which hold for both.
    pub policy: Policy,
    /// SHA-256 of each file of the ledger, in order.
    pub ledger_files: Vec<String>,
    /// SHA-256 of each file of the client's earlier ledgers, in order.
    pub previous_files: Vec<String>,
    /// The seed that drew invoices, if any were.
    pub selection_seed: Option<u64>,
    parts: BTreeMap<(String, Currency), CompletedPart>,
}

/// One client's part of it in one currency.
#[derive(Debug, Clone)]
pub struct CompletedPart {
    /// The terms agreed.
    pub terms: AgreedTerms,
    /// The amount that it bought.
    pub amount_bought: Money,
    /// The advance on that.
    pub advance: Money,
    lines: BTreeMap<Key, Offered>,
}

/// An invoice: the debtor's id, its number and its date.
type Key = (String, String, NaiveDate);

/// The terms of an offer, as agreed.
#[derive(Debug, Clone)]
pub struct AgreedTerms {
    /// Share of the amount bought that is advanced.
    pub advance_rate: Rate,
    /// The fees.
    pub plan: FeePlan,
    /// The funds in use once its own advance is paid.
    pub funds_in_use: Money,
}

/// The share of an offer in an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offered {
    /// So much of the invoice was bought, by it or before.
    Bought(Money),
    /// It held so much of the invoice, for these reasons.
    Held(Money, Vec<LineHold>),
    /// Staff excluded the invoice from it.
    Excluded,
}

impl Completed {
    /// Reads it out of an offer file.
    ///
    /// # Errors
    /// If the text is not an offer, if the offer in it was changed, declined or withdrawn, if it is
    /// a client's copy, if its policy cannot be read, or if it holds nothing.
    pub fn read(text: &str) -> Result<Self, CompletedError> {
        let file = OfferFile::read(text)?;
        let (offer, provenance) = (file.offer()?, file.made_from()?);
        let hashes = |of: &str| -> Vec<String> {
            let files = provenance[of].as_array().into_iter().flatten();
            files.filter_map(|file| file["sha256"].as_str().map(str::to_owned)).collect()
        };
        let status = file.envelope.status;
        if matches!(status, Status::Declined | Status::Withdrawn | Status::Reversed) {
            return Err(CompletedError::Ended(status));
        }
        let mut lines = offer.parts.iter().flat_map(|part| &part.lines);
        if lines.any(|line| line.once_confirmed.is_some() && line.holds.is_empty()) {
            return Err(CompletedError::Copy);
        }
        if !offer.can_be_completed() {
            return Err(CompletedError::NothingHeld);
        }
        Ok(Self {
            offer_id: file.offer_id().to_owned(),
            as_of: offer.as_of,
            policy: offer.policy.text.parse()?,
            ledger_files: hashes("ledger_files"),
            previous_files: hashes("previous_files"),
            selection_seed: provenance["selection_seed"].as_u64(),
            parts: (offer.parts.into_iter().map(|part| CompletedPart::of(part, &file.envelope)))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Returns true if it has a part for a client.
    pub fn has(&self, client: &str) -> bool {
        self.parts.keys().any(|(own, _)| own == client)
    }

    /// Returns the part for a client and a currency; `None` if it has none.
    pub fn part(&self, client: &str, currency: Currency) -> Option<&CompletedPart> {
        self.parts.get(&(client.to_owned(), currency))
    }
}

impl CompletedPart {
    /// The part with the decisions of staff on its lines, which stand.
    fn of(part: OfferPart, envelope: &Envelope) -> Result<((String, Currency), Self), MoneyError> {
        let lines = part.lines.into_iter().filter_map(|line| {
            let decided = envelope.decided(&part.client, &line.debtor_id, &line.invoice_number);
            let key = (line.debtor_id, line.invoice_number, line.invoice_date);
            match decided {
                Some(Decision::Exclude) => return Some((key, Offered::Excluded)),
                // The whole of it.
                Some(Decision::Buy) => return Some((key, Offered::Bought(line.open))),
                Some(Decision::Part | Decision::Hold) | None => {}
            }
            let bought = line.price.map(|price| price.amount_bought).or(line.already_bought);
            let offered = match (line.once_confirmed, line.left_over) {
                (Some(price), _) => Offered::Held(price.amount_bought, line.holds),
                (None, Some(left)) => Offered::Held(left.amount, left.holds),
                (None, None) => Offered::Bought(bought?),
            };
            Some((key, offered))
        });
        let (totals, base) = (part.totals, part.borrowing_base.base);
        let terms = AgreedTerms {
            advance_rate: part.terms.advance_rate_percent,
            plan: part.terms.fee_plan,
            funds_in_use: base.outstanding.checked_add(totals.advance)?,
        };
        let own = Self {
            terms,
            amount_bought: totals.amount_bought,
            advance: totals.advance,
            lines: lines.collect(),
        };
        Ok(((part.client, part.currency), own))
    }

    /// Returns its share in an invoice of this debtor id, number and date; `None` if it has none.
    pub fn offered(&self, debtor_id: &str, number: &str, issue: Day) -> Option<&Offered> {
        let key = (debtor_id.to_owned(), number.to_owned(), from_day_number(issue));
        self.lines.get(&key)
    }
}
