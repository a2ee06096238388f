/** One step of a drag on the synthetic street of 105 grids with 14,000 places: the move, its check, and the figures. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { bench } from 'vitest';
import { Coverage } from './coverage';
import { LiveFigures, touched, type Unit } from './figures';
import { boxOf, type Place } from './geometry';

const file = new URL('../../../../../fixtures/reference/coverage/street105.geojson.gz', import.meta.url);
const { features } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as { features: { geometry: { coordinates: number[][][] } }[] };
const coverage = new Coverage({
  arcs: features.map(({ geometry }) => geometry.coordinates[0]!),
  grids: features.map((_, i) => ({ code: `3708280032${String(i).padStart(5, '0')}`, name: `${i}`, kind: 'base', locked: false, polygons: [[[i]]] })),
  locked_arcs: [], fixed_outline: true, next_number: 106,
});
const [west, south, east, north] = boxOf([...coverage.vertices()].map((v) => coverage.place(v)));
let seed = 7;
const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
const units: Unit[] = Array.from({ length: 14_000 }, () => ({
  at: [west + random() * (east - west), south + random() * (north - south)],
  households: 1, people: 3, special_care: 0, enterprises: {}, open_hazards: 0, calls: 1, duty_hours: 0.2,
}));
const figures = new LiveFigures(coverage, units);
const movable = [...coverage.vertices()].filter((v) => !coverage.isFixed(v));

bench('a step of a drag', () => {
  const v = movable[Math.floor(random() * movable.length)]!;
  const before = coverage.place(v);
  const to: Place = [before[0] + (random() - 0.5) * 1e-4, before[1] + (random() - 0.5) * 1e-4];
  if (typeof coverage.move(new Map([[v, to]])) === 'string') return;
  const { grids, box } = touched(coverage, [v], [before]);
  figures.update(grids, box);
});
