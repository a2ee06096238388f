import { defineConfig } from '@playwright/test';

/** Debian's Chromium with software rendering; nothing that phones home. */
const chromium = {
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
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
