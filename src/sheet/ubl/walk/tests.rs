use proptest::prelude::*;

use super::*;

const INVOICE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
    xmlns:a="urn:parts" xmlns:b="urn:values">
  <b:ID>R-17 &amp; 18</b:ID>
  <b:IssueDate>2026-03-01</b:IssueDate>
  <b:DueDate>2026-03-31+02:00</b:DueDate>
  <b:InvoiceTypeCode listID="a&lt;b">380</b:InvoiceTypeCode>
  <b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>
  <a:OrderReference><b:ID>PO 9</b:ID></a:OrderReference>
  <a:AccountingSupplierParty><a:Party>
    <a:PartyName><b:Name>Mill</b:Name></a:PartyName>
    <a:PartyLegalEntity>
      <b:RegistrationName>Mill &#x26; Sons Ltd</b:RegistrationName>
    </a:PartyLegalEntity>
  </a:Party></a:AccountingSupplierParty>
  <a:AccountingCustomerParty><a:Party>
    <a:PostalAddress>
      <a:Country><b:IdentificationCode>NL</b:IdentificationCode></a:Country>
    </a:PostalAddress>
    <a:PartyTaxScheme><b:CompanyID>NL123</b:CompanyID></a:PartyTaxScheme>
    <a:PartyLegalEntity>
      <b:RegistrationName>Caf<![CDATA[é <]]> BV</b:RegistrationName><b:CompanyID>77</b:CompanyID>
    </a:PartyLegalEntity>
  </a:Party></a:AccountingCustomerParty>
  <a:PayeeParty><a:PartyName><b:Name>Swift Factoring</b:Name></a:PartyName></a:PayeeParty>
  <a:PaymentTerms><b:Note>Net 30</b:Note></a:PaymentTerms>
  <a:BillingReference>
    <a:InvoiceDocumentReference><b:ID>R-1</b:ID></a:InvoiceDocumentReference>
  </a:BillingReference>
  <a:BillingReference>
    <a:InvoiceDocumentReference><b:ID>R-2</b:ID></a:InvoiceDocumentReference>
  </a:BillingReference>
  <a:LegalMonetaryTotal>
    <b:TaxInclusiveAmount currencyID="EUR">121.00</b:TaxInclusiveAmount>
    <b:PrepaidAmount currencyID="EUR">21</b:PrepaidAmount>
    <b:PayableAmount currencyID="EUR">100.00</b:PayableAmount>
  </a:LegalMonetaryTotal>
  <a:InvoiceLine><b:ID>1</b:ID></a:InvoiceLine>
</Invoice>
"#;

const CII: &str = r#"<x:CrossIndustryInvoice xmlns:y="urn:y" xmlns:z="urn:z"
    xmlns:x="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100">
  <x:ExchangedDocument><y:ID>G-5</y:ID><y:TypeCode>381</y:TypeCode>
    <y:IssueDateTime><z:DateTimeString format="102">20260228</z:DateTimeString></y:IssueDateTime>
  </x:ExchangedDocument>
  <x:SupplyChainTradeTransaction>
    <y:ApplicableHeaderTradeAgreement>
      <y:SellerTradeParty><y:Name>Mühle GmbH</y:Name></y:SellerTradeParty>
      <y:BuyerTradeParty><y:ID>D7</y:ID><y:Name>Laden AG</y:Name>
        <y:PostalTradeAddress><y:CountryID>DE</y:CountryID></y:PostalTradeAddress>
      </y:BuyerTradeParty>
      <y:BuyerOrderReferencedDocument><y:IssuerAssignedID>B1</y:IssuerAssignedID
      ></y:BuyerOrderReferencedDocument>
    </y:ApplicableHeaderTradeAgreement>
    <y:ApplicableHeaderTradeSettlement>
      <y:InvoiceCurrencyCode>EUR</y:InvoiceCurrencyCode>
      <y:PayeeTradeParty><y:Name>MÜHLE GMBH</y:Name></y:PayeeTradeParty>
      <y:SpecifiedTradePaymentTerms><y:Description>sofort</y:Description>
        <y:DueDateDateTime>
          <z:DateTimeString format="102">20260310</z:DateTimeString>
        </y:DueDateDateTime>
      </y:SpecifiedTradePaymentTerms>
      <y:SpecifiedTradeSettlementHeaderMonetarySummation>
        <y:TaxTotalAmount currencyID="USD">1</y:TaxTotalAmount>
        <y:TotalPrepaidAmount>0.00</y:TotalPrepaidAmount>
        <y:GrandTotalAmount>59.50</y:GrandTotalAmount><y:DuePayableAmount>59.50</y:DuePayableAmount>
      </y:SpecifiedTradeSettlementHeaderMonetarySummation>
      <y:InvoiceReferencedDocument>
        <y:IssuerAssignedID>G-1</y:IssuerAssignedID>
      </y:InvoiceReferencedDocument>
    </y:ApplicableHeaderTradeSettlement>
  </x:SupplyChainTradeTransaction>
</x:CrossIndustryInvoice>"#;

/// The cells of the row at `index`, as `field=text`.
fn cells(sheet: &Sheet, index: usize) -> Vec<String> {
    sheet
        .row(index)
        .cells()
        .map(|(column, _, text)| format!("{}={text}", sheet.row(0).text(column)))
        .collect()
}

fn cell(xml: &str, field: &str) -> String {
    let sheet = read_ubl(xml.as_bytes()).unwrap();
    let column = HEADER.iter().position(|name| *name == field).unwrap();
    sheet.row(1).text(column).to_owned()
}

fn message(xml: &str) -> String {
    read_ubl(xml.as_bytes()).unwrap_err().to_string()
}

fn as_credit_note() -> String {
    INVOICE
        .replace("Invoice-2", "CreditNote-2")
        .replace("<Invoice ", "<CreditNote ")
        .replace("</Invoice>", "</CreditNote>")
        .replace("InvoiceTypeCode", "CreditNoteTypeCode")
}

#[test]
fn an_invoice_becomes_a_row_of_the_importers_fields() {
    let sheet = read_ubl(INVOICE.as_bytes()).unwrap();
    let expected = [
        "invoice_number=R-17 & 18",
        "document_type=invoice",
        "invoice_date=2026-03-01",
        "due_date=2026-03-31",
        "currency=EUR",
        "amount=121.00",
        "open_balance=100.00",
        "paid_amount=21",
        "debtor_id=77",
        "debtor_name=Café < BV",
        "country=NL",
        "client_id=Mill & Sons Ltd",
        "po_number=PO 9",
        "terms=Net 30",
        "payee=Swift Factoring",
    ];
    assert_eq!(cells(&sheet, 1), expected);
    assert_eq!((sheet.height(), sheet.row(1).line), (2, 2));
    assert_eq!(sheet.row(1).kind(3), Some(CellKind::Date));
    assert_eq!(sheet.row(1).kind(6), Some(CellKind::Number));
}

#[test]
fn a_cross_industry_credit_note_becomes_a_row() {
    let sheet = read_ubl(CII.as_bytes()).unwrap();
    let expected = [
        "invoice_number=G-5",
        "document_type=credit_note",
        "invoice_date=2026-02-28",
        "due_date=2026-03-10",
        "currency=EUR",
        "amount=59.50",
        "open_balance=59.50",
        "debtor_id=D7",
        "debtor_name=Laden AG",
        "country=DE",
        "client_id=Mühle GmbH",
        "po_number=B1",
        "terms=sofort",
        "applied_to=G-1",
    ];
    assert_eq!(cells(&sheet, 1), expected);
}

#[test]
fn a_delivery_is_read_or_without_one_the_end_of_the_period() {
    let end = "<a:InvoicePeriod><b:StartDate>2026-03-01</b:StartDate>\
               <b:EndDate>2026-03-31</b:EndDate></a:InvoicePeriod>";
    let delivery =
        "<a:Delivery><b:ActualDeliveryDate>2026-03-02</b:ActualDeliveryDate></a:Delivery>";
    // The delivery of a line is not that of the invoice.
    let of_line = format!("<a:InvoiceLine>{delivery}</a:InvoiceLine>");
    for (xml, expected) in [
        (String::new(), ""),
        (end.to_owned(), "2026-03-31"),
        (delivery.to_owned(), "2026-03-02"),
        (format!("{end}{delivery}"), "2026-03-02"),
        (of_line, ""),
    ] {
        let invoice = INVOICE.replace("</Invoice>", &format!("{xml}</Invoice>"));
        assert_eq!(cell(&invoice, "delivery_date"), expected, "{xml}");
    }
    let day = |at: &str| {
        format!("<y:{at}><z:DateTimeString format=\"102\">20260302</z:DateTimeString></y:{at}>")
    };
    let event = "ActualDeliverySupplyChainEvent";
    let delivery = format!(
        "<y:ApplicableHeaderTradeDelivery><y:{event}>{}</y:{event}>\
         </y:ApplicableHeaderTradeDelivery><y:ApplicableHeaderTradeSettlement>",
        day("OccurrenceDateTime")
    );
    let start = "<y:ApplicableHeaderTradeSettlement>";
    let period = format!(
        "{start}<y:BillingSpecifiedPeriod>{}</y:BillingSpecifiedPeriod>",
        day("EndDateTime")
    );
    for xml in [delivery, period] {
        assert_eq!(cell(&CII.replace(start, &xml), "delivery_date"), "2026-03-02", "{xml}");
    }
}

#[test]
fn a_credit_note_keeps_its_sign_and_names_its_invoices() {
    let note = as_credit_note();
    assert_eq!(cell(&note, "document_type"), "credit_note");
    assert_eq!(cell(&note, "amount"), "121.00");
    assert_eq!(cell(&note, "applied_to"), "R-1; R-2");
}

#[test]
fn type_codes_decide_kind_and_status() {
    let codes = [
        ("383", "invoice", ""),
        ("389", "invoice", ""),
        ("326", "invoice", ""),
        ("325", "invoice", "draft"),
        ("381", "credit_note", ""),
        ("396", "credit_note", ""),
    ];
    for (code, kind, status) in codes {
        let xml = INVOICE.replace(">380<", &format!(">{code}<"));
        assert_eq!(cell(&xml, "document_type"), kind, "{code}");
        assert_eq!(cell(&xml, "status"), status, "{code}");
    }
}

#[test]
fn what_is_left_out_is_found_elsewhere() {
    let without = |element: &str| {
        let rest: Vec<_> = INVOICE.lines().filter(|line| !line.contains(element)).collect();
        rest.join("\n")
    };
    assert_eq!(cell(&without("TaxInclusiveAmount"), "amount"), "121.00");
    assert_eq!(cell(&without("DocumentCurrencyCode"), "currency"), "EUR");
    assert_eq!(cell(&without("RegistrationName"), "client_id"), "Mill");
    assert_eq!(cell(&without("RegistrationName"), "debtor_id"), "NL123");
    let means = "<a:PaymentMeans><b:PaymentDueDate>2026-04-02</b:PaymentDueDate></a:PaymentMeans>";
    let xml = without("DueDate").replace("  <a:PayeeParty>", &format!("{means}<a:PayeeParty>"));
    assert_eq!(cell(&xml, "due_date"), "2026-04-02");
}

#[test]
fn values_of_another_form_stay_texts() {
    let xml = INVOICE.replace("121.00", "1.210,00").replace("2026-03-01", "2026-02-30");
    let sheet = read_ubl(xml.as_bytes()).unwrap();
    assert_eq!((sheet.row(1).text(6), sheet.row(1).kind(6)), ("1.210,00", Some(CellKind::Text)));
    assert_eq!((sheet.row(1).text(3), sheet.row(1).kind(3)), ("2026-02-30", Some(CellKind::Text)));
}

#[test]
fn several_documents_may_stand_in_a_wrapper() {
    let body = INVOICE.split_once("?>").unwrap().1.trim();
    let xml = format!("<batch>\n{body}\n<meta><Invoice/></meta>\n{CII}</batch>");
    let sheet = read_ubl(xml.as_bytes()).unwrap();
    let found: Vec<_> = sheet.rows().skip(1).map(|row| (row.line, row.text(0))).collect();
    assert_eq!(found, [(2, "R-17 & 18"), (body.lines().count() as u64 + 3, "G-5")]);
}

#[test]
fn other_encodings_are_read() {
    let declared = INVOICE.replace("UTF-8", "windows-1252");
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&declared);
    let sheet = read_ubl(&bytes).unwrap();
    assert_eq!(sheet.row(1).text(10), "Café < BV");
    let wide = format!("\u{feff}{}", INVOICE.replace("UTF-8", "UTF-16"));
    let bytes: Vec<u8> = wide.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(read_ubl(&bytes).unwrap().row(1).text(10), "Café < BV");
}

#[test]
fn amounts_in_another_currency_are_damage() {
    let xml = INVOICE
        .replace("<b:PayableAmount currencyID=\"EUR\"", "<b:PayableAmount currencyID=\"USD\"");
    let expected = "is damaged: line 2: expected amounts in EUR, found USD for the amount due";
    assert_eq!(message(&xml), expected);
}

#[test]
fn other_xml_holds_no_table() {
    let found = message("<Invoice><ID>1</ID></Invoice>");
    let expected = "contains no table: expected a UBL or CII invoice or credit note, found only \
        the element Invoice in the namespace \"\"";
    assert_eq!(found, expected);
    assert!(message("<?xml version='1.0'?>").ends_with("found no elements"));
}

#[test]
fn hostile_documents_are_refused() {
    let head = INVOICE.split_once("<b:ID>").unwrap().0;
    let typed = INVOICE.replace("<Invoice ", "<!DOCTYPE Invoice [<!ENTITY x \"y\">]>\n<Invoice ");
    assert_eq!(read_ubl(typed.as_bytes()).unwrap_err(), SheetError::DocumentType);
    let deep = format!("{head}{}", "<d>".repeat(1_000_000));
    let cases = [
        (deep, "line 4: expected at most 100 nested elements"),
        (INVOICE.replace("&amp;", "&evil;"), "line 4: expected one of XML's five"),
        (INVOICE.replace("a&lt;b", "&evil;"), "line 7: "),
        (INVOICE.replace("&amp;", "&#xD800;"), "line 4: "),
        (INVOICE.replace("</Invoice>", ""), "line 40: expected an end tag"),
        (INVOICE.replace("</Invoice>", "</Rechnung>"), "line 39: "),
        (INVOICE.replace("b:ID", "b:I/D"), "line 4: expected an element name"),
        (INVOICE.replace("b:ID", "b:"), "line 4: expected an element name"),
        (format!("{INVOICE}<Invoice/>"), "line 40: expected one root element"),
        (format!("{INVOICE}x"), "line 40: expected an element, found text"),
        ("\0\0\0".to_owned(), "line 1: expected an element, found text"),
    ];
    for (xml, expected) in cases {
        let found = message(&xml);
        assert!(found.starts_with(&format!("is damaged: {expected}")), "{expected}: {found}");
    }
    let long = INVOICE.replace("Net 30", &"x".repeat(1 << 21));
    let error = read_ubl(long.as_bytes()).unwrap_err();
    assert_eq!(error, SheetError::CellTooLong { line: 2, bytes: 1 << 21 });
}

#[test]
fn every_beginning_of_a_document_is_damaged_or_empty() {
    let end = INVOICE.trim_end().len();
    for cut in (0..end).filter(|&cut| INVOICE.is_char_boundary(cut)) {
        assert!(read_ubl(&INVOICE.as_bytes()[..cut]).is_err(), "cut at {cut}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn mutated_documents_never_panic(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..6),
        is_ubl in any::<bool>(),
    ) {
        let mut bytes = if is_ubl { INVOICE } else { CII }.as_bytes().to_vec();
        for (place, byte, edit) in edits {
            let at = place.index(bytes.len());
            match edit {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, b"<>/&;\"'!?"[usize::from(byte) % 9]),
                2 => drop(bytes.drain(at..(at + usize::from(byte)).min(bytes.len()))),
                _ if byte < 16 => bytes.truncate(at.max(1)),
                _ => bytes.insert(at, byte),
            }
            bytes.push(b'\n');
        }
        if let Ok(sheet) = read_ubl(&bytes) {
            prop_assert!(sheet.height() >= 2);
        }
    }
}
