//! Row-level security, straight from the catalogue and straight at the tables.

use gridkeeper::platform::database::{Database, Scope};
use sqlx::{AssertSqlSafe, Row};

use crate::support::{TestApp, TestDatabase};

/// Tables that hold neither places nor people: none of ours, and PostGIS's list of coordinate systems.
const WITHOUT: [&str; 2] = ["_sqlx_migrations", "spatial_ref_sys"];

#[tokio::test]
async fn every_table_is_under_row_level_security_and_has_a_policy() {
    let database = TestDatabase::create().await;
    let rows = sqlx::query(
        "SELECT c.relname, c.relrowsecurity, (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1",
    )
    .fetch_all(&mut database.owner().await)
    .await
    .unwrap();
    let ours: Vec<_> = rows.iter().filter(|row| !WITHOUT.contains(&row.get::<&str, _>("relname"))).collect();
    assert!(ours.len() >= 20, "only {} tables", ours.len());
    for row in ours {
        let table: &str = row.get("relname");
        assert!(row.get::<bool, _>("relrowsecurity"), "{table} is not under row-level security");
        assert!(row.get::<i64, _>("policies") > 0, "{table} has no policy");
    }
}

#[tokio::test]
async fn the_service_owns_nothing_and_cannot_bypass_the_policies() {
    let database = TestDatabase::create().await;
    let row = sqlx::query(
        "SELECT r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb AS powerful,
                (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid) AS owned
           FROM pg_roles r WHERE r.rolname = 'gridkeeper_app'",
    )
    .fetch_one(&mut database.owner().await)
    .await
    .unwrap();
    assert!(!row.get::<bool, _>("powerful"));
    assert_eq!(row.get::<i64, _>("owned"), 0);
}

#[tokio::test]
async fn a_transaction_that_forgot_its_scope_sees_nothing() {
    let app = TestApp::start().await;
    let tables = [
        "households",
        "residents",
        "resident_identities",
        "special_care",
        "reports",
        "enterprises",
        "hazards",
        "areas",
        "grids",
        "buildings",
        "accounts",
        "sessions",
        "audit_log",
    ];
    for table in tables {
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
            .fetch_one(app.ground.database.pool())
            .await
            .unwrap();
        assert_eq!(count, 0, "{table} leaks without a scope");
    }
    // The same after a scoped transaction on the same connection has ended.
    let one = Database::connect(app.database.app_options(), 1).await.unwrap();
    let mut transaction = one.begin(&Scope::system()).await.unwrap();
    let inside: i64 =
        sqlx::query_scalar("SELECT count(*) FROM households").fetch_one(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    let outside: i64 =
        sqlx::query_scalar("SELECT count(*) FROM households").fetch_one(one.pool()).await.unwrap();
    assert!(inside > 0);
    assert_eq!(outside, 0);
}
