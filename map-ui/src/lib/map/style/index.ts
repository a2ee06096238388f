import type { StyleSpecification } from 'maplibre-gl';
import { baseLabels, baseLayers } from './base';
import { gridLabels, gridLayers } from './grids';
import { overlayLayers } from './overlays';
import { placeLayers } from './places';
import { reportLayers } from './reports';
import { sources } from './sources';

export { overlays, tileLayers, type Overlay, type TileLayer } from './sources';

/** The whole style: our own tiles, no sprite, no glyphs, nothing from anywhere else. */
export function style(): StyleSpecification {
  return {
    version: 8,
    sources: sources(),
    layers: [
      ...baseLayers(), ...gridLayers(), ...baseLabels(), ...placeLayers(), ...reportLayers(), ...gridLabels(),
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

/** What a click finds, most specific first. */
export const clickable = [
  'reports-pin', 'reports-dot', 'hazards-symbol', 'enterprises-symbol', 'households-care', 'households-dot',
  'grids-fill',
] as const;
