use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Money, MoneyError, Rounding};

/// Limits of a fee plan, and what is charged by event. Amounts are in major units of the currency
/// of what is bought.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Charges {
    /// The fee of an invoice is at least this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = 0))]
    pub minimum_per_invoice: Option<Amount>,
    /// The fee of an invoice is at most this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = 0))]
    pub maximum_per_invoice: Option<Amount>,
    /// Days after the purchase behind which no more accrues.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 3650))]
    pub maximum_days: Option<u32>,
    /// The fees of a month come to at least this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_per_month: Option<MonthlyMinimum>,
    /// Charges by event.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventCharge>,
}

/// What the fees of a month come to at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MonthlyMinimum {
    /// The amount.
    #[schemars(extend("minimum" = 0))]
    pub amount: Amount,
    /// How it meets the fees.
    pub kind: MinimumKind,
}

/// How a monthly minimum meets the fees of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MinimumKind {
    /// What the fees lack to it is charged.
    Floor,
    /// It is charged on top of the fees.
    AddOn,
}

/// An amount charged when something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventCharge {
    /// What happens.
    pub event: ChargeEvent,
    /// The amount.
    #[schemars(extend("minimum" = 0))]
    pub amount: Amount,
    /// How often it is charged.
    pub per: ChargePer,
}

/// What may be charged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChargeEvent {
    /// A payment by wire.
    Wire,
    /// A payment by ACH.
    Ach,
    /// Setting the facility up.
    Setup,
    /// The lockbox to which debtors pay.
    Lockbox,
    /// Confirming an invoice with its debtor.
    Verification,
    /// A debtor's payment that went to the client and was not passed on.
    MisdirectedPayment,
}

impl ChargeEvent {
    /// What it is, in words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Wire => "wire transfer",
            Self::Ach => "ACH transfer",
            Self::Setup => "setup",
            Self::Lockbox => "lockbox",
            Self::Verification => "verification of an invoice",
            Self::MisdirectedPayment => "misdirected payment",
        }
    }
}

/// How often an event is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChargePer {
    /// Once at the purchase, taken out of the advance: a prepaid finance charge.
    Funding,
    /// For every invoice, with its fee.
    Invoice,
    /// Every month, beside the purchase.
    Month,
    /// Only if it happens: the client can avoid it.
    Occurrence,
}

impl Charges {
    /// The days for which a collection on `day` is charged.
    pub(super) fn days_charged(&self, day: u32) -> u32 {
        self.maximum_days.map_or(day, |most| day.min(most))
    }

    /// Within minimum and maximum; the maximum wins where they cross.
    pub(super) fn limited(&self, fee: Decimal) -> Decimal {
        let fee = self.minimum_per_invoice.map_or(fee, |least| fee.max(least.0));
        self.maximum_per_invoice.map_or(fee, |most| fee.min(most.0))
    }

    /// Charges for every invoice.
    pub(super) fn per_invoice(&self) -> Decimal {
        self.sum(ChargePer::Invoice)
    }

    fn sum(&self, per: ChargePer) -> Decimal {
        self.of(per).fold(Decimal::ZERO, |sum, event| sum.saturating_add(event.amount.0))
    }

    /// The charges of one kind.
    pub fn of(&self, per: ChargePer) -> impl Iterator<Item = &EventCharge> {
        self.events.iter().filter(move |event| event.per == per)
    }

    /// What is taken out of the advance once at a purchase, half up.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn prepaid(&self, currency: basics::Currency) -> Result<Money, MoneyError> {
        Money::round(self.sum(ChargePer::Funding), currency, Rounding::HalfUp)
    }
}

/// What a month's minimum adds to the fees of that month, half up: as a floor what they lack to it,
/// as an add-on all of it.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn monthly_minimum(fees: Money, minimum: MonthlyMinimum) -> Result<Money, MoneyError> {
    let least = Money::round(minimum.amount.0, fees.currency(), Rounding::HalfUp)?;
    match minimum.kind {
        MinimumKind::AddOn => Ok(least),
        MinimumKind::Floor if fees.minor() >= least.minor() => Ok(Money::zero(fees.currency())),
        MinimumKind::Floor => least.checked_sub(fees),
    }
}
