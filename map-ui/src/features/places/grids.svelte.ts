import { api } from '$lib/api';
import type { Area, Grid } from '$lib/api/types';
import { shortGridName } from './names';
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

  /** "崔口村第1网格", "Cuikou Grid 1"; an area's name for an area's code; the code itself when unknown. */
  of(code: string, locale: Locale): string {
    const grid = this.#byCode.get(code);
    if (grid === undefined) return this.areaName(code, locale);
    const village = this.areaName(grid.village_code, locale);
    return locale === 'zh' ? village + shortGridName(grid, locale) : `${village} ${shortGridName(grid, locale)}`;
  }
}

export const gridNames = new GridNames();
