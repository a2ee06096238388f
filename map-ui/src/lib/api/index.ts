/** Every request the page makes, by name. */
import { http } from './client';
import type * as Wire from './types';

const v1 = '/api/v1';

export interface ReportQuery {
  bbox?: Wire.Bbox | undefined;
  grid?: string | undefined;
  kind?: readonly string[];
  severity?: readonly string[];
  status?: readonly string[];
  from?: string | undefined;
  to?: string | undefined;
  mine?: boolean | undefined;
  limit?: number;
  cursor?: string | undefined;
}

export interface DensityQuery {
  kind?: string | undefined;
  severity?: string | undefined;
  status?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  bandwidth_m?: number | undefined;
  half_life_days?: number | undefined;
  /** Lets the service choose the bandwidth from the reports. */
  auto?: 'cv' | undefined;
  /** The period to subtract: first and last day, separated by a comma. */
  against?: string | undefined;
  adaptive?: boolean | undefined;
  /** Confined to the land of the grids, and corrected for its edge. */
  edge?: boolean | undefined;
  relative?: 'enterprises' | 'households' | undefined;
}

/** A bounding box as the service reads it, to about a tenth of a metre. */
const bboxText = (bbox: Wire.Bbox) => bbox.map((degrees) => degrees.toFixed(6)).join(',');

/** Every item of a list, page after page. */
async function allOf<Item>(path: string, query: Record<string, string | undefined>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page: Wire.Page<Item> = await http.get(path, { query: { ...query, limit: 500, cursor } });
    items.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

/** A record as it is sent: alone, or as the part `name` of a form with its photos. */
function withPhotos(name: string, record: object, photos: readonly File[]): object {
  if (photos.length === 0) return record;
  const form = new FormData();
  form.append(name, new Blob([JSON.stringify(record)], { type: 'application/json' }));
  for (const photo of photos) form.append('photo', photo, photo.name);
  return form;
}

export const api = {
  config: () => http.get<Wire.Config>(`${v1}/config`),
  session: () => http.get<Wire.Session>(`${v1}/session`),
  signIn: (login: string, password: string) => http.post<Wire.Session>(`${v1}/session`, { login, password }),
  changePassword: (current: string, next: string) =>
    http.put<Wire.Session>(`${v1}/session/password`, { current_password: current, new_password: next }),
  tokens: () => http.get<Wire.Page<Wire.ApiToken>>(`${v1}/tokens`),
  createToken: (token: Wire.NewApiToken) => http.post<Wire.ApiTokenMade>(`${v1}/tokens`, token),
  revokeToken: (id: string) => http.delete(`${v1}/tokens/${id}`),
  signOut: () => http.delete(`${v1}/session`),
  demoRoles: () => http.get<{ items: Wire.DemoRole[] }>(`${v1}/demo/roles`),
  demoSignIn: (login: string) => http.post<Wire.Session>(`${v1}/demo/session`, { login }),

  areas: () => http.get<Wire.Page<Wire.Area>>(`${v1}/areas`, { query: { limit: 500 }, keep: true }),
  area: (code: string) => http.get<Wire.Area>(`${v1}/areas/${code}`),
  figures: (code: string) => http.get<Wire.Figures>(`${v1}/areas/${code}/figures`),
  grids: () => http.get<Wire.Page<Wire.Grid>>(`${v1}/grids`, { query: { limit: 500 }, keep: true }),
  grid: (code: string) => http.get<Wire.Grid>(`${v1}/grids/${code}`),
  checkGrids: (grids: Wire.GridFeatures) => http.post<Wire.CoverageCheck>(`${v1}/grids/check`, grids),
  repairGrids: (grids: Wire.GridFeatures, choices: Wire.RepairChoice[]) =>
    http.post<Wire.GridRepair>(`${v1}/grids/repair`, { grids, choices }),

  plans: (village: string) => http.get<{ items: Wire.PlanHead[] }>(`${v1}/plans`, { query: { village } }),
  plan: (id: string) => http.get<Wire.PlanDetail>(`${v1}/plans/${id}`),
  beginPlan: (plan: Wire.NewPlan) => http.post<Wire.PlanDetail>(`${v1}/plans`, plan),
  planUnits: (id: string) => http.get<{ items: Wire.PlanUnit[] }>(`${v1}/plans/${id}/units`),
  planSteps: (id: string, after: number) => http.get<{ items: Wire.PlanStep[] }>(`${v1}/plans/${id}/edits`, { query: { after } }),
  changePlan: (plan: Wire.PlanHead, change: Wire.PlanChange) =>
    http.patch<Wire.PlanDetail>(`${v1}/plans/${plan.id}`, change, { ifMatch: plan.version }),
  editPlan: (plan: Wire.PlanHead, edit: Wire.PlanEdit) =>
    http.post<Wire.PlanDetail>(`${v1}/plans/${plan.id}/edits`, edit, { ifMatch: plan.version }),
  undoPlan: (plan: Wire.PlanHead) => http.post<Wire.PlanDetail>(`${v1}/plans/${plan.id}/undo`, {}, { ifMatch: plan.version }),
  redoPlan: (plan: Wire.PlanHead) => http.post<Wire.PlanDetail>(`${v1}/plans/${plan.id}/redo`, {}, { ifMatch: plan.version }),
  rebasePlan: (plan: Wire.PlanHead) => http.post<Wire.PlanRebased>(`${v1}/plans/${plan.id}/rebase`, {}, { ifMatch: plan.version }),
  actOnPlan: (plan: Wire.PlanHead, deed: Wire.PlanDeed) =>
    http.post<Wire.PlanDetail>(`${v1}/plans/${plan.id}/actions`, deed, { ifMatch: plan.version }),
  planSearches: (id: string) => http.get<{ items: Wire.PlanSearch[] }>(`${v1}/plans/${id}/proposals`),
  askProposals: (id: string, ask: Wire.PlanSearchRequest) => http.post<Wire.PlanSearch>(`${v1}/plans/${id}/proposals`, ask),
  planSearch: (id: string, search: string) => http.get<Wire.PlanSearch>(`${v1}/plans/${id}/proposals/${search}`),
  stopSearch: (id: string, search: string) => http.delete<Wire.PlanSearch>(`${v1}/plans/${id}/proposals/${search}`),
  comparePlan: (id: string, other: string | null) =>
    http.get<Wire.PlanComparison>(`${v1}/plans/${id}/comparison`, { query: { with: other } }),

  /** The household whose door is at a place, if any: within a metre or so. */
  householdAt: async ([lon, lat]: Wire.LonLat, keep = false): Promise<Wire.Household | undefined> => {
    const near = 1e-5;
    const bbox = bboxText([lon - near, lat - near, lon + near, lat + near]);
    const page = await http.get<Wire.Page<Wire.Household>>(`${v1}/households`, { query: { bbox, limit: 1 }, keep });
    return page.items[0];
  },
  household: (id: string, keep = false) => http.get<Wire.HouseholdWithResidents>(`${v1}/households/${id}`, { keep }),
  /** Every enterprise, page by page. */
  enterprises: () => allOf<Wire.Enterprise>(`${v1}/enterprises`, {}),
  enterprise: (id: string, keep = false) => http.get<Wire.Enterprise>(`${v1}/enterprises/${id}`, { keep }),
  hazard: (id: string, keep = false) => http.get<Wire.Hazard>(`${v1}/hazards/${id}`, { keep }),
  /** Hazards not cleared yet, page by page, so that none is forgotten. */
  openHazards: () => allOf<Wire.Hazard>(`${v1}/hazards`, { status: 'open' }),
  clearHazard: (hazard: Wire.Hazard, clearedOn: string) =>
    http.patch<Wire.Hazard>(
      `${v1}/hazards/${hazard.id}`,
      { status: 'cleared', cleared_on: clearedOn },
      { ifMatch: hazard.version },
    ),
  search: (text: string, signal: AbortSignal) =>
    http.get<{ items: Wire.Found[] }>(`${v1}/search`, { query: { q: text }, signal }),

  reports: ({ bbox, ...rest }: ReportQuery, signal?: AbortSignal) =>
    http.get<Wire.Page<Wire.Report>>(`${v1}/reports`, {
      query: { ...rest, bbox: bbox && bboxText(bbox) },
      ...(signal && { signal }),
    }),
  report: (id: string) => http.get<Wire.ReportDetail>(`${v1}/reports/${id}`),
  fileReport: (report: Wire.NewReport, photos: readonly File[]) =>
    http.post<Wire.Filed>(`${v1}/reports`, withPhotos('report', report, photos)),
  actOnReport: (
    reportId: string,
    action: Wire.NewAction,
  ) => http.post<Wire.Report>(`${v1}/reports/${reportId}/actions`, action),

  patrolToday: (grid: string, { from, ...shift }: { from?: Wire.LonLat; starts_at?: string; hours?: number } = {}) =>
    http.get<Wire.Patrol>(`${v1}/patrols/today`, { query: { grid, from: from?.join(','), ...shift } }),
  callCalendar: (grid: string, month: string) => http.get<Wire.CallCalendar>(`${v1}/patrols/calendar`, { query: { grid, month } }),
  makeCallCalendar: (calendar: Wire.NewCallCalendar) => http.post<Wire.CallCalendar>(`${v1}/patrols/calendar`, calendar),
  patrols: (query: { place?: string; date?: string; worker?: string }) =>
    http.get<Wire.Page<Wire.PatrolSummary>>(`${v1}/patrols`, { query: { ...query, limit: 200 } }),
  patrol: (id: string) => http.get<Wire.KeptPatrol>(`${v1}/patrols/${id}`),
  patrolGpx: (id: string) => http.file(`${v1}/patrols/${id}/gpx`),
  patrolTrack: (id: string) => http.get<Wire.TrackPoint[]>(`${v1}/patrols/${id}/track`),
  dutyRules: (village: string) => http.versioned<Wire.DutyRules>('GET', `${v1}/duties/rules/${village}`, undefined),
  putDutyRules: (village: string, rules: Wire.DutyRules, version: number) =>
    http.versioned<Wire.DutyRules>('PUT', `${v1}/duties/rules/${village}`, rules, { ifMatch: version }),
  holidays: (year: number) => http.versioned<Wire.HolidayYear>('GET', `${v1}/duties/holidays/${year}`, undefined),
  putHolidays: (year: number, holidays: Wire.HolidayYear, version: number) =>
    http.versioned<Wire.HolidayYear>('PUT', `${v1}/duties/holidays/${year}`, holidays, { ifMatch: version }),
  dutyCoverage: (place: string) => http.get<Wire.MonthOfDuties>(`${v1}/duties/coverage`, { query: { place } }),
  /** Those who can be sent on patrol, with their shifts of a day. */
  patrolTeam: async (date: string) => (await http.get<{ items: Wire.PatrolCandidate[] }>(`${v1}/patrols/team`, { query: { date } })).items,
  planPatrol: (plan: Wire.NewPatrol) =>
    http.post<{ patrols: Wire.KeptPatrol[] }>(`${v1}/patrols/plan`, plan),
  /** Tries a round, or a changed order of one; keeps nothing. */
  tryRound: (trial: Wire.RoundTrial) => http.post<Wire.TriedRound>(`${v1}/patrols/evaluate`, trial),
  startPatrol: (id: string, moment: Wire.PatrolMoment) => http.post<Wire.KeptPatrol>(`${v1}/patrols/${id}/start`, moment),
  finishPatrol: (id: string, moment: Wire.PatrolMoment) => http.post<Wire.KeptPatrol>(`${v1}/patrols/${id}/finish`, moment),
  publishPatrol: (id: string) => http.post<Wire.KeptPatrol>(`${v1}/patrols/${id}/publish`, undefined),
  checkIn: (patrol: string, checkIn: Wire.NewCheckIn) => http.post<Wire.KeptPatrol>(`${v1}/patrols/${patrol}/check-in`, checkIn),
  skipStop: (patrol: string, skip: Wire.NewSkip) => http.post<Wire.KeptPatrol>(`${v1}/patrols/${patrol}/skip`, skip),
  /** Tries to plan patrols anew; keeps nothing. */
  tryReplan: (asked: Wire.PatrolsReplan) => http.post<Wire.TriedReplan>(`${v1}/patrols/replan/evaluate`, asked, { slow: true }),
  replanPatrols: (asked: Wire.PatrolsReplan) => http.post<{ patrols: Wire.KeptPatrol[] }>(`${v1}/patrols/replan`, asked, { slow: true }),
  recordTrack: (id: string, track: Wire.NewTrack) => http.post<{ recorded: number }>(`${v1}/patrols/${id}/track`, track),
  visitsTo: (kind: Wire.TargetKind, id: string, from: string) =>
    http.get<Wire.Page<Wire.Visit>>(`${v1}/visits`, { query: { target_kind: kind, target_id: id, from, limit: 5 } }),
  recordVisit: (visit: Wire.NewVisit, photos: readonly File[]) =>
    http.post<Wire.Visit>(`${v1}/visits`, withPhotos('visit', visit, photos)),

  ranking: (query: { kind: Wire.RiskKind; near?: string | undefined; limit?: number }) =>
    http.get<Wire.Ranking>(`${v1}/risk/enterprises`, { query }),
  rankingFile: (query: { kind: Wire.RiskKind; near?: string | undefined; limit?: number; headings: 'zh' | 'en' }) =>
    http.file(`${v1}/risk/enterprises`, { query: { ...query, format: 'xlsx' } }),
  backtest: (query: { kind: Wire.RiskKind; percent: number }) => http.get<Wire.Backtest>(`${v1}/risk/backtest`, { query }),
  densityLegend: (query: DensityQuery, signal?: AbortSignal) =>
    http.get<Wire.DensityLegend>(`${v1}/density/legend`, { query: { ...query }, ...(signal && { signal }) }),

  densityValue: (query: DensityQuery, at: Wire.LonLat) =>
    http.get<Wire.DensityValue>(`${v1}/density/value`, { query: { ...query, at: at.map((degrees) => degrees.toFixed(6)).join(',') } }),
  densityFile: (query: DensityQuery & { format: string; bbox: Wire.Bbox; columns: number; rows: number; frames?: number }) =>
    http.file(`${v1}/density/export`, { query: { ...query, bbox: bboxText(query.bbox) } }),
  /** Along the roads within a box: lines with events per kilometre. */
  roadDensity: (query: DensityQuery, bbox: Wire.Bbox, signal: AbortSignal) =>
    http.get<Wire.RoadDensity>(`${v1}/density/export`, { query: { ...query, bbox: bboxText(bbox), format: 'geojson', network: true }, signal }),
  clusters: (query: DensityQuery & { days: number }, signal: AbortSignal) =>
    http.get<Wire.RiskClusters>(`${v1}/hotspots/clusters`, { query: { ...query }, slow: true, signal }),
  nearRepeats: (query: DensityQuery, signal: AbortSignal) =>
    http.get<Wire.NearRepeats>(`${v1}/hotspots/near-repeats`, { query: { ...query }, slow: true, signal }),
  riskPeriods: (query: DensityQuery, signal: AbortSignal) =>
    http.get<Wire.RiskPeriods>(`${v1}/risk/periods`, { query: { ...query, by: 'month' }, signal }),
  riskAreas: (query: DensityQuery) => http.get<Wire.RiskAreas>(`${v1}/risk/areas`, { query: { ...query } }),
  hotspots: (query: DensityQuery & { unit: string; rate?: number }, signal?: AbortSignal) =>
    http.get<Wire.Hotspots>(`${v1}/hotspots`, { query: { ...query }, ...(signal && { signal }) }),

  exportLayer: (layer: string, query: { format: string; crs: string; headings: string }) =>
    http.file(`${v1}/export/${layer}`, { query }),
  template: (layer: string) => http.file(`${v1}/templates/${layer}.xlsx`),

  accounts: (query: { q?: string; cursor?: string | undefined }) =>
    http.get<Wire.Page<Wire.Account>>(`${v1}/accounts`, { query: { ...query, limit: 200 } }),
  createAccount: (account: Wire.NewAccount) => http.post<Wire.Account>(`${v1}/accounts`, account),
  setAccountDisabled: (account: Wire.Account, disabled: boolean) =>
    http.patch<Wire.Account>(`${v1}/accounts/${account.id}`, { disabled }, { ifMatch: account.version }),
};
