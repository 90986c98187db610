//! Purchases: the life of the invoices that a factor has bought. A [`Purchase`] is accepted, then
//! funded by a second person; only then are its invoices positions. A position is open until it is
//! collected in full, charged back or lost; then it is settled.
//!
//! Each state is a type of its own: a step consumes one and returns the next. Ids and days come in
//! as arguments; nothing here knows of requests, tables or clocks.
//!
//! # Formulas
//!
//! For each position, to the minor unit (trade identities; the fee is that of [`pricing`]):
//!
//! ```text
//! reserve      = amount bought - advance
//! outstanding  = amount bought - collected
//! fee          = fee plan at min(day of settlement, due date + recourse days)
//! shortfall    = amount bought - collected
//! rebate       = collected - advance - fee + factor's loss
//! to recover   = factor's loss - recovered
//! funds in use = sum of the advances of open positions, before charges
//! ```
//!
//! Every movement is a double entry ([`Movement`]); what undoes one is a movement of its own, dated
//! on its own day. [`Books::check`] proves that positions, entries and statement agree, and
//! that payouts are what was agreed.
//!
//! [`pricing::settle`] decides who bears a shortfall. A statement of account foots: what the client
//! got is the sum of advances less charges, rebates and unapplied payments, and the closing
//! balances of one period are the opening balances of the next ([`Statement`]).
//!
//! ```
//! use basics::{Amount, Currency, Money};
//! use factorage_purchases::{
//!     CashApplication, ClaimFacts, Deal, Lot, Payment, PositionTerms, SoldInvoice,
//! };
//!
//! // 1,000 at 80 %, for 3 % flat, with recourse 60 days after the due date.
//! let terms: PositionTerms = serde_json::from_str(
//!     r#"{
//!         "fee_plan": { "components": [{ "kind": "flat", "percent": "3" }] },
//!         "recourse_days": 60
//!     }"#,
//! )?;
//! let usd = |minor| Money::from_minor(minor, Currency::USD);
//! let invoice = SoldInvoice {
//!     debtor_id: "D1".to_owned(),
//!     invoice_number: "INV-1".to_owned(),
//!     amount: usd(100_000),
//!     advance: usd(80_000),
//!     due: "2026-02-01".parse()?,
//!     recourse_by: None,
//!     facts: ClaimFacts::default(),
//! };
//! let lot = Lot { terms, prepaid: usd(0), invoices: vec![invoice] };
//! let deal = Deal { client_id: "acme".to_owned(), offer_id: None };
//! let mut agreed = lot.agreed(&deal, || Ok::<_, std::fmt::Error>("position-1".to_owned()))?;
//! let open = agreed.remove(0).invoice.funded("2026-01-01".parse()?)?;
//!
//! let mut cash = CashApplication::new(vec![open.into()]);
//! let payment = Payment {
//!     invoice_number: "INV-1".to_owned(),
//!     debtor_id: None,
//!     amount: Amount("1000.00".parse()?),
//!     currency: None,
//!     received_on: "2026-01-20".parse()?,
//!     reference: "wire".to_owned(),
//!     account: String::new(),
//!     duplicate_of: None,
//! };
//! cash.apply(&payment, "2026-01-21".parse()?)?;
//! let settled = cash.applied().settled[0].settlement.clone();
//! // Rebate = collected - advance - fee.
//! assert_eq!((settled.fee, settled.rebate), (usd(3_000), usd(17_000)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accept;
mod accounts;
mod agreed;
mod answers;
mod bank_line;
mod books;
mod bounds;
mod calendar;
mod cash;
mod check;
mod claim;
mod claimed_debtor;
mod entries;
mod error;
mod fault;
mod funds;
mod holder;
mod invoice;
mod line;
mod lot;
mod movement;
mod not_buyable;
mod of_offer;
mod open;
mod own_limit;
mod payee;
mod payment;
mod payouts;
mod position;
mod purchase;
mod recovery;
mod reversal;
mod reversed;
mod settled;
mod settlement;
mod statement;
mod terms;

#[cfg(test)]
mod buying_laws;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod model;
#[cfg(test)]
mod samples;

pub use accept::{LineOverride, OfferedLine, OfferedPart, Priced, accepted, buyable_on};
pub use accounts::{Account, Balances};
pub use agreed::{Agreed, AgreedInvoice};
pub use answers::{
    Insisted, RecordedAnswer, answers_about, answers_confirming, check_answers, insisted,
    insisted_at,
};
pub use bank_line::{BankLine, lines_once};
pub use books::Books;
pub use bounds::{bookable_amount, bookable_day, bookable_due};
pub use calendar::{FIRST_DAY, LAST_DUE};
pub use cash::{Applied, CashApplication};
pub use claim::{Claim, ClaimFacts, NamedPositions, StandingClaim, number_key, sold_before};
pub use claimed_debtor::ClaimedDebtor;
pub use error::{PurchaseError, Standing};
pub use fault::{BookFault, Stand};
pub use funds::funds_in_use;
pub use holder::is_one_person;
pub use invoice::BoughtInvoice;
pub use line::{Drawn, Line, LineUse, UnreadableLine, without_line};
pub use lot::{Deal, Lot, SoldInvoice};
pub use movement::{EntryKind, Movement, Recorded, balances};
pub use not_buyable::{NotBuyable, Sold};
pub use of_offer::{OfferError, purchases_of};
pub use open::{Collected, OpenPosition};
pub use own_limit::check_own_limits;
pub use payee::Payee;
pub use payment::{AppliedTo, Collection, Payment, PaymentPart};
pub use position::Position;
pub use purchase::{AgreedPurchase, Funding, Payout, Purchase, Stage, Totals, Withdrawal};
pub use reversal::{Reversal, Undoing, Undone, undo_payment, undo_settlement};
pub use reversed::ReversedPosition;
pub use settled::SettledPosition;
pub use settlement::Settlement;
pub use statement::{Entry, Period, Statement, statements};
pub use terms::PositionTerms;
