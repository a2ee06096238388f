//! A database per test, cloned from a template that holds the schema and `seed.sql`.

use std::str::FromStr;

use gridkeeper::platform::database::provision;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// The template's name and how the application connects, made once per test run.
static TEMPLATE: OnceCell<(String, PgConnectOptions)> = OnceCell::const_new();

/// A database that is dropped with this value.
pub(crate) struct TestDatabase {
    name: String,
    app: PgConnectOptions,
}

fn server() -> PgConnectOptions {
    let url = std::env::var("GRIDKEEPER_TEST_DATABASE_URL")
        .expect("GRIDKEEPER_TEST_DATABASE_URL is set: eval \"$(scripts/dev-db.sh start)\", or run make test");
    PgConnectOptions::from_str(&url).expect("a PostgreSQL URL")
}

async fn template() -> (String, PgConnectOptions) {
    let name = format!("gk_template_{}", Uuid::new_v4().simple());
    let mut admin = server().connect().await.expect("the test server answers");
    drop_leftovers(&mut admin).await;
    admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a template");
    let owner = server().database(&name);
    let app = provision(&owner, "owner", None).await.expect("provisions");
    let mut connection = owner.connect().await.expect("connects");
    connection.execute(sqlx::raw_sql(include_str!("../seed.sql"))).await.expect("seeds");
    connection.close().await.expect("closes");
    (name, app)
}

/// Databases of runs that were killed. A run that is still going keeps its databases: they are in use.
async fn drop_leftovers(admin: &mut PgConnection) {
    let old: Vec<String> = sqlx::query_scalar(
        "SELECT datname FROM pg_database d
          WHERE (datname LIKE 'gk_template_%' OR datname LIKE 'gk_test_%')
            AND (pg_stat_file('base/' || d.oid || '/PG_VERSION')).modification < now() - interval '1 hour'",
    )
    .fetch_all(&mut *admin)
    .await
    .unwrap_or_default();
    for name in old {
        let _ = admin.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}"))).await;
    }
}

impl TestDatabase {
    /// A fresh copy of the template.
    pub(crate) async fn create() -> Self {
        let (template, app) = TEMPLATE.get_or_init(template).await;
        let name = format!("gk_test_{}", Uuid::new_v4().simple());
        let mut admin = server().connect().await.expect("the test server answers");
        admin
            .execute(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")))
            .await
            .expect("clones the template");
        Self { app: app.clone().database(&name), name }
    }

    /// A database with the schema and nothing in it.
    pub(crate) async fn bare() -> Self {
        let name = format!("gk_test_{}", Uuid::new_v4().simple());
        let mut admin = server().connect().await.expect("the test server answers");
        admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a database");
        let app = provision(&server().database(&name), "owner", None).await.expect("provisions");
        Self { name, app }
    }

    /// How the service connects: under row-level security.
    pub(crate) fn app_options(&self) -> PgConnectOptions {
        self.app.clone()
    }

    /// A connection as the owner, past row-level security, to look at what was really stored.
    pub(crate) async fn owner(&self) -> PgConnection {
        server().database(&self.name).connect().await.expect("connects as owner")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let name = std::mem::take(&mut self.name);
        // The test's runtime is on its way out: drop the database from a runtime of its own.
        let dropping = std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
                return;
            };
            runtime.block_on(async {
                if let Ok(mut admin) = server().connect().await {
                    let statement = AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
                    let _ = admin.execute(statement).await;
                }
            });
        });
        let _ = dropping.join();
    }
}
