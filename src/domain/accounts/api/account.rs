//! Accounts, kept by administrators within their own scope.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::super::model::AccountRequest;
use super::super::store;
use crate::message;
use crate::platform::accounts::{
    self, Account, AccountChange, AccountFilter, Language, Login, LoginError, NewAccount, NewPassword,
    Password, Role, Session,
};
use crate::platform::audit::{self, Entry};
use crate::platform::code::PlaceCode;
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::http::{Etag, IdempotencyKey, IfMatch, Json, Page, Paging, Path, Query};
use crate::platform::problem::{Problem, ProblemBody};

pub(super) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(list_accounts, create_account))
        .routes(routes!(get_account, change_account))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListAccounts {
    /// Only accounts of this role.
    role: Option<Role>,
    /// Only accounts responsible for places within this code.
    within: Option<String>,
    /// Only accounts whose login or name contains this.
    q: Option<String>,
    /// Rows in the page, 1 to 500; 100 unless given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// List accounts.
///
/// For administrators: the accounts within their scope, by login.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts", params(ListAccounts), responses(
    (status = 200, body = Page<Account>),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn list_accounts(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<ListAccounts>,
) -> Result<Json<Page<Account>>, Problem> {
    session.require(&[Role::Administrator])?;
    let paging = Paging { limit: query.limit, cursor: query.cursor };
    let limit = paging.limit()?;
    let within = match query.within {
        Some(code) => code.parse::<PlaceCode>().map_err(|error| error.problem("within"))?,
        None => session.place.clone(),
    };
    if !session.place.covers(within.as_str()) {
        return Ok(Json(Page { items: Vec::new(), next_cursor: None }));
    }
    let filter = AccountFilter {
        within: within.to_string(),
        role: query.role,
        containing: query.q,
        after: paging.after()?,
    };
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let items = accounts::list(&mut transaction, &filter, limit + 1).await?;
    transaction.commit().await?;
    Ok(Json(Page::cut(items, limit, |account| account.login.clone())))
}

/// Get an account.
#[utoipa::path(get, path = "/api/v1/accounts/{id}", tag = "accounts", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Account, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn get_account(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<(Etag, Json<Account>), Problem> {
    session.require(&[Role::Administrator])?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let account = within_scope(&session, accounts::account(&mut transaction, id).await?)?;
    transaction.commit().await?;
    Ok((Etag(account.version), Json(account)))
}

/// Create an account.
///
/// For administrators, within their own scope.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts",
    params(("Idempotency-Key" = Option<String>, Header, description = "Sending the same again does nothing new")),
    request_body = AccountRequest, responses(
    (status = 201, body = Account, headers(("ETag" = String), ("Location" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn create_account(
    State(ground): State<Ground>,
    session: Session,
    key: IdempotencyKey,
    Json(request): Json<AccountRequest>,
) -> Result<Response, Problem> {
    session.require(&[Role::Administrator])?;
    let login: Login =
        request.login.parse().map_err(|_: LoginError| Problem::invalid("login", LoginError::message()))?;
    let password = fit_password(request.password.clone(), login.as_str())?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let once = match key.begin(&mut transaction, session.account, &request).await? {
        Ok(once) => once,
        Err(first_answer) => return Ok(first_answer),
    };
    check_place(&mut transaction, &session, &request.scope_code).await?;
    let new = NewAccount {
        login,
        display_name: request.display_name,
        role: request.role,
        scope_code: request.scope_code,
        department: request.department,
        locale: request.locale.unwrap_or(Language::Zh),
    };
    let account = accounts::create_account(&mut transaction, &new, password).await?;
    let id = account.id.to_string();
    audit::record(&mut transaction, &session, Entry::created("account", &id, &account.scope_code)).await?;
    once.remember(&mut transaction, StatusCode::CREATED, &account).await?;
    transaction.commit().await?;
    let location = [(header::LOCATION, format!("/api/v1/accounts/{id}"))];
    Ok((StatusCode::CREATED, Etag(account.version), location, Json(account)).into_response())
}

/// Change an account.
///
/// For administrators, within their own scope. Nobody can disable their own account or take away their own role.
#[utoipa::path(patch, path = "/api/v1/accounts/{id}", tag = "accounts",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = AccountChange,
    responses(
        (status = 200, body = Account, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn change_account(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(change): Json<AccountChange>,
) -> Result<(Etag, Json<Account>), Problem> {
    session.require(&[Role::Administrator])?;
    if id == session.account {
        refuse_sawing_off_the_branch(&change)?;
    }
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let before = within_scope(&session, accounts::account(&mut transaction, id).await?)?;
    if before.version != version {
        return Err(Problem::stale());
    }
    if let Some(code) = &change.scope_code {
        check_place(&mut transaction, &session, code).await?;
    }
    let password = fit_password(change.password.clone(), &before.login)?;
    let account = accounts::change_account(&mut transaction, &before, &change, password)
        .await?
        .ok_or_else(Problem::stale)?;
    let subject = id.to_string();
    audit::record(&mut transaction, &session, Entry::changed("account", &subject, &account.scope_code))
        .await?;
    transaction.commit().await?;
    ground.accounts.forget(id);
    ground.events.publish(Change::Account { id });
    Ok((Etag(account.version), Json(account)))
}

/// The account, unless the street lets it be seen but the administrator's scope does not hold it.
fn within_scope(session: &Session, account: Option<Account>) -> Result<Account, Problem> {
    account.filter(|account| session.place.covers(&account.scope_code)).ok_or_else(Problem::not_found)
}

fn fit_password(password: Option<Password>, login: &str) -> Result<Option<NewPassword>, Problem> {
    password
        .map(|password| NewPassword::parse(password, login))
        .transpose()
        .map_err(|why| Problem::invalid("password", why))
}

fn refuse_sawing_off_the_branch(change: &AccountChange) -> Result<(), Problem> {
    let why = || message!("不能对自己的账号作此修改", "not to one's own account");
    for (field, touched) in [
        ("disabled", change.disabled == Some(true)),
        ("role", change.role.is_some_and(|role| role != Role::Administrator)),
        ("scope_code", change.scope_code.is_some()),
    ] {
        if touched {
            return Err(Problem::invalid(field, why()));
        }
    }
    Ok(())
}

async fn check_place(
    connection: &mut sqlx::PgConnection,
    session: &Session,
    code: &PlaceCode,
) -> Result<(), Problem> {
    if !session.place.covers(code.as_str()) {
        return Err(Problem::forbidden()
            .field("scope_code", message!("超出您的辖区 {}", "outside your own area {}", session.place)));
    }
    if !store::place_exists(connection, code).await? {
        return Err(Problem::invalid(
            "scope_code",
            message!("没有此编码的网格或行政区划", "there is no grid or area with this code"),
        ));
    }
    Ok(())
}
