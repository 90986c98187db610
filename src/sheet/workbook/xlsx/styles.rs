use std::collections::HashMap;
use std::io::Read;

use super::super::super::SheetError;
use super::super::number::{is_builtin_date, is_date_format};
use super::super::xml::{Node, Xml, attribute, count};

/// The most cell styles, and the most number formats; spreadsheet programs allow fewer.
const MAX_STYLES: usize = 65_536;

/// Reads the part `styles.xml`; for every cell style, the result is true if it shows a day.
///
/// # Errors
/// If the XML is damaged or has too many styles.
pub(super) fn read<R: Read>(mut xml: Xml<R>) -> Result<Vec<bool>, SheetError> {
    let mut formats: HashMap<u32, bool> = HashMap::new();
    let mut styles: Vec<u32> = Vec::new();
    let mut parent = String::new();
    loop {
        match xml.next()? {
            Node::Open(element) => match element.local_name().into_inner() {
                "numFmt" => {
                    let code = attribute(&element, "formatCode")?.unwrap_or_default();
                    formats
                        .insert(format_number(count(&element, "numFmtId")?), is_date_format(&code));
                }
                // Cells refer to these; the `xf` of `cellStyleXfs` are the named styles behind
                // them.
                "xf" if parent == "cellXfs" => {
                    styles.push(format_number(count(&element, "numFmtId")?));
                }
                "cellXfs" | "cellStyleXfs" | "dxfs" => {
                    element.local_name().into_inner().clone_into(&mut parent);
                }
                _ => {}
            },
            Node::End => break,
            _ => {}
        }
        if styles.len() > MAX_STYLES || formats.len() > MAX_STYLES {
            let problem = format!("it has more than {MAX_STYLES} cell styles or number formats");
            return Err(SheetError::Damaged(problem));
        }
    }
    // A format in the file outranks the built-in one with its number.
    let is_date = |format: &u32| formats.get(format).copied().unwrap_or(is_builtin_date(*format));
    Ok(styles.iter().map(is_date).collect())
}

fn format_number(count: Option<u64>) -> u32 {
    count.and_then(|count| u32::try_from(count).ok()).unwrap_or(0)
}
