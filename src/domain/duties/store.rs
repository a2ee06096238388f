//! All SQL about duties.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::Calls;
use super::book::Book;
use super::calendar::{Calendar, Holiday, HolidayYear};
use super::duty::{Care, Enterprise, Hazard, Household, Targets};
use super::rules::Rules;
use crate::domain::enterprises::{Category, HazardClass};
use crate::domain::hazards::HazardKind;
use crate::domain::households::CareKind;
use crate::domain::visits::TargetKind;
use crate::kernel::geometry::Wgs84;
use crate::platform::clock::china_date;
use crate::platform::code::{PlaceCode, VillageCode};
use crate::platform::problem::Problem;

fn stored(lon: f64, lat: f64) -> Result<Wgs84, Problem> {
    Wgs84::new(lon, lat).map_err(|error| Problem::internal(&error))
}

fn day(at: Option<DateTime<Utc>>) -> Option<NaiveDate> {
    at.map(china_date)
}

/// Everything in a place, a grid or wider, that is called at regularly, as far as the caller may see. Where a plan left the
/// next call with another grid, it is that grid's.
///
/// # Errors
/// When the database refuses.
pub async fn targets(connection: &mut PgConnection, place: &str) -> Result<Targets, Problem> {
    Ok(Targets {
        households: households(connection, place).await?,
        care: care(connection, place).await?,
        enterprises: enterprises(connection, place).await?,
        hazards: hazards(connection, place).await?,
    })
}

async fn households(connection: &mut PgConnection, place: &str) -> Result<Vec<Household>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT h.id, coalesce(k.keeper_code, h.place_code) AS "place!: PlaceCode", h.code, h.address, h.last_visited_at,
                  ST_X(h.geom) AS "lon!", ST_Y(h.geom) AS "lat!"
             FROM households h LEFT JOIN kept_calls k ON k.target_kind = 'household' AND k.target_id = h.id
            WHERE starts_with(coalesce(k.keeper_code, h.place_code), $1) ORDER BY h.id"#,
        place
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Household {
                id: row.id,
                place: row.place,
                code: row.code,
                address: row.address,
                last: day(row.last_visited_at),
                at: stored(row.lon, row.lat)?,
            })
        })
        .collect()
}

async fn care(connection: &mut PgConnection, place: &str) -> Result<Vec<Care>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT c.id, coalesce(k.keeper_code, c.place_code) AS "place!: PlaceCode", r.household_id, r.name, c.kind AS "kind: CareKind", h.address, c.since, c.last_visited_at,
                  ST_X(h.geom) AS "lon!", ST_Y(h.geom) AS "lat!"
             FROM special_care c
             JOIN residents r ON r.id = c.resident_id
             JOIN households h ON h.id = r.household_id
             LEFT JOIN kept_calls k ON k.target_kind = 'household' AND k.target_id = h.id
            WHERE starts_with(coalesce(k.keeper_code, c.place_code), $1) AND c.until IS NULL
            ORDER BY c.id"#,
        place
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Care {
                id: row.id,
                place: row.place,
                household: row.household_id,
                name: row.name,
                kind: row.kind,
                address: row.address,
                since: row.since,
                last: day(row.last_visited_at),
                at: stored(row.lon, row.lat)?,
            })
        })
        .collect()
}

async fn enterprises(connection: &mut PgConnection, place: &str) -> Result<Vec<Enterprise>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT e.id, coalesce(k.keeper_code, e.place_code) AS "place!: PlaceCode", name, coalesce(address, code) AS "sublabel!", category AS "category: Category", hazard_class AS "class: HazardClass",
                  opens, closes, last_inspected_at,
                  EXISTS (SELECT FROM hazards z
                           WHERE z.enterprise_id = e.id AND z.status = 'open' AND z.severity >= 3) AS "at_risk!", ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!"
             FROM enterprises e LEFT JOIN kept_calls k ON k.target_kind = 'enterprise' AND k.target_id = e.id
            WHERE starts_with(coalesce(k.keeper_code, e.place_code), $1) AND status <> 'closed' ORDER BY e.id"#,
        place
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Enterprise {
                id: row.id,
                place: row.place,
                name: row.name,
                sublabel: row.sublabel,
                category: row.category,
                class: row.class,
                at_risk: row.at_risk,
                hours: row.opens.zip(row.closes),
                last: day(row.last_inspected_at),
                at: stored(row.lon, row.lat)?,
            })
        })
        .collect()
}

async fn hazards(connection: &mut PgConnection, place: &str) -> Result<Vec<Hazard>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT z.id, coalesce(k.keeper_code, z.place_code) AS "place!: PlaceCode", z.code, z.kind AS "kind: HazardKind", z.severity, z.description, z.found_on,
                  (SELECT max(v.visited_at) FROM visits v
                    WHERE v.target_kind = 'hazard' AND v.target_id = z.id
                      AND v.result IN ('done', 'hazard_found')) AS last_visited_at,
                  ST_X(z.geom) AS "lon!", ST_Y(z.geom) AS "lat!"
             FROM hazards z LEFT JOIN kept_calls k ON k.target_kind = 'hazard' AND k.target_id = z.id
            WHERE starts_with(coalesce(k.keeper_code, z.place_code), $1) AND z.status = 'open' ORDER BY z.id"#,
        place
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Hazard {
                id: row.id,
                place: row.place,
                code: row.code,
                kind: row.kind,
                severity: row.severity,
                description: row.description,
                found_on: row.found_on,
                last: day(row.last_visited_at),
                at: stored(row.lon, row.lat)?,
            })
        })
        .collect()
}

/// What duties in a place answer to: the rules of its villages, and the calendar.
///
/// # Errors
/// When the database refuses.
pub async fn book(connection: &mut PgConnection, place: &str) -> Result<Book, Problem> {
    let village = place.get(..12).unwrap_or(place);
    let rows = sqlx::query!(
        r#"SELECT village_code, rules AS "rules: Json<Rules>" FROM duty_rules WHERE starts_with(village_code, $1)"#,
        village
    )
    .fetch_all(&mut *connection)
    .await?;
    let villages = rows.into_iter().map(|row| (row.village_code, row.rules.0)).collect();
    let years = sqlx::query_scalar!(r#"SELECT days AS "days: Json<Vec<Holiday>>" FROM holiday_years"#)
        .fetch_all(connection)
        .await?;
    Ok(Book::new(villages, Calendar::new(years.into_iter().flat_map(|days| days.0))))
}

/// A village's own rules, with their version.
pub(super) async fn rules(
    connection: &mut PgConnection,
    village: &VillageCode,
) -> Result<Option<(Rules, i32)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT rules AS "rules: Json<Rules>", version FROM duty_rules WHERE village_code = $1"#,
        village.as_str()
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.rules.0, row.version)))
}

/// Whether there is such a village.
pub(super) async fn knows_village(
    connection: &mut PgConnection,
    village: &VillageCode,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM areas WHERE code = $1) AS "known!""#, village.as_str())
        .fetch_one(connection)
        .await
}

/// Writes a village's rules over their `version`, 0 where it has none; false when they have another.
pub(super) async fn write_rules(
    connection: &mut PgConnection,
    village: &VillageCode,
    rules: &Rules,
    version: i32,
) -> Result<bool, sqlx::Error> {
    let done = if version == 0 {
        sqlx::query!(
            "INSERT INTO duty_rules (village_code, rules) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            village.as_str(),
            Json(rules) as _
        )
        .execute(connection)
        .await?
    } else {
        sqlx::query!(
            "UPDATE duty_rules SET rules = $2, version = version + 1, updated_at = now()
              WHERE village_code = $1 AND version = $3",
            village.as_str(),
            Json(rules) as _,
            version
        )
        .execute(connection)
        .await?
    };
    Ok(done.rows_affected() == 1)
}

/// The public holidays of a year, with their version.
pub(super) async fn holidays(
    connection: &mut PgConnection,
    year: i32,
) -> Result<Option<(HolidayYear, i32)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT days AS "days: Json<Vec<Holiday>>", source, version FROM holiday_years WHERE year = $1"#,
        year
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (HolidayYear { days: row.days.0, source: row.source }, row.version)))
}

/// Writes the public holidays of a year over their `version`, 0 for a new year; false when they have another.
pub(super) async fn write_holidays(
    connection: &mut PgConnection,
    year: i32,
    holidays: &HolidayYear,
    version: i32,
) -> Result<bool, sqlx::Error> {
    let done = if version == 0 {
        sqlx::query!(
            "INSERT INTO holiday_years (year, days, source) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            year,
            Json(&holidays.days) as _,
            holidays.source
        )
        .execute(connection)
        .await?
    } else {
        sqlx::query!(
            "UPDATE holiday_years SET days = $2, source = $3, version = version + 1, updated_at = now()
              WHERE year = $1 AND version = $4",
            year,
            Json(&holidays.days) as _,
            holidays.source,
            version
        )
        .execute(connection)
        .await?
    };
    Ok(done.rows_affected() == 1)
}

/// Days before a month in which a call still counts for it: the longest interval a rule can have.
const LOOK_BACK_DAYS: i64 = 366;

/// The days on which calls that count were made, by target, in order and each once.
pub(in crate::domain) async fn calls(
    connection: &mut PgConnection,
    place: &str,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Calls, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT DISTINCT target_kind AS "target_kind: TargetKind", target_id,
                  (visited_at AT TIME ZONE 'Asia/Shanghai')::date AS "day!"
             FROM visits
            WHERE starts_with(place_code, $1) AND result IN ('done', 'hazard_found')
              AND (visited_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN $2 AND $3
            ORDER BY 3"#,
        place,
        from - TimeDelta::days(LOOK_BACK_DAYS),
        to
    )
    .fetch_all(connection)
    .await?;
    let mut calls = Calls::new();
    for row in rows {
        calls.entry((row.target_kind, row.target_id)).or_default().push(row.day);
    }
    Ok(calls)
}
