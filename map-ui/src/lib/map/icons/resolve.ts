import type { MapLibreMap } from 'maplibre-gl';
import { pixels, PIXEL_RATIO, symbolNamed } from './draw';

/** Lets a map draw the symbols that its style names, when it first needs them. */
export function drawSymbolsFor(map: MapLibreMap): void {
  map.setMissingStyleImageResolver((id) => {
    const symbol = symbolNamed(id);
    const image = symbol && pixels(symbol);
    if (image && !map.hasImage(id)) map.addImage(id, image, { pixelRatio: PIXEL_RATIO });
  });
}
