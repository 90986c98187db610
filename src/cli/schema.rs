use clap::{Args, ValueEnum};

use offer::offer_schema;

use super::{CliError, print};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage schema offer > offer.schema.json
  factorage schema api > openapi.json")]
pub(super) struct SchemaArgs {
    /// The document
    #[arg(value_name = "DOCUMENT")]
    document: Document,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Document {
    /// offer.json
    Offer,
    /// The HTTP service: OpenAPI 3.1
    Api,
}

/// Prints the JSON schema of a document.
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
