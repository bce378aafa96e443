import type { KeyKind } from '../server/kernel/ring.ts'
import { describeRootKey, keepRootKey, rotateRootKey } from '../server/root-key.ts'
import type { Context } from './context.ts'
import { command } from './control.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { serverSettings } from './offline.ts'
import { checkNew, readPassphrase } from './passphrase.ts'
import type { PassphraseOptions } from './passphrase.ts'
import { oneLine } from './print.ts'
import { readAll } from './prompt.ts'

const KINDS: Record<KeyKind, string> = {
  file: 'It lies in a file that only you can read. Whoever has this file and the data can read all secrets.',
  passphrase: 'A passphrase seals it: after each start the server waits for it.',
  keychain: 'It lies in the keychain of this system, and opens while you are signed in there.',
  environment: 'It comes from the environment of the server, which nothing here can change.',
}

/** Makes another key the one that signs access tokens. */
export async function rotateSigning({ io }: Context): Promise<Answer> {
  const { kid } = await command(io.environment, 'rotate-signing', {})
  const text = `Key ${oneLine(kid)} signs from now on. Those who are signed in stay so.`
  return { data: { kid }, text }
}

/** Tells in what the root key is kept. */
export function showKey({ io }: Context): Promise<Answer> {
  return told(() => {
    const { kind, key_file, slots_file } = describeRootKey(serverSettings({ io }))
    if (kind === undefined)
      return {
        data: { kind: null, key_file },
        text: `There is no root key at ${key_file} yet: the first start makes it.`,
      }
    const lines = [
      kind === 'environment' ? 'The root key' : `The root key ${key_file}`,
      KINDS[kind],
      slots_file === undefined
        ? 'No secrets are stored yet.'
        : `The keys of the secrets are in ${slots_file}: keep a copy of both, apart from the backups.`,
    ]
    return { data: { kind, key_file, slots_file: slots_file ?? null }, text: lines.map(oneLine).join('\n') }
  })
}

/** Keeps the root key in another way. */
export async function keepKey(context: Context, kind: KeyKind, options: PassphraseOptions): Promise<Answer> {
  const settings = serverSettings(context)
  const isSealed = (await told(() => describeRootKey(settings))).kind === 'passphrase'
  const wanted = [
    ...(isSealed ? (['known'] as const) : []),
    ...(kind === 'passphrase' ? (['new'] as const) : []),
  ]
  const given = await readEach(context, options, wanted)
  const known = isSealed ? given[0] : undefined
  await told(() =>
    keepRootKey({ ...settings, passphrase: known }, kind, kind === 'passphrase' ? given.at(-1) : undefined),
  )
  const old =
    kind === 'file'
      ? ''
      : '\nWhat lay in the file before may still be on the disk: paios key rotate makes it worthless for secrets.'
  return { data: { kind }, text: `The root key is kept in another way now. ${KINDS[kind]}${old}` }
}

/** Makes another root key; the server must be stopped. */
export async function rotateKey(context: Context, options: PassphraseOptions): Promise<Answer> {
  const settings = serverSettings(context)
  const isSealed = (await told(() => describeRootKey(settings))).kind === 'passphrase'
  const [passphrase] = isSealed ? await readEach(context, options, ['known']) : []
  const { resealed } = await told(() => rotateRootKey({ ...settings, passphrase }))
  const keys = resealed === 1 ? 'The key of one user was' : `The keys of ${resealed} users were`
  const text = `There is another root key. ${keys} sealed by it. Replace the copies that you keep of ${settings.key_file} and of the file of keys beside it.`
  return { data: { resealed }, text: oneLine(text) }
}

/** Gives a sealed server its passphrase. */
export async function unsealServer(context: Context, options: PassphraseOptions): Promise<Answer> {
  const [passphrase = ''] = await readEach(context, options, ['known'])
  await command(context.io.environment, 'unseal', { passphrase })
  return { data: { sealed: false }, text: 'The passphrase is right: the server opens.' }
}

/** Has a running server forget its keys until it is given the passphrase again. */
export async function sealServer({ io }: Context): Promise<Answer> {
  await command(io.environment, 'seal', {})
  return { data: { sealed: true }, text: 'The server is sealed. It opens again with: paios key unseal' }
}

/** Takes passphrases in this order: from the lines of standard input, or asked for one by one. */
async function readEach(
  context: Context,
  options: PassphraseOptions,
  kinds: readonly ('known' | 'new')[],
): Promise<string[]> {
  if (kinds.length === 0) return []
  if (options.passphraseStdin !== true) {
    const given: string[] = []
    for (const kind of kinds) given.push(await readPassphrase(context, options, kind))
    return given
  }
  const lines = (await readAll(context.io)).replace(/\r?\n$/, '').split(/\r?\n/)
  if (lines.length !== kinds.length)
    throw new Stop(EXIT.usage, `Standard input must have ${kinds.length} lines: ${kinds.join(', then ')}.`)
  kinds.forEach((kind, index) => kind === 'new' && checkNew(lines[index] ?? ''))
  return lines
}

async function told<T>(work: () => T): Promise<T> {
  try {
    return await Promise.resolve(work())
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new Stop(EXIT.failed, error.message, { cause: error })
  }
}
