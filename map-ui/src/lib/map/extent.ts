import type { Geometry, Position } from 'geojson';
import type { Bbox } from '$lib/api/types';

function positions(geometry: Geometry): Position[] {
  switch (geometry.type) {
    case 'Point':
      return [geometry.coordinates];
    case 'MultiPoint':
    case 'LineString':
      return geometry.coordinates;
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates.flat();
    case 'MultiPolygon':
      return geometry.coordinates.flat(2);
    case 'GeometryCollection':
      return geometry.geometries.flatMap(positions);
  }
}

/** West, south, east, north of one or several geometries; null when they hold no position. */
export function bboxOf(...geometries: Geometry[]): Bbox | null {
  let box: Bbox | null = null;
  for (const [lon = 0, lat = 0] of geometries.flatMap(positions)) {
    box = box === null
      ? [lon, lat, lon, lat]
      : [Math.min(box[0], lon), Math.min(box[1], lat), Math.max(box[2], lon), Math.max(box[3], lat)];
  }
  return box;
}
