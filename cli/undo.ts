import { randomUUID } from 'node:crypto'
import type { SystemModification } from '../contract/system.ts'
import type { VoiceProcessed } from '../contract/voice.ts'
import { ApiFault } from '../sdk/fault.ts'
import { confirm } from './confirm.ts'
import type { ConfirmOptions } from './confirm.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { ago, oneLine } from './print.ts'
import { SEARCHED_MAX, idNamed, short } from './short.ts'
import { isUndone } from './standing.ts'

/** Takes back a change, or the newest that can be, once what that is was seen. */
export async function undoChange(
  context: Context,
  said: string | undefined,
  options: ConfirmOptions,
): Promise<Answer> {
  await requireSignedIn(context)
  const { passkeys } = await context.client.ask('auth.passkeys')
  const isProven = passkeys.length > 0
  if (said !== undefined && !isProven) throw new Stop(EXIT.failed, NEWEST_ALONE)
  const { change, passed } = said === undefined ? await newest(context) : await named(context, said)
  if (!isProven) await requireChangeLast(context, change)
  await confirm(context, options, 'Take that back?', [...passed, ...describe(change, context.io.now())])
  if (!isProven) return sayUndo(context, change)
  const made = await rollBack(context, change)
  const text = oneLine(made.description).replace(/^Rolled back: /u, 'Undone: ')
  return { data: made, text: `${text} Do it again with: paios undo ${short(made.id)}` }
}

const NEWEST_ALONE =
  'Without a passkey only the newest change is taken back: paios undo. For any other, make a passkey first: paios passkey add'

interface Found {
  change: SystemModification
  /** What is said of newer changes that stay. */
  passed: readonly string[]
}

const PAGE = 50

/** The newest that can be taken back and takes back none itself. */
async function newest(context: Context): Promise<Found> {
  const changes = await readChanges(context, PAGE, (some) => standing(some).some(isAvailable))
  const own = standing(changes)
  const index = own.findIndex(isAvailable)
  const change = own[index]
  if (change === undefined) throw new Stop(EXIT.failed, 'There is no change that can be taken back.')
  const passed = own.slice(0, index).map(({ id, description }) => `  ${short(id)} ${oneLine(description)}`)
  const title = 'These are newer and stay, as they cannot be taken back:'
  return { change, passed: passed.length === 0 ? [] : [title, ...passed] }
}

async function named(context: Context, said: string): Promise<Found> {
  const changes = await readChanges(context, SEARCHED_MAX, () => false)
  const ids = changes.map(({ id }) => id)
  const id = await idNamed(said, { one: 'change', list: 'paios changes' }, () => Promise.resolve(ids))
  const change = changes.find((one) => one.id === id)
  if (change !== undefined) return { change, passed: [] }
  throw new Stop(EXIT.failed, `There is no change ${id} among your newest ${SEARCHED_MAX}: paios changes`)
}

/** The newest changes, until they are enough or as many as are looked through. */
async function readChanges(
  { client }: Context,
  limit: number,
  isEnough: (changes: readonly SystemModification[]) => boolean,
): Promise<SystemModification[]> {
  const changes: SystemModification[] = []
  let cursor: string | undefined
  do {
    const next = cursor === undefined ? {} : { cursor }
    const page = await client.ask('system.modifications', { limit, ...next })
    changes.push(...page.modifications)
    cursor = page.next_cursor
  } while (cursor !== undefined && changes.length < SEARCHED_MAX && !isEnough(changes))
  return changes
}

function isAvailable({ rollback_available }: SystemModification): boolean {
  return rollback_available
}

/** Those that take back none, and were not taken back. */
function standing(changes: readonly SystemModification[]): SystemModification[] {
  return changes.filter((change) => change.rolls_back === null && !isUndone(change, changes))
}

const VALUE_CHARACTERS_MAX = 60
const FIELDS_MAX = 20

/** What a change was: its words, and each field before and after. */
function describe(change: SystemModification, now: number): string[] {
  const { id, applied_at, description, patch } = change
  // Of what was made or deleted the words say it all.
  const fields = patch.filter(({ path }) => path !== '' && !isWhole(change))
  const lines = fields.slice(0, FIELDS_MAX).map(({ path, op, value }) => {
    const before = op === 'add' ? NOTHING : toValue(at(change.before_state, path))
    return `  ${oneLine(nameOf(path))}: ${before} -> ${op === 'remove' ? NOTHING : toValue(value)}`
  })
  const more = fields.length > FIELDS_MAX ? [`  and ${fields.length - FIELDS_MAX} more fields`] : []
  return [`${short(id)}, ${ago(applied_at, now)}: ${oneLine(description)}`, ...lines, ...more]
}

const NOTHING = 'nothing'

function isWhole({ before_state, after_state }: SystemModification): boolean {
  return Object.keys(before_state).length === 0 || Object.keys(after_state).length === 0
}

/** A JSON pointer as people read it. */
function nameOf(path: string): string {
  return partsOf(path).join('.')
}

function partsOf(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function at(state: unknown, path: string): unknown {
  return partsOf(path).reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<string, unknown>)[part]
        : undefined,
    state,
  )
}

function toValue(value: unknown): string {
  if (value === undefined) return NOTHING
  const text = oneLine(JSON.stringify(value))
  return text.length > VALUE_CHARACTERS_MAX ? `${text.slice(0, VALUE_CHARACTERS_MAX)}…` : text
}

async function rollBack({ client }: Context, { id }: SystemModification): Promise<SystemModification> {
  try {
    return await client.ask('system.rollback', { modification_id: id })
  } catch (error) {
    if (!(error instanceof ApiFault) || error.code !== 'SYSTEM_003') throw error
    const later = (error.details?.['conflicts'] ?? []) as { id?: string; description?: string }[]
    const conflicts = later.flatMap((one) =>
      one.id === undefined || one.description === undefined ? [] : [`${short(one.id)} (${one.description})`],
    )
    const first = conflicts.length === 0 ? '' : ` Undo first: ${conflicts.join(', ')}`
    throw new Stop(EXIT.failed, `${error.message}${first}`, { cause: error })
  }
}

const SAID = 'undo'

/** In a conversation of its own the sentence asks about every change, and about daily data never. */
async function requireChangeLast({ client }: Context, change: SystemModification): Promise<void> {
  const context = { conversation_id: randomUUID() }
  const { response } = await client.ask('voice.process', { text_fallback: SAID, context, dry_run: true })
  // What was taught is taken back unasked, and named.
  if (response.requires_followup || response.text.includes(change.description)) return
  const then = `Daily data, such as a list, was changed after this: ${oneLine(change.description)}`
  const how =
    'Take the later one back with: paios ask undo. To leave it as it is, make a passkey first: paios passkey add'
  throw new Stop(EXIT.failed, `${then} ${how}`)
}

/** A script must not go on when nothing was done. */
function ended(answer: Answer): Answer {
  const { response } = answer.data as VoiceProcessed
  return response.requires_followup ? { ...answer, exit: EXIT.failed } : answer
}

/** The sentence does the opposite of the newest change, which takes no passkey. */
async function sayUndo(context: Context, change: SystemModification): Promise<Answer> {
  const { ask } = await import('./ask.ts')
  // Nobody is asked once more.
  const quiet = { ...context, interactive: false }
  const options = { conversation: randomUUID() }
  const asked = await ask(quiet, [SAID], options)
  const { response } = asked.data as VoiceProcessed
  if (!response.requires_followup && response.text.includes(change.description)) return ended(asked)
  if (response.requires_followup && response.text.includes(change.description))
    return ended(await ask(quiet, ['yes'], options))
  if (response.requires_followup) await ask(quiet, ['no'], options)
  throw new Stop(EXIT.failed, 'Something else was changed meanwhile. Look at it with: paios changes')
}
