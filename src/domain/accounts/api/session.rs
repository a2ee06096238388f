//! Signing in, signing out, and one's own password.

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum_extra::extract::CookieJar;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::model::{Credentials, PasswordChange, SessionView};
use super::super::{capability, store};
use crate::message;
use crate::platform::accounts::{
    Attempt, CookieNames, NewPassword, Secret, Session, SignedInWith, account, set_password,
};
use crate::platform::audit;
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::http::{ClientAddress, Json};
use crate::platform::problem::{Problem, ProblemBody};

/// A login and two passwords fit; whoever is not signed in yet gets to send no more.
const MOST_BYTES: usize = 16 * 1024;

pub(super) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(get_session, sign_in, sign_out))
        .routes(routes!(change_password))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
}

/// Sign in.
///
/// Answers with the session and sets its cookie. An unknown login and a wrong password are not told apart.
/// Guessing is slowed down per login and address; a browser that has signed in before is not slowed down by
/// strangers' guesses.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", security(()), request_body = Credentials, responses(
    (status = 200, body = SessionView, headers(("Set-Cookie" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn sign_in(
    State(ground): State<Ground>,
    ClientAddress(address): ClientAddress,
    jar: CookieJar,
    Json(credentials): Json<Credentials>,
) -> Result<(CookieJar, Json<SessionView>), Problem> {
    let names = CookieNames::of(&ground.config);
    let device = jar.get(names.device()).map(|cookie| cookie.value().to_owned());
    let attempt = Attempt {
        login: &credentials.login,
        password: &credentials.password,
        address,
        device: device.as_deref(),
    };
    let signed = ground.accounts.sign_in(&ground.database, &ground.config, attempt).await?;
    let jar = jar.add(names.device_cookie(signed.device));
    signed_in(&ground, jar, &signed.session, &signed.secret).await
}

/// The answer to somebody who has just been let in: their session, and its cookie.
///
/// # Errors
/// 503 when the database is away.
pub async fn signed_in(
    ground: &Ground,
    jar: CookieJar,
    session: &Session,
    secret: &Secret,
) -> Result<(CookieJar, Json<SessionView>), Problem> {
    let cookie = CookieNames::of(&ground.config).session_cookie(secret.reveal().to_owned(), &ground.config);
    Ok((jar.add(cookie), Json(view(ground, session).await?)))
}

/// Get the session.
///
/// Who is signed in, where, and what they may do. Renews the cookie.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", responses(
    (status = 200, body = SessionView),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn get_session(
    State(ground): State<Ground>,
    session: Session,
    jar: CookieJar,
) -> Result<(CookieJar, Json<SessionView>), Problem> {
    let names = CookieNames::of(&ground.config);
    let value = jar.get(names.session()).map(|cookie| cookie.value().to_owned());
    let jar = match value {
        Some(value) if session.with == SignedInWith::Cookie => {
            jar.add(names.session_cookie(value, &ground.config))
        }
        _ => jar,
    };
    Ok((jar, Json(view(&ground, &session).await?)))
}

/// The browser forgets the photos and tiles that it kept of this account (<https://www.w3.org/TR/clear-site-data/>).
const FORGET: (HeaderName, HeaderValue) =
    (HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));

/// Sign out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", responses(
    (status = 204, description = "Signed out, or was not signed in"),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn sign_out(
    State(ground): State<Ground>,
    jar: CookieJar,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1], CookieJar), Problem> {
    let names = CookieNames::of(&ground.config);
    if let Some(cookie) = jar.get(names.session())
        && let Some(account) = ground.accounts.sign_out(&ground.database, cookie.value()).await?
    {
        ground.accounts.forget(account);
        ground.events.publish(Change::Account { id: account });
    }
    Ok((StatusCode::NO_CONTENT, [FORGET], jar.add(names.no_session())))
}

/// Change one's own password.
///
/// Ends all of the account's sessions but opens a new one for the browser that asked. Not for API tokens.
#[utoipa::path(put, path = "/api/v1/session/password", tag = "session", request_body = PasswordChange, responses(
    (status = 200, body = SessionView, headers(("Set-Cookie" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn change_password(
    State(ground): State<Ground>,
    session: Session,
    ClientAddress(address): ClientAddress,
    jar: CookieJar,
    Json(change): Json<PasswordChange>,
) -> Result<(CookieJar, Json<SessionView>), Problem> {
    session.require_browser()?;
    let password = NewPassword::parse(change.new_password, &session.login)
        .map_err(|why| Problem::invalid("new_password", why))?;
    let accounts = &ground.accounts;
    if !accounts.confirm_password(&ground.database, &session, &change.current_password, address).await? {
        return Err(Problem::invalid(
            "current_password",
            message!("原密码不正确", "this is not the current password"),
        ));
    }
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let id = session.account.to_string();
    audit::record(&mut transaction, &session, audit::Entry::deed("change-password", "account", &id)).await?;
    set_password(&mut transaction, session.account, password).await?;
    let secret = crate::platform::accounts::open_session(
        &mut transaction,
        session.account,
        ground.config.session_hours,
    )
    .await?;
    transaction.commit().await?;
    ground.accounts.forget(session.account);
    ground.events.publish(Change::Account { id: session.account });
    signed_in(&ground, jar, &session, &secret).await
}

async fn view(ground: &Ground, session: &Session) -> Result<SessionView, Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let account = account(&mut transaction, session.account).await?.ok_or_else(Problem::unauthenticated)?;
    let place = store::place(&mut transaction, &session.place).await?;
    transaction.commit().await?;
    let [west, south, east, north] = place.bbox;
    Ok(SessionView {
        account,
        scope_name: place.name,
        map_center: [f64::midpoint(west, east), f64::midpoint(south, north)],
        map_bbox: place.bbox,
        demo: ground.config.demo,
        may: capability::of(session.role),
    })
}
