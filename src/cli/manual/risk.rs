//! What the commands about densities, hotspots and clusters say of themselves.

use crate::cli::language::text;

pub(in crate::cli) fn density_about() -> &'static str {
    text(
        "由点计算核密度面：逐点精确求和，不用数据库，任意线程数结果相同。\n\n\
         默认坐标为经纬度：投影到范围中心所在的 CGCS2000 三度带高斯-克吕格平面，带宽以米计，结果为每平方公里的事件数。\
         给出 --planar 时坐标与带宽同单位，结果为每平方单位的事件数。\n\n\
         值 = Σ wᵢ·K(dᵢ/h)/h²。K 在平面上积分为 1：gaussian 为 exp(−u²/2)/2π，其余在 u<1 内为 epanechnikov 2/π·(1−u²)、\
         quartic 3/π·(1−u²)²、triweight 4/π·(1−u²)³。\n\n\
         CSV 的列为 x,y,value（格子中心），自北向南逐行，行内自西向东；TIFF 为带坐标系的单波段浮点栅格；\
         PNG 按图例着色（平面坐标时按占最大值的比例），旁附 .pgw。\n\n\
         --adaptive 使带宽在点密处窄、点疏处宽（h·√(g/f)，不超过 5h）。--within 只在多边形之内计算，并将溢出边界的部分还给\
         界内（Diggle）；界外的值为 NaN。--relative-to 除以另一批点的密度，得到每一个对应多少，无处可比之处为 NaN。",
        "Computes a kernel density surface from points: exact sums, without a database, the same on any number of \
         threads.\n\n\
         Coordinates are longitude and latitude: they are projected to the CGCS2000 3-degree Gauss-Krüger zone of the \
         middle of the box, the bandwidth is in metres and the values are events per square kilometre. With --planar \
         coordinates and bandwidth share a unit, and the values are events per square unit.\n\n\
         value = Σ wᵢ·K(dᵢ/h)/h². The kernels integrate to 1 over the plane: gaussian exp(−u²/2)/2π, and within u < 1 \
         epanechnikov 2/π·(1−u²), quartic (biweight) 3/π·(1−u²)², triweight 4/π·(1−u²)³.\n\n\
         CSV has the columns x,y,value at cell centres, rows from north to south and each from west to east; TIFF is a \
         georeferenced raster of one band of floats; PNG is coloured as the legend says (with --planar, by the \
         share of the greatest value), with a .pgw beside it.\n\n\
         --adaptive makes bandwidths narrow where points are many and wide where few (h·√(g/f), 5h at most). --within \
         computes inside polygons only and gives back what points would spill beyond them (Diggle); outside the value is \
         NaN. --relative-to divides by the density of other points: so many for each of them, and NaN where there are none.",
    )
}

pub(in crate::cli) fn density_after() -> &'static str {
    text(
        "示例：\n\
         \x20 gridkeeper density --points 火情.csv --weight severity --kernel quartic --bandwidth 150 \\\n\
         \x20     --bbox 116.28,35.05,116.34,35.10 --size 512x512 --out 火情.tif\n\
         \x20 gridkeeper density --points p.csv --kernel gaussian --bandwidth 10 --planar --bbox 0,0,1000,1000 \\\n\
         \x20     --size 100x100 --out surface.csv\n\
         \x20 gridkeeper density --points 火情.csv --kernel quartic --bandwidth auto --adaptive --within 村界.geojson \\\n\
         \x20     --bbox 116.28,35.05,116.34,35.10 --size 512x512 --out 火情.png\n\
         \x20 gridkeeper density --points 火情.csv --kernel quartic --bandwidth 300 --relative-to 企业.csv \\\n\
         \x20     --bbox 116.28,35.05,116.34,35.10 --size 512x512 --out 每企业.tif",
        "Examples:\n\
         \x20 gridkeeper density --points fires.csv --weight severity --kernel quartic --bandwidth 150 \\\n\
         \x20     --bbox 116.28,35.05,116.34,35.10 --size 512x512 --out fires.tif\n\
         \x20 gridkeeper density --points p.csv --kernel gaussian --bandwidth 10 --planar --bbox 0,0,1000,1000 \\\n\
         \x20     --size 100x100 --out surface.csv\n\
         \x20 gridkeeper density --points fires.csv --kernel quartic --bandwidth auto --adaptive --within village.geojson \\\n\
         \x20     --bbox 116.28,35.05,116.34,35.10 --size 512x512 --out fires.png\n\
         \x20 gridkeeper density --points fires.csv --kernel quartic --bandwidth 300 --relative-to enterprises.csv \\\n\
         \x20     --bbox 116.28,35.05,116.34,35.10 --size 512x512 --out each.tif",
    )
}

pub(in crate::cli) fn hotspots_about() -> &'static str {
    text(
        "检验哪些单元的数值聚集成热点：Getis-Ord G 与 G*、局部 Moran I，算法与约定同 PySAL 的 esda。\n\n\
         数值文件每行一个单元，自 0 起编号；邻居文件为 JSON：{\"0\":[1,2],…}。输出每单元一行：\n\
         \x20 g, g_z, g_p                  不含自身的 G，其解析 z 值与单侧 p 值\n\
         \x20 gstar, gstar_z, gstar_p      含自身的 G*，同上\n\
         \x20 gstar_p_sim, gstar_fdr       条件置换 p 值（折叠单侧），及其 Benjamini-Hochberg 错误发现率\n\
         \x20 moran, moran_z               局部 Moran I，及条件置换矩下的 z 值\n\
         \x20 moran_p_sim, moran_fdr       条件置换 p 值，及其错误发现率\n\
         \x20 quadrant                     1 高-高，2 低-高，3 低-低，4 高-低\n\n\
         没有邻居的单元无从检验：其 z 与 p 为 NaN。同一种子在任意线程数下结果相同。",
        "Tests which units' values cluster into hotspots: Getis-Ord G and G* and local Moran's I, with the formulas and \
         conventions of PySAL's esda.\n\n\
         The values file has one row for each unit, counted from 0; the neighbours file is JSON: {\"0\":[1,2],…}. One row \
         for each unit comes out:\n\
         \x20 g, g_z, g_p                  G, which leaves the unit itself out, its analytic z and one-sided p\n\
         \x20 gstar, gstar_z, gstar_p      G*, with the unit itself, likewise\n\
         \x20 gstar_p_sim, gstar_fdr       p by conditional permutation (one-sided, folded), and its false discovery rate\n\
         \x20                              (Benjamini and Hochberg)\n\
         \x20 moran, moran_z               local Moran's I, and its z by the moments of conditional permutation\n\
         \x20 moran_p_sim, moran_fdr       p by conditional permutation, and its false discovery rate\n\
         \x20 quadrant                     1 high-high, 2 low-high, 3 low-low, 4 high-low\n\n\
         A unit without neighbours cannot be tested: its z and p are NaN. The same seed gives the same result on any number \
         of threads.",
    )
}

pub(in crate::cli) fn hotspots_after() -> &'static str {
    text(
        "示例：\n\
         \x20 gridkeeper hotspots --values 网格.csv --column 火情 --neighbors 邻接.json --weights binary --out 热点.csv",
        "Example:\n\
         \x20 gridkeeper hotspots --values grids.csv --column fires --neighbors near.json --weights binary --out hot.csv",
    )
}

pub(in crate::cli) fn clusters_about() -> &'static str {
    text(
        "由带时间的点检验时空聚集，不用数据库：scan 找近来多于以往之处，knox 检验一件之后附近是否很快再次发生。",
        "Tests points with their times for clusters in space and time, without a database: scan finds where more happened \
         lately than before, knox tests whether one is followed by another nearby soon after.",
    )
}

pub(in crate::cli) fn clusters_scan_about() -> &'static str {
    text(
        "时空置换扫描（Kulldorff 等 2005）：圆内近若干天的件数，与该处历来、该时各处的件数相比；地点与日期重新配对，\
         故总是热闹的地方、各处都多的日子都不算聚集。种子相同则结果相同，与线程数无关。\n\n\
         时间为日期（2022-09-26），或时间（2022-09-26 08:30，或带时区）；日期以北京时间计。输出：圆心、半径、起止日、件数、\
         预期、倍数、p，及各点在文件中的行号。",
        "The space-time permutation scan (Kulldorff et al. 2005): how many there are in a circle in the last days, against how \
         many there always are and how many there were everywhere. Places and days are paired anew, so that neither a place \
         that is always busy nor busy days make a cluster. A seed gives the same file on any number of threads.\n\n\
         Times are dates (2022-09-26) or times (2022-09-26 08:30, or with an offset); days are those in China. Written are: \
         centre, radius, first and last day, count, expected, ratio, p, and the rows of the points in the file.",
    )
}

pub(in crate::cli) fn clusters_scan_after() -> &'static str {
    text(
        "示例：\n\
         \x20 gridkeeper clusters scan --points 上报.csv --radius 500 --days 28 --out 聚集.csv",
        "Example:\n\
         \x20 gridkeeper clusters scan --points reports.csv --radius 500 --days 28 --out clusters.csv",
    )
}

pub(in crate::cli) fn clusters_knox_about() -> &'static str {
    text(
        "诺克斯检验（Knox 1964）：数出相距多少米、相隔多少天的点对，与日期重新配对时的件数相比。超出偶然的格子（p ≤ 0.05 且\
         多出五分之一）标为 raised；--windows 另写出当日仍在这种时段之内的点及其半径。",
        "Knox's test (1964): pairs so many metres and so many days apart, against as many when days are dealt out anew. Cells \
         beyond chance (p ≤ 0.05, and a fifth more than expected) are raised; --windows writes the points that are still that \
         young on the day, with the radius within which another is to be expected.",
    )
}

pub(in crate::cli) fn clusters_knox_after() -> &'static str {
    text(
        "示例：\n\
         \x20 gridkeeper clusters knox --points 上报.csv --distance 100 --days 7 --out 诺克斯.csv --windows 时间窗.csv",
        "Example:\n\
         \x20 gridkeeper clusters knox --points reports.csv --distance 100 --days 7 --out knox.csv --windows windows.csv",
    )
}
