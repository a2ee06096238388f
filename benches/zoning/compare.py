"""Measures `gridkeeper rezone` against an exact model and its peers; see compare.sh.

    compare.py WORK exact | street | peers      (by default all)
"""

import json
import math
import os
import random
import resource
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from exact import Village, fewest_moved

WORK = Path(sys.argv[1])
FIXTURES = Path("fixtures")


def features(path):
    return json.loads(Path(path).read_text())["features"]


def write(name, units):
    path = WORK / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": units}))
    return path


def rezone(units, k, tolerance, *options):
    """Runs the program; returns its report, and wall and processor seconds."""
    out, report = WORK / "zones.geojson", WORK / "report.json"
    command = [os.environ["GRIDKEEPER"], "--lang", "en", "rezone", "--units", units, "--k", str(k)]
    command += ["--tolerance", str(tolerance), "--out", out, "--report", report, *options]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.time() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return json.loads(report.read_text()), wall, after.ru_utime - before.ru_utime


def cuikou():
    """The village's buildings with a household or an enterprise, and today's grid of each."""
    village = "370828003218"
    folder = FIXTURES / "cuikou"
    grids = [f for f in features(folder / "grids.geojson") if f["properties"]["code"].startswith(village)]
    homes, people, firms = defaultdict(int), defaultdict(int), defaultdict(int)
    for f in features(folder / "households.geojson"):
        homes[f["properties"]["building_code"]] += 1
        people[f["properties"]["building_code"]] += len(f["properties"]["residents"])
    for f in features(folder / "enterprises.geojson"):
        firms[f["properties"]["building_code"]] += 1
    units = []
    for f in features(folder / "buildings.geojson"):
        code = f["properties"]["code"]
        if homes[code] + firms[code] == 0:
            continue
        ring = f["geometry"]["coordinates"][0][:-1]
        at = [sum(c[i] for c in ring) / len(ring) for i in (0, 1)]
        grid = next((g for g in grids if inside(at, g["geometry"]["coordinates"][0])), None)
        properties = {
            "code": code,
            "grid": grid and grid["properties"]["code"],
            "homes": homes[code],
            "people": people[code],
            "firms": firms[code],
        }
        units.append({"type": "Feature", "properties": properties, "geometry": f["geometry"]})
    return units


def inside(p, ring):
    odd = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
        if (y1 > p[1]) != (y2 > p[1]) and p[0] < (x2 - x1) * (p[1] - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def run_exact():
    units = cuikou()
    path = write("cuikou.geojson", units)
    loads = {
        "minutes (20 a home, 45 a firm)": ("homes:20,firms:45", [20 * u["properties"]["homes"] + 45 * u["properties"]["firms"] for u in units]),
        "households": ("homes", [u["properties"]["homes"] for u in units]),
        "people": ("people", [u["properties"]["people"] for u in units]),
    }
    for name, (columns, load) in loads.items():
        report, wall, cpu = rezone(path, 3, 0.02, "--load", columns, "--current", "grid")
        zones = sorted({u["properties"]["grid"] for u in units})
        home = [zones.index(u["properties"]["grid"]) for u in units]
        people = [u["properties"]["people"] for u in units]
        ours = [zones.index(a["zone"]) for a in report["assignment"]]
        village = Village(load, people, home, report["neighbours"], 0.02)
        best, bound = fewest_moved(village, 240, ours)
        overall = report["overall"]
        print(
            f"Cuikou, load = {name}: {len(units)} units, k = 3, today ±{report['deviation_today']:.1%} | "
            f"deviation {overall['max_deviation']:.2%}, people moved {overall['people_moved']:.0f}, "
            f"{wall:.2f} s wall, {cpu:.2f} s processor | exact: {best} people, bound {bound:.1f}",
            flush=True,
        )


def street(points):
    """14,000 units: parcels on a jittered lattice, or points at random."""
    rng = random.Random(5)
    units = []
    if points:
        for _ in range(14_000):
            x, y = rng.random(), rng.random()
            at = [116.3 + x * 0.05, 35.05 + y * 0.03]
            units.append((f"{int(x * 15)}-{int(y * 7)}", {"type": "Point", "coordinates": at}))
    else:
        nx, ny = 140, 100
        jitter = lambda i, n: rng.uniform(-0.3, 0.3) if 0 < i < n else 0.0
        at = [
            [[round(116.3 + (i + jitter(i, nx)) * 4e-4, 7), round(35.05 + (j + jitter(j, ny)) * 3e-4, 7)] for j in range(ny + 1)]
            for i in range(nx + 1)
        ]
        for i in range(nx):
            for j in range(ny):
                ring = [at[i][j], at[i + 1][j], at[i + 1][j + 1], at[i][j + 1], at[i][j]]
                units.append((f"{i * 15 // nx}-{j * 7 // ny}", {"type": "Polygon", "coordinates": [ring]}))
    return [
        {
            "type": "Feature",
            "properties": {"grid": grid, "work": rng.randint(1, 9), "people": rng.randint(0, 6)},
            "geometry": geometry,
        }
        for grid, geometry in units
    ]


def run_street():
    for name, points in (("parcels", False), ("points", True)):
        path = write("street.geojson", street(points))
        for start, options in (("from today", ["--current", "grid"]), ("afresh", [])):
            report, wall, cpu = rezone(path, 105, 0.05, "--load", "work", *options)
            o = report["overall"]
            print(
                f"street of 14,000 {name}, k = 105, {start}: deviation {o['max_deviation']:.2%}, contiguous "
                f"{o['contiguous']}, people moved {o['people_moved']:.0f}, cut edges {o['cut_edges']}, "
                f"Polsby-Popper {o['polsby_popper']:.3f} | {wall:.1f} s wall, {cpu:.1f} s processor",
                flush=True,
            )


def kathmandu():
    units = [f for f in features(FIXTURES / "kathmandu" / "buildings.geojson") if f["geometry"]["type"] == "Polygon"]
    for f in units:
        f["properties"] = {"one": 1}
    return units


def measures(zone, pairs, k):
    sizes = [zone.count(z) for z in range(k)]
    mean = len(zone) / k
    return max(abs(s - mean) / mean for s in sizes), sum(zone[a] != zone[b] for a, b in pairs)


def recom(pairs, n, k, tolerance, seconds, start):
    """GerryChain: ReCom, the best plan by cut edges that it meets in the time."""
    from functools import partial

    import networkx
    from gerrychain import Graph, MarkovChain, Partition, accept, constraints, updaters
    from gerrychain.proposals import recom
    from gerrychain.tree import recursive_tree_part

    graph = networkx.Graph()
    graph.add_nodes_from(range(n), one=1)
    graph.add_edges_from(pairs)
    graph = Graph.from_networkx(graph)
    begun = time.process_time()
    random.seed(1)
    if start is None:
        start = recursive_tree_part(graph, range(k), n / k, "one", tolerance)
    first = Partition(graph, assignment=start, updaters={"one": updaters.Tally("one"), "cut_edges": updaters.cut_edges})
    proposal = partial(recom, pop_col="one", pop_target=n / k, epsilon=tolerance, node_repeats=1)
    chain = MarkovChain(
        proposal=proposal,
        constraints=[constraints.within_percent_of_ideal_population(first, tolerance, pop_key="one")],
        accept=lambda p: p.parent is None or len(p["cut_edges"]) <= len(p.parent["cut_edges"]) + 2,
        initial_state=first,
        total_steps=10**9,
    )
    best, steps = None, 0
    for plan in chain:
        steps += 1
        if best is None or len(plan["cut_edges"]) < best[0]:
            best = (len(plan["cut_edges"]), [plan.assignment[i] for i in range(n)])
        if time.process_time() - begun > seconds:
            break
    return best[1], f"{steps} steps"


def skater(units, pairs, n, k, seconds):
    """PySAL spopt: SKATER, which wants equal attributes, not equal sizes; its floor is what balances."""
    import geopandas
    import libpysal
    from shapely.geometry import shape
    from spopt.region import Skater

    frame = geopandas.GeoDataFrame({"x": 0.0, "y": 0.0}, index=range(n), geometry=[shape(u["geometry"]) for u in units])
    centres = frame.geometry.centroid
    frame["x"], frame["y"] = centres.x, centres.y
    links = defaultdict(list)
    for a, b in pairs:
        links[a].append(b)
        links[b].append(a)
    w = libpysal.weights.W({i: links[i] for i in range(n)}, silence_warnings=True)
    model = Skater(frame, w, ["x", "y"], n_clusters=k, floor=int(n / k * 0.7))
    model.solve()
    return [int(z) for z in model.labels_], "floor 0.7 of the mean"


def area_splitter(units, n, k):
    """PyPI area-splitter: tasks of n / k buildings, along roads, by its SQL in a PostGIS that DATABASE_URL names."""
    import psycopg
    from area_splitter.splitter import split_by_sql
    from shapely import box
    from shapely.geometry import mapping, shape
    from shapely.ops import unary_union

    plain = lambda geometry, tags: {"type": "Feature", "properties": {"tags": tags}, "geometry": geometry}
    roads = [f for f in features(FIXTURES / "kathmandu" / "roads.geojson") if f["geometry"]["type"] == "LineString"]
    extract = [plain(u["geometry"], {"building": "yes"}) for u in units]
    extract += [plain(f["geometry"], {"highway": "residential"}) for f in roads]
    for i, feature in enumerate(extract):
        feature["properties"]["osm_id"] = i + 1
    shapes = [shape(u["geometry"]) for u in units]
    land = box(*unary_union(shapes).buffer(0.0001).bounds)
    outline = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": mapping(land)}]}
    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        tasks = split_by_sql(
            outline, database, num_buildings=round(n / k), osm_extract={"type": "FeatureCollection", "features": extract}
        )
    tasks = [shape(f["geometry"]) for f in tasks["features"]]
    zone = [max(range(len(tasks)), key=lambda z: tasks[z].intersection(s).area) for s in shapes]
    polsby = sum(4 * math.pi * metres(t).area / metres(t).length ** 2 for t in tasks) / len(tasks)
    cut = sum(any(0.01 < t.intersection(s).area / s.area < 0.99 for t in tasks) for s in shapes)
    return zone, f"{len(tasks)} tasks, Polsby-Popper {polsby:.3f}, {cut} buildings cut"


def metres(polygon):
    from shapely.affinity import scale

    return scale(polygon, 111_320 * math.cos(math.radians(polygon.centroid.y)), 110_800, origin=(0, 0))


def run_peers():
    units = kathmandu()
    path = write("kathmandu.geojson", units)
    n = len(units)
    for k in (5, 10, 20):
        report, wall, cpu = rezone(path, k, 0.05, "--load", "one")
        pairs = [tuple(p) for p in report["neighbours"]]
        names = sorted({a["zone"] for a in report["assignment"]})
        zone = [names.index(a["zone"]) for a in report["assignment"]]
        o = report["overall"]
        deviation, cuts = measures(zone, pairs, k)
        print(
            f"Kathmandu, k = {k}: gridkeeper deviation {deviation:.2%}, cut edges {cuts}, Polsby-Popper "
            f"{o['polsby_popper']:.3f}, Reock {o['reock']:.3f} | {wall:.2f} s wall, {cpu:.2f} s processor",
            flush=True,
        )
        for name, run in (
            ("gerrychain ReCom, same processor time", lambda: recom(pairs, n, k, 0.05, cpu, None)),
            ("gerrychain ReCom, 30 s", lambda: recom(pairs, n, k, 0.05, 30, None)),
            ("spopt SKATER", lambda: skater(units, pairs, n, k, cpu)),
            ("area-splitter", lambda: area_splitter(units, n, k)),
        ):
            begun = time.process_time()
            try:
                plan, how = run()
            except Exception as error:  # a peer that finds no plan is a result too
                print(f"    {name}: failed, {type(error).__name__}: {error}", flush=True)
                continue
            deviation, cuts = measures(plan, pairs, max(plan) + 1)
            spent = time.process_time() - begun
            print(f"    {name}: deviation {deviation:.2%}, cut edges {cuts} | {spent:.2f} s processor, {how}", flush=True)


RUNS = {"exact": run_exact, "street": run_street, "peers": run_peers}

if __name__ == "__main__":
    for wanted in sys.argv[2:] or RUNS:
        RUNS[wanted]()
