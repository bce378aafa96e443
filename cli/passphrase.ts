import type { Context } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import { prompt, readAll } from './prompt.ts'

/** A passphrase never stands on the command line, where others could read it. */
export interface PassphraseOptions {
  passphraseStdin?: boolean
}

const LENGTH_MIN = 12

/**
 * Takes a passphrase from standard input, or asks for it.
 *
 * @param kind - a `new` one is asked for twice, because nobody sees what they type.
 */
export async function readPassphrase(
  { io, interactive }: Pick<Context, 'io' | 'interactive'>,
  { passphraseStdin = false }: PassphraseOptions,
  kind: 'known' | 'new',
): Promise<string> {
  const passphrase = passphraseStdin
    ? (await readAll(io)).replace(/\r?\n$/, '')
    : await ask({ io, interactive }, kind)
  if (kind === 'new') checkNew(passphrase)
  return passphrase
}

/** @throws Stop for a new passphrase that is too short. */
export function checkNew(passphrase: string): void {
  if (passphrase.length < LENGTH_MIN)
    throw new Stop(EXIT.usage, `A passphrase has at least ${LENGTH_MIN} characters. Nothing was done.`)
}

async function ask({ io, interactive }: Pick<Context, 'io' | 'interactive'>, kind: 'known' | 'new') {
  if (!interactive) throw new Stop(EXIT.usage, 'There is nobody to ask: give --passphrase-stdin.')
  const again = kind === 'new' ? [{ text: 'The same again: ', hidden: true }] : []
  const label = kind === 'new' ? `New passphrase (${LENGTH_MIN} characters or more): ` : 'Passphrase: '
  const replies = await prompt(io, [{ text: label, hidden: true }, ...again])
  const [first, second = first] = replies ?? []
  if (first === undefined) throw new Stop(EXIT.failed, 'Cancelled. Nothing was done.')
  if (first !== second) throw new Stop(EXIT.failed, 'The two passphrases differ. Nothing was done.')
  return first
}
