//! The offer as a document. Money is a decimal text in the part's currency; names that end in
//! `_percent` hold percents; probabilities are numbers from 0 to 1.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use basics::{Currency, Money};
use policy::{Condition, Verification};
use pricing::Disclosure;
use words::{Catalogue, Facts};

use super::ageing::AgeingBucket;
use super::certificate::Certificate;
use super::ledger_change::LedgerChange;
use super::line::OfferLine;
use super::notice_code::NoticeCode;
use super::part_terms::{Decline, MenuOffer, PartTerms, PartTotals, PayDay, Yields};
use super::queue::QueueCover;
use super::scoring_note::ScoringNote;
use super::shares::{Collections, DebtorShare, WaterfallStep};

/// The version of the document's format.
pub const FORMAT: &str = "factorage.offer/2";

/// A proposal to buy named invoices: a pure function of ledger, policy and as-of date. It is
/// written member by member, see [`offer_json`](super::offer_json).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Offer {
    /// [`FORMAT`].
    pub format: Cow<'static, str>,
    /// The end of this day is when everything was judged; the advance is assumed to be paid on it.
    pub as_of: NaiveDate,
    /// The reason for that date.
    pub as_of_reason: String,
    /// The last day on which the offer can be accepted.
    pub valid_until: NaiveDate,
    /// One per client and currency, in order of both.
    #[serde(deserialize_with = "parts")]
    pub parts: Vec<OfferPart>,
    /// The rules it was made under.
    pub policy: PolicyDocument,
}

/// Reads parts from text: each names its currency once, and its amounts are read in it.
fn parts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<OfferPart>, D::Error> {
    #[derive(Deserialize)]
    struct Head {
        currency: Currency,
    }
    let texts: Vec<&RawValue> = Deserialize::deserialize(deserializer)?;
    let part = |text: &RawValue| -> Result<OfferPart, serde_json::Error> {
        let Head { currency } = serde_json::from_str(text.get())?;
        let part: OfferPart = Money::reading_in(currency, || serde_json::from_str(text.get()))?;
        // The price is a flattened option, so one with a fault in it reads as no price: the line
        // would pass for one that is not bought.
        match part.lines.iter().find(|line| !line.is_whole()) {
            None => Ok(part),
            Some(line) => {
                let fault = format!("invoice {} has no readable price", line.invoice_number);
                Err(serde_json::Error::custom(fault))
            }
        }
    };
    texts.into_iter().map(|text| part(text).map_err(D::Error::custom)).collect()
}

/// A policy as part of an offer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PolicyDocument {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its full text.
    pub text: String,
}

/// A warning that a reader has to know about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// Stable code.
    pub code: Cow<'static, str>,
    /// The sentence.
    pub text: String,
}

impl Notice {
    /// Returns a notice of this code.
    pub fn new(code: NoticeCode, text: String) -> Self {
        Self { code: Cow::Borrowed(code.as_str()), text }
    }

    /// Returns true if it has this code.
    pub fn is(&self, code: NoticeCode) -> bool {
        self.code == code.as_str()
    }

    /// Returns true if the client may read it, see [`NoticeCode::is_for_owner`]; a code of another
    /// version, which is not known here, is for staff.
    pub fn is_for_owner(&self) -> bool {
        NoticeCode::named(&self.code).is_some_and(NoticeCode::is_for_owner)
    }
}

/// The offer for one client's invoices in one currency.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct OfferPart {
    /// The client; empty if neither ledger nor user names one.
    pub client: String,
    /// Currency of every amount.
    pub currency: Currency,
    /// Sums over the lines.
    pub totals: PartTotals,
    /// Advance rate and fee plan, and the factor's return on them.
    pub terms: PartTerms,
    /// Offers with the same return for the factor; the first is this offer. Empty if the policy
    /// charges its fee plan as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub menu: Vec<MenuOffer>,
    /// The reason why no terms meet the policy; nothing is bought then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decline: Option<Decline>,
    /// The factor's yields; absent if nothing is advanced.
    pub yields: Option<Yields>,
    /// The cost if every customer pays on a given day after the purchase.
    pub if_paid_after: Vec<PayDay>,
    /// The basis of the collection curves.
    pub scoring: ScoringNote,
    /// The facts that the client warrants because the ledger does not hold them.
    pub conditions: Vec<Condition>,
    /// Warnings about this client's data.
    pub notices: Vec<Notice>,
    /// The steps from the gross ledger to the amount bought.
    pub waterfall: Vec<WaterfallStep>,
    /// Open balance by days past due.
    pub ageing: Vec<AgeingBucket>,
    /// The largest debtors.
    pub debtors: Vec<DebtorShare>,
    /// Expected collections over time, by ageing of the invoice today.
    pub collections: Vec<Collections>,
    /// The disclosures that the law requires.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disclosures: Vec<Disclosure>,
    /// The borrowing base: from eligible receivables to the amount that may be drawn.
    pub borrowing_base: Certificate,
    /// Invoices to confirm with their debtors, in order of priority.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verification_queue: Vec<Verification>,
    /// The part of the purchase that the queue covers; absent if nothing is bought or held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue_covers: Option<QueueCover>,
    /// The date of the last of the client's earlier ledgers that this one was compared with; absent
    /// if none was given or none has the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_ledger: Option<NaiveDate>,
    /// The differences from the client's earlier ledgers, and what is billed anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<LedgerChange>,
    /// Every open invoice.
    pub lines: Vec<OfferLine>,
}

static NO_OFFER: LazyLock<[String; 3]> = LazyLock::new(|| {
    ["no_invoices", "no_terms", "no_eligible_invoices"]
        .map(|why| Catalogue::english().say(&format!("no_offer.{why}"), &Facts::new()))
});

impl Offer {
    /// Returns the clients whose receivables it is about.
    pub fn clients(&self) -> BTreeSet<&str> {
        self.parts.iter().map(|part| part.client.as_str()).collect()
    }

    /// True if nothing is bought now, and something once it is confirmed.
    pub fn only_holds(&self) -> bool {
        self.parts.iter().all(|part| part.totals.bought_invoices == 0)
            && self.parts.iter().any(|part| part.totals.held.is_some())
    }

    /// True if another offer can complete it: an invoice is held, or was by the one that it
    /// completes and is still to be had.
    pub fn can_be_completed(&self) -> bool {
        let mut lines = self.parts.iter().flat_map(|part| &part.lines);
        lines.any(|line| line.once_confirmed.is_some() || line.left_over.is_some())
    }

    /// Returns why nothing is offered, as the end of a sentence; `None` if any invoice is bought
    /// now, or once it is confirmed.
    pub fn no_offer(&self) -> Option<&str> {
        let offers =
            |part: &OfferPart| part.totals.bought_invoices > 0 || part.totals.held.is_some();
        if self.parts.iter().any(offers) {
            return None;
        }
        let mut declines = self.parts.iter().map(|part| part.decline.as_ref());
        let [no_invoices, no_terms, no_eligible_invoices] = &*NO_OFFER;
        Some(match (self.parts.as_slice(), declines.next().flatten()) {
            ([], _) => no_invoices,
            // Only a reason that all parts share is told: of several, none is true of the whole.
            (_, Some(first)) if declines.all(|other| other == Some(first)) => &first.sentence,
            (_, Some(_)) => no_terms,
            _ => no_eligible_invoices,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::OfferFile;
    use super::super::samples::{
        currency, document, input, listed, listed_with, offer, part, pool_in, pool_of, solved_with,
        wire,
    };
    use super::*;

    fn no_offer(offer: &Offer) -> Option<String> {
        offer.no_offer().map(str::to_owned)
    }

    #[test]
    fn an_offer_that_buys_nothing_says_why() {
        let (bought, none) = (part(&listed()), |charge: &str| part(&listed_with(&wire(charge))));
        let said = |parts| no_offer(&offer(&listed(), parts));
        assert_eq!(said(vec![]).as_deref(), Some("no invoice is open"));
        assert_eq!(said(vec![none("7000"), bought.clone()]), None, "one part is enough");
        let sentence = none("7000").decline.expect("a decline").sentence;
        assert_eq!(said(vec![none("7000"), none("7000")]), Some(sentence));
        let general = Some("no terms meet the policy");
        assert_eq!(said(vec![none("7000"), none("8000")]).as_deref(), general);
        // Past due, and nothing else is there.
        let late = || {
            let pool = pool_of(Currency::USD, &[(0, -61, 100_000)]);
            input(&listed(), pool).part().expect("a part")
        };
        let rules = Some("the rules and limits leave no invoice to buy");
        assert_eq!(said(vec![late()]).as_deref(), rules);
        assert_eq!(said(vec![late(), none("7000")]).as_deref(), rules, "the first part is told");
        assert_eq!(said(vec![none("7000"), late()]).as_deref(), general);
    }

    #[test]
    fn the_parts_of_an_offer_are_each_read_in_their_own_currency() {
        let policy = solved_with("");
        let of = |code: &str| input(&policy, pool_in(currency(code))).part().expect("a part");
        let codes = ["JPY", "KWD", "USD"];
        let written = document(&offer(&policy, codes.map(of).into()));
        let file = OfferFile::read(&written).expect("an offer");
        let read = file.offer().expect("of the types that wrote it");
        assert_eq!(read.format, FORMAT);
        // 7,900.50 dollars are 790,050 yen and 790.050 dinars.
        let gross: Vec<String> = read.parts.iter().map(|p| p.totals.gross.to_string()).collect();
        assert_eq!(gross, ["790050", "790.050", "7900.50"]);
        for (part, code) in read.parts.iter().zip(codes) {
            assert_eq!(part.totals.gross, Money::from_minor(790_050, currency(code)));
            assert_eq!(part.lines[0].open.currency(), part.currency);
        }
    }

    #[test]
    fn an_amount_that_its_currency_cannot_hold_is_not_read() {
        let policy = listed_with("[confirm]\nhold = []\n");
        let yen = input(&policy, pool_in(currency("JPY"))).part().expect("a part");
        let written = serde_json::to_string(&yen).expect("JSON");
        let cents = written.replacen("\"790050\"", "\"7900.50\"", 1);
        let read = |part: &str| {
            let text = format!(
                r#"{{"format": "", "as_of": "2026-06-30", "as_of_reason": "", "valid_until":
                "2026-07-14", "parts": [{part}], "policy": {{"name": "", "version": "",
                "sha256": "", "text": ""}}}}"#
            );
            serde_json::from_str::<Offer>(&text).map(|offer| offer.parts.len())
        };
        assert_eq!(read(&written).expect("an offer"), 1);
        // A fault in a price is not taken for a line that is not bought.
        let unpriced = written.replacen("\"expected_day\":", "\"expected_days\":", 1);
        assert!(
            read(&unpriced).expect_err("none").to_string().contains("A-1 has no readable price")
        );
        assert!(read(&cents).expect_err("none").to_string().contains("JPY"));
    }
}
