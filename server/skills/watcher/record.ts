import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { Capabilities, Stored } from '../capabilities.ts'
import type { Candidate } from '../match.ts'
import { sayDuration } from '../say.ts'
import { isReadable, keeping, shape, stateOf } from '../skill.ts'
import { EVERY_SECONDS_MAX, EVERY_SECONDS_MIN } from './schedule.ts'
import { readKnown } from './target.ts'

export const WATCHES = 'watch'
/** Watches that are checked. */
export const WATCHING = 'watching'

export const KINDS = ['file', 'folder', 'feed', 'url', 'port'] as const

/** What the user wants to have watched. Checks never write it; what they find is kept beside it. */
const Watch = shape({
  /** `path` is a file or a folder, whichever is there. */
  kind: Type.Enum([...KINDS, 'path']),
  /** Absolute path, absolute address, or `host:port`. */
  target: Type.String({ minLength: 1, maxLength: 8_192 }),
  label: Type.String({ minLength: 1, maxLength: 100 }),
  every_seconds: Type.Integer({ minimum: EVERY_SECONDS_MIN, maximum: EVERY_SECONDS_MAX }),
  contains: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
})
export type Watch = Static<typeof Watch>
export const keeps = {
  [WATCHES]: keeping({
    group: Type.Literal(WATCHING),
    body: Watch,
    agrees: ({ body }) => isReadable(() => readKnown(body)),
    acts: ({ body }) => `looks at ${body.target} every ${sayDuration(body.every_seconds)}`,
  }),
}

/** What changed at the last change that there was. */
export const Change = shape({
  at: Type.String(),
  text: Type.String(),
  added: Type.Array(Type.String()),
  removed: Type.Array(Type.String()),
})
export type Change = Static<typeof Change>

/** What checks know of a watch. Times in epoch milliseconds. */
export interface Findings {
  checked_at: number
  next_due: number
  /** Checks in a row that could not look. */
  failures: number
  /** Whether the user was told of these. */
  is_told: boolean
  error?: string
  seen?: Sight
  change?: Change
}

/** What there was to see. */
export type Sight =
  | { kind: 'absent' }
  | { kind: 'file'; size_bytes: number; modified: number; digest?: string }
  /** Each name with what would tell that it changed. */
  | { kind: 'folder'; entries: Record<string, string> }
  | { kind: 'feed'; ids: string[]; etag?: string; last_modified?: string }
  | {
      kind: 'url'
      digest: string
      /** The beginning of the text, for saying what changed. */
      text: string
      has?: boolean
      etag?: string
      last_modified?: string
    }
  | { kind: 'port'; is_open: boolean }

export const WatchResult = shape({
  watch_id: Type.String(),
  kind: Type.Enum([...KINDS, 'path']),
  target: Type.String(),
  label: Type.String(),
  every_seconds: Type.Integer(),
  contains: Type.Optional(Type.String()),
  state: Type.Enum(['new', 'watching', 'failing']),
  last_checked: Type.Optional(Type.String()),
  next_check: Type.Optional(Type.String()),
  last_change: Type.Optional(Change),
  error: Type.Optional(Type.String()),
})
export type WatchResult = Static<typeof WatchResult>

export function shown({ id, body }: Stored<Watch>, found: Findings | undefined): WatchResult {
  const watch = { watch_id: id, ...body }
  if (found === undefined) return { ...watch, state: 'new' }
  const { seen, change, error, failures } = found
  const isKnown = body.kind === 'path' && (seen?.kind === 'file' || seen?.kind === 'folder')
  return {
    ...watch,
    kind: isKnown ? seen.kind : body.kind,
    state: failures > 0 ? 'failing' : 'watching',
    last_checked: iso(found.checked_at),
    next_check: iso(found.next_due),
    ...(change === undefined ? {} : { last_change: change }),
    ...(error === undefined ? {} : { error }),
  }
}

export function iso(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'millisecond' })
}

type Can = Pick<Capabilities, 'records'>

/** Oldest first. */
export async function allWatches(can: Can): Promise<Stored<Watch>[]> {
  return can.records.list<Watch>(WATCHES, { group: WATCHING })
}

/** What checks have found so far; nothing before the first. */
export async function findingsOf(can: Can, watch_id: string): Promise<Findings | undefined> {
  const { collection, id } = stateOf({ collection: WATCHES }, watch_id)
  return (await can.records.get<Findings>(collection, id))?.body
}

/** How a watch may be named: by its label, what it watches and of which kind that is. */
export function asCandidate(record: Stored<Watch>): Candidate<Stored<Watch>> {
  const { label, target, kind } = record.body
  return {
    value: record,
    text: label,
    also: `all every watch ${target} ${kind === 'url' ? 'page website' : kind}`,
  }
}
