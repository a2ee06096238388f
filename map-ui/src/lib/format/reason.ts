import type { Words } from '$lib/i18n';

/** Why a stop was skipped: one of the reasons to choose from in the reader's words, or what the walker wrote. */
export function skipReason(reason: string, t: Words): string {
  const known: Record<string, string> = t.patrol.skipReason;
  return Object.hasOwn(known, reason) ? known[reason]! : reason;
}
