/** What the page itself draws: the selection, a chosen position, today's walk, findings of a boundary check. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { picked, selection, spacetime, trendColours } from '../palette';

const trendColour = ['match', ['get', 'trend'], ...Object.entries(trendColours).flat(), trendColours.diffuse] as unknown as ExpressionSpecification;

/** Shades of whole areas: above the ground, below every name. */
export function shadeLayers(): LayerSpecification[] {
  return [{
    id: 'areas-shaded', type: 'fill', source: 'areas-shaded',
    paint: { 'fill-color': ['get', 'colour'], 'fill-opacity': 0.72, 'fill-outline-color': '#6a6553' },
  }, {
    id: 'road-density-casing', type: 'line', source: 'road-density', layout: { 'line-cap': 'butt', 'line-join': 'round' },
    paint: { 'line-color': '#ffffff', 'line-width': ['interpolate', ['linear'], ['zoom'], 12, 5, 18, 15] },
  }, {
    id: 'road-density-line', type: 'line', source: 'road-density', layout: { 'line-cap': 'butt', 'line-join': 'round' },
    paint: { 'line-color': ['get', 'colour'], 'line-width': ['interpolate', ['linear'], ['zoom'], 12, 3, 18, 11] },
  }];
}

export function overlayLayers(): LayerSpecification[] {
  return [
    {
      id: 'hotspots-fill', type: 'fill', source: 'hotspots',
      paint: { 'fill-color': trendColour, 'fill-opacity': ['case', ['get', 'chosen'], 0.28, 0.1] },
    },
    {
      id: 'hotspots-casing', type: 'line', source: 'hotspots', layout: { 'line-join': 'round' },
      paint: { 'line-color': '#ffffff', 'line-width': ['case', ['get', 'chosen'], 7, 5], 'line-opacity': 0.85 },
    },
    {
      id: 'hotspots-line', type: 'line', source: 'hotspots', layout: { 'line-join': 'round' }, filter: ['!=', ['get', 'trend'], 'fading'],
      paint: { 'line-color': trendColour, 'line-width': ['case', ['get', 'chosen'], 4, 2.5] },
    },
    {
      id: 'hotspots-fading', type: 'line', source: 'hotspots', filter: ['==', ['get', 'trend'], 'fading'],
      paint: { 'line-color': trendColour, 'line-width': ['case', ['get', 'chosen'], 4, 2.5], 'line-dasharray': [2, 1.5] },
    },
    {
      id: 'clusters-fill', type: 'fill', source: 'clusters',
      paint: { 'fill-color': spacetime.cluster, 'fill-opacity': ['case', ['get', 'chosen'], 0.28, 0.12] },
    },
    {
      id: 'clusters-casing', type: 'line', source: 'clusters',
      paint: { 'line-color': '#ffffff', 'line-width': ['case', ['get', 'chosen'], 7, 5], 'line-opacity': 0.85 },
    },
    {
      id: 'clusters-line', type: 'line', source: 'clusters',
      paint: { 'line-color': spacetime.cluster, 'line-width': ['case', ['get', 'chosen'], 4, 2.5] },
    },
    {
      id: 'repeats-fill', type: 'fill', source: 'repeats',
      paint: { 'fill-color': spacetime.repeat, 'fill-opacity': ['case', ['get', 'chosen'], 0.25, 0.08] },
    },
    {
      id: 'repeats-line', type: 'line', source: 'repeats',
      paint: { 'line-color': spacetime.repeat, 'line-width': ['case', ['get', 'chosen'], 4, 2], 'line-dasharray': [2, 1.5] },
    },
    {
      id: 'picked-ring', type: 'circle', source: 'picked',
      paint: {
        'circle-radius': 14, 'circle-color': picked, 'circle-opacity': 0.14,
        'circle-stroke-color': picked, 'circle-stroke-width': 3,
      },
    },
    {
      id: 'check-fill', type: 'fill', source: 'check', filter: ['==', ['geometry-type'], 'Polygon'],
      paint: {
        'fill-color': ['match', ['get', 'finding'], 'gap', '#b5391b', ['overlap', 'outside'], '#77479a', '#0d4f56'],
        'fill-opacity': ['match', ['get', 'finding'], 'grid', 0.08, 0.45],
      },
    },
    {
      id: 'check-line', type: 'line', source: 'check',
      paint: {
        'line-color': ['match', ['get', 'finding'], 'gap', '#b5391b', ['overlap', 'outside'], '#77479a', '#0d4f56'],
        'line-width': 2,
        'line-dasharray': [2, 1.5],
      },
    },
    {
      id: 'patrol-casing', type: 'line', source: 'patrol', filter: ['!', ['get', 'leg']], layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': '#ffffff', 'line-width': ['interpolate', ['linear'], ['zoom'], 13, 5, 18, 10] },
    },
    {
      id: 'patrol-line', type: 'line', source: 'patrol', filter: ['!', ['get', 'leg']], layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': ['coalesce', ['get', 'colour'], '#0d6a72'], 'line-opacity': 0.7, 'line-width': ['interpolate', ['linear'], ['zoom'], 13, 3, 18, 6] },
    },
    {
      id: 'patrol-leg', type: 'line', source: 'patrol', filter: ['get', 'leg'], layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': '#b5391b', 'line-width': ['interpolate', ['linear'], ['zoom'], 13, 4, 18, 8] },
    },
    {
      id: 'position-accuracy', type: 'fill', source: 'position', filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': '#1c639c', 'fill-opacity': 0.14, 'fill-outline-color': '#1c639c' },
    },
    {
      id: 'fresh-ring', type: 'circle', source: 'fresh',
      paint: {
        'circle-radius': 18, 'circle-color': '#b5391b', 'circle-opacity': 0.16,
        'circle-stroke-color': '#b5391b', 'circle-stroke-width': 2,
      },
    },
    {
      id: 'selection-ring', type: 'circle', source: 'selection',
      paint: {
        'circle-radius': 19, 'circle-color': selection, 'circle-opacity': 0.12,
        'circle-stroke-color': selection, 'circle-stroke-width': 3,
      },
    },
    {
      id: 'stops-mark', type: 'symbol', source: 'stops',
      layout: {
        'icon-image': ['concat', 'stop:', ['get', 'state'], ':', ['to-string', ['get', 'no']]],
        'icon-allow-overlap': true, 'icon-ignore-placement': true,
        // Later stops are drawn first: where marks overlap, the one that comes next lies on top.
        'symbol-sort-key': ['match', ['get', 'state'], 'done', -1000, 'next', 1000, ['-', 0, ['get', 'no']]],
      },
    },
    {
      id: 'position-pin', type: 'symbol', source: 'position', filter: ['==', ['geometry-type'], 'Point'],
      layout: {
        'icon-image': ['concat', 'position:', ['get', 'role']],
        'icon-anchor': ['match', ['get', 'role'], 'device', 'center', 'bottom'],
        'icon-allow-overlap': true, 'icon-ignore-placement': true,
      },
    },
  ];
}
