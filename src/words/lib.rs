//! Words: what an owner, a debtor or the staff read, by message and typed facts.
//!
//! A rule, a change or a notice gives a code and the [`Facts`] that it rests on; the [`Catalogue`]
//! of a language makes the sentence. Sentences stand in Fluent files, one folder a language, so
//! that no other room holds text that has to be translated.
//!
//! ```
//! use factorage_words::{Catalogue, Facts};
//!
//! let facts = Facts::new().with("days", 95).with("limit", 90);
//! let said = Catalogue::english().say("past_due.offer", &facts);
//! assert_eq!(said, "It is 95 days past due; the policy buys up to 90.");
//! // What is not in the catalogue is an error that names it.
//! assert!(Catalogue::english().try_say("past_dew.offer", &facts).is_err());
//! ```

mod catalogue;
mod fact;

pub use catalogue::{Catalogue, Unsayable};
pub use fact::{Fact, Facts};
