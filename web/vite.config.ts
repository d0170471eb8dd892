import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Built into build/web, from where the front desk serves it. `server.proxy` is for working on the pages beside a
// running Tocsin; the origin is kept, because the front desk compares it.
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../build/web',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    // A data: address in a style sheet or an inlined script would need a weaker content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|react-router|scheduler)[\\/]/ },
            // One piece, so that the ban on eval is in force before the contract makes its schemas.
            { name: 'zod', test: /node_modules[\\/]zod[\\/]|web[\\/]api[\\/]no-eval/ },
            { name: 'query', test: /node_modules[\\/]@tanstack[\\/]/ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': process.env.TOCSIN_URL ?? 'http://127.0.0.1:8080' } },
})
