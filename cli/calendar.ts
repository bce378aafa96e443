import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { oneLine, visible } from './print.ts'
import { readAll } from './prompt.ts'
import { short } from './short.ts'
import { readTextFile } from './text-file.ts'

/** The agent that keeps the calendar. */
const CALENDAR = '3'
/** A calendar of years is worked out within seconds. */
const WAIT_MS = 60_000

/** Puts the events of a calendar file into the calendar; what is there already is replaced, and nothing is doubled. */
export async function importCalendar(context: Context, path: string): Promise<Answer> {
  const ics = path === '-' ? await readAll(context.io) : readTextFile(path)
  if (ics.trim() === '') throw new Stop(EXIT.usage, `There is nothing in ${oneLine(path)}.`)
  const { data, text } = await perform(context, 'import_ics', { ics })
  return { data, text: oneLine(text) }
}

/** Gives the calendar as a file. */
export async function exportCalendar(context: Context, { to }: { to?: string }): Promise<Answer> {
  const file = to === undefined ? undefined : resolve(to)
  if (file !== undefined && existsSync(file))
    throw new Stop(EXIT.usage, `There is a file ${oneLine(file)} already.`)
  const { data, text } = await perform(context, 'export_ics', {})
  const { ics } = data as { ics: string }
  if (file !== undefined) {
    write(file, ics)
    return { data: { file }, text: `${oneLine(text)} It is in ${oneLine(file)}.` }
  }
  const { stdout } = context.io
  if (context.json || stdout.isTTY === true) return { data, text: visible(ics.trimEnd()) }
  // A program reads it, which is particular about how lines end.
  stdout.write(ics)
  return { data: undefined, text: '' }
}

async function perform(
  context: Context,
  action: string,
  parameters: Record<string, unknown>,
): Promise<{ data: unknown; text: string }> {
  await requireSignedIn(context)
  const { client, io, tokens } = context
  const user_id = (await tokens.load())?.user_id ?? ''
  const request_id = `${action}-${io.now()}`
  const { execution_id, result } = await client.ask('agents.execute', {
    id: CALENDAR,
    command: { action, parameters, user_id, request_id, priority: 'normal' },
    wait_for_completion: true,
    timeout_ms: WAIT_MS,
  })
  if (result === undefined) throw new Stop(EXIT.failed, `It is not done yet: ${short(execution_id)}`)
  if (!result.success)
    throw new Stop(EXIT.failed, (result.error ?? 'It failed.').replace(/^[A-Z]+_\d{3}: /u, ''))
  return { data: result.data, text: result.text ?? '' }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    throw new Stop(EXIT.failed, `${oneLine(file)} cannot be written.`, { cause: error })
  }
}
