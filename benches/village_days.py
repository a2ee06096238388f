"""A day's walk for each grid of Cuikou, and for the 105 grids of a street, through `gridkeeper route` from end to end.

    python3 benches/village_days.py [--binary target/release/gridkeeper] [--long 60] [--street-seconds 0.8]

Cuikou: everything that is due on a day at the start of a month in one grid of the synthetic village (every household,
every enterprise, the people in special care), roads and places as they are in fixtures/cuikou, a shift of four hours
on foot. The plan of one second, reading, roads and printing included, is compared with a plan of a minute.

The street: 105 such days, those three grids with other dates of the last calls, two at a time on two processors.
"""

import argparse
import concurrent.futures
import json
import pathlib
import random
import subprocess
import tempfile
import time

FOLDER = pathlib.Path(__file__).parent.parent / "fixtures/cuikou"
OFFICE = [116.2972, 35.0617]
SHIFT = [8 * 3600 + 1800, 12 * 3600 + 1800]


def features(name):
    return json.loads((FOLDER / f"{name}.geojson").read_text())["features"]


def seconds(time_of_day):
    hours, minutes = time_of_day.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def calls_by_grid(binary, folder):
    """The doors of each grid with how long a call takes and, for enterprises, when they are open."""
    doors = []
    for home in features("households"):
        place, care = home["geometry"]["coordinates"], any(one["care"] for one in home["properties"]["residents"])
        doors.append({"at": place, "service": 1200 if care else 600, "every": 7 if care else 30, "plain": 60 if care else 20})
    for firm in features("enterprises"):
        given = firm["properties"]
        door = {"at": firm["geometry"]["coordinates"], "service": 1500, "every": 30, "plain": 40}
        if given["opens"] and given["closes"]:
            door["window"] = [seconds(given["opens"]), seconds(given["closes"]) - door["service"]]
        doors.append(door)
    points, out = folder / "doors.csv", folder / "grids.csv"
    rows = [f"{number},{door['at'][0]},{door['at'][1]}" for number, door in enumerate(doors)]
    points.write_text("\n".join(["door,lon,lat", *rows]) + "\n")
    command = [binary, "assign", "--grids", FOLDER / "grids.geojson", "--points", points, "--out", out, "--id", "door"]
    subprocess.run(command, check=True, capture_output=True)
    grids = {}
    for row in out.read_text().split()[1:]:
        door, grid = row.split(",")[:2]
        if grid:
            grids.setdefault(grid, []).append(doors[int(door)])
    return dict(sorted(grids.items()))


def day(doors, seed):
    """The problem of one grid's day: the longer ago the last call, the more it is worth."""
    draw = random.Random(seed)
    stops = []
    for number, door in enumerate(doors):
        late = draw.random()
        stop = {"id": str(number), "at": door["at"], "service": door["service"], "prize": round(door["plain"] * (1 + late))}
        if "window" in door:
            stop["windows"] = [door["window"]]
        stops.append(stop)
    worker = {"id": "walker", "start": OFFICE, "end": OFFICE, "shift": SHIFT}
    return {"matrix": None, "profile": "foot", "stops": stops, "workers": [worker]}


def planned(binary, folder, problem, name, limit, threads):
    """Plans, checks the plan by the program's own checker, and gives its prize and how long it took in all."""
    source, out = folder / f"{name}.json", folder / f"{name}-plan.json"
    source.write_text(json.dumps(problem))
    command = [binary, "route", "--problem", source, "--network", FOLDER / "roads.geojson"]
    begun = time.monotonic()
    limits = ["--time-limit", f"{limit}s", "--threads", str(threads)]
    subprocess.run([*command, "--out", out, *limits], check=True, capture_output=True)
    took = time.monotonic() - begun
    subprocess.run([*command, "--check", out], check=True, capture_output=True)
    plan = json.loads(out.read_text())
    return plan["prize"], took, sum(len(route["stops"]) for route in plan["routes"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="target/release/gridkeeper")
    parser.add_argument("--short", type=float, default=0.8, help="the time limit of a day's plan that takes a second in all")
    parser.add_argument("--long", type=float, default=60, help="the time limit of the plan it is compared with")
    parser.add_argument("--street-seconds", type=float, default=0.8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        grids = calls_by_grid(options.binary, folder)
        for grid, doors in grids.items():
            problem = day(doors, 1)
            prize, took, made = planned(options.binary, folder, problem, "short", options.short, 1)
            best, _, _ = planned(options.binary, folder, problem, "long", options.long, 1)
            print(
                f"{grid}: {len(doors)} calls due, {made} made, worth {prize:g} in {took:.2f} s in all; "
                f"{best:g} with {options.long:g} s of search, gap {(best - prize) / best * 100:.2f} %",
                flush=True,
            )
        lists = list(grids.values())
        days = [(day(lists[number % len(lists)], number), f"day-{number}") for number in range(105)]
        begun = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            work = lambda task: planned(options.binary, folder, *task, options.street_seconds, 1)
            made = list(pool.map(work, days))
        took = time.monotonic() - begun
        print(f"street: 105 days of {sum(len(doors) for doors in lists) // len(lists)} calls on average, worth "
              f"{sum(prize for prize, _, _ in made):g}, planned, written and checked in {took:.1f} s")


if __name__ == "__main__":
    main()
