use proptest::prelude::*;

use super::super::super::SheetError;
use super::super::read_workbook;
use super::builder::{Xlsx, biff, compound, ods, package, record};
use super::read_one;

fn error_of_rows(rows: &str) -> SheetError {
    read_one(&Xlsx::of_rows(rows).bytes()).unwrap_err()
}

#[test]
fn a_declared_range_costs_nothing() {
    let mut book = Xlsx::of_rows(r#"<row r="1048576"><c r="B1048576"><v>1</v></c></row>"#);
    let range = r#"<worksheet><dimension ref="A1:XFD1048576"/>"#;
    book.sheet = book.sheet.replace("<worksheet>", range);
    assert_eq!(read_one(&book.bytes()).unwrap().height(), 1);
}

#[test]
fn references_beyond_reason_are_refused() {
    let references = ["ZZZZZZ99999999999", "A99999999999999999999", "1", "", "A", "$A$1", "B2"];
    for reference in references {
        let error = error_of_rows(&format!(r#"<row r="1"><c r="{reference}"><v>1</v></c></row>"#));
        assert!(matches!(error, SheetError::Damaged(_)), "{reference}: {error}");
    }
    let error = error_of_rows(r#"<row r="1"><c r="XFE1"><v>1</v></c></row>"#);
    assert_eq!(error, SheetError::TooManyColumns { line: 1 });
    let long = format!("{}1", "Z".repeat(10_000));
    let error = error_of_rows(&format!(r#"<row r="1"><c r="{long}"><v>1</v></c></row>"#));
    assert_eq!(error, SheetError::TooManyColumns { line: 1 });
}

#[test]
fn rows_and_cells_out_of_order_are_refused() {
    let cases = [
        (r#"<row r="2"/><row r="1"/>"#, "row 1 comes after row 2"),
        (r#"<row r="2"/><row r="2"/>"#, "row 2 comes after row 2"),
        (r#"<row r="0"/>"#, "number 0"),
        (r#"<row r="1048577"/>"#, "number 1048577"),
        (r#"<row r="-1"/>"#, "expected a whole number"),
        (r#"<row><c r="B1"/><c r="A1"/></row>"#, "out of order"),
        (r#"<row><c r="B1"/><c r="B1"/></row>"#, "out of order"),
        (r#"<row><c t="s"><v>0</v></c></row>"#, "shared string 0, but there are 0"),
        (r#"<row><c t="s"><v>-1</v></c></row>"#, "shared string `-1`"),
    ];
    for (rows, problem) in cases {
        let error = error_of_rows(rows).to_string();
        assert!(error.contains(problem), "{rows}: {error}");
    }
}

#[test]
fn a_document_type_is_refused_in_every_part() {
    let with = |part: fn(&mut Xlsx) -> &mut String| {
        let mut book = Xlsx::of_rows("");
        let xml = part(&mut book);
        *xml = format!(r#"<!DOCTYPE a [<!ENTITY b "c">]>{xml}"#);
        read_workbook(&book.bytes()).unwrap_err()
    };
    assert_eq!(with(|book| &mut book.workbook), SheetError::DocumentType);
    assert_eq!(with(|book| &mut book.strings), SheetError::DocumentType);
    assert_eq!(with(|book| &mut book.styles), SheetError::DocumentType);
    assert_eq!(with(|book| &mut book.sheet), SheetError::DocumentType);
    let content = package(&[("content.xml", "<!DOCTYPE a><a/>")]);
    assert_eq!(read_workbook(&content).unwrap_err(), SheetError::DocumentType);
    let entity = error_of_rows(r"<row><c t='str'><v>&lol;</v></c></row>");
    assert_eq!(entity, SheetError::DocumentType);
}

#[test]
fn xml_that_is_cut_short_or_too_deep_is_damaged() {
    let mut book = Xlsx::of_rows("");
    for xml in ["<worksheet><sheetData>", "<worksheet></sheet>", "<a", "<a b='1></a>"] {
        xml.clone_into(&mut book.sheet);
        let error = read_workbook(&book.bytes()).unwrap_err();
        assert!(matches!(error, SheetError::Damaged(_)), "{xml}: {error}");
    }
    book.sheet = "<a>".repeat(300) + &"</a>".repeat(300);
    let error = read_workbook(&book.bytes()).unwrap_err();
    assert!(error.to_string().contains("nests deeper than 256"), "{error}");
}

#[test]
fn xml_that_is_not_utf_8_is_damaged() {
    let mut bytes = Xlsx::of_rows("<row><c t='str'><v>QQ</v></c></row>").bytes();
    assert!(read_workbook(&bytes).is_ok());
    bytes = package_of_bytes(b"<worksheet>\xFF\xFE</worksheet>");
    let error = read_workbook(&bytes).unwrap_err();
    assert!(error.to_string().contains("UTF-8") || error.to_string().contains("utf-8"), "{error}");
}

fn package_of_bytes(content: &[u8]) -> Vec<u8> {
    use std::io::{Cursor, Write};
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(content).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn one_part_is_not_read_for_many_worksheets() {
    let mut book = Xlsx::of_rows("");
    let entry = r#"<sheet name="S" r:id="r1"/>"#;
    book.workbook = format!("<workbook>{}</workbook>", entry.repeat(2));
    let error = read_workbook(&book.bytes()).unwrap_err();
    assert!(error.to_string().contains("two worksheets refer to"), "{error}");
    book.workbook = format!("<workbook>{}</workbook>", entry.repeat(10_001));
    let error = read_workbook(&book.bytes()).unwrap_err();
    assert!(error.to_string().contains("more than 10000 worksheets"), "{error}");
}

#[test]
fn one_text_shared_by_many_cells_meets_a_limit() {
    let mut book = Xlsx::of_rows(&"<row><c t='s'><v>0</v></c></row>".repeat(600));
    book.strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1 << 20));
    let error = read_workbook(&book.bytes()).unwrap_err();
    assert_eq!(error, SheetError::Inflates { limit: "512 MiB of text" });
}

#[test]
fn styles_beyond_reason_are_refused() {
    let mut book = Xlsx::of_rows("");
    let styles = "<xf/>".repeat(65_537);
    book.styles =
        format!("<styleSheet><cellXfs count='9999999999'>{styles}</cellXfs></styleSheet>");
    let error = read_workbook(&book.bytes()).unwrap_err();
    assert!(error.to_string().contains("more than 65536 cell styles"), "{error}");
}

#[test]
fn repeated_cells_beyond_a_worksheet_are_refused() {
    let cell = |columns| {
        format!(
            "<table:table><table:table-row><table:table-cell office:value-type='string' \
             table:number-columns-repeated='{columns}'><text:p>x</text:p></table:table-cell>\
             </table:table-row></table:table>"
        )
    };
    assert!(read_workbook(&ods(&cell("16384"))).is_ok());
    let error = read_workbook(&ods(&cell("16385"))).unwrap_err();
    assert_eq!(error, SheetError::TooManyColumns { line: 1 });
    let error = read_workbook(&ods(&cell("99999999999999999999999"))).unwrap_err();
    assert!(matches!(error, SheetError::Damaged(_)), "{error}");
}

#[test]
fn a_compound_file_whose_chains_bite_their_tails_ends() {
    let whole = compound("Workbook", &biff(&[], &[]));
    assert!(read_workbook(&whole).is_ok());
    // The entries in the table of the directory's sector and of the stream's first two.
    for (at, next) in [(1_u32, 1_u32), (2, 2), (3, 2)] {
        let mut bytes = whole.clone();
        let entry = 512 + 4 * at as usize;
        bytes[entry..entry + 4].copy_from_slice(&next.to_le_bytes());
        let error = read_workbook(&bytes).unwrap_err();
        assert!(matches!(error, SheetError::Damaged(_)), "{at} to {next}: {error}");
    }
    for length in [0, 1, 511, 512, 1_023, 1_600, whole.len() - 512] {
        let cut = &whole[..length];
        assert!(read_workbook(cut).is_err(), "{length} bytes");
    }
}

#[test]
fn a_stream_that_claims_more_than_the_file_holds_costs_nothing() {
    let mut bytes = compound("Workbook", &biff(&[], &[]));
    // The size in the second entry of the directory, which is in the second sector.
    let size = 2 * 512 + 128 + 120;
    bytes[size..size + 4].copy_from_slice(&0x7FFF_FFFF_u32.to_le_bytes());
    assert!(matches!(read_workbook(&bytes).unwrap_err(), SheetError::Damaged(_)));
}

fn samples() -> [Vec<u8>; 3] {
    let mut xlsx = Xlsx::of_rows(
        r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45292.5</v></c></row>
        <row r="3" hidden="1"><c r="A3"><f>A1</f></c><c t="b"><v>1</v></c></row>"#,
    );
    xlsx.strings = "<sst><si><t>a&amp;_x000D_</t></si></sst>".to_owned();
    xlsx.styles = "<a><cellXfs><xf/><xf numFmtId='14'/></cellXfs></a>".to_owned();
    let row = "<table:table-row table:number-rows-repeated='2'><table:table-cell \
        office:value-type='float' office:value='1.5'/></table:table-row>";
    let ods = ods(&format!("<table:table table:name='a'>{row}</table:table>"));
    let globals = [record(0x00FC, b"\x01\0\0\0\x01\0\0\0\x03\0\0abc"), record(0x00E0, &[0; 4])];
    let cells = [
        record(0x00FD, &[0; 10]),
        record(0x0203, &[1; 14]),
        record(0x00BD, &[2; 18]),
        record(0x0006, &[3; 24]),
        record(0x0207, b"\x01\0\x01a\0"),
    ];
    [xlsx.bytes(), ods, compound("Workbook", &biff(&globals, &cells))]
}

#[test]
fn the_samples_that_are_mutated_below_can_be_read() {
    for bytes in samples() {
        assert!(read_one(&bytes).unwrap().height() > 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn damaged_workbooks_never_panic(
        sample in 0_usize..3,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = samples()[sample].clone();
        // Nearly all of the compound file is padding.
        let end = bytes.len().min(2_048);
        for (at, byte) in changes {
            bytes[at.index(end)] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        drop(read_workbook(&bytes));
    }

    #[test]
    fn damaged_xml_never_panics(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut xml = br#"<a><office:spreadsheet><table:table table:name="&lt;"><table:table-row
            table:number-rows-repeated="2"><table:table-cell office:value-type="string"><text:p>a
            &#65;<![CDATA[b]]></text:p></table:table-cell><!--c--></table:table-row></table:table>
            </office:spreadsheet></a>"#.to_vec();
        for (at, byte) in changes {
            let at = at.index(xml.len());
            xml[at] = byte;
        }
        drop(read_workbook(&package_of_bytes(&xml)));
    }
}
