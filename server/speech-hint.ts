import { existsSync } from 'node:fs'
import { missing } from './domains/speech/ears/library.ts'
import type { Places } from './domains/speech/ears/library.ts'
import type { Speech } from './domains/speech/index.ts'

interface HintOptions {
  places?: Places
  /** What installs packages here, where systems have it unless given. */
  installer?: string
}

/** What to tell at a terminal when nothing here hears, and a command would change that; nothing otherwise. */
export async function speechHint(
  speech: Pick<Speech, 'facts'>,
  { places, installer = '/usr/bin/apt-get' }: HintOptions = {},
): Promise<string | undefined> {
  if (missing(places) === undefined || !existsSync(installer)) return undefined
  // An engine of the owner's own hears as well; it is asked only where the recogniser is missing.
  const { engines } = await speech.facts()
  if (engines.some(({ kind, ok }) => kind === 'stt' && ok)) return undefined
  return 'It does not hear yet, as its recogniser is not installed: npx paios voice install'
}
