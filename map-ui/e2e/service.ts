/**
 * The service under test: the one at GRIDKEEPER_URL, or the demonstration of the binary that the Rust tests built,
 * on a port of its own with data of its own.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const READY_WITHIN_MS = 180_000;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

function binary(): string {
  const given = process.env['GRIDKEEPER_BIN'];
  if (given) return given;
  const target = fileURLToPath(new URL('../../target/', import.meta.url));
  const built = ['debug', 'release'].map((profile) => join(target, profile, 'gridkeeper')).find(existsSync);
  if (built === undefined) throw new Error('no gridkeeper binary: run `cargo build` first, or set GRIDKEEPER_URL');
  return built;
}

async function ready(url: string, service: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (service.exitCode !== null) throw new Error(`gridkeeper ended with code ${service.exitCode}`);
    const answer = await fetch(`${url}/health/ready`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((wait) => setTimeout(wait, 500));
  }
  throw new Error(`gridkeeper was not ready within ${READY_WITHIN_MS / 1000} s`);
}

/** A demonstration that was started. */
export interface Demo {
  url: string;
  stop: () => Promise<void>;
}

/** A directory for a demonstration's data. */
export function dataDirectory(): string {
  const data = mkdtempSync(join(tmpdir(), 'gridkeeper-e2e-'));
  // Run as root, the service gives its database to another user, who has to get in.
  chmodSync(data, 0o711);
  return data;
}

export const forget = (data: string): void => rmSync(data, { recursive: true, force: true });

/** Starts the demonstration on a port of its own, as if it were so many days later. */
export async function demo(data: string, daysAhead = 0): Promise<Demo> {
  const listen = `127.0.0.1:${await freePort()}`;
  const service = spawn(binary(), ['demo', '--listen', listen, '--data-dir', data, '--days-ahead', String(daysAhead)], { stdio: 'inherit' });
  const url = `http://${listen}`;
  const ended = new Promise((resolve) => service.once('exit', resolve));
  const stop = async () => {
    service.kill('SIGTERM');
    await ended;
  };
  try {
    await ready(url, service);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

export default async function start(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['GRIDKEEPER_URL']) return undefined;
  const data = dataDirectory();
  const { url, stop } = await demo(data).catch((error: unknown) => {
    forget(data);
    throw error;
  });
  process.env['GRIDKEEPER_URL'] = url;
  return async () => {
    await stop();
    forget(data);
  };
}
