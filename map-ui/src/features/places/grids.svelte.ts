import { api } from '$lib/api';
import type { Area, Grid } from '$lib/api/types';
import type { Locale } from '$lib/i18n';

/** The grids and areas around the person: small, seldom changing, wanted by name all over the page. */
class GridNames {
  grids = $state.raw<Grid[]>([]);
  areas = $state.raw<Area[]>([]);
  error = $state.raw<unknown>(null);
  #byCode = $derived(new Map(this.grids.map((grid) => [grid.code, grid])));
  #areaByCode = $derived(new Map(this.areas.map((area) => [area.code, area])));

  async load(): Promise<void> {
    try {
      const [grids, areas] = await Promise.all([api.grids(), api.areas()]);
      this.grids = grids.items;
      this.areas = areas.items;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  grid(code: string): Grid | undefined {
    return this.#byCode.get(code);
  }

  areaName(code: string, locale: Locale): string {
    const area = this.#areaByCode.get(code);
    return (locale === 'en' ? (area?.name_en ?? area?.name) : area?.name) ?? code;
  }

  /** "崔口村 第1网格", as far as known; the code otherwise. */
  of(code: string, locale: Locale): string {
    const grid = this.#byCode.get(code);
    if (grid === undefined) return code;
    return `${this.areaName(grid.village_code, locale)} ${shortGridName(grid, locale)}`;
  }
}

/** A grid's name within its village: "第1网格", "Grid 1"; a name that was given stays as it is. */
export function shortGridName(grid: Pick<Grid, 'code' | 'name'>, locale: Locale): string {
  const plain = /第\s*\d+\s*网格$/.exec(grid.name)?.[0];
  if (plain === undefined) return grid.name;
  return locale === 'zh' ? plain : `Grid ${Number(grid.code.slice(12))}`;
}

export const gridNames = new GridNames();
