/// Codes of notices, declared in the order in which an offer tells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeCode {
    /// It completes an earlier offer.
    Completes,
    /// Invoices that were bought before are not eligible any more.
    BoughtIneligible,
    /// A debtor says that it does not know the client.
    ClientDenied,
    /// Almost nothing that fell due long ago is shown as closed.
    Survivorship,
    /// The facility is in another currency.
    FacilityCurrency,
    /// The facility lists invoices as bought that the ledger does not have.
    FundedUnknown,
    /// Open invoices have no invoice date.
    IssueDateAssumed,
    /// Open invoices have no due date.
    DueDateAssumed,
    /// Payments or credits have no date.
    UndatedSettlements,
    /// No ledger shows payments by which the screens could tell who is new and what is usual.
    NoHistory,
    /// Invoices of earlier ledgers are no longer there.
    Vanished,
    /// No earlier ledger has the client.
    PreviousUnknown,
}

impl NoticeCode {
    /// Every code.
    pub const ALL: [Self; 12] = [
        Self::Completes,
        Self::BoughtIneligible,
        Self::ClientDenied,
        Self::Survivorship,
        Self::FacilityCurrency,
        Self::FundedUnknown,
        Self::IssueDateAssumed,
        Self::DueDateAssumed,
        Self::UndatedSettlements,
        Self::NoHistory,
        Self::Vanished,
        Self::PreviousUnknown,
    ];

    /// Returns the code used in files and in the catalogue.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Completes => "completes",
            Self::BoughtIneligible => "bought_ineligible",
            Self::ClientDenied => "client_denied",
            Self::Survivorship => "survivorship",
            Self::FacilityCurrency => "facility_currency",
            Self::FundedUnknown => "funded_unknown",
            Self::IssueDateAssumed => "issue_date_assumed",
            Self::DueDateAssumed => "due_date_assumed",
            Self::UndatedSettlements => "undated_settlements",
            Self::NoHistory => "no_history",
            Self::Vanished => "vanished",
            Self::PreviousUnknown => "previous_unknown",
        }
    }

    /// Returns true if the client may read it, because it is about what was offered, or because the
    /// client can act on it: by a fuller export or by dates that the ledger leaves out. All others
    /// are for the factor's staff alone, as they tell what is asked about the client or how it is
    /// financed.
    pub fn is_for_owner(self) -> bool {
        match self {
            Self::Completes
            | Self::Survivorship
            | Self::IssueDateAssumed
            | Self::DueDateAssumed
            | Self::UndatedSettlements => true,
            Self::BoughtIneligible
            | Self::ClientDenied
            | Self::FacilityCurrency
            | Self::FundedUnknown
            | Self::NoHistory
            | Self::Vanished
            | Self::PreviousUnknown => false,
        }
    }

    /// Returns the code of this name; `None` if this version has no such code.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use words::{Catalogue, Facts};

    use super::super::Notice;
    use super::*;

    #[test]
    fn every_code_has_its_words_and_its_reader() {
        for (at, code) in NoticeCode::ALL.into_iter().enumerate() {
            assert_eq!(code as usize, at, "the order of the list");
            assert_eq!(NoticeCode::named(code.as_str()), Some(code));
            let name = format!("notice.{}", code.as_str());
            // Its facts are missing here: the sentence has gaps, but is not its own name.
            assert_ne!(Catalogue::english().say(&name, &Facts::new()), name);
        }
        let owners = NoticeCode::ALL.into_iter().filter(|code| code.is_for_owner());
        let owners: Vec<&str> = owners.map(NoticeCode::as_str).collect();
        let dates = ["issue_date_assumed", "due_date_assumed", "undated_settlements"];
        assert_eq!(owners, [&["completes", "survivorship"], &dates[..]].concat());
    }

    #[test]
    fn a_code_that_is_not_known_is_for_staff() {
        let of = |code: &'static str| Notice { code: code.into(), text: String::new() };
        assert!(of("due_date_assumed").is_for_owner());
        for staff in ["client_denied", "vanished", "late_rows", "", "DUE_DATE_ASSUMED"] {
            assert!(!of(staff).is_for_owner(), "{staff}");
        }
        let denied = Notice::new(NoticeCode::ClientDenied, "Stop.".to_owned());
        assert_eq!(
            (denied.code.as_ref(), denied.is(NoticeCode::ClientDenied)),
            ("client_denied", true)
        );
    }
}
