//! Every kind of problem the service answers with, and what the caller can do about each.
//!
//! A problem's `type` is the address `/problems/<slug>`; what stands here is what that address shows. Slugs are
//! part of the API: they are added, never renamed.

/// One kind of problem.
#[derive(Debug)]
pub struct ProblemType {
    /// The stable last part of the problem's `type`.
    pub slug: &'static str,
    /// The HTTP status it comes with.
    pub status: u16,
    /// What it means and what to do, in Chinese.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
}

const fn kind(slug: &'static str, status: u16, zh: &'static str, en: &'static str) -> ProblemType {
    ProblemType { slug, status, zh, en }
}

/// All of them, by status.
pub const PROBLEM_TYPES: &[ProblemType] = &[
    kind(
        "malformed-request",
        400,
        "请求无法读取，例如不是有效的 JSON。detail 说明位置。",
        "The request could not be read: not valid JSON, for instance. The detail says where.",
    ),
    kind(
        "sign-in-needed",
        401,
        "需要登录，或登录已过期。请重新登录，或检查 API 令牌。",
        "Nobody is signed in, or the session has ended. Sign in again, or check the API token.",
    ),
    kind(
        "wrong-credentials",
        401,
        "登录名或密码不正确，或账号已停用。",
        "The login or the password is wrong, or the account is disabled.",
    ),
    kind(
        "not-permitted",
        403,
        "当前角色或辖区不允许此操作。各角色权限见 docs/ROLES.md。",
        "The role or the area of this account does not permit it. docs/ROLES.md has the table of roles.",
    ),
    kind(
        "cross-origin",
        403,
        "请求由其他网站发出，已拒绝。程序请使用 API 令牌；反向代理须原样传递 Host。",
        "The request was made by another site. Programs use API tokens; a reverse proxy must pass Host on as it is.",
    ),
    kind(
        "not-found",
        404,
        "没有此内容，或不在您的辖区内。",
        "There is no such thing, or it lies outside your area.",
    ),
    kind(
        "method-not-allowed",
        405,
        "此地址不支持该操作，Allow 响应头列出支持的操作。",
        "This address does not take this method; the Allow header lists those it takes.",
    ),
    kind(
        "conflict",
        409,
        "与已有内容冲突：标识或编码已用于另一条记录，或当前状态不允许。",
        "Conflicts with what is stored: the id or code belongs to another record, or its state does not allow it.",
    ),
    kind(
        "wrong-status",
        409,
        "事件的当前状态不允许此操作。读取事件的 actions，其中列出可执行的操作。",
        "The report's status does not allow this. The actions of the report list what it allows.",
    ),
    kind(
        "stale-version",
        412,
        "他人已先行修改。重新读取，核对后带新的 ETag 再提交。",
        "Somebody else changed it first. Read it again, and send the change with the new ETag.",
    ),
    kind(
        "too-large",
        413,
        "内容超过上限。请减小文件，或分批提交。",
        "More than the service takes at once. Send a smaller file, or several.",
    ),
    kind(
        "unsupported-media-type",
        415,
        "内容类型不受支持。JSON 请使用 application/json。",
        "The content type is not one we read. JSON is application/json.",
    ),
    kind(
        "boundaries-do-not-fit",
        422,
        "网格之间有空隙、重叠，或超出本村。coverage 逐处列出面积与位置，改好后再发布。",
        "The grids leave gaps, overlap, or reach beyond the village. The member coverage lists each place with its area: \
         mend them and publish again.",
    ),
    kind(
        "edit-refused",
        422,
        "这一步修改会造成空隙、重叠、越界，或动到已锁定的边界。detail 说明原因，at 为位置，方案未作改动。",
        "The edit would open a gap, make grids overlap, change the village's own border or move what is locked. The \
         detail says why and at where; the plan is as it was.",
    ),
    kind(
        "invalid-fields",
        422,
        "部分字段不符合要求，errors 逐一列出字段及原因。",
        "Some fields are not acceptable; errors lists each with the reason.",
    ),
    kind(
        "if-match-needed",
        428,
        "修改须带 If-Match，值为读取时得到的 ETag。",
        "A change needs If-Match with the ETag that came with the reading.",
    ),
    kind(
        "too-many-requests",
        429,
        "尝试过于频繁，或同时进行的请求过多。请按 Retry-After 的秒数等待。",
        "Too many attempts, or too many at once. Wait for the seconds in Retry-After.",
    ),
    kind(
        "internal",
        500,
        "服务内部错误，已记录。报告时请附上 instance 中的请求编号。",
        "Something went wrong on our side and was recorded. Quote the request id in instance when you report it.",
    ),
    kind(
        "unavailable",
        503,
        "数据库暂时不可用或繁忙。请稍后重试同一请求。",
        "The database is away or busy for a moment. Send the same request again.",
    ),
    kind(
        "busy",
        503,
        "同类的大批量请求已达上限。请按 Retry-After 的秒数等待后重试。",
        "As many long requests of this kind as may are under way. Wait for the seconds in Retry-After, and send it again.",
    ),
    kind(
        "timed-out",
        503,
        "处理超时，已中止。请缩小范围，或稍后再试。",
        "It took too long and was stopped. Ask for less, or try again later.",
    ),
];

/// The kind of problem called `slug`.
#[must_use]
pub fn problem_type(slug: &str) -> Option<&'static ProblemType> {
    PROBLEM_TYPES.iter().find(|kind| kind.slug == slug)
}
