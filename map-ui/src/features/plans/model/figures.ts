/**
 * What each grid would hold, kept up with a border while it is dragged: the service's own arithmetic
 * (`src/domain/plans/figures.rs`) over the places it sends, of which only those near what moved are looked at again.
 */
import type { Coverage, Vertex } from './coverage';
import { boxesMeet, boxOf, distance, ringArea, within, type Box, type Place } from './geometry';

/** Everything at one place. */
export interface Unit {
  at: Place;
  households: number;
  people: number;
  special_care: number;
  enterprises: Record<string, number>;
  open_hazards: number;
  calls: number;
  duty_hours: number;
}

/** One grid's figures. */
export interface Figures {
  households: number;
  people: number;
  special_care: number;
  enterprises: Record<string, number>;
  open_hazards: number;
  calls: number;
  duty_hours: number;
  walking_hours: number;
  area_m2: number;
  compactness: number;
}

const WORKING_DAYS = 22;
/** See `figures.rs` for where these come from. */
const TOUR = 0.7124;
const DETOUR = 4 / Math.PI;
const FOOT_M_PER_S = 1.25;

export class LiveFigures {
  readonly #coverage: Coverage;
  readonly #units: readonly Unit[];
  /** The grid of each unit, by its position; -1 outside all. */
  readonly #grid: Int32Array;
  readonly #boxes: Box[];
  /** Units in cells of a lattice, so that a drag looks at few of them. */
  readonly #cells = new Map<number, number[]>();
  readonly #cell: number;
  readonly #origin: Place;
  readonly figures: Figures[];

  constructor(coverage: Coverage, units: readonly Unit[]) {
    this.#coverage = coverage;
    this.#units = units;
    this.#boxes = coverage.grids.map((_, grid) => boxOf(coverage.shape(grid).flat(2)));
    const bounds = boxOf(units.map(({ at }) => at));
    this.#origin = [bounds[0], bounds[1]];
    this.#cell = Math.max(bounds[2] - bounds[0], bounds[3] - bounds[1], 1e-6) / 64;
    units.forEach(({ at }, i) => {
      const cell = this.#cellOf(at[0], at[1]);
      const list = this.#cells.get(cell);
      if (list) list.push(i);
      else this.#cells.set(cell, [i]);
    });
    this.#grid = new Int32Array(units.length).fill(-1);
    const shapes = coverage.grids.map((_, grid) => coverage.shape(grid).flat());
    units.forEach(({ at }, i) => {
      this.#grid[i] = shapes.findIndex((rings, grid) => this.#inBox(at, grid) && within(at, rings));
    });
    this.figures = coverage.grids.map((_, grid) => this.#count(grid));
  }

  #cellOf(x: number, y: number): number {
    return Math.floor((x - this.#origin[0]) / this.#cell) * 4096 + Math.floor((y - this.#origin[1]) / this.#cell);
  }

  #inBox([x, y]: Place, grid: number): boolean {
    const box = this.#boxes[grid]!;
    return box[0] <= x && x <= box[2] && box[1] <= y && y <= box[3];
  }

  /** Takes up what a move changed: `grids` lost or won land within `box`. O(vertices of the grids × units in the box). */
  update(grids: readonly number[], box: Box): void {
    const shapes = grids.map((grid) => this.#coverage.shape(grid).flat());
    grids.forEach((grid, i) => (this.#boxes[grid] = boxOf(shapes[i]!.flat())));
    for (const i of this.#unitsIn(box)) {
      // Places of other grids stay with them: nobody else's border moved.
      if (this.#grid[i] !== -1 && !grids.includes(this.#grid[i]!)) continue;
      const { at } = this.#units[i]!;
      const found = shapes.findIndex((rings, j) => this.#inBox(at, grids[j]!) && within(at, rings));
      this.#grid[i] = found === -1 ? -1 : grids[found]!;
    }
    for (const grid of grids) this.figures[grid] = this.#count(grid);
  }

  *#unitsIn(box: Box): Generator<number> {
    const last = (axis: 0 | 1) => Math.floor((box[axis + 2]! - this.#origin[axis]) / this.#cell);
    for (let x = Math.floor((box[0] - this.#origin[0]) / this.#cell); x <= last(0); x++) {
      for (let y = Math.floor((box[1] - this.#origin[1]) / this.#cell); y <= last(1); y++) {
        for (const i of this.#cells.get(x * 4096 + y) ?? []) {
          const { at } = this.#units[i]!;
          if (boxesMeet([at[0], at[1], at[0], at[1]], box)) yield i;
        }
      }
    }
  }

  #count(grid: number): Figures {
    const sum: Figures = {
      households: 0, people: 0, special_care: 0, enterprises: {}, open_hazards: 0, calls: 0, duty_hours: 0,
      walking_hours: 0, area_m2: 0, compactness: 0,
    };
    for (let i = 0; i < this.#units.length; i++) {
      if (this.#grid[i] !== grid) continue;
      const unit = this.#units[i]!;
      sum.households += unit.households;
      sum.people += unit.people;
      sum.special_care += unit.special_care;
      sum.open_hazards += unit.open_hazards;
      sum.calls += unit.calls;
      sum.duty_hours += unit.duty_hours;
      for (const kind in unit.enterprises) sum.enterprises[kind] = (sum.enterprises[kind] ?? 0) + unit.enterprises[kind]!;
    }
    let perimeter = 0;
    for (const ring of this.#coverage.shape(grid).flat()) {
      // Shells run anticlockwise and holes clockwise, so that areas add up.
      sum.area_m2 += ringArea(ring);
      ring.forEach((place, i) => (perimeter += distance(place, ring[(i + 1) % ring.length]!)));
    }
    sum.compactness = (4 * Math.PI * sum.area_m2) / (perimeter * perimeter);
    sum.walking_hours = (TOUR * DETOUR * Math.sqrt(sum.calls * WORKING_DAYS * sum.area_m2)) / FOOT_M_PER_S / 3600;
    return sum;
  }
}

/** What a move of vertices can have changed: the grids around them, and the box around their edges before and after. */
export function touched(coverage: Coverage, vertices: readonly Vertex[], before: readonly Place[]): { grids: number[]; box: Box } {
  const around = vertices.flatMap((v) => coverage.neighbours(v));
  const places = [...vertices, ...around].map((v) => coverage.place(v));
  return {
    grids: [...new Set(vertices.flatMap((v) => coverage.gridsAround(v)))],
    box: boxOf([...places, ...before]),
  };
}
