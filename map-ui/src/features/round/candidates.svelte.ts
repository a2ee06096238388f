/** What a round can go to: enterprises at work and hazards not cleared yet, wherever this account may look. */
import { api } from '$lib/api';
import type { Category, HazardClass, HazardKind, LonLat, Severity } from '$lib/api/types';

interface Common {
  id: string;
  at: LonLat;
  placeCode: string;
  label: string;
}
export type Candidate =
  | (Common & { kind: 'enterprise'; category: Category; hazardClass: HazardClass })
  | (Common & { kind: 'hazard'; severity: Severity; hazardKind: HazardKind });

class Candidates {
  list = $state.raw<Candidate[] | null>(null);
  #byId = $derived(new Map(this.list?.map((one) => [one.id, one])));
  #asked: Promise<Candidate[]> | null = null;

  get(id: string): Candidate | undefined {
    return this.#byId.get(id);
  }

  /** Asks once; again after a failure, or when told to forget. */
  async load(): Promise<Candidate[]> {
    this.#asked ??= this.#ask();
    try {
      this.list = await this.#asked;
      return this.list;
    } catch (error) {
      this.#asked = null;
      throw error;
    }
  }

  forget(): void {
    this.#asked = null;
    this.list = null;
  }

  async #ask(): Promise<Candidate[]> {
    const [enterprises, hazards] = await Promise.all([api.enterprises(), api.openHazards()]);
    return [
      ...enterprises.filter(({ status }) => status !== 'closed').map(({ id, name, geometry, place_code, category, hazard_class }): Candidate => ({
        kind: 'enterprise', id, label: name, at: geometry.coordinates as LonLat, placeCode: place_code, category, hazardClass: hazard_class,
      })),
      ...hazards.map(({ id, description, geometry, place_code, severity, kind }): Candidate => ({
        kind: 'hazard', id, label: description, at: geometry.coordinates as LonLat, placeCode: place_code, severity, hazardKind: kind,
      })),
    ];
  }
}

export const candidates = new Candidates();
