/** Reports: dots from afar, pins from near. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { reportColours } from '../palette';

const kindColour = [
  'match', ['get', 'kind'], ...Object.entries(reportColours).flat(), '#465356',
] as unknown as ExpressionSpecification;

/** From this zoom on, a report is a pin with its kind and stage; before, a dot. */
const PINS_FROM = 14.5;

const stage: ExpressionSpecification = [
  'match', ['get', 'status'], 'open', 'open', ['resolved', 'closed'], 'done', 'active',
];

export function reportLayers(): LayerSpecification[] {
  return [
    {
      id: 'reports-dot', type: 'circle', source: 'reports', 'source-layer': 'reports', maxzoom: PINS_FROM,
      layout: { 'circle-sort-key': ['get', 'severity'] },
      paint: {
        'circle-color': kindColour,
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, 1.6, 14.5, ['+', 2.6, ['*', 0.6, ['get', 'severity']]]],
        'circle-opacity': ['interpolate', ['linear'], ['zoom'], 10, 0.5, 14, 0.85],
        'circle-stroke-color': '#ffffff',
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 11, 0, 14, 0.8],
      },
    },
    {
      id: 'reports-pin', type: 'symbol', source: 'reports', 'source-layer': 'reports', minzoom: PINS_FROM,
      layout: {
        'icon-image': ['concat', 'report:', ['get', 'kind'], ':', stage, ':', ['to-string', ['get', 'severity']]],
        'icon-anchor': 'bottom',
        'icon-size': ['interpolate', ['linear'], ['zoom'], 14.5, 0.7, 17, 1],
        'icon-padding': 0,
        'icon-allow-overlap': ['step', ['zoom'], false, 17, true],
        'symbol-sort-key': ['-', 0, ['+', ['*', 10, ['get', 'severity']], ['match', ['get', 'status'], ['resolved', 'closed'], 0, 5]]],
      },
    },
  ];
}
