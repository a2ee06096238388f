/** Households, enterprises and hazard points. */
import type { LayerSpecification } from 'maplibre-gl';
import { household } from '../palette';
import { ground } from '../palette';
import { medium, regular } from './text';

export function placeLayers(): LayerSpecification[] {
  return [
    {
      id: 'households-dot', type: 'circle', source: 'households', 'source-layer': 'households', minzoom: 15,
      filter: ['!=', ['coalesce', ['get', 'special_care'], 0], 1],
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 15, 1.6, 18, 4.5],
        'circle-color': ['case', ['to-boolean', ['get', 'overdue']], household.overdue, household.dot],
        'circle-stroke-color': '#ffffff',
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 15, 0.4, 18, 1.2],
        'circle-opacity': 0.85,
      },
    },
    {
      id: 'households-care', type: 'symbol', source: 'households', 'source-layer': 'households', minzoom: 15,
      filter: ['==', ['get', 'special_care'], 1],
      layout: {
        'icon-image': 'care', 'icon-allow-overlap': ['step', ['zoom'], false, 17, true],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 15, 0.55, 18, 1], 'icon-padding': 0,
      },
    },
    {
      id: 'enterprises-symbol', type: 'symbol', source: 'enterprises', 'source-layer': 'enterprises', minzoom: 13.5,
      layout: {
        'icon-image': ['concat', 'enterprise:', ['get', 'category'], ':', ['get', 'hazard_class']],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 14, 0.6, 17, 1],
        'icon-padding': 1,
        'icon-allow-overlap': ['step', ['zoom'], false, 17.5, true],
        'symbol-sort-key': ['match', ['get', 'hazard_class'], 'general', 1, 0],
        'text-field': ['step', ['zoom'], '', 16.2, ['get', 'name']],
        'text-font': regular, 'text-size': 11.5, 'text-anchor': 'top', 'text-offset': [0, 1.25], 'text-max-width': 8,
        'text-optional': true,
      },
      paint: {
        'icon-opacity': ['case', ['==', ['get', 'status'], 'closed'], 0.45, 1],
        'text-color': ground.ink, 'text-halo-color': ground.halo, 'text-halo-width': 1.5,
      },
    },
    {
      id: 'hazards-symbol', type: 'symbol', source: 'hazards', 'source-layer': 'hazards', minzoom: 12.5,
      filter: ['==', ['get', 'status'], 'open'],
      layout: {
        'icon-image': ['concat', 'hazard:', ['to-string', ['get', 'severity']]],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 13, 0.55, 17, 1],
        'icon-padding': 0,
        'icon-allow-overlap': ['step', ['zoom'], false, 16.5, true],
        'symbol-sort-key': ['-', 0, ['get', 'severity']],
        'text-font': medium,
      },
    },
  ];
}
