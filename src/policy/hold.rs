use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use words::{Facts, say, say_with};

/// Lists the reasons to hold: the code of each, its name, and where it comes from.
macro_rules! reasons {
    ($($(#[$about:meta])* $code:ident $name:ident $kind:ident,)+) => {
        /// A reason to hold an invoice: it is bought once its debtor has confirmed it. Declared in
        /// the order in which people are told: what looks wrong first.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
            JsonSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum HoldReason {
            $($(#[$about])* $name,)+
        }

        impl HoldReason {
            /// Every reason.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Returns the code used in files and in the catalogue.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($code),)+
                }
            }

            /// Returns where it comes from.
            pub fn kind(self) -> HoldKind {
                match self {
                    $(Self::$name => HoldKind::$kind,)+
                }
            }
        }
    };
}

reasons! {
    /// It is due later than in an earlier ledger of the client.
    re_dated ReDated LooksWrong,
    /// It was closed in an earlier ledger of the client and is open again.
    reopened Reopened LooksWrong,
    /// It is dated before an earlier ledger of the client, which does not have it.
    backdated Backdated LooksWrong,
    /// Its amount is larger than in an earlier ledger of the client.
    amount_raised AmountRaised LooksWrong,
    /// Another debtor owed it in an earlier ledger of the client.
    debtor_changed DebtorChanged LooksWrong,
    /// It bills anew what a credit has closed, to be due later.
    rebilled Rebilled LooksWrong,
    /// An invoice of the debtor with nearly the same number, and the same amount or date, has been
    /// paid.
    open_and_paid OpenAndPaid LooksWrong,
    /// Another open invoice of the debtor has nearly the same number, and the same amount or date.
    near_duplicate NearDuplicate LooksWrong,
    /// An invoice to another debtor has the same number and amount.
    same_number SameNumber LooksWrong,
    /// It is one of several equal round amounts of one day, which this debtor has never paid
    /// before.
    round_amounts RoundAmounts LooksWrong,
    /// Its goods or services are delivered after the as-of date or after the invoice's own.
    not_delivered NotDelivered LooksWrong,
    /// Its terms are longer than the debtor's usual ones.
    long_terms LongTerms LooksWrong,
    /// The debtor has not yet paid the client an invoice of any size.
    new_debtor NewDebtor Standard,
    /// It is at least as large as the policy's amount from which invoices are confirmed.
    large Large Standard,
    /// It is one of the largest, which together make up the share that the policy wants confirmed.
    coverage Coverage Standard,
    /// It was drawn at random.
    drawn Drawn Standard,
}

/// The origin of a reason to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HoldKind {
    /// The policy has every such invoice confirmed.
    Standard,
    /// Something about this invoice looks wrong.
    LooksWrong,
}

/// A reason to hold one invoice, with the facts of its sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The reason.
    pub reason: HoldReason,
    /// The facts that its sentence states.
    pub facts: Facts,
    /// The sentence itself, where an earlier offer has said it.
    said: Option<String>,
}

impl Finding {
    /// A finding.
    pub fn new(reason: HoldReason, facts: Facts) -> Self {
        Self { reason, facts, said: None }
    }

    /// A finding of an earlier offer, in its words.
    pub fn said(reason: HoldReason, sentence: String) -> Self {
        Self { reason, facts: Facts::new(), said: Some(sentence) }
    }

    /// Returns the sentence for the underwriter.
    pub fn sentence(&self) -> String {
        let say = || say_with(&format!("hold_{}.offer", self.reason.code()), &self.facts);
        self.said.clone().unwrap_or_else(say)
    }
}

impl HoldReason {
    /// Returns the reason in plain words, as the end of a sentence about any number of invoices.
    pub fn to_owner(self) -> String {
        say(&format!("hold_{}.owner", self.code()))
    }

    /// Returns its name, as the title of a line.
    pub fn title(self) -> String {
        say(&format!("hold_{}.title", self.code()))
    }
}
