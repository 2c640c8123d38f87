import { defineConfig } from "vitest/config"

/** The suites of every day. Files named `*.long.test.ts` belong to `npm run test:all` (vitest.long.config.ts). */
export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/*.long.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    teardownTimeout: 5_000,
    passWithNoTests: true,
  },
})
