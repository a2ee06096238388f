/**
 * What goes along on a patrol: the map of the grid and the cards of everyone on today's plan, kept on the device
 * before leaving. The plan itself is kept by `day`.
 */
import { api } from '$lib/api';
import { Problem } from '$lib/api/problem';
import type { Bbox, Stop } from '$lib/api/types';
import { trueNow } from '$lib/clock';
import { bboxOf } from '$lib/map/extent';
import { firstZoom, LAST_ZOOM, tileLayers } from '$lib/map/style/sources';
import { tilesCovering } from '$lib/map/tiles';
import { vault } from '$lib/offline/vault';
import { gridNames } from '$features/places/grids.svelte';
import type { Course } from './course';

/** From where the street is in sight, to find one's bearings, down to the doors. */
const FIRST_ZOOM = 10;
const ZOOMS = Array.from({ length: LAST_ZOOM - FIRST_ZOOM + 1 }, (_, i) => FIRST_ZOOM + i);
/** Around them, in degrees: some 300 metres. */
const MARGIN = 0.003;
const AT_ONCE = 6;

interface Packed {
  date: string;
  grid: string;
  stops: number;
  at: string;
}

class Pack {
  /** How much is done, 0 to 1, while packing. */
  share = $state<number | null>(null);
  packed = $state.raw<Packed | null>(null);
  failed = $state(false);

  /** Packs for a plan unless that was done. */
  async ensure(plan: Course): Promise<void> {
    if (this.share !== null) return;
    this.packed = (await vault.get<Packed>('pack')) ?? null;
    const { date, grid_code: grid, stops } = plan;
    if (this.packed?.date === date && this.packed.grid === grid && this.packed.stops === stops.length) return;
    await this.make(plan);
  }

  async make(plan: Course): Promise<void> {
    this.share = 0;
    this.failed = false;
    try {
      await vault.clear('/tiles/');
      const tasks = [...plan.stops.map((stop) => () => keepCard(stop)), ...tilesOf(plan).map((path) => () => keepTile(path))];
      let done = 0;
      await inTurns(tasks, () => {
        done += 1;
        this.share = done / tasks.length;
      });
      this.packed = { date: plan.date, grid: plan.grid_code, stops: plan.stops.length, at: trueNow().toISOString() };
      await vault.put('pack', this.packed);
    } catch {
      this.failed = true;
    } finally {
      this.share = null;
    }
  }
}

/** Works off tasks, a few at a time; the first failure stops it. */
async function inTurns(tasks: (() => Promise<void>)[], each: () => void): Promise<void> {
  const queue = tasks.values();
  const work = async () => {
    for (const task of queue) {
      await task();
      each();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** A card that the service does not give (somebody moved away) is no reason to leave the rest behind. */
async function keepCard(stop: Stop): Promise<void> {
  await cardOf(stop).catch((error: unknown) => {
    if (error instanceof Problem && error.isAway) throw error;
  });
}

async function cardOf({ target_kind: kind, target_id: id, at }: Stop): Promise<void> {
  if (kind === 'household') await api.household(id, true);
  else if (kind === 'enterprise') await api.enterprise(id, true);
  else if (kind === 'hazard') await api.hazard(id, true);
  else {
    const household = await api.householdAt(at, true);
    if (household) await api.household(household.id, true);
  }
}

async function keepTile(path: string): Promise<void> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  await vault.putBytes(path, await response.arrayBuffer());
}

function tilesOf(plan: Course): string[] {
  // All of the grid, and what of the walk leads beyond it.
  const { geometry } = gridNames.grid(plan.grid_code) ?? { geometry: null };
  const walk = bboxOf(plan.line, ...plan.stops.map(({ at }) => ({ type: 'Point' as const, coordinates: at })), ...(geometry ? [geometry] : []));
  if (walk === null) return [];
  const [west, south, east, north] = walk;
  const box: Bbox = [west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN];
  return ZOOMS.flatMap((z) => tileLayers.filter((layer) => firstZoom[layer] <= z).flatMap((layer) => tilesCovering(box, z).map(([x, y]) => `/tiles/${layer}/${z}/${x}/${y}`)));
}

export const pack = new Pack();
