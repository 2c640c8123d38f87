import { testAlike } from "./alike.ts"

testAlike(250)
