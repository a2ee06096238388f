//! Assignment over HTTP: points in, and out the published grids they are in, while the points still arrive.
//!
//! The first block of the body is answered before the response begins, so that a wrong column, and any fault in a body
//! of that size, is a problem like any other. Later faults break the response off, after a last line that says why.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::body::Arriving;
use super::form::Form;
use super::point_file::RawBlock;
use super::question::{AssignPoints, format};
use super::refusal::{Refusal, Spot};
use super::run::{Tally, refuse, round};
use super::turns::Turns;
use crate::domain::grids::{Boundaries, BoundaryMap, visible_grids};
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::ground::Ground;
use crate::platform::http::{Query, drain};
use crate::platform::locale::Locale;
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

/// Assign points to grids.
///
/// The body is CSV with headings (UTF-8 or GB18030), or GeoJSON points: a `FeatureCollection`, or features one after
/// another. It may be of any length. The answer is in the order of the points; it begins before the body has been read to its
/// end. As CSV it has each point's name and the code of its grid, empty where no grid that the caller may see holds it. As
/// GeoJSON, in WGS84, it has the features as they came, or one for each row, with the code among their properties as `grid`,
/// null where there is none: `format=geojson` is a `FeatureCollection`, `format=geojsonseq` a text sequence (RFC 8142). Faults
/// in the first megabyte are a 422 that lists them, by rows counted from 1 without the headings; one found later ends the
/// answer with a line that begins with `#` and says what it was, and breaks the transfer off, which every client reports. Bodies
/// longer than a megabyte are answered a few at a time, and at most half of those for one account: 429 and 503 say when to
/// come back.
#[utoipa::path(post, path = "/api/v1/assign", tag = "grids", params(AssignPoints),
    request_body(content((Vec<u8> = "text/csv"), (Vec<u8> = "application/geo+json"))),
    responses(
        (status = 200, description = "A row or a feature for each point", content(
            (Vec<u8> = "text/csv"), (Vec<u8> = "application/geo+json"), (Vec<u8> = "application/geo+json-seq"))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn assign_points(
    State(ground): State<Ground>,
    Extension(boundaries): Extension<Boundaries>,
    Extension(turns): Extension<Turns>,
    session: Session,
    Query(query): Query<AssignPoints>,
    request: Request,
) -> Result<Response, Problem> {
    let (columns, wanted) = (query.columns()?, query.wanted(request.headers())?);
    let format = format(&request)?;
    let on = query.on.unwrap_or_else(|| ground.clock.today());
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let visible = visible_grids(&mut transaction).await?;
    transaction.commit().await?;
    let map = boundaries.current().await?;
    let label = |code: &str| if visible.contains(code) { code.to_owned() } else { String::new() };
    let labels: Vec<String> = map.grids().map(|grid| label(grid.as_str())).collect();
    let form = Form::new(wanted, &labels, columns.id.as_deref());
    let grids = Grids { map: map.clone(), on, form };
    // Its index is made when a date is first asked about.
    let indexed = tokio::task::spawn_blocking(move || map.on(on).map(drop)).await;
    indexed.map_err(|error| Problem::internal(&error))?.map_err(|error| Problem::internal(&error))?;
    let patience = Duration::from_secs(ground.config.request_timeout_s);
    let points = Arriving::new(request.into_body().into_data_stream(), format, &columns, patience);
    let turns = AccountTurns { turns, account: session.account };
    answer(grids, points, turns, patience).await
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

/// The turns of whoever asks.
struct AccountTurns {
    turns: Turns,
    account: Uuid,
}

/// The answer: as a whole, if there is no more to it than a block; else as it is made.
async fn answer(
    grids: Grids,
    mut points: Arriving,
    turns: AccountTurns,
    patience: Duration,
) -> Result<Response, Problem> {
    let mut assignment = Assignment { grids: Arc::new(grids), tally: Tally::default() };
    let begun = async {
        let Some(first) = points.next().await? else { return Ok((Vec::new(), None)) };
        let first = assignment.answer(first).await?;
        let Some(second) = points.next().await? else { return Ok((first, None)) };
        let turn = turns.turns.take(turns.account).await.map_err(Failure::Ours)?;
        Ok::<_, Failure>((first, Some((second, turn))))
    };
    let (first, more) = match begun.await {
        Ok(begun) => begun,
        Err(failure) => {
            drain(points.into_rest()).await;
            return Err(match failure {
                Failure::Refused(refusal) => problem(&refusal),
                Failure::Ours(problem) => problem,
            });
        }
    };
    let form = &assignment.grids.form;
    let (media_type, mut text) = (form.media_type(), form.beginning());
    text.extend_from_slice(&first);
    let Some((second, turn)) = more else {
        text.extend_from_slice(form.ending());
        return Ok(response(media_type, Body::from(text)));
    };
    let (mut writer, stream) = spool::open().map_err(|error| Problem::internal(&error))?;
    writer.write(text.into()).await.map_err(|error| Problem::internal(&error))?;
    let locale = Locale::current();
    tokio::spawn(async move {
        go_on(assignment, second, points, writer, locale, patience).await;
        drop(turn);
    });
    Ok(response(media_type, Body::from_stream(stream)))
}

/// Answers block after block to the end, or says why not; done when the answer has been read.
async fn go_on(
    mut assignment: Assignment,
    second: RawBlock,
    mut points: Arriving,
    mut writer: Writer,
    locale: Locale,
    patience: Duration,
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
        Ok(writer.write(assignment.grids.form.ending().into()).await.is_ok())
    };
    let why = match written.await {
        Ok(true) => return writer.finish(patience).await,
        Ok(false) => return writer.break_off(patience).await,
        Err(Failure::Refused(refusal)) => {
            refusal.faults.first().map_or(refusal.summary.clone(), |fault| fault.in_file(BODY))
        }
        Err(Failure::Ours(problem)) => problem.title,
    };
    let last = format!("# {}\n", why.in_locale(locale).replace(['\r', '\n'], " "));
    let _ = writer.write(last.into()).await;
    writer.break_off(patience).await;
}

/// The grids of a date as one caller sees them, and how answers are written.
struct Grids {
    map: Arc<BoundaryMap>,
    on: NaiveDate,
    form: Form,
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
            let texts = round(index, |answers| grids.form.text(answers), &[block], &mut tally);
            let texts = texts.and_then(|texts| texts.into_iter().collect::<Result<Vec<_>, _>>());
            Ok::<_, Failure>((texts.map_err(|faults| refuse(BODY, faults))?.concat(), tally))
        });
        let (text, tally) = work.await.map_err(|error| ours(&error))??;
        self.tally = tally;
        Ok(text)
    }
}

fn response(media_type: &'static str, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    response
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
