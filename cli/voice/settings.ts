import type { VoiceSettings } from '../../contract/voice.ts'
import type { Context } from '../context.ts'
import { requireSignedIn } from '../context.ts'
import { EXIT, Stop } from '../exit.ts'
import type { Answer } from '../exit.ts'
import { oneLine, table } from '../print.ts'
import { SETTING_KEYS, readNumber } from './keys.ts'
import { plainly } from './plainly.ts'
import type { Called } from './plainly.ts'

type Key = keyof typeof SETTING_KEYS

/** Changes a setting. What a language or a voice is, the server knows. */
export async function setVoice(context: Context, key: string, value: string): Promise<Answer> {
  if (!isKey(key))
    throw new Stop(
      EXIT.usage,
      `There is no setting ${JSON.stringify(key)}, but: ${Object.keys(SETTING_KEYS).join(', ')}.`,
    )
  const change = { [SETTING_KEYS[key][0]]: readValue(key, value) }
  await requireSignedIn(context)
  const settings = await plainly(context.client.ask('voice.settings', change), CALLED)
  return { data: settings, text: `${key} is ${sayValue(settings, key)} now.` }
}

/** Voices that there are. */
export const SEE_VOICES = 'Those that there are: paios voice voices'
const CALLED: Called = Object.fromEntries(
  Object.entries(SETTING_KEYS).map(([name, [field]]) => [
    `/${field}`,
    field === 'voice_id' ? { name, see: SEE_VOICES } : { name },
  ]),
)

function isKey(key: string): key is Key {
  return Object.hasOwn(SETTING_KEYS, key)
}

function readValue(key: Key, value: string): string | number | boolean | string[] {
  const [, kind] = SETTING_KEYS[key]
  if (kind === 'factor' || kind === 'share') return readNumber(key, value, kind)
  if (kind === 'text') return value
  if (kind === 'switch') {
    if (value === 'on' || value === 'off') return value === 'on'
    throw new Stop(EXIT.usage, `${key} is on or off, not ${JSON.stringify(value)}.`)
  }
  const words = value.split(',').map((word) => word.trim())
  if (words.every((word) => word !== '')) return words
  throw new Stop(EXIT.usage, `${key} are separated by commas, such as: "hey paios, computer"`)
}

/** All settings, by the names that they are changed by. */
export function sayVoiceSettings(settings: VoiceSettings): string {
  return table(
    Object.keys(SETTING_KEYS)
      .filter(isKey)
      .map((key) => [key, sayValue(settings, key)]),
  )
}

function sayValue(settings: VoiceSettings, key: Key): string {
  const value = settings[SETTING_KEYS[key][0]]
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return oneLine(Array.isArray(value) ? value.join(', ') : String(value))
}
