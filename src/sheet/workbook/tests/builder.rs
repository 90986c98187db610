use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

/// A zip archive of these parts.
pub(super) fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The parts of an XLSX workbook with one worksheet, each to be replaced by a test.
pub(super) struct Xlsx {
    pub workbook: String,
    pub strings: String,
    pub styles: String,
    pub sheet: String,
}

impl Xlsx {
    /// A workbook whose rows are this XML.
    pub(super) fn of_rows(rows: &str) -> Self {
        let sheets = r#"<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>"#;
        Self {
            workbook: format!("<workbook>{sheets}</workbook>"),
            strings: "<sst/>".to_owned(),
            styles: "<styleSheet/>".to_owned(),
            sheet: format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"),
        }
    }

    /// The workbook as a file.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let link = |id: &str, kind: &str, part: &str| {
            format!(r#"<Relationship Id="{id}" Type="http://any/{kind}" Target="{part}"/>"#)
        };
        let root = link("r0", "officeDocument", "/xl/workbook.xml");
        let links = [
            link("r1", "worksheet", "worksheets/sheet1.xml"),
            link("r2", "sharedStrings", "sharedStrings.xml"),
            link("r3", "styles", "../xl/./styles.xml"),
            link("r4", "chartsheet", "chart.xml"),
        ];
        package(&[
            ("_rels/.rels", &format!("<Relationships>{root}</Relationships>")),
            ("xl/workbook.xml", &self.workbook),
            ("xl/_rels/workbook.xml.rels", &format!("<a>{}</a>", links.concat())),
            ("xl/SharedStrings.xml", &self.strings),
            ("xl/styles.xml", &self.styles),
            ("xl/worksheets/sheet1.xml", &self.sheet),
        ])
    }
}

/// An ODS document whose spreadsheet is this XML.
pub(super) fn ods(spreadsheet: &str) -> Vec<u8> {
    let body = format!("<office:spreadsheet>{spreadsheet}</office:spreadsheet>");
    package(&[(
        "content.xml",
        &format!("<office:document-content>{body}</office:document-content>"),
    )])
}

/// A BIFF8 record.
pub(super) fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = data.len() as u16;
    [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
}

/// A BIFF8 stream with one worksheet, called `S`: records before it and records of it.
pub(super) fn biff(globals: &[Vec<u8>], sheet: &[Vec<u8>]) -> Vec<u8> {
    let (bof, eof) = (record(0x0809, &[0, 6, 0, 0]), record(0x000A, &[]));
    let entry = |start: u32| {
        let name_and_kind = [0, 0, 1, 0, b'S'];
        record(0x0085, &[&start.to_le_bytes()[..], &name_and_kind[..]].concat())
    };
    let start = bof.len() + globals.concat().len() + entry(0).len() + eof.len();
    let globals = [bof.clone(), globals.concat(), entry(start as u32), eof.clone()].concat();
    [globals, bof, sheet.concat(), eof].concat()
}

/// A compound file with one stream of this name.
pub(super) fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    const END: u32 = 0xFFFF_FFFE;
    let mut stream = stream.to_vec();
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let sectors = (stream.len() / 512) as u32;
    assert!(sectors + 2 <= 128, "one sector for the table");
    // Sector 0 is the table, sector 1 the directory, and the stream begins with sector 2.
    let mut table = vec![0xFFFF_FFFD, END];
    table.extend((3..sectors + 2).chain([END]));
    table.resize(128, 0xFFFF_FFFF);
    let mut header = vec![0; 512];
    header[..8].copy_from_slice(super::super::ole::SIGNATURE);
    // The version, the byte order, the sizes of sectors, and one sector each for table and
    // directory.
    for (at, byte) in [(24, 0x3E), (26, 3), (28, 0xFE), (29, 0xFF), (30, 9), (32, 6), (44, 1)] {
        header[at] = byte;
    }
    (header[48], header[57]) = (1, 0x10);
    for at in [60, 68] {
        header[at..at + 4].copy_from_slice(&END.to_le_bytes());
    }
    header[80..].fill(0xFF);
    let entry = |name: &str, kind: u8, child: u32, start: u32, size: usize| {
        let mut entry = vec![0; 128];
        // Two siblings and a child follow each other; there is none where all bits are set.
        entry[68..80].fill(0xFF);
        entry[76..80].copy_from_slice(&child.to_le_bytes());
        if kind > 0 {
            entry[64] = 2 * name.encode_utf16().count() as u8 + 2;
        }
        (entry[66], entry[67]) = (kind, 1);
        for (at, unit) in name.encode_utf16().enumerate() {
            entry[2 * at..2 * at + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&(size as u32).to_le_bytes());
        entry
    };
    let directory = [
        entry("Root Entry", 5, 1, END, 0),
        entry(name, 2, u32::MAX, 2, stream.len()),
        entry("", 0, u32::MAX, 0, 0),
        entry("", 0, u32::MAX, 0, 0),
    ]
    .concat();
    let table = table.into_iter().flat_map(u32::to_le_bytes).collect();
    [header, table, directory, stream].concat()
}
