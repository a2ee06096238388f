/**
 * What the service says and hears, as its HTTP contract puts it. Positions are WGS84 `[longitude, latitude]`
 * in degrees, lengths metres, times RFC 3339.
 */
import type { Feature, FeatureCollection, Geometry, LineString, Point } from 'geojson';
import type { Bilingual, Locale } from '$lib/i18n';

export type LonLat = [longitude: number, latitude: number];
/** West, south, east, north in degrees. */
export type Bbox = [west: number, south: number, east: number, north: number];

export type Role =
  | 'grid_member' | 'grid_chief' | 'planner' | 'mediator' | 'police' | 'inspector' | 'command' | 'administrator';
export type ReportKind = 'hazard' | 'dispute' | 'request' | 'opinion' | 'help';
export type HazardKind =
  | 'fire' | 'electrical' | 'gas' | 'ammonia' | 'structure' | 'traffic' | 'water' | 'food' | 'chemical' | 'other';
export type Severity = 1 | 2 | 3 | 4;
export type ReportStatus = 'open' | 'coordinating' | 'escalated' | 'dispatched' | 'resolved' | 'closed';
export type Department = 'fire' | 'safety' | 'police' | 'law_enforcement' | 'market_supervision';
export type ReportAction =
  | 'resolve_on_spot' | 'coordinate' | 'escalate' | 'dispatch' | 'resolve' | 'close' | 'rework' | 'note';
export type TargetKind = 'household' | 'special_care' | 'enterprise' | 'hazard';
export type VisitResult = 'done' | 'nobody_home' | 'refused' | 'hazard_found';

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export interface Config {
  demo: boolean;
  synthetic_map: boolean;
  version: string;
  time_zone: string;
}

export interface Session {
  account: {
    id: string;
    login: string;
    display_name: string;
    role: Role;
    scope_code: string;
    department: Department | null;
    locale: Locale;
  };
  scope_name: string;
  map_center: LonLat;
  map_bbox: Bbox;
  demo: boolean;
  may: string[];
}

export interface DemoRole {
  login: string;
  display_name: string;
  role: Role;
  scope_code: string;
  scope_name: string;
  label: Bilingual;
}

export interface Person {
  id: string;
  display_name: string;
}

export interface Report {
  id: string;
  kind: ReportKind;
  hazard_kind: HazardKind | null;
  severity: Severity;
  words: string;
  status: ReportStatus;
  resolved_on_spot: boolean;
  department: Department | null;
  happened_at: string;
  received_at: string;
  grid_code: string | null;
  place_code: string;
  near_boundary: boolean;
  boundary_m: number | null;
  reporter: Person | null;
  enterprise_id: string | null;
  geometry: Point;
  photo_count: number;
  version: number;
}

export interface ReportEvent {
  id: string;
  at: string;
  action: 'filed' | 'resolved_on_spot' | 'attach' | 'edit' | ReportAction;
  from_status: ReportStatus | null;
  to_status: ReportStatus | null;
  department: Department | null;
  note: string | null;
  account: Person | null;
}

export interface Attachment {
  id: string;
  media_type: string;
  url: string;
}

export interface ReportDetail extends Report {
  events: ReportEvent[];
  attachments: Attachment[];
  /** What this account may do with the report as it stands. */
  actions: ReportAction[];
}

export interface NewReport {
  id: string;
  kind: ReportKind;
  hazard_kind?: HazardKind;
  severity: Severity;
  words: string;
  place: { x: number; y: number; crs: 'wgs84'; accuracy_m?: number };
  happened_at: string;
  resolved_on_spot?: boolean;
  enterprise_id?: string;
}

export interface Duplicate {
  id: string;
  kind: ReportKind;
  words: string;
  distance_m: number;
  happened_at: string;
  status: ReportStatus;
}

export interface Filed {
  report: Report;
  grid: { code: string; name: string; members: Person[] } | null;
  nearest_grid: { code: string; name: string; distance_m: number } | null;
  boundary_m: number | null;
  near_boundary: boolean;
  duplicates: Duplicate[];
  photo_place?: { lon: number; lat: number } | null;
}

/** One `event: report` of the stream. */
export interface ReportChange {
  id: string;
  kind: ReportKind;
  severity: Severity;
  status: ReportStatus;
  place_code: string;
  change: 'created' | 'changed';
}

export interface Area {
  code: string;
  parent_code: string | null;
  kind: 'province' | 'city' | 'county' | 'street' | 'town' | 'village' | 'community';
  name: string;
  name_en: string | null;
  population: number | null;
  party_members: number | null;
  geometry: Geometry | null;
  version: number;
}

export interface Grid {
  code: string;
  village_code: string;
  village_name: string;
  name: string;
  kind: 'base' | 'exclusive';
  members: Person[];
  geometry: Geometry;
  valid_from: string;
  valid_to: string | null;
  version: number;
}

export interface Resident {
  id: string;
  name: string;
  sex: 'male' | 'female';
  birth_year: number | null;
  relation: 'head' | 'spouse' | 'child' | 'parent' | 'grandchild' | 'sibling' | 'other';
  party_member: boolean;
  floating: boolean;
  phone?: string | null;
  phone_masked?: string | null;
  id_number?: string | null;
  id_number_masked?: string | null;
  care: {
    kind: 'empty_nest_elder' | 'severe_disability';
    details: string | null;
    since: string;
    last_visited_at: string | null;
  } | null;
}

export interface Household {
  id: string;
  code: string;
  address: string;
  building_code: string | null;
  resident_count: number;
  floating: boolean;
  last_visited_at: string | null;
  place_code: string;
  residents?: Resident[];
  identities?: 'full' | 'masked';
  geometry: Point;
  version: number;
}

export type Category =
  | 'cold_store' | 'garlic_processor' | 'packer' | 'farm_supply' | 'restaurant' | 'shop' | 'workshop' | 'logistics'
  | 'fuel' | 'clinic' | 'school' | 'other';
export type HazardClass =
  | 'ammonia_refrigeration' | 'freon_refrigeration' | 'flammable_store' | 'dust' | 'pesticide' | 'open_flame'
  | 'crowded' | 'pressure_vessel' | 'general';

export interface Enterprise {
  id: string;
  code: string;
  name: string;
  category: Category;
  hazard_class: HazardClass;
  floor_area_m2: number | null;
  staff: number | null;
  opens: string | null;
  closes: string | null;
  address: string | null;
  status: 'active' | 'seasonal' | 'closed';
  last_inspected_at: string | null;
  contact_name?: string | null;
  phone?: string | null;
  place_code: string;
  geometry: Point;
  version: number;
}

export interface Hazard {
  id: string;
  code: string;
  kind: HazardKind;
  severity: Severity;
  status: 'open' | 'cleared';
  description: string;
  enterprise_id: string | null;
  found_on: string;
  cleared_on: string | null;
  place_code: string;
  geometry: Point;
  version: number;
}

export interface Found {
  kind: 'grid' | 'area' | 'household' | 'enterprise' | 'hazard' | 'report';
  id: string;
  code: string;
  label: string;
  sublabel: string;
  at: LonLat;
  bbox?: Bbox | null;
}

export interface Stop {
  no: number;
  target_kind: TargetKind;
  target_id: string;
  label: string;
  sublabel: string;
  at: LonLat;
  purposes: Bilingual[];
  priority: number;
  due_since: string | null;
  overdue_days: number;
  arrive: string;
  leave: string;
  walk_m: number;
}

export interface Patrol {
  date: string;
  grid_code: string;
  worker: Person | null;
  start: { at: LonLat; label: string };
  stops: Stop[];
  left_out: { target_kind: TargetKind; target_id: string; label: string; priority: number; reason: Bilingual }[];
  line: LineString;
  /** False where no roads are on record, and the way is straight from stop to stop. */
  on_roads: boolean;
  walk_m: number;
  walk_s: number;
  service_s: number;
  starts_at: string;
  ends_at: string;
}

export interface NewVisit {
  id: string;
  target_kind: TargetKind;
  target_id: string;
  purpose: string;
  result: VisitResult;
  note?: string;
  visited_at: string;
}

export interface DensityLegend {
  unit: string;
  breaks: number[];
  colors: string[];
  /** One label per class. */
  labels: { zh: string[]; en: string[] };
  /** How an event is weighted. */
  weighting: Bilingual;
  events: number;
  bandwidth_m: number;
  half_life_days: number;
  as_of: string;
}

export interface GridFigures {
  grid_code: string;
  name: string;
  households: number;
  people: number;
  special_care: number;
  enterprises: number;
  open_hazards: number;
  open_reports: number;
  /** Absent when the grid has no boundary in force. */
  area_m2: number | null;
  perimeter_m: number | null;
  compactness: number | null;
}

export interface Figures {
  items: GridFigures[];
  total: Omit<GridFigures, 'grid_code' | 'name' | 'perimeter_m' | 'compactness'>;
}

export interface CoverageReport {
  ok: boolean;
  gaps: { area_m2: number; at: LonLat; bbox: Bbox }[];
  overlaps: { codes: [string, string]; area_m2: number; at: LonLat; bbox: Bbox }[];
  defects: { code: string; problem: string; at: LonLat | null }[];
}

export type GridFeatures = FeatureCollection<Geometry> & { features: Feature<Geometry>[] };

export interface Account {
  id: string;
  login: string;
  display_name: string;
  role: Role;
  scope_code: string;
  department: Department | null;
  locale: Locale;
  disabled_at: string | null;
  version: number;
}

export interface NewAccount {
  login: string;
  display_name: string;
  role: Role;
  scope_code: string;
  department?: Department;
  password: string;
}
