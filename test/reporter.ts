/** Writes how many tests passed and failed, for the sum that `.ci/run` prints. */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Counts tests by their end; a file that could not be collected, or an error outside of tests, is a failure. */
export default class ResultsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === 'passed').length;
    const broken = modules.filter((module) => module.errors().length > 0).length;
    mkdirSync('.cache/results', { recursive: true });
    writeFileSync('.cache/results/unit.json', JSON.stringify({ passed, failed: tests.length - passed + broken + errors.length }));
  }
}
