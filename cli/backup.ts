import { resolve } from 'node:path'
import type { OfflineBackups } from '../server/offline.ts'
import { command } from './control.ts'
import type { Context } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { readPassphrase } from './passphrase.ts'
import type { PassphraseOptions } from './passphrase.ts'
import { openBackups, serverSettings } from './offline.ts'
import { ago, oneLine, table } from './print.ts'

export interface BackupOptions extends PassphraseOptions {
  /** File to write, encrypted. */
  to?: string
}

/** Makes a backup: by the server while it runs, and without it otherwise. */
export async function makeBackup(context: Context, options: BackupOptions): Promise<Answer> {
  // Before a passphrase is typed: is there a key, and is it ours to read? A server that runs has it open already.
  const offline = options.to === undefined ? undefined : await openBackups(context)
  const passphrase = options.to === undefined ? undefined : await readPassphrase(context, options, 'new')
  const { name, bytes } = await make(context, async () => offline ?? openBackups(context))
  const made = `Made ${oneLine(name)}, ${size(bytes)}.`
  if (options.to === undefined || passphrase === undefined || offline === undefined)
    return { data: { name, bytes }, text: made }
  const file = resolve(options.to)
  const sealed = await offline.seal(name, file, passphrase)
  const text = [
    made,
    `Wrote it encrypted to ${oneLine(file)}, ${size(sealed.bytes)}.`,
    'Neither holds the root key, nor the keys of secrets beside it (.slots): keep a copy of both elsewhere.',
  ]
  return { data: { name, bytes, file, file_bytes: sealed.bytes }, text: text.join('\n') }
}

/** The backups in the data folder. */
export async function listBackups(context: Context): Promise<Answer> {
  const { listKept } = await import('../server/offline.ts')
  const all = listKept(serverSettings(context))
  const backups = all.map(({ name, bytes, manifest }) => {
    const { created_at, reason, version } = manifest
    return { name, bytes, created_at, reason, version }
  })
  const rows = backups.map(({ name, bytes, created_at, reason }) => [
    oneLine(name),
    size(bytes),
    oneLine(reason),
    ago(created_at, context.io.now()),
  ])
  return { data: { backups }, text: rows.length === 0 ? 'There is no backup yet: paios backup' : table(rows) }
}

/** Restores a backup into a scratch folder and looks at all of it. */
export async function verifyBackup(
  context: Context,
  name: string | undefined,
  options: PassphraseOptions,
): Promise<Answer> {
  const offline = await openBackups(context, options)
  const { ok, problems, audit_lines, name: found } = await offline.verify(name)
  const text = ok
    ? `${oneLine(found)} can be restored: all of it is whole, and its audit of ${audit_lines} lines holds.`
    : `${oneLine(found)} is damaged:\n${problems.map((problem) => `  ${oneLine(problem)}`).join('\n')}`
  return { data: { name: found, ok, problems, audit_lines }, text, exit: ok ? EXIT.done : EXIT.failed }
}

async function make(
  { io }: Context,
  offline: () => Promise<OfflineBackups>,
): Promise<{ name: string; bytes: number }> {
  try {
    return await command(io.environment, 'backup', {})
  } catch (error) {
    if (!(error instanceof Stop) || error.exit !== EXIT.unreachable) throw error
  }
  const { name, manifest } = await (await offline()).make()
  return { name, bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0) }
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} KB` : `${Math.round(bytes / 100_000) / 10} MB`
}
