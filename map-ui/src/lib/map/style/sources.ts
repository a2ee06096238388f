/** Where the map's data comes from: the service's vector tiles, and small GeoJSON overlays the page fills. */
import type { SourceSpecification } from 'maplibre-gl';
import { KEPT } from '../kept-tiles';

export const tileLayers = [
  'areas', 'grids', 'buildings', 'roads', 'water', 'households', 'enterprises', 'hazards', 'reports',
] as const;
export type TileLayer = (typeof tileLayers)[number];

/** First zoom at which a layer's tiles are asked for: below it they would be a blot. */
export const firstZoom: Record<TileLayer, number> = {
  areas: 8, grids: 11, water: 11, roads: 10, buildings: 14, households: 15, enterprises: 13, hazards: 12, reports: 10,
};

/** Beyond this zoom MapLibre enlarges tiles: at 16 a tile unit is about 12 cm, finer than any survey here. */
export const LAST_ZOOM = 16;

const empty = { type: 'FeatureCollection' as const, features: [] };

/** Overlays by name; see `overlays.ts` for what fills them. */
export const overlays = [
  'grid-labels', 'area-labels', 'selection', 'position', 'patrol', 'stops', 'check', 'fresh', 'hotspots', 'picked', 'areas-shaded',
  'road-density', 'clusters', 'repeats',
] as const;
export type Overlay = (typeof overlays)[number];

export function sources(): Record<string, SourceSpecification> {
  const tiled = tileLayers.map((layer): [string, SourceSpecification] => [
    layer,
    {
      type: 'vector',
      tiles: [`${KEPT}://tiles/${layer}/{z}/{x}/{y}`],
      minzoom: firstZoom[layer],
      maxzoom: LAST_ZOOM,
      ...(layer === 'grids' && { promoteId: 'code' }),
    },
  ]);
  const drawn = overlays.map((name): [string, SourceSpecification] => [name, { type: 'geojson', data: empty }]);
  return Object.fromEntries([...tiled, ...drawn]);
}
