/** Owns what can be broken on purpose in a realm, so that it is seen that a simulation finds it. */
import { RemoteWaiter } from "../../packages/fibers/src/homed/waiters.ts"
import { Circles } from "../../packages/scheduler/src/circles.ts"
import { Directory } from "../../packages/scheduler/src/directory.ts"
import { ACCEPT } from "../../packages/scheduler/src/mail.ts"
import { Mesh } from "../../packages/scheduler/src/mesh.ts"
import { Parking } from "../../packages/scheduler/src/park.ts"
import { Quiet } from "../../packages/scheduler/src/quiet.ts"
import { Transit } from "../../packages/scheduler/src/transit.ts"

const plants: Readonly<Record<string, () => void>> = {
  "no second look": () => {
    const { drain } = Mesh.prototype
    const { park } = Parking.prototype
    // their alarms would wake the thread in the end
    Circles.prototype.parked = () => {}
    Quiet.prototype.parked = () => {}
    let parks = false
    Mesh.prototype.drain = function () {
      if (!parks) drain.call(this)
    }
    Parking.prototype.park = function (hasWork) {
      parks = true
      try {
        return park.call(this, hasWork)
      } finally {
        parks = false
      }
    }
  },
  "what a dead thread was sent is forgotten": () => {
    Transit.prototype.lost = () => {}
  },
  "what fibers of a thread that leaves ended with is not handed over": () => {
    Directory.prototype.handOver = () => {}
  },
  "who waits elsewhere leaves at once": () => {
    const { withdraw } = RemoteWaiter.prototype
    RemoteWaiter.prototype.withdraw = function () {
      withdraw.call(this)
      return true
    }
  },
  "acceptances are not heard": () => {
    const { on } = Mesh.prototype
    Mesh.prototype.on = function (kind, handler) {
      on.call(this, kind, kind === ACCEPT ? () => {} : handler)
    }
  },
}

const planted = new Set<string>()

/** Once per realm, before anything runs there. */
export function plant(name: string): void {
  if (!planted.has(name)) plants[name]?.()
  planted.add(name)
}
