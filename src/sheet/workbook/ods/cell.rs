use std::io::Read;

use quick_xml::events::BytesStart;

use super::super::super::{CellKind, MAX_CELL_BYTES, SheetError};
use super::super::number::{iso_day, number_text};
use super::super::xml::{Node, Xml, attribute, count};

/// The most spaces that one `text:s` element becomes; its count is not limited by the format.
const MAX_SPACES: u64 = 100;

/// The value of a cell according to its attributes.
#[derive(Default)]
pub(super) struct Value {
    kind: Option<String>,
    given: Option<String>,
    formula: Option<String>,
    is_error: bool,
}

impl Value {
    /// Reads the attributes of the cell that `element` begins.
    ///
    /// # Errors
    /// If they are not well-formed.
    pub(super) fn of(element: &BytesStart<'_>) -> Result<Self, SheetError> {
        let owned = |name| Ok(attribute(element, name)?.map(std::borrow::Cow::into_owned));
        let kind = owned("office:value-type")?;
        let given = match kind.as_deref() {
            Some("float" | "currency" | "percentage") => owned("office:value")?,
            Some("date") => owned("office:date-value")?,
            Some("boolean") => owned("office:boolean-value")?,
            Some("string") => owned("office:string-value")?,
            _ => None,
        };
        // An extension of LibreOffice: OpenDocument has no type for errors.
        let extended = attribute(element, "calcext:value-type")?;
        let is_error = extended.is_some_and(|kind| kind == "error");
        Ok(Self { kind, given, formula: owned("table:formula")?, is_error })
    }

    /// Reads the cell to the end of its element and returns its kind and text; `line` is for errors
    /// only.
    ///
    /// # Errors
    /// If the XML is damaged or the cell is too long.
    pub(super) fn read<R: Read>(
        self,
        xml: &mut Xml<R>,
        line: u64,
    ) -> Result<(CellKind, String), SheetError> {
        let shown = shown_text(xml, line)?;
        // Without the extension an error is a text like any other but for how it begins.
        let is_shown_error = shown.starts_with('#') || shown.starts_with("Err:");
        if self.is_error || self.formula.is_some() && self.kind_is("string") && is_shown_error {
            return Ok((CellKind::Error, shown));
        }
        let Some(value) = self.given else {
            // A text or a duration is what is shown. Any other value needs its attribute: without
            // it the formula has not been calculated.
            return Ok(match self.formula {
                Some(formula) if !matches!(self.kind.as_deref(), Some("string" | "time")) => {
                    // `of:=SUM(...)`: the prefix names the language of the formula.
                    let text = formula.split_once('=').map_or(formula.as_str(), |(_, text)| text);
                    (CellKind::Formula, text.to_owned())
                }
                _ => (CellKind::Text, shown),
            });
        };
        Ok(match self.kind.as_deref() {
            Some("string") => (CellKind::Text, value),
            Some("boolean") => (CellKind::Bool, (value == "true").to_string()),
            Some("date") => match iso_day(&value) {
                Some(day) => (CellKind::Date, day.to_owned()),
                None => (CellKind::Text, value),
            },
            _ => match value.trim().parse().ok().filter(|number: &f64| number.is_finite()) {
                Some(number) => (CellKind::Number, number_text(number)),
                None => (CellKind::Text, value),
            },
        })
    }

    fn kind_is(&self, kind: &str) -> bool {
        self.kind.as_deref() == Some(kind)
    }
}

/// The paragraphs of the current cell joined by spaces, without those of its notes and shapes.
fn shown_text<R: Read>(xml: &mut Xml<R>, line: u64) -> Result<String, SheetError> {
    let outside = xml.depth() - 1;
    let mut text = String::new();
    while xml.depth() > outside {
        let in_paragraph = xml.depth() > outside + 1;
        match xml.next()? {
            Node::Open(element) => match element.name().into_inner() {
                "text:p" if !text.is_empty() => text.push(' '),
                "text:p" | "text:span" | "text:a" => {}
                "text:s" => {
                    let spaces = count(&element, "text:c")?.unwrap_or(1);
                    text.push_str(&" ".repeat(spaces.min(MAX_SPACES) as usize));
                }
                "text:tab" | "text:line-break" => text.push(' '),
                _ => xml.skip()?,
            },
            Node::Text(piece) if in_paragraph => text.push_str(&piece),
            _ => {}
        }
        if text.len() > 2 * MAX_CELL_BYTES {
            return Err(SheetError::CellTooLong { line, bytes: text.len() });
        }
    }
    Ok(text)
}
