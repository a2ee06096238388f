//! `gridkeeper openapi`: the document that describes the HTTP API.

use anyhow::Context;

use super::output;

pub(super) fn run() -> anyhow::Result<()> {
    output::line(crate::app::openapi().to_pretty_json().context("cannot write the document")?);
    Ok(())
}
