import type { Reporter, TestModule } from 'vitest/node';
import { measurePace, tellPace } from './patience.ts';

/** Says how slow the machine is, and ends a run with what was skipped and why, and the plain line `N passed, N failed`. */
export default class PlainLineReporter implements Reporter {
  readonly #pace: number;

  /** @param pace as it was measured when the limits of this run were set. */
  constructor(pace = 1) {
    this.#pace = pace;
  }

  onTestRunStart(): void {
    const told = tellPace(this.#pace);
    if (told !== null) process.stdout.write(`${told}\n`);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length };
    const skipped: string[] = [];
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') counts.passed += 1;
        else if (result.state === 'failed') counts.failed += 1;
        else skipped.push(`skipped: ${test.fullName}${result.state === 'skipped' && result.note ? ` (${result.note})` : ''}`);
      }
    }
    const paceNow = measurePace();
    if (counts.failed > 0 && paceNow > this.#pace * 1.5)
      process.stdout.write(`${tellPace(paceNow)} It was ${this.#pace} when the run began.\n`);
    for (const line of skipped) process.stdout.write(`${line}\n`);
    process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
  }
}
