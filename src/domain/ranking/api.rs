//! Rankings over HTTP.

use std::ops::RangeInclusive;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::backtest::{Backtest, BacktestPlan, backtest};
use super::forecast::Forecast;
use super::model::{Asked, Ranking, RankingQuery, RiskKind};
use super::record::Record;
use super::sample::samples;
use super::score::Scored;
use super::sheet::sheet;
use super::store;
use crate::kernel::scoring::FitError;
use crate::message;
use crate::platform::accounts::{Role, Session};
use crate::platform::audit;
use crate::platform::ground::Ground;
use crate::platform::http::{Fields, Json, Query};
use crate::platform::locale::Locale;
use crate::platform::problem::{Problem, ProblemBody};

/// Those who may read enterprises, hazards and inspections alike.
const READERS: [Role; 4] = [Role::GridMember, Role::GridChief, Role::Inspector, Role::Command];

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(rank_enterprises)).routes(routes!(backtest_ranking))
}

/// The form in which a ranking is wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FormQuery {
    /// `json`, or `xlsx` for a spreadsheet; without it, `Accept` decides.
    #[param(example = "xlsx")]
    format: Option<String>,
    /// `zh` or `en`: the language of the spreadsheet; Chinese unless given.
    headings: Option<String>,
}

impl FormQuery {
    /// The language of the spreadsheet, if one is wanted.
    fn sheet(&self, headers: &HeaderMap) -> Result<Option<Locale>, Problem> {
        let is_sheet = match self.format.as_deref() {
            Some("xlsx") => true,
            Some("json") => false,
            Some(_) => return Err(Problem::invalid("format", message!("应为 json 或 xlsx", "json or xlsx"))),
            None => {
                let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
                accepted.is_some_and(|accepted| accepted.trim_start().starts_with(XLSX))
            }
        };
        match self.headings.as_deref().unwrap_or("zh") {
            "zh" => Ok(is_sheet.then_some(Locale::Zh)),
            "en" => Ok(is_sheet.then_some(Locale::En)),
            _ => Err(Problem::invalid("headings", message!("应为 zh 或 en", "zh or en"))),
        }
    }
}

/// The media type of a spreadsheet (ECMA-376).
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Rank enterprises by risk.
///
/// Each with the chance in a hundred that something is found there, between which bounds, and the reasons as points
/// that add up. Learnt from the hazards and inspections that the caller may read, corrected for how often each
/// enterprise was inspected. What is not known of an enterprise widens its bounds and does not raise its score. As
/// data, or as a spreadsheet with `format=xlsx` or an `Accept` that begins with its media type.
#[utoipa::path(get, path = "/api/v1/risk/enterprises", tag = "risk", params(RankingQuery, FormQuery), responses(
    (status = 200, content(
        (Ranking = "application/json"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn rank_enterprises(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<RankingQuery>,
    Query(form): Query<FormQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    session.require(&READERS)?;
    let mut asked = query.parse(&ground.clock)?;
    let Some(locale) = form.sheet(&headers)? else {
        let record = read(&ground, &session, asked.on, None).await?;
        return Ok(Json(compute(move || rank(&record, &asked)).await?).into_response());
    };
    if query.limit.is_none() {
        asked.limit = usize::MAX;
    }
    let entry = audit::Entry::deed("export", "ranking", asked.kind.key());
    let record = read(&ground, &session, asked.on, Some(entry)).await?;
    let ranking = compute(move || rank(&record, &asked)).await?;
    let bytes = tokio::task::spawn_blocking(move || sheet(&ranking, locale))
        .await
        .map_err(|error| Problem::internal(&error))?
        .map_err(|error| Problem::internal(&error))?;
    let headers = [
        (header::CONTENT_TYPE, XLSX),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"ranking.xlsx\""),
    ];
    Ok((headers, bytes).into_response())
}

/// Backtest the ranking.
///
/// The ranking as it would have been on past days against what was then found, beside counting finds per cell and
/// plain density: the share of finds at the enterprises it would have sent people to, and whether its numbers meant
/// what they said.
#[utoipa::path(get, path = "/api/v1/risk/backtest", tag = "risk", params(BacktestQuery), responses(
    (status = 200, body = Backtest),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn backtest_ranking(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<BacktestQuery>,
) -> Result<Json<Backtest>, Problem> {
    session.require(&READERS)?;
    let plan = query.plan(ground.clock.today())?;
    let record = read(&ground, &session, plan.until, None).await?;
    compute(move || backtest(&record, &plan)).await.map(Json)
}

const HORIZONS_DAYS: RangeInclusive<u32> = 7..=182;
const DEFAULT_HORIZON_DAYS: u32 = 30;
const TRIALS: RangeInclusive<u32> = 1..=24;
const DEFAULT_TRIALS: u32 = 6;
const PERCENT: RangeInclusive<u32> = 1..=100;
const DEFAULT_PERCENT: u32 = 10;

#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BacktestQuery {
    /// Which finds: `fire`, `safety` or `all`; all unless given.
    kind: Option<RiskKind>,
    /// The last day; today unless given.
    #[param(example = "2022-09-26")]
    until: Option<NaiveDate>,
    /// How many days each trial looks ahead, 7 to 182; 30 unless given.
    #[param(minimum = 7, maximum = 182)]
    horizon_days: Option<u32>,
    /// How many trials, 1 to 24; 6 unless given.
    #[param(minimum = 1, maximum = 24)]
    trials: Option<u32>,
    /// How many of a hundred enterprises can be visited in one, 1 to 100; 10 unless given.
    #[param(minimum = 1, maximum = 100)]
    percent: Option<u32>,
}

impl BacktestQuery {
    fn plan(&self, today: NaiveDate) -> Result<BacktestPlan, Problem> {
        let mut fields = Fields::default();
        let until = self.until.unwrap_or(today);
        if until > today {
            fields.refuse("until", message!("不能晚于今天", "not after today"));
        }
        let horizon_days = self.horizon_days.unwrap_or(DEFAULT_HORIZON_DAYS);
        fields.within("horizon_days", horizon_days, &HORIZONS_DAYS);
        let trials = self.trials.unwrap_or(DEFAULT_TRIALS);
        fields.within("trials", trials, &TRIALS);
        let percent = self.percent.unwrap_or(DEFAULT_PERCENT);
        fields.within("percent", percent, &PERCENT);
        fields.finish()?;
        let kind = self.kind.unwrap_or(RiskKind::All);
        Ok(BacktestPlan { kind, until, horizon_days, trials, share: f64::from(percent) / 100.0 })
    }
}

/// What is known up to a day, and a line in the audit log if what is made of it leaves the house.
async fn read(
    ground: &Ground,
    session: &Session,
    day: NaiveDate,
    entry: Option<audit::Entry<'_>>,
) -> Result<Record, Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let record = store::record(&mut transaction, day).await?;
    if let Some(entry) = entry {
        audit::record(&mut transaction, session, entry).await?;
    }
    transaction.commit().await?;
    Ok(record)
}

/// Computes where blocking is allowed.
async fn compute<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FitError> + Send + 'static,
) -> Result<T, Problem> {
    let computed = tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))?;
    computed.map_err(|error| Problem::internal(&error))
}

fn rank(record: &Record, asked: &Asked) -> Result<Ranking, FitError> {
    let forecast = Forecast::learn(record, asked.kind, asked.on, asked.horizon_days)?;
    let samples = samples(record, asked.kind, asked.on);
    let scores: Vec<Scored> =
        samples.iter().map(|sample| Scored::of(&forecast, &forecast.predict(sample))).collect();
    Ok(Ranking::new(asked, record, &forecast, &samples, &scores))
}
