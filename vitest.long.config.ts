import { mergeConfig } from "vitest/config"
import { shared } from "./vitest.config.ts"

/** The suites that take minutes: `npm run test:all`. */
export default mergeConfig(shared, {
  test: { include: ["packages/*/src/**/*.long.test.ts", "test/**/*.long.test.ts"], testTimeout: 300_000 },
})
