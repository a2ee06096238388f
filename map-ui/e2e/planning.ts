/** A plan as the service sends it, and where its places are on a planner's screen. */

export const VILLAGE = '370828003218';
export type Place = [number, number];
export type Point = { x: number; y: number };
export interface Sheet { arcs: [number, number][][]; grids: { code: string; name: string; locked: boolean; polygons: number[][][] }[] }
export interface Plan { id: string; sheet: Sheet; position: number; findings: { kind: string }[] }

/** Arcs that two grids share. */
export function sharedArcs({ arcs, grids }: Sheet): [number, number][][] {
  const uses = grids.flatMap(({ polygons }) => polygons.flat(2)).map((use) => (use < 0 ? ~use : use));
  return arcs.filter((_, arc) => uses.filter((use) => use === arc).length === 2);
}

/** Whether a place is inside of rings, even-odd. */
export function holds(rings: readonly (readonly Place[])[], [x, y]: Place): boolean {
  let odd = false;
  for (const ring of rings) {
    ring.forEach(([x1, y1], i) => {
      const [x2, y2] = ring[(i + 1) % ring.length]!;
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd;
    });
  }
  return odd;
}

/** Where a place is on the screen, by the position of the map that the address tells (zoom, latitude, longitude). */
export function onScreen([lon, lat]: [number, number], url: string, box: { x: number; y: number; width: number; height: number }) {
  const [zoom, centreLat, centreLon] = /#at=([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)/.exec(url)!.slice(1).map(Number) as [number, number, number];
  const world = 512 * 2 ** zoom;
  const y = (degrees: number) => (world / (2 * Math.PI)) * Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360));
  return {
    x: box.x + box.width / 2 + ((lon - centreLon) / 360) * world,
    y: box.y + box.height / 2 - (y(lat) - y(centreLat)),
  };
}

export function ringsOf({ arcs, grids }: Sheet, grid: number): [number, number][] {
  return grids[grid]!.polygons.flat(2).flatMap((use) => arcs[use < 0 ? ~use : use]!).toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
}
