/**
 * What a hand does on the map, turned into steps of a plan: finding what is under a pointer, moving it live, and saying
 * what was done once it is let go.
 */
import type { PlanOperation } from '$lib/api/types';
import type { Editor } from './editor.svelte';
import type { Refusal, Undo, Vertex } from './model/coverage';
import { distance, within, type Place } from './model/geometry';

/** What can be taken hold of. */
export type Handle =
  | { kind: 'vertex'; vertex: Vertex }
  | { kind: 'edge'; edge: [Vertex, Vertex]; place: Place }
  | { kind: 'arc'; edge: [Vertex, Vertex]; place: Place };

/** How near a pointer must be to what it means, in pixels. */
export const REACH_PX = 11;

/** What lies under a place; `metres` is how far the pointer reaches. */
export function handleAt(editor: Editor, at: Place, metres: number): Handle | null {
  const { coverage } = editor;
  const near = coverage.nearestEdge(at);
  if (editor.tool === 'arc') {
    if (near === null || near.metres > metres || !movable(editor, near.edge)) return null;
    return { kind: 'arc', edge: near.edge, place: near.place };
  }
  const vertex = coverage.nearestVertex(at);
  if (vertex && vertex.metres <= metres) {
    return coverage.isFixed(vertex.vertex) ? null : { kind: 'vertex', vertex: vertex.vertex };
  }
  if (near === null || near.metres > metres || !movable(editor, near.edge)) return null;
  return { kind: 'edge', edge: near.edge, place: near.place };
}

function movable({ coverage }: Editor, [a, b]: [Vertex, Vertex]): boolean {
  return !coverage.isLocked(a, b) && !(coverage.fixedOutline && coverage.isRim(a, b));
}

/** Whether what lies under a place would be taken hold of if it were not locked. */
export function lockedAt({ coverage, tool }: Editor, at: Place, metres: number): boolean {
  const near = coverage.nearestEdge(at);
  if (near === null || near.metres > metres) return false;
  const vertex = tool === 'arc' ? null : coverage.nearestVertex(at);
  if (vertex === null || vertex.metres > metres) return coverage.isLocked(...near.edge);
  return coverage.neighbours(vertex.vertex).some((other) => coverage.isLocked(vertex.vertex, other));
}

/** The code of the grid that holds a place. */
export function gridAt({ coverage }: Editor, at: Place): string | null {
  const found = coverage.grids.findIndex((_, grid) => within(at, coverage.shape(grid).flat()));
  return found === -1 ? null : coverage.grids[found]!.code;
}

const mutable = ([x, y]: Place): [number, number] => [x, y];

/** Something being dragged. */
export class Drag {
  readonly #editor: Editor;
  readonly #vertices: Vertex[];
  readonly #from: Place[];
  readonly #grip: Place;
  readonly #first: PlanOperation[] = [];
  readonly #arc: Place | null = null;
  /** The edge that was taken hold of, which a click selects. */
  readonly #edge: [Vertex, Vertex] | null;
  #insert: Undo | null = null;
  refusal: Refusal | null = null;

  constructor(editor: Editor, handle: Handle) {
    this.#editor = editor;
    this.#edge = handle.kind === 'vertex' ? null : handle.edge;
    editor.begin();
    const { coverage } = editor;
    if (handle.kind === 'arc') {
      const arc = coverage.arcOf(...handle.edge);
      const inner = arc.slice(1, -1);
      this.#grip = handle.place;
      if (inner.length > 0) {
        this.#vertices = inner;
        this.#arc = handle.place;
        this.#from = inner.map((v) => coverage.place(v));
        return;
      }
    }
    if (handle.kind === 'vertex') {
      this.#vertices = [handle.vertex];
      this.#grip = coverage.place(handle.vertex);
    } else {
      const added = editor.tryInsert(handle.edge, handle.place);
      if (typeof added === 'string') throw new Error(added);
      this.#insert = added.undo;
      this.#vertices = [added.vertex];
      this.#grip = handle.place;
      this.#first.push({ op: 'insert_vertex', at: mutable(handle.place) });
    }
    editor.vertex = this.#vertices[0]!;
    editor.edge = null;
    this.#from = [this.#grip];
  }

  /** Moves to where the pointer is; where that is refused, what was held stays at the last good place. */
  to(at: Place): void {
    const by = [at[0] - this.#grip[0], at[1] - this.#grip[1]] as const;
    const moves = new Map(this.#vertices.map((v, i) => [v, [this.#from[i]![0] + by[0], this.#from[i]![1] + by[1]] as Place]));
    const moved = this.#editor.tryMove(moves);
    this.refusal = typeof moved === 'string' ? moved : null;
  }

  /** Lets go: keeps what was done as a step, if anything was. */
  async drop(): Promise<void> {
    const at = this.#editor.coverage.place(this.#vertices[0]!);
    const [x, y] = this.#from[0]!;
    if (at[0] === x && at[1] === y) {
      this.cancel();
      if (this.#edge) this.#editor.edge = this.#edge;
      return;
    }
    const moved: PlanOperation = this.#arc
      ? { op: 'move_arc', at: mutable(this.#arc), by: [at[0] - x, at[1] - y] }
      : { op: 'move_vertex', at: [x, y], to: mutable(at) };
    await this.#editor.step([...this.#first, moved]);
  }

  cancel(): void {
    this.#editor.tryMove(new Map(this.#vertices.map((v, i) => [v, this.#from[i]!])));
    this.#insert?.();
    if (this.#insert) this.#editor.vertex = null;
    this.#editor.drawn++;
  }
}

/** Moves the selected vertex by metres; says why when that was refused. */
export function nudge(editor: Editor, east: number, north: number): Refusal | null {
  if (editor.vertex === null) return null;
  const [x, y] = editor.coverage.place(editor.vertex);
  const to: Place = [x + east / distance([x, y], [x + 1e-4, y]) * 1e-4, y + north / distance([x, y], [x, y + 1e-4]) * 1e-4];
  const moved = editor.tryMove(new Map([[editor.vertex, to]]));
  return typeof moved === 'string' ? moved : null;
}

/** Movable vertices in an order that goes along borders. */
export function movableVertices({ coverage }: Editor): Vertex[] {
  const order = coverage.arcs().flatMap(({ vertices }) => vertices);
  return [...new Set(order)].filter((v) => !coverage.isFixed(v));
}
