import { isAbsolute, resolve } from 'node:path'
import { existsSync } from 'node:fs'
import type { Context } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { readPassphrase } from './passphrase.ts'
import type { PassphraseOptions } from './passphrase.ts'
import { openBackups } from './offline.ts'
import { oneLine } from './print.ts'
import { prompt } from './prompt.ts'

export interface RestoreOptions extends PassphraseOptions {
  /** Does not ask once more. */
  yes?: boolean
}

/** Puts a backup in the place of the data of this machine's server, which must not run. */
export async function restoreBackup(
  context: Context,
  given: string,
  options: RestoreOptions,
): Promise<Answer> {
  const offline = await openBackups(context.io.environment)
  // A path is one from where the command is given.
  const source = isAbsolute(given) || existsSync(given) ? resolve(given) : given
  const passphrase = offline.isSealed(source) ? await readPassphrase(context, options, 'known') : undefined
  await confirm(context, given, options)
  const { manifest, audit_lines, before } = await offline.restore(source, passphrase)
  const text = [
    `Restored the backup of ${manifest.created_at}: all of it is whole, and its audit of ${audit_lines} lines holds.`,
    ...toldBefore(before),
    'Everybody signs in again, and agents from outside are registered anew. Start the server with: npm start',
  ]
  return {
    data: { created_at: manifest.created_at, version: manifest.version, audit_lines, before: before ?? null },
    text: text.join('\n'),
  }
}

type Before = Awaited<ReturnType<Awaited<ReturnType<typeof openBackups>>['restore']>>['before']

function toldBefore(before: Before): string[] {
  if (before === undefined) return []
  if ('backup' in before) return [`To take that back: paios restore ${before.backup}`]
  return [`What was there is damaged (${oneLine(before.why)}) and is kept as it was in ${before.folder}.`]
}

async function confirm(
  { io, interactive }: Context,
  given: string,
  { yes = false }: RestoreOptions,
): Promise<void> {
  if (yes) return
  if (!interactive) throw new Stop(EXIT.usage, 'There is nobody to ask: give --yes.')
  const text = `Put ${oneLine(given)} in the place of all data of this server? Type yes: `
  const [reply] = (await prompt(io, [{ text }])) ?? []
  if (reply?.trim().toLowerCase() !== 'yes') throw new Stop(EXIT.failed, 'Cancelled. Nothing was changed.')
}
