//! Roles and departments.
//!
//! What a role may read and write is decided by the policies in `migrations/`; [`Session::require`] lets a
//! handler refuse early and say so well.
//!
//! [`Session::require`]: super::Session::require

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
