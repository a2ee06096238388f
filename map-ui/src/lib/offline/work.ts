/** The kinds of thing that can be done without a line and sent later, and how each is sent. */
import { api } from '$lib/api';
import type { NewReport, NewVisit } from '$lib/api/types';
import { uuidv7 } from '$lib/uuid';

/** Every body carries the id that the device made, by which the service knows a repetition. */
export type Work = { kind: 'visit'; body: NewVisit & { id: string } } | { kind: 'report'; body: NewReport & { id: string } };

/** Sends one piece of work. Sending again after an answer got lost does nothing new. */
export function deliver(work: Work, files: readonly File[]): Promise<unknown> {
  return work.kind === 'visit' ? api.recordVisit(work.body) : api.fileReport(work.body, files);
}

/** The same work as another record: for when its id belongs to something else already. */
export function withNewId(work: Work): Work {
  return work.kind === 'visit'
    ? { ...work, body: { ...work.body, id: uuidv7() } }
    : { ...work, body: { ...work.body, id: uuidv7() } };
}
