/** Lucide's line icons drawn on a canvas, so that the map and the page share one set of symbols. */
import type { IconNode } from 'lucide';

function numbers(attributes: Record<string, unknown>, ...names: string[]): number[] {
  return names.map((name) => Number(attributes[name] ?? 0));
}

/** One icon as a path in its own 24 × 24 box. */
export function glyphPath(icon: IconNode): Path2D {
  const path = new Path2D();
  for (const [element, attributes] of icon) {
    const a = attributes as Record<string, unknown>;
    if (element === 'path') {
      path.addPath(new Path2D(String(a['d'])));
    } else if (element === 'circle') {
      const [cx = 0, cy = 0, r = 0] = numbers(a, 'cx', 'cy', 'r');
      path.moveTo(cx + r, cy);
      path.arc(cx, cy, r, 0, 2 * Math.PI);
    } else if (element === 'rect') {
      const [x = 0, y = 0, width = 0, height = 0, rx = 0] = numbers(a, 'x', 'y', 'width', 'height', 'rx');
      path.roundRect(x, y, width, height, rx);
    } else if (element === 'line') {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = numbers(a, 'x1', 'y1', 'x2', 'y2');
      path.moveTo(x1, y1);
      path.lineTo(x2, y2);
    }
  }
  return path;
}

/** Strokes an icon into a `size`-pixel square whose top left corner is at (x, y). */
export function strokeGlyph(
  context: CanvasRenderingContext2D,
  icon: IconNode,
  x: number,
  y: number,
  size: number,
  colour: string,
): void {
  context.save();
  context.translate(x, y);
  context.scale(size / 24, size / 24);
  context.strokeStyle = colour;
  context.lineWidth = 2.3;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.stroke(glyphPath(icon));
  context.restore();
}
