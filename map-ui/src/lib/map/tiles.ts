/** Which tiles cover a part of the earth. */
import type { Bbox } from '$lib/api/types';

/** Column and row, as fractions, of a place at a zoom (Web Mercator; OGC 17-083r4, annex D.1). */
function position(lon: number, lat: number, z: number): [x: number, y: number] {
  const n = 2 ** z;
  const phi = (lat * Math.PI) / 180;
  return [((lon + 180) / 360) * n, ((1 - Math.asinh(Math.tan(phi)) / Math.PI) / 2) * n];
}

/** The tiles of one zoom that touch a box. */
export function tilesCovering([west, south, east, north]: Bbox, z: number): [x: number, y: number][] {
  const last = 2 ** z - 1;
  const clamp = (value: number) => Math.min(Math.max(Math.floor(value), 0), last);
  const [left, top] = position(west, north, z).map(clamp) as [number, number];
  const [right, bottom] = position(east, south, z).map(clamp) as [number, number];
  const columns = Array.from({ length: right - left + 1 }, (_, i) => left + i);
  const rows = Array.from({ length: bottom - top + 1 }, (_, i) => top + i);
  return columns.flatMap((x) => rows.map((y): [number, number] => [x, y]));
}
