import type { Kysely } from 'kysely'
import { standing } from './effect.ts'
import { byId } from './entries.ts'
import type { Lists } from './entries.ts'
import { readState } from './kinds.ts'
import { valuesIn } from './patch.ts'
import { changeStore } from './store.ts'
import type { ChangeTables, ModificationRow } from './store.ts'

/** A later change that stands in the way of a rollback, and where: JSON pointers, or `''` for the whole object. */
export interface Conflict {
  id: string
  description: string
  paths: string[]
}

/** Later changes that are looked through, the newest of them, and what is named at most. */
const LATER_MAX = 1_000
const LATER_BYTES_MAX = 4_194_304
const NAMED_MAX = 100

/** Names the later changes that stand in the way at some places of an object; anywhere, where that is not told. */
export async function findConflicts(
  db: Kysely<ChangeTables>,
  row: ModificationRow,
  lists: Lists,
  breathe: () => Promise<void>,
  paths: readonly string[] = [''],
): Promise<Conflict[]> {
  const { later, isCut } = await laterChanges(db, row, lists, breathe)
  const left = isCut ? later[0]?.before : valuesOf(row.after_state, lists)
  const found = new Map<string, Conflict>()
  for (const path of paths) {
    for (const place of placesIn(path, [left, ...later.flatMap(({ before, after }) => [before, after])])) {
      const touches = later.flatMap(({ before, after, ...link }) => {
        const [from, to] = [at(before, place), at(after, place)]
        return from === to ? [] : [{ ...link, from, to }]
      })
      for (const { id, description } of standing(at(left, place), touches)) {
        const known = found.get(id) ?? { id, description, paths: [] }
        found.set(id, known)
        if (!known.paths.includes(path)) known.paths.push(path)
      }
    }
  }
  return [...found.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, NAMED_MAX)
}

/** What came after a change, oldest first: as much of the newest as is not too large together. */
async function laterChanges(
  db: Kysely<ChangeTables>,
  row: ModificationRow,
  lists: Lists,
  breathe: () => Promise<void>,
) {
  const listed = await changeStore.later(db, row, LATER_MAX)
  const later = []
  let bytes = 0
  for (const { id, size } of listed) {
    bytes += size
    if (later.length > 0 && bytes > LATER_BYTES_MAX) break
    await breathe()
    const found = await changeStore.modification(db, row.user_id, id)
    if (found === undefined) continue
    const { before_state, after_state, description, rolls_back, rolled_back_by } = found
    const [before, after] = [valuesOf(before_state, lists), valuesOf(after_state, lists)]
    later.unshift({ id, description, rolls_back, rolled_back_by, before, after })
  }
  return { later, isCut: listed.length === LATER_MAX || later.length < listed.length }
}

function valuesOf(state: string | null, lists: Lists): Values {
  return valuesIn(byId([readState(state)], lists)[0])
}

type Values = ReadonlyMap<string, string> | undefined

/** The value of everything in an object that is not there, which is not that of a field that is not set. */
const GONE = 'gone'

function at(values: Values, place: string): string | undefined {
  return values === undefined ? GONE : values.get(place)
}

/** The places at, in and around a path that ever had a value; of an object that only came and went, the whole. */
function placesIn(path: string, states: readonly Values[]): string[] {
  const places = new Set(states.flatMap((values) => [...(values?.keys() ?? [])]))
  const met = [...places].filter(
    (place) => place === path || place.startsWith(`${path}/`) || path.startsWith(`${place}/`),
  )
  return met.length === 0 ? [path] : met
}
