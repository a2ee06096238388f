//! A service to test against: its own database cloned from a template, its own port, a client per account.

#![expect(clippy::expect_used, reason = "a test that cannot set itself up should say so and stop")]

mod database;
pub(crate) mod photo;
pub(crate) mod plan;
mod vector_tile;

use std::net::SocketAddr;
use std::sync::Arc;

use gridkeeper::platform::accounts::{self, Accounts, NewPassword, Password};
use gridkeeper::platform::clock::Clock;
use gridkeeper::platform::computing::Computing;
use gridkeeper::platform::config::Config;
use gridkeeper::platform::database::{Database, Scope};
use gridkeeper::platform::events::Events;
use gridkeeper::platform::ground::Ground;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde_json::Value;
use tokio_util::sync::{CancellationToken, DropGuard};

pub(crate) use database::TestDatabase;
pub(crate) use vector_tile::TileLayer;

/// The service, running.
pub(crate) struct TestApp {
    pub(crate) ground: Ground,
    pub(crate) database: Arc<TestDatabase>,
    address: SocketAddr,
    _stop: DropGuard,
}

/// An HTTP client signed in as one of the accounts of `seed.sql`.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
}

/// A response, read whole.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl TestApp {
    /// Starts the service on a fresh copy of the seeded database.
    pub(crate) async fn start() -> Self {
        Self::start_with(Config::default()).await
    }

    /// As [`TestApp::start`], with another configuration.
    pub(crate) async fn start_with(config: Config) -> Self {
        Self::on(Arc::new(TestDatabase::create().await), config).await
    }

    /// Another instance of the service on the same database.
    pub(crate) async fn another_instance(&self) -> Self {
        Self::on(Arc::clone(&self.database), Config::clone(&self.ground.config)).await
    }

    /// The service on a database that a test has prepared.
    pub(crate) async fn on(database: Arc<TestDatabase>, config: Config) -> Self {
        let pool = Database::connect(database.app_options(), 8).await.expect("connects as gridkeeper_app");
        let stop = CancellationToken::new();
        let events = Events::start(pool.clone(), stop.clone());
        let ground = Ground {
            accounts: Accounts::start(&events),
            events,
            database: pool,
            computing: Computing::default(),
            clock: Clock::system(),
            config: Arc::new(config),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let address = listener.local_addr().expect("has an address");
        let router = gridkeeper::app::router(ground.clone());
        let stopped = stop.clone();
        tokio::spawn(async move {
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(listener, service).with_graceful_shutdown(stopped.cancelled_owned()).await
        });
        Self { ground, database, address, _stop: stop.drop_guard() }
    }

    /// The service's URL, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many lines of the audit log say that somebody did `action` to a `subject`.
    pub(crate) async fn audited(&self, action: &str, subject: &str) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM audit_log WHERE action = $1 AND subject = $2")
            .bind(action)
            .bind(subject)
            .fetch_one(&mut self.database.owner().await)
            .await
            .expect("counts")
    }

    /// A client signed in as `login`, by the API token that `seed.sql` gave it.
    pub(crate) fn sign_in(&self, login: &str) -> Client {
        let mut headers = HeaderMap::new();
        let token = HeaderValue::from_str(&format!("Bearer token-of-{login}")).expect("a header");
        headers.insert(AUTHORIZATION, token);
        self.client(headers)
    }

    /// A client that is not signed in.
    pub(crate) fn stranger(&self) -> Client {
        self.client(HeaderMap::new())
    }

    /// A browser: it keeps cookies and is not signed in yet.
    pub(crate) fn browser(&self) -> Client {
        let http = reqwest::Client::builder().cookie_store(true).build().expect("a client");
        Client { http, base: self.url() }
    }

    /// Gives an account of `seed.sql` a password.
    pub(crate) async fn set_password(&self, login: &str, password: &str) {
        let mut transaction = self.ground.database.begin(&Scope::system()).await.expect("begins");
        let parsed = login.parse().expect("a login");
        let account =
            accounts::account_of_login(&mut transaction, &parsed).await.expect("reads").expect("is there");
        let password = NewPassword::parse(Password::new(password.into()), login).expect("fits");
        accounts::set_password(&mut transaction, account.id, password).await.expect("sets");
        transaction.commit().await.expect("commits");
    }

    fn client(&self, headers: HeaderMap) -> Client {
        let http = reqwest::Client::builder().default_headers(headers).build().expect("a client");
        Client { http, base: self.url() }
    }
}

impl Answer {
    /// The codes of the items of a list.
    pub(crate) fn codes(&self) -> Vec<&str> {
        let items = self.body["items"].as_array().expect("a list");
        items.iter().map(|item| item["code"].as_str().expect("an item with a code")).collect()
    }

    /// The fields that a problem names.
    pub(crate) fn faults(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().expect("a problem that names fields");
        errors.iter().map(|fault| fault["field"].as_str().expect("a field")).collect()
    }
}

impl Client {
    /// `GET`.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.http.get(self.url(path))).await
    }

    /// `POST` with a JSON body.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.http.post(self.url(path)).json(body)).await
    }

    /// `PATCH` with a JSON body, from `version` if one is given.
    pub(crate) async fn patch(&self, path: &str, version: Option<&str>, body: &Value) -> Answer {
        let mut request = self.http.patch(self.url(path)).json(body);
        if let Some(version) = version {
            request = request.header("If-Match", version);
        }
        self.send(request).await
    }

    /// The layers of the vector tile at `path`; none where there is nothing to see.
    pub(crate) async fn tile(&self, path: &str) -> Vec<TileLayer> {
        let request = self.http.get(self.url(path)).header(reqwest::header::ACCEPT_ENCODING, "identity");
        let response = request.send().await.expect("an answer");
        assert!(matches!(response.status().as_u16(), 200 | 204), "{path}: {}", response.status());
        vector_tile::read(&response.bytes().await.expect("a body"))
    }

    /// `DELETE`.
    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(self.http.delete(self.url(path))).await
    }

    /// Anything else.
    pub(crate) fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, self.url(path))
    }

    /// Sends a request and reads its answer.
    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.expect("a body");
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status, headers, body }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}
