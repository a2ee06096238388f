/** The two sides of a conflict in words: what this device holds, and what the service has. */
import { api } from '$lib/api';
import { dateTime } from '$lib/format';
import type { Locale, Words } from '$lib/i18n';
import type { Work } from '$lib/offline/work';

const joined = (parts: (string | null | undefined)[]) => parts.filter((part) => part !== null && part !== undefined && part !== '').join(' · ');

export function mine(work: Work, t: Words, locale: Locale): string {
  if (work.kind === 'visit') {
    return joined([dateTime(work.body.visited_at, locale), t.terms.visitResult[work.body.result], work.body.note]);
  }
  return joined([dateTime(work.body.happened_at, locale), t.terms.reportKind[work.body.kind], work.body.words]);
}

/** What the service has of the same thing: the visits to the same door since that day began, or the report of that id. */
export async function theirs(work: Work, t: Words, locale: Locale): Promise<string[]> {
  if (work.kind === 'visit') {
    const { target_kind, target_id, visited_at } = work.body;
    const { items } = await api.visitsTo(target_kind, target_id, `${visited_at.slice(0, 10)}T00:00:00Z`);
    return items.map((visit) => joined([dateTime(visit.visited_at, locale), t.terms.visitResult[visit.result], visit.note]));
  }
  const found = await api.report(work.body.id).catch(() => null);
  return found === null ? [] : [joined([dateTime(found.happened_at, locale), t.terms.reportKind[found.kind], found.words])];
}
