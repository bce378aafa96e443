import { isAbsolute, resolve } from 'node:path'
import { existsSync } from 'node:fs'
import { confirm } from './confirm.ts'
import type { ConfirmOptions } from './confirm.ts'
import type { Context } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { readPassphrase } from './passphrase.ts'
import type { PassphraseOptions } from './passphrase.ts'
import { openBackups } from './offline.ts'
import { oneLine } from './print.ts'

export interface RestoreOptions extends PassphraseOptions, ConfirmOptions {}

/** Puts a backup in the place of the data of this machine's server, which must not run. */
export async function restoreBackup(
  context: Context,
  given: string,
  options: RestoreOptions,
): Promise<Answer> {
  const offline = await openBackups(context)
  // A path is one from where the command is given.
  const source = isAbsolute(given) || existsSync(given) ? resolve(given) : given
  offline.requireRestorable(source)
  const isSealed = offline.isSealed(source)
  if (!context.interactive) requireOptions(options, isSealed)
  await confirm(context, options, `Put ${oneLine(given)} in the place of all data of this server?`)
  const passphrase = isSealed ? await readPassphrase(context, options, 'known') : undefined
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

/** A script is told at once what it has to give. */
function requireOptions({ yes = false, passphraseStdin = false }: RestoreOptions, isSealed: boolean): void {
  const missing = [...(yes ? [] : ['--yes']), ...(isSealed && !passphraseStdin ? ['--passphrase-stdin'] : [])]
  if (missing.length > 0)
    throw new Stop(EXIT.usage, `There is nobody to ask: give ${missing.join(' and ')}. Nothing was changed.`)
}
