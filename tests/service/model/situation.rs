//! Situations that a run must meet, or it has tested nothing there.

use std::collections::BTreeSet;

use super::reference::Refusal;

/// What happened, by name.
#[derive(Debug, Default)]
pub struct Situations(BTreeSet<&'static str>);

const ALL: [&str; 32] = [
    "sold",
    "an offer accepted",
    "an older offer refused",
    "paid out",
    "withdrawn",
    "sold again after a withdrawal",
    "sold again after a reversal",
    "bought again by name",
    "charged back",
    "paid in part",
    "paid in full",
    "paid too much",
    "paid after the end",
    "a payment reversed",
    "a settlement reversed",
    "a purchase reversed",
    "an account changed",
    "repeated on the other server",
    "raced for a sale",
    "raced for a payout",
    "raced with a line of the bank",
    "refused: bought",
    "refused: sold by the other client",
    "refused: charged back and not named",
    "refused: over the line",
    "refused: not accepted any more",
    "refused: the same person",
    "refused: no right",
    "refused: no call back",
    "refused: a line of the bank repeated",
    "refused: something stands",
    "refused: undone before",
];

impl Situations {
    pub fn met(&mut self, name: &'static str, is_met: bool) {
        assert!(ALL.contains(&name), "{name} is not listed");
        if is_met {
            self.0.insert(name);
        }
    }

    pub fn refused(&mut self, refusal: Refusal) {
        let name = match refusal {
            Refusal::Bought => "refused: bought",
            Refusal::SoldByTheOther => "refused: sold by the other client",
            Refusal::ChargedBackUnnamed => "refused: charged back and not named",
            Refusal::OverLine => "refused: over the line",
            Refusal::NotAccepted => "refused: not accepted any more",
            Refusal::SamePerson => "refused: the same person",
            Refusal::NoRight => "refused: no right",
            Refusal::NotCalled => "refused: no call back",
            Refusal::LineRepeated => "refused: a line of the bank repeated",
            Refusal::Stands | Refusal::BoughtAgain => "refused: something stands",
            Refusal::Undone => "refused: undone before",
            Refusal::NotOpen | Refusal::Called => return,
        };
        self.met(name, true);
    }

    /// Those that were not met.
    pub fn missed(&self) -> Vec<&'static str> {
        ALL.into_iter().filter(|name| !self.0.contains(name)).collect()
    }
}
