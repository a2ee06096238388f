"""Routes against VROOM, PyVRP and OR-Tools: the prize that each finds in the same time on one core.

    benches/routing_peers.sh --seconds 1 --seeds 3 [--workers 1,3,4] [--instances pr02,rc101,made200]

`made200` is made here, of 200 stops, half of them in clusters, in the manner of Cordeau's; `made200b` is another.

For each instance, number of workers and seed the programs take turns, so that what else runs on the machine meets all
of them alike. Every plan is followed step by step here before its prize counts. Each peer is given what its
documentation recommends for such problems: prizes as VROOM's priorities (scaled to its 0 to 100 where they are
larger), as PyVRP's prizes and as OR-Tools' penalties of disjunctions with guided local search, the last two scaled so
that no way is worth a prize. VROOM stops by itself when it has nothing left to try.
"""

import argparse
import json
import math
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta

FOLDER = pathlib.Path(__file__).parent.parent / "fixtures/reference/tours"


def published(name):
    rows = [line.split() for line in (FOLDER / f"{name}.txt").read_text().splitlines()[2:]]
    return [[float(word) for word in row] for row in rows if len(row) > 6]


def made(name):
    """Number, x, y, service, prize, and a window at the end: the columns that a Problem reads."""
    draw = random.Random(name)
    count = int(re.search(r"\d+", name).group())
    centres = [(draw.uniform(-80, 80), draw.uniform(-80, 80)) for _ in range(2 + count // 25)]
    rows = [[0, 0.0, 0.0, 0.0, 0.0, 0.0, 1000.0]]
    for number in range(1, count + 1):
        x, y = draw.uniform(-100, 100), draw.uniform(-100, 100)
        if number % 2:
            x, y = (draw.gauss(middle, 8) for middle in draw.choice(centres))
        opens = draw.uniform(60, 820)
        rows.append([number, x, y, draw.randint(1, 25), draw.randint(1, 25), opens, opens + draw.uniform(60, 180)])
    return rows


class Problem:
    """An orienteering instance with whole numbers: see fixtures/reference/tours/README.txt."""

    def __init__(self, name, workers):
        units = 10 if name[0] in "cr" else 100
        rows = made(name) if name.startswith("made") else published(name)
        whole = lambda value: round(value * units)
        self.matrix = [[math.floor(math.hypot(a[1] - b[1], a[2] - b[2]) * units) for b in rows] for a in rows]
        self.service = [whole(row[3]) for row in rows]
        self.prize = [int(row[4]) for row in rows]
        self.windows = [(whole(row[-2]), whole(row[-1])) for row in rows]
        self.shift = self.windows[0]
        self.workers = workers

    def prize_of(self, routes):
        """What routes over stops 1 and up are worth; an error when they cannot be walked."""
        assert len(routes) <= self.workers and len(set(sum(routes, []))) == len(sum(routes, []))
        for route in routes:
            now, at = self.shift[0], 0
            for stop in route + [0]:
                now = max(now + self.matrix[at][stop], self.windows[stop][0])
                assert now <= self.windows[stop][1], "late"
                now, at = now + self.service[stop], stop
        return sum(self.prize[stop] for route in routes for stop in route)


def gridkeeper(problem, seconds, seed, _by_processor, binary):
    document = {
        "matrix": problem.matrix,
        "stops": [
            {"id": str(i), "at": i, "service": problem.service[i], "prize": problem.prize[i], "windows": [problem.windows[i]]}
            for i in range(1, len(problem.matrix))
        ],
        "workers": [{"id": str(w), "start": 0, "end": 0, "shift": problem.shift} for w in range(problem.workers)],
    }
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "p.json").write_text(json.dumps(document))
        command = [binary, "route", "--problem", folder / "p.json", "--out", folder / "plan.json"]
        command += ["--time-limit", f"{seconds}s", "--threads", "1", "--seed", str(seed)]
        subprocess.run(command, check=True)
        plan = json.loads((folder / "plan.json").read_text())
    return [[int(stop["id"]) for stop in route["stops"]] for route in plan["routes"]]


def vroom_routes(problem, seconds, _seed, by_processor):
    import numpy
    import vroom

    task = vroom.Input()
    task.set_durations_matrix("car", numpy.array(problem.matrix, dtype=numpy.uint32))
    for worker in range(problem.workers):
        task.add_vehicle(vroom.Vehicle(worker, start=0, end=0, time_window=vroom.TimeWindow(*problem.shift)))
    largest = max(100, max(problem.prize))
    for stop in range(1, len(problem.matrix)):
        priority = round(problem.prize[stop] * 100 / largest)
        window = vroom.TimeWindow(*problem.windows[stop])
        task.add_job(vroom.Job(stop, location=stop, default_service=problem.service[stop], priority=priority, time_windows=[window]))
    solution = task.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds * (10 if by_processor else 1)))
    steps = solution.routes
    jobs = steps[steps["type"] == "job"]
    return [[int(stop) for stop in jobs[jobs["vehicle_id"] == worker]["id"]] for worker in range(problem.workers)]


def pyvrp_routes(problem, seconds, seed, by_processor):
    import pyvrp
    from pyvrp.stop import MaxRuntime

    model = pyvrp.Model()
    # A prize is worth more than all the travel there can be.
    scale = problem.workers * (problem.shift[1] - problem.shift[0]) + 1
    places = [model.add_location(0, 0) for _ in problem.matrix]
    depot = model.add_depot(places[0])
    for stop in range(1, len(problem.matrix)):
        opens, closes = problem.windows[stop]
        model.add_client(
            places[stop], service_duration=problem.service[stop], tw_early=opens, tw_late=closes,
            prize=problem.prize[stop] * scale, required=False,
        )
    model.add_vehicle_type(problem.workers, start_depot=depot, end_depot=depot, tw_early=problem.shift[0], tw_late=problem.shift[1])
    for a, row in enumerate(problem.matrix):
        for b, leg in enumerate(row):
            if a != b:
                model.add_edge(places[a], places[b], distance=leg, duration=leg)
    begun = time.process_time()
    used_up = lambda _best: time.process_time() - begun > seconds
    result = model.solve(used_up if by_processor else MaxRuntime(seconds), seed=seed, display=False, collect_stats=False)
    if not result.is_feasible():
        return []
    return pyvrp_stops(result.best)


def pyvrp_stops(solution):
    return [[activity.idx + 1 for activity in route if activity.is_client()] for route in solution.routes()]


def ortools_routes(problem, seconds, _seed, by_processor):
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    manager = pywrapcp.RoutingIndexManager(len(problem.matrix), problem.workers, 0)
    routing = pywrapcp.RoutingModel(manager)
    node = manager.IndexToNode
    travel = routing.RegisterTransitCallback(lambda a, b: problem.matrix[node(a)][node(b)])
    with_service = lambda a, b: problem.matrix[node(a)][node(b)] + problem.service[node(a)]
    routing.SetArcCostEvaluatorOfAllVehicles(travel)
    span = problem.shift[1]
    routing.AddDimension(routing.RegisterTransitCallback(with_service), span, span, False, "time")
    times = routing.GetDimensionOrDie("time")
    scale = problem.workers * span + 1
    for stop in range(1, len(problem.matrix)):
        index = manager.NodeToIndex(stop)
        times.CumulVar(index).SetRange(*problem.windows[stop])
        routing.AddDisjunction([index], problem.prize[stop] * scale)
    for worker in range(problem.workers):
        times.CumulVar(routing.Start(worker)).SetRange(*problem.shift)
        times.CumulVar(routing.End(worker)).SetRange(*problem.shift)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    if by_processor:
        begun = time.process_time()
        solver = routing.solver()
        routing.AddSearchMonitor(solver.CustomLimit(lambda: time.process_time() - begun > seconds))
        parameters.time_limit.FromMilliseconds(int(seconds * 100_000))
    else:
        parameters.time_limit.FromMilliseconds(int(seconds * 1000))
    solution = routing.SolveWithParameters(parameters)
    routes = []
    for worker in range(problem.workers):
        index, route = routing.Start(worker), []
        while solution and not routing.IsEnd(index):
            route.append(node(index))
            index = solution.Value(routing.NextVar(index))
        routes.append(route[1:])
    return routes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--workers", default="1,3,4")
    parser.add_argument("--instances", default="")
    parser.add_argument("--binary", default="target/release/gridkeeper")
    parser.add_argument("--processor-time", action="store_true")
    options = parser.parse_args()
    optima = dict(
        (row.split(",")[0], int(row.split(",")[2])) for row in (FOLDER / "optimal_m1.csv").read_text().split()[1:]
    )
    names = options.instances.split(",") if options.instances else sorted(optima)
    solvers = {
        "gridkeeper": lambda *task: gridkeeper(*task, options.binary),
        "VROOM": vroom_routes,
        "PyVRP": pyvrp_routes,
        "OR-Tools": ortools_routes,
    }
    if options.processor_time:
        del solvers["gridkeeper"]
    print(f"{options.seconds:g} s, {options.seeds} seeds, one core each; mean prize, least prize in brackets")
    for workers in [int(count) for count in options.workers.split(",")]:
        totals = dict.fromkeys(solvers, 0.0)
        for name in names:
            problem = Problem(name, workers)
            found = {solver: [] for solver in solvers}
            for seed in range(1, options.seeds + 1):
                for solver, solve in solvers.items():
                    begun = time.monotonic()
                    routes = solve(problem, options.seconds, seed, options.processor_time)
                    taken = time.monotonic() - begun
                    if taken > 3 * options.seconds + 1 and not options.processor_time:
                        print(f"  {name}: {solver} took {taken:.1f} s of wall time", file=sys.stderr)
                    found[solver].append(problem.prize_of(routes))
            means = {solver: sum(prizes) / len(prizes) for solver, prizes in found.items()}
            for solver in solvers:
                totals[solver] += means[solver]
            cells = [f"{solver} {means[solver]:.1f} ({min(found[solver])})" for solver in solvers]
            proven = f", optimum {optima[name]}" if workers == 1 and name in optima else ""
            print(f"{name} x {workers}{proven}: " + ", ".join(cells), flush=True)
        print(f"all x {workers}: " + ", ".join(f"{solver} {total:.1f}" for solver, total in totals.items()), flush=True)
    own, peers = resource.getrusage(resource.RUSAGE_CHILDREN), resource.getrusage(resource.RUSAGE_SELF)
    print(f"processor time: gridkeeper {own.ru_utime:.0f} s, the peers together {peers.ru_utime:.0f} s")


if __name__ == "__main__":
    main()
