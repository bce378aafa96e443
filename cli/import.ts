import { createReadStream } from 'node:fs'
import type { Operations } from '../contract/index.ts'
import type { Input, Output } from '../contract/operation.ts'
import { BackupError } from '../server/kernel/backup/manifest.ts'
import { unpack } from '../server/kernel/backup/tar.ts'
import { requireSignedIn } from './context.ts'
import type { Context } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { oneLine } from './print.ts'
import { prompt } from './prompt.ts'

type Given = Input<Operations['account.import']>
type Imported = Output<Operations['account.import']>

/** In this order: workflows and what is remembered need their agents, and triggers both. */
const KINDS = ['agents', 'workflows', 'triggers', 'memories', 'records'] as const
type Kind = (typeof KINDS)[number]
/** What is exported for people, and stays behind. */
const HISTORY = ['history', 'runs', 'notifications'] as const
const PROFILE = 'profile.json'
/** Of one call: the server takes 500 entries and a megabyte, and in a trial the agents come along with every call. */
const ENTRIES_MAX = 500
const BYTES_MAX = 450_000
/** No file of an export is larger than what fits into a text. */
const FILE_BYTES_MAX = 268_435_456
const CONFLICTS_TOLD = 20
/** What the server gives by itself: these fields are exported for people. */
const LEFT_OUT = new Set(['id', 'superseded_by', 'updated_at'])

/** Entries that were not brought in because they say what was: by file, and memories that others have replaced. */
type LeftOut = Record<(typeof HISTORY)[number] | 'replaced_memories', number>

/** Brings an export into the account that is signed in: in one call, unless it is too large for that. */
export async function importAccount(
  context: Context,
  file: string,
  { dryRun = false, yes = false }: ImportOptions,
): Promise<Answer> {
  await requireSignedIn(context)
  const { files, history } = await read(file)
  if (!KINDS.some((kind) => files.has(`${kind}.jsonl`)))
    throw new Stop(
      EXIT.failed,
      `${oneLine(file)} is no export: it was made by something else than paios export.`,
    )
  const entries = KINDS.map((kind) => [kind, parse(kind, files.get(`${kind}.jsonl`) ?? '')] as const)
  const replaced_memories = entries.reduce((sum, [, { replaced }]) => sum + replaced, 0)
  const left_out = { ...history, replaced_memories }
  const lines = entries.flatMap(([kind, { lines: own }]) => own.map((line) => ({ kind, ...line })))
  const preferences = preferencesIn(files.get(PROFILE))
  if (!dryRun && !yes) await confirm(context, await send(context, lines, preferences, true))
  const sum = await send(context, lines, preferences, dryRun)
  return { data: { ...sum, left_out }, text: toText(sum, left_out) }
}

export interface ImportOptions {
  dryRun?: boolean
  /** Does not ask about what would act by itself. */
  yes?: boolean
}

/** Asks once more when something of it would act, leave the machine, or give orders. */
async function confirm({ io, interactive }: Context, { warnings }: Imported): Promise<void> {
  if (warnings.length === 0) return
  io.stderr.write(`${toLines(warnings).join('\n')}\n`)
  if (!interactive) throw new Stop(EXIT.usage, 'There is nobody to ask: give --yes. Nothing was brought in.')
  const [reply] = (await prompt(io, [{ text: 'Bring it in? Type yes: ' }])) ?? []
  if (reply?.trim().toLowerCase() !== 'yes') throw new Stop(EXIT.failed, 'Cancelled. Nothing was brought in.')
}

/** Sends all of it, in as few calls as it takes, and adds up what they answer. */
async function send(
  context: Context,
  lines: Part,
  preferences: Given['preferences'],
  dry_run: boolean,
): Promise<Imported> {
  const agents = lines.filter(({ kind }) => kind === 'agents')
  const isCarried = dry_run && sizeOf(agents) <= BYTES_MAX
  const sum: Imported = { created: zero(), updated: zero(), conflicts: [], warnings: [], dry_run }
  const parts = inParts(lines)
  for (const [index, part] of parts.entries()) {
    // What was only tried is not there for the next call.
    const carried = isCarried && !part.some(({ kind }) => kind === 'agents') ? agents : []
    const last = index === parts.length - 1 && preferences !== undefined ? { preferences } : {}
    const given = { ...byKind([...carried, ...part]), ...last, dry_run } as Given
    add(sum, await context.client.ask('account.import', given), part)
  }
  return { ...sum, warnings: [...new Set(sum.warnings)] }
}

/** Those of the export; whether proof needs a passkey is a matter of the passkeys of a server. */
function preferencesIn(profile: string | undefined): Given['preferences'] {
  if (profile === undefined) return undefined
  try {
    const { preferences } = JSON.parse(profile) as { preferences: Record<string, unknown> }
    const { biometric_enabled: _stays, ...kept } = preferences
    return kept
  } catch (error) {
    throw new Stop(EXIT.failed, `${PROFILE} is not what an export has there.`, { cause: error })
  }
}

interface Read {
  files: Map<string, string>
  history: Record<(typeof HISTORY)[number], number>
}

const WANTED: ReadonlySet<string> = new Set([PROFILE, ...KINDS.map((kind) => `${kind}.jsonl`)])

async function read(path: string): Promise<Read> {
  const files = new Map<string, string>()
  const history = { history: 0, runs: 0, notifications: 0 }
  try {
    await unpack(createReadStream(path) as AsyncIterable<Buffer>, async (name, bytes, content) => {
      const isWanted = WANTED.has(name)
      const counted = HISTORY.find((kind) => name === `${kind}.jsonl`)
      if (isWanted && bytes > FILE_BYTES_MAX) throw new BackupError(`${name} is too large.`)
      const parts: Buffer[] = []
      for await (const part of content) {
        if (isWanted) parts.push(part)
        if (counted !== undefined) history[counted] += part.reduce((sum, byte) => sum + +(byte === LF), 0)
      }
      if (isWanted) files.set(name, Buffer.concat(parts).toString('utf8'))
    })
    return { files, history }
  } catch (error) {
    if (error instanceof BackupError) throw new Stop(EXIT.failed, error.message, { cause: error })
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Stop(EXIT.usage, `There is no file ${oneLine(path)}.`, { cause: error })
    throw error
  }
}

const LF = 0x0a

interface Line {
  /** Its place among those of its kind. */
  index: number
  entry: Record<string, unknown>
  bytes: number
}
type Part = readonly (Line & { kind: Kind })[]

function parse(kind: Kind, text: string): { lines: Line[]; replaced: number } {
  const all = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      let value: unknown
      try {
        value = JSON.parse(line)
      } catch (error) {
        throw new Stop(EXIT.failed, `Line ${index + 1} of ${kind}.jsonl is not JSON.`, { cause: error })
      }
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new Stop(EXIT.failed, `Line ${index + 1} of ${kind}.jsonl is no object.`)
      const entry = Object.fromEntries(Object.entries(value).filter(([key]) => !LEFT_OUT.has(key)))
      const isReplaced = 'superseded_by' in value && value.superseded_by !== null
      return { index, entry, bytes: Buffer.byteLength(line), isReplaced }
    })
  // What something else has taken the place of is history, and stays behind.
  const lines = all.filter(({ isReplaced }) => !isReplaced)
  return { lines, replaced: all.length - lines.length }
}

function inParts(lines: Part): Part[] {
  const parts: Part[] = []
  let [part, size]: [(Line & { kind: Kind })[], number] = [[], 0]
  for (const line of lines) {
    if (part.length > 0 && (part.length === ENTRIES_MAX || size + line.bytes > BYTES_MAX)) {
      parts.push(part)
      part = []
      size = 0
    }
    part.push(line)
    size += line.bytes
  }
  // Also when there is nothing: then the preferences alone are brought in.
  return [...parts, part]
}

function sizeOf(lines: Part): number {
  return lines.reduce((sum, { bytes }) => sum + bytes, 0)
}

function byKind(part: Part): Partial<Record<Kind, Line['entry'][]>> {
  return Object.fromEntries(
    KINDS.map((kind) => [kind, part.filter((line) => line.kind === kind).map(({ entry }) => entry)]),
  )
}

/** Adds what became of a part, and of the preferences. */
function add(sum: Imported, { created, updated, conflicts, warnings }: Imported, part: Part): void {
  sum.warnings.push(...warnings)
  for (const kind of ALL) {
    if (kind !== 'preferences' && !part.some((line) => line.kind === kind)) continue
    const own = part.filter((line) => line.kind === kind)
    sum.created[kind] += created[kind]
    sum.updated[kind] += updated[kind]
    for (const conflict of conflicts)
      if (conflict.kind === kind)
        sum.conflicts.push({ ...conflict, index: own[conflict.index]?.index ?? conflict.index })
  }
}

const ALL = [...KINDS, 'preferences'] as const

function zero(): Imported['created'] {
  return { agents: 0, workflows: 0, triggers: 0, memories: 0, records: 0, preferences: 0 }
}

function toLines(warnings: readonly string[]): string[] {
  return warnings.length === 0 ? [] : ['Mind:', ...warnings.map((warning) => `  ${oneLine(warning)}`)]
}

function toText({ created, updated, conflicts, warnings, dry_run }: Imported, left_out: LeftOut): string {
  const said = KINDS.map((kind) => `${created[kind] + updated[kind]} ${kind}`).join(', ')
  const told = conflicts
    .slice(0, CONFLICTS_TOLD)
    .map(({ kind, index, name, reason }) => `  ${kind} ${index + 1}, ${oneLine(name)}: ${oneLine(reason)}`)
  const more = conflicts.length - told.length
  const old = Object.entries(left_out).flatMap(([kind, count]) =>
    count === 0 ? [] : [`${count} ${kind.replace('_', ' ')}`],
  )
  return [
    `${dry_run ? 'Would bring in' : 'Brought in'} ${said}.`,
    ...(conflicts.length === 0 ? [] : [`${conflicts.length} ${dry_run ? 'would be' : 'were'} left out:`]),
    ...told,
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...toLines(warnings),
    ...(old.length === 0 ? [] : [`What was stays where it is: ${old.join(', ')}.`]),
  ].join('\n')
}
