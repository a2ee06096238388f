import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';

const findChromium = fileURLToPath(new URL('../scripts/find-chromium.sh', import.meta.url));

/** The system's Chromium with software rendering; nothing that phones home. */
const chromium = {
  executablePath: execFileSync(findChromium, { encoding: 'utf8' }).trim(),
  args: [
    '--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
};

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/service.ts',
  // Maps drawn in software on few cores: one browser at a time, and patience.
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 45_000 },
  reporter: [['list']],
  use: { launchOptions: chromium, actionTimeout: 45_000, navigationTimeout: 45_000, screenshot: 'only-on-failure' },
});
