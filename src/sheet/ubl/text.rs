//! Decoding of an XML file by its byte order mark or its declared encoding.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::super::SheetError;

/// The number of bytes searched for an XML declaration.
const MAX_DECLARATION_BYTES: usize = 1024;

/// Decodes `bytes` by their byte order mark, otherwise as they declare, otherwise as UTF-8.
///
/// # Errors
/// If the declared encoding is unknown, or if the bytes are not valid in their encoding.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, SheetError> {
    let (encoding, mark) = match Encoding::for_bom(bytes) {
        Some(marked) => marked,
        None => (unmarked(bytes)?, 0),
    };
    // Strict: a replacement character within a name or number would pass unnoticed.
    let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
    text.ok_or_else(|| {
        let name = encoding.name();
        SheetError::Damaged(format!("expected text in {name}, found other bytes"))
    })
}

fn unmarked(bytes: &[u8]) -> Result<&'static Encoding, SheetError> {
    // Without a mark, the zero beside `<` tells the byte order.
    if let [b'<', 0, ..] = bytes {
        return Ok(UTF_16LE);
    }
    if let [0, b'<', ..] = bytes {
        return Ok(UTF_16BE);
    }
    let Some(label) = declared(bytes) else {
        return Ok(UTF_8);
    };
    match Encoding::for_label(label.as_bytes()) {
        // A declaration that was just read byte by byte is not in UTF-16, whatever it says.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Ok(UTF_8),
        Some(encoding) => Ok(encoding),
        None => Err(SheetError::Damaged(format!(
            "expected an encoding such as UTF-8, found \"{label}\" declared"
        ))),
    }
}

/// The encoding that the XML declaration names, if it names one.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(MAX_DECLARATION_BYTES)];
    let head = String::from_utf8_lossy(head.trim_ascii_start());
    let (declaration, _) = head.strip_prefix("<?xml")?.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (label, _) = value[1..].split_once(quote)?;
    Some(label.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_encoding_is_followed() {
        let latin = b"<?xml version='1.0' encoding = 'ISO-8859-1'?><a>\xe9</a>";
        assert!(decode(latin).unwrap().ends_with("<a>é</a>"));
        let euro = b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><a>\x80</a>";
        assert!(decode(euro).unwrap().ends_with("<a>€</a>"));
        let wrong = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>é</a>".as_bytes();
        assert!(decode(wrong).unwrap().ends_with("<a>é</a>"));
    }

    #[test]
    fn utf_16_is_told_by_its_mark_or_its_zeros() {
        let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
        let marked: Vec<u8> =
            units("\u{feff}<a>é</a>").into_iter().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&marked).unwrap(), "<a>é</a>");
        let bare: Vec<u8> = units("<a>é</a>").into_iter().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(&bare).unwrap(), "<a>é</a>");
        assert_eq!(decode(b"\xef\xbb\xbf<a/>").unwrap(), "<a/>");
    }

    #[test]
    fn other_bytes_and_unknown_encodings_are_damage() {
        let message = |bytes| decode(bytes).unwrap_err().to_string();
        assert!(message(b"<a>\xe9</a>").contains("expected text in UTF-8"));
        assert!(message(b"<?xml encoding='klingon'?><a/>").contains("\"klingon\""));
    }
}
