import { confirm } from '../confirm.ts'
import type { ConfirmOptions } from '../confirm.ts'
import type { Context } from '../context.ts'
import { requireSignedIn } from '../context.ts'
import { EXIT, Stop } from '../exit.ts'
import type { Answer } from '../exit.ts'
import { readLimit } from '../limit.ts'
import { ago, strokedLine, table } from '../print.ts'
import { SEARCHED_MAX, idNamed, short } from '../short.ts'
import { deliver, targetOf } from './sound.ts'
import type { OutOptions } from './sound.ts'

/** What was said lately, typed or spoken, newest first. */
export async function listSentences(context: Context, { limit = '20' }: { limit?: string }): Promise<Answer> {
  const wanted = readLimit(limit)
  await requireSignedIn(context)
  const found = await context.client.ask('voice.commands', { limit: wanted })
  const rows = found.commands.map((one) => [
    short(one.id),
    ago(one.created_at, context.io.now()),
    one.target_agent === null ? (one.understood ? 'system' : 'nobody') : `agent ${one.target_agent}`,
    `${Math.round(one.confidence * 100)} %`,
    one.has_audio ? 'kept' : '',
    strokedLine(one.text),
  ])
  const text =
    rows.length === 0
      ? 'Nothing was said yet.'
      : table([['ID', 'SAID', 'TO', 'SURE', 'SOUND', 'WHAT'], ...rows])
  return { data: found, text }
}

export interface ForgetOptions extends ConfirmOptions {
  all?: boolean
}

/** Forgets a sentence or all of them, after asking once more: nothing brings them back. */
export async function forgetSentences(
  context: Context,
  said: string | undefined,
  { all = false, ...options }: ForgetOptions,
): Promise<Answer> {
  if ((said === undefined) !== all)
    throw new Stop(EXIT.usage, 'Say which to forget: its id, as paios voice history lists it, or --all.')
  await requireSignedIn(context)
  const { client } = context
  if (said === undefined) {
    await confirm(context, options, 'Forget everything that you said, and every sound of it?')
    const { forgotten } = await client.ask('voice.forget_all')
    return {
      data: { forgotten },
      text: forgotten === 1 ? 'One sentence is forgotten.' : `${forgotten} sentences are forgotten.`,
    }
  }
  const { id, text } = await sentenceNamed(context, said)
  await confirm(
    context,
    options,
    'Forget that, and its sound?',
    text === undefined ? [] : [strokedLine(text)],
  )
  await client.ask('voice.forget', { id })
  return { data: { forgotten: 1, id }, text: 'It is forgotten.' }
}

/** Gives the sound of a sentence, if it was kept. */
export async function getRecording(context: Context, said: string, options: OutOptions): Promise<Answer> {
  const target = targetOf(context, options)
  await requireSignedIn(context)
  const { id } = await sentenceNamed(context, said)
  const { audio_data } = await context.client.ask('voice.recording', { id })
  return deliver(context, target, Buffer.from(audio_data, 'base64'), { id })
}

async function sentenceNamed({ client }: Context, said: string): Promise<{ id: string; text?: string }> {
  const { commands } = await client.ask('voice.commands', { limit: SEARCHED_MAX })
  const ids = commands.map((one) => one.id)
  const id = await idNamed(said, { one: 'sentence', list: 'paios voice history' }, () => Promise.resolve(ids))
  return commands.find((one) => one.id === id) ?? { id }
}
