use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Amount, Money, MoneyError, Rounding};

/// Limits of a fee plan, and charges by event. Amounts are in major units of the currency bought.
///
/// The limits and the charges per invoice are part of every invoice's fee. Charges per funding are
/// taken out of the advance. The monthly minimum and charges per month or occurrence belong to the
/// agreement: they are disclosed, and neither priced nor settled with a purchase.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Charges {
    /// Minimum fee of an invoice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = 0))]
    pub minimum_per_invoice: Option<Amount>,
    /// Maximum fee of an invoice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = 0))]
    pub maximum_per_invoice: Option<Amount>,
    /// Number of days after which no further fee accrues.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 3650))]
    pub maximum_days: Option<u32>,
    /// Minimum of the fees of a month. Disclosed, but not part of any settlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_per_month: Option<MonthlyMinimum>,
    /// Charges by event.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventCharge>,
}

/// The minimum of the fees of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MonthlyMinimum {
    /// The amount.
    #[schemars(extend("minimum" = 0))]
    pub amount: Amount,
    /// The way in which it applies to the fees.
    pub kind: MinimumKind,
}

/// The way in which a monthly minimum applies to the fees of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MinimumKind {
    /// The difference is charged if the fees are lower.
    Floor,
    /// The amount is charged on top of the fees.
    AddOn,
}

/// An amount charged for an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventCharge {
    /// The event.
    pub event: ChargeEvent,
    /// The amount.
    #[schemars(extend("minimum" = 0))]
    pub amount: Amount,
    /// The frequency of the charge.
    pub per: ChargePer,
}

/// An event that may be charged for.
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
    /// Returns the event in words.
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

/// The frequency with which an event is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChargePer {
    /// Once at each purchase, for each client and currency, taken out of the advance: a prepaid
    /// finance charge. Nothing is charged if nothing is bought.
    Funding,
    /// For every invoice, as part of its fee and after the limits per invoice.
    Invoice,
    /// Every month. Disclosed, but not part of any purchase or settlement.
    Month,
    /// Only if the event occurs: the client can avoid it. Disclosed, but not part of any purchase
    /// or settlement.
    Occurrence,
}

impl Charges {
    /// Returns the number of days charged for a collection on `day`.
    pub(super) fn days_charged(&self, day: u32) -> u32 {
        self.maximum_days.map_or(day, |most| day.min(most))
    }

    /// Limits a fee to the minimum and maximum per invoice; the maximum wins if they cross.
    pub(super) fn limited(&self, fee: Decimal) -> Decimal {
        let fee = self.minimum_per_invoice.map_or(fee, |least| fee.max(least.0));
        self.maximum_per_invoice.map_or(fee, |most| fee.min(most.0))
    }

    /// Returns the sum of the charges for every invoice.
    pub(super) fn per_invoice(&self) -> Decimal {
        self.sum(ChargePer::Invoice)
    }

    fn sum(&self, per: ChargePer) -> Decimal {
        // Saturating, so that absurd amounts fail at the gate to money and not here.
        self.of(per).fold(Decimal::ZERO, |sum, event| sum.saturating_add(event.amount.0))
    }

    /// Returns the charges that are made this often.
    pub fn of(&self, per: ChargePer) -> impl Iterator<Item = &EventCharge> {
        self.events.iter().filter(move |event| event.per == per)
    }

    /// Returns the charges taken out of the advance at a purchase, once for each client and
    /// currency, rounded half up.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] if the amount overflows.
    pub fn prepaid(&self, currency: basics::Currency) -> Result<Money, MoneyError> {
        Money::round(self.sum(ChargePer::Funding), currency, Rounding::HalfUp)
    }
}

/// Returns what a month's minimum adds to the fees of that month, rounded half up: as a floor the
/// difference, as an add-on all of it.
///
/// # Errors
/// [`MoneyError::OutOfRange`] if the amount overflows.
pub fn monthly_minimum(fees: Money, minimum: MonthlyMinimum) -> Result<Money, MoneyError> {
    let least = Money::round(minimum.amount.0, fees.currency(), Rounding::HalfUp)?;
    match minimum.kind {
        MinimumKind::AddOn => Ok(least),
        MinimumKind::Floor if fees.minor() >= least.minor() => Ok(Money::zero(fees.currency())),
        // Only the difference: the fees themselves are charged with their invoices.
        MinimumKind::Floor => least.checked_sub(fees),
    }
}
