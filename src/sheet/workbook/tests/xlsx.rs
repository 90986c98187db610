use super::super::super::SheetError;
use super::super::{is_workbook, read_workbook};
use super::builder::{Xlsx, package};
use super::{read_one, shown};

fn rows_of(rows: &str) -> Vec<String> {
    shown(&read_one(&Xlsx::of_rows(rows).bytes()).unwrap())
}

#[test]
fn every_type_of_cell_has_its_kind() {
    let mut book = Xlsx::of_rows(
        r#"<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1"><v>0.30000000000000004</v></c>
        <c r="D1" t="b"><v>1</v></c><c r="E1" t="e"><v>#REF!</v></c>
        <c r="F1" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c>
        <c r="G1" t="d"><v>2024-01-31T10:00:00</v></c><c r="H1"><v>1E3</v></c>
        <c r="I1"><v>much</v></c></row>"#,
    );
    book.strings = "<sst><si><t>no</t></si><si><r><t>A &amp; </t></r><rPh><t>x</t></rPh>\
        <r><t>&#66;_x0043_ _x005F_x</t></r></si></sst>"
        .to_owned();
    let expected = "1|0 Text A & BC _x|1 Number 0.3|3 Bool true|4 Error #REF!|5 Text inline\
        |6 Date 2024-01-31|7 Number 1000|8 Text much";
    assert_eq!(shown(&read_one(&book.bytes()).unwrap()), [expected]);
}

#[test]
fn a_date_is_a_number_under_a_date_format() {
    let mut book = Xlsx::of_rows(
        r#"<row><c s="0"><v>45292</v></c><c s="1"><v>45292.5</v></c><c s="2"><v>45292</v></c>
        <c s="3"><v>45292</v></c><c s="99"><v>45292</v></c></row>"#,
    );
    book.styles = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\.mm\.yyyy"/>
        <numFmt numFmtId="165" formatCode="[h]:mm"/></numFmts>
        <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>
        <xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>"#
        .to_owned();
    let expected = "1|0 Number 45292|1 Date 2024-01-01|2 Date 2024-01-01|3 Number 45292\
        |4 Number 45292";
    assert_eq!(shown(&read_one(&book.bytes()).unwrap()), [expected]);
    book.workbook = book.workbook.replace("<sheets>", r#"<workbookPr date1904="1"/><sheets>"#);
    let rows = shown(&read_one(&book.bytes()).unwrap());
    assert!(rows[0].contains("|1 Date 2028-01-02|"), "{rows:?}");
}

#[test]
fn a_formula_counts_by_its_cached_value_and_without_one_by_its_text() {
    let rows = rows_of(
        r#"<row><c><f>1+1</f><v>2</v></c><c t="str"><f>A1</f><v>x</v></c><c><f>SUM(A1:B1)</f></c>
        <c><f t="shared" si="0"/></c><c><f>C1</f><v></v></c><c t="str"><f>""</f><v></v></c>
        <c t="b"><f>TRUE</f><v>0</v></c><c><f>0</f><v>0</v></c></row>"#,
    );
    let expected = "1|0 Number 2|1 Text x|2 Formula SUM(A1:B1)|3 Formula (shared formula)\
        |4 Formula C1|6 Bool false|7 Number 0";
    assert_eq!(rows, [expected]);
}

#[test]
fn a_zero_under_a_formula_is_no_value_where_formulas_are_left_to_the_reader() {
    let mut book = Xlsx::of_rows("<row><c><f>A2</f><v>0</v></c><c><v>0</v></c></row>");
    let calculation = r#"</sheets><calcPr fullCalcOnLoad="1"/>"#;
    book.workbook = book.workbook.replace("</sheets>", calculation);
    assert_eq!(shown(&read_one(&book.bytes()).unwrap()), ["1|0 Formula A2|1 Number 0"]);
}

#[test]
fn rows_keep_their_numbers_and_small_gaps_become_blank_rows() {
    let rows = rows_of(
        r#"<row r="2"/><row r="3"><c r="B3"><v>1</v></c></row><row r="5" hidden="1"><c><v>2</v></c>
        </row><row><c><v>3</v></c></row><row r="1048576"><c r="XFD1048576"><v>4</v></c></row>"#,
    );
    let expected =
        ["3|1 Number 1", "4", "5 hidden|0 Number 2", "6|0 Number 3", "1048576|16383 Number 4"];
    assert_eq!(rows, expected);
    let gap = |rows: u32| {
        let cell = "<c><v>1</v></c>";
        rows_of(&format!(r#"<row r="1">{cell}</row><row r="{}">{cell}</row>"#, rows + 2)).len()
    };
    assert_eq!((gap(1_000), gap(1_001)), (1_002, 2));
}

#[test]
fn hidden_worksheets_are_read_and_chart_sheets_are_not() {
    let mut book = Xlsx::of_rows("<row><c><v>1</v></c></row>");
    book.workbook = r#"<x:workbook><x:sheets><x:sheet name="Ch" r:id="r4"/>
        <x:sheet name="A &lt; B" state="veryHidden" r:id="r1"/></x:sheets></x:workbook>"#
        .to_owned();
    let sheet = read_one(&book.bytes()).unwrap();
    assert_eq!((sheet.name.as_str(), sheet.hidden), ("A < B", true));
    assert!(!read_one(&Xlsx::of_rows("").bytes()).unwrap().hidden);
}

#[test]
fn rows_of_drawings_are_no_rows_of_the_worksheet() {
    let mut book = Xlsx::of_rows("<row><c><v>1</v></c></row>");
    book.sheet =
        book.sheet.replace("</worksheet>", "<controls><row>5</row><c/></controls></worksheet>");
    assert_eq!(shown(&read_one(&book.bytes()).unwrap()), ["1|0 Number 1"]);
}

#[test]
fn what_is_no_workbook_is_told_apart() {
    let no_table = |bytes: &[u8]| match read_workbook(bytes) {
        Err(SheetError::NoTable(problem)) => problem,
        other => panic!("{other:?}"),
    };
    let archive = package(&[("a.csv", "1;2")]);
    assert!(no_table(&archive).contains("not an XLSX"));
    assert!(no_table(b"a;b").contains("not an XLSX"));
    assert!(no_table(&package(&[("xl/workbook.bin", "")])).contains("XLSB"));
    let binary = r#"<a><b Id="1" Type="t/officeDocument" Target="xl/workbook.bin"/></a>"#;
    assert!(no_table(&package(&[("_rels/.rels", binary)])).contains("XLSB"));
    assert!(!is_workbook(&archive) && !is_workbook(b"PK") && !is_workbook(b"a;b"));
    assert!(is_workbook(&Xlsx::of_rows("").bytes()));
}
