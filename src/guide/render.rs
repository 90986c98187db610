//! Markdown to HTML documents: headings with anchors, a table of contents, links among the pages.

use std::borrow::Cow;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use pulldown_cmark::{BrokenLink, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::page::Page;

/// A heading below the title.
struct Heading {
    level: HeadingLevel,
    anchor: String,
    text: String,
}

/// A page before it knows the other pages.
struct Body {
    name: &'static str,
    title: String,
    headings: Vec<Heading>,
    html: String,
}

/// The pages of these texts (name and Markdown), each with the way to all others.
pub(super) fn pages(texts: &[(&'static str, &str)]) -> Vec<Page> {
    let bodies: Vec<Body> = texts.iter().map(|(name, text)| body(name, text)).collect();
    let page = |own: &Body| Page {
        name: own.name,
        title: own.title.clone(),
        html: document(own, &bodies).into_string(),
    };
    bodies.iter().map(page).collect()
}

fn body(name: &'static str, text: &str) -> Body {
    // A link to an item, as in module documentation, has no target here: its text remains.
    let unlinked = |link: BrokenLink<'_>| {
        // Any other link without a target is a mistake and stays as it is written.
        let known = link.reference.starts_with('`');
        known.then_some((CowStr::Borrowed(""), CowStr::Borrowed("")))
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let parser = Parser::new_with_broken_link_callback(text, options, Some(unlinked));
    let events: Vec<Event<'_>> = without_sources(parser.collect());
    let headings = headings(&events);
    let title = headings.first().map_or_else(|| name.to_owned(), |first| first.text.clone());
    let mut anchors = headings.iter().map(|heading| heading.anchor.clone());
    let anchored = events.into_iter().map(|event| match event {
        Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
            let id = anchors.next().map(CowStr::from);
            Event::Start(Tag::Heading { level, id, classes, attrs })
        }
        other => other,
    });
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, anchored);
    Body { name, title, headings, html }
}

/// Leads links to other pages to their addresses, and takes those to sources, which the service
/// does not have, down to their text.
fn without_sources(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut open = Vec::new();
    let mut kept = Vec::with_capacity(events.len());
    for event in events {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let address = address(&dest_url).map(CowStr::from);
                open.push(address.is_some());
                if let Some(dest_url) = address {
                    kept.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
                }
            }
            Event::End(TagEnd::Link) => {
                if open.pop() == Some(true) {
                    kept.push(Event::End(TagEnd::Link));
                }
            }
            // Comments are for those who edit the page.
            Event::Html(text) | Event::InlineHtml(text) if text.starts_with("<!--") => {}
            other => kept.push(other),
        }
    }
    kept
}

/// The address of a link's target in the service.
fn address(target: &str) -> Option<String> {
    if target.starts_with("https://") || target.starts_with('#') || target.starts_with('/') {
        return Some(target.to_owned());
    }
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (path, format!("#{anchor}")),
        None => (target, String::new()),
    };
    let name = path.strip_suffix(".md").filter(|name| !name.contains('/'))?;
    Some(if name == "index" { format!("/docs{anchor}") } else { format!("/docs/{name}{anchor}") })
}

fn headings(events: &[Event<'_>]) -> Vec<Heading> {
    let mut found = Vec::new();
    let mut open: Option<Heading> = None;
    for event in events {
        match (event, &mut open) {
            (Event::Start(Tag::Heading { level, .. }), _) => {
                open = Some(Heading { level: *level, anchor: String::new(), text: String::new() });
            }
            (Event::Text(text) | Event::Code(text), Some(heading)) => heading.text.push_str(text),
            (Event::End(TagEnd::Heading(_)), Some(heading)) => {
                heading.anchor = anchor(&heading.text);
                found.extend(open.take());
            }
            _ => {}
        }
    }
    found
}

/// The anchor of a heading by the rule of rustdoc and of the forges, so that one link serves all:
/// lower case, a hyphen for each space, punctuation left out.
fn anchor(heading: &str) -> String {
    let kept = |letter: char| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        _ if letter.is_alphanumeric() => Some(letter.to_ascii_lowercase()),
        _ => None,
    };
    heading.chars().filter_map(kept).collect()
}

/// The bytes of the title at the beginning of a page; the table of contents stands below it.
fn title_length(html: &str) -> usize {
    const END: &str = "</h1>\n";
    html.find(END).map_or(0, |at| at + END.len())
}

const STYLE: &str = include_str!("style.css");

fn document(own: &Body, all: &[Body]) -> Markup {
    let place = |name: &str| match name {
        "index" => Cow::Borrowed("/docs"),
        other => Cow::Owned(format!("/docs/{other}")),
    };
    let below = || own.headings.iter().filter(|heading| heading.level == HeadingLevel::H2);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (own.title) " · Factorage" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#content" { "Skip to the text" }
                nav aria-label="Guide" {
                    @for page in all {
                        @if page.name == own.name {
                            a href=(place(page.name)) aria-current="page" { (page.title) }
                        } @else {
                            a href=(place(page.name)) { (page.title) }
                        }
                    }
                    a href="/docs/api" { "HTTP API" }
                }
                main id="content" {
                    @let (title, text) = own.html.split_at(title_length(&own.html));
                    (PreEscaped(title))
                    @if below().count() > 1 {
                        details.contents open {
                            summary { "On this page" }
                            ul {
                                @for heading in below() {
                                    li { a href={ "#" (heading.anchor) } { (heading.text) } }
                                }
                            }
                        }
                    }
                    (PreEscaped(text))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_anchors_contents_and_links_to_where_the_service_has_them() {
        let index = "# Guide\n[Offers](offers.md#the-price-2-ways)\n";
        let offers = "# Offers\n\n## The price: 2 ways\n\n[`Fee`] in [fee](../pricing/fee.rs), \
                      <!-- bench: x -->3 [back](index.md)\n\n## `policy` files\n<b>&</b>\n";
        let made = pages(&[("index", index), ("offers", offers)]);
        assert_eq!(made[1].title, "Offers");
        for shown in [
            r#"<h2 id="the-price-2-ways">The price: 2 ways</h2>"#,
            r##"<li><a href="#policy-files">policy files</a></li>"##,
            r#"<code>Fee</code> in fee, 3 <a href="/docs">back</a>"#,
            r#"<a href="/docs/offers" aria-current="page">Offers</a>"#,
        ] {
            assert!(made[1].html.contains(shown), "{shown} in {}", made[1].html);
        }
        assert!(made[0].html.contains(r#"<a href="/docs/offers#the-price-2-ways">Offers</a>"#));
        assert!(!made[0].html.contains("<details"), "one heading needs no contents");
    }
}
