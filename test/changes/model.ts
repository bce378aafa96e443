/** The leaves of an object: arrays are one value, and what is empty is nothing. JSON by JSON pointer. */
export type Flat = ReadonlyMap<string, string>

/** What one modification did to one object, as this model saw it. */
export interface Change {
  id: string
  description: string
  /** Kind and id, as in `agent:018f`. */
  key: string
  before: Flat | undefined
  after: Flat | undefined
  /** The change that it takes back. */
  undoes: Change | undefined
}

/** What one of the changes in the way did to one value. */
export interface Step {
  path: string
  from: string | undefined
  to: string | undefined
}

/**
 * A field that has another value by now. A refusal names for each step that led away a change that took it, and
 * no change but those that are in effect.
 */
export interface Conflict {
  path: string
  needed: readonly Step[]
  allowed: readonly Change[]
}

/** What a rollback comes to: the object's state after it, the changes in the way, or the field that another one has. */
export type Verdict =
  | { kind: 'done'; key: string; after: Flat | undefined }
  | { kind: 'conflicts'; conflicts: Conflict[] }
  | { kind: 'taken'; by: string; field: string }

/**
 * Where the server is known to do otherwise than it should, and this model does so with it: each of these goes with
 * its finding in rollback-cases.test.ts.
 */
export const OPEN = {
  /** 1: what cannot come back, because another has its name or number, is on offer all the same. */
  taken: false,
  /** 2: rollbacks of rollbacks, and of what is older, are not reckoned with when the changes in the way are named. */
  chains: false,
  /** 3: undo takes back again what is taken back already, when the values happen to fit. */
  again: false,
}

/** Stands for the whole object. */
const WHOLE = ''
/** The value of everything in an object that is not there, which is not that of a field that is not set. */
const GONE = 'gone'

export function flatten(value: unknown, path = '', into: Map<string, string> = new Map()): Flat {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (!Array.isArray(value) || value.length > 0) into.set(path, canonical(value))
    return into
  }
  for (const [name, one] of Object.entries(value)) {
    if (one !== undefined) flatten(one, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, into)
  }
  return into
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}

/** What is configured, what led there, and what may be taken back: maps and lists alone, nothing of the server's. */
export class Model {
  readonly objects = new Map<string, Flat>()
  readonly changes: Change[] = []

  /** The whole state as a text that is the same for the same state alone. */
  text(): string {
    const objects = Array.from(this.objects, ([key, flat]) => [key, textOf(flat)])
    return JSON.stringify(objects.toSorted(byKey))
  }

  record(change: Omit<Change, 'before'>): void {
    this.changes.push({ ...change, before: this.objects.get(change.key) })
    if (change.after === undefined) this.objects.delete(change.key)
    else this.objects.set(change.key, change.after)
  }

  /** Another object of the same kind that has this name or number by now. */
  holder(key: string, wanted: Flat): { by: string; field: string } | undefined {
    const kind = key.split(':')[0] ?? ''
    for (const field of ['agent_number', 'name']) {
      const of = (flat: Flat) => flat.get(`/${field}`)?.toLowerCase()
      const by = Array.from(this.objects).find(
        ([other, flat]) => other !== key && other.startsWith(`${kind}:`) && of(flat) === of(wanted),
      )
      if (of(wanted) !== undefined && by !== undefined) return { by: by[0], field }
    }
    return undefined
  }

  verdict(change: Change): Verdict {
    const { key, before, after } = change
    const current = this.objects.get(key)
    const conflicts = this.conflicts(change)
    if (conflicts.length > 0) return { kind: 'conflicts', conflicts }
    const wanted = before && after && current ? patched(current, before, after) : before
    const holder = wanted && this.holder(key, wanted)
    return holder === undefined ? { kind: 'done', key, after: wanted } : { kind: 'taken', ...holder }
  }

  isAvailable(change: Change): boolean {
    const { kind } = this.verdict(change)
    return kind === 'done' || (OPEN.taken && kind === 'taken')
  }

  /** What a rollback takes back that names nothing. */
  newest(): Change | undefined {
    return this.changes.findLast(
      (one) => one.undoes === undefined && (OPEN.again || !this.isTakenBack(one)) && this.isAvailable(one),
    )
  }

  /** Whether a rollback of it stands. */
  private isTakenBack(change: Change): boolean {
    return this.changes.some((one) => one.undoes === change && !this.isTakenBack(one))
  }

  private conflicts(change: Change): Conflict[] {
    const { key, before, after } = change
    const current = this.objects.get(key)
    const later = this.changes.slice(this.changes.indexOf(change) + 1).filter((one) => one.key === key)
    // What was made or deleted as a whole goes or comes as a whole: any other state of it is another one.
    const isWhole = before === undefined || after === undefined
    const differs = (path: string) => at(current, path) !== at(after, path)
    const touching = (path: string) => later.filter((one) => at(one.before, path) !== at(one.after, path))
    const needed = (path: string) =>
      standing(touching(path), at(after, path), path).map((one) => stepOf(one, path))
    const allowed = (path: string, steps: readonly Step[]) => {
      const left = withoutPairs(path === WHOLE ? later : touching(path))
      return later.filter((one) => left.includes(one) || steps.some((step) => isStep(one, step)))
    }
    const conflict = (path: string, steps: readonly Step[]) => ({
      path,
      needed: steps,
      allowed: allowed(path, steps),
    })
    if (!isWhole)
      return differing(before, after)
        .filter(differs)
        .map((path) => conflict(path, needed(path)))
    if (!differs(WHOLE)) return []
    const all = [current, after, ...later.map((one) => one.after)].flatMap((flat) =>
      Array.from(flat?.keys() ?? []),
    )
    return [conflict(WHOLE, Array.from(new Set(all)).filter(differs).flatMap(needed))]
  }
}

function stepOf({ before, after }: Change, path: string): Step {
  return { path, from: at(before, path), to: at(after, path) }
}

/** Whether a change took this step: several may have, on a way that went to and fro. */
export function isStep({ before, after }: Change, { path, from, to }: Step): boolean {
  return from !== to && at(before, path) === from && at(after, path) === to
}

/** What is left once every change that a later one takes back is cut out, and that with it. */
function withoutPairs(changes: readonly Change[]): Change[] {
  const out = new Set<Change>()
  for (const one of changes.toReversed()) {
    if (out.has(one) || one.undoes === undefined || !changes.includes(one.undoes)) continue
    out.add(one).add(one.undoes)
  }
  return changes.filter((one) => !out.has(one))
}

/**
 * The changes of one value that are left once every way back to an earlier value is cut out as well. What takes back
 * one of them leaves things as they were before that one.
 */
function standing(changes: readonly Change[], from: string | undefined, path: string): Change[] {
  let way: Way = { values: [from], made: [] }
  const ways = new Map<Change, Way>()
  for (const one of changes) {
    ways.set(one, way)
    const before = one.undoes && ways.get(one.undoes)
    const value = at(one.after, path)
    const known = way.values.indexOf(value)
    if (before !== undefined) way = before
    else if (known >= 0) way = { values: way.values.slice(0, known + 1), made: way.made.slice(0, known) }
    else way = { values: [...way.values, value], made: [...way.made, one] }
  }
  return [...way.made]
}

interface Way {
  values: readonly (string | undefined)[]
  made: readonly Change[]
}

function at(flat: Flat | undefined, path: string): string | undefined {
  if (flat === undefined) return GONE
  return path === WHOLE ? textOf(flat) : flat.get(path)
}

function differing(before: Flat, after: Flat): string[] {
  return Array.from(new Set([...before.keys(), ...after.keys()])).filter(
    (path) => before.get(path) !== after.get(path),
  )
}

function patched(current: Flat, before: Flat, after: Flat): Flat {
  const next = new Map(current)
  for (const path of differing(before, after)) {
    const value = before.get(path)
    if (value === undefined) next.delete(path)
    else next.set(path, value)
  }
  return next
}

export function textOf(flat: Flat | undefined): string {
  return JSON.stringify(Array.from(flat ?? []).toSorted(byKey))
}

function byKey([a = '']: readonly string[], [b = '']: readonly string[]): number {
  return a < b ? -1 : Number(a > b)
}

/** Numbers that are the same for the same seed (mulberry32). */
export function chance(seed: number): { below(limit: number): number; of<T>(all: readonly T[]): T } {
  let state = seed >>> 0
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
  return {
    below,
    of: (all) => {
      const one = all[below(all.length)]
      if (one === undefined) throw new Error('Nothing to choose from.')
      return one
    },
  }
}
