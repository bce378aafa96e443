import type { Credential, CredentialData } from '../../contract/credentials.ts'
import { confirm } from '../confirm.ts'
import type { ConfirmOptions } from '../confirm.ts'
import type { Context } from '../context.ts'
import { requireSignedIn } from '../context.ts'
import { EXIT, Stop } from '../exit.ts'
import type { Answer } from '../exit.ts'
import { readLimit } from '../limit.ts'
import { ago, oneLine, table, visible } from '../print.ts'
import { SEARCHED_MAX, short } from '../short.ts'
import { readTime } from '../time.ts'
import { toLines } from './grants.ts'
import { credentialNamed, nameOf } from './named.ts'
import { sayRenewal } from './renewing.ts'
import { openHere, sealHere, tellRecovery } from './sealing.ts'
import type { OpeningOptions } from './sealing.ts'
import { readSecret } from './secret.ts'
import type { SecretOptions } from './secret.ts'

export interface ListOptions {
  service?: string
  type?: Credential['credential_type']
  limit?: string
}

/** What is stored, without the secrets. */
export async function listCredentials(context: Context, options: ListOptions): Promise<Answer> {
  const { service, type, limit = '100' } = options
  const count = readLimit(limit)
  await requireSignedIn(context)
  const found = await context.client.ask('credentials.list', {
    limit: count,
    ...(service === undefined ? {} : { service_name: service }),
    ...(type === undefined ? {} : { credential_type: type }),
  })
  const now = context.io.now()
  const rows = found.credentials.map((one) => [
    short(one.id),
    nameOf(one),
    one.credential_type,
    usedOf(one, now),
    one.metadata.expires_at?.slice(0, 10) ?? 'never',
  ])
  if (rows.length === 0)
    return { data: found, text: 'Nothing is stored. Store a secret with: paios credentials add SERVICE' }
  const more = found.total_count > rows.length ? `\n${found.total_count - rows.length} more: --limit` : ''
  return { data: found, text: table([['ID', 'SERVICE', 'TYPE', 'USED', 'EXPIRES'], ...rows]) + more }
}

export interface SealingOptions {
  /** Seals the secret here, so that the server cannot open it. */
  sealed?: boolean
}

/** What a credential says of itself; all of it is optional. */
export interface AboutOptions {
  type?: Credential['credential_type']
  description?: string
  expires?: string
  /** Has a service that can give it another secret before it ends. */
  autoRotate?: boolean
}

export async function addCredential(
  context: Context,
  service_name: string,
  { type = 'api_key', ...options }: AboutOptions & SecretOptions & SealingOptions,
): Promise<Answer> {
  const metadata = metadataOf(options)
  await requireSignedIn(context)
  const { credential_data, recovery_key } = await secretOf(context, options)
  const stored = await context.client.ask('credentials.store', {
    service_name,
    credential_type: type,
    credential_data,
    metadata,
  })
  if (recovery_key !== undefined) {
    const text = `Stored ${nameOf(stored)}, ${short(stored.id)}, sealed.\n${tellRecovery(recovery_key)}`
    return { data: { ...stored, recovery_key }, text }
  }
  const text = `Stored ${nameOf(stored)}, ${short(stored.id)}. Let an agent use it: paios credentials grant ${short(stored.id)} AGENT --to ORIGIN`
  return { data: stored, text }
}

/** A secret as it goes to the server: as it is, or sealed before. */
async function secretOf(
  context: Context,
  { sealed = false, ...options }: SecretOptions & SealingOptions,
): Promise<{ credential_data: CredentialData; recovery_key?: string }> {
  const credential_data = await readSecret(context, options)
  return sealed ? sealHere(context, credential_data) : { credential_data }
}

/** A credential without its secret, and who may use it. */
export async function showCredential(context: Context, said: string): Promise<Answer> {
  const credential = await credentialNamed(context, said)
  const { id: credential_id, credential_type, created_at, updated_at, metadata } = credential
  const { renewal, restorable_until } = credential
  const { grants } = await context.client.ask('credentials.grants', { credential_id, limit: SEARCHED_MAX })
  const now = context.io.now()
  const facts = table([
    ['type', credential_type],
    ...(credential.sealed === true ? [['sealed', 'the server cannot open it, and no agent can use it']] : []),
    ...(metadata.description === undefined ? [] : [['description', oneLine(metadata.description)]]),
    ['stored', ago(created_at, now)],
    ['changed', ago(updated_at, now)],
    ['used', `${usedOf(credential, now)}, ${metadata.usage_count} in all`],
    ['expires', metadata.expires_at ?? 'never'],
    ...(metadata.auto_rotate ? [['renewed', 'before it ends, where an integration can']] : []),
    ...(renewal === undefined ? [] : [['renewal', sayRenewal(renewal, now)]]),
    ...(restorable_until === undefined ? [] : [['former secret', `kept until ${restorable_until}`]]),
  ])
  const lent = grants.length === 0 ? ['No agent may use it.'] : ['Agents that may use it:', toLines(grants)]
  const text = [`${nameOf(credential)} ${short(credential_id)}`, '', facts, '', ...lent].join('\n')
  return { data: { credential, grants }, text }
}

export interface RevealOptions extends OpeningOptions {
  field?: string
}

/** The secret itself, or one of its additional fields. */
export async function revealCredential(
  context: Context,
  said: string,
  { field, ...options }: RevealOptions,
): Promise<Answer> {
  const { id } = await credentialNamed(context, said)
  const revealed = await context.client.ask('credentials.get', { id })
  const isSealed = revealed.credential_data.sealed !== undefined
  const credential_data = isSealed
    ? await openHere(context, revealed.credential_data, options)
    : revealed.credential_data
  const { value, additional_fields: fields = {} } = credential_data
  const wanted = field === undefined ? value : Object.hasOwn(fields, field) ? fields[field] : undefined
  if (wanted === undefined) {
    const names = Object.keys(fields).map(oneLine).join(', ')
    throw new Stop(EXIT.failed, `It has no field ${JSON.stringify(field)}; it has: ${names || 'none'}.`)
  }
  // A program that reads it gets every byte; a terminal must not be moved by one.
  const data = { ...revealed, credential_data }
  return { data, text: context.io.stdout.isTTY === true ? visible(wanted) : wanted }
}

export interface UpdateOptions extends AboutOptions, SecretOptions, SealingOptions {
  /** False takes the end away. */
  expiry?: boolean
  service?: string
  /** Asks for a new secret. */
  secret?: boolean
}

export async function updateCredential(
  context: Context,
  said: string,
  { service, type, secret = false, expiry = true, ...options }: UpdateOptions,
): Promise<Answer> {
  if (!expiry && options.expires !== undefined)
    throw new Stop(EXIT.usage, 'Give one of --expires and --no-expiry.')
  const metadata = { ...metadataOf(options), ...(expiry ? {} : { never_expires: true }) }
  const { stdin = false, jsonStdin = false, field = [] } = options
  const isAnew = secret || stdin || jsonStdin || field.length > 0 || options.sealed === true
  const about = {
    ...(service === undefined ? {} : { service_name: service }),
    ...(type === undefined ? {} : { credential_type: type }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  }
  if (!isAnew && Object.keys(about).length === 0)
    throw new Stop(EXIT.usage, 'Say what to change: paios credentials update --help')
  const { id, sealed: wasSealed = false } = await credentialNamed(context, said)
  if (isAnew && wasSealed && options.sealed !== true)
    throw new Stop(
      EXIT.usage,
      'Its secret is sealed: give --sealed for the next one, too, or add another credential.',
    )
  const { recovery_key, ...next } = isAnew ? await secretOf(context, options) : {}
  const changed = await context.client.ask('credentials.update', { id, ...about, ...next })
  const text = `Changed ${nameOf(changed)}${isAnew ? ': it has a new secret' : ''}.`
  if (recovery_key === undefined) return { data: changed, text }
  return { data: { ...changed, recovery_key }, text: `${text}\n${tellRecovery(recovery_key)}` }
}

/** Brings the secret before the present one back; the present one is the former one then. */
export async function restoreCredential(context: Context, said: string): Promise<Answer> {
  const { id: credential_id } = await credentialNamed(context, said)
  const restored = await context.client.ask('credentials.restore', { credential_id })
  const text = `${nameOf(restored)} has its former secret back. The same command takes that back.`
  return { data: restored, text }
}

export interface DeleteOptions extends ConfirmOptions {
  force?: boolean
  shred?: boolean
}

export async function deleteCredential(
  context: Context,
  said: string,
  { force = false, shred = false, ...options }: DeleteOptions,
): Promise<Answer> {
  const credential = await credentialNamed(context, said)
  await confirm(context, options, `Delete ${nameOf(credential)} for good?`)
  await context.client.ask('credentials.delete', { id: credential.id, force, shred })
  return { data: { deleted: credential }, text: `Deleted ${nameOf(credential)}.` }
}

/** Seals everything under a new key; it goes on in the server when this has ended. */
export async function rotateKey(context: Context, options: ConfirmOptions): Promise<Answer> {
  await requireSignedIn(context)
  const loss = 'The old key is destroyed: secrets in backups that were made before can no longer be opened.'
  await confirm(context, options, 'Make a new key?', [loss])
  const made = await context.client.ask('credentials.rotate')
  return {
    data: made,
    text: 'A new key seals your secrets from now on. The old one goes once all are sealed.',
  }
}

function usedOf({ metadata: { last_used } }: Credential, now: number): string {
  return last_used === undefined ? 'never' : ago(last_used, now)
}

function metadataOf({ description, expires, autoRotate }: AboutOptions) {
  return {
    ...(description === undefined ? {} : { description }),
    ...(expires === undefined ? {} : { expires_at: readTime(expires) }),
    ...(autoRotate === undefined ? {} : { auto_rotate: autoRotate }),
  }
}
