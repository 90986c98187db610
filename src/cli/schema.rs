use clap::{Args, ValueEnum};

use offer::offer_schema;

use super::{CliError, print};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage schema offer > offer.schema.json
  factorage schema api > openapi.json")]
pub(super) struct SchemaArgs {
    /// Document to describe
    #[arg(value_name = "DOCUMENT")]
    document: Document,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Document {
    /// offer.json: a JSON schema
    Offer,
    /// The HTTP API: an OpenAPI 3.1 document
    Api,
}

/// Prints the schema of a document.
///
/// # Errors
/// If standard output cannot be written.
pub(super) fn run(args: &SchemaArgs) -> Result<(), CliError> {
    let schema = match args.document {
        Document::Offer => offer_schema(),
        Document::Api => api::document(),
    };
    print(|out| {
        serde_json::to_writer_pretty(&mut *out, &schema)?;
        Ok(writeln!(out)?)
    })
}
