//! One-click sign-in, for the demonstration only: its people are invented and its doors stand open.
//!
//! [`router`] is merged by the roof when the configuration says that this is a demonstration; otherwise these
//! addresses do not exist.

use axum::extract::State;
use axum_extra::extract::CookieJar;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::model::{DemoChoice, DemoRole, SessionView};
use super::super::store;
use super::session::signed_in;
use crate::message;
use crate::platform::accounts::{
    Account, Department, Login, Role, Session, SignedInWith, account_of_login, open_session,
};
use crate::platform::code::PlaceCode;
use crate::platform::database::Scope;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Page};
use crate::platform::locale::Message;
use crate::platform::problem::{Problem, ProblemBody};

/// Whom a visitor can be with one click, in the order in which a report passes through their hands.
const SHOWN: [&str; 11] = [
    "member1",
    "member2",
    "member3",
    "chief",
    "command",
    "police",
    "fire",
    "safety",
    "mediator1",
    "planner",
    "admin",
];

/// The demonstration's routes.
#[must_use]
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(demo_roles)).routes(routes!(demo_sign_in))
}

/// List whom a visitor of the demonstration can be.
///
/// Only under `gridkeeper demo`.
#[utoipa::path(get, path = "/api/v1/demo/roles", tag = "demo", security(()), responses(
    (status = 200, body = Page<DemoRole>),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn demo_roles(State(ground): State<Ground>) -> Result<Json<Page<DemoRole>>, Problem> {
    let mut transaction = ground.database.begin(&Scope::system()).await?;
    let mut items = Vec::with_capacity(SHOWN.len());
    for login in SHOWN {
        let login: Login = login.parse().map_err(|error| Problem::internal(&error))?;
        let Some(account) = account_of_login(&mut transaction, &login).await? else { continue };
        if account.disabled_at.is_some() {
            continue;
        }
        let place = place_of(&account)?;
        items.push(DemoRole {
            label: label(&account, &place),
            scope_name: store::place(&mut transaction, &place).await?.name,
            login: account.login,
            display_name: account.display_name,
            role: account.role,
            scope_code: place,
        });
    }
    transaction.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Sign in to the demonstration, without a password.
///
/// Only under `gridkeeper demo`. Any account will do, not only those listed.
#[utoipa::path(post, path = "/api/v1/demo/session", tag = "demo", security(()), request_body = DemoChoice, responses(
    (status = 200, body = SessionView, headers(("Set-Cookie" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn demo_sign_in(
    State(ground): State<Ground>,
    jar: CookieJar,
    Json(choice): Json<DemoChoice>,
) -> Result<(CookieJar, Json<SessionView>), Problem> {
    let unknown = || {
        let why = message!("演示中没有这个账号", "the demonstration has no such account");
        Problem::invalid("login", why)
    };
    let login: Login = choice.login.parse().map_err(|_| unknown())?;
    let mut transaction = ground.database.begin(&Scope::system()).await?;
    let account = account_of_login(&mut transaction, &login)
        .await?
        .filter(|account| account.disabled_at.is_none())
        .ok_or_else(unknown)?;
    let secret = open_session(&mut transaction, account.id, ground.config.session_hours).await?;
    transaction.commit().await?;
    let session = Session {
        place: place_of(&account)?,
        account: account.id,
        login: account.login,
        display_name: account.display_name,
        role: account.role,
        department: account.department,
        with: SignedInWith::Cookie,
    };
    signed_in(&ground, jar, &session, &secret).await
}

fn place_of(account: &Account) -> Result<PlaceCode, Problem> {
    account.scope_code.parse().map_err(|error| Problem::internal(&error))
}

/// What the visitor would be.
fn label(account: &Account, place: &PlaceCode) -> Message {
    match (account.role, account.department) {
        (Role::GridMember, _) => {
            let number = place.grid().map_or(0, |grid| grid.number());
            message!("第{number}网格 网格员", "Grid member, grid {number}")
        }
        (Role::GridChief, _) => message!("网格长", "Grid chief"),
        (Role::Planner, _) => message!("网格规划员", "Grid planner"),
        (Role::Mediator, _) => message!("乡贤调解员", "Mediator"),
        (Role::Police, _) => message!("警务室民警", "Village police"),
        (Role::Inspector, Some(Department::Fire)) => message!("消防检查员", "Fire inspector"),
        (Role::Inspector, _) => message!("安全检查员", "Safety inspector"),
        (Role::Command, _) => message!("街道指挥中心", "Street command centre"),
        (Role::Administrator, _) => message!("县级管理员", "County administrator"),
    }
}
