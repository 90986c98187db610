//! XML of workbooks as a bounded stream of nodes.
//!
//! quick-xml does the parsing. Added here is what it leaves to its callers: limits to the depth,
//! the number and the length of what a file may contain, and the refusal of document types and
//! entities.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::errors::{Error, SyntaxError};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::super::SheetError;

/// The deepest nesting; workbooks stay far below.
const MAX_DEPTH: usize = 256;

/// The most nodes of a document; 20,000,000 cells take half as many.
const MAX_NODES: usize = 200_000_000;

/// The longest name of an element.
const MAX_NAME: usize = 256;

/// The longest tag or piece of text, in bytes; a cell of a mebibyte fits even if fully escaped.
const MAX_PIECE: usize = 16 << 20;

/// A node of XML; an empty element comes as its beginning and its end.
pub(super) enum Node<'a> {
    /// The beginning of an element.
    Open(BytesStart<'a>),
    /// The end of an element.
    Close,
    /// Text, or a resolved reference.
    Text(Cow<'a, str>),
    /// A comment, declaration or instruction.
    Other,
    /// The end of the document.
    End,
}

/// A document that is read node by node.
pub(super) struct Xml<R: Read> {
    reader: Reader<Metered<R>>,
    buffer: Vec<u8>,
    depth: usize,
    nodes: usize,
    /// True if the last node began an empty element, so that its end comes next.
    is_empty: bool,
}

impl<R: Read> Xml<R> {
    /// Creates a document from its source.
    pub(super) fn new(source: R) -> Self {
        let source = BufReader::with_capacity(1 << 16, source);
        let reader = Reader::from_reader(Metered { source, piece: 0 });
        Self { reader, buffer: Vec::new(), depth: 0, nodes: 0, is_empty: false }
    }

    /// The number of open elements.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The next node.
    ///
    /// # Errors
    /// If the document has a document type or refers to an entity of its own, exceeds a limit, or
    /// is not well-formed XML in UTF-8.
    pub(super) fn next(&mut self) -> Result<Node<'_>, SheetError> {
        if self.is_empty {
            (self.is_empty, self.depth) = (false, self.depth - 1);
            return Ok(Node::Close);
        }
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let problem = format!("its XML has more than {MAX_NODES} nodes");
            return Err(SheetError::Damaged(problem));
        }
        self.buffer.clear();
        self.reader.get_mut().piece = 0;
        let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| ill(&error))?;
        self.is_empty = matches!(event, Event::Empty(_));
        Ok(match event {
            Event::Start(element) | Event::Empty(element) => {
                self.depth += 1;
                check(self.depth, &element)?;
                Node::Open(element)
            }
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                Node::Close
            }
            Event::Text(text) => Node::Text(text_of(text.into_inner())),
            Event::CData(text) => Node::Text(text_of(text.into_inner())),
            // quick-xml leaves references to its caller, so that no entity is ever expanded.
            Event::GeneralRef(reference) => Node::Text(resolve(&reference)?),
            Event::DocType(_) => return Err(SheetError::DocumentType),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Node::Other,
            Event::Eof if self.depth > 0 => {
                let problem = "its XML ends before all elements are closed".to_owned();
                return Err(SheetError::Damaged(problem));
            }
            Event::Eof => Node::End,
        })
    }

    /// Skips to the end of the element whose beginning was the last node.
    ///
    /// # Errors
    /// As [`Xml::next`].
    pub(super) fn skip(&mut self) -> Result<(), SheetError> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }
}

fn check(depth: usize, element: &BytesStart<'_>) -> Result<(), SheetError> {
    let name = element.name().into_inner().len();
    let problem = if depth > MAX_DEPTH {
        format!("its XML nests deeper than {MAX_DEPTH} elements")
    } else if name > MAX_NAME {
        format!("its XML has an element name of {name} bytes; the limit is {MAX_NAME}")
    } else {
        return Ok(());
    };
    Err(SheetError::Damaged(problem))
}

/// Normalises line ends as XML demands; hardly any text needs it.
fn text_of(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        text
    }
}

fn resolve(reference: &BytesRef<'_>) -> Result<Cow<'static, str>, SheetError> {
    if let Some(char) = reference.resolve_char_ref().map_err(|error| ill(&error))? {
        return Ok(Cow::Owned(char.to_string()));
    }
    let known = resolve_predefined_entity(reference);
    // Any other entity could only come from a document type.
    known.map(Cow::Borrowed).ok_or(SheetError::DocumentType)
}

fn ill(error: &Error) -> SheetError {
    match error {
        Error::Syntax(SyntaxError::UnclosedDoctype) => SheetError::DocumentType,
        other => SheetError::Damaged(format!("its XML cannot be read: {other}")),
    }
}

/// The value of an attribute.
///
/// A name with a colon matches only with that prefix, one without matches whatever the prefix.
///
/// # Errors
/// If the attributes are not well-formed.
pub(super) fn attribute<'a>(
    element: &'a BytesStart<'_>,
    name: &str,
) -> Result<Option<Cow<'a, str>>, SheetError> {
    let ill = |problem: String| SheetError::Damaged(format!("its XML cannot be read: {problem}"));
    let with_prefix = name.contains(':');
    // The check for duplicate attributes takes quadratic time.
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| ill(error.to_string()))?;
        let key = attribute.key;
        let key = if with_prefix { key.into_inner() } else { key.local_name().into_inner() };
        if key == name {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            return value.map(Some).map_err(|error| ill(error.to_string()));
        }
    }
    Ok(None)
}

/// The whole number in an attribute; `None` if there is no such attribute.
///
/// # Errors
/// If it is not a whole number.
pub(super) fn count(element: &BytesStart<'_>, name: &str) -> Result<Option<u64>, SheetError> {
    let Some(text) = attribute(element, name)? else { return Ok(None) };
    let wrong = |_| SheetError::Damaged(format!("`{name}` is `{text}`, expected a whole number"));
    text.trim().parse().map(Some).map_err(wrong)
}

/// Returns true if an attribute is `1` or `true`.
///
/// # Errors
/// As [`attribute`].
pub(super) fn flag(element: &BytesStart<'_>, name: &str) -> Result<bool, SheetError> {
    Ok(attribute(element, name)?.is_some_and(|value| value == "1" || value == "true"))
}

/// A source that fails within a piece of XML that is too long to be kept in memory.
///
/// quick-xml buffers a whole tag or text before it returns, so that a limit has to be set here.
struct Metered<R> {
    source: BufReader<R>,
    piece: usize,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.source.read(buffer)
    }
}

impl<R: Read> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.piece > MAX_PIECE {
            return Err(io::Error::other("a tag or text is longer than 16 MiB"));
        }
        self.source.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.piece += amount;
        self.source.consume(amount);
    }
}
