import type { CredentialData } from '../../../contract/credentials.ts'
import { LostJobError } from '../../kernel/job.ts'
import type { Job } from '../../kernel/job.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { SECRET_CHARACTERS_MIN } from '../../kernel/redact.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Notifications } from '../notifications/index.ts'
import { hintOf } from './kept.ts'
import type { Renewed, Renewer, Task } from './renewal.ts'
import type { Reseal } from './reseal.ts'
import { toBytes, toData } from './safe.ts'
import type { Safe } from './safe.ts'
import { vaultStore } from './store.ts'
import type { CredentialRow, VaultTables } from './store.ts'
import { keptRenewal, knownOf } from './view.ts'
import type { KeptRenewal } from './view.ts'

const SECRET_BYTES_MAX = 65_536
/** Where an answer is kept in which no secret was found; as much of it. */
const UNREAD = 'rotation_answer'
const UNREAD_CHARACTERS_MAX = 16_384

interface EndingParts {
  safe: Safe
  reseal: Reseal
  notifications: Pick<Notifications, 'notify'>
}

/** What a renewal can come to, each in one transaction. */
export interface Ending {
  /** A request is about to be sent: until it is answered, the service may have made a secret that nobody has. */
  began(job: Job): Promise<void>
  /** There is nothing to renew any more, or nobody who could. */
  without(job: Job): Promise<void>
  failed(job: Job, why: string): Promise<void>
  /** @param how - whether an earlier request may have led to a secret that did not arrive. */
  with(job: Job, renewer: Renewer, answered: Renewed, how: { is_open: boolean }): Promise<void>
  /** Somebody waits for what is under way. */
  await(tx: Tx, row: CredentialRow): Promise<unknown>
}

/** No service knows a request for longer: after that it is asked by another key. */
const REQUEST_MS = 3 * 86_400_000

/** The request whose answer never came as a whole, while a service may still know it. */
export function openRequest(
  { clock }: Pick<Kernel, 'clock'>,
  row: CredentialRow,
): { request_key: string; requested_at: string } | undefined {
  const { request_key, requested_at } = keptRenewal(row) ?? {}
  if (request_key === undefined || requested_at === undefined) return undefined
  return Date.parse(requested_at) + REQUEST_MS < clock.now() ? undefined : { request_key, requested_at }
}

/**
 * By what a service knows a repetition: of a request whose answer never came, also by the next job, which may have the
 * secret that was made then; after an answer another.
 */
export function requestKeyOf(kernel: Pick<Kernel, 'clock'>, row: CredentialRow, { payload }: Job): string {
  return openRequest(kernel, row)?.request_key ?? (payload as Task).request_key
}

export function openEnding(kernel: Kernel, parts: EndingParts): Ending {
  const { store } = kernel
  const { safe } = parts
  const change = openChanging(kernel, parts)
  const { tell, note, sayFailed } = openTelling(kernel, parts)
  return {
    await: (tx, row) => note(tx, row, { ...keptRenewal(row), state: 'under_way' }),
    began: (job) =>
      store.write(async (tx) => {
        job.hold(tx)
        const row = await find(tx, job)
        if (row === undefined) return
        const { requested_at = kernel.now() } = openRequest(kernel, row) ?? {}
        await note(tx, row, { state: 'under_way', request_key: requestKeyOf(kernel, row, job), requested_at })
      }),
    without: (job) =>
      store.write(async (tx) => {
        job.finish(tx)
        const row = await find(tx, job)
        if (row === undefined) return
        const { state } = keptRenewal(row) ?? {}
        const isOpen = openRequest(kernel, row) !== undefined
        // What nobody has asked for, and nobody can do, is left alone.
        if ((job.payload as Task).is_due && state !== 'under_way' && !isOpen) return
        await sayFailed(tx, job, row, { why: 'No service can do that any more.', isOpen })
      }),
    failed: (job, why) =>
      store.write(async (tx) => {
        if (!finish(tx, job)) return
        const row = await find(tx, job)
        if (row === undefined) return
        await sayFailed(tx, job, row, { why, isOpen: openRequest(kernel, row) !== undefined })
      }),
    with: (job, renewer, answered, { is_open }) =>
      store.write(async (tx) => {
        const isHeld = finish(tx, job)
        const row = await find(tx, job)
        // What came is kept whoever has the job by now; what did not come is for that one to tell.
        if (row === undefined || (!isHeld && 'refused' in answered && !answered.text)) return
        const data = toData((await safe.open(tx.tables<VaultTables>(), row)).secret)
        const problem =
          'refused' in answered
            ? answered.refused
            : problemOf(answered.value, data.value, renewer.integration)
        if (problem === undefined && 'value' in answered) {
          await tell(tx, job, 'info', await change.renew(tx, { row, data }, renewer, answered))
          await note(tx, row, { state: 'renewed' })
          return
        }
        const kept = await change.keepUnread(tx, { row, data }, answered.text)
        await sayFailed(tx, job, row, {
          why: `${problem ?? ''}${kept}`,
          isOpen: isStillOpen(answered, is_open),
        })
      }),
  }
}

/** What is told of a renewal, and kept of how it went. */
function openTelling(kernel: Kernel, { safe, notifications }: Pick<EndingParts, 'safe' | 'notifications'>) {
  const tell = (tx: Tx, { user_id }: Job, severity: 'info' | 'warning', text: string) =>
    notifications.notify(tx, user_id, { source_agent: 9, severity, text })
  const note = (tx: Tx, { id, user_id }: CredentialRow, how: Omit<KeptRenewal, 'at'>): Promise<unknown> => {
    const renewal = JSON.stringify({ ...how, at: kernel.now() } satisfies KeptRenewal)
    return vaultStore.update(tx.tables<VaultTables>(), { id, user_id, renewal })
  }
  /** @param isOpen - whether the service may have made one that did not arrive: it is asked by the same key again. */
  const sayFailed = async (
    tx: Tx,
    job: Job,
    row: CredentialRow,
    { why, isOpen }: { why: string; isOpen: boolean },
  ): Promise<void> => {
    const name = knownOf(safe, row)?.service_name
    const about = name === undefined ? 'A credential that was damaged' : `The credential for ${name}`
    const again = (job.payload as Task).is_due ? ' It is tried again tomorrow.' : ''
    const reason = isOpen ? `${why} It may have made one that did not arrive.` : why
    const text = `${about} was not given another secret: ${reason} The one that it has was kept.${again}`
    await tell(tx, job, 'warning', text)
    const request = isOpen ? openRequest(kernel, row) : undefined
    await note(tx, row, { ...request, state: 'failed', reason })
  }
  return { tell, note, sayFailed }
}

/** A credential and what it holds. */
interface Opened {
  row: CredentialRow
  data: CredentialData
}

/** What is done to a credential; each answers what its owner is told. */
function openChanging({ events }: Kernel, { safe, reseal }: Omit<EndingParts, 'notifications'>) {
  return {
    keepUnread: async (tx: Tx, { row, data }: Opened, text: string | undefined): Promise<string> => {
      if (text === undefined || text === '') return ''
      const kept = text.slice(0, UNREAD_CHARACTERS_MAX).toWellFormed()
      const additional_fields = { ...data.additional_fields, [UNREAD]: kept }
      const { number: _number, hint, sealed: _sealed, ...about } = safe.aboutOf(row)
      const secret = toBytes({ ...data, additional_fields })
      await reseal(tx, row, about, { secret, hint, sealed: undefined, replaces: false })
      return ` All that it answered is kept in the field ${UNREAD} of the credential.`
    },
    renew: async (
      tx: Tx,
      { row, data }: Opened,
      { agent_number, integration }: Renewer,
      { value, expires_at = null }: { value: string; expires_at?: string | null | undefined },
    ): Promise<string> => {
      const { user_id, id: credential_id } = row
      const { number: _number, hint: _hint, sealed: _sealed, ...known } = safe.aboutOf(row)
      const { [UNREAD]: _unread, ...fields } = data.additional_fields ?? {}
      const secret = toBytes({
        value,
        ...(data.additional_fields === undefined ? {} : { additional_fields: fields }),
      })
      const next = { secret, hint: hintOf(value).hint, sealed: undefined, replaces: true }
      await reseal(tx, row, { ...known, expires_at }, next)
      const { service_name } = known
      const told = { credential_id, service_name, agent_number, integration, expires_at }
      events.tell(tx, 'credential:rotated', user_id, told)
      const when = expires_at === null ? ' It was not said when that ends.' : ''
      return `${integration} gave the credential for ${service_name} another secret.${when} The former one is kept for 30 days.`
    },
  }
}

/** Whether the job was still held by who ends it. */
function finish(tx: Tx, job: Job): boolean {
  try {
    job.finish(tx)
    return true
  } catch (error) {
    if (error instanceof LostJobError) return false
    throw error
  }
}

/**
 * Whether a service may have a secret that did not arrive, after it was asked by the same key once more: a refusal says
 * nothing of that, and neither does what may not be all of an answer.
 */
function isStillOpen(answered: Renewed, is_open: boolean): boolean {
  if (!('refused' in answered)) return false
  return answered.is_part === true || (is_open && answered.is_other !== true && !answered.text)
}

function find(tx: Tx, { user_id, payload }: Job): Promise<CredentialRow | undefined> {
  return vaultStore.find(tx.tables<VaultTables>(), user_id, (payload as Task).credential_id)
}

/** Why a text is no secret that could follow another. */
function problemOf(value: string, present: string, name: string): string | undefined {
  if (value === present) return `${name} gave the same one again.`
  // A line end, for one, has no way into a header.
  if (value.length < SECRET_CHARACTERS_MIN || !value.isWellFormed() || /\p{Cc}/u.test(value))
    return `What ${name} gave is no secret that could be used.`
  return Buffer.byteLength(value) > SECRET_BYTES_MAX ? `What ${name} gave is too long.` : undefined
}
