import type { StyleSpecification } from 'maplibre-gl';
import type { BaseLayer } from '$lib/api/types';
import { baseLabels, baseLayers } from './base';
import { gridLabels, gridLayers } from './grids';
import { overlayLayers, shadeLayers } from './overlays';
import { placeLayers } from './places';
import { reportLayers } from './reports';
import { sources } from './sources';

export { overlays, tileLayers, type Overlay, type TileLayer } from './sources';

/**
 * Coordinate systems a base layer may have to fit ours: CGCS2000 is WGS84 to within a metre. A GCJ-02 layer would lie
 * some 500 m off, and a map that is wrong is worse than a map without a base layer.
 */
const FITTING = ['wgs84', 'cgcs2000'];

/** The whole style: our own tiles, no sprite, no glyphs; below them the operator's base layer, if there is one. */
export function style(base: BaseLayer | null): StyleSpecification {
  const below = base !== null && FITTING.includes(base.crs) ? base : null;
  return {
    version: 8,
    sources: { ...sources(), ...(below && { base: { type: 'raster', tiles: [below.url], tileSize: 256, maxzoom: 18 } }) },
    layers: [
      ...baseLayers(below !== null), ...gridLayers(), ...shadeLayers(), ...baseLabels(), ...placeLayers(), ...reportLayers(), ...gridLabels(),
      ...overlayLayers(),
    ],
  };
}

/** Layers a person can switch, and the style layers each consists of. */
export const switchable = {
  reports: ['reports-dot', 'reports-pin'],
  hazards: ['hazards-symbol'],
  enterprises: ['enterprises-symbol'],
  households: ['households-dot', 'households-care'],
  grids: ['grids-fill', 'grids-band', 'grids-line', 'grids-label'],
  areas: ['areas-line', 'areas-label'],
  buildings: ['buildings-fill', 'buildings-line', 'buildings-label'],
  roads: ['roads-casing', 'roads-path', 'roads-fill', 'roads-label'],
  water: ['water-fill', 'water-line', 'water-label'],
} as const;
export type Switchable = keyof typeof switchable;
export const switchableNames = Object.keys(switchable) as Switchable[];

/** What a click finds, most specific first. */
export const clickable = [
  'reports-pin', 'reports-dot', 'hazards-symbol', 'enterprises-symbol', 'households-care', 'households-dot',
  'grids-fill',
] as const;
