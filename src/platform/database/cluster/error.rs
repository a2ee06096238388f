//! Why a private cluster could not be used, said so that the operator can mend it.

use std::path::PathBuf;

use crate::message;
use crate::platform::locale::Message;

/// Why a private cluster could not be used.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
#[non_exhaustive]
pub enum ClusterError {
    /// No PostgreSQL with PostGIS on this machine.
    NotInstalled,
    /// The cluster was made by a version that is no longer installed.
    VersionMissing {
        /// The major version that made it.
        made_by: u32,
    },
    /// There is no place for data: neither `--data-dir` nor a home directory.
    NoHome,
    /// Another instance holds the directory.
    InUse {
        /// The directory.
        directory: PathBuf,
        /// The process that holds it, as far as it said.
        holder: Option<u32>,
    },
    /// Run as root, and there is no other system user to run PostgreSQL as.
    NoServerUser,
    /// PostgreSQL's user cannot reach the data through this directory.
    Closed {
        /// The directory on the way that refuses.
        directory: PathBuf,
        /// The user who must pass.
        user: String,
    },
    /// A directory that only we may write belongs to somebody else.
    Foreign {
        /// The directory.
        directory: PathBuf,
    },
    /// The cluster is there, the passwords are not.
    PasswordsMissing {
        /// Where they should be.
        file: PathBuf,
    },
    /// A file or directory could not be read or written.
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A program of PostgreSQL could not be run.
    Program {
        /// Which.
        program: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// `initdb` failed.
    Init {
        /// What it said.
        output: String,
    },
    /// The server ended while starting, or never answered.
    NotStarted {
        /// Its log.
        log: PathBuf,
        /// The log's last lines.
        tail: String,
    },
    /// What a killed service left running does not end.
    LeftoversRemain {
        /// The processes.
        processes: Vec<i32>,
    },
    /// The operator interrupted the start.
    Interrupted,
    /// The server runs, and refused a statement of the preparation.
    Sql(#[source] sqlx::Error),
}

impl ClusterError {
    /// The reason in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::NotInstalled => message!(
                "未找到带 PostGIS 的 PostgreSQL（15 或更新版本）；请安装软件包 postgresql 与 postgresql-<版本>-postgis-3，或用 --database-url 指定数据库",
                "no PostgreSQL (15 or later) with PostGIS found: install the packages postgresql and postgresql-<version>-postgis-3, or name a database by --database-url"
            ),
            Self::VersionMissing { made_by } => message!(
                "数据目录由 PostgreSQL {made_by} 建立，本机现无该版本（或缺 PostGIS）；请安装 postgresql-{made_by}-postgis-3，或用 pg_upgrade 升级",
                "the data directory was made by PostgreSQL {made_by}, which is not installed (or lacks PostGIS): install postgresql-{made_by}-postgis-3, or upgrade with pg_upgrade"
            ),
            Self::NoHome => message!(
                "不知道数据放在何处：请用 --data-dir 指定",
                "there is no home directory to keep data in: give --data-dir"
            ),
            Self::InUse { directory, holder } => {
                let directory = directory.display();
                let process = holder.map_or_else(|| "?".into(), |pid| pid.to_string());
                message!(
                    "数据目录 {directory} 正由另一个 gridkeeper（进程 {process}）使用",
                    "another gridkeeper (process {process}) is using the data directory {directory}"
                )
            }
            Self::NoServerUser => message!(
                "PostgreSQL 不能以 root 运行，而本机没有 postgres 用户；请以普通用户运行",
                "PostgreSQL refuses to run as root and this machine has no user postgres: run as an ordinary user"
            ),
            Self::Closed { directory, user } => {
                let directory = directory.display();
                message!(
                    "用户 {user}（运行 PostgreSQL）无法进入 {directory}；请用 --data-dir 另选目录，如 /var/lib/gridkeeper",
                    "the user {user}, who runs PostgreSQL, cannot enter {directory}: choose another --data-dir, such as /var/lib/gridkeeper"
                )
            }
            Self::Foreign { directory } => {
                let directory = directory.display();
                message!(
                    "目录 {directory} 属于其他用户，不予使用",
                    "the directory {directory} belongs to another user: refusing to use it"
                )
            }
            Self::PasswordsMissing { file } => {
                let file = file.display();
                message!(
                    "数据库已在，但口令文件 {file} 缺失；请从备份恢复该文件",
                    "the database is there but its passwords ({file}) are not: restore the file from a backup"
                )
            }
            Self::File { path, .. } => {
                let path = path.display();
                message!("无法读写 {path}", "cannot read or write {path}")
            }
            Self::Program { program, .. } => {
                let program = program.display();
                message!("无法运行 {program}", "cannot run {program}")
            }
            Self::Init { output } => {
                message!("initdb 建立数据库失败：\n{output}", "initdb failed:\n{output}")
            }
            Self::NotStarted { log, tail } => {
                let log = log.display();
                message!(
                    "PostgreSQL 未能启动，日志 {log} 末尾：\n{tail}",
                    "PostgreSQL did not start; the end of its log {log}:\n{tail}"
                )
            }
            Self::LeftoversRemain { processes } => message!(
                "上次遗留的数据库进程 {processes:?} 无法结束",
                "database processes {processes:?} left by a killed service do not end"
            ),
            Self::Interrupted => message!("启动被中断", "the start was interrupted"),
            Self::Sql(_) => {
                message!("无法在私有数据库中建立角色与扩展", "cannot prepare the private cluster's roles")
            }
        }
    }

    /// For `map_err`: a file or directory that failed.
    pub(super) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
