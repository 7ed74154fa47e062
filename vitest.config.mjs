import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,mjs}'],
    setupFiles: ['./test/setup.ts'],
    exclude: ['test/host/**', 'test/e2e/**', 'node_modules/**'],
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 60_000,
    // What waits for a browser or a process leaves its core to the other.
    maxWorkers: '100%',
  },
});
