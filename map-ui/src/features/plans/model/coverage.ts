/**
 * A plan's grids by shared vertices, as the service holds them (`src/kernel/geometry/coverage`): a vertex has one place,
 * so moving it moves every grid around it and a seam cannot open.
 *
 * Here are the edits that a hand makes live: moving, adding and removing vertices, and moving whole borders. Dividing,
 * joining and handing over are asked of the service, which checks every edit anew in any case.
 */
import { boxOf, distance, nearestOnSegment, segmentsMeet, type Place } from './geometry';

/** A grid as the service sends it. */
export interface SheetGrid {
  code: string;
  name: string;
  kind: string;
  locked: boolean;
  /** Polygons of rings of arcs; an arc that runs backwards is named by its complement. */
  polygons: number[][][];
}

/** The drawing of a plan as the service sends it. */
export interface Sheet {
  arcs: number[][][];
  grids: SheetGrid[];
  locked_arcs: number[][][];
  fixed_outline: boolean;
  next_number: number;
}

/** A vertex by its number, good for the life of one coverage. */
export type Vertex = number;

/** Vertices from node to node, with the grids on the left and on the right, by their position in the sheet. */
export interface Arc {
  vertices: Vertex[];
  left: number;
  right: number | null;
}

/** Why an edit was not made. */
export type Refusal = 'crossing' | 'node' | 'rim' | 'locked' | 'collapsed';

/** What puts things back as they were. */
export type Undo = () => void;

const key = (a: Vertex, b: Vertex) => (a < b ? `${a} ${b}` : `${b} ${a}`);

export class Coverage {
  readonly grids: readonly SheetGrid[];
  /** Where each vertex is; null once it was removed. */
  readonly places: (Place | null)[] = [];
  /** For each grid its polygons; for each polygon its rings, without the closing vertex. */
  readonly rings: Vertex[][][][];
  readonly fixedOutline: boolean;
  /** The grids on the sides of each edge, by the directed edge. */
  #left = new Map<string, number>();
  #around = new Map<Vertex, Set<Vertex>>();
  #locked = new Set<string>();
  /** The vertices of every edge once, two by two. */
  #edgeList: number[] = [];

  constructor(sheet: Sheet) {
    this.grids = sheet.grids;
    this.fixedOutline = sheet.fixed_outline;
    const numbers = new Map<string, Vertex>();
    const vertex = (place: number[]): Vertex => {
      const name = `${place[0]} ${place[1]}`;
      let v = numbers.get(name);
      if (v === undefined) {
        v = this.places.push([place[0]!, place[1]!]) - 1;
        numbers.set(name, v);
      }
      return v;
    };
    const arcs = sheet.arcs.map((arc) => arc.map(vertex));
    const ring = (uses: number[]): Vertex[] =>
      uses.flatMap((use) => {
        const arc = use < 0 ? arcs[~use]!.toReversed() : arcs[use]!;
        return arc.slice(0, -1);
      });
    this.rings = sheet.grids.map(({ polygons }) => polygons.map((rings) => rings.map(ring)));
    this.#index();
    for (const line of sheet.locked_arcs) {
      const known = line.map((place) => numbers.get(`${place[0]} ${place[1]}`));
      for (let i = 1; i < known.length; i++) {
        if (known[i - 1] !== undefined && known[i] !== undefined) this.#locked.add(key(known[i - 1]!, known[i]!));
      }
    }
  }

  #index(): void {
    this.#left.clear();
    this.#around.clear();
    this.rings.forEach((polygons, grid) => {
      for (const ring of polygons.flat()) {
        ring.forEach((a, i) => {
          const b = ring[(i + 1) % ring.length]!;
          this.#left.set(`${a} ${b}`, grid);
          for (const [from, to] of [[a, b], [b, a]] as const) {
            const near = this.#around.get(from);
            if (near) near.add(to);
            else this.#around.set(from, new Set([to]));
          }
        });
      }
    });
    this.#edgeList = [];
    for (const [a, near] of this.#around) for (const b of near) if (a < b) this.#edgeList.push(a, b);
  }

  /** Vertices that are somewhere. */
  *vertices(): Generator<Vertex> {
    for (let v = 0; v < this.places.length; v++) if (this.places[v]) yield v;
  }

  place(v: Vertex): Place {
    return this.places[v] ?? [NaN, NaN];
  }

  /** The rings of a grid as places. */
  shape(grid: number): Place[][][] {
    return this.rings[grid]!.map((rings) => rings.map((ring) => ring.map((v) => this.place(v))));
  }

  /** The grid on the left of an edge, by its position; none beyond the outline. */
  leftOf(a: Vertex, b: Vertex): number | null {
    return this.#left.get(`${a} ${b}`) ?? null;
  }

  neighbours(v: Vertex): Vertex[] {
    return [...(this.#around.get(v) ?? [])];
  }

  /** Whether borders meet in a vertex, so that it can be moved but not removed. */
  isNode(v: Vertex): boolean {
    return (this.#around.get(v)?.size ?? 0) !== 2;
  }

  isRim(a: Vertex, b: Vertex): boolean {
    return this.leftOf(a, b) === null || this.leftOf(b, a) === null;
  }

  isLocked(a: Vertex, b: Vertex): boolean {
    const sides = [this.leftOf(a, b), this.leftOf(b, a)];
    return this.#locked.has(key(a, b)) || sides.some((grid) => grid !== null && this.grids[grid]!.locked);
  }

  /** Whether a hand may move the vertex at all. */
  isFixed(v: Vertex): boolean {
    return this.neighbours(v).some((w) => this.isLocked(v, w) || (this.fixedOutline && this.isRim(v, w)));
  }

  /** The grids around a vertex. */
  gridsAround(v: Vertex): number[] {
    const sides = this.neighbours(v).flatMap((w) => [this.leftOf(v, w), this.leftOf(w, v)]);
    return [...new Set(sides.filter((grid) => grid !== null))];
  }

  /** Every edge once. */
  *edges(): Generator<[Vertex, Vertex]> {
    for (let i = 0; i < this.#edgeList.length; i += 2) yield [this.#edgeList[i]!, this.#edgeList[i + 1]!];
  }

  /** The chains between nodes, each once. */
  arcs(): Arc[] {
    const done = new Set<string>();
    const arcs: Arc[] = [];
    const follow = (from: Vertex, to: Vertex): void => {
      if (done.has(key(from, to))) return;
      const vertices = this.#chain(from, to);
      for (let i = 1; i < vertices.length; i++) done.add(key(vertices[i - 1]!, vertices[i]!));
      if (this.leftOf(vertices[0]!, vertices[1]!) === null) vertices.reverse();
      const [a, b] = [vertices[0]!, vertices[1]!];
      arcs.push({ vertices, left: this.leftOf(a, b)!, right: this.leftOf(b, a) });
    };
    for (const v of this.#around.keys()) if (this.isNode(v)) for (const w of this.#around.get(v)!) follow(v, w);
    for (const [a, b] of this.edges()) follow(a, b);
    return arcs;
  }

  #chain(from: Vertex, to: Vertex): Vertex[] {
    const vertices = [from, to];
    while (!this.isNode(vertices.at(-1)!) && vertices.at(-1) !== from) {
      const [before, now] = vertices.slice(-2) as [Vertex, Vertex];
      vertices.push(this.neighbours(now).find((w) => w !== before)!);
    }
    return vertices;
  }

  /** The chain that an edge belongs to. */
  arcOf(a: Vertex, b: Vertex): Vertex[] {
    const ahead = this.#chain(a, b);
    if (ahead.at(-1) === a && !this.isNode(a)) return ahead;
    return [...this.#chain(b, a).toReversed().slice(0, -1), ...ahead.slice(1)];
  }

  /** Moves vertices together. */
  move(moves: ReadonlyMap<Vertex, Place>): Undo | Refusal {
    const fixed = [...moves.keys()].flatMap((v) => this.neighbours(v).map((w) => [v, w] as const));
    if (fixed.some(([v, w]) => this.isLocked(v, w))) return 'locked';
    if (this.fixedOutline && fixed.some(([v, w]) => this.isRim(v, w))) return 'rim';
    const before = [...moves.keys()].map((v) => [v, this.place(v)] as const);
    const put = (places: Iterable<readonly [Vertex, Place]>) => {
      for (const [v, place] of places) this.places[v] = place;
    };
    put(moves);
    if (this.#crosses(fixed)) {
      put(before);
      return 'crossing';
    }
    return () => put(before);
  }

  /** Whether some of these edges meet others anywhere but at a vertex they share. Allocates nothing per edge. */
  #crosses(changed: readonly (readonly [Vertex, Vertex])[]): boolean {
    const places = this.places as Place[];
    const [west, south, east, north] = boxOf(changed.flatMap(([a, b]) => [places[a]!, places[b]!]));
    const list = this.#edgeList;
    for (let i = 0; i < list.length; i += 2) {
      const [c, d] = [list[i]!, list[i + 1]!];
      const [from, to] = [places[c]!, places[d]!];
      if (from[0] < west && to[0] < west) continue;
      if (from[0] > east && to[0] > east) continue;
      if (from[1] < south && to[1] < south) continue;
      if (from[1] > north && to[1] > north) continue;
      for (const [a, b] of changed) {
        if ((a === c && b === d) || (a === d && b === c)) continue;
        const shared = a === c || a === d ? a : b === c || b === d ? b : null;
        const meet = shared === null
          ? segmentsMeet(places[a]!, places[b]!, from, to)
          : this.#folds(shared, a === shared ? b : a, c === shared ? d : c);
        if (meet) return true;
      }
    }
    return false;
  }

  /** Whether two edges from one vertex run along each other. */
  #folds(at: Vertex, b: Vertex, c: Vertex): boolean {
    const [o, p, q] = [this.place(at), this.place(b), this.place(c)];
    const [dx, dy, ex, ey] = [p[0] - o[0], p[1] - o[1], q[0] - o[0], q[1] - o[1]];
    return dx * ey - dy * ex === 0 && dx * ex + dy * ey > 0;
  }

  /** Adds a vertex on an edge, at a place on it. */
  insert(a: Vertex, b: Vertex, place: Place): { vertex: Vertex; undo: Undo } | Refusal {
    const vertex = this.places.push(place) - 1;
    this.#replace((ring) =>
      ring.flatMap((v, i) => {
        const next = ring[(i + 1) % ring.length]!;
        return (v === a && next === b) || (v === b && next === a) ? [v, vertex] : [v];
      }),
    );
    return {
      vertex,
      undo: () => {
        this.#replace((ring) => ring.filter((v) => v !== vertex));
        this.places[vertex] = null;
      },
    };
  }

  /** Removes a vertex between two others. */
  remove(vertex: Vertex): Undo | Refusal {
    if (this.isNode(vertex)) return 'node';
    const [a, b] = this.neighbours(vertex) as [Vertex, Vertex];
    if (this.isLocked(a, vertex) || this.isLocked(b, vertex)) return 'locked';
    if (this.fixedOutline && this.isRim(a, vertex)) return 'rim';
    if (this.#around.get(a)!.has(b)) return 'collapsed';
    const [rings, place] = [structuredClone(this.rings), this.place(vertex)];
    this.#replace((ring) => ring.filter((v) => v !== vertex));
    this.places[vertex] = null;
    const undo = () => {
      this.places[vertex] = place;
      this.rings.splice(0, this.rings.length, ...rings);
      this.#index();
    };
    if (this.#crosses([[a, b]])) {
      undo();
      return 'crossing';
    }
    return undo;
  }

  #replace(change: (ring: Vertex[]) => Vertex[]): void {
    for (const polygons of this.rings) for (const rings of polygons) rings.forEach((ring, i) => (rings[i] = change(ring)));
    this.#index();
  }

  /** The vertex nearest to a place, and how far it is in metres. */
  nearestVertex(at: Place): { vertex: Vertex; metres: number } | null {
    let best: { vertex: Vertex; metres: number } | null = null;
    for (const vertex of this.vertices()) {
      const metres = distance(at, this.place(vertex));
      if (best === null || metres < best.metres) best = { vertex, metres };
    }
    return best;
  }

  /** The edge nearest to a place, and the place on it. */
  nearestEdge(at: Place): { edge: [Vertex, Vertex]; place: Place; metres: number } | null {
    let best: { edge: [Vertex, Vertex]; place: Place; metres: number } | null = null;
    for (const edge of this.edges()) {
      const place = nearestOnSegment(at, this.place(edge[0]), this.place(edge[1]));
      const metres = distance(at, place);
      if (best === null || metres < best.metres) best = { edge, place, metres };
    }
    return best;
  }
}
