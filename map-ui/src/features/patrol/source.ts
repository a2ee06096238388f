/** Where a day's walk comes from: the patrol the service keeps, made if there is none yet. */
import { api } from '$lib/api';
import type { KeptPatrol, LonLat } from '$lib/api/types';
import { trueNow } from '$lib/clock';
import { time, today } from '$lib/format';
import { uuidv7 } from '$lib/uuid';
import { courseOf, courseOfKept, type Course } from './course';
import { day } from './day.svelte';
import { shiftFrom } from './shift';

/** Takes up a kept patrol as it stands at the service. */
export function follow(kept: KeptPatrol): Course {
  const { course, fates } = courseOfKept(kept, time(kept.shift_from, 'en'));
  day.begin(course, fates);
  return course;
}

/** A walker's own patrol of today: the one that is under way or promised, else the latest, else a new one. */
export async function ownPatrol(grid: string, worker: string): Promise<KeptPatrol> {
  const { items } = await api.patrols({ place: grid, date: today(trueNow()), worker });
  const open = items.filter(({ status }) => status !== 'finished');
  const known = open.find(({ status }) => status === 'under_way') ?? open.find(({ status }) => status === 'published') ?? open[0];
  return known ? api.patrol(known.id) : newPatrol(grid);
}

export async function newPatrol(grid: string, date?: string): Promise<KeptPatrol> {
  const shift = date === undefined ? shiftFrom(trueNow()) : {};
  const { patrols } = await api.planPatrol({ place: grid, workers: [{ id: uuidv7() }], ...(date && { date }), ...shift });
  const [patrol] = patrols;
  if (patrol === undefined) throw new Error('a patrol was planned and not told');
  return patrol;
}

/** What would be due of a grid from a place and now on. */
export async function looksAgain(course: Course, from: LonLat): Promise<void> {
  day.begin(courseOf(await api.patrolToday(course.grid_code, { ...shiftFrom(trueNow()), from })));
}
