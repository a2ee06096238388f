/**
 * What the service says and hears, by the names the page uses. The shapes come from the service's OpenAPI document
 * (`npm run api` makes `schema.d.ts` of it); here they are told what that document cannot say: that an answer holds
 * every field, `null` where there is nothing, and which GeoJSON a geometry is.
 *
 * Positions are WGS84 `[longitude, latitude]` in degrees, lengths metres, times RFC 3339.
 */
import type { Feature, FeatureCollection, Geometry, LineString, Point, Polygon } from 'geojson';
import type { Bilingual } from '$lib/i18n';
import type { components } from './schema';

type Schemas = components['schemas'];

/** A schema as it arrives: every field there. */
type Sent<Name extends keyof Schemas> = { [Field in keyof Schemas[Name]]-?: Exclude<Schemas[Name][Field], undefined> };
/** `Shape` with some of its fields told more exactly. */
type Told<Shape, Fields> = Omit<Shape, keyof Fields> & Fields;

export type LonLat = [longitude: number, latitude: number];
/** West, south, east, north in degrees. */
export type Bbox = [west: number, south: number, east: number, north: number];

export type Role = Schemas['Role'];
export type Department = Schemas['Department'];
export type ReportKind = Schemas['ReportKind'];
export type HazardKind = Schemas['HazardKind'];
export type ReportStatus = Schemas['Status'];
export type ReportAction = Schemas['Action'];
export type TargetKind = Schemas['TargetKind'];
export type VisitResult = Schemas['VisitResult'];
export type Category = Schemas['Category'];
export type HazardClass = Schemas['HazardClass'];
/** 1 low, 2 medium, 3 high, 4 major. */
export type Severity = 1 | 2 | 3 | 4;

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export type BaseLayer = Sent<'BaseLayer'>;
export type Config = Told<Sent<'ServiceConfig'>, { base_layer: BaseLayer | null }>;
export type Account = Sent<'Account'>;
export type NewAccount = Schemas['NewAccount'];
export type ApiToken = Sent<'ApiToken'>;
export type NewApiToken = Schemas['NewApiToken'];
/** A token as it is told once: with its secret. */
export type ApiTokenMade = Told<Sent<'ApiTokenMade'>, ApiToken>;
export type Session = Told<Sent<'Session'>, { account: Account; map_center: LonLat; map_bbox: Bbox }>;
export type DemoRole = Told<Sent<'DemoRole'>, { label: Bilingual }>;
export type Person = Sent<'Person'>;

export type Report = Told<Sent<'Report'>, { severity: Severity; geometry: Point; reporter: Person | null }>;
export type ReportEvent = Sent<'ReportEvent'>;
export type Attachment = Sent<'Attachment'>;
export interface ReportDetail extends Report {
  events: ReportEvent[];
  attachments: Attachment[];
  /** What this account may do with the report as it stands. */
  actions: ReportAction[];
}
export type NewReport = Schemas['NewReport'];
export type NewAction = Schemas['NewAction'];
export type Duplicate = Sent<'Duplicate'>;
export type Filed = Told<Sent<'Receipt'>, { report: Report }>;

/** One `event: report` of the stream. */
export interface ReportChange {
  id: string;
  kind: ReportKind;
  severity: Severity;
  status: ReportStatus;
  place_code: string;
  change: 'created' | 'changed';
}

export type Area = Told<Sent<'Area'>, { geometry: Geometry | null }>;

/** A grid; without geometry while it has no boundary in force. */
export type Grid = Told<Sent<'Grid'>, { geometry: Geometry | null }>;

export type Resident = Sent<'Resident'>;
export type Household = Told<Sent<'Household'>, { geometry: Point }>;
export type HouseholdWithResidents = Household & { residents: Resident[]; identities: Schemas['Visibility'] };
export type Enterprise = Told<Sent<'Enterprise'>, { geometry: Point }> & Sent<'Contact'>;
export type Hazard = Told<Sent<'Hazard'>, { severity: Severity; geometry: Point }>;

/** What a search found; grids and areas go by their code and have no id. */
export type Found = Told<Sent<'Found'>, { at: LonLat; bbox: Bbox | null }>;

export type Stop = Told<Sent<'PatrolStop'>, { at: LonLat; purposes: Bilingual[]; directions: { words: Bilingual; length_m: number }[] }>;
export type Patrol = Told<
  Sent<'Patrol'>,
  {
    start: { at: LonLat; label: string };
    stops: Stop[];
    left_out: Told<Sent<'PatrolLeftOut'>, { reason: Bilingual }>[];
    line: LineString;
  }
>;
export type Visit = Sent<'Visit'>;
export type PatrolStatus = Schemas['PatrolStatus'];
export type KeptStop = Told<Sent<'KeptStop'>, { plan: Stop }>;
/** A patrol that the service keeps; `course` is the walk as it is planned now. */
export type KeptPatrol = Told<
  Sent<'KeptPatrol'>,
  { worker: Person; start: Patrol['start']; course: Omit<Patrol, 'date' | 'grid_code' | 'worker' | 'start' | 'starts_at'>; stops: KeptStop[] }
>;
export type PatrolSummary = Told<Sent<'PatrolSummary'>, { last_seen: Point | null }>;
export type DutyCoverage = Sent<'DutyCoverage'>;
export type MonthOfDuties = Sent<'MonthOfDuties'>;
export type { Versioned } from './client';
export type DutyRule = Schemas['DutyRule'];
export type DutyRules = Schemas['DutyRules'];
export type HolidayYear = Schemas['HolidayYear'];
export type CallCalendar = Sent<'CallCalendar'>;
export type NewCallCalendar = Schemas['NewCallCalendar'];
export type NewPatrol = Schemas['NewPatrol'];
export type PatrolCandidate = Sent<'PatrolCandidate'>;
export type RoundMode = Schemas['Mode'];
export type RoundTrial = Schemas['RoundTrial'];
export type RoundLeftOut = Told<Sent<'PatrolLeftOut'>, { at: LonLat; reason: Bilingual }>;
export type RoundWalk = Told<
  Sent<'TriedWalk'>,
  { start: Patrol['start']; course: KeptPatrol['course']; faults: { target_id: string | null; words: Bilingual }[] }
>;
export type TriedRound = Told<
  Sent<'TriedRound'>,
  { walks: RoundWalk[]; left_out: RoundLeftOut[]; change: Sent<'RoundChange'> | null }
>;
export type PatrolMoment = Schemas['PatrolMoment'];
export type PatrolsReplan = Schemas['PatrolsReplan'];
/** What becomes of a patrol that is planned anew. */
export type PatrolChange = Told<
  Sent<'PatrolChange'>,
  { worker: Person; course: KeptPatrol['course']; calls: Told<Sent<'CallKept'>, { from: Person | null }>[]; lost: Told<Sent<'CallLost'>, { to: Person | null; reason: Bilingual | null }>[] }
>;
export type TriedReplan = Told<Sent<'TriedReplan'>, { patrols: PatrolChange[]; left_out: RoundLeftOut[] }>;
export type NewCheckIn = Schemas['CheckIn'];
export type NewSkip = Schemas['Skip'];
export type NewTrack = Schemas['NewTrack'];
export type TrackPoint = Sent<'TrackPoint'>;
export type NewVisit = Schemas['NewVisit'];

export type DensityLegend = Sent<'DensityLegend'>;
export type DensityShare = Told<Sent<'Share'>, { severity: Severity }>;
export type DensityValue = Told<Sent<'DensityValue'>, { reports: DensityShare[] }>;
export type Hotspot = Told<Sent<'Hotspot'>, { geometry: Geometry; properties: Told<Sent<'Scores'>, { sentence: Bilingual }> }>;
export type Hotspots = Told<Sent<'Hotspots'>, { features: Hotspot[]; summary: Bilingual }>;
export type RiskCluster = Told<
  Sent<'RiskClusterFeature'>,
  { geometry: Polygon; properties: Told<Sent<'RiskCluster'>, { center: LonLat | null; sentence: Bilingual }> }
>;
export type RiskClusters = Told<Sent<'RiskClusters'>, { features: RiskCluster[]; summary: Bilingual }>;
export type RepeatWindow = Sent<'RepeatWindow'>;
export type NearRepeats = Told<Sent<'RiskNearRepeats'>, { windows: RepeatWindow[]; summary: Bilingual }>;
/** Lines of roads, each with its events per kilometre; `off_road` counts the events that no road is near. */
export interface RoadDensity {
  features: { geometry: LineString; properties: { per_km: number; name: string | null } }[];
  off_road: number;
}
export type RiskPeriods = Sent<'RiskPeriods'>;
export type RiskArea = Told<
  Sent<'AreaRisk'>,
  { geometry: Geometry | null; area_km2: number | null; per_km2: number | null; per_enterprise: number | null }
>;
export type RiskAreas = Told<Sent<'RiskAreas'>, { items: RiskArea[] }>;
export type RiskKind = Schemas['RiskKind'];
export type RankReason = Told<Sent<'Reason'>, { label: Bilingual }>;
export type Ranked = Told<Sent<'Ranked'>, { geometry: Point; interval: [number, number]; reasons: RankReason[]; words: Bilingual }>;
export type Ranking = Told<Sent<'Ranking'>, { items: Ranked[]; model: Told<Sent<'ModelCard'>, { words: Bilingual }> }>;
export type Backtest = Told<Sent<'Backtest'>, { methods: Sent<'Verdict'>[]; words: Bilingual }>;
export type GridFigures = Sent<'GridFigures'>;
export interface Figures {
  items: GridFigures[];
  total: Sent<'Total'>;
}

export type Gap = Told<Sent<'Gap'>, { at: LonLat; bbox: Bbox }>;
export type Overlap = Told<Sent<'Overlap'>, { at: LonLat; bbox: Bbox }>;
/** What is wrong with a set of boundaries; `outside` is land of a grid beyond its village. */
export type CoverageCheck = Told<
  Sent<'CoverageCheck'>,
  { gaps: Gap[]; overlaps: Overlap[]; outside: Overlap[]; defects: Told<Sent<'GridDefect'>, { at: LonLat | null }>[] }
>;

export type GridFeatures = FeatureCollection<Geometry> & { features: Feature<Geometry>[] };

export type RepairChoice = Schemas['RepairChoice'];
export type RepairPiece = Told<Sent<'RepairPiece'>, { at: LonLat; bbox: Bbox }>;
/** A drawing that did not fit, put right as was chosen. */
export interface GridRepair { pieces: RepairPiece[]; grids: GridFeatures }

export type PlanHead = Sent<'PlanHead'>;
export type PlanDetail = Told<Sent<'PlanDetail'>, PlanHead & { sheet: Sent<'PlanSheet'>; findings: PlanFinding[]; figures: PlanGridFigures[] }>;
export type PlanGridFigures = Sent<'PlanGridFigures'>;
export type PlanFinding = Told<Sent<'PlanFinding'>, { at: LonLat | null; bbox: Bbox | null }>;
export type PlanUnit = Sent<'PlanUnit'>;
export type PlanStep = Sent<'PlanStep'>;
export type PlanOperation = Schemas['PlanOperation'];
export type PlanEdit = Schemas['PlanEdit'];
export type PlanDeed = Schemas['PlanDeed'];
export type PlanChange = Schemas['PlanChange'];
export type NewPlan = Schemas['NewPlan'];
export type PlanRebased = Told<Sent<'PlanRebased'>, { plan: PlanDetail }>;
export type PlanSheet = Sent<'PlanSheet'>;
export type PlanSearchRequest = Schemas['PlanSearchRequest'];
export type PlanProposalGrid = Sent<'PlanProposalGrid'>;
export type PlanProposal = Told<Sent<'PlanProposal'>, { summary: Bilingual; grids: PlanProposalGrid[]; sheet: PlanSheet }>;
export type PlanSearchOutcome = Told<Sent<'PlanSearchOutcome'>, { proposals: PlanProposal[]; notes: Bilingual[] }>;
export type PlanSearch = Told<Sent<'PlanSearch'>, { result: PlanSearchOutcome | null }>;
export type PlanComparison = Sent<'PlanComparison'>;
