//! All SQL of whole layers: one statement per layer and batch each way, in the files beside this one.

use serde_json::Value;
use sqlx::PgConnection;

use super::layer::Layer;

/// How many rows a batch made and changed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) created: i64,
    pub(super) updated: i64,
}

/// Writes a batch of `layer`'s own rows. Grids are written by their own room, as a plan.
pub(super) async fn upsert(
    connection: &mut PgConnection,
    layer: Layer,
    rows: &Value,
) -> Result<Counts, sqlx::Error> {
    macro_rules! run {
        ($file:literal) => {
            sqlx::query_file_as!(Counts, $file, rows).fetch_one(connection).await
        };
    }
    match layer {
        Layer::Areas => run!("src/domain/exchange/store/upsert_areas.sql"),
        Layer::Grids => Ok(Counts::default()),
        Layer::Households => run!("src/domain/exchange/store/upsert_households.sql"),
        Layer::Enterprises => run!("src/domain/exchange/store/upsert_enterprises.sql"),
        Layer::Hazards => run!("src/domain/exchange/store/upsert_hazards.sql"),
        Layer::Roads => run!("src/domain/exchange/store/upsert_roads.sql"),
        Layer::Buildings => run!("src/domain/exchange/store/upsert_buildings.sql"),
        Layer::Water => run!("src/domain/exchange/store/upsert_water.sql"),
        Layer::Reports => run!("src/domain/exchange/store/upsert_reports.sql"),
    }
}

/// Writes the people of households that are there, with their identities and care.
pub(super) async fn upsert_residents(
    connection: &mut PgConnection,
    residents: &Value,
) -> Result<(), sqlx::Error> {
    sqlx::query_file!("src/domain/exchange/store/upsert_residents.sql", residents)
        .execute(&mut *connection)
        .await?;
    sqlx::query_file!("src/domain/exchange/store/upsert_identities.sql", residents)
        .execute(&mut *connection)
        .await?;
    sqlx::query_file!("src/domain/exchange/store/upsert_care.sql", residents).execute(connection).await?;
    Ok(())
}

/// Writes the contacts of enterprises that are there.
pub(super) async fn upsert_contacts(connection: &mut PgConnection, rows: &Value) -> Result<(), sqlx::Error> {
    sqlx::query_file!("src/domain/exchange/store/upsert_contacts.sql", rows).execute(connection).await?;
    Ok(())
}

/// Those of `codes` that no enterprise has.
pub(super) async fn unknown_enterprises(
    connection: &mut PgConnection,
    codes: &[String],
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT c AS "code!" FROM unnest($1::text[]) AS c WHERE NOT EXISTS (SELECT FROM enterprises e WHERE e.code = c)"#,
        codes
    )
    .fetch_all(connection)
    .await
}

/// Those of `logins` that no account has.
pub(super) async fn unknown_logins(
    connection: &mut PgConnection,
    logins: &[String],
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT l AS "login!" FROM unnest($1::text[]) AS l WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.login = l)"#,
        logins
    )
    .fetch_all(connection)
    .await
}

/// Those of `codes` that no area has.
pub(super) async fn unknown_areas(
    connection: &mut PgConnection,
    codes: &[String],
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT c AS "code!" FROM unnest($1::text[]) AS c WHERE NOT EXISTS (SELECT FROM areas a WHERE a.code = c)"#,
        codes
    )
    .fetch_all(connection)
    .await
}

/// A layer's rows: properties and geometry.
pub(super) async fn export(
    connection: &mut PgConnection,
    layer: Layer,
    with_identities: bool,
) -> Result<Vec<(Value, Option<Value>)>, sqlx::Error> {
    macro_rules! run {
        ($file:literal $(, $arg:expr)?) => {
            sqlx::query_file!($file $(, $arg)?)
                .fetch_all(connection)
                .await
                .map(|rows| rows.into_iter().map(|row| (row.properties, row.geometry)).collect())
        };
    }
    match layer {
        Layer::Areas => run!("src/domain/exchange/store/export_areas.sql"),
        Layer::Grids => run!("src/domain/exchange/store/export_grids.sql"),
        Layer::Households => run!("src/domain/exchange/store/export_households.sql", with_identities),
        Layer::Enterprises => run!("src/domain/exchange/store/export_enterprises.sql", with_identities),
        Layer::Hazards => run!("src/domain/exchange/store/export_hazards.sql"),
        Layer::Roads => run!("src/domain/exchange/store/export_roads.sql"),
        Layer::Buildings => run!("src/domain/exchange/store/export_buildings.sql"),
        Layer::Water => run!("src/domain/exchange/store/export_water.sql"),
        Layer::Reports => run!("src/domain/exchange/store/export_reports.sql"),
    }
}
