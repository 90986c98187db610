//! The offer as a document. Money is a decimal text in the part's currency; names that end in
//! `_percent` hold percents; probabilities are numbers from 0 to 1.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use basics::{Currency, Money, Rate, serialize_date};
use pricing::{Disclosure, FeePlan};

use policy::{Condition, Counterfactual, Rule, Verification};

use super::{BorrowingBase, Comparison, Decision, LedgerChange, RollForward};

/// Version of the document's shape.
pub const FORMAT: &str = "factorage.offer/2";

/// A proposal to buy named invoices: a pure function of ledger, policy and as-of date. The report
/// room writes it member by member.
#[derive(Debug, Clone, JsonSchema)]
pub struct Offer {
    /// [`FORMAT`].
    pub format: &'static str,
    /// The end of this day is when everything was judged; the advance is assumed to be paid on it.
    pub as_of: NaiveDate,
    /// Why that date.
    pub as_of_reason: String,
    /// The last day on which the offer can be accepted.
    pub valid_until: NaiveDate,
    /// One per client and currency, in order of both.
    pub parts: Vec<OfferPart>,
    /// The rules it was made under.
    pub policy: PolicyDocument,
}

/// A policy as part of an offer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
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

/// Something that a reader has to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Notice {
    /// Stable code.
    pub code: &'static str,
    /// The sentence.
    pub text: String,
}

/// The offer for one client's invoices in one currency.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OfferPart {
    /// The client; empty when neither ledger nor user names one.
    pub client: String,
    /// Currency of every amount.
    pub currency: Currency,
    /// Sums over the lines.
    pub totals: PartTotals,
    /// Advance rate and fee plan, and what they bring the factor.
    pub terms: PartTerms,
    /// Offers that bring the factor the same; the first one is this offer. Empty where the policy
    /// charges its fee plan as it stands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub menu: Vec<MenuOffer>,
    /// Why no terms meet the policy; nothing is bought then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decline: Option<Decline>,
    /// What the factor earns; absent when nothing is advanced.
    pub yields: Option<Yields>,
    /// What it costs when every customer pays this many days after the purchase.
    pub if_paid_after: Vec<PayDay>,
    /// What the curves rest on.
    pub scoring: ScoringNote,
    /// What the client warrants because the ledger does not say it.
    pub conditions: Vec<Condition>,
    /// Warnings about this client's data.
    pub notices: Vec<Notice>,
    /// From gross ledger to amount bought.
    pub waterfall: Vec<WaterfallStep>,
    /// Open balance by days past due.
    pub ageing: Vec<super::AgeingBucket>,
    /// The largest debtors.
    pub debtors: Vec<DebtorShare>,
    /// Expected collections over time, by ageing of the invoice today.
    pub collections: Vec<Collections>,
    /// What the law asks to be told with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disclosures: Vec<Disclosure>,
    /// From eligible receivables to what may be drawn.
    pub borrowing_base: Certificate,
    /// Invoices to confirm with their debtors, the first ones first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verification_queue: Vec<Verification>,
    /// What is different from the client's previous ledger, where one was given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<LedgerChange>,
    /// Every open invoice.
    pub lines: Vec<OfferLine>,
}

impl Offer {
    /// Why nothing is offered, as the end of a sentence; nothing where some invoice is bought.
    pub fn no_offer(&self) -> Option<&str> {
        if self.parts.iter().any(|part| part.totals.bought_invoices > 0) {
            return None;
        }
        let mut declines = self.parts.iter().map(|part| part.decline.as_ref());
        Some(match (self.parts.as_slice(), declines.next().flatten()) {
            ([], _) => "no invoice is open",
            (_, Some(first)) if declines.all(|other| other == Some(first)) => &first.sentence,
            (_, Some(_)) => "no terms meet the policy",
            _ => "no open invoice passes the rules of the policy",
        })
    }
}

/// Sums over the lines of a part.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PartTotals {
    /// Open invoices.
    pub open_invoices: usize,
    /// Their open balance.
    pub gross: Money,
    /// Invoices bought wholly or in part.
    pub bought_invoices: usize,
    /// Eligible open balance bought.
    pub amount_bought: Money,
    /// Share of the amount bought that is advanced.
    pub advance_rate_percent: Rate,
    /// Dilution of the trailing 12 months.
    pub dilution_percent: Rate,
    /// Cash paid at purchase.
    pub advance: Money,
    /// Charges taken out of it.
    pub prepaid_charges: Money,
    /// What the client gets at once: the amount financed.
    pub net_funded: Money,
    /// Held back until the debtors pay.
    pub reserve: Money,
    /// Fees in the expected case.
    pub fee: Money,
    /// Rebates in the expected case.
    pub expected_rebate: Money,
    /// Expectation of the fees over the curves.
    pub expected_fee: Money,
    /// Expectation of the loss on advances.
    pub expected_loss: Money,
    /// The one nominal rate that discounts all repayments to what the client gets at once; absent
    /// when that is nothing.
    pub apr_percent: Option<Percent>,
    /// Advance-weighted mean of the expected days; absent when nothing is advanced.
    pub mean_expected_days: Option<f64>,
}

/// The terms of a part.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PartTerms {
    /// Share of the amount bought that is advanced.
    pub advance_rate_percent: Rate,
    /// The most that the policy allows after dilution, and that was asked for.
    pub advance_cap_percent: Rate,
    /// The most that the client asked to be advanced, if less than it could have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_advance_percent: Option<Rate>,
    /// The leading rate of the fee plan.
    pub discount_rate_percent: Rate,
    /// What is charged.
    pub fee_plan: FeePlan,
    /// P(dilution + fee > reserve) over what is bought; absent where the policy does not ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserve_shortfall_probability: Option<f64>,
    /// Return on funds employed a year after funding, handling, expected loss and the charge for
    /// unexpected loss; absent where the policy does not ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_percent: Option<Percent>,
    /// What the policy asks of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hurdle_percent: Option<Percent>,
}

/// What an offer of the menu is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MenuChoice {
    /// The largest advance.
    MostCash,
    /// Between the two.
    Balanced,
    /// The smallest advance that is offered, which costs least.
    LowestCost,
}

impl MenuChoice {
    /// In words.
    pub fn title(self) -> &'static str {
        match self {
            Self::MostCash => "Most cash",
            Self::Balanced => "Balanced",
            Self::LowestCost => "Lowest cost",
        }
    }
}

/// An offer of the menu.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MenuOffer {
    /// What it is for.
    pub choice: MenuChoice,
    /// Share of the amount bought that is advanced.
    pub advance_rate_percent: Rate,
    /// The leading rate of the fee plan, rounded up to a step.
    pub discount_rate_percent: Rate,
    /// The fee plan in words.
    pub fee_plan: String,
    /// Cash paid at purchase.
    pub advance: Money,
    /// The same after charges taken out of it.
    pub net_funded: Money,
    /// Fees in the expected case.
    pub fee: Money,
    /// Fees and charges in the expected case.
    pub total_cost: Money,
    /// What the client receives later in the expected case.
    pub expected_rebate: Money,
    /// Cost as APR; absent when nothing is advanced.
    pub apr_percent: Option<Percent>,
    /// Return on funds employed to the factor before the price was rounded: the same for all.
    pub return_percent: Option<Percent>,
    /// The same as quoted.
    pub return_as_quoted_percent: Option<Percent>,
}

/// The borrowing base of a part: gross and ineligibles stand in its waterfall.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Certificate {
    /// How the receivables came about since the previous certificate, or the month before.
    pub roll_forward: RollForward,
    /// All open invoices.
    pub gross: Money,
    /// What the rules take; what is bought already and what is above the line stays eligible.
    pub ineligible: Money,
    /// Eligible receivables, reserves, availability, and what may still be drawn.
    #[serde(flatten)]
    pub base: BorrowingBase,
    /// The client's own figures beside ours, where it declares some.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub declared: Vec<Comparison>,
}

/// Why no terms meet the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Decline {
    /// `price` or `reserve`.
    pub code: &'static str,
    /// The reason with the bounds that were tried.
    pub sentence: String,
}

/// The factor's yearly yield on funds employed.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct Yields {
    /// After expected loss, before the cost of funds.
    pub before_cost_of_funds_percent: Percent,
    /// After expected loss and cost of funds.
    pub after_cost_of_funds_percent: Percent,
}

/// The pool when every customer pays on one day.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PayDay {
    /// Days after the purchase.
    pub days: u32,
    /// Total cost to the client.
    pub fee: Money,
    /// What the client receives later: amount bought less advance less fee.
    pub rebate: Money,
    /// Advance and rebate together.
    pub received_in_total: Money,
    /// The cost as APR.
    pub apr_percent: Option<Percent>,
}

/// What the curves of a part rest on.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ScoringNote {
    /// The model: `km`, or `boosted` on top of it.
    pub model: &'static str,
    /// SHA-256 of the model file that was used; absent when the model was trained here or is `km`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_sha256: Option<String>,
    /// On what it rests.
    pub basis: scoring::Basis,
    /// Paid invoices in the client's history.
    pub paid_invoices: usize,
    /// Weight of that history against the policy's prior curve.
    pub own_history_weight: f64,
    /// The same in words, with the file that would improve it.
    pub sentence: String,
    /// Share lost of an invoice that is not paid, 0 to 1: from the ledger's write-offs as far as
    /// there are any, else the policy's; absent by the Kaplan-Meier model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss_given_non_payment: Option<f64>,
    /// Unpaid invoices that it was seen on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unpaid_invoices_seen: Option<usize>,
}

/// One step of the waterfall.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WaterfallStep {
    /// The rule that takes the amount off.
    pub rule: Rule,
    /// Its name for a reader.
    pub title: &'static str,
    /// Invoices excluded by it, or cut.
    pub invoices: usize,
    /// What it takes off.
    pub amount: Money,
    /// What is left after it.
    pub remaining: Money,
}

/// A debtor's weight in the pool.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DebtorShare {
    /// Its id.
    pub debtor_id: String,
    /// Its name.
    pub debtor_name: String,
    /// Its open invoices.
    pub invoices: usize,
    /// Their open balance.
    pub gross: Money,
    /// Share of the gross ledger, 0 to 1.
    pub share: f64,
    /// Part more days past due than the policy allows.
    pub past_due_share: f64,
    /// Amount bought.
    pub bought: Money,
    /// Above its limit.
    pub above_limit: Money,
    /// Share of its open balance expected to be credited instead of paid, 0 to 1; absent by the
    /// Kaplan-Meier model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_dilution: Option<f64>,
    /// Standard deviation of that share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dilution_spread: Option<f64>,
    /// Amount-weighted collection curve of its open invoices: (days after the as-of date, share
    /// collected by then).
    pub curve: Vec<(u32, f64)>,
}

/// Amount-weighted collection curve of the open invoices of one age.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Collections {
    /// Their ageing bucket.
    pub bucket: &'static str,
    /// Their open balance.
    pub open: Money,
    /// (days after the as-of date, share collected by then).
    pub curve: Vec<(u32, f64)>,
}

/// One open invoice.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OfferLine {
    /// The client's number.
    pub invoice_number: String,
    /// The debtor's id.
    pub debtor_id: String,
    /// The debtor's name.
    pub debtor_name: String,
    /// Issue date.
    #[serde(serialize_with = "serialize_date")]
    pub invoice_date: NaiveDate,
    /// Due date.
    #[serde(serialize_with = "serialize_date")]
    pub due_date: NaiveDate,
    /// Days past due at the as-of date; negative before.
    pub days_past_due: i32,
    /// What happens to it.
    pub decision: Decision,
    /// The first rule that excludes or cuts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Rule>,
    /// The reason in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The smallest change that would make the policy buy more of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counterfactual: Option<Counterfactual>,
    /// Rules that it would fail as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_fails: Vec<Rule>,
    /// Original amount.
    pub face: Money,
    /// Still owed.
    pub open: Money,
    /// P(collected within 30 days).
    pub collected_30: f64,
    /// P(collected within 60 days).
    pub collected_60: f64,
    /// P(collected within 90 days).
    pub collected_90: f64,
    /// What the curve rests on.
    pub curve_basis: scoring::Basis,
    /// How far the curve rests on the debtor, the client and the prior.
    pub curve_weights: scoring::CurveWeights,
    /// What moved P(collected within 30 days) most against an average debtor's invoice of this age;
    /// none by the Kaplan-Meier model.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub score_reasons: Vec<scoring::Reason>,
    /// The price, when it is bought.
    #[serde(flatten)]
    pub price: Option<PricedLine>,
    /// Index of its file and its line there: provenance, not part of the document.
    #[serde(skip)]
    pub source: (usize, u32),
}

/// The price of a line that is bought.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct PricedLine {
    /// Amount bought.
    pub amount_bought: Money,
    /// Paid at purchase.
    pub advance: Money,
    /// Held back.
    pub reserve: Money,
    /// Days to the expected collection.
    pub expected_day: u32,
    /// The as-of date plus those days.
    #[serde(serialize_with = "serialize_date")]
    pub expected_date: NaiveDate,
    /// Fee if collected on that day.
    pub fee: Money,
    /// Rebate if collected on that day; negative: owed by the client.
    pub expected_rebate: Money,
    /// Expectation of the fee.
    pub expected_fee: Money,
    /// Expectation of the loss on the advance.
    pub expected_loss: Money,
    /// APR at the expected day; absent when nothing is advanced.
    pub apr_percent: Option<Percent>,
}

/// A percent shown to four decimals.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Percent(pub f64);

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64((self.0 * 1e4).round() / 1e4)
    }
}

impl JsonSchema for Percent {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ShownPercent".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "number", "description": "percent, to four decimals"})
    }
}

/// A probability as it stands in files: six decimals.
pub fn shown_probability(probability: f64) -> f64 {
    (probability * 1e6).round() / 1e6
}
