"""The peer of benches/clusters.rs, on the incidents that it left: pointpats' Knox test.

Run by benches/clusters.sh. pointpats tests one distance and one time, not a table of bands: the last of each, which all
pairs of the table are within. It counts by k-d trees in space and in time for each permutation.
"""
import sys
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")
from pointpats import Knox  # noqa: E402

incidents = np.fromfile(f"{sys.argv[1]}/incidents.f64", dtype="<f8").reshape(-1, 3)
permutations = int(sys.argv[2]) if len(sys.argv) > 2 else 9
for distance_m in (25, 50, 100):
    np.random.seed(2022)
    clock, used = time.perf_counter(), time.process_time()
    test = Knox(incidents[:, :2], incidents[:, 2:], delta=4 * distance_m, tau=28, permutations=permutations)
    clock, used = time.perf_counter() - clock, time.process_time() - used
    print(f"pointpats Knox within {4 * distance_m} m and 28 days, {permutations} permutations: {clock:.2f} s, "
          f"{used:.2f} s of processors, {int(test.statistic_)} pairs, p = {test.p_sim:.3f}", flush=True)
