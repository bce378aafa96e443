import { existsSync, readFileSync } from 'node:fs'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { Keys } from '../../kernel/crypto.ts'
import { writeDurably } from '../../kernel/files.ts'
import type { Random } from '../../kernel/ids.ts'
import { findIssues } from '../../kernel/validate.ts'
import { KEY_BYTES, checkValueOf, isKeyOf } from './envelope.ts'

const Slot = Type.Object(
  {
    /** An identifier and no key material: it changes with each key. */
    id: Type.String(),
    user_id: Type.String(),
    /** Counts the keys of a user, from 1. */
    version: Type.Integer({ minimum: 1 }),
    /** The key, sealed by the root key. */
    wrapped: Type.String(),
    /** Tells the right key from a wrong one. */
    check: Type.String(),
    created_at: Type.String(),
  },
  { additionalProperties: false },
)
type Slot = Static<typeof Slot>
const File = Type.Object(
  { format: Type.Literal(1), slots: Type.Array(Slot) },
  { additionalProperties: false },
)

/** The file of key slots is damaged, or belongs to another root key; the message says which. */
export class KeyslotsError extends Error {}

/** The keys of users, sealed by the root key, in a file outside the data folder: a backup of the data holds none. */
export interface Keyslots {
  /** The newest key of a user; a first one is made, and is on the disk, before anything can be sealed under it. */
  current(user_id: string): { id: string; key: Buffer }
  /** @throws KeyslotsError when there is no such key, or it does not open. */
  open(user_id: string, id: string): Buffer
  /** Makes the next key of a user, which is current from now on; answers its id. */
  renew(user_id: string): string
  /** Destroys keys for good: nothing that is sealed under them opens ever again, in no backup either. */
  destroy(user_id: string, ids: readonly string[]): void
  /** Destroys all keys of a user. */
  forget(user_id: string): void
  /** The ids of the keys of a user, oldest first. */
  of(user_id: string): string[]
  /** The ids of all keys. */
  all(): string[]
  /** Users who have keys. */
  users(): string[]
  /** Users who have more than one key: a change of theirs is under way. */
  unfinished(): string[]
}

interface Options {
  path: string
  keys: Pick<Keys, 'wrap' | 'unwrap'>
  random: Random
  now: () => string
}

/** Keys that are kept open; they are few, and the root key that opens them all is in memory as well. */
const OPEN_MAX = 1_000
const ID_BYTES = 12

/** @throws KeyslotsError when the file cannot be read. */
export function openKeyslots({ path, keys, random, now }: Options): Keyslots {
  let slots = readSlots(path)
  const opened = new Map<string, Buffer>()
  const write = (next: readonly Slot[]): void => {
    writeDurably(path, `${JSON.stringify({ format: 1, slots: next })}\n`)
    slots = [...next]
  }
  const open = (slot: Slot): Buffer => {
    const known = opened.get(slot.id)
    if (known !== undefined) return known
    const key = unwrap(keys, slot)
    const [oldest] = opened.size >= OPEN_MAX ? opened.keys() : []
    if (oldest !== undefined) opened.delete(oldest)
    opened.set(slot.id, key)
    return key
  }
  const of = (user_id: string): Slot[] =>
    slots.filter((slot) => slot.user_id === user_id).toSorted((a, b) => a.version - b.version)
  const make = (user_id: string): Slot => {
    const key = Buffer.from(random(KEY_BYTES))
    const id = `kek_${Buffer.from(random(ID_BYTES)).toString('base64url')}`
    const version = (of(user_id).at(-1)?.version ?? 0) + 1
    const wrapped = keys.wrap('vault-key-wrap', key, associated({ id, user_id, version }))
    const slot = { id, user_id, version, wrapped, check: checkValueOf(key), created_at: now() }
    write([...slots, slot])
    opened.set(id, key)
    return slot
  }
  const destroy = (doomed: (slot: Slot) => boolean): void => {
    if (!slots.some(doomed)) return
    for (const { id } of slots.filter(doomed)) {
      opened.get(id)?.fill(0)
      opened.delete(id)
    }
    write(slots.filter((slot) => !doomed(slot)))
  }
  return {
    current: (user_id) => {
      const slot = of(user_id).at(-1) ?? make(user_id)
      return { id: slot.id, key: open(slot) }
    },
    open: (user_id, id) => {
      const slot = slots.find((one) => one.id === id && one.user_id === user_id)
      if (slot === undefined) throw new KeyslotsError(`The key ${id} is not in ${path}.`)
      return open(slot)
    },
    renew: (user_id) => make(user_id).id,
    destroy: (user_id, ids) => destroy((slot) => slot.user_id === user_id && ids.includes(slot.id)),
    forget: (user_id) => destroy((slot) => slot.user_id === user_id),
    of: (user_id) => of(user_id).map(({ id }) => id),
    all: () => slots.map(({ id }) => id),
    users: () => [...new Set(slots.map(({ user_id }) => user_id))],
    unfinished: () => [
      ...new Set(
        slots
          .filter(({ version, user_id }) => version > (of(user_id)[0]?.version ?? 0))
          .map(({ user_id }) => user_id),
      ),
    ],
  }
}

/** Where the keys of users lie: beside the root key, never in the data folder. */
export function keyslotsPath(key_file: string): string {
  return `${key_file}.slots`
}

/**
 * Seals all keys by the newest root key, whichever of the two known ones they are sealed by; answers how many.
 *
 * @throws KeyslotsError when one does not open: then none is changed.
 */
export function resealKeyslots(path: string, keys: Pick<Keys, 'wrap' | 'unwrap'>): number {
  const slots = readSlots(path)
  const resealed = slots.map((slot) => {
    const key = unwrap(keys, slot)
    const wrapped = keys.wrap('vault-key-wrap', key, associated(slot))
    key.fill(0)
    return { ...slot, wrapped }
  })
  if (slots.length > 0) writeDurably(path, `${JSON.stringify({ format: 1, slots: resealed })}\n`)
  return slots.length
}

function associated({ id, user_id, version }: Pick<Slot, 'id' | 'user_id' | 'version'>): string {
  return JSON.stringify(['keyslot', id, user_id, version])
}

function unwrap(keys: Pick<Keys, 'unwrap'>, slot: Slot): Buffer {
  let key: Buffer
  try {
    key = keys.unwrap('vault-key-wrap', slot.wrapped, associated(slot))
  } catch (error) {
    throw new KeyslotsError(`The key ${slot.id} was sealed by another root key, or is damaged.`, {
      cause: error,
    })
  }
  if (!isKeyOf(key, slot.check)) throw new KeyslotsError(`The key ${slot.id} is not the one that was made.`)
  return key
}

function readSlots(path: string): Slot[] {
  if (!existsSync(path)) return []
  let read: unknown
  try {
    read = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new KeyslotsError(`The file ${path} is not a whole file of keys.`, { cause: error })
  }
  const [issue] = findIssues(File, read)
  if (issue !== undefined)
    throw new KeyslotsError(`The file ${path} is damaged: ${issue.path} ${issue.message}.`)
  return (read as Static<typeof File>).slots
}
