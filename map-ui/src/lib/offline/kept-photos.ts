/** Photos of something that is not sent yet, kept on this device under a name of its own. */
import { vault } from './vault';

interface KeptPhoto {
  name: string;
  type: string;
}

const listName = (name: string) => `${name}/photos`;
const photoName = (name: string, i: number) => `${name}/photo/${i}`;

/** Keeps these photos in the place of those kept before. */
export async function keepPhotos(name: string, photos: readonly File[]): Promise<void> {
  await vault.clear(`${name}/photo/`);
  await Promise.all(photos.map(async (photo, i) => vault.putBytes(photoName(name, i), await photo.arrayBuffer())));
  await vault.put(listName(name), photos.map(({ name: file, type }): KeptPhoto => ({ name: file, type })));
}

export async function keptPhotos(name: string): Promise<File[]> {
  const listed = (await vault.get<KeptPhoto[]>(listName(name))) ?? [];
  const photos = await Promise.all(listed.map(async ({ name: file, type }, i) => {
    const bytes = await vault.getBytes(photoName(name, i));
    return bytes && new File([bytes], file, { type });
  }));
  return photos.filter((photo) => photo !== undefined);
}

export async function forgetPhotos(name: string): Promise<void> {
  await Promise.all([vault.clear(`${name}/photo/`), vault.clear(listName(name))]);
}
