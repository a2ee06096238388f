import { api, type ReportQuery } from '$lib/api';
import { isAbort } from '$lib/api/client';
import type { Bbox, Report } from '$lib/api/types';
import { filters } from '$lib/state/filters.svelte';

/** Whose reports: those on the map, those of one's own grid, or those one filed. */
export const feedScopes = ['inView', 'myGrid', 'mine'] as const;
export type FeedScope = (typeof feedScopes)[number];

const PAGE = 50;

/** The list of reports, newest first, for a scope and the filters. */
class Feed {
  items = $state.raw<Report[]>([]);
  loading = $state(false);
  loadingMore = $state(false);
  error = $state.raw<unknown>(null);
  next = $state.raw<string | null>(null);
  #request: AbortController | null = null;
  #query: ReportQuery = {};

  /** Replaces the list. An earlier question still unanswered is dropped. */
  async load(scope: FeedScope, bbox: Bbox | null, grid: string): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.#query = queryFor(scope, bbox, grid);
    this.loading = true;
    try {
      const page = await api.reports(this.#query, request.signal);
      this.items = page.items;
      this.next = page.next_cursor;
      this.error = null;
    } catch (error) {
      if (isAbort(error)) return;
      this.error = error;
    } finally {
      if (this.#request === request) this.loading = false;
    }
  }

  async more(): Promise<void> {
    if (this.next === null || this.loadingMore) return;
    this.loadingMore = true;
    try {
      const page = await api.reports({ ...this.#query, cursor: this.next });
      const known = new Set(this.items.map((report) => report.id));
      this.items = [...this.items, ...page.items.filter((report) => !known.has(report.id))];
      this.next = page.next_cursor;
    } catch (error) {
      this.error = error;
    } finally {
      this.loadingMore = false;
    }
  }

  /** Puts a changed report in its place; a new one comes first, whatever its time, because it is news. */
  merge(report: Report, belongs: boolean): void {
    const others = this.items.filter((item) => item.id !== report.id);
    const known = others.length < this.items.length;
    if (!belongs) this.items = others;
    else if (known) this.items = this.items.map((item) => (item.id === report.id ? report : item));
    else this.items = [report, ...others];
  }

  clear(): void {
    this.#request?.abort();
    this.items = [];
    this.next = null;
    this.error = null;
  }
}

function queryFor(scope: FeedScope, bbox: Bbox | null, grid: string): ReportQuery {
  const [from, to] = filters.instants();
  return {
    kind: filters.kinds,
    severity: filters.severities,
    status: filters.statuses,
    from: from ?? undefined,
    to: to ?? undefined,
    limit: PAGE,
    ...(scope === 'inView' && bbox && { bbox }),
    ...(scope === 'myGrid' && { grid }),
    ...(scope === 'mine' && { mine: true }),
  };
}

export const feed = new Feed();
