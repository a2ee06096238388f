"""The peers of benches/density.rs, on the points that it left: datashader's tile, KDEpy's grid, esda's Gi*.

Run by benches/density.sh. The median of nine rounds, on as many threads as given to it: processor time of this process, for the tile also by the
clock.
"""
import io
import statistics
import sys
import time
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")


def milliseconds(work, rounds=9, clock=time.process_time):
    work()
    times = []
    for _ in range(rounds):
        before = clock()
        work()
        times.append((clock() - before) * 1000)
    return statistics.median(times)


def datashader_tile(points):
    import datashader as ds
    import datashader.transfer_functions as tf
    from scipy.ndimage import gaussian_filter

    frame = pd.DataFrame(points, columns=["x", "y"])
    canvas = ds.Canvas(256, 256, x_range=(0, 1), y_range=(0, 1))

    def tile():
        counts = canvas.points(frame, "x", "y", ds.count())
        counts.data = gaussian_filter(counts.data.astype("f4"), 3.2)
        image = tf.shade(counts, how="linear").to_pil()
        image.save(io.BytesIO(), "PNG")

    return milliseconds(tile), milliseconds(tile, clock=time.perf_counter)


def kdepy_grid(points):
    from KDEpy import FFTKDE

    axis = np.linspace(-0.1, 1.1, 256)
    grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    grid = grid[np.lexsort((grid[:, 1], grid[:, 0]))]
    return milliseconds(lambda: FFTKDE(kernel="gaussian", bw=0.0125).fit(points).evaluate(grid))


def esda_gi_star(side, permutations):
    from esda import G_Local
    from libpysal.weights import lat2W

    weights = lat2W(side, side, rook=False)
    values = np.floor(np.random.default_rng(7).random(side * side) * 20)

    def gi_star():
        G_Local(values, weights, transform="B", star=True, permutations=permutations, keep_simulations=False,
                n_jobs=1, seed=1)

    return milliseconds(gi_star, rounds=3)


points = np.fromfile(sys.argv[1] + "/points.f64").reshape(-1, 2)
for count in (100_000, 1_000_000):
    of_processor, by_clock = datashader_tile(points[:count])
    print(f"datashader   {count:>9} points: tile {of_processor:.1f} ms, {by_clock:.1f} ms by the clock")
    print(f"KDEpy        {count:>9} points: grid {kdepy_grid(points[:count]):.1f} ms, no picture")
for side in (100, 316):
    print(f"esda Gi* of {side * side} units × 999 permutations: {esda_gi_star(side, 999):.0f} ms of processor time")
