use offer::{Offer, OfferFile};
use store::OfferRow;

use super::ServiceError;

/// The offer in a stored document, as made.
pub(super) fn made(offer: &OfferRow) -> Result<Offer, ServiceError> {
    let file = OfferFile::read(&offer.document).map_err(ServiceError::internal)?;
    file.offer().map_err(ServiceError::internal)
}
