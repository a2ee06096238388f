/** A report that is being written, kept on this device: a reload or a dead battery takes nothing of it away. */
import { keepPhotos, keptPhotos } from '$lib/offline/kept-photos';
import { vault } from '$lib/offline/vault';

const NAME = 'draft';

export async function keepDraft(fields: unknown): Promise<void> {
  await vault.put(`${NAME}/fields`, fields);
}

/** Photos are kept when they change, not with every letter typed. */
export async function keepDraftPhotos(photos: readonly File[]): Promise<boolean> {
  return keepPhotos(NAME, photos);
}

export async function keptDraft<Fields>(): Promise<{ fields: Fields; photos: File[] } | null> {
  const fields = await vault.get<Fields>(`${NAME}/fields`);
  return fields === undefined ? null : { fields, photos: await keptPhotos(NAME) };
}

export async function forgetDraft(): Promise<void> {
  await vault.clear(`${NAME}/`);
}
