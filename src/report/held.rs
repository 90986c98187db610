//! The held lines of a part, grouped.

use std::collections::BTreeMap;

use basics::Money;
use offer::{OfferLine, OfferPart};
use policy::HoldReason;

/// The lines of a part that are held.
pub(super) fn lines(part: &OfferPart) -> impl Iterator<Item = &OfferLine> {
    part.lines.iter().filter(|line| line.once_confirmed.is_some())
}

/// The held lines that share a reason.
pub(super) struct Group<'a, R> {
    /// The reason.
    pub reason: R,
    /// The lines, in the order of the offer.
    pub lines: Vec<&'a OfferLine>,
    /// The amount bought of them once they are confirmed, in minor units.
    pub minor: i64,
}

impl<R> Group<'_, R> {
    /// The amount bought of them once they are confirmed.
    pub fn amount(&self, part: &OfferPart) -> Money {
        Money::from_minor(self.minor, part.currency)
    }
}

/// The held lines by their first reason, so that each is counted once; what looks wrong first.
pub(super) fn by_reason(part: &OfferPart) -> Vec<Group<'_, HoldReason>> {
    // Reasons are declared with what looks wrong first.
    grouped(part, |line| line.holds.iter().map(|hold| hold.reason).min())
}

/// The held lines by what `group` tells of each, in its order.
pub(super) fn grouped<'a, R: Ord + Copy>(
    part: &'a OfferPart,
    group: impl Fn(&'a OfferLine) -> Option<R>,
) -> Vec<Group<'a, R>> {
    let mut all: BTreeMap<R, Group<'_, R>> = BTreeMap::new();
    for line in lines(part) {
        let (Some(reason), Some(price)) = (group(line), line.once_confirmed) else { continue };
        let new = || Group { reason, lines: Vec::new(), minor: 0 };
        let own = all.entry(reason).or_insert_with(new);
        own.lines.push(line);
        own.minor = own.minor.saturating_add(price.amount_bought.minor());
    }
    all.into_values().collect()
}
