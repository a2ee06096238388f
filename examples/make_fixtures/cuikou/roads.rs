//! Roads: main roads between the units along field lines, streets and lanes in the settlements, farm tracks in
//! Cuikou's fields. Held as single segments between shared vertices, so that no two roads run over one another
//! and every junction is a vertex of all roads that meet there; joined into lines at the end.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::lattice::{Lattice, Node, same};
use super::plane::{Pt, ground};
use super::street::Street;
use super::village::{Kind, SPURS, Settlement};

/// What a road is; equal roads that meet end to end become one line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Road {
    pub(crate) class: &'static str,
    pub(crate) name: Option<String>,
    pub(crate) width_dm: u32,
    /// Tells apart roads that happen to be alike.
    line: usize,
}

type Key = (i64, i64);
/// Where a search stands, and whether it came along (1) or across (2) the fields.
type State = (Node, u8);

#[derive(Default)]
pub(crate) struct Roads {
    segments: BTreeMap<(Key, Key), Road>,
    points: BTreeMap<Key, Pt>,
    lines: usize,
}

impl Roads {
    pub(crate) fn new(lattice: &Lattice, street: &Street, settlements: &[Settlement]) -> Self {
        let mut roads = Self::default();
        roads.lay_main_roads(lattice, street, settlements);
        for settlement in settlements {
            roads.lay_settlement(lattice, settlement);
        }
        roads.lay_tracks(lattice, street);
        roads
    }

    fn add(&mut self, class: &'static str, name: Option<&str>, width_dm: u32, points: &[Pt]) {
        self.lines += 1;
        let line = if class == "main" { 0 } else { self.lines };
        let road = Road { class, name: name.map(str::to_owned), width_dm, line };
        for pair in points.windows(2) {
            let (a, b) = (pair[0].key(), pair[1].key());
            if a == b {
                continue;
            }
            self.points.insert(a, pair[0]);
            self.points.insert(b, pair[1]);
            self.segments.entry((a.min(b), a.max(b))).or_insert_with(|| road.clone());
        }
    }

    /// Every unit is joined to its nearest neighbours, by ways that follow field lines and each other and keep
    /// out of people's yards. The county road runs through Cuikou from west to east.
    fn lay_main_roads(&mut self, lattice: &Lattice, street: &Street, settlements: &[Settlement]) {
        let centres: Vec<Node> = street.units.iter().map(|unit| unit.centre).collect();
        let cuikou = centres[street.cuikou()];
        let county: Vec<Node> =
            (0..lattice.xs.len()).map(|i| (i, cuikou.1)).filter(|&node| in_street(street, node)).collect();
        self.add("main", Some("金鱼公路"), 90, &lattice.path(&county));
        let mut built: BTreeSet<(Node, Node)> = county.windows(2).map(|pair| (pair[0], pair[1])).collect();
        for (from, to) in pairs(lattice, &centres) {
            let way = cheapest_way(lattice, street, settlements, &built, from, to);
            built.extend(way.windows(2).map(|pair| (pair[0].min(pair[1]), pair[0].max(pair[1]))));
            self.add("main", None, 60, &lattice.path(&way));
        }
    }

    fn lay_settlement(&mut self, lattice: &Lattice, settlement: &Settlement) {
        let lanes = settlement.all_lanes();
        let (Some(&south), Some(&north)) = (lanes.first(), lanes.last()) else { return };
        let name = |text: &str| (settlement.kind == Kind::Cuikou).then(|| text.to_owned());
        let (first, last) = (settlement.streets[0], settlement.streets[settlement.blocks()]);
        let mut xs: Vec<f64> = settlement.streets.iter().map(|offset| settlement.x + offset).collect();
        xs.extend(between(&lattice.xs, settlement.x + first, settlement.x + last));
        if settlement.kind != Kind::Cuikou {
            self.add("street", None, 60, &straight(xs, settlement.y, false));
        }
        for &offset in &settlement.streets {
            let x = settlement.x + offset;
            let mut ys: Vec<f64> = lanes.iter().map(|&lane| settlement.lane_y(lane)).collect();
            if lattice.xs.iter().any(|&line| same(line, x)) {
                ys.extend(between(&lattice.ys, settlement.lane_y(south), settlement.lane_y(north)));
            }
            let points = straight(ys, x, true);
            if same(offset, 0.0) {
                self.add("street", name("崔口大街").as_deref(), 60, &points);
            } else if same(offset, first) || same(offset, last) {
                let side = if offset < 0.0 { "西环街" } else { "东环街" };
                self.add("street", name(side).as_deref(), 45, &points);
            } else {
                self.add("lane", None, 35, &points);
            }
        }
        for lane in lanes.into_iter().filter(|&lane| lane != 0) {
            let y = settlement.lane_y(lane);
            let side = if lane > 0 { "北" } else { "南" };
            let wide = settlement.kind == Kind::Cuikou && (lane == 4 || lane == -5);
            for block in (0..settlement.blocks()).filter(|&block| settlement.has_lane(block, lane)) {
                let ends = [settlement.streets[block], settlement.streets[block + 1]];
                let [a, b] = ends.map(|offset| settlement.x + offset);
                let points = [ground(a, y), ground(f64::midpoint(a, b), y), ground(b, y)];
                let title = format!("{side}{}巷", lane.abs());
                let class = if wide { ("street", 45) } else { ("lane", 30) };
                let title = if wide { name(&format!("{side}街")) } else { name(&title) };
                self.add(class.0, title.as_deref(), class.1, &points);
            }
        }
    }

    /// Spurs between the cold stores, and tracks out to the garlic.
    fn lay_tracks(&mut self, lattice: &Lattice, street: &Street) {
        let unit = street.cuikou();
        let centre = street.units[unit].centre;
        let column = |x: f64| lattice.xs.iter().position(|&line| same(line, x));
        let row = |y: f64| lattice.ys.iter().position(|&line| same(line, y));
        for x in SPURS {
            let Some(i) = column(x) else { continue };
            for end in [210.0, -290.0].into_iter().filter_map(row) {
                let way: Vec<Node> = walk((i, centre.1), (i, end));
                self.add("lane", Some(spur_name(x)), 60, &lattice.path(&way));
            }
        }
        for i in [-450.0, -206.0, 0.0, 206.0, 309.0, 520.0].into_iter().filter_map(column) {
            for step in [1, -1] {
                let way = inside(street, unit, (i, centre.1), (0, step));
                self.add("path", None, 35, &lattice.path(&way));
            }
        }
        for j in [430.0, -500.0].into_iter().filter_map(row) {
            for step in [1, -1] {
                let way = inside(street, unit, (centre.0, j), (step, 0));
                self.add("path", None, 30, &lattice.path(&way));
            }
        }
    }

    /// Segments joined into lines, in a fixed order; a line ends where its road ends or meets itself.
    pub(crate) fn lines(&self) -> Vec<(Road, Vec<Pt>)> {
        let mut by_road: BTreeMap<&Road, BTreeMap<Key, BTreeSet<Key>>> = BTreeMap::new();
        for ((a, b), road) in &self.segments {
            let ends = by_road.entry(road).or_default();
            ends.entry(*a).or_default().insert(*b);
            ends.entry(*b).or_default().insert(*a);
        }
        let mut lines = Vec::new();
        for (road, mut next) in by_road {
            let ends: Vec<Key> = next.iter().filter(|(_, to)| to.len() != 2).map(|(&key, _)| key).collect();
            let starts: Vec<Key> = ends.iter().copied().chain(next.keys().copied()).collect();
            for start in starts {
                while let Some(line) = follow(&mut next, start, &ends) {
                    lines.push((road.clone(), line.iter().map(|key| self.points[key]).collect()));
                }
            }
        }
        lines
    }

    /// Whether a road runs from one vertex straight to the other.
    pub(crate) fn joins(&self, a: Pt, b: Pt) -> bool {
        let (a, b) = (a.key(), b.key());
        self.segments.contains_key(&(a.min(b), a.max(b)))
    }
}

fn spur_name(x: f64) -> &'static str {
    match x {
        x if x < -400.0 => "冷库四路",
        x if x < 0.0 => "冷库三路",
        x if x < 450.0 => "冷库一路",
        _ => "冷库二路",
    }
}

/// Takes one line off the graph, from `start` to the next end.
fn follow(next: &mut BTreeMap<Key, BTreeSet<Key>>, start: Key, ends: &[Key]) -> Option<Vec<Key>> {
    let mut line = vec![start];
    let mut at = start;
    while let Some(to) = next.get_mut(&at).and_then(BTreeSet::pop_first) {
        next.get_mut(&to).map(|back| back.remove(&at));
        line.push(to);
        at = to;
        if ends.contains(&at) {
            break;
        }
    }
    (line.len() > 1).then_some(line)
}

fn between(lines: &[f64], low: f64, high: f64) -> Vec<f64> {
    lines.iter().copied().filter(|&line| line > low && line < high).collect()
}

/// A straight street of the plan through all its stops.
fn straight(mut stops: Vec<f64>, across: f64, northward: bool) -> Vec<Pt> {
    stops.sort_by(f64::total_cmp);
    stops.dedup_by(|a, b| same(*a, *b));
    stops
        .into_iter()
        .map(|along| if northward { ground(across, along) } else { ground(along, across) })
        .collect()
}

fn walk(from: Node, to: Node) -> Vec<Node> {
    if from.1 <= to.1 {
        (from.1..=to.1).map(|j| (from.0, j)).collect()
    } else {
        (to.1..=from.1).rev().map(|j| (from.0, j)).collect()
    }
}

/// From a node on along a lattice line for as long as both sides belong to the unit.
pub(crate) fn inside(street: &Street, unit: usize, start: Node, step: (isize, isize)) -> Vec<Node> {
    let mut way = vec![start];
    loop {
        let at = way[way.len() - 1];
        let next = (at.0.wrapping_add_signed(step.0), at.1.wrapping_add_signed(step.1));
        if street.unit_of.beside(at, next) != [Some(unit); 2] {
            return way;
        }
        way.push(next);
    }
}

pub(crate) fn in_street(street: &Street, (i, j): Node) -> bool {
    let (a, b) = (i as isize, j as isize);
    [(a, b), (a - 1, b), (a, b - 1), (a - 1, b - 1)].iter().any(|&(x, y)| street.unit_of.get(x, y).is_some())
}

/// Each centre with its two nearest, and whatever else joins all into one network, shortest first.
fn pairs(lattice: &Lattice, centres: &[Node]) -> Vec<(Node, Node)> {
    let mut all: Vec<(i64, usize, usize)> = Vec::new();
    for a in 0..centres.len() {
        for b in 0..a {
            let distance = lattice.at(centres[a]).distance(lattice.at(centres[b]));
            all.push((distance.round() as i64, b, a));
        }
    }
    all.sort_unstable();
    let mut group: Vec<usize> = (0..centres.len()).collect();
    let mut degree = vec![0; centres.len()];
    let mut chosen = Vec::new();
    for (_, a, b) in all {
        if group[a] != group[b] || degree[a] < 2 || degree[b] < 2 {
            chosen.push((centres[a], centres[b]));
            degree[a] += 1;
            degree[b] += 1;
            let (old, new) = (group[b], group[a]);
            group.iter_mut().filter(|g| **g == old).for_each(|g| *g = new);
        }
    }
    chosen
}

/// Dijkstra over the field lines inside the street; a turn costs 150 m, a road that exists a third, somebody's
/// yard twelvefold, the canal's bank fourfold.
fn cheapest_way(
    lattice: &Lattice,
    street: &Street,
    settlements: &[Settlement],
    built: &BTreeSet<(Node, Node)>,
    from: Node,
    to: Node,
) -> Vec<Node> {
    let start: State = (from, 0);
    let mut queue = BinaryHeap::from([Reverse((0_i64, start))]);
    let mut costs = BTreeMap::from([(start, 0_i64)]);
    let mut came: BTreeMap<State, State> = BTreeMap::new();
    while let Some(Reverse((cost, state))) = queue.pop() {
        let (at, axis) = state;
        if at == to {
            return trace(&came, state);
        }
        if cost > costs[&state] {
            continue;
        }
        for (di, dj, next_axis) in [(1, 0, 1), (-1, 0, 1), (0, 1, 2), (0, -1, 2)] {
            let next = (at.0.wrapping_add_signed(di), at.1.wrapping_add_signed(dj));
            if next.0 >= lattice.xs.len() || next.1 >= lattice.ys.len() || !in_street(street, next) {
                continue;
            }
            let edge = (at.min(next), at.max(next));
            let factor = if built.contains(&edge) {
                0.33
            } else if through_yards(lattice, settlements, edge) {
                12.0
            } else if edge.0.1 == edge.1.1 && edge.0.1 == canal_row(lattice) {
                4.0
            } else {
                1.0
            };
            let turn = if axis != 0 && axis != next_axis { 150.0 } else { 0.0 };
            let length = lattice.at(at).distance(lattice.at(next));
            let total = cost + ((length * factor + turn) * 1000.0).round() as i64;
            if costs.get(&(next, next_axis)).is_none_or(|&known| total < known) {
                costs.insert((next, next_axis), total);
                came.insert((next, next_axis), state);
                queue.push(Reverse((total, (next, next_axis))));
            }
        }
    }
    Vec::new()
}

fn trace(came: &BTreeMap<State, State>, end: State) -> Vec<Node> {
    let mut way = vec![end.0];
    let mut state = end;
    while let Some(&before) = came.get(&state) {
        way.push(before.0);
        state = before;
    }
    way.reverse();
    way
}

/// The field line along which the canal was dug, through the whole street from west to east.
pub(crate) fn canal_row(lattice: &Lattice) -> usize {
    lattice.node_near(0.0, 1960.0).1
}

fn through_yards(lattice: &Lattice, settlements: &[Settlement], (a, b): (Node, Node)) -> bool {
    let x = f64::midpoint(lattice.xs[a.0], lattice.xs[b.0]);
    let y = f64::midpoint(lattice.ys[a.1], lattice.ys[b.1]);
    settlements.iter().any(|s| {
        let (dx, dy) = (x - s.x, y - s.y);
        let wide = if s.kind == Kind::Cuikou { (620.0, 310.0) } else { (330.0, 200.0) };
        dx.abs() < wide.0 && dy.abs() < wide.1 && !same(dx, 0.0) && !same(dy, 0.0)
    })
}
