//! Roles, departments, and an account as it is shown.
//!
//! What a role may read and write is decided by the policies in `migrations/`; [`Session::require`] lets a
//! handler refuse early and say so well.
//!
//! [`Session::require`]: super::Session::require

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::password::Password;
use crate::message;
use crate::platform::code::PlaceCode;
use crate::platform::http::Edit;
use crate::platform::locale::Message;
use crate::terms;

terms! {
    /// What an account is, and so what it may do.
    Role {
        /// Walks one grid.
        GridMember = "grid_member", "网格员";
        /// Leads a village's grids.
        GridChief = "grid_chief", "网格长";
        /// Redraws boundaries; sees counts, no cases.
        Planner = "planner", "规划员";
        /// Hears disputes.
        Mediator = "mediator", "调解员";
        /// The village police room.
        Police = "police", "民警";
        /// Looks for hazards: fire or safety.
        Inspector = "inspector", "检查员";
        /// The street command centre.
        Command = "command", "指挥中心";
        /// Keeps accounts and reference data; sees no case.
        Administrator = "administrator", "管理员";
    }
}

terms! {
    /// Whom the command centre can dispatch.
    Department {
        /// 消防.
        Fire = "fire", "消防";
        /// 安监.
        Safety = "safety", "应急安监";
        /// 公安.
        Police = "police", "公安";
        /// 综合执法.
        LawEnforcement = "law_enforcement", "综合执法";
        /// 市场监管.
        MarketSupervision = "market_supervision", "市场监管";
    }
}

terms! {
    /// The language an account works in.
    Language {
        /// Chinese.
        Zh = "zh", "中文";
        /// English.
        En = "en", "英文";
    }
}

/// The name an account signs in with: 2 to 63 of `a-z`, `0-9`, `.`, `_`, `-`, not starting with punctuation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Login(String);

/// The text is no login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a login is 2 to 63 of a-z, 0-9, '.', '_' and '-', and starts with a letter or a digit")]
pub struct LoginError;

impl LoginError {
    /// The reason in both languages.
    #[must_use]
    pub fn message() -> Message {
        message!(
            "登录名为 2 至 63 个小写字母、数字或 . _ -，且以字母或数字开头",
            "a login is 2 to 63 of a-z, 0-9, '.', '_' and '-', and starts with a letter or a digit"
        )
    }
}

impl Login {
    /// The login's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Login {
    type Err = LoginError;

    fn from_str(text: &str) -> Result<Self, LoginError> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let sound = (2..=63).contains(&text.len())
            && text.bytes().all(|byte| plain(byte) || matches!(byte, b'.' | b'_' | b'-'))
            && text.bytes().next().is_some_and(plain);
        if sound { Ok(Self(text.to_owned())) } else { Err(LoginError) }
    }
}

impl TryFrom<String> for Login {
    type Error = LoginError;

    fn try_from(text: String) -> Result<Self, LoginError> {
        text.parse()
    }
}

impl From<Login> for String {
    fn from(login: Login) -> Self {
        login.0
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An account as shown to those who keep accounts, and to its owner.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// The name it signs in with.
    #[schema(example = "member1")]
    pub login: String,
    /// The name shown to others.
    pub display_name: String,
    /// What it is.
    pub role: Role,
    /// The place it is responsible for: everything whose code starts with this.
    #[schema(example = "370828003218001")]
    pub scope_code: String,
    /// Of which department.
    pub department: Option<Department>,
    /// The language it works in.
    pub locale: Language,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Since when it may not sign in.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Rises with each change; the `ETag`.
    pub version: i32,
}

/// What an administrator may change about an account. What is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// The name shown to others.
    pub display_name: Option<String>,
    /// What it is.
    pub role: Option<Role>,
    /// The place it is responsible for.
    #[schema(value_type = Option<String>)]
    pub scope_code: Option<PlaceCode>,
    /// Of which department; null for none.
    #[serde(default)]
    #[schema(value_type = Option<Department>)]
    pub department: Edit<Department>,
    /// The language it works in.
    pub locale: Option<Language>,
    /// True: it may not sign in. False: it may again.
    pub disabled: Option<bool>,
    /// A new password; the account's sessions end.
    pub password: Option<Password>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_short_lowercase_text() {
        for good in ["ab", "m370828003218001", "li.si_2-x", "0a"] {
            assert_eq!(good.parse::<Login>().unwrap().as_str(), good);
        }
        for bad in ["", "a", "-ab", ".x", "Ab", "张三", "a b", "a'b", &"a".repeat(64)] {
            assert_eq!(bad.parse::<Login>(), Err(LoginError), "{bad}");
        }
    }
}
