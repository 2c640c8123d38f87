import rove from "rove/vite"
import { defineConfig, mergeConfig } from "vitest/config"

/** What every suite has in common. Two workers: tests of threads need the cores themselves. */
export const shared = defineConfig({
  plugins: [rove()],
  test: {
    exclude: ["**/node_modules/**", "**/dist/**"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    teardownTimeout: 5_000,
    passWithNoTests: true,
  },
})

/** The suites of every day: `npm test`. */
export default mergeConfig(shared, {
  test: {
    include: ["packages/*/src/**/*.test.ts", "{test,bench,scripts}/**/*.test.ts"],
    exclude: ["**/*.long.test.ts"],
  },
})
