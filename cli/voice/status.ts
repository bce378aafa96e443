import type { Operations } from '../../contract/index.ts'
import type { Output } from '../../contract/operation.ts'
import { isThisMachine } from '../../sdk/origin.ts'
import type { Context } from '../context.ts'
import { requireSignedIn } from '../context.ts'
import type { Answer } from '../exit.ts'
import { oneLine, table } from '../print.ts'
import { sayVoiceSettings } from './settings.ts'

type Capabilities = Output<Operations['voice.capabilities']>

/** What hears and speaks here, what is missing and how to get it, and the settings. */
export async function showVoice(context: Context): Promise<Answer> {
  await requireSignedIn(context)
  const found = await context.client.ask('voice.capabilities')
  const parts = [
    sayEngines(found),
    ...sayMissing(found, context.client.url),
    ...sayPhrases(found),
    sayVoiceSettings(found.settings),
  ]
  return { data: found, text: parts.join('\n\n') }
}

const DOES: Readonly<Record<string, string>> = {
  understanding: 'understands',
  stt: 'hears',
  tts: 'speaks',
}

function sayEngines({ engines, languages, voices }: Capabilities): string {
  const rows = engines.map(({ name, kind, remote, ok, problem }) => [
    oneLine(String(name)),
    DOES[String(kind)] ?? oneLine(String(kind)),
    remote === true ? 'on another machine' : 'here',
    ok === true ? 'ready' : oneLine(String(problem)),
  ])
  const heard = engines.some(({ kind, ok }) => kind === 'stt' && ok === true)
  // The first of the voices is whichever fits.
  const count = Math.max(0, voices.length - 1)
  return [
    table([['ENGINE', 'DOES', 'WHERE', 'IS'], ...rows]),
    heard
      ? `Understood when spoken: ${oneLine(languages.join(', '))}.`
      : 'Nothing is understood when spoken. Typed sentences need no engine: paios ask "what can you do"',
    `It speaks with ${count} ${count === 1 ? 'voice' : 'voices'}: paios voice voices`,
  ].join('\n')
}

function sayPhrases({ wake_phrases = [] }: Capabilities): string[] {
  return wake_phrases.length === 0 ? [] : [`Recorded to wake: ${oneLine(wake_phrases.join(', '))}`]
}

function sayMissing({ missing }: Capabilities, url: string): string[] {
  if (missing.length === 0) return []
  const lines = missing.map(({ what, how }) => `  ${oneLine(what)}: ${oneLine(how)}`)
  // What comes with packages of the system can be had with them; an engine that does not answer can not.
  const command = missing.some(({ how }) => how.includes('espeak-ng'))
    ? 'paios voice install --languages'
    : 'paios voice install'
  const where = isThisMachine(url) ? '' : ', on the machine of the server'
  const get = missing.some(({ how }) => how.includes('apt-get')) ? [`Get it with: ${command}${where}`] : []
  return [['Missing:', ...lines, ...get].join('\n')]
}
