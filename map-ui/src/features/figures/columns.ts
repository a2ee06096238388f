import type { GridFigures } from '$lib/api/types';
import { area, count } from '$lib/format';
import type { Locale, Words } from '$lib/i18n';

/** The figures a table shows and a map can be shaded by. */
export const metrics = [
  'households', 'people', 'special_care', 'enterprises', 'open_hazards', 'open_reports', 'area_m2', 'compactness',
] as const;
export type Metric = (typeof metrics)[number];

export function metricName(metric: Metric, words: Words): string {
  const names: Record<Metric, string> = {
    households: words.figures.households,
    people: words.figures.people,
    special_care: words.figures.specialCare,
    enterprises: words.figures.enterprises,
    open_hazards: words.figures.openHazards,
    open_reports: words.figures.openReports,
    area_m2: words.figures.areaKm2,
    compactness: words.figures.compactness,
  };
  return names[metric];
}

export function metricText(metric: Metric, value: number | null | undefined, locale: Locale): string {
  if (value === null || value === undefined) return '—';
  if (metric === 'area_m2') return area(value, locale);
  return count(value, locale, metric === 'compactness' ? 2 : 0);
}

export interface Order {
  by: Metric | 'code';
  descending: boolean;
}

/** Grids in the wanted order; those without a figure come last either way. */
export function sorted(items: readonly GridFigures[], { by, descending }: Order): GridFigures[] {
  const sign = descending ? -1 : 1;
  return items.toSorted((a, b) => {
    if (by === 'code') return sign * a.grid_code.localeCompare(b.grid_code);
    const [left, right] = [a[by], b[by]];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left - right) || a.grid_code.localeCompare(b.grid_code);
  });
}
