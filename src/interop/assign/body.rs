//! Points as the body of a request brings them.
//!
//! Never here: threads. A body that is slow in coming holds up nothing but its own request.

use std::time::Duration;

use axum::body::BodyDataStream;
use futures::StreamExt;

use super::csv_points::CsvPoints;
use super::geojson_points::GeoJsonPoints;
use super::http::BODY;
use super::point_file::{PointColumns, RawBlock};
use super::refusal::Refusal;
use crate::message;

/// How much is answered at a time: what a request takes of memory is a few times this.
const BLOCK: usize = 1 << 20;

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    GeoJson,
}

/// A body on its way.
pub(super) struct Arriving {
    body: BodyDataStream,
    points: Points,
    /// How long to wait for more of it.
    patience: Duration,
}

enum Points {
    Csv(CsvPoints),
    GeoJson(GeoJsonPoints),
}

impl Arriving {
    pub(super) fn new(
        body: BodyDataStream,
        format: Format,
        columns: &PointColumns,
        patience: Duration,
    ) -> Self {
        let points = match format {
            Format::Csv => Points::Csv(CsvPoints::new(BODY, columns, BLOCK)),
            Format::GeoJson => Points::GeoJson(GeoJsonPoints::new(BODY, columns, BLOCK)),
        };
        Self { body, points, patience }
    }

    /// The next whole points; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<RawBlock>, Refusal> {
        loop {
            let (block, missing) = match &mut self.points {
                Points::Csv(points) => (points.next_text()?.map(RawBlock::Csv), points.missing()),
                Points::GeoJson(points) => (points.next_text()?.map(RawBlock::GeoJson), points.missing()),
            };
            if block.is_some() || missing == 0 {
                return Ok(block);
            }
            let arrived = match &mut self.points {
                Points::Csv(points) => points.arrived(),
                Points::GeoJson(points) => points.arrived(),
            };
            match tokio::time::timeout(self.patience, self.body.next()).await {
                Ok(Some(Ok(bytes))) => arrived.text.extend_from_slice(&bytes),
                Ok(Some(Err(error))) => {
                    let why = message!("内容在传输中断开", "it broke off on its way");
                    return Err(Refusal::because(BODY, why, error));
                }
                Ok(None) => arrived.ended = true,
                Err(_) => return Err(Refusal::whole(BODY, message!("传输中断过久", "nothing more came"))),
            }
        }
    }

    /// What has not been read.
    pub(super) fn into_rest(self) -> BodyDataStream {
        self.body
    }
}
