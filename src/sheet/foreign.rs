//! Files that are not ledgers, recognised by their first bytes or, if text, by their name.

use super::file_error::FileError;

/// The first bytes of a format, and its description.
type Beginning = (&'static [u8], &'static str);

/// Formats that never contain a ledger.
const NO_LEDGERS: [Beginning; 15] = [
    (b"\x89PNG\r\n\x1a\n", "an image (PNG)"),
    (b"\xFF\xD8\xFF", "an image (JPEG)"),
    (b"GIF87a", "an image (GIF)"),
    (b"GIF89a", "an image (GIF)"),
    (b"BM", "an image (BMP)"),
    (b"II*\0", "an image (TIFF)"),
    (b"MM\0*", "an image (TIFF)"),
    (b"RIFF", "an image, audio or video file (RIFF)"),
    (b"\0\0\x01\0", "an image (ICO)"),
    (b"\x7FELF", "a program"),
    (b"MZ", "a program"),
    (b"\xCF\xFA\xED\xFE", "a program"),
    (b"\xCA\xFE\xBA\xBE", "a program"),
    (b"#!", "a script"),
    (b"OggS", "an audio or video file (Ogg)"),
];

/// Unsupported formats that may contain a ledger, each with what to do about it.
const MAY_HOLD_ONE: [Beginning; 11] = [
    (b"%PDF-", "it is a PDF document; export the report as XLSX or CSV instead"),
    (b"{\\rtf", "it is an RTF document; export the report as XLSX or CSV instead"),
    (b"%!PS", "it is a PostScript document; export the report as XLSX or CSV instead"),
    (b"\x1F\x8B", "it is compressed (gzip); unpack it first"),
    (b"BZh", "it is compressed (bzip2); unpack it first"),
    (b"\xFD7zXZ\0", "it is compressed (xz); unpack it first"),
    (b"\x28\xB5\x2F\xFD", "it is compressed (zstd); unpack it first"),
    (b"7z\xBC\xAF\x27\x1C", "it is a 7z archive; unpack it first, or repack it as a zip archive"),
    (b"Rar!\x1A\x07", "it is a RAR archive; unpack it first, or repack it as a zip archive"),
    (b"SQLite format 3\0", "it is an SQLite database; export its invoices as CSV"),
    (b"ARROW1\0\0", "it is an Arrow file; save it as Parquet instead"),
];

/// File name extensions of text files that never contain a ledger.
const TEXTS: [(&[&str], &str); 8] = [
    (&["toml"], "a TOML file"),
    (&["yaml", "yml"], "a YAML file"),
    (&["ini", "cfg", "conf", "env", "lock", "properties"], "a settings file"),
    (&["md", "markdown", "rst", "adoc"], "a text document"),
    (&["sh", "bash", "zsh", "fish", "bat", "cmd", "ps1"], "a script"),
    (
        &["py", "rs", "js", "ts", "rb", "pl", "php", "c", "h", "cpp", "java", "go", "r"],
        "source code",
    ),
    (&["sql"], "an SQL script"),
    (&["css", "svg", "tex", "log"], "another kind of text file"),
];

/// Checks that the first bytes of a file are not those of an unsupported format.
///
/// # Errors
/// If they are: [`FileError::NotLedger`] if such a format never contains a ledger, otherwise
/// [`FileError::Binary`].
pub fn check_bytes(file: &str, head: &[u8]) -> Result<(), FileError> {
    let begins = |(bytes, _): &&Beginning| head.starts_with(bytes);
    // A CSV file may begin with "BM" or "MZ" too. Only a NUL byte, which no text has, makes a
    // signature of plain letters certain.
    let is_sure = |(bytes, _): &&Beginning| {
        *bytes == b"#!" || !bytes.iter().all(u8::is_ascii_graphic) || head.contains(&0)
    };
    if let Some((_, what)) = NO_LEDGERS.iter().filter(is_sure).find(begins) {
        return Err(FileError::NotLedger { file: file.to_owned(), what });
    }
    match MAY_HOLD_ONE.iter().find(begins) {
        Some((_, evidence)) => Err(FileError::Binary { file: file.to_owned(), evidence }),
        None => Ok(()),
    }
}

/// The kind of file that the extension names, if that kind never contains a ledger.
pub fn by_name(file: &str) -> Option<&'static str> {
    let (_, ending) = file.rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    TEXTS.iter().find(|(endings, _)| endings.contains(&ending.as_str())).map(|(_, what)| *what)
}

/// Returns true if bytes that begin with a bracket are JSON, unlike a line such as `[package]`.
pub fn is_json(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let Some((open, rest)) = head.split_first() else { return false };
    let rest = rest.trim_ascii_start();
    match (open, rest.first()) {
        // Cut off behind the bracket: the JSON reader says so, with line and column.
        (_, None)
        | (b'{', Some(b'"' | b'}'))
        | (b'[', Some(b'{' | b'[' | b'"' | b']' | b'-' | b'0'..=b'9')) => true,
        // `[null, 1]` and not `[net]`.
        (b'[', _) => [&b"true"[..], b"false", b"null"].iter().any(|word| {
            let behind = rest.strip_prefix(*word).map(<[u8]>::trim_ascii_start);
            behind.is_some_and(|behind| behind.starts_with(b","))
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_programs_and_archives_are_told_by_their_bytes() {
        let of = |head: &[u8]| check_bytes("f", head).map_err(|error| error.to_string());
        for (head, says) in [
            (&b"\x89PNG\r\n\x1a\n\0\0"[..], "is not a ledger but an image (PNG)"),
            (b"#!/bin/sh\n", "is not a ledger but a script"),
            (b"%PDF-1.7\n", "export the report as XLSX or CSV"),
            (b"\x1F\x8B\x08\0", "unpack it first"),
            (b"MZ\x90\0\x03", "is not a ledger but a program"),
        ] {
            let error = of(head).expect_err(says);
            assert!(error.contains(says), "{error}");
        }
        assert_eq!(of(b"BMW,Invoice,Date\n"), Ok(()));
        assert_eq!(of(b"MZ Traders;1;2\n"), Ok(()));
        assert_eq!(of(b""), Ok(()));
    }

    #[test]
    fn a_bracket_alone_makes_no_json() {
        for json in ["[{", "{\"a\"", "[]", "{}", "[1,2]", " [\n[1]]", "[null, 1]", "[", "{", "[-1]"]
        {
            assert!(is_json(json.as_bytes()), "{json}");
        }
        for text in
            ["[package]\nname", "[net]\n", "[Report] of\n", "{brace} yourself", "[true]\nx=1"]
        {
            assert!(!is_json(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn names_tell_texts_apart() {
        assert_eq!(by_name("a/Cargo.toml"), Some("a TOML file"));
        assert_eq!(by_name("README.MD"), Some("a text document"));
        assert_eq!(by_name("ledger.csv"), None);
        assert_eq!(by_name("README"), None);
    }
}
