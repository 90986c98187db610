use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

use super::document::Offer;
use super::envelope::Envelope;
use super::provenance::Provenance;

/// `offer.json` as a whole.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "its members are read by the derived schema alone")]
struct OfferDocument {
    /// What is true of the offer without being a function of ledger, policy and as-of date.
    envelope: Envelope,
    /// The offer.
    offer: Offer,
    /// SHA-256 of the offer as it stands in the document, in hexadecimal.
    offer_id: String,
    /// Hashes and counts of what it was made from.
    provenance: Provenance,
}

/// JSON schema of `offer.json`, from the types that write it.
pub fn offer_schema() -> Value {
    let settings = SchemaSettings::default().for_serialize();
    settings.into_generator().into_root_schema_for::<OfferDocument>().to_value()
}
