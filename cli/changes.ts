import { randomUUID } from 'node:crypto'
import type { SystemModification } from '../contract/system.ts'
import type { VoiceProcessed } from '../contract/voice.ts'
import { ApiFault } from '../sdk/fault.ts'
import { SettingError, readSettings } from '../server/kernel/settings.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { readLimit } from './limit.ts'
import { ago, oneLine, table } from './print.ts'
import { SEARCHED_MAX, idNamed, short } from './short.ts'

/** The newest changes of agents, workflows and settings. */
export async function listChanges(context: Context, { limit = '20' }: { limit?: string }): Promise<Answer> {
  const wanted = readLimit(limit)
  await requireSignedIn(context)
  const found = await context.client.ask('system.modifications', { limit: wanted })
  if (found.modifications.length === 0) return { data: found, text: 'Nothing was changed yet.' }
  const rows = found.modifications.map(({ id, applied_at, rollback_available, description }) => [
    short(id),
    ago(applied_at, context.io.now()),
    rollback_available ? 'yes' : 'no',
    oneLine(description),
  ])
  return { data: found, text: table([['ID', 'WHEN', 'CAN BE UNDONE', 'WHAT'], ...rows]) }
}

/** Takes back a change, or the newest that can be. */
export async function undoChange(context: Context, said: string | undefined): Promise<Answer> {
  await requireSignedIn(context)
  const modification_id = said === undefined ? undefined : await changeNamed(context, said)
  const change = await rollBack(context, modification_id)
  if (change === undefined) return sayUndo(context)
  const text = oneLine(change.description).replace(/^Rolled back: /u, 'Undone: ')
  return { data: change, text: `${text} Do it again with: paios undo ${short(change.id)}` }
}

/**
 * The sentence does the opposite of the newest change, which takes no passkey, and asks first unless its conversation made
 * that change. It would take back daily data at once where that was changed later, which is not what this is for.
 */
async function sayUndo(context: Context): Promise<Answer> {
  await requireChangeLast(context)
  const { ask } = await import('./ask.ts')
  const answer = await ask(context, ['undo'], {})
  const { requires_followup } = (answer.data as VoiceProcessed).response
  if (!requires_followup) return answer
  const how = context.interactive ? '' : '\nAgree with: paios ask yes'
  return { ...answer, text: `${answer.text}${how}`, exit: EXIT.failed }
}

/** In a conversation of its own the sentence asks about every change, and about daily data never. */
async function requireChangeLast({ client }: Context): Promise<void> {
  const conversation_id = randomUUID()
  const said = { text_fallback: 'undo', context: { conversation_id }, dry_run: true }
  if ((await client.ask('voice.process', said)).response.requires_followup) return
  const { modifications } = await client.ask('system.modifications', { limit: SEARCHED_MAX })
  const newest = modifications.find(({ rollback_available }) => rollback_available)
  if (newest === undefined) throw new Stop(EXIT.failed, 'There is no change that can be taken back.')
  const then = `Daily data, such as a list, was changed after this: ${oneLine(newest.description)}`
  const how =
    'Take the later one back with: paios ask undo. To leave it as it is, make a passkey first: paios passkey add'
  throw new Stop(EXIT.failed, `${then} ${how}`)
}

/** Nothing when the newest change cannot be rolled back because there is no passkey. */
async function rollBack(
  { client }: Context,
  modification_id: string | undefined,
): Promise<SystemModification | undefined> {
  try {
    return await client.ask('system.rollback', modification_id === undefined ? {} : { modification_id })
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error
    if (error.details?.['reason'] === 'not_enrolled') {
      if (modification_id === undefined) return undefined
      const why = 'Without a passkey only the newest change is taken back: paios undo.'
      throw new Stop(EXIT.failed, `${why} For any other, make a passkey first: paios passkey add`, {
        cause: error,
      })
    }
    if (error.code !== 'SYSTEM_003') throw error
    const later = (error.details?.['conflicts'] ?? []) as { id?: string; description?: string }[]
    const named = later.flatMap(({ id, description }) =>
      id === undefined || description === undefined ? [] : [`${short(id)} (${description})`],
    )
    const first = named.length === 0 ? '' : ` Undo first: ${named.join(', ')}`
    throw new Stop(EXIT.failed, `${error.message}${first}`, { cause: error })
  }
}

function changeNamed({ client }: Context, said: string): Promise<string> {
  return idNamed(said, { one: 'change', list: 'paios changes' }, async () => {
    const { modifications } = await client.ask('system.modifications', { limit: SEARCHED_MAX })
    return modifications.map(({ id }) => id)
  })
}

/** Whether what passkeys have signed is what was done, checked on the machine of the server. */
export async function verifyChanges({ io }: Context): Promise<Answer> {
  const { verifyChanges: verify } = await import('../server/offline-changes.ts')
  const report = await reading(() => verify(readSettings(io.environment)))
  const { ok, changes, signed, unproven, problems } = report
  const found = problems.map(({ id, description, why }) => `  ${short(id)} ${oneLine(description)}: ${why}`)
  const text = ok
    ? `The changes hold: ${changes}, of which passkeys have signed ${signed}.${ofEarlier(unproven)}`
    : `Not all changes hold:\n${found.join('\n')}`
  return { data: report, text, exit: ok ? EXIT.done : EXIT.failed }
}

function ofEarlier(unproven: number): string {
  return unproven === 0
    ? ''
    : ` ${unproven} are from an earlier version, which sealed none: nobody can tell of them.`
}

async function reading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const exit = error instanceof SettingError ? EXIT.usage : EXIT.failed
    throw new Stop(exit, error.message, { cause: error })
  }
}
