//! API tokens: for programs and GIS clients, with the rights of the account they belong to.

use axum::extract::State;
use axum::http::{StatusCode, header};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::super::model::{ApiToken, ApiTokenMade, NewApiToken};
use super::super::store;
use crate::message;
use crate::platform::accounts::{Secret, Session};
use crate::platform::audit::{self, Entry};
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::http::{IdempotencyKey, Json, Page, Path};
use crate::platform::problem::{Problem, ProblemBody};

/// Tells people, and programs that look for leaked secrets, what the text is.
const PREFIX: &str = "gk_";
/// More than this is a program gone wrong.
const MOST_TOKENS: usize = 50;

pub(super) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(list_tokens, create_token)).routes(routes!(revoke_token))
}

/// List one's API tokens.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "tokens", responses(
    (status = 200, body = Page<ApiToken>),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn list_tokens(
    State(ground): State<Ground>,
    session: Session,
) -> Result<Json<Page<ApiToken>>, Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let items = store::tokens(&mut transaction, session.account).await?;
    transaction.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Create an API token.
///
/// Its secret is shown this once. Needs a browser session: a token cannot make tokens. An `Idempotency-Key` makes one
/// token: sent again it is refused with 409, for there is no secret left to show.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens",
    params(("Idempotency-Key" = Option<String>, Header, description = "Sending it again makes no second token")),
    request_body = NewApiToken,
    responses(
        (status = 201, body = ApiTokenMade),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn create_token(
    State(ground): State<Ground>,
    session: Session,
    key: IdempotencyKey,
    Json(request): Json<NewApiToken>,
) -> Result<(StatusCode, [(header::HeaderName, &'static str); 1], Json<ApiTokenMade>), Problem> {
    session.require_browser()?;
    let name = request.name.trim();
    if !(1..=100).contains(&name.chars().count()) {
        let why = message!("名称应为 1 至 100 个字符", "a name has 1 to 100 characters");
        return Err(Problem::invalid("name", why));
    }
    if request.expires_at.is_some_and(|end| end <= ground.clock.now()) {
        return Err(Problem::invalid("expires_at", message!("应在将来", "should lie in the future")));
    }
    let secret = Secret::random(PREFIX);
    let mut transaction = ground.database.begin(&session.scope()).await?;
    if store::tokens(&mut transaction, session.account).await?.len() >= MOST_TOKENS {
        return Err(Problem::conflict(message!(
            "API 令牌已达 {MOST_TOKENS} 个，请先撤销不用的",
            "There are {MOST_TOKENS} API tokens already: revoke some first"
        )));
    }
    let id = key.id(session.account, None);
    let hash = secret.hash();
    let added = store::add_token(&mut transaction, id, session.account, name, &hash, request.expires_at);
    let token = added.await?.ok_or_else(|| {
        Problem::conflict(message!(
            "此 Idempotency-Key 已创建过令牌，密钥只显示一次；如未收到，请撤销后用新的 Idempotency-Key 再建",
            "This Idempotency-Key has made a token already, and a secret is shown once: if it did not arrive, \
             revoke the token and make another with a new key"
        ))
    })?;
    let id = id.to_string();
    audit::record(&mut transaction, &session, Entry::deed("create", "api-token", &id)).await?;
    transaction.commit().await?;
    let made = ApiTokenMade { token, secret: secret.reveal().to_owned() };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(made)))
}

/// Revoke an API token.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "tokens", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "Revoked"),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn revoke_token(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    if !store::revoke_token(&mut transaction, session.account, id).await? {
        return Err(Problem::not_found());
    }
    let subject = id.to_string();
    audit::record(&mut transaction, &session, Entry::deed("revoke", "api-token", &subject)).await?;
    transaction.commit().await?;
    ground.accounts.forget(session.account);
    ground.events.publish(Change::Account { id: session.account });
    Ok(StatusCode::NO_CONTENT)
}
