/** A report that is being written, kept on this device: a reload or a dead battery takes nothing of it away. */
import { vault } from '$lib/offline/vault';

const NAME = 'draft/fields';
const photoName = (i: number) => `draft/photo/${i}`;

interface KeptPhoto {
  name: string;
  type: string;
}

export async function keepDraft(fields: unknown): Promise<void> {
  await vault.put(NAME, fields);
}

/** Photos are kept when they change, not with every letter typed. */
export async function keepPhotos(photos: readonly File[]): Promise<void> {
  await vault.clear('draft/photo/');
  await Promise.all(photos.map(async (photo, i) => vault.putBytes(photoName(i), await photo.arrayBuffer())));
  await vault.put('draft/photos', photos.map(({ name, type }): KeptPhoto => ({ name, type })));
}

export async function keptDraft<Fields>(): Promise<{ fields: Fields; photos: File[] } | null> {
  const fields = await vault.get<Fields>(NAME);
  if (fields === undefined) return null;
  const listed = (await vault.get<KeptPhoto[]>('draft/photos')) ?? [];
  const photos = await Promise.all(listed.map(async ({ name, type }, i) => {
    const bytes = await vault.getBytes(photoName(i));
    return bytes && new File([bytes], name, { type });
  }));
  return { fields, photos: photos.filter((photo) => photo !== undefined) };
}

export async function forgetDraft(): Promise<void> {
  await vault.clear('draft/');
}
