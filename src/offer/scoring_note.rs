use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The basis of the curves of a part.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ScoringNote {
    /// The model: `km`, or `boosted` on top of it.
    pub model: Cow<'static, str>,
    /// SHA-256 of the model file that was used; absent if the model was trained here or is `km`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_sha256: Option<String>,
    /// The basis of the curves.
    pub basis: scoring::Basis,
    /// Paid invoices in the client's history.
    pub paid_invoices: usize,
    /// Weight of that history against the policy's prior curve.
    pub own_history_weight: f64,
    /// The same in words, with the file that would improve it.
    pub sentence: String,
    /// Share lost of an invoice that is not paid, 0 to 1: from the ledger's write-offs as far as
    /// there are any, else the policy's; absent with the Kaplan-Meier model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss_given_non_payment: Option<f64>,
    /// Unpaid invoices that it was seen on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unpaid_invoices_seen: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::super::samples::{note, read_back};
    use super::*;
    use basics::Currency;

    #[test]
    fn what_no_model_tells_is_left_out_and_the_rest_reads_back() {
        let plain = serde_json::to_value(note()).expect("JSON");
        let absent = ["model_sha256", "loss_given_non_payment", "unpaid_invoices_seen"];
        assert!(absent.iter().all(|key| plain.get(key).is_none()), "{plain}");
        assert_eq!(plain["basis"], scoring::Basis::Blended.as_str());
        let boosted = ScoringNote {
            model: "boosted".into(),
            model_sha256: Some("00".to_owned()),
            loss_given_non_payment: Some(0.55),
            unpaid_invoices_seen: Some(3),
            ..note()
        };
        [note(), boosted].iter().for_each(|note| read_back(note, Currency::USD));
    }
}
