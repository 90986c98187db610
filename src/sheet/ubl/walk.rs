#[cfg(test)]
mod tests;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::{NsReader, XmlVersion};

use super::super::{CellKind, Sheet, SheetError};
use super::document::{Document, HEADER};
use super::syntax::{Field, Syntax};
use super::text::decode;

/// The deepest nesting of elements; invoices stay below fifteen.
const MAX_DEPTH: usize = 100;

/// The most characters quoted in an error, as names in a file may have any length.
const SHOWN_CHARS: usize = 160;

/// Reads the invoices and credit notes of an XML file: a single one, or several within other
/// elements.
///
/// Documents are recognised by root element and namespace, elements within them by local name. The
/// amounts of a credit note stay positive. The line of a row is the one on which its document
/// begins.
///
/// # Errors
/// If the file declares a document type, contains no invoice, or exceeds the limits of a sheet; if
/// it is not XML, has unknown entities or nests elements deeper than 100; or if the amounts of a
/// document are in several currencies.
pub fn read_ubl(bytes: &[u8]) -> Result<Sheet, SheetError> {
    let text = decode(bytes)?;
    let mut sheet = Sheet::new("");
    sheet.start_row(1, false);
    for (column, name) in HEADER.into_iter().enumerate() {
        sheet.push(column, CellKind::Text, name)?;
    }
    let mut walk = Walk::new(&text, &mut sheet);
    while walk.step()? {}
    let root = walk.root;
    if sheet.height() > 1 {
        return Ok(sheet);
    }
    let found = if root.is_empty() { "no elements".to_owned() } else { format!("only {root}") };
    Err(SheetError::NoTable(format!("expected a UBL or CII invoice or credit note, found {found}")))
}

/// An open element whose text is needed.
struct Leaf {
    field: Field,
    depth: usize,
    text: String,
    currency: Option<String>,
}

/// A walk through a file, event by event.
struct Walk<'a> {
    text: &'a str,
    reader: NsReader<&'a [u8]>,
    sheet: &'a mut Sheet,
    /// The name and namespace of the file's root, for the message that it is not an invoice.
    root: String,
    /// The line reached, and the offset up to which lines are counted. Counting goes on from there,
    /// as counting from the start for each document would take quadratic time.
    counted: (u64, usize),
    depth: usize,
    document: Option<(Document, usize)>,
    /// The local names of the open elements below the document's root, joined by `/`.
    path: String,
    leaf: Option<Leaf>,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str, sheet: &'a mut Sheet) -> Self {
        let mut reader = NsReader::from_str(text);
        // `<a/>` then closes like any other element, which keeps depth and path in step.
        reader.config_mut().expand_empty_elements = true;
        Self {
            text,
            reader,
            sheet,
            root: String::new(),
            counted: (1, 0),
            depth: 0,
            document: None,
            path: String::new(),
            leaf: None,
        }
    }

    /// Handles the next event; returns false at the end of the file.
    fn step(&mut self) -> Result<bool, SheetError> {
        let event = self.reader.read_event();
        match event.map_err(|error| self.damaged(&error.to_string()))? {
            Event::Start(start) => self.open(&start)?,
            Event::End(_) => self.close()?,
            Event::Text(text) if self.depth > 0 => self.add(&text.xml10_content()),
            Event::CData(text) if self.depth > 0 => self.add(&text.xml10_content()),
            Event::GeneralRef(entity) if self.depth > 0 => self.add_entity(&entity)?,
            Event::Text(text) if text.trim_ascii().is_empty() => {}
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                return Err(self.damaged("expected an element, found text outside the root"));
            }
            Event::DocType(_) => return Err(SheetError::DocumentType),
            Event::Eof if self.depth > 0 => {
                return Err(self.damaged("expected an end tag, found the end of the file"));
            }
            Event::Eof => return Ok(false),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
        Ok(true)
    }

    fn open(&mut self, start: &BytesStart) -> Result<(), SheetError> {
        if self.depth == 0 && !self.root.is_empty() {
            return Err(self.damaged("expected one root element, found a second one"));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("expected at most {MAX_DEPTH} nested elements, found more");
            return Err(self.damaged(&message));
        }
        let local = start.local_name();
        // The parser accepts any name, but such names would be mistaken for other paths.
        if local.as_ref().is_empty() || local.as_ref().contains('/') {
            return Err(self.damaged("expected an element name, found an empty one or a slash"));
        }
        let currency = self.check_attributes(start)?;
        match &self.document {
            None => self.open_document(start),
            Some((document, _)) => {
                if !self.path.is_empty() {
                    self.path.push('/');
                }
                self.path.push_str(local.as_ref());
                if let Some(field) = document.syntax.field(&self.path) {
                    let (depth, text) = (self.depth, String::new());
                    self.leaf = Some(Leaf { field, depth, text, currency });
                }
            }
        }
        Ok(())
    }

    /// Starts a document if the element is the root of one.
    fn open_document(&mut self, start: &BytesStart) {
        let (namespace, local) = self.reader.resolver().resolve_element(start.name());
        let namespace = match namespace {
            ResolveResult::Bound(Namespace(namespace)) => namespace,
            ResolveResult::Unbound | ResolveResult::Unknown(_) => "",
        };
        if self.depth == 1 {
            let shown = |text: &str| text.chars().take(SHOWN_CHARS).collect::<String>();
            let (name, space) = (shown(local.as_ref()), shown(namespace));
            self.root = format!("the element {name} in the namespace \"{space}\"");
        }
        if let Some(syntax) = Syntax::find(namespace, local.as_ref()) {
            // An attribute cannot contain `<`, so that the last one begins this very tag.
            let begins = self.text[..self.position()].rfind('<').unwrap_or(0);
            let (line, counted) = self.counted;
            let skipped = self.text.get(counted..begins).unwrap_or_default();
            let line = line + skipped.matches('\n').count() as u64;
            self.counted = (line, begins);
            self.document = Some((Document::new(syntax, line), self.depth));
        }
    }

    fn close(&mut self) -> Result<(), SheetError> {
        if let Some((document, depth)) = &mut self.document {
            if let Some(leaf) = self.leaf.take_if(|leaf| leaf.depth == self.depth) {
                document.set(leaf.field, &leaf.text, leaf.currency);
            }
            if *depth == self.depth {
                document.write(self.sheet)?;
                self.document = None;
            }
        }
        let above = self.path.rfind('/').unwrap_or(0);
        self.path.truncate(above);
        self.depth -= 1;
        Ok(())
    }

    /// Appends to the text of the open leaf, unless the text belongs to an element within the leaf.
    fn add(&mut self, text: &str) {
        if let Some(leaf) = self.leaf.as_mut().filter(|leaf| leaf.depth == self.depth) {
            leaf.text.push_str(text);
        }
    }

    fn add_entity(&mut self, entity: &BytesRef) -> Result<(), SheetError> {
        let character = entity.resolve_char_ref();
        if let Some(character) = character.map_err(|error| self.damaged(&error.to_string()))? {
            self.add(character.encode_utf8(&mut [0; 4]));
            return Ok(());
        }
        let Some(text) = resolve_predefined_entity(entity) else {
            let message =
                format!("expected one of XML's five predefined entities, found &{};", &**entity);
            return Err(self.damaged(&message));
        };
        self.add(text);
        Ok(())
    }

    /// The attribute `currencyID`, if there is one. Every attribute is checked for unknown
    /// entities.
    fn check_attributes(&self, start: &BytesStart) -> Result<Option<String>, SheetError> {
        let mut currency = None;
        // The check for duplicate attributes takes quadratic time.
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| self.damaged(&error.to_string()))?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|error| self.damaged(&error.to_string()))?;
            if attribute.key.as_ref() == "currencyID" {
                currency = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
            }
        }
        Ok(currency)
    }

    /// The offset up to which the file has been read.
    fn position(&self) -> usize {
        let position = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        self.text.floor_char_boundary(position)
    }

    fn damaged(&self, message: &str) -> SheetError {
        let line = self.text[..self.position()].matches('\n').count() + 1;
        let message: String = message.chars().take(SHOWN_CHARS).collect();
        SheetError::Damaged(format!("line {line}: {message}"))
    }
}
