"""The peers of benches/geometry that are not written in Rust, on the faces and points that it left: shapely and sedonadb.

Run by benches/geometry_peers.sh. Processor time of this process over all its threads; the median of rounds.
"""
import pathlib
import statistics
import sys
import time
import warnings

import numpy as np
import pyarrow as pa
import sedonadb
import shapely

warnings.filterwarnings("ignore")

ROUNDS = 3
# The slower ones get fewer points.
POINTS = 200_000


def faces(path):
    data = path.read_bytes()
    at, out = 0, []
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "little")
        out.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    return out


def rate(count, work):
    """Million points per CPU-second, and what the last round answered."""
    taken = []
    for _ in range(ROUNDS):
        before = time.process_time()
        answer = work()
        taken.append(time.process_time() - before)
    return count / statistics.median(taken) / 1e6, answer


def with_shapely(wkb, points):
    polygons = shapely.from_wkb(wkb)
    shapely.prepare(polygons)
    tree = shapely.STRtree(polygons)
    places = shapely.points(points)
    x, y = points[:, 0], points[:, 1]

    def assign():
        place, polygon = tree.query(places)
        return int(shapely.contains_xy(polygons[polygon], x[place], y[place]).sum())

    return rate(len(points), assign)


def with_sedonadb(wkb, points):
    context = sedonadb.connect()
    context.create_data_frame(pa.table({"wkb": pa.array(wkb, pa.binary())})).to_view("raw_faces")
    context.create_data_frame(pa.table({"x": points[:, 0], "y": points[:, 1]})).to_view("raw_points")
    context.sql("SELECT ST_GeomFromWKB(wkb) AS geom FROM raw_faces").to_memtable().to_view("faces")
    context.sql("SELECT ST_Point(x, y) AS geom FROM raw_points").to_memtable().to_view("points")
    join = "SELECT count(*) AS n FROM points p JOIN faces f ON ST_Intersects(f.geom, p.geom)"
    return rate(len(points), lambda: pa.table(context.sql(join))["n"][0].as_py())


def main():
    folder = pathlib.Path(sys.argv[1])
    print(f"shapely {shapely.__version__} (GEOS {shapely.geos_version_string}), sedonadb {sedonadb.__version__}")
    for name in sys.argv[2:] or ["village", "street", "province"]:
        wkb = faces(folder / f"{name}.faces")
        points = np.fromfile(folder / f"{name}.points").reshape(-1, 2)[:POINTS]
        for peer, work in [("shapely STRtree, prepared", with_shapely), ("sedonadb, with its build", with_sedonadb)]:
            million, found = work(wkb, points)
            print(f"{name}: {peer}: {million:.3f} million points per CPU-second ({found} of {len(points)} in a face)", flush=True)


if __name__ == "__main__":
    main()
