/** The two sides of a conflict in words: what this device holds, and what the service has. */
import { api } from '$lib/api';
import { dateTime, skipReason } from '$lib/format';
import type { Locale, Words } from '$lib/i18n';
import type { Work } from '$lib/offline/work';

const joined = (parts: (string | false | null | undefined)[]) => parts.filter((part) => typeof part === 'string' && part !== '').join(' · ');

export function mine(work: Work, t: Words, locale: Locale): string {
  switch (work.kind) {
    case 'visit':
      return joined([dateTime(work.body.visited_at, locale), t.terms.visitResult[work.body.result], work.body.note]);
    case 'report':
      return joined([dateTime(work.body.happened_at, locale), t.terms.reportKind[work.body.kind], work.body.words]);
    case 'check_in':
    case 'skip':
      return joined([dateTime(work.body.at, locale), t.offline.kind[work.kind], work.body.reason && skipReason(work.body.reason, t)]);
    default:
      return joined([dateTime(work.body.at, locale), t.offline.kind[work.kind]]);
  }
}

/** What the service has of the same thing: visits to the same door that day, the report of that id, the patrol's stop. */
export async function theirs(work: Work, t: Words, locale: Locale): Promise<string[]> {
  if (work.kind === 'visit') {
    const { target_kind, target_id, visited_at } = work.body;
    const { items } = await api.visitsTo(target_kind, target_id, `${visited_at.slice(0, 10)}T00:00:00Z`);
    return items.map((visit) => joined([dateTime(visit.visited_at, locale), t.terms.visitResult[visit.result], visit.note, visit.photos.length > 0 && t.offline.photos(visit.photos.length)]));
  }
  if (work.kind === 'report') {
    const found = await api.report(work.body.id).catch(() => null);
    return found === null ? [] : [joined([found.happened_at && dateTime(found.happened_at, locale), t.terms.reportKind[found.kind], found.words])];
  }
  const patrol = await api.patrol(work.patrol);
  const stop = 'stop_id' in work.body ? patrol.stops.find(({ id }) => id === (work.body as { stop_id: string }).stop_id) : undefined;
  if (stop === undefined) return [t.terms.patrolStatus[patrol.status]];
  return [joined([stop.happened_at && dateTime(stop.happened_at, locale), t.terms.stopState[stop.state], stop.reason && skipReason(stop.reason, t)])];
}
