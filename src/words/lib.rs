//! Words: the sentences that owners, debtors and staff read, by message and typed facts.
//!
//! A rule, a change or a notice gives a code and the [`Facts`] that it rests on; the [`Catalogue`]
//! of a language makes the sentence. The sentences are in Fluent files, one folder per language, so
//! that a translation touches no other room.
//!
//! ```
//! use factorage_words::{Catalogue, Facts};
//!
//! let facts = Facts::new().with("days", 95).with("limit", 90);
//! let said = Catalogue::english().say("past_due.offer", &facts);
//! assert_eq!(said, "The invoice is 95 days past due; the policy allows up to 90.");
//! // A sentence that the catalogue lacks is an error that names it.
//! assert!(Catalogue::english().try_say("past_dew.offer", &facts).is_err());
//! ```

mod catalogue;
mod fact;
mod say;

pub use catalogue::{Catalogue, Unsayable};
pub use fact::{Fact, Facts};
pub use say::{say, say_with};
