//! Yushan Street: its 35 units (codes and names real) and their territories and grids (invented), as labels on
//! the cells of the field lattice. Labels cannot gap or overlap; outlines are read off them in `outline`.

use std::collections::{BTreeMap, BTreeSet};

use super::lattice::{Lattice, Node};
use super::rng::Rng;

pub(crate) const STREET: &str = "370828003";
pub(crate) const CUIKOU: &str = "370828003218";

/// A village or community: suffix of its code, name, name in pinyin, and an invented place on the plan.
pub(crate) struct Unit {
    pub(crate) code: String,
    pub(crate) name: &'static str,
    pub(crate) name_en: String,
    pub(crate) community: bool,
    seed: (f64, f64),
    /// Crossing of its two main streets.
    pub(crate) centre: Node,
}

impl Unit {
    pub(crate) fn is_cuikou(&self) -> bool {
        self.code == CUIKOU
    }

    /// 崔口村, 金水社区.
    pub(crate) fn full_name(&self) -> String {
        format!("{}{}", self.name, if self.community { "社区" } else { "村" })
    }
}

type Row = (&'static str, &'static str, &'static str, f64, f64);

const COMMUNITIES: [Row; 6] = [
    ("005", "金水", "Jinshui", 3150.0, 4000.0),
    ("006", "王杰", "Wangjie", 4250.0, 4150.0),
    ("007", "金兴", "Jinxing", 3380.0, 2950.0),
    ("008", "金源", "Jinyuan", 4400.0, 3100.0),
    ("009", "金聚", "Jinju", 5330.0, 3750.0),
    ("010", "金华", "Jinhua", 5420.0, 2700.0),
];

const VILLAGES: [Row; 29] = [
    ("201", "隋韩楼", "Suihanlou", -3600.0, 3900.0),
    ("205", "荆庄", "Jingzhuang", -2150.0, 4010.0),
    ("206", "赵台子", "Zhaotaizi", -800.0, 3820.0),
    ("208", "吴庙", "Wumiao", 560.0, 3960.0),
    ("212", "北李", "Beili", 1950.0, 3880.0),
    ("214", "炳公", "Binggong", -4250.0, 2560.0),
    ("215", "眼光", "Yanguang", -2850.0, 2640.0),
    ("216", "李海", "Lihai", -1420.0, 2530.0),
    ("217", "周路口", "Zhoulukou", -40.0, 2620.0),
    ("222", "桑园", "Sangyuan", 1250.0, 2660.0),
    ("225", "石店", "Shidian", 2330.0, 2480.0),
    ("238", "窦堂", "Doutang", -3600.0, 1210.0),
    ("239", "周庄", "Zhouzhuang", -2080.0, 1330.0),
    ("240", "窦湾", "Douwan", -660.0, 1340.0),
    ("241", "孔楼", "Konglou", 760.0, 1330.0),
    ("242", "苏楼", "Sulou", 2100.0, 1290.0),
    ("253", "何张", "Hezhang", 3380.0, 1420.0),
    ("254", "王周", "Wangzhou", 4850.0, 1330.0),
    ("255", "新西", "Xinxi", -4350.0, -60.0),
    ("256", "河西", "Hexi", -2810.0, 60.0),
    ("257", "和谐", "Hexie", -1400.0, -80.0),
    ("218", "崔口", "Cuikou", 0.0, 0.0),
    ("258", "金泽", "Jinze", 1450.0, 30.0),
    ("259", "友谊", "Youyi", 2790.0, -70.0),
    ("260", "万福", "Wanfu", 4250.0, 40.0),
    ("261", "大赵楼", "Dazhaolou", -2150.0, -1380.0),
    ("262", "金城", "Jincheng", -640.0, -1300.0),
    ("263", "金沙", "Jinsha", 760.0, -1310.0),
    ("264", "李桥杨庄", "Liqiaoyangzhuang", 2200.0, -1420.0),
];

pub(crate) struct Street {
    pub(crate) units: Vec<Unit>,
    /// Unit of each lattice cell, by row and column; a cell is named by its south-west node.
    pub(crate) unit_of: Cells,
    /// Grid (unit × 3 + number from 0) of each lattice cell.
    pub(crate) grid_of: Cells,
}

/// Labels of the lattice's cells, `None` outside the street.
pub(crate) struct Cells {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    labels: Vec<Option<usize>>,
}

impl Cells {
    /// The label of the cell whose south-west corner is the node; `None` also off the lattice.
    pub(crate) fn get(&self, i: isize, j: isize) -> Option<usize> {
        if i < 0 || j < 0 || i >= self.columns as isize || j >= self.rows as isize {
            return None;
        }
        self.labels[j as usize * self.columns + i as usize]
    }

    fn set(&mut self, (i, j): Node, label: Option<usize>) {
        self.labels[j * self.columns + i] = label;
    }

    /// The cells on both sides of a lattice edge.
    pub(crate) fn beside(&self, a: Node, b: Node) -> [Option<usize>; 2] {
        let (i, j) = (a.0.min(b.0) as isize, a.1.min(b.1) as isize);
        if a.1 == b.1 { [self.get(i, j), self.get(i, j - 1)] } else { [self.get(i, j), self.get(i - 1, j)] }
    }
}

impl Street {
    pub(crate) fn new(lattice: &Lattice) -> Self {
        let units = units(lattice);
        let mut unit_of = nearest_unit(lattice, &units);
        tidy(&mut unit_of, |_, _| true);
        let mut grid_of = split_into_grids(lattice, &units, &unit_of);
        tidy(&mut grid_of, |a, b| a / 3 == b / 3);
        Self { units, unit_of, grid_of }
    }

    /// Code of a grid: the village's code and a number from the north-west.
    pub(crate) fn grid_code(&self, grid: usize) -> String {
        format!("{}{:03}", self.units[grid / 3].code, grid % 3 + 1)
    }

    pub(crate) fn cuikou(&self) -> usize {
        self.units.iter().position(Unit::is_cuikou).unwrap_or_default()
    }
}

fn units(lattice: &Lattice) -> Vec<Unit> {
    let rows = COMMUNITIES.iter().map(|row| (row, true)).chain(VILLAGES.iter().map(|row| (row, false)));
    let mut units: Vec<Unit> = rows
        .map(|(&(suffix, name, pinyin, x, y), community)| Unit {
            code: format!("{STREET}{suffix}"),
            name,
            name_en: format!("{pinyin} {}", if community { "Community" } else { "Village" }),
            community,
            seed: (x, y),
            centre: lattice.node_near(x, y),
        })
        .collect();
    units.sort_by(|a, b| a.code.cmp(&b.code));
    units
}

/// Every cell goes to the nearest seed; seeds outside the street keep its outer edge as ragged as the rest.
fn nearest_unit(lattice: &Lattice, units: &[Unit]) -> Cells {
    let mut rng = Rng::named("neighbours");
    let mut seeds: Vec<(f64, f64, Option<usize>)> =
        units.iter().enumerate().map(|(n, unit)| (unit.seed.0, unit.seed.1, Some(n))).collect();
    for row in 0..9 {
        for column in 0..11 {
            let offset = if row % 2 == 0 { 0.0 } else { 700.0 };
            let x = -7000.0 + 1400.0 * f64::from(column) + offset + rng.range(-200.0, 200.0);
            let y = -3950.0 + 1300.0 * f64::from(row) + rng.range(-150.0, 150.0);
            let far = |unit: &Unit| (unit.seed.0 - x).abs().max((unit.seed.1 - y).abs()) > 1050.0;
            if units.iter().all(far) {
                seeds.push((x, y, None));
            }
        }
    }
    let (columns, rows) = (lattice.xs.len() - 1, lattice.ys.len() - 1);
    let mut labels = Vec::with_capacity(columns * rows);
    for j in 0..rows {
        for i in 0..columns {
            let x = f64::midpoint(lattice.xs[i], lattice.xs[i + 1]);
            let y = f64::midpoint(lattice.ys[j], lattice.ys[j + 1]);
            let square = |&(sx, sy, _): &(f64, f64, Option<usize>)| (sx - x) * (sx - x) + (sy - y) * (sy - y);
            let nearest = seeds.iter().min_by(|a, b| square(a).total_cmp(&square(b)));
            labels.push(nearest.and_then(|seed| seed.2));
        }
    }
    Cells { columns, rows, labels }
}

/// Three grids to a unit, cut along the two streets that cross at its centre, so that no house is cut; numbered
/// from the north-west, west to east, then north to south. Cuikou: all north of the county road, south-west,
/// south-east.
fn split_into_grids(lattice: &Lattice, units: &[Unit], unit_of: &Cells) -> Cells {
    let mut rng = Rng::named("grids");
    let northern: Vec<bool> = units.iter().map(|unit| unit.is_cuikou() || rng.chance(0.5)).collect();
    let mut cells =
        Cells { columns: unit_of.columns, rows: unit_of.rows, labels: vec![None; unit_of.labels.len()] };
    for j in 0..lattice.ys.len() - 1 {
        for i in 0..lattice.xs.len() - 1 {
            let Some(unit) = unit_of.get(i as isize, j as isize) else { continue };
            let (north, west) = (j >= units[unit].centre.1, i < units[unit].centre.0);
            let number = match (northern[unit], north, west) {
                (true, true, _) | (false, true, true) => 0,
                (true, false, true) | (false, true, false) => 1,
                _ => 2,
            };
            cells.set((i, j), Some(unit * 3 + number));
        }
    }
    cells
}

/// Until nothing changes: cells cut off from their label's main part join a neighbour, and where two cells touch
/// only at a corner, one of them goes to a label on the other diagonal. Afterwards every label is one ring.
/// A cell only changes to a label of its own `family`.
fn tidy(cells: &mut Cells, family: fn(usize, usize) -> bool) {
    let related = |a: Option<usize>, b: Option<usize>| a.zip(b).is_none_or(|(a, b)| family(a, b));
    loop {
        let mut changed = false;
        for island in islands(cells) {
            let own = cells.get(island[0].0 as isize, island[0].1 as isize);
            if let Some(new) = neighbours(cells, &island).into_iter().find(|&label| related(own, label)) {
                for node in island {
                    cells.set(node, new);
                }
                changed = true;
            }
        }
        for j in 1..cells.rows {
            for i in 1..cells.columns {
                let (a, b) = (i as isize, j as isize);
                let [sw, se] = [cells.get(a - 1, b - 1), cells.get(a, b - 1)];
                let [nw, ne] = [cells.get(a - 1, b), cells.get(a, b)];
                if sw == ne && sw != se && sw != nw {
                    cells.set((i, j), if related(ne, nw) { nw } else { se });
                    changed = true;
                } else if se == nw && se != sw && se != ne {
                    cells.set((i - 1, j), if related(nw, ne) { ne } else { sw });
                    changed = true;
                }
            }
        }
        if !changed {
            return;
        }
    }
}

/// All connected parts but the largest of each label (and of the outside).
fn islands(cells: &Cells) -> Vec<Vec<Node>> {
    let mut parts: BTreeMap<Option<usize>, Vec<Vec<Node>>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for j in 0..cells.rows {
        for i in 0..cells.columns {
            if !seen.insert((i, j)) {
                continue;
            }
            let label = cells.get(i as isize, j as isize);
            let mut part = vec![(i, j)];
            let mut next = 0;
            while next < part.len() {
                for (node, other) in around(cells, part[next]) {
                    if other == label && seen.insert(node) {
                        part.push(node);
                    }
                }
                next += 1;
            }
            parts.entry(label).or_default().push(part);
        }
    }
    parts
        .into_values()
        .flat_map(|mut parts| {
            parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
            parts.into_iter().skip(1)
        })
        .collect()
}

/// Labels next to a part that is not theirs.
fn neighbours(cells: &Cells, part: &[Node]) -> Vec<Option<usize>> {
    let own = cells.get(part[0].0 as isize, part[0].1 as isize);
    part.iter()
        .flat_map(|&node| around(cells, node))
        .map(|(_, label)| label)
        .filter(|&label| label != own)
        .collect()
}

fn around(cells: &Cells, (i, j): Node) -> impl Iterator<Item = (Node, Option<usize>)> + '_ {
    [(-1, 0), (1, 0), (0, -1), (0, 1)].into_iter().filter_map(move |(di, dj)| {
        let (a, b) = (i as isize + di, j as isize + dj);
        let inside = a >= 0 && b >= 0 && a < cells.columns as isize && b < cells.rows as isize;
        inside.then(|| ((a as usize, b as usize), cells.get(a, b)))
    })
}
