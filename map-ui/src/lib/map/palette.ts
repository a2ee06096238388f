/** The map's colours, shared by its style, its symbols and the legend. */
import type { HazardClass, ReportKind, ReportStatus, Severity } from '$lib/api/types';

export const ground = {
  paper: '#f3efe4',
  field: '#e6ecd7',
  fieldEdge: '#9aa583',
  water: '#bcd6de',
  waterEdge: '#8fb7c4',
  building: '#ddd3c1',
  buildingEdge: '#b8aa92',
  publicBuilding: '#d6cbd9',
  workBuilding: '#d3d6dc',
  road: '#ffffff',
  roadMajor: '#fbe6b4',
  roadCasing: '#c3b79f',
  path: '#a89a7e',
  ink: '#2a3537',
  inkSoft: '#55615f',
  halo: '#fbf9f2',
} as const;

/** One hue per grid of a village, by its number; neighbours differ because numbers of neighbours do. */
export const gridHues = ['#2a6ea3', '#a8562a', '#3f7a3d', '#7d4b94', '#9a7410', '#1f7f7c'] as const;

export const severityColours: Record<Severity, string> = {
  1: '#4f6475',
  2: '#a87200',
  3: '#c2500f',
  4: '#9c1230',
};

export const reportColours: Record<ReportKind, string> = {
  hazard: '#b5391b',
  dispute: '#77479a',
  request: '#1c639c',
  opinion: '#4c6a1f',
  help: '#a02060',
};

/** How far a report has come, as its symbol shows it. */
export type Stage = 'open' | 'active' | 'done';

export function stageOf(status: ReportStatus): Stage {
  if (status === 'open') return 'open';
  return status === 'resolved' || status === 'closed' ? 'done' : 'active';
}

/** How dangerous an enterprise's trade is: the ring around its symbol. */
export type Danger = 'high' | 'medium' | 'low';

const dangers: Record<HazardClass, Danger> = {
  ammonia_refrigeration: 'high',
  flammable_store: 'high',
  pesticide: 'high',
  pressure_vessel: 'high',
  freon_refrigeration: 'medium',
  dust: 'medium',
  open_flame: 'medium',
  crowded: 'medium',
  general: 'low',
};

export function dangerOf(hazardClass: string): Danger {
  return dangers[hazardClass as HazardClass] ?? 'low';
}

export const dangerColours: Record<Danger, string> = { high: '#9c1230', medium: '#a87200', low: '#8b9496' };

export const household = { dot: '#6f6450', care: '#a02060', overdue: '#b5391b' } as const;
export const selection = '#0d4f56';

/** How a hotspot changed over the period: its outline on the map and its mark in the list. */
export const trendColours = { new: '#b0123b', persistent: '#7a2048', fading: '#3c6377', diffuse: '#465356' } as const;
/** What clusters in space and time together: where more has come lately, and where another is to be expected. */
export const spacetime = { cluster: '#5b126b', repeat: '#8f6100' } as const;
/** Somebody or something chosen to be visited. */
export const picked = '#0a5bbd';

/** One hue per walk of a round. */
export const walkHues = [
  '#0d4f56', '#b5391b', '#77479a', '#1c639c', '#4c6a1f', '#a02060', '#8f6100', '#465356', '#5b126b', '#1f7f7c',
] as const;
export const walkHue = (walk: number): string => walkHues[walk % walkHues.length] ?? walkHues[0];
