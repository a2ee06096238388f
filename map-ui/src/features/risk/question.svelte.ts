/**
 * What is asked of the risk map: which events, from when, smoothed how. It lives in the address, so that a view can be
 * kept and sent to a colleague, and holds nothing personal.
 */
import type { DensityQuery } from '$lib/api';
import type { LonLat, ReportStatus, RiskKind } from '$lib/api/types';
import { daysBefore, today } from '$lib/format';
import { route } from '$lib/state/route.svelte';
import { session } from '$lib/state/session.svelte';
import { periodBefore, type Dates } from './periods';

export type { Dates };

export const spans = ['all', 'lastYear', 'lastQuarter', 'custom'] as const;
export type Span = (typeof spans)[number];
const days: Partial<Record<Span, number>> = { lastYear: 365, lastQuarter: 91 };

export const halfLives = [90, 180, 365] as const;
/** So long that nothing fades. */
export const NEVER_FADES = 36_500;

export const stages = ['all', 'unresolved', 'done'] as const;
export type StageName = (typeof stages)[number];
const statuses: Record<StageName, ReportStatus[]> = {
  all: [],
  unresolved: ['open', 'coordinating', 'escalated', 'dispatched'],
  done: ['resolved', 'closed'],
};

/** What the colours count events for: an area, each of what stands there, a length of road, or an earlier period. */
export const bases = ['area', 'enterprise', 'household', 'road', 'change'] as const;
export type Base = (typeof bases)[number];

/** How many days back "lately" may begin, where something new is looked for. */
export const latelyDays = ['7', '14', '28', '90'] as const;
export type Lately = (typeof latelyDays)[number];

export const units = ['enterprise', 'grid', 'hexagon'] as const;
export type HotspotUnit = (typeof units)[number];

/** Bandwidths that make sense in a village, in metres; the service takes 10 to 1000. */
export const REACH = { least: 50, most: 600, step: 10, usual: 150 } as const;

/** Which hazards an inspector's ranking is about, as the service groups them. */
const fireKinds = ['fire', 'electrical', 'gas'];
const safetyKinds = ['ammonia', 'chemical', 'structure', 'other'];

const get = (name: string) => route.query.get(name) ?? '';

/** A whole number out of the address, kept within bounds; people edit addresses. */
function whole(name: string, usual: number, least: number, most: number): number {
  const number = Math.round(Number(get(name)));
  return get(name) === '' || !Number.isFinite(number) ? usual : Math.min(Math.max(number, least), most);
}

function day(name: string): string {
  const text = get(name);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : '';
}

/** `longitude,latitude` out of the address. */
function place(name: string): LonLat | null {
  const [lon = NaN, lat = NaN] = get(name).split(',').map((text) => (text === '' ? NaN : Number(text)));
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null;
}


const QUARTER = 91;

class RiskQuestion {
  about = $derived(get('about'));
  span = $derived<Span>(spans.find((name) => name === get('span')) ?? 'lastYear');
  severities = $derived(get('grave').split(',').filter((text) => /^[1-4]$/.test(text)));
  stage = $derived<StageName>(stages.find((name) => name === get('stage')) ?? 'all');
  halfLife = $derived(whole('half', 180, 1, NEVER_FADES));
  /** While the slider moves: what the map shows before it is let go. */
  reachTried = $state<number | null>(null);
  /** The bandwidth the service chose. */
  reachFound = $state<number | null>(null);
  reach = $derived(this.reachTried ?? (get('reach') === 'auto' ? (this.reachFound ?? REACH.usual) : whole('reach', REACH.usual, 10, 1000)));
  /** Whether the service chooses the bandwidth, by likelihood cross-validation. */
  auto = $derived(get('reach') === 'auto');
  unit = $derived<HotspotUnit>(
    units.find((name) => name === get('unit')) ?? (session.current?.account.role === 'inspector' ? 'enterprise' : 'grid'),
  );
  lately = $derived<Lately>(latelyDays.find((days) => days === get('lately')) ?? '28');
  /** The layers shown; the address names those that are off, and which more there are. */
  off = $derived(get('off').split(',').filter((name) => name !== ''));
  also = $derived(get('also').split(',').filter((name) => name !== ''));
  /** The place that was clicked on. */
  at = $derived(place('spot'));

  from = $derived(this.span === 'custom' ? day('since') : days[this.span] ? daysBefore(today(), days[this.span] ?? 0) : '');
  to = $derived(this.span === 'custom' ? day('until') : '');

  /** What the surface counts events for. An earlier period is one only to a period that begins somewhere. */
  base = $derived<Base>(bases.find((name) => name === get('for') && (name !== 'change' || this.from !== '')) ?? 'area');
  /** Whether each event has a bandwidth of its own. */
  adaptive = $derived(get('adapt') === '1' && this.base === 'area');
  /** Whether the surface is confined to the land of the grids, and corrected for its edge. */
  edge = $derived(get('edge') === '1' && (this.base === 'area' || this.base === 'change'));

  /** A moment of an animation, shown in place of the period while it plays. */
  frame = $state.raw<Dates | null>(null);

  /** The two periods that are compared: the earlier one first. */
  before = $derived<Dates>({ from: day('before') || daysBefore(today(), 2 * QUARTER - 1), to: day('beforeEnd') || daysBefore(today(), QUARTER) });
  after = $derived<Dates>({ from: day('after') || daysBefore(today(), QUARTER - 1), to: day('afterEnd') || today() });

  /** All but the period. */
  filters = $derived({
    kind: this.about || undefined,
    severity: this.severities.join(',') || undefined,
    status: statuses[this.stage].join(',') || undefined,
  });
  density = $derived<DensityQuery>({
    ...this.filters,
    from: this.from || undefined,
    to: this.to || undefined,
    half_life_days: this.halfLife,
    ...(this.auto ? { auto: 'cv' } : { bandwidth_m: this.reach }),
    ...this.manner({ from: this.from, to: this.to || today() }),
  });

  /** How the density of a period is computed, beside its bandwidth. */
  manner(period: Dates): Pick<DensityQuery, 'adaptive' | 'edge' | 'relative' | 'against'> {
    const { base, adaptive, edge } = this;
    const earlier = base === 'change' && period.from !== '' ? periodBefore(period) : null;
    return {
      adaptive: adaptive || undefined,
      edge: edge || undefined,
      relative: base === 'enterprise' ? 'enterprises' : base === 'household' ? 'households' : undefined,
      against: earlier ? `${earlier.from},${earlier.to}` : undefined,
    };
  }

  /** What the map shows: the period, or a moment of an animation, in the manner chosen. */
  shown = $derived<DensityQuery>(this.frame === null ? this.density : { ...this.over(this.frame), ...this.manner(this.frame) });

  /** The same question about another period, under one bandwidth whatever the period. */
  over({ from, to }: Dates): DensityQuery {
    return { ...this.filters, from: from || undefined, to: to || undefined, bandwidth_m: this.reach, half_life_days: this.halfLife };
  }

  /** Which ranking goes with the kind of event asked about; an inspector's own trade where it names none. */
  trade = $derived<RiskKind>(
    fireKinds.includes(this.about) ? 'fire'
      : safetyKinds.includes(this.about) ? 'safety'
        : this.about === '' && session.current?.account.department === 'fire' ? 'fire'
          : 'all',
  );

  toggle(name: 'grave' | 'off' | 'also', value: string): void {
    const now = get(name).split(',').filter((text) => text !== '');
    route.set({ [name]: (now.includes(value) ? now.filter((other) => other !== value) : [...now, value]).join(',') });
  }

  setPeriod(since: string, until: string): void {
    route.set({ span: 'custom', since, until });
  }

  /** Marks a place, to about a metre; null takes the mark away. */
  mark(at: LonLat | null): void {
    route.set({ spot: at === null ? null : at.map((degrees) => degrees.toFixed(5)).join(',') });
  }

  /** Makes the period one of dates: "the last year" would be another one when a colleague opens the address. */
  pin(): void {
    if (this.span === 'custom' || this.span === 'all') return;
    route.set({ span: 'custom', since: this.from, until: this.to || today() });
  }
}

export const question = new RiskQuestion();
