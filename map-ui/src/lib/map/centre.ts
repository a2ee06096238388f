/**
 * A point well inside a polygon, for its label: the pole of inaccessibility, found by the quadtree refinement of
 * Agafonkin, "A new algorithm for finding a visual center of a polygon" (Mapbox, 2016). Works in degrees scaled by
 * the cosine of latitude, which is exact enough for placing a word.
 */
import type { Geometry, Position } from 'geojson';
import type { LonLat } from '$lib/api/types';

type Rings = Position[][];

function area(ring: Position[]): number {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    sum += (ring[j]![0]! - ring[i]![0]!) * (ring[j]![1]! + ring[i]![1]!);
  }
  return Math.abs(sum) / 2;
}

/** Distance to the outline, negative outside. */
function signedDistance(x: number, y: number, rings: Rings): number {
  let inside = false;
  let nearest = Infinity;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [ax, ay, bx, by] = [ring[i]![0]!, ring[i]![1]!, ring[j]![0]!, ring[j]![1]!];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
      const [dx, dy] = [bx - ax, by - ay];
      const t = dx === 0 && dy === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
      nearest = Math.min(nearest, Math.hypot(x - ax - t * dx, y - ay - t * dy));
    }
  }
  return inside ? nearest : -nearest;
}

interface Cell {
  x: number;
  y: number;
  half: number;
  distance: number;
}

function pole(rings: Rings): Cell {
  const outer = rings[0] ?? [];
  const xs = outer.map((p) => p[0]!);
  const ys = outer.map((p) => p[1]!);
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const size = Math.min(east - west, north - south);
  const cell = (x: number, y: number, half: number): Cell => ({ x, y, half, distance: signedDistance(x, y, rings) });
  let best = cell((west + east) / 2, (south + north) / 2, 0);
  if (size === 0) return best;
  const queue: Cell[] = [];
  for (let x = west; x < east; x += size) {
    for (let y = south; y < north; y += size) queue.push(cell(x + size / 2, y + size / 2, size / 2));
  }
  while (queue.length > 0) {
    const next = queue.pop()!;
    if (next.distance > best.distance) best = next;
    if (next.distance + next.half * Math.SQRT2 - best.distance <= size / 50) continue;
    const half = next.half / 2;
    for (const [dx, dy] of [[-1, -1], [1, -1], [-1, 1], [1, 1]] as const) {
      queue.push(cell(next.x + dx * half, next.y + dy * half, half));
    }
  }
  return best;
}

/** The label point of a polygon or of the largest part of several; null for anything else. */
export function labelPoint(geometry: Geometry | null): LonLat | null {
  const parts = geometry?.type === 'Polygon' ? [geometry.coordinates] : geometry?.type === 'MultiPolygon' ? geometry.coordinates : [];
  const largest = parts.reduce<Rings | null>(
    (most, part) => (most === null || area(part[0] ?? []) > area(most[0] ?? []) ? part : most),
    null,
  );
  if (largest === null || (largest[0]?.length ?? 0) < 3) return null;
  const shrink = Math.cos(((largest[0]![0]![1] ?? 0) * Math.PI) / 180);
  const found = pole(largest.map((ring) => ring.map((p) => [p[0]! * shrink, p[1]!])));
  return [found.x / shrink, found.y];
}
