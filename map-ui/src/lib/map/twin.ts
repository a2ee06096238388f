/** A second map beside the first: the same ground and the same view, another density. */
import type { FeatureCollection } from 'geojson';
import { Map as MapLibreMap, type GeoJSONSource } from 'maplibre-gl';
import type { BaseLayer } from '$lib/api/types';
import { DensityLayer } from './density';
import { drawSymbolsFor } from './icons/resolve';
import { style, type Overlay } from './style';

interface Look {
  base: BaseLayer | null;
  /** Style layers that are not shown. */
  hidden: readonly string[];
  drawn: ReadonlyMap<Overlay, FeatureCollection>;
}

export class Twin {
  readonly #first: MapLibreMap;
  readonly #map: MapLibreMap;
  readonly #density: DensityLayer;
  #wanted: { url: string; opacity: number } | null = null;
  #ready = false;
  /** Set while one map follows the other, which must not answer. */
  #following = false;

  constructor(container: HTMLElement, first: MapLibreMap, { base, hidden, drawn }: Look) {
    this.#first = first;
    this.#map = new MapLibreMap({
      container,
      style: style(base),
      center: first.getCenter(),
      zoom: first.getZoom(),
      minZoom: first.getMinZoom(),
      maxZoom: first.getMaxZoom(),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      localIdeographFontFamily: false,
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    drawSymbolsFor(this.#map);
    this.#density = new DensityLayer(this.#map);
    this.#map.once('style.load', () => {
      this.#ready = true;
      for (const id of hidden) this.#map.setLayoutProperty(id, 'visibility', 'none');
      for (const [overlay, data] of drawn) this.draw(overlay, data);
      if (this.#wanted) this.#density.show(this.#wanted.url, this.#wanted.opacity);
    });
    this.#map.on('move', this.#lead);
    first.on('move', this.#follow);
    this.#follow();
  }

  get canvas(): HTMLCanvasElement {
    return this.#map.getCanvas();
  }

  draw(overlay: Overlay, data: FeatureCollection): void {
    this.#map.getSource<GeoJSONSource>(overlay)?.setData(data);
  }

  showDensity(url: string, opacity: number): void {
    this.#wanted = { url, opacity };
    if (this.#ready) this.#density.show(url, opacity);
  }

  close(): void {
    this.#first.off('move', this.#follow);
    this.#map.remove();
  }

  #copy(from: MapLibreMap, to: MapLibreMap): void {
    if (this.#following) return;
    this.#following = true;
    to.jumpTo({ center: from.getCenter(), zoom: from.getZoom(), padding: this.#first.getPadding() });
    this.#following = false;
  }

  #follow = (): void => this.#copy(this.#first, this.#map);
  #lead = (): void => this.#copy(this.#map, this.#first);
}
