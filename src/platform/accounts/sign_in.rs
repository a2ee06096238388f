//! Signing in with a password.

use std::net::IpAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::credential::{Secret, secret_hash};
use super::password::Password;
use super::session::{Accounts, Session, SignedInWith};
use super::store;
use super::throttle::Who;
use crate::message;
use crate::platform::audit;
use crate::platform::config::Config;
use crate::platform::database::{Database, Scope};
use crate::platform::problem::Problem;

/// Somebody at the door.
#[derive(Debug)]
pub struct Attempt<'a> {
    /// The login as typed.
    pub login: &'a str,
    /// The password as typed.
    pub password: &'a Password,
    /// Where they come from.
    pub address: IpAddr,
    /// The device cookie of the browser, if it has one.
    pub device: Option<&'a str>,
}

/// Somebody let in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who they are.
    pub session: Session,
    /// For the session cookie.
    pub secret: Secret,
    /// For the device cookie.
    pub device: String,
}

impl Accounts {
    /// Lets somebody in if the password is right. An unknown login, a disabled account and a wrong password take
    /// the same time and get the same answer.
    ///
    /// # Errors
    /// 401 when it is not right, 429 when this caller has to wait, 503 when the database is away.
    pub async fn sign_in(
        &self,
        database: &Database,
        config: &Config,
        attempt: Attempt<'_>,
    ) -> Result<SignedIn, Problem> {
        self.throttle.admit(attempt.address).map_err(wait)?;
        let mut transaction = database.begin(&Scope::system()).await?;
        let found = store::by_login_with_hash(&mut transaction, attempt.login).await?;
        // The connection goes back before the slow part.
        transaction.commit().await?;
        let (holder, hash) = found.unzip();
        let known_device = match (&holder, &hash, attempt.device) {
            (Some(holder), Some(hash), Some(device)) => device_is_known(device, holder.id, hash),
            _ => false,
        };
        let who = match attempt.device {
            Some(device) if known_device => Who::Device(device.to_owned()),
            _ => Who::stranger(attempt.login, attempt.address),
        };
        self.throttle.try_now(&who).await.map_err(wait)?;
        let right = self.hashing.verify(attempt.password, hash.clone()).await?;
        let (Some(holder), Some(hash), true) = (holder, hash, right) else {
            tracing::info!("a sign-in failed");
            return Err(wrong_credentials());
        };
        self.throttle.succeeded(&who).await;
        let device = match attempt.device {
            Some(device) if known_device => device.to_owned(),
            _ => new_device(holder.id, &hash),
        };
        let session = Session::of(holder, SignedInWith::Cookie)?;
        let secret = Secret::random("");
        let mut transaction = database.begin(&Scope::system()).await?;
        store::open_session(&mut transaction, session.account, &secret.hash(), config.session_hours).await?;
        let id = session.account.to_string();
        audit::record(&mut transaction, &session, audit::Entry::deed("sign-in", "account", &id)).await?;
        transaction.commit().await?;
        Ok(SignedIn { session, secret, device })
    }

    /// Ends the session that `secret` opens, if it opens one, and says whose it was.
    ///
    /// # Errors
    /// 503 when the database is away.
    pub async fn sign_out(&self, database: &Database, secret: &str) -> Result<Option<Uuid>, Problem> {
        let mut transaction = database.begin(&Scope::system()).await?;
        let account = store::close_session(&mut transaction, &secret_hash(secret)).await?;
        transaction.commit().await?;
        Ok(account)
    }

    /// True when `password` is the account's own, for a change that asks for it again. Counted like a sign-in.
    ///
    /// # Errors
    /// 429 when this caller has to wait, 503 when the database is away.
    pub async fn confirm_password(
        &self,
        database: &Database,
        session: &Session,
        password: &Password,
        address: IpAddr,
    ) -> Result<bool, Problem> {
        self.throttle.admit(address).map_err(wait)?;
        let mut transaction = database.begin(&Scope::system()).await?;
        let found = store::by_login_with_hash(&mut transaction, &session.login).await?;
        transaction.commit().await?;
        let who = Who::stranger(&session.login, address);
        self.throttle.try_now(&who).await.map_err(wait)?;
        let right = self.hashing.verify(password, found.map(|(_, hash)| hash)).await?;
        if right {
            self.throttle.succeeded(&who).await;
        }
        Ok(right)
    }
}

fn wait(time: Duration) -> Problem {
    Problem::too_many(time.as_secs() + 1)
}

fn wrong_credentials() -> Problem {
    Problem::new(
        axum::http::StatusCode::UNAUTHORIZED,
        "wrong-credentials",
        message!("登录名或密码不正确", "The login or the password is wrong"),
    )
}

/// A device cookie: a nonce and its authentication code under the account's password hash, which nobody outside
/// the database has. A new password makes every device a stranger again.
fn new_device(account: Uuid, password_hash: &str) -> String {
    let nonce = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
    let code = URL_SAFE_NO_PAD.encode(device_code(account, password_hash, &nonce).finalize().into_bytes());
    format!("{nonce}.{code}")
}

fn device_is_known(device: &str, account: Uuid, password_hash: &str) -> bool {
    let Some((nonce, code)) = device.split_once('.') else { return false };
    let Ok(code) = URL_SAFE_NO_PAD.decode(code) else { return false };
    device_code(account, password_hash, nonce).verify_slice(&code).is_ok()
}

fn device_code(account: Uuid, password_hash: &str, nonce: &str) -> Hmac<Sha256> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(password_hash.as_bytes()) else {
        unreachable!("HMAC takes keys of any length")
    };
    mac.update(b"gridkeeper device\0");
    mac.update(account.as_bytes());
    mac.update(nonce.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_known_to_its_account_until_the_password_changes() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let device = new_device(one, "$argon2id$a");
        assert!(device_is_known(&device, one, "$argon2id$a"));
        assert!(!device_is_known(&device, other, "$argon2id$a"));
        assert!(!device_is_known(&device, one, "$argon2id$b"));
        for forged in ["", ".", "a.b", &device[1..]] {
            assert!(!device_is_known(forged, one, "$argon2id$a"), "{forged}");
        }
    }
}
