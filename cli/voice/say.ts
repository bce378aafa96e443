import type { Operations } from '../../contract/index.ts'
import type { Output } from '../../contract/operation.ts'
import type { Context } from '../context.ts'
import { requireSignedIn } from '../context.ts'
import { EXIT, Stop } from '../exit.ts'
import type { Answer } from '../exit.ts'
import { oneLine, table } from '../print.ts'
import { readAll } from '../prompt.ts'
import { readNumber } from './keys.ts'
import { plainly } from './plainly.ts'
import { SEE_VOICES } from './settings.ts'
import { deliver, targetOf } from './sound.ts'
import type { OutOptions } from './sound.ts'

export interface SayOptions extends OutOptions {
  language?: string
  voice?: string
  rate?: string
  pitch?: string
  volume?: string
}

/** Has a text spoken, as a WAV file. */
export async function sayText(
  context: Context,
  words: readonly string[],
  options: SayOptions,
): Promise<Answer> {
  const { language, voice: voice_id, rate, pitch, volume } = options
  const manner = {
    ...(language === undefined ? {} : { language }),
    ...(voice_id === undefined ? {} : { voice_id }),
    ...(rate === undefined ? {} : { speech_rate: readNumber('--rate', rate, 'factor') }),
    ...(pitch === undefined ? {} : { pitch: readNumber('--pitch', pitch, 'factor') }),
    ...(volume === undefined ? {} : { volume: readNumber('--volume', volume, 'share') }),
  }
  const target = targetOf(context, options)
  const text = words.length === 1 && words[0] === '-' ? await readAll(context.io) : words.join(' ')
  if (text.trim() === '') throw new Stop(EXIT.usage, 'There is nothing to say.')
  await requireSignedIn(context)
  const said = await plainly(context.client.ask('voice.synthesize', { text, ...manner }), CALLED)
  const { format, duration } = said
  return deliver(context, target, await soundOf(context, said), { format, duration })
}

const CALLED = {
  '/text': { name: 'The text' },
  '/voice_id': { name: '--voice', see: SEE_VOICES },
  '/language': { name: '--language' },
}

type Said = Output<Operations['voice.synthesize']>

/** A long sound does not come along with its answer; it is fetched. */
async function soundOf({ client }: Context, { audio_data, audio_url }: Said): Promise<Buffer> {
  const id = audio_url.slice(audio_url.lastIndexOf('/') + 1)
  const data = audio_data ?? (await client.ask('voice.audio', { id })).audio_data
  return Buffer.from(data, 'base64')
}

/** Voices that there are, of one language or all. */
export async function listVoices(context: Context, { language }: { language?: string }): Promise<Answer> {
  await requireSignedIn(context)
  const { voices } = await context.client.ask('voice.capabilities')
  const wanted = language?.toLowerCase()
  const found = voices.filter(({ language: tag }) => {
    const own = textOf(tag).toLowerCase()
    return wanted === undefined || own === wanted || own.startsWith(`${wanted}-`)
  })
  const rows = found.map(({ voice_id, language: tag = 'any', name }) =>
    [voice_id, tag, name].map((cell) => oneLine(textOf(cell))),
  )
  const text =
    rows.length === 0
      ? `There is no voice for ${oneLine(language ?? 'any language')} here. What is missing is told by: paios voice`
      : table([['VOICE', 'LANGUAGE', 'NAME'], ...rows])
  return { data: { voices: found }, text }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
