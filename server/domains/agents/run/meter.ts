import type { Used } from './usage.ts'

/** Names of what an execution used: `memory`, `http:<host>`, `agent:<number>`. Never a value of anything. */
const NAMES_MAX = 50

/** Counts what one execution uses, while it does. */
export interface Meter {
  /** Notes the name of a resource. */
  use(name: string): void
  /** Notes a call to another machine before it is made. @throws ActionError when the budget for calls is used up. */
  call(name: string): void
  /** @param name - the resource that the bytes went to and came from, which was called before. */
  add(used: Partial<Used>, name?: string): void
  readonly used: Readonly<Used>
  readonly names: readonly string[]
  /** What was called, each with how often, and the bytes both ways. */
  readonly called: ReadonlyMap<string, Called>
}

export interface Called {
  readonly uses: number
  readonly bytes: number
}

/** @param spendCall - takes one call off the budget. */
export function openMeter(spendCall: () => void = () => {}): Meter {
  const names = new Set<string>()
  const called = new Map<string, Called>()
  let used: Used = { cpu_ms: 0, calls: 0, bytes: 0, memory_bytes: 0 }
  const use = (name: string): void => {
    if (names.size < NAMES_MAX) names.add(name)
  }
  return {
    use,
    call: (name) => {
      spendCall()
      use(name)
      const { uses, bytes } = called.get(name) ?? { uses: 0, bytes: 0 }
      if (names.has(name)) called.set(name, { uses: uses + 1, bytes })
      used = { ...used, calls: used.calls + 1 }
    },
    add: ({ cpu_ms = 0, calls = 0, bytes = 0, memory_bytes = 0 }, name = '') => {
      const known = called.get(name)
      if (known !== undefined) called.set(name, { ...known, bytes: known.bytes + bytes })
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
    called,
    get names() {
      return [...names].toSorted()
    },
  }
}
