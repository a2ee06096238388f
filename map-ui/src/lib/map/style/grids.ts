/** Boundaries of villages and grids, and their names. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { gridHues, ground, selection } from '../palette';
import { bold, medium } from './text';

/** A grid's hue by its number within the village: the last three digits of its code. */
const hue: ExpressionSpecification = [
  'match', ['%', ['to-number', ['slice', ['get', 'code'], 12], 0], gridHues.length],
  ...gridHues.flatMap((colour, i) => [(i + 1) % gridHues.length, colour]),
  gridHues[0],
] as unknown as ExpressionSpecification;

export function gridLayers(): LayerSpecification[] {
  return [
    {
      id: 'grids-fill', type: 'fill', source: 'grids', 'source-layer': 'grids',
      paint: { 'fill-color': hue, 'fill-opacity': ['interpolate', ['linear'], ['zoom'], 11, 0.07, 13.5, 0.13, 17, 0.07] },
    },
    {
      id: 'grids-figures', type: 'fill', source: 'grids', 'source-layer': 'grids', layout: { visibility: 'none' },
      paint: {
        'fill-color': [
          'interpolate', ['linear'], ['coalesce', ['feature-state', 'share'], 0],
          0, '#f6f1e2', 0.5, '#b5d3cc', 1, '#5f9f9d',
        ],
        'fill-opacity': ['case', ['==', ['feature-state', 'share'], null], 0, 0.78],
      },
    },
    {
      // A band of the grid's own hue inside its boundary: seen from either side, it is clear whose side it is.
      id: 'grids-band', type: 'line', source: 'grids', 'source-layer': 'grids', minzoom: 12,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': hue,
        'line-opacity': 0.42,
        'line-width': ['interpolate', ['linear'], ['zoom'], 12, 2, 16, 7, 19, 12],
        'line-offset': ['interpolate', ['linear'], ['zoom'], 12, 1, 16, 3.5, 19, 6],
      },
    },
    {
      id: 'grids-line', type: 'line', source: 'grids', 'source-layer': 'grids',
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': '#39484a',
        'line-width': ['interpolate', ['linear'], ['zoom'], 11, 0.4, 14, 1.2, 18, 2.2],
        'line-opacity': ['interpolate', ['linear'], ['zoom'], 11, 0.4, 14, 0.9],
      },
    },
    {
      id: 'areas-line', type: 'line', source: 'areas', 'source-layer': 'areas',
      filter: ['match', ['get', 'kind'], ['village', 'community', 'street', 'town'], true, false],
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': '#5a4a3a',
        'line-width': ['interpolate', ['linear'], ['zoom'], 10, 0.7, 14, 1.8, 18, 3],
        'line-dasharray': [5, 2, 1, 2],
      },
    },
    {
      id: 'grids-selected', type: 'line', source: 'grids', 'source-layer': 'grids',
      filter: ['==', ['get', 'code'], ''],
      layout: { 'line-join': 'round' },
      paint: { 'line-color': selection, 'line-width': 4 },
    },
  ];
}

export function gridLabels(): LayerSpecification[] {
  return [
    {
      id: 'grids-label', type: 'symbol', source: 'grid-labels', minzoom: 13,
      layout: {
        'text-field': ['get', 'label'], 'text-font': medium,
        'text-size': ['interpolate', ['linear'], ['zoom'], 13, 11, 17, 17],
        'text-letter-spacing': 0.04, 'text-padding': 6,
      },
      paint: {
        'text-color': ['get', 'colour'], 'text-halo-color': ground.halo, 'text-halo-width': 2,
      },
    },
    {
      // Last, so that a village's name is placed before the names of its grids.
      id: 'areas-label', type: 'symbol', source: 'area-labels', minzoom: 10, maxzoom: 15,
      layout: {
        'text-field': ['get', 'label'], 'text-font': bold,
        'text-size': ['interpolate', ['linear'], ['zoom'], 10, 10, 14, 16],
        'text-letter-spacing': 0.08, 'text-padding': 4,
        // Where a village's grids carry names of their own, its name steps up out of their way.
        'text-offset': ['interpolate', ['linear'], ['zoom'], 13, ['literal', [0, 0]], 14, ['literal', [0, -1.6]]],
      },
      paint: { 'text-color': ground.ink, 'text-halo-color': ground.halo, 'text-halo-width': 1.8 },
    },
  ];
}
