"""The fewest people who must move, by HiGHS: contiguity by separators (Oehrlein and Haunert 2017, "A cutting-plane method
for contiguity-constrained spatial aggregation"), found by minimum cuts at the root and in the plans that come apart."""

import math
import time
from collections import defaultdict

import highspy
import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

#: A share of a unit in the whole numbers of the flows, and more than all units together.
WHOLE, PLENTY = 1_000_000, 2_000_000_000
#: How far a cut must be violated.
LEAST = 0.05


class Village:
    """Units with load, people and the zone of today, and who borders on whom."""

    def __init__(self, load, people, home, pairs, tolerance):
        self.load, self.people, self.home = load, people, home
        self.n, self.k = len(load), max(home) + 1
        mean = sum(load) / self.k
        self.least, self.most = (1 - tolerance) * mean - 1e-9, (1 + tolerance) * mean + 1e-9
        self.links = defaultdict(set)
        for a, b in pairs:
            self.links[a].add(b)
            self.links[b].add(a)
        # A cut holds whichever its anchor is; it bites if the anchor stays: one with people, in the middle of its zone.
        self.anchors = [self.middle(z) for z in range(self.k)]
        sides = [(2 * i, 2 * i + 1) for i in range(self.n)]
        ways = [(2 * a + 1, 2 * b) for pair in pairs for a, b in (pair, pair[::-1])]
        self.rows, self.columns = (np.array(ends) for ends in zip(*(sides + ways)))

    def middle(self, z):
        depth = {i: 0 for i in range(self.n) if self.home[i] != z}
        queue = list(depth)
        for at in queue:
            for other in self.links[at] - depth.keys():
                depth[other] = depth[at] + 1
                queue.append(other)
        main = max(self.pieces([i for i in range(self.n) if self.home[i] == z]), key=len)
        return max(main, key=lambda i: self.people[i] * min(depth.get(i, 6), 6))

    def pieces(self, members):
        left, found = set(members), []
        while left:
            piece, stack = set(), [left.pop()]
            while stack:
                at = stack.pop()
                piece.add(at)
                new = self.links[at] & left
                left -= new
                stack += new
            found.append(piece)
        return found

    def reach(self, start, wall):
        """What can be reached without the wall, and the part of the wall that is met."""
        reached, stack, met = {start}, [start], set()
        while stack:
            for other in self.links[stack.pop()] - reached:
                if other in wall:
                    met.add(other)
                else:
                    reached.add(other)
                    stack.append(other)
        return met

    def cut_by_flow(self, share):
        """Separators with less of a zone in them than both sides of them have, at shares that are not whole."""
        for z, anchor in enumerate(self.anchors):
            capacity = np.full(len(self.rows), PLENTY, dtype=np.int32)
            capacity[: self.n] = np.round(share[:, z].clip(0, 1) * WHOLE) + 1
            capacity[anchor] = PLENTY
            covered = self.links[anchor] | {anchor}
            for i in map(int, np.argsort(-share[:, z])):
                due = share[i, z] + share[anchor, z] - 1 - LEAST
                if due <= 0:
                    break
                if i in covered:
                    continue
                of_i = capacity.copy()
                of_i[i] = PLENTY
                flows = csr_matrix((of_i, (self.rows, self.columns)), shape=(2 * self.n,) * 2)
                flow = maximum_flow(flows, 2 * anchor + 1, 2 * i)
                if flow.flow_value / WHOLE < due:
                    rest = (flows - flow.flow).tocsr()
                    for graph, start, ends in ((rest, 2 * anchor + 1, (0, 1)), (rest.T.tocsr(), 2 * i, (1, 0))):
                        side = residual(graph, start)
                        inside = lambda v, end: 2 * v + end in side
                        yield z, i, frozenset(v for v in range(self.n) if inside(v, ends[0]) and not inside(v, ends[1]))
                    covered |= self.links[i]

    def cut_by_pieces(self, zone):
        """Separators around the pieces of a plan that comes apart, the nearest to each side."""
        for z, anchor in enumerate(self.anchors):
            pieces = self.pieces([i for i in range(self.n) if zone[i] == z])
            main = next((piece for piece in pieces if anchor in piece), None)
            for piece in pieces:
                if main is None or piece is main:
                    continue
                around = set().union(*(self.links[i] for i in piece)) - piece
                before = set().union(*(self.links[i] for i in main)) - main
                for i in piece - before:
                    yield z, i, frozenset(self.reach(anchor, around))
                    yield z, i, frozenset(self.reach(i, before))


def residual(graph, start):
    side, stack = {start}, [start]
    while stack:
        at = stack.pop()
        for edge in range(graph.indptr[at], graph.indptr[at + 1]):
            to = int(graph.indices[edge])
            if graph.data[edge] > 0 and to not in side:
                side.add(to)
                stack.append(to)
    return side


class Model:
    """The relaxation, with the cuts so far."""

    def __init__(self, village):
        self.village, self.cuts = village, {}

    def add(self, cuts):
        before = len(self.cuts)
        for cut in cuts:
            self.cuts[cut] = None
        return len(self.cuts) - before

    def solve(self, whole, limit_s, start):
        """The shares, the bound, and whether they are the best."""
        v = self.village
        model = highspy.Highs()
        model.silent()
        cost = [[0.0 if z == v.home[i] else float(v.people[i]) for z in range(v.k)] for i in range(v.n)]
        model.addVars(v.n * v.k, np.zeros(v.n * v.k), np.ones(v.n * v.k))
        at = lambda i, z: i * v.k + z
        columns = np.arange(v.n * v.k, dtype=np.int32)
        model.changeColsCost(len(columns), columns, np.array(cost).ravel())
        if whole:
            kinds = [highspy.HighsVarType.kInteger] * len(columns)
            model.changeColsIntegrality(len(columns), columns, np.array(kinds))
        row = lambda low, high, terms: model.addRow(
            low, high, len(terms), np.array([c for c, _ in terms], dtype=np.int32), np.array([float(x) for _, x in terms])
        )
        for i in range(v.n):
            row(1.0, 1.0, [(at(i, z), 1) for z in range(v.k)])
        for z in range(v.k):
            row(v.least, v.most, [(at(i, z), v.load[i]) for i in range(v.n) if v.load[i]])
        for z, i, wall in self.cuts:
            row(-highspy.kHighsInf, 1.0, [(at(i, z), 1), (at(v.anchors[z], z), 1)] + [(at(j, z), -1) for j in wall])
        if whole and start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = [float(start[i] == z) for i in range(v.n) for z in range(v.k)]
            model.setSolution(solution)
        model.setOptionValue("mip_rel_gap", 0.0)
        model.setOptionValue("time_limit", max(limit_s, 1.0))
        model.run()
        info = model.getInfo()
        share = np.array(model.getSolution().col_value).reshape(v.n, v.k)
        best = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return share, info.mip_dual_bound if whole else info.objective_function_value, best


def fewest_moved(village, limit_s, start=None):
    """The people of the best plan (none if it was not found in time), and the bound that is proved."""
    model, begun, bound, stale = Model(village), time.time(), 0.0, 0
    left = lambda: limit_s - (time.time() - begun)
    while left() > 0 and stale < 5:
        share, value, _ = model.solve(False, left(), None)
        stale = stale + 1 if value < bound + 0.01 else 0
        bound = max(bound, value)
        if model.add(village.cut_by_flow(share)) == 0:
            break
    moved = lambda zone: sum(village.people[i] for i in range(village.n) if zone[i] != village.home[i])
    while left() > 0:
        share, value, best = model.solve(True, left(), start)
        # People are whole.
        bound = max(bound, math.ceil(value - 1e-6))
        zone = share.argmax(axis=1)
        if model.add(village.cut_by_pieces(zone)) == 0:
            return (moved(zone) if best else None), bound
        if start is not None and bound >= moved(start):
            return moved(start), bound
    return None, bound
