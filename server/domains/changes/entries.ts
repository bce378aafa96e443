import type { State } from './kinds.ts'
import { valueAt } from './patch.ts'

/** Where a state has a list whose entries have an `id` of their own, so that each of them is a thing that changes. */
export type Lists = readonly (readonly string[])[]

type Entry = Readonly<Record<string, unknown>> & { readonly id: string }

/** Would come first in an object, whatever its place. */
const NUMERAL = /^\d+$/

/**
 * States with such lists as objects by id, so that they are compared and put back entry by entry. A list stays one value
 * in all of them where one has other entries than that, or where a change, from the first state to the second, moved some.
 */
export function byId(states: readonly (State | undefined)[], lists: Lists): (State | undefined)[] {
  return lists.reduce<(State | undefined)[]>(
    (known, path) => {
      const found = known.map((state) => (state === undefined ? [] : entriesOf(valueAt(state, path))))
      if (!found.every((entries) => entries !== undefined) || hasMoved(found[0], found[1])) return known
      return known.map((state, at) => {
        const entries = (found[at] ?? []).map((entry) => [entry.id, entry])
        return state && withValue(state, path, Object.fromEntries(entries))
      })
    },
    [...states],
  )
}

/** The state with its lists again. */
export function asLists(state: State | undefined, lists: Lists): State | undefined {
  return lists.reduce<State | undefined>((known, path) => {
    const entries = valueAt(known, path)
    if (known === undefined || Array.isArray(entries) || typeof entries !== 'object') return known
    return withValue(known, path, Object.values(entries ?? {}))
  }, state)
}

/** The entries of a list that has nothing else; `undefined` for anything else. */
export function entriesOf(list: unknown): Entry[] | undefined {
  if (!Array.isArray(list) || !list.every(isEntry)) return undefined
  return new Set(list.map(({ id }) => id)).size === list.length ? list : undefined
}

function isEntry(value: unknown): value is Entry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    !NUMERAL.test(value.id)
  )
}

/** Whether what both lists have stands in another order. */
function hasMoved(before: readonly Entry[] = [], after: readonly Entry[] = []): boolean {
  const [from, to] = [before, after].map((entries) => entries.map(({ id }) => id))
  const common = to?.filter((id) => from?.includes(id))
  return from?.filter((id) => to?.includes(id)).some((id, place) => id !== common?.[place]) ?? false
}

function withValue(state: State, path: readonly string[], value: unknown): State {
  const [name = '', ...rest] = path
  return { ...state, [name]: rest.length === 0 ? value : withValue(state[name] as State, rest, value) }
}
