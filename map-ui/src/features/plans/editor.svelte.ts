/**
 * A plan open for drawing: the grids by shared vertices, live figures, and the way to the service.
 *
 * Every gesture is a step. It is made here at once where the model can, queued, and sent; the service makes it again,
 * checks it, keeps it, and answers with the plan as it stands, which replaces what was assumed here. Steps are sent one
 * by one under ids of their own, so one that was sent twice is made once.
 */
import { api } from '$lib/api';
import { explain, Problem } from '$lib/api/problem';
import type { Bbox, PlanDetail, PlanOperation, PlanSheet, PlanStep } from '$lib/api/types';
import { language } from '$lib/i18n';
import { notices } from '$lib/state/notices.svelte';
import { uuidv7 } from '$lib/uuid';
import { Coverage, type Refusal, type Undo, type Vertex } from './model/coverage';
import { LiveFigures, touched, type Figures, type Unit } from './model/figures';
import { boxOf, type Place } from './model/geometry';

export const tools = ['select', 'arc', 'split', 'lasso', 'merge'] as const;
export type Tool = (typeof tools)[number];

interface Pending {
  id: string;
  operations: PlanOperation[];
}

/** What another planner did while steps of ours were on their way. */
export interface Conflict {
  theirs: PlanDetail;
  steps: PlanStep[];
}

/** How long until a step that could not be sent is sent again. */
const RETRY_MS = 3000;

export class Editor {
  detail = $state.raw<PlanDetail>(undefined as unknown as PlanDetail);
  coverage = $state.raw<Coverage>(undefined as unknown as Coverage);
  /** Figures by the position of their grid, as of the last move. */
  figures = $state.raw<readonly Figures[]>([]);
  /** The same before the gesture that is going on, or went on last. */
  before = $state.raw<readonly Figures[]>([]);
  tool = $state<Tool>('select');
  /** The selected grid's code. */
  grid = $state<string | null>(null);
  vertex = $state<Vertex | null>(null);
  /** An edge of the selected border. */
  edge = $state.raw<[Vertex, Vertex] | null>(null);
  saving = $state<'saved' | 'saving' | 'unsaved'>('saved');
  conflict = $state.raw<Conflict | null>(null);
  /** Borders to look at beside those of the plan. */
  preview = $state.raw<PlanSheet | null>(null);
  /** Rises with every change to the drawing, for whoever paints it. */
  drawn = $state(0);
  #live: LiveFigures | null = null;
  #units: readonly Unit[];
  #pending: Pending[] = $state.raw([]);
  #sending = false;

  constructor(detail: PlanDetail, units: readonly Unit[]) {
    this.#units = units;
    this.#take(detail);
    this.before = this.figures;
  }

  static async open(id: string): Promise<Editor> {
    const [detail, { items }] = await Promise.all([api.plan(id), api.planUnits(id)]);
    return new Editor(detail, items as unknown as Unit[]);
  }

  get canDraw(): boolean {
    return this.detail.status === 'draft' && this.conflict === null;
  }

  get waiting(): number {
    return this.#pending.length;
  }

  get bbox(): Bbox {
    return boxOf([...this.coverage.vertices()].map((v) => this.coverage.place(v)));
  }

  name(code: string): string {
    return this.detail.sheet.grids.find((grid) => grid.code === code)?.name ?? code;
  }

  /** Takes over what the service holds. */
  #take(detail: PlanDetail): void {
    const at = this.vertex === null ? null : this.coverage.place(this.vertex);
    const ends = this.edge?.map((v) => this.coverage.place(v));
    this.detail = detail;
    this.coverage = new Coverage(detail.sheet);
    const again = (place: Place): Vertex | null => {
      const near = this.coverage.nearestVertex(place);
      return near && near.metres < 0.5 ? near.vertex : null;
    };
    this.vertex = at && again(at);
    const [a, b] = ends?.map(again) ?? [];
    this.edge = a != null && b != null && this.coverage.neighbours(a).includes(b) ? [a, b] : null;
    if (this.grid !== null && !detail.sheet.grids.some(({ code }) => code === this.grid)) this.grid = null;
    this.#live = new LiveFigures(this.coverage, this.#units);
    this.figures = [...this.#live.figures];
    this.drawn++;
  }

  /** Says that a gesture begins: differences are shown from here. */
  begin(): void {
    this.before = this.figures;
  }

  /** Tries a move on the drawing; what it returns takes it back. */
  tryMove(moves: ReadonlyMap<Vertex, Place>): Undo | Refusal {
    const vertices = [...moves.keys()];
    const before = vertices.map((v) => this.coverage.place(v));
    const undo = this.coverage.move(moves);
    if (typeof undo === 'string') return undo;
    this.#refigure(vertices, before);
    return () => {
      const moved = vertices.map((v) => this.coverage.place(v));
      undo();
      this.#refigure(vertices, moved);
    };
  }

  #refigure(vertices: readonly Vertex[], before: readonly Place[]): void {
    const { grids, box } = touched(this.coverage, vertices, before);
    this.#live?.update(grids, box);
    this.figures = [...(this.#live?.figures ?? [])];
    this.drawn++;
  }

  /** Adds a vertex on an edge of the drawing. */
  tryInsert(edge: [Vertex, Vertex], place: Place): { vertex: Vertex; undo: Undo } | Refusal {
    const added = this.coverage.insert(...edge, place);
    this.drawn++;
    return added;
  }

  tryRemove(vertex: Vertex): Undo | Refusal {
    const [place, around] = [this.coverage.place(vertex), this.coverage.neighbours(vertex)];
    const undo = this.coverage.remove(vertex);
    if (typeof undo === 'string') return undo;
    this.vertex = null;
    this.#refigure(around, [place]);
    return undo;
  }

  /** Keeps a step and sends it. */
  async step(operations: PlanOperation[]): Promise<void> {
    this.#pending = [...this.#pending, { id: uuidv7(), operations }];
    await this.#send();
  }

  async #send(): Promise<void> {
    if (this.#sending || this.conflict !== null) return;
    this.#sending = true;
    this.saving = 'saving';
    while (this.#pending.length > 0 && this.conflict === null) {
      const [step, ...rest] = this.#pending as [Pending, ...Pending[]];
      try {
        const detail = await api.editPlan(this.detail, step);
        this.#pending = rest;
        // While more is on its way, the drawing here is ahead of the answer.
        if (rest.length === 0) this.#take(detail);
        else this.detail = detail;
      } catch (error) {
        if (!(await this.#failed(error))) break;
      }
    }
    this.#sending = false;
    if (this.#pending.length === 0) this.saving = 'saved';
  }

  /** Deals with a step that was not made; true when the next may be sent. */
  async #failed(error: unknown): Promise<boolean> {
    if (error instanceof Problem && error.status === 412) {
      await this.#clash();
      return false;
    }
    if (error instanceof Problem && error.status >= 400 && error.status < 500) {
      // Refused for what it is: what was drawn after it rests on it.
      this.#pending = [];
      notices.say(explain(error, language.t), 'bad');
      this.#take(await api.plan(this.detail.id));
      return true;
    }
    this.saving = 'unsaved';
    setTimeout(() => void this.#send(), RETRY_MS);
    return false;
  }

  async #clash(): Promise<void> {
    const [theirs, { items }] = await Promise.all([
      api.plan(this.detail.id),
      api.planSteps(this.detail.id, Math.min(this.detail.position, this.detail.steps)),
    ]);
    this.conflict = { theirs, steps: items };
  }

  /** Goes on from what the other has done, with our steps again or without them. */
  async settle(repeat: boolean): Promise<void> {
    if (this.conflict === null) return;
    const mine = this.#pending;
    this.#pending = [];
    this.#take(this.conflict.theirs);
    this.conflict = null;
    this.saving = 'saved';
    if (!repeat) return;
    let lost = 0;
    for (const { operations } of mine) {
      try {
        this.#take(await api.editPlan(this.detail, { id: uuidv7(), operations }));
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 422) throw error;
        lost++;
      }
    }
    if (lost > 0) notices.say(language.t.plans.lost(lost), 'bad');
  }

  /** Takes the last step back, or makes it again. */
  async walk(way: 'undo' | 'redo'): Promise<void> {
    if (this.#pending.length > 0) return;
    this.saving = 'saving';
    this.begin();
    try {
      this.#take(way === 'undo' ? await api.undoPlan(this.detail) : await api.redoPlan(this.detail));
    } catch (error) {
      if (error instanceof Problem && error.status === 412) await this.#clash();
      else notices.say(explain(error, language.t), 'bad');
    }
    this.saving = 'saved';
  }

  /** Takes over a plan that something else has changed. */
  accept(detail: PlanDetail): void {
    this.#take(detail);
    this.before = this.figures;
  }
}

class Open {
  /** The plan being drawn, if one is. */
  editor = $state.raw<Editor | null>(null);
  /** Land that a comparison says changes hands, to be painted over. */
  moved = $state.raw<{ from: string; to: string; rings: Place[][] }[]>([]);
}

export const opened = new Open();
