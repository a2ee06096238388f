import type { Polygon } from 'geojson';
import type { LonLat } from '$lib/api/types';

/** Mean radius of the Earth in metres (IUGG R1): good to 0.3 % for a circle of some hundred metres. */
const EARTH_RADIUS_M = 6_371_008.8;

/** A circle on the ground around a WGS84 position, as a polygon of 64 corners: the reach of a position's error. */
export function circle([lon, lat]: LonLat, radiusM: number): Polygon {
  const dLat = ((radiusM / EARTH_RADIUS_M) * 180) / Math.PI;
  const dLon = dLat / Math.cos((lat * Math.PI) / 180);
  const ring = Array.from({ length: 65 }, (_, i) => {
    const angle = (2 * Math.PI * (i % 64)) / 64;
    return [lon + dLon * Math.cos(angle), lat + dLat * Math.sin(angle)];
  });
  return { type: 'Polygon', coordinates: [ring] };
}

/** Metres between two nearby positions (equirectangular; below 0.1 % error over a street). */
export function metresBetween([lonA, latA]: LonLat, [lonB, latB]: LonLat): number {
  const toRadians = Math.PI / 180;
  const x = (lonB - lonA) * toRadians * Math.cos(((latA + latB) / 2) * toRadians);
  return EARTH_RADIUS_M * Math.hypot(x, (latB - latA) * toRadians);
}
