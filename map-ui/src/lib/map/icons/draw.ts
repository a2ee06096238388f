/** The map's symbols, drawn when first needed: no sprite sheet to load, sharp at every pixel ratio. */
import { Heart } from 'lucide';
import type { Category, ReportKind, Severity } from '$lib/api/types';
import { dangerColours, dangerOf, household, reportColours, severityColours, walkHue, type Stage } from '../palette';
import { strokeGlyph } from './glyph';
import { categoryIcons, reportIcons } from './sets';

/** Pixels per drawn unit: symbols stay crisp on phones with dense screens. */
export const PIXEL_RATIO = 2;

type Draw = (context: CanvasRenderingContext2D) => void;

export interface Symbol {
  width: number;
  height: number;
  draw: Draw;
}

/** A square with rounded corners, its category inside, and a ring that thickens with danger. */
function enterprise(category: string, hazardClass: string): Symbol {
  const danger = dangerOf(hazardClass);
  const ring = { high: 3, medium: 2.4, low: 1.2 }[danger];
  return {
    width: 30,
    height: 30,
    draw(c) {
      c.beginPath();
      c.roundRect(3, 3, 24, 24, 7);
      c.fillStyle = '#ffffff';
      c.fill();
      c.lineWidth = ring;
      c.strokeStyle = dangerColours[danger];
      c.stroke();
      strokeGlyph(c, categoryIcons[category as Category] ?? categoryIcons.other, 7.5, 7.5, 15, '#22333a');
      if (danger === 'high') {
        // A notch at the corner: danger can be told without colour.
        c.beginPath();
        c.moveTo(20, 2);
        c.lineTo(29, 2);
        c.lineTo(29, 11);
        c.closePath();
        c.fillStyle = dangerColours.high;
        c.fill();
      }
    },
  };
}

/** Traces the outline that stands for a severity: circle, diamond, triangle, octagon. */
export function severityOutline(c: CanvasRenderingContext2D | Path2D, severity: Severity, x: number, y: number, r: number): void {
  if (severity === 1) {
    c.moveTo(x + r * 0.85, y);
    c.arc(x, y, r * 0.85, 0, 2 * Math.PI);
    return;
  }
  const [corners, turn, reach] = severity === 2 ? [4, 0, 1.08] : severity === 3 ? [3, -Math.PI / 2, 1.2] : [8, Math.PI / 8, 1.04];
  for (let i = 0; i < corners; i += 1) {
    const angle = turn + (2 * Math.PI * i) / corners;
    const [px, py] = [x + r * reach * Math.cos(angle), y + r * reach * Math.sin(angle) + (severity === 3 ? r * 0.18 : 0)];
    if (i === 0) c.moveTo(px, py);
    else c.lineTo(px, py);
  }
  c.closePath();
}

function hazard(severity: Severity): Symbol {
  return {
    width: 30,
    height: 30,
    draw(c) {
      c.beginPath();
      severityOutline(c, severity, 15, 15, 10.5);
      c.lineJoin = 'round';
      c.lineWidth = 4.5;
      c.strokeStyle = '#ffffff';
      c.stroke();
      c.fillStyle = severityColours[severity];
      c.fill();
      c.fillStyle = '#ffffff';
      c.beginPath();
      c.roundRect(13.9, 9.4, 2.2, 7, 1);
      c.fill();
      c.beginPath();
      c.arc(15, 19, 1.4, 0, 2 * Math.PI);
      c.fill();
    },
  };
}

function teardrop(c: CanvasRenderingContext2D, x: number, top: number, r: number, tip: number): void {
  const y = top + r;
  c.beginPath();
  c.moveTo(x, tip);
  c.bezierCurveTo(x - r * 0.35, y + r * 1.15, x - r, y + r * 0.75, x - r, y);
  c.arc(x, y, r, Math.PI, 0);
  c.bezierCurveTo(x + r, y + r * 0.75, x + r * 0.35, y + r * 1.15, x, tip);
  c.closePath();
}

/** A pin: hue and glyph by kind; filled when open, half-toned in progress, hollow when done; a bar of severity. */
function report(kind: string, stage: Stage, severity: Severity): Symbol {
  const colour = reportColours[kind as ReportKind] ?? '#465356';
  return {
    width: 34,
    height: 42,
    draw(c) {
      teardrop(c, 17, 4, 13, 39);
      c.lineWidth = 3.4;
      c.strokeStyle = '#ffffff';
      c.stroke();
      c.fillStyle = stage === 'done' ? '#ffffff' : colour;
      c.fill();
      if (stage === 'done') {
        c.lineWidth = 1.6;
        c.strokeStyle = colour;
        c.stroke();
      }
      if (stage === 'active') {
        c.beginPath();
        c.arc(17, 17, 10.4, 0, 2 * Math.PI);
        c.fillStyle = '#ffffff';
        c.fill();
      }
      const ink = stage === 'open' ? '#ffffff' : colour;
      strokeGlyph(c, reportIcons[kind as ReportKind] ?? reportIcons.hazard, 10, 10, 14, ink);
      if (severity >= 3 && stage !== 'done') {
        c.beginPath();
        severityOutline(c, severity, 28, 7.5, 5);
        c.lineWidth = 2;
        c.lineJoin = 'round';
        c.strokeStyle = '#ffffff';
        c.stroke();
        c.fillStyle = severityColours[severity];
        c.fill();
      }
    },
  };
}

const care: Symbol = {
  width: 22,
  height: 22,
  draw(c) {
    c.beginPath();
    c.arc(11, 11, 9, 0, 2 * Math.PI);
    c.fillStyle = household.care;
    c.fill();
    c.lineWidth = 1.8;
    c.strokeStyle = '#ffffff';
    c.stroke();
    strokeGlyph(c, Heart, 5.5, 5.9, 11, '#ffffff');
  },
};

/** The chosen place of a new report: a pin unlike all others. */
const chosen: Symbol = {
  width: 40,
  height: 50,
  draw(c) {
    teardrop(c, 20, 4, 15, 46);
    c.lineWidth = 4;
    c.strokeStyle = '#ffffff';
    c.stroke();
    c.fillStyle = '#0d4f56';
    c.fill();
    c.beginPath();
    c.arc(20, 19, 5.5, 0, 2 * Math.PI);
    c.fillStyle = '#ffffff';
    c.fill();
  },
};

/** Where this device is. */
const device: Symbol = {
  width: 26,
  height: 26,
  draw(c) {
    c.beginPath();
    c.arc(13, 13, 8.5, 0, 2 * Math.PI);
    c.fillStyle = '#1c639c';
    c.fill();
    c.lineWidth = 3.5;
    c.strokeStyle = '#ffffff';
    c.stroke();
  },
};

/**
 * A stop of a patrol: its number on a disc; a ring where the walk starts; a pale disc once it is over; in the colour of
 * its walk (`walk0`, `walk1`, …) where there are several.
 */
function stop(state: string, no: string): Symbol {
  const walk = /^walk(\d+)$/.exec(state)?.[1];
  const [radius, fill, ring, line] = ({
    start: [8, '#ffffff', '#0d4f56', 4], next: [16, '#b5391b', '#ffffff', 3], done: [9, '#7d8a8b', '#ffffff', 2],
  } as Record<string, [number, string, string, number]>)[state] ?? [12.5, walkHue(Number(walk ?? 0)), '#ffffff', 2.2];
  return {
    width: 40,
    height: 40,
    draw(c) {
      c.beginPath();
      c.arc(20, 20, radius, 0, 2 * Math.PI);
      c.fillStyle = fill;
      c.fill();
      c.lineWidth = line;
      c.strokeStyle = ring;
      c.stroke();
      if (state === 'start' || state === 'done') return;
      c.fillStyle = '#ffffff';
      c.font = `700 ${state === 'next' ? 17 : 13}px system-ui, sans-serif`;
      c.textAlign = 'center';
      c.textBaseline = 'middle';
      c.fillText(no, 20, 20.8);
    },
  };
}

/** The symbol a style layer asked for by name, or null when there is none of that name. */
export function symbolNamed(name: string): Symbol | null {
  const [family, ...parts] = name.split(':');
  switch (family) {
    case 'enterprise':
      return enterprise(parts[0] ?? 'other', parts[1] ?? 'general');
    case 'hazard':
      return hazard((Number(parts[0]) || 1) as Severity);
    case 'report':
      return report(parts[0] ?? '', (parts[1] ?? 'open') as Stage, (Number(parts[2]) || 1) as Severity);
    case 'stop':
      return stop(parts[0] ?? '', parts[1] ?? '');
    case 'position':
      return parts[0] === 'device' ? device : chosen;
    case 'care':
      return care;
    default:
      return null;
  }
}

function canvasOf(symbol: Symbol): { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D } | null {
  const canvas = document.createElement('canvas');
  canvas.width = symbol.width * PIXEL_RATIO;
  canvas.height = symbol.height * PIXEL_RATIO;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.scale(PIXEL_RATIO, PIXEL_RATIO);
  symbol.draw(context);
  return { canvas, context };
}

/** A symbol's pixels, for the map. */
export function pixels(symbol: Symbol): ImageData | null {
  const drawn = canvasOf(symbol);
  return drawn && drawn.context.getImageData(0, 0, drawn.canvas.width, drawn.canvas.height);
}

/** The same symbol as a picture, for the legend and lists; empty when there is none of that name. */
export function picture(name: string): string {
  const symbol = symbolNamed(name);
  return (symbol && canvasOf(symbol)?.canvas.toDataURL('image/png')) ?? '';
}
