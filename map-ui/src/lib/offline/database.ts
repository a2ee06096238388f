/**
 * The browser's own database: what is kept for work without a line, and what waits to be sent. What lies in it is
 * sealed (`seal.ts`); only ids, times and states can be read without the key.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Sealed } from './seal';

/** Something that was to be sent and what became of it. */
export interface StoredItem {
  /** Its place in the queue; given by the database, rising. */
  no?: number;
  account: string;
  state: 'waiting' | 'sent' | 'refused';
  content: Sealed;
  files: { name: string; type: string; content: Sealed }[];
}

interface Schema extends DBSchema {
  /** One key per account on this device; `last` is the account that was here last. */
  keys: { key: string; value: { account: string; key: CryptoKey | null; openedAt: number }; indexes: { openedAt: number } };
  kept: { key: [account: string, name: string]; value: { account: string; name: string; content: Sealed } };
  queue: { key: number; value: StoredItem; indexes: { account: string } };
}

let opened: Promise<IDBPDatabase<Schema>> | null = null;

/** The database, made when first wanted. Rejects where the browser allows none. */
export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>('gridkeeper', 1, {
    upgrade(fresh) {
      fresh.createObjectStore('keys', { keyPath: 'account' }).createIndex('openedAt', 'openedAt');
      fresh.createObjectStore('kept', { keyPath: ['account', 'name'] });
      fresh.createObjectStore('queue', { keyPath: 'no', autoIncrement: true }).createIndex('account', 'account');
    },
    terminated() {
      opened = null;
    },
  });
  return opened;
}
