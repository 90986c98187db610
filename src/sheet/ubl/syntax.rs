//! The paths of the values that a ledger needs, in each syntax of electronic invoices.

/// A value of a document, whatever its syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// The number of the document.
    Number,
    /// The type code of the document (UNTDID 1001).
    TypeCode,
    /// The date of the document.
    Issued,
    /// The due date.
    Due,
    /// The due date as part of the means of payment, where some documents have it instead.
    PaymentDue,
    /// The currency of the amounts.
    Currency,
    /// The total with tax.
    Total,
    /// The amount due.
    Payable,
    /// The prepaid amount.
    Prepaid,
    /// The buyer's electronic address.
    BuyerAddress,
    /// An identifier of the buyer, assigned by the seller or anybody else.
    BuyerId,
    /// The buyer's number in a company register.
    BuyerRegistration,
    /// The buyer's tax number.
    BuyerTaxId,
    /// The buyer's registered name.
    BuyerLegalName,
    /// The buyer's trading name.
    BuyerName,
    /// The code of the buyer's country.
    BuyerCountry,
    /// The seller's registered name.
    SellerLegalName,
    /// The seller's trading name.
    SellerName,
    /// The payee's name.
    PayeeName,
    /// The payee's registered name.
    PayeeLegalName,
    /// The number of the buyer's purchase order.
    Order,
    /// The payment terms in words.
    Terms,
    /// The day of the delivery.
    Delivered,
    /// The last day of the period for which is invoiced.
    PeriodEnd,
    /// The number of an invoice to which the document refers; the only value that may repeat.
    Preceding,
}

/// A kind of document and the paths of its values.
pub(super) struct Syntax {
    namespace: &'static str,
    root: &'static str,
    /// True if every document of this kind is a credit note.
    pub is_credit: bool,
    paths: &'static [(&'static str, Field)],
}

impl Syntax {
    /// The syntax whose documents have the root element `root` of `namespace`.
    pub fn find(namespace: &str, root: &str) -> Option<&'static Self> {
        SYNTAXES.iter().find(|syntax| syntax.namespace == namespace && syntax.root == root)
    }

    /// The value at `path`, the local names below the root joined by `/`; `None` if it is not
    /// needed.
    pub fn field(&self, path: &str) -> Option<Field> {
        self.paths.iter().find(|(known, _)| *known == path).map(|(_, field)| *field)
    }
}

static SYNTAXES: [Syntax; 3] = [
    Syntax {
        namespace: "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
        root: "Invoice",
        is_credit: false,
        paths: UBL,
    },
    Syntax {
        namespace: "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
        root: "CreditNote",
        is_credit: true,
        paths: UBL,
    },
    Syntax {
        namespace: "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
        root: "CrossIndustryInvoice",
        is_credit: false,
        paths: CII,
    },
];

const UBL: &[(&str, Field)] = &[
    ("ID", Field::Number),
    ("InvoiceTypeCode", Field::TypeCode),
    ("CreditNoteTypeCode", Field::TypeCode),
    ("IssueDate", Field::Issued),
    ("DueDate", Field::Due),
    ("PaymentMeans/PaymentDueDate", Field::PaymentDue),
    ("Delivery/ActualDeliveryDate", Field::Delivered),
    ("InvoicePeriod/EndDate", Field::PeriodEnd),
    ("DocumentCurrencyCode", Field::Currency),
    ("LegalMonetaryTotal/TaxInclusiveAmount", Field::Total),
    ("LegalMonetaryTotal/PayableAmount", Field::Payable),
    ("LegalMonetaryTotal/PrepaidAmount", Field::Prepaid),
    ("AccountingCustomerParty/Party/EndpointID", Field::BuyerAddress),
    ("AccountingCustomerParty/Party/PartyIdentification/ID", Field::BuyerId),
    ("AccountingCustomerParty/Party/PartyLegalEntity/CompanyID", Field::BuyerRegistration),
    ("AccountingCustomerParty/Party/PartyTaxScheme/CompanyID", Field::BuyerTaxId),
    ("AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName", Field::BuyerLegalName),
    ("AccountingCustomerParty/Party/PartyName/Name", Field::BuyerName),
    ("AccountingCustomerParty/Party/PostalAddress/Country/IdentificationCode", Field::BuyerCountry),
    ("AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName", Field::SellerLegalName),
    ("AccountingSupplierParty/Party/PartyName/Name", Field::SellerName),
    ("PayeeParty/PartyName/Name", Field::PayeeName),
    ("PayeeParty/PartyLegalEntity/RegistrationName", Field::PayeeLegalName),
    ("OrderReference/ID", Field::Order),
    ("PaymentTerms/Note", Field::Terms),
    ("BillingReference/InvoiceDocumentReference/ID", Field::Preceding),
];

/// Completes a CII path with the names of the elements around it.
macro_rules! cii {
    (document $name:literal) => {
        concat!("ExchangedDocument/", $name)
    };
    (agreement $name:literal) => {
        concat!("SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/", $name)
    };
    (delivery $name:literal) => {
        concat!(
            "SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery/",
            "ActualDeliverySupplyChainEvent/",
            $name
        )
    };
    (settlement $name:literal) => {
        concat!("SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/", $name)
    };
    (total $name:literal) => {
        concat!(
            "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/",
            "SpecifiedTradeSettlementHeaderMonetarySummation/",
            $name
        )
    };
}

const CII: &[(&str, Field)] = &[
    (cii!(document "ID"), Field::Number),
    (cii!(document "TypeCode"), Field::TypeCode),
    (cii!(document "IssueDateTime/DateTimeString"), Field::Issued),
    (cii!(settlement "SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString"), Field::Due),
    (cii!(delivery "OccurrenceDateTime/DateTimeString"), Field::Delivered),
    (cii!(settlement "BillingSpecifiedPeriod/EndDateTime/DateTimeString"), Field::PeriodEnd),
    (cii!(settlement "InvoiceCurrencyCode"), Field::Currency),
    (cii!(total "GrandTotalAmount"), Field::Total),
    (cii!(total "DuePayableAmount"), Field::Payable),
    (cii!(total "TotalPrepaidAmount"), Field::Prepaid),
    (cii!(agreement "BuyerTradeParty/URIUniversalCommunication/URIID"), Field::BuyerAddress),
    (cii!(agreement "BuyerTradeParty/ID"), Field::BuyerId),
    (cii!(agreement "BuyerTradeParty/GlobalID"), Field::BuyerId),
    (cii!(agreement "BuyerTradeParty/SpecifiedLegalOrganization/ID"), Field::BuyerRegistration),
    (cii!(agreement "BuyerTradeParty/SpecifiedTaxRegistration/ID"), Field::BuyerTaxId),
    // `Name` is the registered name in CII; a trading name has an element of its own.
    (cii!(agreement "BuyerTradeParty/Name"), Field::BuyerLegalName),
    (cii!(agreement "BuyerTradeParty/PostalTradeAddress/CountryID"), Field::BuyerCountry),
    (cii!(agreement "SellerTradeParty/Name"), Field::SellerLegalName),
    (
        cii!(agreement "SellerTradeParty/SpecifiedLegalOrganization/TradingBusinessName"),
        Field::SellerName,
    ),
    (cii!(settlement "PayeeTradeParty/Name"), Field::PayeeName),
    (cii!(agreement "BuyerOrderReferencedDocument/IssuerAssignedID"), Field::Order),
    (cii!(settlement "SpecifiedTradePaymentTerms/Description"), Field::Terms),
    (cii!(settlement "InvoiceReferencedDocument/IssuerAssignedID"), Field::Preceding),
];
