//! Assignment over HTTP: points in, and out the published grids they are in, while the points still arrive.
//!
//! The first block of the body is answered before the response begins, so that a wrong column, and any fault in a body
//! of that size, is a problem like any other. Later faults break the response off, after a last line that says why.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::assigned::{OutputFormat, Piece, Shape};
use super::body::{Arriving, Format};
use super::point_file::{PointColumns, RawBlock};
use super::refusal::{Refusal, Spot};
use super::run::{Tally, refuse, round};
use crate::domain::grids::{Boundaries, BoundaryMap, visible_grids};
use crate::kernel::geometry::{Crs, ParseCrsError};
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::ground::Ground;
use crate::platform::http::{Query, drain};
use crate::platform::locale::{Locale, Message};
use crate::platform::problem::{Problem, ProblemBody};
use crate::platform::spool::{self, Writer};

/// Where points are sent: bodies of any length, for they are never held whole.
pub const PATH: &str = "/api/v1/assign";
/// What the body is called in messages.
pub(super) const BODY: &str = "body";
/// No answer is longer: it would be kept on disk for whoever is slow to read it.
const LONGEST_ANSWER: u64 = 4 << 30;

/// The door's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(assign_points))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AssignPoints {
    /// The column, or the property, that names the points in the answer; their row numbers, from 1, unless given.
    id: Option<String>,
    /// The column of longitudes, if not called lon, lng, longitude, long, 经度 or x. With `lat`.
    lon: Option<String>,
    /// The column of latitudes, if not called lat, latitude, 纬度 or y. With `lon`.
    lat: Option<String>,
    /// `wgs84`, `cgcs2000`, `gcj02` or `bd09`; `wgs84` unless given.
    crs: Option<String>,
    /// By the boundaries in force on this date in China; today unless given.
    on: Option<NaiveDate>,
}

/// Assign points to grids.
///
/// The body is CSV with headings (UTF-8 or GB18030), or GeoJSON points: a `FeatureCollection`, or features one after
/// another. It may be of any length. The answer is CSV in the order of the points: each one's name and the code of its
/// grid, empty where no grid that the caller may see holds it. It begins before the body has been read to its end. Faults
/// in the first megabyte are a 422 that lists them, by rows counted from 1 without the headings; one found later ends the
/// answer with a line that begins with `#` and says what it was, and breaks the transfer off, which every client reports.
#[utoipa::path(post, path = "/api/v1/assign", tag = "grids", params(AssignPoints),
    request_body(content((Vec<u8> = "text/csv"), (Vec<u8> = "application/geo+json"))),
    responses(
        (status = 200, description = "A row for each point", content((Vec<u8> = "text/csv"))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn assign_points(
    State(ground): State<Ground>,
    Extension(boundaries): Extension<Boundaries>,
    session: Session,
    Query(query): Query<AssignPoints>,
    request: Request,
) -> Result<Response, Problem> {
    let columns = columns(&query)?;
    let format = format(&request)?;
    let on = query.on.unwrap_or_else(|| ground.clock.today());
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let visible = visible_grids(&mut transaction).await?;
    transaction.commit().await?;
    let map = boundaries.current().await?;
    let grids = Grids::new(map.clone(), on, &visible, &columns);
    // Its index is made when a date is first asked about.
    let indexed = tokio::task::spawn_blocking(move || map.on(on).map(drop)).await;
    indexed.map_err(|error| Problem::internal(&error))?.map_err(|error| Problem::internal(&error))?;
    let patience = Duration::from_secs(ground.config.request_timeout_s);
    let points = Arriving::new(request.into_body().into_data_stream(), format, &columns, patience);
    answer(grids, points).await
}

/// Why there is no answer.
enum Failure {
    /// The points are at fault.
    Refused(Refusal),
    /// We are.
    Ours(Problem),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The answer: as a whole, if there is no more to it than a block; else as it is made.
async fn answer(grids: Grids, mut points: Arriving) -> Result<Response, Problem> {
    let mut assignment = Assignment { grids: Arc::new(grids), tally: Tally::default() };
    let begun = async {
        let Some(first) = points.next().await? else { return Ok((Vec::new(), None)) };
        Ok::<_, Failure>((assignment.answer(first).await?, points.next().await?))
    };
    let (first, second) = match begun.await {
        Ok(begun) => begun,
        Err(failure) => {
            drain(points.into_rest()).await;
            return Err(match failure {
                Failure::Refused(refusal) => problem(&refusal),
                Failure::Ours(problem) => problem,
            });
        }
    };
    let mut text = assignment.grids.shape.heading();
    text.extend_from_slice(&first);
    let Some(second) = second else { return Ok(csv(Body::from(text))) };
    let (mut writer, stream) = spool::open().map_err(|error| Problem::internal(&error))?;
    writer.write(text.into()).await.map_err(|error| Problem::internal(&error))?;
    tokio::spawn(go_on(assignment, second, points, writer, Locale::current()));
    Ok(csv(Body::from_stream(stream)))
}

/// Answers block after block to the end, or says why not.
async fn go_on(
    mut assignment: Assignment,
    second: RawBlock,
    mut points: Arriving,
    mut writer: Writer,
    locale: Locale,
) {
    let written = async {
        let mut block = Some(second);
        while let Some(raw) = block {
            let text = assignment.answer(raw).await?;
            if writer.written() > LONGEST_ANSWER {
                let why = message!("内容过长，请分批提交", "too long: send it in parts");
                return Err(Failure::Refused(Refusal::whole(BODY, why)));
            }
            if writer.write(text.into()).await.is_err() {
                // Nobody reads it, or it cannot be kept.
                return Ok(false);
            }
            block = points.next().await?;
        }
        Ok(true)
    };
    let why = match written.await {
        Ok(true) => return writer.finish(),
        // Dropped without having finished, the writer breaks the answer off.
        Ok(false) => return,
        Err(Failure::Refused(refusal)) => {
            refusal.faults.first().map_or(refusal.summary.clone(), |fault| fault.in_file(BODY))
        }
        Err(Failure::Ours(problem)) => problem.title,
    };
    let last = format!("# {}\n", why.in_locale(locale).replace(['\r', '\n'], " "));
    let _ = writer.write(last.into()).await;
}

/// The grids of a date as one caller sees them, and how answers are written.
struct Grids {
    map: Arc<BoundaryMap>,
    on: NaiveDate,
    shape: Shape,
}

impl Grids {
    fn new(map: Arc<BoundaryMap>, on: NaiveDate, visible: &HashSet<String>, columns: &PointColumns) -> Self {
        let label = |code: &str| if visible.contains(code) { code.to_owned() } else { String::new() };
        let labels: Vec<String> = map.grids().map(|grid| label(grid.as_str())).collect();
        let shape = Shape::new(&labels, columns.id.as_deref(), None, OutputFormat::Csv);
        Self { map, on, shape }
    }
}

/// How far the answer is.
struct Assignment {
    grids: Arc<Grids>,
    tally: Tally,
}

impl Assignment {
    /// The answer to a block, worked out where it holds up nobody else.
    async fn answer(&mut self, block: RawBlock) -> Result<Vec<u8>, Failure> {
        let (grids, mut tally) = (self.grids.clone(), self.tally);
        let ours = |error: &(dyn std::error::Error + 'static)| Failure::Ours(Problem::internal(error));
        let work = tokio::task::spawn_blocking(move || {
            let index = grids.map.on(grids.on).map_err(|error| ours(&error))?;
            let pieces =
                round(index, &grids.shape, &[block], &mut tally).map_err(|faults| refuse(BODY, faults))?;
            let mut text = Vec::new();
            for piece in pieces {
                if let Piece::Text(piece) = piece.map_err(|error| ours(&error))? {
                    text = piece;
                }
            }
            Ok::<_, Failure>((text, tally))
        });
        let (text, tally) = work.await.map_err(|error| ours(&error))??;
        self.tally = tally;
        Ok(text)
    }
}

fn csv(body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

fn columns(query: &AssignPoints) -> Result<PointColumns, Problem> {
    let crs = query.crs.as_deref().map_or(Ok(Crs::Wgs84), str::parse);
    let crs = crs.map_err(|error: ParseCrsError| {
        Problem::invalid("crs", Message::new(error.to_chinese(), error.to_string()))
    })?;
    let lon_lat = match (&query.lon, &query.lat) {
        (Some(lon), Some(lat)) => Some((lon.clone(), lat.clone())),
        (None, None) => None,
        (Some(_), None) => {
            return Err(Problem::invalid("lat", message!("须与 lon 同时给出", "goes with lon")));
        }
        (None, Some(_)) => {
            return Err(Problem::invalid("lon", message!("须与 lat 同时给出", "goes with lat")));
        }
    };
    Ok(PointColumns { id: query.id.clone(), lon_lat, crs })
}

fn format(request: &Request) -> Result<Format, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "text/csv" => Ok(Format::Csv),
        "application/geo+json" | "application/geo+json-seq" | "application/json" | "application/x-ndjson" => {
            Ok(Format::GeoJson)
        }
        _ => Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            message!(
                "内容类型应为 text/csv 或 application/geo+json",
                "The content type should be text/csv or application/geo+json"
            ),
        )),
    }
}

fn problem(refusal: &Refusal) -> Problem {
    if refusal.faults.is_empty() {
        return Problem::invalid(BODY, refusal.summary.clone());
    }
    let detail = message!(
        "有误的行见 errors（至多一百处），其后的行未再检查",
        "bad rows are in errors, a hundred at most; none were read after them"
    );
    refusal.faults.iter().fold(Problem::invalid_fields().detail(detail), |problem, fault| {
        let field = match fault.spot {
            Spot::File => BODY.to_owned(),
            Spot::Feature(number) | Spot::Row(number) => format!("rows[{number}]"),
        };
        problem.field(field, fault.reason.clone())
    })
}
