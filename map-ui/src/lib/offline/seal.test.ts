import { expect, test } from 'vitest';
import { newKey, seal, sealJson, unseal, unsealJson } from './seal';

test('what is sealed can be read with its key alone', async () => {
  const [key, other] = [await newKey(), await newKey()];
  const sealed = await sealJson(key, { name: '王桂兰', phone: '13800000000' });
  expect(new TextDecoder().decode('bytes' in sealed ? sealed.bytes : sealed.plain)).not.toContain('13800000000');
  expect(await unsealJson(key, sealed)).toEqual({ name: '王桂兰', phone: '13800000000' });
  await expect(unseal(other, sealed)).rejects.toThrow();
  await expect(unseal(null, sealed)).rejects.toThrow('gone');
});

test('the same bytes are never sealed to the same text twice', async () => {
  const key = await newKey();
  const bytes = new Uint8Array([1, 2, 3]).buffer;
  expect(await seal(key, bytes)).not.toEqual(await seal(key, bytes));
});

test('without WebCrypto things are kept as they are', async () => {
  const bytes = new Uint8Array([1, 2, 3]).buffer;
  expect(new Uint8Array(await unseal(null, await seal(null, bytes)))).toEqual(new Uint8Array([1, 2, 3]));
});
