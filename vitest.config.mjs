import { defineConfig } from 'vitest/config';

const TESTS = ['test/**/*.test.{ts,mjs}'];
const OTHERS = ['test/host/**', 'test/e2e/**', 'node_modules/**'];
/** What makes tensors in its own process: tfjs keeps one engine for all, and says of it what it holds and which names are taken. */
const WITH_TFJS = [
  'test/{accuracy,corpus,mutations,ops,recorder,run,styles,values}/**/*.test.ts',
  'test/dialect/tfjs/**/*.test.ts',
  'test/dialect/torch/nn/values.test.ts',
  'test/gallery*.test.ts',
];

export default defineConfig({
  test: {
    setupFiles: ['./test/setup.ts'],
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 60_000,
    // What waits for a browser or a process leaves its core to the other.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'apart', include: WITH_TFJS, exclude: OTHERS } },
      // The sources are loaded once for all files that a worker takes, as an editor keeps them for all of its day: loading took a third of the time.
      { extends: true, test: { name: 'together', include: TESTS, exclude: [...OTHERS, ...WITH_TFJS], isolate: false } },
    ],
  },
});
