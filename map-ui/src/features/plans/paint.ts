/** Painting a plan over the map: grids, borders, and what a hand can take hold of. Knows nothing of pointers. */
import { gridHues } from '$lib/map/palette';
import type { Coverage, Vertex } from './model/coverage';
import type { Place } from './model/geometry';

/** Pixels from the map's corner. */
export type Point = { x: number; y: number };

export interface Scene {
  coverage: Coverage;
  toPixels: (place: Place) => Point;
  size: { width: number; height: number };
  selectedGrid: string | null;
  selectedVertex: Vertex | null;
  selectedArc: readonly Vertex[];
  /** Places of a line being drawn, the pointer last. */
  line: readonly Place[];
  /** Whether the line closes. */
  closed: boolean;
  /** Whether the last move was refused. */
  refused: boolean;
  handles: boolean;
  /** Borders of another version to hold against this one. */
  other: Coverage | null;
  /** Land that a comparison says changes hands. */
  moved: readonly { rings: Place[][] }[];
}

/** More handles than this on the screen hide the map. */
const MOST_HANDLES = 500;
const INK = '#123';
const RED = '#b5391b';

export const hueOf = (code: string) => gridHues[(Number(code.slice(12)) - 1 + gridHues.length) % gridHues.length]!;

export function paint(context: CanvasRenderingContext2D, scene: Scene): void {
  const { coverage, toPixels, size } = scene;
  context.clearRect(0, 0, size.width, size.height);
  const pixels: Point[] = coverage.places.map((place) => (place ? toPixels(place) : { x: NaN, y: NaN }));
  const trace = (points: readonly Point[], close: boolean) => {
    points.forEach(({ x, y }, i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    if (close) context.closePath();
  };

  coverage.grids.forEach((grid, i) => {
    context.beginPath();
    for (const ring of coverage.rings[i]!.flat()) trace(ring.map((v) => pixels[v]!), true);
    context.globalAlpha = grid.code === scene.selectedGrid ? 0.34 : 0.17;
    context.fillStyle = hueOf(grid.code);
    context.fill('evenodd');
  });
  context.globalAlpha = 1;
  for (const { rings } of scene.moved) {
    context.beginPath();
    for (const ring of rings) trace(ring.map(toPixels), true);
    context.fillStyle = 'rgb(181 57 27 / 45%)';
    context.fill('evenodd');
  }

  context.lineJoin = 'round';
  for (const { vertices, right } of coverage.arcs()) {
    const locked = coverage.isLocked(vertices[0]!, vertices[1]!);
    context.beginPath();
    trace(vertices.map((v) => pixels[v]!), false);
    context.lineWidth = right === null ? 3 : 5;
    context.strokeStyle = '#fff';
    context.stroke();
    context.lineWidth = right === null ? 1.5 : 2.5;
    context.setLineDash(locked ? [2, 4] : []);
    context.strokeStyle = right === null ? '#5c686a' : INK;
    context.stroke();
    context.setLineDash([]);
  }
  if (scene.selectedArc.length > 1) {
    context.beginPath();
    trace(scene.selectedArc.map((v) => pixels[v]!), false);
    context.lineWidth = 4;
    context.strokeStyle = '#0d7f8a';
    context.stroke();
  }
  if (scene.other) {
    context.setLineDash([7, 5]);
    context.lineWidth = 2.5;
    context.strokeStyle = '#77479a';
    for (const { vertices } of scene.other.arcs()) {
      context.beginPath();
      trace(vertices.map((v) => toPixels(scene.other!.place(v))), false);
      context.stroke();
    }
    context.setLineDash([]);
  }
  if (scene.handles) paintHandles(context, scene, pixels);
  paintNames(context, scene, pixels);
  if (scene.line.length > 0) {
    const points = scene.line.map(toPixels);
    context.beginPath();
    trace(points, scene.closed);
    if (scene.closed) {
      context.fillStyle = 'rgb(13 79 86 / 18%)';
      context.fill();
    }
    context.lineWidth = 2.5;
    context.strokeStyle = '#0d4f56';
    context.setLineDash([6, 4]);
    context.stroke();
    context.setLineDash([]);
    for (const point of points) dot(context, point, 4, '#fff', '#0d4f56');
  }
}

const visible = ({ x, y }: Point, { width, height }: { width: number; height: number }) => x >= 0 && y >= 0 && x <= width && y <= height;

function dot(context: CanvasRenderingContext2D, { x, y }: Point, radius: number, fill: string, stroke: string): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = stroke;
  context.stroke();
}

function paintHandles(context: CanvasRenderingContext2D, scene: Scene, pixels: readonly Point[]): void {
  const { coverage, size } = scene;
  const seen = [...coverage.vertices()].filter((v) => visible(pixels[v]!, size));
  const shown = seen.length <= MOST_HANDLES ? seen : seen.filter((v) => scene.selectedArc.includes(v));
  for (const v of shown) {
    if (coverage.isFixed(v)) dot(context, pixels[v]!, 2.5, '#8b9496', '#8b9496');
    else dot(context, pixels[v]!, coverage.isNode(v) ? 6 : 5, '#fff', INK);
  }
  if (seen.length <= MOST_HANDLES) {
    for (const [a, b] of coverage.edges()) {
      if (coverage.isRim(a, b) && coverage.fixedOutline) continue;
      const [p, q] = [pixels[a]!, pixels[b]!];
      if (Math.hypot(p.x - q.x, p.y - q.y) < 36) continue;
      dot(context, { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 }, 3, '#fff', '#8b9496');
    }
  }
  if (scene.selectedVertex !== null && coverage.places[scene.selectedVertex]) {
    dot(context, pixels[scene.selectedVertex]!, 8, scene.refused ? RED : '#0d7f8a', '#fff');
  }
}

function paintNames(context: CanvasRenderingContext2D, scene: Scene, pixels: readonly Point[]): void {
  context.font = `600 14px ${getComputedStyle(document.documentElement).fontFamily}`;
  context.textAlign = 'center';
  scene.coverage.grids.forEach((grid, i) => {
    const ring = scene.coverage.rings[i]![0]![0]!;
    const points = ring.map((v) => pixels[v]!);
    const x = points.reduce((sum, point) => sum + point.x, 0) / points.length;
    const y = points.reduce((sum, point) => sum + point.y, 0) / points.length;
    context.lineWidth = 4;
    context.strokeStyle = 'rgb(255 255 255 / 90%)';
    context.strokeText(grid.name, x, y);
    context.fillStyle = hueOf(grid.code);
    context.fillText(grid.name, x, y);
  });
}
