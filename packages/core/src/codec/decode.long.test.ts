import { testHostileBytes } from "../../../../test/support/hostile-bytes.ts"

testHostileBytes({ forged: 30_000, random: 20_000, copied: 5000 })
