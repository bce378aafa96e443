import type { StepList } from './steps.ts'

/** When a step has its outcome, seen from another step that is about to run. */
export type When = 'before' | 'itself' | 'never' | 'unsure'

/** Which steps of a list wait for which. */
export interface Order {
  /** Whom each step waits for by number, without itself, each once. */
  readonly waits: readonly (readonly number[])[]
  /** Steps that wait for each other, in the order of the list; a step that waits for itself is alone. */
  readonly circles: readonly (readonly number[])[]
  /** Whether a step waits for a circle without being in one. */
  isStuck(step: number): boolean
  /** When `other` has its outcome, for `step`. */
  when(step: number, other: number): When
}

export function orderOf(list: StepList): Order {
  const waits = list.steps.map((_, step) => waitsOf(list, step))
  const { circles, reach } = closureOf(list, waits)
  const circled = circles.flat().reduce((bits, step) => bits | bit(step), 0n)
  const waitsFor = (step: number, other: number): boolean => ((reach[step] ?? 0n) & bit(other)) !== 0n
  return {
    waits,
    circles,
    isStuck: (step) => (circled & bit(step)) === 0n && ((reach[step] ?? 0n) & circled) !== 0n,
    when: (step, other) => {
      if (step === other) return 'itself'
      if (!list.is_graph) return other < step ? 'before' : 'never'
      if (waitsFor(step, other)) return 'before'
      return waitsFor(other, step) ? 'never' : 'unsure'
    },
  }
}

function bit(step: number): bigint {
  return 1n << BigInt(step)
}

function waitsOf({ steps, numberOf }: StepList, step: number): number[] {
  const found = new Set(steps[step]?.waits?.map(({ id }) => numberOf(id)))
  return [...found].filter((other) => other !== undefined && other !== step).map(Number)
}

/**
 * Tarjan's algorithm: a circle is finished after everything that it waits for, so that whom its steps wait for,
 * directly or not, is known from those. The bits of `reach[step]` are these steps. It calls itself once for each step.
 */
function closureOf(list: StepList, waits: Order['waits']): { circles: number[][]; reach: bigint[] } {
  const circles: number[][] = []
  const reach: bigint[] = []
  const seen: number[] = []
  const low: number[] = []
  const open: number[] = []
  let count = 0
  const visit = (step: number): number => {
    const mine = (seen[step] = low[step] = count++)
    open.push(step)
    for (const other of waits[step] ?? []) {
      if (seen[other] === undefined) low[step] = Math.min(low[step] ?? mine, visit(other))
      else if (reach[other] === undefined) low[step] = Math.min(low[step] ?? mine, seen[other])
    }
    const lowest = low[step] ?? mine
    if (lowest === mine) close(step)
    return lowest
  }
  const close = (first: number): void => {
    const members = open.splice(open.indexOf(first)).toSorted((a, b) => a - b)
    const selfish = list.steps[first]?.waits?.some(({ id }) => list.numberOf(id) === first) === true
    const is_circle = members.length > 1 || selfish
    if (is_circle) circles.push(members)
    let bits = is_circle ? members.reduce((all, member) => all | bit(member), 0n) : 0n
    for (const member of members)
      for (const other of waits[member] ?? []) bits |= bit(other) | (reach[other] ?? 0n)
    for (const member of members) reach[member] = bits
  }
  for (const step of list.steps.keys()) if (seen[step] === undefined) visit(step)
  return { circles: circles.toSorted(([a = 0], [b = 0]) => a - b), reach }
}

/** The shortest way from a step of a circle back to itself, the step itself first. */
export function wayRound({ waits }: Pick<Order, 'waits'>, circle: readonly number[]): number[] {
  const [start = 0] = circle
  const members = new Set(circle)
  const from = new Map<number, number>()
  const queue = [start]
  for (const step of queue) {
    for (const other of waits[step] ?? []) {
      if (other === start) return wayTo(step, from)
      if (!members.has(other) || from.has(other)) continue
      from.set(other, step)
      queue.push(other)
    }
  }
  return [start]
}

function wayTo(step: number, from: ReadonlyMap<number, number>): number[] {
  const way = [step]
  for (let back = from.get(step); back !== undefined; back = from.get(back)) way.unshift(back)
  return way
}
