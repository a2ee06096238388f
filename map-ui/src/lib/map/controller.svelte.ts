/**
 * The one map of the page. Features ask it to show things; none of them touches MapLibre.
 */
import type { FeatureCollection, Geometry } from 'geojson';
import { AJAXError, Map as MapLibreMap, type FilterSpecification, type GeoJSONSource } from 'maplibre-gl';
import './worker';
import 'maplibre-gl/dist/maplibre-gl.css';
import { untrack } from 'svelte';
import type { BaseLayer, Bbox, LonLat } from '$lib/api/types';
import { DensityLayer } from './density';
import { drawSymbolsFor } from './icons/resolve';
import { Twin } from './twin';
import { style, switchable, switchableNames, type Overlay, type Switchable, type TileLayer } from './style';
import type { Opened } from '$lib/state/route.svelte';

/** Features to draw in an overlay. */
export type Drawn = { geometry: Geometry; properties?: Record<string, unknown> };

const reducedMotion = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Room around a place that is shown whole, for the search box above and the buttons beside it. */
const HOME_PADDING = { top: 72, right: 56, bottom: 28, left: 28 };
/** How near the edge a place still counts as seen: search box and buttons float there. */
const EDGE_PX = 76;

class MapController {
  /** True once the style is loaded and overlays can be drawn. */
  ready = $state(false);
  /** What the person sees, after the map came to rest. */
  bounds = $state.raw<Bbox | null>(null);
  zoom = $state(0);
  centre = $state.raw<LonLat>([0, 0]);
  /** Set while something is drawn on the map: clicks open nothing then. */
  drawing = $state(false);
  /** Set while a second map stands beside this one. */
  split = $state(false);
  /** Set while the person is choosing a place: the next click on the map is theirs. */
  picking = $state.raw<((at: LonLat) => void) | null>(null);
  /** Set while clicks ask about a place rather than open a thing; what lies there is told with it. */
  probing = $state.raw<((at: LonLat, thing: Opened | null) => void) | null>(null);
  hidden = $state<Record<Switchable, boolean>>({
    reports: false, hazards: false, enterprises: false, households: false, grids: false, areas: false,
    buildings: false, roads: false, water: false,
  });

  #map: MapLibreMap | null = null;
  #density: DensityLayer | null = null;
  #twin: Twin | null = null;
  #drawn = new Map<Overlay, FeatureCollection>();
  #refit: (() => void) | null = null;
  #pending = new Map<TileLayer, ReturnType<typeof setTimeout>>();

  /**
   * Makes the map in `container`, showing `home` unless the URL says where to look. `hiddenBelow` pixels at the
   * bottom are covered by the sheet.
   */
  attach(container: HTMLElement, home: Bbox, hiddenBelow: number, base: BaseLayer | null): MapLibreMap {
    const located = location.hash.startsWith('#at=');
    const map = new MapLibreMap({
      container,
      style: style(base),
      bounds: home,
      hash: 'at',
      minZoom: 8,
      maxZoom: 20.5,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: reducedMotion() ? 0 : 200,
      localIdeographFontFamily: false,
    });
    map.setPadding({ bottom: hiddenBelow });
    if (!located) map.fitBounds(home, { padding: HOME_PADDING, animate: false });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    drawSymbolsFor(map);
    map.once('style.load', () => {
      this.ready = true;
      this.#settle();
    });
    map.on('error', ({ error }) => {
      // A tile that cannot be fetched is asked for again; without a line that is no news.
      if (!(error instanceof AJAXError)) console.error(error);
    });
    map.on('moveend', () => this.#settle());
    this.#map = map;
    this.#density = new DensityLayer(map);
    return map;
  }

  detach(): void {
    for (const timer of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
    this.#map?.remove();
    this.#map = null;
    this.#density = null;
    this.closeTwin();
    this.#drawn.clear();
    this.ready = false;
    this.bounds = null;
    this.picking = null;
    this.probing = null;
  }

  get canvas(): HTMLCanvasElement | null {
    return this.#map?.getCanvas() ?? null;
  }

  /** Where a place is on the page, in pixels from the map's corner. */
  toPixels(at: readonly [number, number]): { x: number; y: number } {
    return this.#map?.project([at[0], at[1]]) ?? { x: 0, y: 0 };
  }

  /** The place under a pixel. */
  toPlace(x: number, y: number): LonLat {
    const at = this.#map?.unproject([x, y]);
    return at ? [at.lng, at.lat] : [0, 0];
  }

  /** The element that gets the map's pointer events. */
  get surface(): HTMLElement | null {
    return this.#map?.getCanvasContainer() ?? null;
  }

  /** Calls back whenever the map is painted, so that what is drawn over it moves with it; the answer ends that. */
  onPaint(callback: () => void): () => void {
    const map = this.#map;
    map?.on('render', callback);
    return () => void map?.off('render', callback);
  }

  /** The lines of roads and water drawn within some pixels of a point: what a border may follow. */
  linesNear(x: number, y: number, reach: number): LonLat[][] {
    const layers = ['roads-fill', 'roads-path', 'water-line', 'water-fill'].filter((id) => this.#map?.getLayer(id));
    const found = this.#map?.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]], { layers }) ?? [];
    return found.flatMap(({ geometry }) => {
      if (geometry.type === 'LineString') return [geometry.coordinates as LonLat[]];
      if (geometry.type === 'MultiLineString' || geometry.type === 'Polygon') return geometry.coordinates as LonLat[][];
      return [];
    });
  }

  zoomBy(steps: number): void {
    this.#map?.zoomTo(this.#map.getZoom() + steps, { duration: reducedMotion() ? 0 : 250 });
  }

  flyTo(at: LonLat, zoom = 17): void {
    this.#map?.flyTo({ center: at, zoom: Math.max(zoom, Math.min(this.zoom, 18)), speed: 1.8, ...(reducedMotion() && { duration: 0 }) });
  }

  /** Moves only if `at` cannot be seen well: not on the map, or under what floats at its edges. */
  reveal(at: LonLat): void {
    const map = this.#map;
    if (map === null) return;
    const { x, y } = map.project(at);
    const { clientWidth: width, clientHeight: height } = map.getContainer();
    const { bottom } = map.getPadding();
    const seen = x > EDGE_PX && x < width - EDGE_PX && y > EDGE_PX && y < height - (bottom ?? 0) - EDGE_PX / 2;
    if (!seen) map.easeTo({ center: at, duration: reducedMotion() ? 0 : 500 });
  }

  fit(bbox: Bbox, maxZoom = 18): void {
    this.#map?.fitBounds(bbox, { padding: HOME_PADDING, maxZoom, duration: reducedMotion() ? 0 : 700 });
  }

  /** Tells the map how much of it the bottom sheet hides, so that centred things are seen. */
  pad(bottom: number): void {
    this.#map?.setPadding({ top: 0, left: 0, right: 0, bottom });
  }

  draw(overlay: Overlay, features: Drawn[]): void {
    const data: FeatureCollection = {
      type: 'FeatureCollection',
      features: features.map(({ geometry, properties }) => ({ type: 'Feature', geometry, properties: properties ?? {} })),
    };
    this.#drawn.set(overlay, data);
    this.#map?.getSource<GeoJSONSource>(overlay)?.setData(data);
    this.#twin?.draw(overlay, data);
  }

  /** A second map in `container`, of the same size as this one, that looks wherever this one looks and shows the same
   * but for its density. One at most. */
  openTwin(container: HTMLElement, base: BaseLayer | null): Twin | null {
    if (this.#map === null) return null;
    const hidden = switchableNames.filter((layer) => this.hidden[layer]).flatMap((layer) => switchable[layer]);
    this.#twin = new Twin(container, this.#map, { base, hidden, drawn: this.#drawn });
    return this.#twin;
  }

  /** Makes room for a second map, or takes the room back; from west to east what was seen stays in view. */
  setSplit(on: boolean): void {
    const map = this.#map;
    if (map === null || untrack(() => this.split) === on) return;
    const width = map.getContainer().clientWidth;
    this.split = on;
    // The page changes after whatever asked for it, and the map takes note of that by itself.
    if (this.#refit) map.off('resize', this.#refit);
    this.#refit = () => {
      this.#refit = null;
      map.jumpTo({ zoom: map.getZoom() + Math.log2(map.getContainer().clientWidth / width) });
    };
    void map.once('resize', this.#refit);
  }

  closeTwin(): void {
    this.#twin?.close();
    this.#twin = null;
  }

  /** What the map shows now, as a picture of its own. */
  picture(): Promise<HTMLCanvasElement> {
    const map = this.#map;
    if (map === null) return Promise.reject(new Error('no map'));
    return new Promise((resolve, reject) => {
      // What WebGL drew is there only until the frame ends.
      map.once('render', () => {
        const drawn = map.getCanvas();
        const copy = document.createElement('canvas');
        copy.width = drawn.width;
        copy.height = drawn.height;
        const context = copy.getContext('2d');
        if (context === null) reject(new Error('no canvas'));
        else {
          context.drawImage(drawn, 0, 0);
          resolve(copy);
        }
      });
      map.triggerRepaint();
    });
  }

  setHidden(layer: Switchable, hidden: boolean): void {
    this.hidden[layer] = hidden;
    for (const id of switchable[layer]) this.#show(id, !hidden);
  }

  /** Hides layers while something else needs the map; the answer restores what was shown before. */
  hideFor(layers: readonly Switchable[]): () => void {
    const shown = untrack(() => layers.filter((layer) => !this.hidden[layer]));
    for (const layer of shown) this.setHidden(layer, true);
    return () => {
      for (const layer of shown) this.setHidden(layer, false);
    };
  }

  filterReports(filter: FilterSpecification | null): void {
    for (const id of switchable.reports) this.#map?.setFilter(id, filter);
  }

  /** Outlines one grid, or none. */
  outlineGrid(code: string | null): void {
    this.#map?.setFilter('grids-selected', ['==', ['get', 'code'], code ?? '']);
  }

  /** Asks for a layer's tiles again, at most every two seconds: changes come in bursts. */
  reload(layer: TileLayer): void {
    if (this.#pending.has(layer)) return;
    this.#pending.set(
      layer,
      setTimeout(() => {
        this.#pending.delete(layer);
        this.#map?.refreshTiles(layer);
      }, 2000),
    );
  }

  /** Colours grids by a share between 0 and 1 each; null restores their own hues. */
  shadeGrids(shares: Map<string, number> | null): void {
    const map = this.#map;
    if (map === null) return;
    map.removeFeatureState({ source: 'grids', sourceLayer: 'grids' });
    for (const [code, share] of shares ?? []) {
      map.setFeatureState({ source: 'grids', sourceLayer: 'grids', id: code }, { share });
    }
    this.#show('grids-figures', shares !== null);
  }

  /** Lays the density surface under the boundaries; null takes it away. `arrived` is called once it is seen whole. */
  showDensity(url: string | null, opacity = 0.75, arrived?: () => void): void {
    if (url === null) this.#density?.clear();
    else this.#density?.show(url, opacity, arrived);
  }

  #show(layerId: string, visible: boolean): void {
    this.#map?.setLayoutProperty(layerId, 'visibility', visible ? 'visible' : 'none');
  }

  #settle(): void {
    const map = this.#map;
    if (map === null) return;
    const bounds = map.getBounds();
    this.bounds = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    this.zoom = map.getZoom();
    const { lng, lat } = map.getCenter();
    this.centre = [lng, lat];
  }
}

export const mapController = new MapController();
