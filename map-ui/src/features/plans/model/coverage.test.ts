import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Coverage, type Sheet, type Vertex } from './coverage';
import { LiveFigures, touched, type Unit } from './figures';
import { ringArea, type Place } from './geometry';

/** Two squares of 0.01° side by side: arc 0 is what they share, 1 and 2 are their outer borders. */
const halves = (fixed = true): Sheet => ({
  arcs: [
    [[116.01, 35.0], [116.01, 35.005], [116.01, 35.01]],
    [[116.01, 35.01], [116.0, 35.01], [116.0, 35.0], [116.01, 35.0]],
    [[116.01, 35.0], [116.02, 35.0], [116.02, 35.01], [116.01, 35.01]],
  ],
  grids: [
    { code: '370828003218001', name: '西', kind: 'base', locked: false, polygons: [[[0, 1]]] },
    { code: '370828003218002', name: '东', kind: 'base', locked: false, polygons: [[[2, -1]]] },
  ],
  locked_arcs: [],
  fixed_outline: fixed,
  next_number: 3,
});

const vertexAt = (coverage: Coverage, at: Place): Vertex => coverage.nearestVertex(at)!.vertex;
const area = (coverage: Coverage, grid: number) => coverage.shape(grid).flat().reduce((sum, ring) => sum + ringArea(ring), 0);

/** Every edge has a grid on both sides or is the outline, whose area the grids fill. */
function expectSeamless(coverage: Coverage, whole: number): void {
  const sum = coverage.grids.reduce((sum, _, grid) => sum + area(coverage, grid), 0);
  expect(Math.abs(sum - whole)).toBeLessThan(1e-6 * whole);
  for (const [a, b] of coverage.edges()) expect([coverage.leftOf(a, b), coverage.leftOf(b, a)].some((grid) => grid !== null)).toBe(true);
}

describe('a shared vertex', () => {
  it('moves both grids, and back', () => {
    const coverage = new Coverage(halves());
    const [west, east] = [area(coverage, 0), area(coverage, 1)];
    const middle = vertexAt(coverage, [116.01, 35.005]);
    const undo = coverage.move(new Map([[middle, [116.012, 35.005]]]));
    expect(area(coverage, 0)).toBeGreaterThan(west * 1.05);
    expect(area(coverage, 1)).toBeLessThan(east * 0.95);
    expectSeamless(coverage, west + east);
    if (typeof undo === 'string') throw new Error(undo);
    undo();
    expect([area(coverage, 0), area(coverage, 1)]).toEqual([west, east]);
  });

  it('is not moved across another border, nor off the outline, nor where it is locked', () => {
    const coverage = new Coverage(halves());
    const middle = vertexAt(coverage, [116.01, 35.005]);
    expect(coverage.move(new Map([[middle, [116.03, 35.005]]]))).toBe('crossing');
    expect(coverage.move(new Map([[middle, [116.01, 35.02]]]))).toBe('crossing');
    const corner = vertexAt(coverage, [116.0, 35.0]);
    expect(coverage.move(new Map([[corner, [116.001, 35.001]]]))).toBe('rim');
    expect(new Coverage(halves(false)).move(new Map([[corner, [116.001, 35.001]]]))).toBeTypeOf('function');
    const sheet = halves();
    sheet.locked_arcs = [sheet.arcs[0]!];
    expect(new Coverage(sheet).move(new Map([[middle, [116.011, 35.005]]]))).toBe('locked');
    sheet.locked_arcs = [];
    sheet.grids[1]!.locked = true;
    expect(new Coverage(sheet).move(new Map([[middle, [116.011, 35.005]]]))).toBe('locked');
  });
});

describe('vertices', () => {
  it('are added on a border for both sides, and removed again', () => {
    const coverage = new Coverage(halves());
    const whole = area(coverage, 0) + area(coverage, 1);
    const found = coverage.nearestEdge([116.0101, 35.008])!;
    const added = coverage.insert(...found.edge, found.place);
    if (typeof added === 'string') throw new Error(added);
    expect(coverage.gridsAround(added.vertex).toSorted()).toEqual([0, 1]);
    expect(coverage.move(new Map([[added.vertex, [116.008, 35.008]]]))).toBeTypeOf('function');
    expectSeamless(coverage, whole);
    expect(coverage.remove(added.vertex)).toBeTypeOf('function');
    expectSeamless(coverage, whole);
    expect(coverage.remove(vertexAt(coverage, [116.01, 35.01]))).toBe('node');
    expect(coverage.remove(vertexAt(coverage, [116.0, 35.0]))).toBe('rim');
  });

  it('make up arcs between nodes', () => {
    const coverage = new Coverage(halves());
    expect(coverage.arcs().map(({ vertices }) => vertices.length).toSorted()).toEqual([3, 4, 4]);
    const inner = coverage.arcs().find(({ right }) => right !== null)!;
    const [a, b] = inner.vertices as [Vertex, Vertex];
    expect(coverage.arcOf(b, a).toSorted()).toEqual(inner.vertices.toSorted());
  });
});

const unit = (at: Place, more: Partial<Unit> = {}): Unit => ({
  at, households: 1, people: 3, special_care: 0, enterprises: {}, open_hazards: 0, calls: 1, duty_hours: 0.2, ...more,
});

describe('live figures', () => {
  it('follow the border, and agree with counting all anew', () => {
    const coverage = new Coverage(halves());
    const units = [unit([116.002, 35.005]), unit([116.0105, 35.005], { enterprises: { dust: 1 } }), unit([116.019, 35.002])];
    const live = new LiveFigures(coverage, units);
    expect(live.figures.map(({ households }) => households)).toEqual([1, 2]);
    const middle = vertexAt(coverage, [116.01, 35.005]);
    const before = coverage.place(middle);
    coverage.move(new Map([[middle, [116.013, 35.005]]]));
    const { grids, box } = touched(coverage, [middle], [before]);
    live.update(grids, box);
    expect(live.figures.map(({ households }) => households)).toEqual([2, 1]);
    expect(live.figures[0]!.enterprises).toEqual({ dust: 1 });
    expect(live.figures).toEqual(new LiveFigures(coverage, units).figures);
  });

  it('say what the service says', () => {
    // The same square as in `figures.rs`: 0.7124 · 4/π · √(30 · 22 · 830,000 m²) at 1.25 m/s.
    const sheet = halves();
    sheet.arcs = sheet.arcs.map((arc) => arc.map(([x, y]) => [x!, 35 + (y! - 35) * 0.82]));
    const coverage = new Coverage(sheet);
    const [west] = new LiveFigures(coverage, [unit([116.005, 35.004], { calls: 30 })]).figures;
    expect(west!.walking_hours).toBeCloseTo(4.72, 1);
    expect(west!.compactness).toBeCloseTo(Math.PI / 4, 3);
  });
});

/** The synthetic street of the kernel's tests as a sheet: 105 grids of 182 vertices. */
function street(): Sheet {
  const file = new URL('../../../../../fixtures/reference/coverage/street105.geojson.gz', import.meta.url);
  const { features } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as { features: { geometry: { coordinates: number[][][] } }[] };
  // Each ring as one arc: vertices are known by their places, so that shared ones are shared.
  return {
    arcs: features.map(({ geometry }) => geometry.coordinates[0]!),
    grids: features.map((_, i) => ({ code: `3708280032${String(i).padStart(5, '0')}`, name: `${i}`, kind: 'base', locked: false, polygons: [[[i]]] })),
    locked_arcs: [], fixed_outline: true, next_number: 106,
  };
}

describe('a whole street', () => {
  it('stays seamless through a thousand random moves', () => {
    const coverage = new Coverage(street());
    const whole = coverage.grids.reduce((sum, _, grid) => sum + area(coverage, grid), 0);
    let seed = 7;
    const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    const vertices = [...coverage.vertices()];
    let moved = 0;
    for (let i = 0; i < 1000; i++) {
      const v = vertices[Math.floor(random() * vertices.length)]!;
      const [x, y] = coverage.place(v);
      const to: Place = [x + (random() - 0.5) * 2e-4, y + (random() - 0.5) * 2e-4];
      if (typeof coverage.move(new Map([[v, to]])) === 'function') moved++;
    }
    expect(moved).toBeGreaterThan(100);
    expectSeamless(coverage, whole);
  });
});
