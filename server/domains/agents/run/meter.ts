import type { Used } from './usage.ts'

/** Names of what an execution used: `memory`, `http:<host>`, `agent:<number>`. Never a value of anything. */
const NAMES_MAX = 50

/** Counts what one execution uses, while it does. */
export interface Meter {
  /** Notes the name of a resource. */
  use(name: string): void
  /** Notes a call to another machine before it is made. @throws ActionError when the budget for calls is used up. */
  call(name: string): void
  add(used: Partial<Used>): void
  readonly used: Readonly<Used>
  readonly names: readonly string[]
}

/** @param spendCall - takes one call off the budget. */
export function openMeter(spendCall: () => void = () => {}): Meter {
  const names = new Set<string>()
  let used: Used = { cpu_ms: 0, calls: 0, bytes: 0, memory_bytes: 0 }
  const use = (name: string): void => {
    if (names.size < NAMES_MAX) names.add(name)
  }
  return {
    use,
    call: (name) => {
      spendCall()
      use(name)
      used = { ...used, calls: used.calls + 1 }
    },
    add: ({ cpu_ms = 0, calls = 0, bytes = 0, memory_bytes = 0 }) => {
      used = {
        cpu_ms: used.cpu_ms + cpu_ms,
        calls: used.calls + calls,
        bytes: used.bytes + bytes,
        memory_bytes: Math.max(used.memory_bytes, memory_bytes),
      }
    },
    get used() {
      return used
    },
    get names() {
      return [...names].toSorted()
    },
  }
}
