//! `gridkeeper account add`.

use crate::cli::language::text;
use crate::platform::accounts::{Department, Language, Login, NewAccount, NewPassword, Role};
use crate::platform::code::PlaceCode;

#[derive(Debug, clap::Args)]
pub(super) struct AddArgs {
    #[arg(value_name = "LOGIN", help = text("登录名：小写字母、数字或 . _ -", "The name it signs in with: a-z, 0-9 or . _ -"))]
    login: Login,
    #[arg(long, value_name = "NAME", help = text("姓名，显示给他人", "The name shown to others"))]
    name: String,
    #[arg(
        long, value_name = "ROLE",
        help = text(
            "角色：网格员 grid_member、网格长 grid_chief、规划员 planner、调解员 mediator、民警 police、检查员 inspector、指挥中心 command、管理员 administrator",
            "What it is: grid_member, grid_chief, planner, mediator, police, inspector, command or administrator"
        )
    )]
    role: Role,
    #[arg(
        long, value_name = "CODE",
        help = text("辖区编码：县 6 位、街道 9 位、村 12 位、网格 15 位", "The place it is responsible for: 6 digits for a county, 9 a street, 12 a village, 15 a grid")
    )]
    scope: PlaceCode,
    #[arg(
        long, value_name = "DEPARTMENT",
        help = text("部门：fire、safety、police、law_enforcement、market_supervision", "Of which department: fire, safety, police, law_enforcement or market_supervision")
    )]
    department: Option<Department>,
    #[arg(long, value_name = "zh|en", default_value = "zh", help = text("界面语言", "The language it works in"))]
    language: Language,
    #[arg(long, help = text("不设密码，只能用令牌", "Set no password: it can be used by token only"))]
    no_password: bool,
}

/// An account ready to be made.
pub(super) struct Asked {
    pub(super) account: NewAccount,
    pub(super) password: Option<NewPassword>,
}

impl AddArgs {
    /// Asks for the password.
    pub(super) fn ask(self) -> anyhow::Result<Asked> {
        let password = if self.no_password { None } else { Some(super::password::ask(self.login.as_str())?) };
        let account = NewAccount {
            login: self.login,
            display_name: self.name,
            role: self.role,
            scope_code: self.scope,
            department: self.department,
            locale: self.language,
        };
        Ok(Asked { account, password })
    }
}
