/** A walk as the screen follows it, whether it is kept by the service or only a look at what today's would be. */
import type { KeptPatrol, Patrol, PatrolStatus, Stop } from '$lib/api/types';
import type { Fate } from './fate';

export interface CourseStop extends Stop {
  /** Its id within a kept patrol. */
  stopId: string | null;
  /** False for stops that were over before the line was planned. */
  onLine: boolean;
}

export interface Course extends Pick<Patrol, 'date' | 'grid_code' | 'start' | 'left_out' | 'line' | 'on_roads' | 'walk_m' | 'walk_s' | 'service_s' | 'starts_at' | 'ends_at'> {
  /** The kept patrol it is. */
  patrolId: string | null;
  status: PatrolStatus | null;
  stops: CourseStop[];
}

export const keyOf = (stop: Pick<Stop, 'target_kind' | 'target_id'>) => `${stop.target_kind}:${stop.target_id}`;

/** A walk that nobody keeps: for chiefs, who look at what is due in a grid. */
export function courseOf(patrol: Patrol): Course {
  return { ...patrol, patrolId: null, status: null, stops: patrol.stops.map((stop) => ({ ...stop, stopId: null, onLine: true })) };
}

/** A kept patrol, and what the service knows of its stops. */
export function courseOfKept(kept: KeptPatrol, startsAt: string): { course: Course; fates: Map<string, Fate> } {
  const { stops, ...course } = kept.course;
  const onLine = new Set(stops.map(keyOf));
  const fates = kept.stops.flatMap((stop): [string, Fate][] => {
    if (stop.state === 'planned' || stop.happened_at === null) return [];
    const { happened_at: at } = stop;
    return [[keyOf(stop), stop.state === 'skipped' ? { result: 'skipped', at, reason: stop.reason ?? '' } : { result: 'checked_in', at }]];
  });
  return {
    course: {
      ...course,
      date: kept.date,
      grid_code: kept.place_code,
      start: kept.start,
      starts_at: startsAt,
      patrolId: kept.id,
      status: kept.status,
      stops: kept.stops.map((stop) => ({ ...stop.plan, no: stop.no, stopId: stop.id, onLine: onLine.has(keyOf(stop)) })),
    },
    fates: new Map(fates),
  };
}
