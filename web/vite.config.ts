// Builds the browser client into the package data of signaling, which serves it; `npm run dev` serves it from
// memory and hands what belongs to the server on to a running Zvonok (ZVONOK_URL, else the demo's address).
import { brotliCompressSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import wabt from 'wabt';

const server = process.env['ZVONOK_URL'] ?? 'http://localhost:8080';

/** WebAssembly that is written as text: the module is the bytes in base64, for scripts that are loaded seldom. */
const wat: Plugin = {
  name: 'wat',
  async load(id) {
    if (!id.endsWith('.wat')) return null;
    const module = (await wabt()).parseWat(id, await readFile(id, 'utf8'), { simd: true });
    const bytes = Buffer.from(module.toBinary({}).buffer).toString('base64');
    module.destroy();
    return `export default ${JSON.stringify(bytes)}`;
  },
};

const OUT = '../signaling/static';
const OFFLINE = ['sw.js', 'offline.html', 'offline.css', 'offline.js', 'icons/bell-192.png'];

/** A browser fetches the page without a connection anew when sw.js differs by a byte. */
const offlineDigest: Plugin = {
  name: 'offline-digest',
  apply: 'build',
  closeBundle() {
    const digest = createHash('sha256');
    for (const file of OFFLINE) digest.update(readFileSync(`public/${file}`));
    const kept = `offline-${digest.digest('hex').slice(0, 16)}`;
    const worker = readFileSync('public/sw.js', 'utf8');
    writeFileSync(`${OUT}/sw.js`, worker.replace('offline-DIGEST', kept));
  },
};

/** Texts are a tenth smaller in brotli than in gzip; the server hands out what lies beside a file. */
const brotli: Plugin = {
  name: 'brotli',
  apply: 'build',
  closeBundle: {
    order: 'post',
    handler() {
      for (const file of readdirSync(OUT, { recursive: true, encoding: 'utf8' }))
        if (/\.(?:html|js|css|svg|json|webmanifest)$/.test(file))
          writeFileSync(`${OUT}/${file}.br`, brotliCompressSync(readFileSync(`${OUT}/${file}`)));
    },
  },
};

export default defineConfig({
  plugins: [svelte(), wat, offlineDigest, brotli],
  worker: { plugins: () => [wat] },
  build: {
    outDir: OUT,
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
