//! Accounts: who may sign in, how, and what they are once they have.
//!
//! The mechanism lives here: credentials, passwords, throttling, the session every handler starts with, and what
//! the command line does to accounts. The HTTP of it is the room `domain::accounts`.

mod credential;
mod manage;
mod model;
mod password;
mod session;
mod sign_in;
mod store;
mod throttle;

pub use credential::{CookieNames, Secret};
pub use manage::{
    ManageError, NewAccount, account, account_of_login, change_account, close_sessions, create_account,
    disable, enable, list, open_session, set_password,
};
pub use model::{Account, AccountChange, Department, Language, Login, LoginError, Role};
pub use password::{NewPassword, Password};
pub use session::{Accounts, Session, SignedInWith};
pub use sign_in::{Attempt, SignedIn};
pub use store::AccountFilter;
