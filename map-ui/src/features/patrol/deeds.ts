/** What a walker does, written to the queue: each deed is kept on the device before anything else happens. */
import type { NewVisit, VisitResult } from '$lib/api/types';
import { happening } from '$lib/clock';
import { outbox, type Item } from '$lib/offline/outbox.svelte';
import { uuidv7 } from '$lib/uuid';
import type { Course, CourseStop } from './course';
import { day, type CheckIn } from './day.svelte';

const placeOf = (checkIn: CheckIn) => checkIn.fix && { x: checkIn.fix.at[0], y: checkIn.fix.at[1], crs: 'wgs84' };

function momentNow(): { at: string; phone_at?: string } {
  const { at, phoneAt } = happening();
  return { at, ...(phoneAt && { phone_at: phoneAt }) };
}

export async function beginPatrol(course: Course, about: string): Promise<void> {
  if (course.patrolId !== null) {
    await outbox.keep({ kind: 'start', patrol: course.patrolId, body: momentNow() }, about);
  }
  day.setStatus('under_way');
  void outbox.flush();
}

export async function endPatrol(course: Course, about: string): Promise<void> {
  if (course.patrolId !== null) {
    await outbox.keep({ kind: 'finish', patrol: course.patrolId, body: momentNow() }, about);
  }
  day.setStatus('finished');
  void outbox.flush();
}

export async function skipStop(course: Course, stop: CourseStop, reason: string): Promise<void> {
  const moment = momentNow();
  if (course.patrolId !== null && stop.stopId !== null) {
    await outbox.keep({ kind: 'skip', patrol: course.patrolId, body: { id: uuidv7(), stop_id: stop.stopId, reason, ...moment } }, stop.label);
  }
  day.settle(stop, { result: 'skipped', at: moment.at, reason });
  void outbox.flush();
}

/** What is told of a call besides what was noted at the door. */
interface Told {
  result: VisitResult;
  /** Why the walker stood far from the door. */
  reason: string;
  hazard: NewVisit['hazard'];
}

/** Records a call: that the walker was there, then how it went. The answer is the visit as it lies in the queue. */
export async function recordCall(course: Course, stop: CourseStop, checkIn: CheckIn, told: Told): Promise<Item> {
  const { result, reason, hazard } = told;
  const place = placeOf(checkIn);
  const phone = checkIn.phoneAt && { phone_at: checkIn.phoneAt };
  if (course.patrolId !== null && stop.stopId !== null) {
    const body = {
      id: checkIn.id,
      stop_id: stop.stopId,
      at: checkIn.at,
      ...phone,
      ...(place && { place }),
      ...(checkIn.fix && { accuracy_m: checkIn.fix.accuracyM }),
      ...(reason !== '' && { reason }),
    };
    await outbox.keep({ kind: 'check_in', patrol: course.patrolId, body }, stop.label, [], checkIn.stamp);
  }
  const note = checkIn.note.trim();
  const visit: NewVisit & { id: string } = {
    id: checkIn.visitId,
    target_kind: stop.target_kind,
    target_id: stop.target_id,
    purpose: stop.purposes.map((purpose) => purpose.zh).join('；').slice(0, 200),
    result,
    visited_at: checkIn.at,
    ...phone,
    ...(note !== '' && { note }),
    ...(place && { place }),
    ...(hazard && { hazard }),
  };
  // A photo chosen a moment ago goes along.
  await day.taking;
  const item = await outbox.keep({ kind: 'visit', body: visit }, stop.label, day.photos, checkIn.stamp);
  day.settle(stop, { result, at: checkIn.at });
  return item;
}
