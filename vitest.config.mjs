import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,mjs}'],
    setupFiles: ['./test/setup.ts'],
    exclude: ['test/host/**', 'test/e2e/**', 'node_modules/**'],
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 30_000,
  },
});
