/** The kinds of thing that can be done without a line and sent later, and how each is sent. */
import { api } from '$lib/api';
import type { NewCheckIn, NewReport, NewSkip, NewVisit } from '$lib/api/types';
import { trueNow } from '$lib/clock';
import { uuidv7 } from '$lib/uuid';

/** Every body carries the id that the device made, or a patrol's own, by which the service knows a repetition. */
export type Work =
  | { kind: 'visit'; body: NewVisit & { id: string } }
  | { kind: 'report'; body: NewReport & { id: string } }
  | { kind: 'start' | 'finish'; patrol: string; body: { at: string; phone_at?: string | null } }
  | { kind: 'check_in'; patrol: string; body: NewCheckIn }
  | { kind: 'skip'; patrol: string; body: NewSkip };

/** Sends one piece of work. Sending again after an answer got lost does nothing new. */
export function deliver(work: Work, files: readonly File[]): Promise<unknown> {
  // By what the clock says now, the service knows how wrong the times before were.
  const sent_at = trueNow().toISOString();
  switch (work.kind) {
    case 'visit':
      return api.recordVisit(work.body, files);
    case 'report':
      return api.fileReport(work.body, files);
    case 'start':
      return api.startPatrol(work.patrol, { ...work.body, sent_at });
    case 'finish':
      return api.finishPatrol(work.patrol, { ...work.body, sent_at });
    case 'check_in':
      return api.checkIn(work.patrol, { ...work.body, sent_at });
    case 'skip':
      return api.skipStop(work.patrol, { ...work.body, sent_at });
  }
}

/** The same work with its time moved; what the device's clock said goes along, for whoever reads it. */
export function putRight(work: Work, byMs: number): Work {
  const moved = (at: string) => new Date(Date.parse(at) + byMs).toISOString();
  if (work.kind === 'visit') {
    const { visited_at, phone_at } = work.body;
    return { ...work, body: { ...work.body, visited_at: moved(visited_at), phone_at: phone_at ?? visited_at } };
  }
  if (work.kind === 'report') return { ...work, body: { ...work.body, happened_at: moved(work.body.happened_at) } };
  const { at, phone_at } = work.body;
  return { ...work, body: { ...work.body, at: moved(at), phone_at: phone_at ?? at } } as Work;
}

/** What the device's clock said where it was wrong, as far as is known. */
export function phoneTime(work: Work): string | null {
  return work.kind === 'report' ? null : (work.body.phone_at ?? null);
}

/** The same record under another id, for when its own belongs to something else; null for what is done once only. */
export function withNewId(work: Work): Work | null {
  if (work.kind === 'visit') return { ...work, body: { ...work.body, id: uuidv7() } };
  if (work.kind === 'report') return { ...work, body: { ...work.body, id: uuidv7() } };
  return null;
}
