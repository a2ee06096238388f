//! All SQL about rankings: the record, as far as the transaction's scope lets it be read.

use std::collections::HashMap;

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::record::{Finding, Known, Record};
use crate::domain::enterprises::{Category, HazardClass};
use crate::domain::hazards::HazardKind;
use crate::kernel::geometry::{GaussKruger, Wgs84};
use crate::kernel::plane::PlanePoint;

/// What is known up to the end of `day` of enterprises that are not closed, and of the hazards at and around them.
///
/// # Errors
/// When the database cannot be read.
pub async fn record(connection: &mut PgConnection, day: NaiveDate) -> Result<Record, sqlx::Error> {
    let enterprises = sqlx::query!(
        r#"SELECT id, code, name, place_code, category AS "category: Category",
                  hazard_class AS "hazard_class: HazardClass", floor_area_m2,
                  (last_inspected_at AT TIME ZONE 'Asia/Shanghai')::date AS last_inspected_on,
                  ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!"
             FROM enterprises WHERE status <> 'closed' ORDER BY code"#
    )
    .fetch_all(&mut *connection)
    .await?;
    let hazards = sqlx::query!(
        r#"SELECT kind AS "kind: HazardKind", severity, enterprise_id, found_on, cleared_on,
                  ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!"
             FROM hazards WHERE found_on <= $1 ORDER BY found_on, id"#,
        day
    )
    .fetch_all(&mut *connection)
    .await?;
    let visits = sqlx::query!(
        r#"SELECT target_id, (visited_at AT TIME ZONE 'Asia/Shanghai')::date AS "day!"
             FROM visits WHERE target_kind = 'enterprise' AND result IN ('done', 'hazard_found')
              AND (visited_at AT TIME ZONE 'Asia/Shanghai')::date <= $1"#,
        day
    )
    .fetch_all(connection)
    .await?;

    let mut inspections: HashMap<Uuid, Vec<NaiveDate>> = HashMap::new();
    for visit in visits {
        inspections.entry(visit.target_id).or_default().push(visit.day);
    }
    let mut projection = None;
    let mut known = Vec::with_capacity(enterprises.len());
    for row in enterprises {
        if let Some(inspected) = row.last_inspected_on.filter(|inspected| *inspected <= day) {
            inspections.entry(row.id).or_default().push(inspected);
        }
        let at = place(row.lon, row.lat)?;
        let projection = *projection.get_or_insert_with(|| GaussKruger::for_place(at));
        known.push(Known {
            id: row.id,
            code: row.code,
            name: row.name,
            place_code: row.place_code,
            category: row.category,
            hazard_class: row.hazard_class,
            floor_area_m2: row.floor_area_m2.map(f64::from),
            at,
            on_plane: projection.project(at).into(),
        });
    }
    for days in inspections.values_mut() {
        days.sort_unstable();
        days.dedup();
    }
    // Without enterprises there is nothing to be near to.
    let Some(projection) = projection else { return Ok(Record::default()) };
    let found = hazards.into_iter().map(|row| {
        let on_plane: PlanePoint = projection.project(place(row.lon, row.lat)?).into();
        Ok(Finding {
            kind: row.kind,
            severity: row.severity,
            enterprise_id: row.enterprise_id,
            found_on: row.found_on,
            cleared_on: row.cleared_on,
            on_plane,
        })
    });
    Ok(Record { enterprises: known, hazards: found.collect::<Result<_, sqlx::Error>>()?, inspections })
}

fn place(lon: f64, lat: f64) -> Result<Wgs84, sqlx::Error> {
    Wgs84::new(lon, lat).map_err(|error| sqlx::Error::Decode(error.into()))
}
