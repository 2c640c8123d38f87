import rove from "rove/vite"
import { defineConfig, mergeConfig } from "vitest/config"
import { bundledThreads } from "./scripts/threads.ts"

/** What every suite has in common. Two workers: tests of threads need the cores themselves. */
export const shared = defineConfig({
  plugins: [rove(), bundledThreads(import.meta.dirname)],
  test: {
    exclude: ["**/node_modules/**", "**/dist/**"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // nothing is measured by it: a test waits as long as it may itself
    expect: { poll: { timeout: 15_000 } },
    teardownTimeout: 5_000,
    passWithNoTests: true,
  },
})

/** Their tests leave nothing behind in a process: one loads the compiler, and what else they import, for all of them. */
const sharing = [
  "packages/{core,compiler,fibers,scheduler}/src/**/*.test.ts",
  "test/{conformance/cases,semantics,records,state}/**/*.test.ts",
]
/** But these look at all that a fiber or a thread has, and so at what others had there. */
const alone = ["packages/fibers/src/{keeping,operations/messages}.test.ts"]
const long = "**/*.long.test.ts"

/** The suites of every day: `npm test`. */
export default mergeConfig(shared, {
  test: {
    projects: [
      { extends: true, test: { name: "sharing", include: sharing, exclude: [long, ...alone], isolate: false } },
      {
        extends: true,
        test: {
          name: "apart",
          include: [
            ...alone,
            "packages/!(core|compiler|fibers|scheduler)/src/**/*.test.ts",
            "{test,bench,scripts}/**/*.test.ts",
          ],
          exclude: [long, ...sharing.filter(folders => folders.startsWith("test"))],
        },
      },
    ],
  },
})
