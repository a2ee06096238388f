//! `gridkeeper hotspots`: which units' values cluster beyond chance, from two files and without a database.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::language::text;
use super::output;
use super::whole_file::whole;
use crate::interop::tables::read_numbers;
use crate::kernel::hotspots::{
    InvalidNeighbours, Neighbours, Rank, Shuffles, Weights, false_discovery_rate, local_g, local_moran,
    upper_tail,
};
use crate::message;
use crate::platform::locale::Message;

/// Fewer units than this have no distribution to stand out from.
const FEWEST_UNITS: usize = 3;

#[derive(Debug, clap::Args)]
pub(super) struct HotspotsArgs {
    #[arg(long, value_name = "FILE", help = text("数值文件（CSV），每行一个单元", "The values: a CSV with one row for each unit"))]
    values: PathBuf,
    #[arg(long, value_name = "COLUMN", help = text("数值所在的列", "The column with the values"))]
    column: String,
    #[arg(
        long, value_name = "FILE",
        help = text("邻居文件（JSON）：{\"0\":[1,2],…}", "The neighbours: JSON, {\"0\":[1,2],…}")
    )]
    neighbors: PathBuf,
    #[arg(
        long, value_enum, default_value_t = WeightsArg::Binary,
        help = text("权重：binary 每个邻居计 1，row 各单元的邻居合计 1", "Weights: each neighbour counts 1 (binary), or those of a unit together (row)")
    )]
    weights: WeightsArg,
    #[arg(
        long, default_value_t = 9_999, value_parser = clap::value_parser!(u32).range(1..=1_000_000), value_name = "N",
        help = text("置换次数", "How often to permute")
    )]
    permutations: u32,
    #[arg(long, default_value_t = 0, value_name = "N", help = text("随机种子", "The seed of the permutations"))]
    seed: u64,
    #[arg(long, value_name = "FILE", help = text("要写的 CSV", "The CSV to write"))]
    out: PathBuf,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum WeightsArg {
    Binary,
    Row,
}

impl From<WeightsArg> for Weights {
    fn from(given: WeightsArg) -> Self {
        match given {
            WeightsArg::Binary => Self::Binary,
            WeightsArg::Row => Self::RowStandardised,
        }
    }
}

pub(super) fn run(args: &HotspotsArgs) -> anyhow::Result<()> {
    let values = read_values(&args.values, &args.column)?;
    let neighbours = read_neighbours(&args.neighbors, values.len())?;
    let islands: Vec<String> = neighbours.islands().map(|unit| unit.to_string()).collect();
    if !islands.is_empty() {
        let (count, first) = (islands.len(), islands[..islands.len().min(10)].join(", "));
        output::remark(message!(
            "{count} 个单元没有邻居，无从检验：{first}",
            "{count} units have no neighbours and cannot be tested: {first}"
        ));
    }
    let units = scored(&values, &neighbours, args);
    let name = args.out.display();
    whole(&args.out, |out| write(&units, out))
        .with_context(|| message!("无法写入 {name}", "cannot write {name}").to_string())?;
    let count = units.len();
    output::line(message!("{name}：{count} 个单元", "{name}: {count} units"));
    Ok(())
}

/// What comes out for one unit, in the order of the columns.
struct Scored {
    numbers: [f64; 12],
    quadrant: u8,
}

const COLUMNS: &str =
    "g,g_z,g_p,gstar,gstar_z,gstar_p,gstar_p_sim,gstar_fdr,moran,moran_z,moran_p_sim,moran_fdr,quadrant";

fn scored(values: &[f64], neighbours: &Neighbours, args: &HotspotsArgs) -> Vec<Scored> {
    let weights = args.weights.into();
    let around = local_g(values, neighbours, weights, false);
    let with_itself = local_g(values, neighbours, weights, true);
    let alike = local_moran(values, neighbours, weights);
    let ranks = Shuffles::new(neighbours, args.permutations as usize, args.seed).ranks(values, neighbours);

    let of_g: Vec<f64> = ranks.iter().map(|rank| rank.map_or(f64::NAN, Rank::p_folded)).collect();
    let of_moran: Vec<f64> = ranks
        .iter()
        .zip(&alike)
        .map(|(rank, score)| match rank {
            // Every draw of a unit whose value is the mean gives 0, as does what was observed.
            Some(_) if score.deviation == 0.0 => 1.0,
            Some(rank) if score.deviation < 0.0 => rank.mirrored().p_folded(),
            Some(rank) => rank.p_folded(),
            None => f64::NAN,
        })
        .collect();
    let (g_rates, moran_rates) = (false_discovery_rate(&of_g), false_discovery_rate(&of_moran));
    let row = |unit: usize| {
        let (g, star, moran) = (around[unit], with_itself[unit], alike[unit]);
        Scored {
            numbers: [
                g.g,
                g.z,
                upper_tail(g.z.abs()),
                star.g,
                star.z,
                upper_tail(star.z.abs()),
                of_g[unit],
                g_rates[unit],
                moran.i,
                moran.z,
                of_moran[unit],
                moran_rates[unit],
            ],
            quadrant: moran.quadrant as u8,
        }
    };
    (0..values.len()).map(row).collect()
}

fn write(units: &[Scored], out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "{COLUMNS}")?;
    for unit in units {
        for number in unit.numbers {
            write!(out, "{number},")?;
        }
        writeln!(out, "{}", unit.quadrant)?;
    }
    Ok(())
}

fn read_values(path: &Path, column: &str) -> anyhow::Result<Vec<f64>> {
    let name = path.display();
    let bytes =
        fs::read(path).with_context(|| message!("无法读取 {name}", "cannot read {name}").to_string())?;
    let values = read_numbers(&bytes, &[&[column]]).with_context(|| name.to_string())?.columns.swap_remove(0);
    let units = values.len();
    if units < FEWEST_UNITS {
        bail!(message!(
            "{name}：只有 {units} 个单元，至少需要 {FEWEST_UNITS} 个",
            "{name}: there are {units} units, and it takes at least {FEWEST_UNITS}"
        ));
    }
    if values.iter().all(|value| value.total_cmp(&values[0]).is_eq()) {
        bail!(message!(
            "{name}：{column} 列的数值全部相同，谈不上热点",
            "{name}: all values of {column} are the same, so that none can stand out"
        ));
    }
    Ok(values)
}

fn read_neighbours(path: &Path, units: usize) -> anyhow::Result<Neighbours> {
    let name = path.display();
    let bytes =
        fs::read(path).with_context(|| message!("无法读取 {name}", "cannot read {name}").to_string())?;
    let by_unit: BTreeMap<String, Vec<u32>> = serde_json::from_slice(&bytes).with_context(|| {
        message!(
            "{name}：应为 JSON 对象，由单元编号到其邻居的编号：{{\"0\":[1,2],…}}",
            "{name}: a JSON object from each unit to its neighbours, by number: {{\"0\":[1,2],…}}"
        )
        .to_string()
    })?;
    let mut lists = vec![Vec::new(); units];
    for (unit, list) in by_unit {
        let place = unit.parse::<usize>().ok().and_then(|unit| lists.get_mut(unit)).with_context(|| {
            let last = units - 1;
            message!(
                "{name}：没有单元“{unit}”，数值文件的单元为 0 至 {last}",
                "{name}: there is no unit \"{unit}\"; those of the values are 0 to {last}"
            )
            .to_string()
        })?;
        *place = list;
    }
    Neighbours::new(&lists).map_err(|error| {
        let why = Message::new(in_chinese(&error), error.to_string());
        anyhow::anyhow!("{name}: {why}")
    })
}

fn in_chinese(error: &InvalidNeighbours) -> String {
    match error {
        InvalidNeighbours::Missing { unit, neighbour, last } => {
            format!("单元 {unit} 的邻居 {neighbour} 不存在，单元为 0 至 {last}")
        }
        InvalidNeighbours::Itself { unit } => format!("单元 {unit} 被列为自己的邻居"),
        InvalidNeighbours::Twice { unit, neighbour } => format!("单元 {unit} 的邻居 {neighbour} 重复列出"),
        InvalidNeighbours::TooMany => "单元过多".to_owned(),
    }
}
