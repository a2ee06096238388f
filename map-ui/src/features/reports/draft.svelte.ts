import type { Filed, HazardKind, LonLat, NewReport, ReportKind, Severity } from '$lib/api/types';
import { stampNow, trueNow, type Stamp } from '$lib/clock';
import { fromLocalField, toLocalField } from '$lib/format';
import { language } from '$lib/i18n';
import { outbox } from '$lib/offline/outbox.svelte';
import { notices } from '$lib/state/notices.svelte';
import { sheet } from '$lib/state/sheet.svelte';
import { uuidv7 } from '$lib/uuid';
import { forgetDraft, keepDraft, keepDraftPhotos, keptDraft } from './kept-draft';

export interface Place {
  at: LonLat;
  /** Radius of the device's position error; absent when a person pointed at the place. */
  accuracyM?: number;
}

interface Start {
  at?: LonLat;
  kind?: ReportKind;
  enterprise?: { id: string; name: string };
}

/** A report as far as it has been written. */
type Written = { id: string } & Pick<Draft, 'place' | 'kind' | 'hazardKind' | 'severity' | 'words' | 'happened' | 'onSpot' | 'enterprise' | 'stamp'>;

/**
 * The report being written. Its id is made once, so that sending it again after a broken connection files it
 * once: the service answers a repeated id with the first answer.
 */
class Draft {
  open = $state(false);
  place = $state.raw<Place | null>(null);
  kind = $state<ReportKind>('hazard');
  hazardKind = $state<HazardKind>('fire');
  severity = $state<Severity>(2);
  words = $state('');
  /** Value of a `datetime-local` field in China Standard Time. */
  happened = $state('');
  onSpot = $state(false);
  photos = $state.raw<readonly File[]>([]);
  #taking: Promise<void> = Promise.resolve();
  enterprise = $state.raw<{ id: string; name: string } | null>(null);
  sending = $state(false);
  failure = $state.raw<unknown>(null);
  filed = $state.raw<Filed | null>(null);
  /** True when it lies on this device and goes out by itself. */
  saved = $state(false);
  /** What was known of the time when this was begun. */
  stamp: Stamp = stampNow();
  #id = uuidv7();

  begin({ at, kind, enterprise }: Start = {}): void {
    this.#id = uuidv7();
    this.place = at ? { at } : null;
    this.kind = kind ?? 'hazard';
    this.hazardKind = 'fire';
    this.severity = 2;
    this.words = '';
    this.happened = toLocalField(trueNow());
    this.stamp = stampNow();
    this.onSpot = false;
    this.photos = [];
    this.enterprise = enterprise ?? null;
    this.failure = null;
    this.filed = null;
    this.saved = false;
    this.open = true;
    sheet.raise();
  }

  /** Takes up what was being written on this device, if anything. */
  async resume(): Promise<void> {
    const kept = await keptDraft<Written>();
    if (kept === null || this.open) return;
    const { id, ...fields } = kept.fields;
    Object.assign(this, fields);
    this.#id = id;
    this.photos = kept.photos;
    this.open = true;
  }

  /** What has been written so far. */
  get written(): Written {
    const { place, kind, hazardKind, severity, words, happened, onSpot, enterprise, stamp } = this;
    return { id: this.#id, place, kind, hazardKind, severity, words, happened, onSpot, enterprise, stamp };
  }

  /** Takes photos: what is shown as taken survives a reload. */
  takePhotos(photos: readonly File[]): Promise<void> {
    this.#taking = this.#take(photos);
    return this.#taking;
  }

  async #take(photos: readonly File[]): Promise<void> {
    await keepDraft(this.written);
    if (!(await keepDraftPhotos(photos))) notices.say(language.t.offline.photoNotKept, 'bad');
    if (this.open) this.photos = photos;
  }

  /** Gives it up. */
  discard(): void {
    this.close();
    void forgetDraft();
  }

  /** Takes it off the page; what is kept on the device stays. */
  close(): void {
    this.open = false;
    this.photos = [];
    this.filed = null;
    this.saved = false;
  }

  async send(): Promise<void> {
    if (this.place === null || this.sending) return;
    this.sending = true;
    this.failure = null;
    // A photo chosen a moment ago goes along.
    await this.#taking;
    const item = await outbox.keep({ kind: 'report', body: this.#content(this.place) }, this.words.trim(), this.photos, this.stamp);
    await forgetDraft();
    const outcome = await outbox.outcome(item);
    this.sending = false;
    if (outcome.state === 'sent') this.filed = outcome.answer as Filed;
    else if (outcome.state === 'waiting') this.saved = true;
    else {
      // The form still holds everything: it is mended there, not in the queue.
      this.failure = outcome.problem;
      await Promise.all([outbox.drop(outcome.item), keepDraft(this.written), keepDraftPhotos(this.photos)]);
    }
  }

  #content({ at: [x, y], accuracyM }: Place): NewReport & { id: string } {
    return {
      id: this.#id,
      kind: this.kind,
      ...(this.kind === 'hazard' && { hazard_kind: this.hazardKind }),
      severity: this.severity,
      words: this.words.trim(),
      place: { x, y, crs: 'wgs84', ...(accuracyM !== undefined && { accuracy_m: Math.round(accuracyM * 10) / 10 }) },
      happened_at: fromLocalField(this.happened),
      ...(this.onSpot && { resolved_on_spot: true }),
      ...(this.enterprise && { enterprise_id: this.enterprise.id }),
    };
  }
}

export const draft = new Draft();
