use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    archive_by(CompressionMethod::Deflated, files)
}

fn archive_by(method: CompressionMethod, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, content) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn all(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, SheetError> {
    members(bytes)?.collect()
}

/// Changes two bytes at `offset` behind every header of this signature.
fn patch(bytes: &mut [u8], signature: &[u8], offset: usize, value: u16) {
    let starts: Vec<usize> =
        (0..bytes.len() - 4).filter(|&at| bytes[at..at + 4] == *signature).collect();
    assert!(!starts.is_empty());
    for start in starts {
        bytes[start + offset..start + offset + 2].copy_from_slice(&value.to_le_bytes());
    }
}

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";

#[test]
fn members_are_the_files_in_order_of_their_names() {
    let inner = archive(&[("x.csv", b"1")]);
    let bytes = archive(&[
        ("b/2.csv", b"two"),
        ("a.csv", b"one"),
        ("dir/", b""),
        ("__MACOSX/a.csv", b"fork"),
        ("b/.DS_Store", b"dots"),
        (".hidden/c.csv", b"dots"),
        ("./d.csv", b"four"),
        ("win\\c.csv", b"three"),
    ]);
    let files = all(&bytes).unwrap();
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["./d.csv", "a.csv", "b/2.csv", "win/c.csv"]);
    assert_eq!(files[2].1, b"two");
    let nested = all(&archive(&[("z.zip", &inner)])).unwrap();
    assert_eq!(nested, [("z.zip".to_owned(), inner)]);
}

#[test]
fn what_inflates_to_more_than_200_times_its_size_is_refused() {
    let bomb = archive(&[("a", &vec![0; 11 << 20])]);
    assert!(bomb.len() * 200 < 11 << 20);
    let error = Err(SheetError::Inflates { limit: "200 times its size" });
    assert_eq!(check_inflation(&bomb), error);
    assert_eq!(all(&bomb).map(|files| files.len()), error.map(|()| 0));
    let small = archive(&[("a", &vec![0; 9 << 20])]);
    assert_eq!(check_inflation(&small), Ok(()));
}

#[test]
fn members_count_together() {
    let half = vec![0; 6 << 20];
    let error = check_inflation(&archive(&[("a", &half), ("b", &half)])).unwrap_err();
    assert_eq!(error, SheetError::Inflates { limit: "200 times its size" });
}

#[test]
fn more_than_a_gibibyte_is_refused() {
    let mut meter = Meter { compressed: 1 << 30, inflated: (1 << 30) - 3 };
    let mut chunk = [0; 4];
    assert_eq!(meter.read(&mut &[0_u8; 3][..], &mut chunk), Ok(3));
    let error = meter.read(&mut &[0_u8; 1][..], &mut chunk).unwrap_err();
    assert_eq!(error, SheetError::Inflates { limit: "1 GiB" });
}

#[test]
fn a_declared_size_is_not_believed() {
    let mut bytes = archive(&[("a", &[b'x'; 5_000])]);
    patch(&mut bytes, CENTRAL, 24, 10);
    let error = check_inflation(&bytes).unwrap_err();
    assert!(matches!(error, SheetError::Damaged(_)), "{error}");
}

#[test]
fn an_encrypted_member_says_so() {
    let mut bytes = archive(&[("a.csv", b"secret")]);
    patch(&mut bytes, LOCAL, 6, 1);
    patch(&mut bytes, CENTRAL, 8, 1);
    assert_eq!(check_inflation(&bytes), Err(SheetError::Encrypted));
    assert_eq!(all(&bytes).unwrap_err(), SheetError::Encrypted);
}

#[test]
fn only_deflate_and_stored_are_read() {
    let mut bytes = archive_by(CompressionMethod::Stored, &[("a.csv", b"1")]);
    assert_eq!(all(&bytes).unwrap().len(), 1);
    patch(&mut bytes, LOCAL, 8, 12);
    patch(&mut bytes, CENTRAL, 10, 12);
    let error = all(&bytes).unwrap_err().to_string();
    assert!(error.contains("expected deflate or none"), "{error}");
}

#[test]
fn damage_is_found() {
    let mut bytes = archive_by(CompressionMethod::Stored, &[("a.csv", b"1;2;3")]);
    let at = bytes.windows(5).position(|window| window == b"1;2;3").unwrap();
    bytes[at] = b'9';
    let error = all(&bytes).unwrap_err().to_string();
    assert!(error.contains("cannot be decompressed"), "{error}");
    for cut in [0, 3, 40, bytes.len() - 5] {
        let error = all(&bytes[..cut]).unwrap_err();
        assert!(matches!(error, SheetError::Damaged(_)), "{cut}: {error}");
    }
}

#[test]
fn an_archive_of_too_many_members_is_refused_before_it_is_indexed() {
    let mut bytes = archive(&[("a", b"")]);
    let headers = CENTRAL.repeat(MAX_MEMBERS + 1);
    bytes.splice(0..0, headers);
    let error = check_inflation(&bytes).unwrap_err().to_string();
    assert!(error.contains("the limit is 100000"), "{error}");
}
