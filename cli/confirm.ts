import type { Context } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import { prompt } from './prompt.ts'

export interface ConfirmOptions {
  /** Does not ask. */
  yes?: boolean
}

/**
 * Goes on only after a yes: typed at the terminal, or given beforehand.
 *
 * @param question - what is asked, without what has to be typed.
 * @param shown - lines that are to be read before, fit for a terminal.
 * @throws Stop otherwise.
 */
export async function confirm(
  { io, interactive }: Pick<Context, 'io' | 'interactive'>,
  { yes = false }: ConfirmOptions,
  question: string,
  shown: readonly string[] = [],
): Promise<void> {
  if (yes) return
  for (const line of shown) io.stderr.write(`${line}\n`)
  if (!interactive) throw new Stop(EXIT.usage, 'There is nobody to ask: give --yes. Nothing was changed.')
  const [reply] = (await prompt(io, [{ text: `${question} Type yes: ` }])) ?? []
  if (reply?.trim().toLowerCase() !== 'yes') throw new Stop(EXIT.failed, 'Cancelled. Nothing was changed.')
}
