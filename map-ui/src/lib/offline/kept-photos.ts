/** Photos of something that is not sent yet, kept on this device under a name of its own. */
import { vault } from './vault';

interface KeptPhoto {
  name: string;
  type: string;
}

const listName = (name: string) => `${name}/photos`;
const photoName = (name: string, i: number) => `${name}/photo/${i}`;
const both = (name: string) => `${name}/photo`;

/** Keeps these photos in the place of those kept before; false when the device would not take them. */
export async function keepPhotos(name: string, photos: readonly File[]): Promise<boolean> {
  const list = photos.map(({ name: file, type }): KeptPhoto => ({ name: file, type }));
  const contents = photos.map(async (photo, i) => ({ name: photoName(name, i), bytes: await photo.arrayBuffer() }));
  return vault.replace(both(name), [{ name: listName(name), bytes: new TextEncoder().encode(JSON.stringify(list)).buffer }, ...(await Promise.all(contents))]);
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
  await vault.clear(both(name));
}
