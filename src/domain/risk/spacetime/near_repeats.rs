//! Near repeats: whether one report is followed by another nearby soon after, and where that is to be expected now.

use std::ops::RangeInclusive;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::plane::incidents;
use crate::domain::risk::hotspots::Occurrence;
use crate::kernel::spacetime::{Bands, Knox, KnoxCell, KnoxError, knox};
use crate::message;
use crate::platform::clock::china_date;
use crate::platform::computing::Wanted as Waiting;
use crate::platform::http::Fields;
use crate::platform::locale::Message;
use crate::platform::problem::Problem;

/// How often chance is tried.
const PERMUTATIONS: usize = 999;
/// The same question has the same answer.
const SEED: u64 = 2022;
const DISTANCES_M: RangeInclusive<u32> = 10..=1_000;
const DEFAULT_DISTANCE_M: u32 = 100;
const DAYS: RangeInclusive<u32> = 1..=90;
const DEFAULT_DAYS: u32 = 7;
const BANDS: RangeInclusive<u32> = 1..=10;
const DEFAULT_BANDS: u32 = 4;
/// What is no further apart than this is in the same place: positions come from telephones.
const SAME_PLACE_M: f64 = 1.0;
/// Windows listed at most.
const MOST_WINDOWS: usize = 500;

/// The query of near repeats, beside which reports they are made of.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct NearRepeatsQuery {
    /// How wide a band of distance is in metres, 10 to 1000; 100 unless given.
    #[param(minimum = 10, maximum = 1000)]
    distance_m: Option<u32>,
    /// How many bands of distance beside the same place, 1 to 10; 4 unless given.
    #[param(minimum = 1, maximum = 10)]
    distances: Option<u32>,
    /// How many days a band of time has, 1 to 90; 7 unless given.
    #[param(minimum = 1, maximum = 90)]
    days: Option<u32>,
    /// How many bands of time, 1 to 10; 4 unless given.
    #[param(minimum = 1, maximum = 10)]
    times: Option<u32>,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    distance_m: u32,
    distances: u32,
    days: u32,
    times: u32,
}

impl NearRepeatsQuery {
    /// Parses the query.
    ///
    /// # Errors
    /// 422 naming the parameters at fault.
    pub(super) fn parse(&self) -> Result<Wanted, Problem> {
        let wanted = Wanted {
            distance_m: self.distance_m.unwrap_or(DEFAULT_DISTANCE_M),
            distances: self.distances.unwrap_or(DEFAULT_BANDS),
            days: self.days.unwrap_or(DEFAULT_DAYS),
            times: self.times.unwrap_or(DEFAULT_BANDS),
        };
        let mut fields = Fields::default();
        fields.within("distance_m", wanted.distance_m, &DISTANCES_M);
        fields.within("distances", wanted.distances, &BANDS);
        fields.within("days", wanted.days, &DAYS);
        fields.within("times", wanted.times, &BANDS);
        fields.finish()?;
        Ok(wanted)
    }
}

/// Knox's table, and what follows from it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RiskNearRepeats)]
pub(super) struct NearRepeats {
    /// How many reports were compared with each other.
    reports: usize,
    /// How many pairs of them are within the last band of distance.
    pairs: usize,
    /// How often chance was tried.
    permutations: usize,
    /// The bands of distance, row by row of the table.
    distances: Vec<DistanceBand>,
    /// The bands of time, column by column.
    times: Vec<TimeBand>,
    /// The table: for each band of distance, its bands of time.
    table: Vec<Vec<RepeatCell>>,
    /// Where another is to be expected on the day asked about: around each recent report whose age is in a raised
    /// band, the latest first, 500 at most.
    windows: Vec<RepeatWindow>,
    /// All of it in a sentence.
    summary: Message,
}

/// A band of distance, its ends included.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct DistanceBand {
    /// Metres from which.
    from_m: f64,
    /// Metres up to which.
    to_m: f64,
}

/// A band of time, its ends included.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct TimeBand {
    /// Days from which.
    from_days: u32,
    /// Days up to which.
    to_days: u32,
}

/// Pairs of reports so far apart in space and in time.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct RepeatCell {
    /// Pairs found.
    observed: u32,
    /// Pairs to expect by chance.
    expected: f64,
    /// How many times that there are; null where none are expected.
    ratio: Option<f64>,
    /// How often chance has as many.
    p: f64,
    /// Whether that is beyond chance, by a fifth at least.
    raised: bool,
}

/// Around a recent report, for some days, another is to be expected.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct RepeatWindow {
    /// The report.
    report: Uuid,
    /// Its longitude.
    lon: f64,
    /// Its latitude.
    lat: f64,
    /// When it happened.
    happened_at: DateTime<Utc>,
    /// Metres within which.
    radius_m: f64,
    /// The last day.
    until: NaiveDate,
    /// How many times more often than by chance.
    ratio: f64,
}

/// Knox's table of the reports, and the windows open on `as_of`.
///
/// # Errors
/// When more pairs are near each other than can be counted again and again, or when nobody
/// waits for the answer any longer.
pub(super) fn near_repeats(
    mut occurrences: Vec<Occurrence>,
    wanted: Wanted,
    as_of: NaiveDate,
    waiting: &Waiting,
) -> Result<NearRepeats, KnoxError> {
    let ends_m: Vec<f64> = std::iter::once(SAME_PLACE_M)
        .chain((1..=wanted.distances).map(|band| f64::from(band * wanted.distance_m)))
        .collect();
    let ends_days: Vec<u32> = (1..=wanted.times).map(|band| band * wanted.days).collect();
    let incidents = incidents(&mut occurrences).map_or_else(Vec::new, |(_, incidents)| incidents);
    // Bounds above rule out bands that are none.
    let bands = Bands::new(ends_m.clone(), ends_days.clone()).ok();
    let found = match &bands {
        Some(bands) => knox(&incidents, bands, PERMUTATIONS, SEED, &|| waiting.still())?,
        None => Knox { pairs: 0, cells: Vec::new() },
    };
    let table: Vec<Vec<RepeatCell>> =
        found.cells.iter().map(|row| row.iter().map(RepeatCell::of).collect()).collect();
    let starts_m = std::iter::once(0.0).chain(ends_m.iter().copied());
    let starts_days = std::iter::once(0).chain(ends_days.iter().map(|end| end + 1));
    let distances: Vec<DistanceBand> =
        starts_m.zip(&ends_m).map(|(from_m, &to_m)| DistanceBand { from_m, to_m }).collect();
    let times: Vec<TimeBand> =
        starts_days.zip(&ends_days).map(|(from_days, &to_days)| TimeBand { from_days, to_days }).collect();
    Ok(NearRepeats {
        reports: incidents.len(),
        pairs: found.pairs,
        permutations: PERMUTATIONS,
        windows: bands.map_or_else(Vec::new, |bands| {
            let expects = |age_days| found.expects(&bands, age_days);
            windows(&occurrences, expects, &distances, &times, as_of)
        }),
        summary: summary(&table, &distances, &times, incidents.len()),
        distances,
        times,
        table,
    })
}

impl RepeatCell {
    fn of(cell: &KnoxCell) -> Self {
        let KnoxCell { observed, expected, p } = *cell;
        Self { observed, expected, ratio: cell.ratio(), p, raised: cell.is_raised() }
    }
}

/// Around each report, as old as it is on `as_of`, the furthest band of distance that is raised at that age.
fn windows(
    occurrences: &[Occurrence],
    expects: impl Fn(u32) -> Option<(usize, usize, KnoxCell)>,
    distances: &[DistanceBand],
    times: &[TimeBand],
    as_of: NaiveDate,
) -> Vec<RepeatWindow> {
    let window = |one: &Occurrence| {
        let day = china_date(one.happened_at);
        let age = u32::try_from((as_of - day).num_days()).ok()?;
        let (distance, time, cell) = expects(age)?;
        Some(RepeatWindow {
            report: one.id,
            lon: one.lon,
            lat: one.lat,
            happened_at: one.happened_at,
            radius_m: distances[distance].to_m,
            until: day + Days::new(u64::from(times[time].to_days)),
            ratio: cell.ratio()?,
        })
    };
    let mut windows: Vec<RepeatWindow> = occurrences.iter().filter_map(window).collect();
    windows.sort_by(|a, b| b.happened_at.cmp(&a.happened_at).then(a.report.cmp(&b.report)));
    windows.truncate(MOST_WINDOWS);
    windows
}

fn summary(
    table: &[Vec<RepeatCell>],
    distances: &[DistanceBand],
    times: &[TimeBand],
    reports: usize,
) -> Message {
    if reports < 2 {
        return message!("事件不足两件，无从比较", "fewer than two reports, which is nothing to compare");
    }
    let cells = table
        .iter()
        .zip(distances)
        .flat_map(|(row, distance)| row.iter().zip(times).map(move |(cell, time)| (cell, distance, time)));
    // The clearest, and among equals the nearest and soonest.
    let raised = cells
        .filter(|(cell, ..)| cell.raised)
        .reduce(|best, next| if (next.0.p, best.0.ratio) < (best.0.p, next.0.ratio) { next } else { best });
    let Some((cell, distance, time)) = raised else {
        return message!(
            "{reports} 件事件中，未见一件之后附近很快再次发生的规律",
            "among {reports} reports, one is not followed by another nearby more often than by chance"
        );
    };
    let (ratio, p) = (cell.ratio.unwrap_or(0.0), cell.p);
    let (near_m, far_m) = (distance.from_m, distance.to_m);
    let (first, last) = (time.from_days, time.to_days);
    if far_m <= SAME_PLACE_M {
        return message!(
            "一件发生后第 {first} 至 {last} 天内，同一地点再次发生的可能是往常的 {ratio:.1} 倍（p = {p:.3}）",
            "{first} to {last} days after a report another in the same place is {ratio:.1} times as likely as by chance \
             (p = {p:.3})"
        );
    }
    message!(
        "一件发生后第 {first} 至 {last} 天内，{near_m}–{far_m} 米内再次发生的可能是往常的 {ratio:.1} 倍（p = {p:.3}）",
        "{first} to {last} days after a report another {near_m} to {far_m} m away is {ratio:.1} times as likely as by \
         chance (p = {p:.3})"
    )
}
