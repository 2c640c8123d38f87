import { testAlike } from "./alike.ts"

testAlike(1000)
