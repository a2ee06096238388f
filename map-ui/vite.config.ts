import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds the service. */
const service = process.env['GRIDKEEPER_URL'] ?? 'http://127.0.0.1:8080';

/** Paths the service answers itself; the app shell must never stand in for them. */
const servicePaths = ['/api', '/tiles', '/ogc', '/open311', '/health', '/metrics', '/problems'];

export default defineConfig({
  plugins: [
    svelte(),
    VitePWA({
      registerType: 'prompt',
      // A new version waits until the person agrees: reloading under their fingers would lose what they are doing.
      injectRegister: false,
      includeAssets: ['icon.svg'],
      manifest: {
        id: '/',
        name: 'Gridkeeper 村级网格治理',
        short_name: '网格治理',
        description: '事件上报、走访巡查、风险分布与网格划分',
        lang: 'zh-CN',
        start_url: '/',
        display: 'standalone',
        background_color: '#f6f3ea',
        theme_color: '#0d4f56',
        icons: [
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{js,mjs,css,html,svg,png}'],
        maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
        navigateFallback: '/index.html',
        navigateFallbackDenylist: servicePaths.map((path) => new RegExp(`^${path}(/|$)`)),
      },
    }),
  ],
  resolve: {
    alias: {
      $lib: fileURLToPath(new URL('./src/lib', import.meta.url)),
      $features: fileURLToPath(new URL('./src/features', import.meta.url)),
    },
  },
  worker: { format: 'es' },
  build: { target: 'es2022', chunkSizeWarningLimit: 1500 },
  server: { proxy: Object.fromEntries(servicePaths.map((path) => [path, { target: service }])) },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
