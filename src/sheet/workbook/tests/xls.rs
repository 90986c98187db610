use super::super::super::SheetError;
use super::super::read_workbook;
use super::builder::{biff, compound, record};
use super::{read_one, shown};

const ROW: u16 = 0x0208;
const NUMBER: u16 = 0x0203;
const FORMULA: u16 = 0x0006;
const STRING: u16 = 0x0207;

/// A cell record: row, column, style, and the rest.
fn cell(kind: u16, place: [u8; 3], rest: &[u8]) -> Vec<u8> {
    let [row, column, style] = place;
    record(kind, &[&[row, 0, column, 0, style, 0], rest].concat())
}

fn rows_of(globals: &[Vec<u8>], sheet: &[Vec<u8>]) -> Vec<String> {
    shown(&read_one(&compound("Workbook", &biff(globals, sheet))).unwrap())
}

#[test]
fn every_record_of_a_cell_has_its_kind() {
    let rk = |value: u32| value.to_le_bytes();
    let rows = rows_of(
        &[],
        &[
            cell(NUMBER, [0, 0, 0], &(0.1_f64 + 0.2).to_le_bytes()),
            cell(0x027E, [0, 1, 0], &rk(12_345 << 2 | 3)),
            record(
                0x00BD,
                &[&[0, 0, 2, 0, 0, 0], &rk(7 << 2 | 2)[..], &[0, 0], &rk(0x3FF0_0000), &[3, 0]]
                    .concat(),
            ),
            cell(0x0204, [0, 4, 0], b"\x02\0\0ab"),
            cell(0x0205, [0, 5, 0], &[1, 0]),
            cell(0x0205, [0, 6, 0], &[0x17, 1]),
            cell(0x027E, [0, 7, 0], &rk((-5_i32 << 2 | 2).cast_unsigned())),
        ],
    );
    let expected = "1|0 Number 0.3|1 Number 123.45|2 Number 7|3 Number 1|4 Text ab|5 Bool true\
        |6 Error #REF!|7 Number -5";
    assert_eq!(rows, [expected]);
}

#[test]
fn shared_strings_go_on_in_the_next_record_with_other_widths() {
    let strings = [
        // Five characters, of which two are in the next record at two bytes each.
        record(0x00FC, b"\x02\0\0\0\x02\0\0\0\x05\0\0abc"),
        record(0x003C, b"\x01d\0e\0"),
        // A rich text with one font of four bytes.
        record(0x003C, b"\x01\0\x08\x01\0z1234"),
    ];
    let label = |row, index| cell(0x00FD, [row, 0, 0], &[index, 0, 0, 0]);
    assert_eq!(rows_of(&strings, &[label(0, 0), label(1, 1)]), ["1|0 Text abcde", "2|0 Text z"]);
    let bytes = compound("Workbook", &biff(&strings, &[label(0, 2)]));
    let problem = "row 1 refers to shared string 2, but there are 2".to_owned();
    assert_eq!(read_workbook(&bytes).unwrap_err(), SheetError::Damaged(problem));
}

#[test]
fn dates_follow_the_format_of_the_style_and_the_calendar() {
    let format = record(0x041E, b"\xA4\0\x07\0\0dd.mm.y");
    let style = |format: u8| record(0x00E0, &[0, 0, format, 0]);
    let globals = [format, style(0), style(14), style(164)];
    let day = 45_292_f64.to_le_bytes();
    let cells = [0, 1, 2].map(|style| cell(NUMBER, [0, style, style], &day));
    let expected = "1|0 Number 45292|1 Date 2024-01-01|2 Date 2024-01-01";
    assert_eq!(rows_of(&globals, &cells), [expected]);
    let globals = [globals.concat(), record(0x0022, &[1, 0])];
    let expected = "1|0 Number 45292|1 Date 2028-01-02|2 Date 2028-01-02";
    assert_eq!(rows_of(&globals, &cells), [expected]);
}

#[test]
fn formulas_have_their_cached_values() {
    let formula = |column, result: [u8; 8], steps: &[u8]| {
        cell(
            FORMULA,
            [0, column, 0],
            &[&result[..], &[0; 6], &[steps.len() as u8, 0], steps].concat(),
        )
    };
    let special = |kind, value| [kind, 0, value, 0, 0, 0, 0xFF, 0xFF];
    let rows = rows_of(
        &[],
        &[
            formula(0, 2.5_f64.to_le_bytes(), &[]),
            formula(1, special(0, 0), &[]),
            record(STRING, b"\x01\0\0t"),
            formula(2, special(1, 1), &[]),
            formula(3, special(2, 0x2A), &[]),
            formula(4, special(3, 0), &[0x17, 0]),
            // An empty text cannot be the value of `1+1`.
            formula(5, special(3, 0), &[0x1E, 1, 0, 0x1E, 1, 0, 0x03]),
            formula(6, special(0, 0), &[]),
        ],
    );
    let expected = "1|0 Number 2.5|1 Text t|2 Bool true|3 Error #N/A|5 Formula (formula)\
        |6 Formula (formula)";
    assert_eq!(rows, [expected]);
}

#[test]
fn cells_in_any_order_are_put_in_order_and_charts_are_passed_over() {
    let number = |row, column, value: f64| cell(NUMBER, [row, column, 0], &value.to_le_bytes());
    let rows = rows_of(
        &[],
        &[
            number(2, 0, 5.0),
            record(ROW, &[&[2, 0][..], &[0; 10], &[0x20, 0, 0, 0]].concat()),
            record(0x0809, &[0, 6, 0x20, 0]),
            number(0, 0, 99.0),
            record(0x000A, &[]),
            number(0, 1, 2.0),
            number(0, 0, 1.0),
            number(0, 1, 3.0),
        ],
    );
    assert_eq!(rows, ["1|0 Number 1|1 Number 3", "2", "3 hidden|0 Number 5"]);
}

#[test]
fn what_cannot_be_read_says_why() {
    let error = |bytes: Vec<u8>| read_workbook(&bytes).unwrap_err();
    assert_eq!(error(compound("EncryptedPackage", b"")), SheetError::Encrypted);
    let under_password = biff(&[record(0x002F, &[1, 0])], &[]);
    assert_eq!(error(compound("Workbook", &under_password)), SheetError::Encrypted);
    let mut excel95 = biff(&[], &[]);
    excel95[5] = 5;
    for bytes in [compound("Workbook", &excel95), compound("Book", &excel95)] {
        assert!(error(bytes).to_string().contains("Excel 95"));
    }
    assert!(error(compound("WordDocument", b"")).to_string().contains("without a workbook"));
}

#[test]
fn worksheets_that_overlap_are_refused() {
    let start_of_second = record(0x0085, b"\0\0\0\0\0\0\x01\0T");
    let mut stream = biff(&[start_of_second], &[record(0x1234, &[0; 8_000])]);
    // Both entries name the same records, which are more than half of the stream.
    let start = (stream.len() - 8_000 - 16) as u32;
    stream[12..16].copy_from_slice(&start.to_le_bytes());
    let error = read_workbook(&compound("Workbook", &stream)).unwrap_err();
    assert!(error.to_string().contains("overlap"), "{error}");
}
