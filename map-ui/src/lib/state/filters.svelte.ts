import type { ReportKind, ReportStatus } from '$lib/api/types';
import { daysBefore } from '$lib/format';
import { route } from './route.svelte';

/** Reports still being worked on, those finished, or both. */
export const progressChoices = ['unresolved', 'done', 'all'] as const;
export type Progress = (typeof progressChoices)[number];

const statuses: Record<Progress, ReportStatus[]> = {
  unresolved: ['open', 'coordinating', 'escalated', 'dispatched'],
  done: ['resolved', 'closed'],
  all: [],
};

function list(name: string): string[] {
  return (route.query.get(name) ?? '').split(',').filter((value) => value !== '');
}

/** Which reports are wanted, on the map and in the feed alike. Lives in the URL. */
class Filters {
  kinds = $derived(list('kind') as ReportKind[]);
  severities = $derived(list('severity'));
  progress = $derived<Progress>(progressChoices.find((choice) => choice === route.query.get('progress')) ?? 'unresolved');
  /** First and last day, `YYYY-MM-DD` in China, either open. */
  from = $derived(route.query.get('from') ?? '');
  to = $derived(route.query.get('to') ?? '');

  statuses = $derived(statuses[this.progress]);
  /** How many filters are set, for the badge. */
  active = $derived(
    Number(this.kinds.length > 0) + Number(this.severities.length > 0) + Number(this.progress !== 'unresolved') +
      Number(this.from !== '' || this.to !== ''),
  );

  toggle(name: 'kind' | 'severity', value: string): void {
    const now = list(name);
    const next = now.includes(value) ? now.filter((other) => other !== value) : [...now, value];
    route.set({ [name]: next.join(',') });
  }

  setProgress(progress: Progress): void {
    route.set({ progress: progress === 'unresolved' ? null : progress });
  }

  setPeriod(from: string, to: string): void {
    route.set({ from, to });
  }

  clear(): void {
    route.set({ kind: null, severity: null, progress: null, from: null, to: null });
  }

  /** True when a report with these properties is wanted. `happenedAt` in milliseconds. */
  wants(report: { kind: string; severity: number; status: string }, happenedAt: number): boolean {
    const [after, before] = this.instants();
    return (
      (this.kinds.length === 0 || this.kinds.includes(report.kind as ReportKind)) &&
      (this.severities.length === 0 || this.severities.includes(String(report.severity))) &&
      (this.statuses.length === 0 || this.statuses.includes(report.status as ReportStatus)) &&
      (after === null || happenedAt >= Date.parse(after)) &&
      (before === null || happenedAt < Date.parse(before))
    );
  }

  /** The period as instants: from its first midnight in China to the midnight after its last day. */
  instants(): [from: string | null, to: string | null] {
    return [
      this.from === '' ? null : `${this.from}T00:00:00+08:00`,
      this.to === '' ? null : `${daysBefore(this.to, -1)}T00:00:00+08:00`,
    ];
  }
}

export const filters = new Filters();
