//! Passwords: Argon2id, computed off the async threads and never more than a few at once.
//!
//! Parameters are the OWASP Password Storage Cheat Sheet's for Argon2id: 19 MiB, two passes, one lane. A
//! password that nobody could have is verified against a hash of the same cost, so that the time of an answer
//! does not tell whether a login exists.

use std::fmt;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize, Serializer};
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use crate::message;
use crate::platform::locale::Message;
use crate::platform::problem::Problem;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// The fewest and the most characters of a new password. NIST SP 800-63B asks for at least 8 and for no rules
/// about kinds of characters; the upper end only bounds the work.
const LENGTH: std::ops::RangeInclusive<usize> = 10..=256;
/// How long a sign-in waits for its turn before it is asked to come back.
const PATIENCE: Duration = Duration::from_secs(10);

/// A password as it was typed. Never printed.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// A password from its text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }
}

/// Never written out: what is made of an account's request, such as a hash of it, must not hold the password.
impl Serialize for Password {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        writer.serialize_unit()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A password fit to be set.
#[derive(Debug, Clone)]
pub struct NewPassword(Password);

impl NewPassword {
    /// Takes `password` for the account that signs in as `login`.
    ///
    /// # Errors
    /// When it is too short, too long, or the login itself; the message says which.
    pub fn parse(password: Password, login: &str) -> Result<Self, Message> {
        let (least, most) = (LENGTH.start(), LENGTH.end());
        let length = password.0.chars().count();
        if !LENGTH.contains(&length) {
            return Err(message!(
                "密码应为 {least} 至 {most} 个字符",
                "a password has {least} to {most} characters"
            ));
        }
        let folded = password.0.to_lowercase();
        let first = folded.chars().next();
        if folded.contains(login) && length < login.len() + 6 || folded.chars().all(|c| Some(c) == first) {
            return Err(message!(
                "密码过于简单：不能只是登录名或重复的字符",
                "too easy to guess: not the login, nor one character repeated"
            ));
        }
        Ok(Self(password))
    }
}

/// Computes hashes, a few at a time. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Hashing {
    turns: Arc<Semaphore>,
}

impl Default for Hashing {
    /// Half of the processors: whoever floods the sign-in leaves the other half to everybody else.
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { turns: Arc::new(Semaphore::new((processors / 2).max(1))) }
    }
}

impl Hashing {
    /// True when `password` is the one `hash` was made from. Without a hash the same work ends in false.
    ///
    /// # Errors
    /// 429 when too many wait already.
    pub(super) async fn verify(&self, password: &Password, hash: Option<String>) -> Result<bool, Problem> {
        let Ok(Ok(_turn)) = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await
        else {
            return Err(Problem::too_many(PATIENCE.as_secs()));
        };
        let password = password.clone();
        tokio::task::spawn_blocking(move || {
            let known = hash.is_some();
            let hash = hash.as_deref().unwrap_or(&NOBODYS);
            known && matches(&password, hash)
        })
        .await
        .map_err(|error| Problem::internal(&error))
    }
}

/// The hash of a password nobody has.
static NOBODYS: LazyLock<String> = LazyLock::new(|| {
    let nobody = NewPassword(Password(rand::random::<u128>().to_string()));
    hash(&nobody).unwrap_or_default()
});

/// The PHC string to keep of `password`. Takes tens of milliseconds.
pub(super) fn hash(password: &NewPassword) -> Result<String, argon2::password_hash::Error> {
    argon2()?.hash_password(password.0.0.as_bytes()).map(|hash| hash.to_string())
}

/// As [`hash`], off the async threads.
pub(super) async fn hash_aside(password: NewPassword) -> Result<String, argon2::password_hash::Error> {
    tokio::task::spawn_blocking(move || hash(&password))
        .await
        .unwrap_or(Err(argon2::password_hash::Error::Crypto))
}

fn matches(password: &Password, hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    argon2().is_ok_and(|argon2| argon2.verify_password(password.0.as_bytes(), &parsed).is_ok())
}

fn argon2() -> Result<Argon2<'static>, argon2::password_hash::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(text: &str) -> Result<NewPassword, Message> {
        NewPassword::parse(Password(text.into()), "member1")
    }

    #[test]
    fn the_kept_hash_names_its_parameters_and_knows_its_password() {
        let kept = hash(&fit("correct horse").unwrap()).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(matches(&Password("correct horse".into()), &kept));
        assert!(!matches(&Password("correct horsf".into()), &kept));
        assert_ne!(kept, hash(&fit("correct horse").unwrap()).unwrap());
    }

    #[test]
    fn what_is_easily_guessed_is_refused() {
        for bad in ["", "short", "aaaaaaaaaaaaaa", "Member1123", &"长".repeat(257)] {
            assert!(fit(bad).is_err(), "{bad}");
        }
        for good in ["崔口村的密码要够长才行", "member1 likes walking", "1q2w3e4r5t"] {
            assert!(fit(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        assert_eq!(format!("{:?}", Password("secret secret".into())), "Password(…)");
    }

    #[tokio::test]
    async fn nobodys_password_matches_nothing() {
        let hashing = Hashing::default();
        assert!(!hashing.verify(&Password(String::new()), None).await.unwrap());
    }
}
