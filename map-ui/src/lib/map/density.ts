/** The density surface on a map: a new one takes the old one's place when it has come, so that nothing flickers. */
import type { MapLibreMap, MapSourceDataEvent } from 'maplibre-gl';

/** Drawn below this layer: boundaries and names stay readable. */
const BELOW = 'grids-band';
const TILE_SIZE = 256;
const LAST_ZOOM = 18;

export class DensityLayer {
  readonly #map: MapLibreMap;
  #made = 0;
  /** What is seen, and what is on its way. */
  #shown: { id: string; url: string } | null = null;
  #coming: { id: string; url: string; stop: () => void } | null = null;

  constructor(map: MapLibreMap) {
    this.#map = map;
  }

  show(url: string, opacity: number, arrived: () => void = () => undefined): void {
    if (this.#coming?.url === url) return;
    if (this.#shown?.url === url) {
      this.#giveUp();
      this.#map.setPaintProperty(this.#shown.id, 'raster-opacity', opacity);
      arrived();
      return;
    }
    this.#giveUp();
    const id = `density-${this.#made++}`;
    // The first one may appear tile by tile; there is nothing to keep in view until it is whole.
    this.#add(id, url, this.#shown === null ? opacity : 0);
    const settle = (event: MapSourceDataEvent) => {
      if (event.sourceId !== id || !this.#map.isSourceLoaded(id)) return;
      stop();
      this.#coming = null;
      if (this.#shown) this.#remove(this.#shown.id);
      this.#shown = { id, url };
      this.#map.setPaintProperty(id, 'raster-opacity', opacity);
      arrived();
    };
    const stop = () => void this.#map.off('sourcedata', settle);
    this.#map.on('sourcedata', settle);
    this.#coming = { id, url, stop };
  }

  clear(): void {
    this.#giveUp();
    if (this.#shown) this.#remove(this.#shown.id);
    this.#shown = null;
  }

  #giveUp(): void {
    if (this.#coming === null) return;
    this.#coming.stop();
    this.#remove(this.#coming.id);
    this.#coming = null;
  }

  #add(id: string, url: string, opacity: number): void {
    this.#map.addSource(id, { type: 'raster', tiles: [url], tileSize: TILE_SIZE, maxzoom: LAST_ZOOM });
    this.#map.addLayer({
      id, type: 'raster', source: id, paint: { 'raster-opacity': opacity, 'raster-fade-duration': 0 },
    }, BELOW);
  }

  #remove(id: string): void {
    if (this.#map.getLayer(id)) this.#map.removeLayer(id);
    if (this.#map.getSource(id)) this.#map.removeSource(id);
  }
}
