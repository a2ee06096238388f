//! The longer texts of `--help`: what a manual page would say.

mod risk;

use super::language::text;
pub(super) use risk::{
    clusters_about, clusters_knox_about, clusters_knox_after, clusters_scan_about, clusters_scan_after,
    density_about, density_after, hotspots_about, hotspots_after,
};

/// The order of a help page, with headings in the process's language.
pub(super) fn template() -> &'static str {
    text(
        "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}\n",
        "{about-with-newline}\nUsage: {usage}\n\n{all-args}{after-help}\n",
    )
}

pub(super) fn about() -> &'static str {
    text(
        "村级网格治理的空间服务：上报事件落入网格，规划走访路线，呈现风险分布，维护网格边界而不留缝隙。\n\n\
         一个程序、一个 PostgreSQL（含 PostGIS）、一张网页地图。不指定数据库时，程序自建并随自身启停一个私有数据库。",
        "A spatial service for village grid governance: it files reports under their grids, plans who walks where, \
         shows where risk is dense, and lets planners move boundaries without ever opening a gap.\n\n\
         One program, one PostgreSQL with PostGIS, one web map. Without a database of yours, it makes a private one \
         and runs it with itself.",
    )
}

pub(super) fn after() -> &'static str {
    text(
        "示例：\n\
         \x20 gridkeeper demo                       打开演示村\n\
         \x20 gridkeeper serve                      以私有数据库启动，http://127.0.0.1:8080/\n\
         \x20 gridkeeper account add zhang --name 张三 --role grid_member --scope 370828003218001\n\
         \n\
         环境变量：\n\
         \x20 每个选项都可由方括号中的环境变量给出；命令行优先。\n\
         \x20 口令请经环境变量或标准输入给出：命令行参数对本机其他用户可见。\n\
         \n\
         退出状态：\n\
         \x20 0 完成；1 失败，原因见标准错误；2 命令行有误。",
        "Examples:\n\
         \x20 gridkeeper demo                       opens a demonstration village\n\
         \x20 gridkeeper serve                      serves on a private database, http://127.0.0.1:8080/\n\
         \x20 gridkeeper account add zhang --name 张三 --role grid_member --scope 370828003218001\n\
         \n\
         Environment:\n\
         \x20 Every option can be given by the variable in brackets; the command line wins.\n\
         \x20 Give secrets by a variable or standard input: arguments are seen by others on this machine.\n\
         \n\
         Exit status:\n\
         \x20 0 done; 1 failed, standard error says why; 2 the command line was not understood.",
    )
}

pub(super) fn serve_about() -> &'static str {
    text(
        "启动服务：HTTP 接口、地图瓦片与网页。\n\n\
         给出 DATABASE_URL 时使用该数据库：以属主身份迁移，以受行级安全约束的角色 gridkeeper_app 服务。\
         否则在数据目录中自建私有数据库：只听本机 unix 套接字，随服务启停，异常终止后自动恢复。",
        "Serves the HTTP API, map tiles and the web map.\n\n\
         Given DATABASE_URL, it uses that database: migrates it as its owner, and serves as the role gridkeeper_app \
         under row-level security. Otherwise it makes a private cluster in the data directory, which listens on a \
         unix socket only, starts and stops with the service, and recovers after either was killed.",
    )
}

pub(super) fn serve_after() -> &'static str {
    text(
        "文件（数据目录中）：\n\
         \x20 cluster/         PostgreSQL 的数据\n\
         \x20 passwords.json   数据库角色的口令，仅属主可读；须与 cluster/ 一同备份\n\
         \x20 postgresql.log   PostgreSQL 的日志\n\
         \x20 lock             由运行中的服务持有\n\
         \n\
         信号：\n\
         \x20 SIGINT、SIGTERM、SIGHUP  完成未竟请求后停止；再次发送则不再等待",
        "Files (in the data directory):\n\
         \x20 cluster/         PostgreSQL's data\n\
         \x20 passwords.json   the database roles' passwords, readable by the owner only; back it up with cluster/\n\
         \x20 postgresql.log   PostgreSQL's log\n\
         \x20 lock             held by the service that runs\n\
         \n\
         Signals:\n\
         \x20 SIGINT, SIGTERM, SIGHUP  stop when requests in flight are finished; a second one does not wait",
    )
}

pub(super) fn assign_about() -> &'static str {
    text(
        "成批归属：哪个点在哪个网格，逐点精确。\n\n\
         结果按输入次序，每点一行：编号（或行号）与网格编号，不在任何网格内则为空。边界上的点归其东侧的网格，沿东西向边界\
         归其北侧；三个网格的公共点也只有一个归属。点的文件可以任意大，内存用量不随之增长。\n\n\
         网格相互重叠（超过 1 毫米）时列出并拒绝，除非给出 --first；网格之间可以有空隙。任何一个面或一行有误，均列出\
         文件、行号与原因，不写入任何内容。CSV 可为 UTF-8 或 GB18030，以逗号、制表符或分号分隔。",
        "Assigns points to grids, exactly.\n\n\
         The answers come in the order of the points, one row each: the point's name (or row number) and the grid's, \
         empty where no grid is. A point on a border belongs to the grid east of it, and on a border that runs east to \
         the one north of it: even where three grids meet there is one owner. The points may be any number; memory does \
         not grow with them.\n\n\
         Grids that overlap (by more than a millimetre) are listed and refused unless --first is given; gaps between \
         them are fine. Any polygon or row that is wrong is listed with its file, row and reason, and nothing is \
         written. CSV may be UTF-8 or GB18030, separated by commas, tabs or semicolons.",
    )
}

pub(super) fn assign_after() -> &'static str {
    text(
        "示例：\n\
         \x20 gridkeeper assign --grids 网格.geojson --points 上报点.csv --out 归属.csv --id 编号\n\
         \x20 gridkeeper assign --grids grids.fgb --points points.parquet --out assigned.parquet --crs gcj02 --stats",
        "Examples:\n\
         \x20 gridkeeper assign --grids grids.geojson --points reports.csv --out assigned.csv --id id\n\
         \x20 gridkeeper assign --grids grids.fgb --points points.parquet --out assigned.parquet --crs gcj02 --stats",
    )
}

pub(super) fn import_about() -> &'static str {
    text(
        "将文件导入图层：全部写入或全不写入。\n\n\
         按编码（上报事件按编号）对应：已有则更新，没有则新增，同一文件可重复导入。任何一行有误则整个文件不写入，\
         并逐行列出行号、列与原因（前 100 处，其余计数）。\n\n\
         表头中英文均可，空白表见 gridkeeper template。CSV 可为 UTF-8 或 GB18030。点图层用经度、纬度两列，\
         线和面用图形列（WKT）。请先导入行政区划，再导入网格，然后是其中的户、企业等。",
        "Imports a file into a layer: all of it or nothing.\n\n\
         Rows are matched by code (reports by id): what is known is updated, the rest is created, and the same file \
         can be imported again. If any row is wrong nothing is written, and every bad row is listed with its number, \
         column and reason (the first 100, then a count).\n\n\
         Headings may be Chinese or English; gridkeeper template writes an empty table. CSV may be UTF-8 or GB18030. \
         Points have lon and lat columns, lines and polygons a wkt column. Import areas first, then grids, then what \
         lies in them.",
    )
}

pub(super) fn import_after() -> &'static str {
    text(
        "示例：\n\
         \x20 gridkeeper import areas 行政区划.geojson\n\
         \x20 gridkeeper import enterprises 企业.xlsx\n\
         \x20 gridkeeper import households 户.csv --crs gcj02 --dry-run",
        "Examples:\n\
         \x20 gridkeeper import areas areas.geojson\n\
         \x20 gridkeeper import enterprises 企业.xlsx\n\
         \x20 gridkeeper import households households.csv --crs gcj02 --dry-run",
    )
}

pub(super) fn export_about() -> &'static str {
    text(
        "将图层导出为文件，可原样再导入。\n\n\
         格式由文件名决定。除非给出 --with-identities，电话与身份证号均打码。文件写完才出现。",
        "Exports a layer to a file that can be imported again.\n\n\
         The format follows the file's name. Telephone and identity numbers are masked unless --with-identities is \
         given. The file appears only when it is complete.",
    )
}

pub(super) fn export_after() -> &'static str {
    text(
        "示例：\n\
         \x20 gridkeeper export grids 网格.geojson\n\
         \x20 gridkeeper export enterprises 企业.xlsx\n\
         \x20 gridkeeper export hazards 隐患.csv --crs gcj02",
        "Examples:\n\
         \x20 gridkeeper export grids grids.geojson\n\
         \x20 gridkeeper export enterprises 企业.xlsx\n\
         \x20 gridkeeper export hazards hazards.csv --crs gcj02",
    )
}

pub(super) fn route_about() -> &'static str {
    text(
        "规划路线：多人、时间窗、必访与可选站点，使 prize 总和最大，其次行程最短。无需数据库。\n\n\
         问题文件（JSON）：\n\
         \x20 {\"matrix\": [[整数,…],…], \"stops\": [{\"id\", \"at\", \"service\", \"prize\", \"required\", \"windows\", \"skills\"}],\n\
         \x20  \"workers\": [{\"id\", \"start\", \"end\", \"shift\", \"break\", \"skills\", \"speed\"}], \"pins\": …}\n\
         at、start、end 是矩阵中的序号，没有 matrix 时是 --network 路网上的 [经度, 纬度]（profile 为 foot、e_bike 或 car，时间\n\
         以秒计）；时间是矩阵单位的整数；windows 限定服务的开始，可以等待，没有即随时；end 为 null 即\
         结束于最后一站；矩阵中 null 表示无路。break 为 {\"window\": [起,止], \"length\"}：其开始在 window 之内，在站点、起点或\
         终点，不在路上。\n\n\
         pins：{\"stops\": [{\"stop\", \"worker\"}], \"frozen\": [{\"worker\", \"stops\": […]}], \"published\": {\"routes\": […], \
         \"penalty\"}}：指定人员的站点；路线开头不再变动的部分；已公布的方案，改由他人前往的站点扣减 penalty。\n\n\
         方案文件：每人的路线与各站时刻，未排入的站点及其原因（unreachable、closed、shift_too_short、skill_missing、\
         displaced、no_prize、no_worker）。排不进的必访站点在标准错误中警告，仍给出方案。",
        "Plans routes: several workers, time windows, required and optional stops; the largest sum of prizes, then the \
         least travel. Needs no database.\n\n\
         The problem is JSON:\n\
         \x20 {\"matrix\": [[int,…],…], \"stops\": [{\"id\", \"at\", \"service\", \"prize\", \"required\", \"windows\", \"skills\"}],\n\
         \x20  \"workers\": [{\"id\", \"start\", \"end\", \"shift\", \"break\", \"skills\", \"speed\"}], \"pins\": …}\n\
         at, start and end are numbers of places in the matrix, or without one [longitude, latitude] on the roads of --network \
         (profile: foot, e_bike or car; times in seconds); times are whole units of the matrix; windows bound the \
         start of service, waiting is allowed, no window means always open; an end of null is wherever the last call was \
         made; null in the matrix means that there is no way. A break is {\"window\": [from, to], \"length\"}: it begins \
         within the window, at a stop, the start or the end, never on the way.\n\n\
         pins: {\"stops\": [{\"stop\", \"worker\"}], \"frozen\": [{\"worker\", \"stops\": […]}], \"published\": {\"routes\": […], \
         \"penalty\"}}: stops that stay with a worker; what routes begin with and does not change; a plan that is known, \
         of which a stop loses the penalty when another worker makes the call.\n\n\
         The plan has each worker's route with its times, and the stops left out with the reason (unreachable, closed, \
         shift_too_short, skill_missing, displaced, no_prize, no_worker). Required stops that cannot be met are warned of \
         on standard error; there is a plan all the same.",
    )
}

pub(super) fn route_after() -> &'static str {
    text(
        "示例：\n\
         \x20 gridkeeper route --problem P.json --out PLAN.json --time-limit 1s\n\
         \x20 gridkeeper route --problem P.json --out PLAN.json --seed 7 --iterations 200000 --threads 2 --stats\n\
         \x20 gridkeeper route --problem 门牌.json --network 道路.osm.pbf --out PLAN.json\n\
         \x20 gridkeeper route --problem P.json --check PLAN.json",
        "Examples:\n\
         \x20 gridkeeper route --problem P.json --out PLAN.json --time-limit 1s\n\
         \x20 gridkeeper route --problem P.json --out PLAN.json --seed 7 --iterations 200000 --threads 2 --stats\n\
         \x20 gridkeeper route --problem doors.json --network roads.osm.pbf --out PLAN.json\n\
         \x20 gridkeeper route --problem P.json --check PLAN.json",
    )
}

pub(super) fn rezone_about() -> &'static str {
    text(
        "重划网格：把单元（房屋、地块或点）分成 K 个各自连片的网格，均衡负荷，少动住户，边界紧凑，尽量沿道路。不需要数据库。\n\n\
         单元为 GeoJSON 的面或点（WGS84 经纬度）。负荷是若干列之和，列名后可加权重：households,enterprises:3。\
         偏差 = |网格负荷 − 平均负荷| / 平均负荷。给出 --current 时从现有网格出发，默认选变动人数最少的方案；否则默认选边界最短的方案。\
         人数取 people（或 population、residents、persons）列，没有则按负荷计。\n\n\
         相邻：面与面共用边界；其余的单元分得离自己最近的土地，土地相接即相邻。障碍不可跨越。同一处的单元不分开。\n\n\
         结果：ZONES 每个网格一个面，彼此无缝无叠；REPORT 含各网格与总体的负荷、偏差、变动的单元与人数、紧凑度、\
         切断的邻接数、是否连片，assignment 为每个单元所属的网格，proposals 为可比较的各方案。两个文件都写完才出现。",
        "Redraws zones: divides units (buildings, parcels or points) into K zones, each in one piece, with even loads, few \
         people moved and short borders, along roads where there are any. Needs no database.\n\n\
         Units are polygons or points in GeoJSON (WGS84 longitude, latitude). The load is the sum of columns, which may carry \
         weights: households,enterprises:3. Deviation = |load of a zone - mean load| / mean load. With --current the search \
         starts from today's zones and the plan that moves the fewest people is put forward; without, the one with the \
         shortest borders. People are counted by the column people (or population, residents, persons), else by the load.\n\n\
         Neighbours: polygons that share a border; any other units get the land nearest to them, and are neighbours where \
         their land meets. Barriers cannot be crossed. Units at one place stay together.\n\n\
         Output: ZONES has one polygon for each zone, without gaps or overlaps. REPORT lists for each zone and over all: \
         load, deviation, units and people moved, compactness, cut edges, contiguity; assignment is the zone of every unit, \
         proposals the plans to compare. Both files appear only when both are complete.",
    )
}

pub(super) fn rezone_after() -> &'static str {
    text(
        "锁定（可重复，需要 --current）：\n\
         \x20 --lock zone:3        网格 3 原样不动\n\
         \x20 --lock unit:B0012    单元 B0012 留在现有网格\n\
         \x20 --lock column:fixed  fixed 列为真的单元留在现有网格\n\
         \x20 不写前缀时依次按网格、单元、列查找。\n\
         \n\
         示例：\n\
         \x20 gridkeeper rezone --units 房屋.geojson --load minutes --current grid --k 3 --tolerance 0.02 \\\n\
         \x20     --roads 道路.geojson --barriers 河渠.geojson --out 网格.geojson --report 报告.json",
        "Locks (repeatable; they need --current):\n\
         \x20 --lock zone:3        zone 3 stays exactly as it is\n\
         \x20 --lock unit:B0012    unit B0012 stays in its zone\n\
         \x20 --lock column:fixed  so do the units for which the column fixed is true\n\
         \x20 Without a prefix: a zone, else a unit, else a column of that name.\n\
         \n\
         Example:\n\
         \x20 gridkeeper rezone --units buildings.geojson --load minutes --current grid --k 3 --tolerance 0.02 \\\n\
         \x20     --roads roads.geojson --barriers water.geojson --out zones.geojson --report report.json",
    )
}

pub(super) fn account_about() -> &'static str {
    text(
        "管理账户：新建、列出、停用、恢复、设置密码。\n\n\
         服务运行时也可使用，改动数秒内生效。",
        "Keeps accounts: makes, lists, disables, enables, and sets passwords.\n\n\
         Works beside a running service, which follows within seconds.",
    )
}

pub(super) fn account_add_after() -> &'static str {
    text(
        "密码在终端上输入（不回显），或由标准输入的第一行给出，至少 10 个字符。\n\
         \n\
         示例：\n\
         \x20 gridkeeper account add admin --name 管理员 --role administrator --scope 370828\n\
         \x20 gridkeeper account add zhang --name 张三 --role grid_member --scope 370828003218001 < 密码文件",
        "The password is typed at the terminal, unseen, or is the first line of standard input; at least 10 \
         characters.\n\
         \n\
         Examples:\n\
         \x20 gridkeeper account add admin --name 管理员 --role administrator --scope 370828\n\
         \x20 gridkeeper account add zhang --name 张三 --role grid_member --scope 370828003218001 < password-file",
    )
}

pub(super) fn demo_about() -> &'static str {
    text(
        "打开演示村：在自己的数据目录里建库，载入程序内置的崔口村数据，只在本机监听，点选身份即可登录。\n\n\
         编码、名称与数量真实，地图、人员、企业与事件均为合成。故事按整天平移，结束于昨天；换了一天再启动，就从头讲起，\
         访客的改动不再保留。",
        "Opens the demonstration village: a database in a data directory of its own, filled with the village that is \
         built into the program, on this machine only; choose who to be, no password needed.\n\n\
         Codes, names and totals are real; the map, the people, the enterprises and the events are synthetic. The story \
         is moved by whole days so that it ended yesterday. Started on another day, it is told again from the beginning, \
         and what visitors changed is forgotten.",
    )
}

pub(super) fn backtest_about() -> &'static str {
    text(
        "检验风险排序是否可信：在过去的若干日期，只用当时已知的资料排序，再与其后发现的隐患对照，\
         并与“单元格计数”“核密度”两种简单做法比较。\n\n\
         命中率：所查企业占全部发现的份额；PAI：命中率与所查比例之比，1 为随机；PEI*：与同样数量的最佳选择之比；\
         AUC：有隐患者排在无隐患者之前的概率，0.5 为随机。",
        "Whether the risk ranking can be believed: on days in the past it ranks by what was known then, and is held \
         against the hazards found afterwards, beside two simpler ways: counting per cell, and plain density.\n\n\
         Hit rate: the share of finds at those visited. PAI: hit rate over the share visited, 1 is chance. PEI*: \
         against the best choice of as many. AUC: how often one with finds ranks above one without, 0.5 is chance.",
    )
}
