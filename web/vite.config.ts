// Builds the browser client into the package data of signaling, which serves it; `npm run dev` serves it from
// memory and hands what belongs to the server on to a running Zvonok (ZVONOK_URL, else the demo's address).
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const server = process.env['ZVONOK_URL'] ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: '../signaling/static',
    emptyOutDir: true,
    target: ['chrome120', 'firefox128', 'safari17'],
    assetsInlineLimit: 2048,
  },
  server: {
    proxy: {
      '/api': server,
      '/demo': server,
      '/healthz': server,
      '/ws': { target: server, ws: true },
    },
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
    testTimeout: 5000,
    maxWorkers: 2,
  },
});
