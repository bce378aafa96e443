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

type Given = Input<Operations['account.import']>
type Imported = Output<Operations['account.import']>
type Kind = keyof Imported['created']

/** In this order: workflows and what is remembered need their agents. */
const KINDS: readonly Kind[] = ['agents', 'workflows', 'memories', 'records']
/** Of one call: the server takes 500 entries and a megabyte. */
const ENTRIES_MAX = 500
const CHARACTERS_MAX = 600_000
/** No file of an export is larger than what fits into a text. */
const FILE_BYTES_MAX = 268_435_456
const CONFLICTS_TOLD = 20
/** What the server gives by itself: these fields are exported for people. */
const LEFT_OUT = new Set(['id', 'superseded_by', 'updated_at'])

/** Brings an export into the account that is signed in. */
export async function importAccount(
  context: Context,
  file: string,
  options: { dryRun?: boolean },
): Promise<Answer> {
  await requireSignedIn(context)
  const files = await read(file)
  if (!KINDS.some((kind) => files.has(`${kind}.jsonl`)))
    throw new Stop(
      EXIT.failed,
      `${oneLine(file)} is no export: it was made by something else than paios export.`,
    )
  const dry_run = options.dryRun === true
  const sum: Imported = { created: zero(), updated: zero(), conflicts: [], dry_run }
  for (const kind of KINDS) {
    const entries = parse(kind, files.get(`${kind}.jsonl`) ?? '')
    for (const { start, part } of inParts(entries)) {
      const given = { [kind]: part.map(({ entry }) => entry), dry_run } as Given
      add(sum, await context.client.ask('account.import', given), start)
    }
  }
  return { data: sum, text: toText(sum) }
}

async function read(path: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  try {
    await unpack(createReadStream(path) as AsyncIterable<Buffer>, async (name, bytes, content) => {
      const isWanted = KINDS.some((kind) => name === `${kind}.jsonl`)
      if (isWanted && bytes > FILE_BYTES_MAX) throw new BackupError(`${name} is too large.`)
      const parts: Buffer[] = []
      for await (const part of content) if (isWanted) parts.push(part)
      if (isWanted) files.set(name, Buffer.concat(parts).toString('utf8'))
    })
    return files
  } catch (error) {
    if (error instanceof BackupError) throw new Stop(EXIT.failed, error.message, { cause: error })
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Stop(EXIT.usage, `There is no file ${oneLine(path)}.`, { cause: error })
    throw error
  }
}

interface Line {
  entry: Record<string, unknown>
  size: number
}

function parse(kind: Kind, text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line, index) => {
      let value: unknown
      try {
        value = JSON.parse(line)
      } catch (error) {
        throw new Stop(EXIT.failed, `Line ${index + 1} of ${kind}.jsonl is not JSON.`, { cause: error })
      }
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new Stop(EXIT.failed, `Line ${index + 1} of ${kind}.jsonl is no object.`)
      // What something else has taken the place of is history, and stays behind.
      if ('superseded_by' in value && value.superseded_by !== null) return []
      const entry = Object.fromEntries(Object.entries(value).filter(([key]) => !LEFT_OUT.has(key)))
      return [{ entry, size: line.length }]
    })
}

function* inParts(entries: readonly Line[]): Generator<{ start: number; part: Line[] }> {
  let [part, start, size]: [Line[], number, number] = [[], 0, 0]
  for (const [index, line] of entries.entries()) {
    if (part.length > 0 && (part.length === ENTRIES_MAX || size + line.size > CHARACTERS_MAX)) {
      yield { start, part }
      part = []
      start = index
      size = 0
    }
    part.push(line)
    size += line.size
  }
  if (part.length > 0) yield { start, part }
}

function add(sum: Imported, { created, updated, conflicts }: Imported, start: number): void {
  for (const kind of KINDS) {
    sum.created[kind] += created[kind]
    sum.updated[kind] += updated[kind]
  }
  sum.conflicts.push(...conflicts.map((conflict) => ({ ...conflict, index: conflict.index + start })))
}

function zero(): Imported['created'] {
  return { agents: 0, workflows: 0, memories: 0, records: 0 }
}

function toText({ created, updated, conflicts, dry_run }: Imported): string {
  const said = KINDS.map((kind) => `${created[kind] + updated[kind]} ${kind}`).join(', ')
  const told = conflicts
    .slice(0, CONFLICTS_TOLD)
    .map(({ kind, index, name, reason }) => `  ${kind} ${index + 1}, ${oneLine(name)}: ${oneLine(reason)}`)
  const more = conflicts.length - told.length
  return [
    `${dry_run ? 'Would bring in' : 'Brought in'} ${said}.`,
    ...(conflicts.length === 0 ? [] : [`${conflicts.length} ${dry_run ? 'would be' : 'were'} left out:`]),
    ...told,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n')
}
