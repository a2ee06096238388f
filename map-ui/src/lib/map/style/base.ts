/** The ground: villages, water, buildings and roads. Calm, so that what is at stake stands out. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { ground } from '../palette';
import { regular } from './text';

/** Width in pixels by zoom, per class of road. */
function roadWidth(extra: number): ExpressionSpecification {
  const at = (highway: number, main: number, street: number, lane: number, path: number): ExpressionSpecification => [
    'match', ['get', 'class'],
    'highway', highway + extra, 'main', main + extra, 'street', street + extra, 'lane', lane + extra, path + extra,
  ];
  return [
    'interpolate', ['exponential', 1.5], ['zoom'],
    11, at(2, 1.5, 0.8, 0.4, 0.2),
    14, at(5, 4, 2.6, 1.4, 0.7),
    17, at(14, 12, 9, 6.5, 2),
    20, at(60, 50, 40, 30, 8),
  ];
}

const isPath: ExpressionSpecification = ['match', ['get', 'class'], ['path', 'footway'], true, false];

/** With a base layer below, fields and paper give way to it. */
export function baseLayers(hasBase: boolean): LayerSpecification[] {
  return [
    { id: 'background', type: 'background', paint: { 'background-color': ground.paper } },
    ...(hasBase ? [{ id: 'base', type: 'raster' as const, source: 'base', paint: { 'raster-saturation': -0.35 } }] : []),
    {
      id: 'areas-fill', type: 'fill', source: 'areas', 'source-layer': 'areas',
      filter: ['match', ['get', 'kind'], ['village', 'community'], true, false],
      paint: { 'fill-color': ground.field, 'fill-antialias': false, 'fill-opacity': hasBase ? 0 : 1 },
    },
    {
      id: 'water-fill', type: 'fill', source: 'water', 'source-layer': 'water',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': ground.water, 'fill-outline-color': ground.waterEdge },
    },
    {
      id: 'water-line', type: 'line', source: 'water', 'source-layer': 'water',
      filter: ['==', ['geometry-type'], 'LineString'],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': ground.water,
        'line-width': [
          'interpolate', ['exponential', 1.5], ['zoom'],
          11, ['match', ['get', 'kind'], ['river', 'canal'], 1.6, 0.5],
          18, ['match', ['get', 'kind'], ['river', 'canal'], 18, 6],
        ],
      },
    },
    {
      id: 'roads-casing', type: 'line', source: 'roads', 'source-layer': 'roads',
      filter: ['!', isPath],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': ground.roadCasing,
        'line-width': roadWidth(1.6),
        'line-opacity': ['interpolate', ['linear'], ['zoom'], 12, 0.35, 15, 1],
      },
    },
    {
      id: 'roads-path', type: 'line', source: 'roads', 'source-layer': 'roads', minzoom: 14,
      filter: isPath,
      layout: { 'line-join': 'round' },
      paint: { 'line-color': ground.path, 'line-width': roadWidth(0), 'line-dasharray': [3, 1.5] },
    },
    {
      id: 'roads-fill', type: 'line', source: 'roads', 'source-layer': 'roads',
      filter: ['!', isPath],
      layout: {
        'line-cap': 'round', 'line-join': 'round',
        'line-sort-key': ['match', ['get', 'class'], 'highway', 4, 'main', 3, 'street', 2, 1],
      },
      paint: {
        'line-color': ['match', ['get', 'class'], ['highway', 'main'], ground.roadMajor, ground.road],
        'line-width': roadWidth(0),
      },
    },
    {
      id: 'buildings-fill', type: 'fill', source: 'buildings', 'source-layer': 'buildings', minzoom: 14,
      paint: {
        'fill-color': [
          'match', ['get', 'kind'],
          'public', ground.publicBuilding,
          ['cold_store', 'workshop', 'warehouse'], ground.workBuilding,
          'greenhouse', '#dfe9dc',
          ground.building,
        ],
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], 14, 0, 14.8, 1],
      },
    },
    {
      id: 'buildings-line', type: 'line', source: 'buildings', 'source-layer': 'buildings', minzoom: 15,
      paint: {
        'line-color': ground.buildingEdge,
        'line-width': ['interpolate', ['linear'], ['zoom'], 15, 0.4, 18, 1.1],
      },
    },
  ];
}

/** Labels of the ground, drawn above grids and below symbols. */
export function baseLabels(): LayerSpecification[] {
  return [
    {
      id: 'roads-label', type: 'symbol', source: 'roads', 'source-layer': 'roads', minzoom: 14,
      filter: ['all', ['has', 'name'], ['!', isPath]],
      layout: {
        'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': regular, 'symbol-spacing': 420,
        'text-size': ['interpolate', ['linear'], ['zoom'], 14, 10.5, 18, 13], 'text-max-angle': 30,
      },
      paint: { 'text-color': ground.inkSoft, 'text-halo-color': ground.halo, 'text-halo-width': 1.4 },
    },
    {
      id: 'water-label', type: 'symbol', source: 'water', 'source-layer': 'water', minzoom: 14,
      filter: ['all', ['has', 'name'], ['==', ['geometry-type'], 'LineString']],
      layout: { 'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': regular, 'text-size': 11 },
      paint: { 'text-color': '#2d6175', 'text-halo-color': '#e4eff2', 'text-halo-width': 1.2 },
    },
    {
      id: 'buildings-label', type: 'symbol', source: 'buildings', 'source-layer': 'buildings', minzoom: 16.5,
      filter: ['has', 'name'],
      layout: { 'text-field': ['get', 'name'], 'text-font': regular, 'text-size': 11, 'text-max-width': 7 },
      paint: { 'text-color': ground.inkSoft, 'text-halo-color': ground.halo, 'text-halo-width': 1.2 },
    },
  ];
}
