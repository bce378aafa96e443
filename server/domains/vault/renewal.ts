import { credentials } from '../../../contract/credentials.ts'
import { writes } from '../../kernel/answers.ts'
import type { Answer } from '../../kernel/answers.ts'
import { iso } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reader, Tx } from '../../kernel/store/store.ts'
import type { EgressContext } from '../egress/index.ts'
import type { Notifications } from '../notifications/index.ts'
import type { Lend } from './lend.ts'
import { openEnding, openRequest, requestKeyOf } from './renewed.ts'
import type { Ending } from './renewed.ts'
import type { Reseal } from './reseal.ts'
import type { Safe } from './safe.ts'
import { vaultStore } from './store.ts'
import type { CredentialRow, VaultTables } from './store.ts'
import { knownOf, need } from './view.ts'

/** A service that can give a credential another secret, and the agent that is set up with it. */
export interface Renewer {
  credential_id: string
  agent_id: string
  agent_number: number
  /** What the integration is called. */
  integration: string
}

/**
 * What a service answered: the next secret, or why there is none. `text` is all of it, for the vault alone. With `is_part`
 * it may be the beginning of an answer; with `is_other` the service took the request for another than it had under that key.
 */
export type Renewed =
  | { value: string; text: string; expires_at: string | undefined }
  | { refused: string; text?: string; is_part?: boolean; is_other?: boolean }

/** The services that renew credentials, as the integrations know them. */
export interface Renewing {
  renewers(user_id: string): Promise<Renewer[]>
  /**
   * Asks the service once, with the present secret; `key` is the same in each try to get one that may have been made.
   * `begins` is awaited before the first byte is sent: from then on the service may make one whose answer never comes.
   *
   * @throws Error when it is not known whether the service has made one.
   */
  renew(
    renewer: Renewer,
    how: { user_id: string; key: string; signal: AbortSignal; begins: () => Promise<void> } & Required<
      Pick<EgressContext, 'lend'>
    >,
  ): Promise<Renewed>
}

interface RenewalParts {
  safe: Safe
  reseal: Reseal
  lend: Lend
  notifications: Pick<Notifications, 'notify'>
  renewing: Renewing
}

export interface Renewal {
  answer: Answer
  /** Has everything be renewed that wants to be and ends soon, or has ended. */
  renewDue(signal: AbortSignal): Promise<void>
  /** The same of one whose end or whose wish was set. */
  look(tx: Tx, row: CredentialRow): void
  isUnderWay(db: Pick<Reader, 'connection'>, credential_id: string): boolean
  /** What the service is called that renews a credential by itself, by the id of that. */
  namesOf(user_id: string): Promise<ReadonlyMap<string, string>>
}

const JOB = 'vault.renew'
const DAY_MS = 86_400_000
/** Days before its end at which a credential is renewed: as many tries are left when a service fails. */
const DAYS_BEFORE = 7
/** Longer than any exchange may take: a secret that comes after the end of the job would belong to nobody. */
const LEASE_MS = 600_000
const AT_ONCE = 50

/** What a job is about. */
export interface Task {
  credential_id: string
  /** Whether it is tried again tomorrow. */
  is_due: boolean
  /** What a service knows a repetition by: nothing that may change between two tries belongs into it. */
  request_key: string
}

type Enqueue = (tx: Tx, user_id: string, task: Omit<Task, 'request_key'>) => void

/**
 * Has services give credentials other secrets, before they end and when it is asked for.
 *
 * Invariants: R1 what a service answers is committed in one transaction as soon as it is here, and nothing of it is
 * kept anywhere else. R2 the present secret stays until then, and is the former one afterwards. R3 a credential is
 * renewed once at a time.
 */
export function openRenewal(kernel: Kernel, parts: RenewalParts): Renewal {
  const renewerOf = async (user_id: string, credential_id: string) =>
    (await parts.renewing.renewers(user_id)).find((one) => one.credential_id === credential_id)
  const enqueue = openQueue(kernel)
  const end = openEnding(kernel, parts)
  handleRenewals(kernel, { ...parts, end, renewerOf })
  return {
    answer: writes(credentials.renew, {
      prepare: ({ user_id }, { credential_id }) => renewerOf(user_id, credential_id),
      commit: async (tx, { user_id }, { credential_id }, renewer) => {
        const row = await need(tx, user_id, credential_id)
        if (renewer === undefined)
          throw new Fault(
            'VALIDATION_ERROR',
            'No service can give it another secret: the rotation of an integration does that, while it and its agent are on.',
            { credential_id },
            { status: 409 },
          )
        const joined = isUnderWay(tx, credential_id) ? { joined: true } : {}
        // Whoever waits is answered, also where nobody had asked for it.
        if (joined.joined === true) await end.await(tx, row)
        enqueue(tx, user_id, { credential_id, is_due: false })
        const { agent_number, integration } = renewer
        return { credential_id, agent_number, integration, ...joined }
      },
    }),
    renewDue: (signal) => enqueueDue(kernel, parts, signal, enqueue),
    look: (tx, row) => {
      const { id: credential_id, user_id, expires_at } = row
      const isSoon = expires_at !== null && expires_at <= soonOf(kernel)
      // Whether a service can do it the job finds out: here nothing else may be awaited.
      if (isSoon && wantsRenewal(parts.safe, row))
        whereRoom(() => enqueue(tx, user_id, { credential_id, is_due: true }))
    },
    isUnderWay,
    namesOf: async (user_id) =>
      new Map(
        (await parts.renewing.renewers(user_id)).map((one) => [one.credential_id, one.integration] as const),
      ),
  }
}

interface Handling extends Pick<RenewalParts, 'lend' | 'renewing'> {
  end: Ending
  renewerOf: (user_id: string, credential_id: string) => Promise<Renewer | undefined>
}

/** Asks the services, some at a time, and once again where it is not known what they have made. */
function handleRenewals(kernel: Kernel, { lend, renewing, end, renewerOf }: Handling): void {
  const { store, jobs } = kernel
  jobs.handle(JOB, {
    concurrency_max: 8,
    // Services of one user that never answer hold up nobody else's.
    per_lane_at_once: 2,
    per_user_max: 1_000,
    total_max: 10_000,
    lease_ms: LEASE_MS,
    attempts_max: 3,
    run: async (job, signal) => {
      const { user_id } = job
      const { credential_id } = job.payload as Task
      const row = await vaultStore.find(store.reader.tables<VaultTables>(), user_id, credential_id)
      const renewer = await renewerOf(user_id, credential_id)
      if (row === undefined || renewer === undefined) return end.without(job)
      const { agent_id } = renewer
      /** Whether one may have been made before, by a request that nothing is known of. */
      const is_open = openRequest(kernel, row) !== undefined
      const answered = await renewing.renew(renewer, {
        user_id,
        signal,
        key: requestKeyOf(kernel, row, job),
        lend: (use) => lend({ user_id, agent_id, ...use, though_expired: true }),
        begins: () => end.began(job),
      })
      await end.with(job, renewer, answered, { is_open })
    },
    giveUp: async (job, error) => {
      const why = error instanceof Fault ? error.message : 'That could not be done.'
      await end.failed(job, why)
    },
  })
}

function isUnderWay({ connection }: Pick<Reader, 'connection'>, key: string): boolean {
  return vaultStore.isUnderWay(connection, { kind: JOB, key })
}

function openQueue({ jobs, id }: Pick<Kernel, 'jobs' | 'id'>): Enqueue {
  return (tx, user_id, task) => {
    const key = task.credential_id
    // Enqueueing it anew would end what is under way, and a secret could be lost on the way.
    if (isUnderWay(tx, key)) return
    const payload: Task = { ...task, request_key: id() }
    jobs.enqueue(tx, { kind: JOB, key, user_id, lane: user_id, payload, priority: 'low' })
  }
}

/** What nobody waits for is left for another day where a queue is full, which keeps nothing else from being done. */
function whereRoom(enqueue: () => void): void {
  try {
    enqueue()
  } catch (error) {
    if (!(error instanceof Fault) || error.name !== 'SYSTEM_OVERLOADED') throw error
  }
}

/** What ends by then is renewed. */
function soonOf({ clock }: Pick<Kernel, 'clock'>): string {
  return iso(clock.now() + DAYS_BEFORE * DAY_MS)
}

/** Goes through what ends soon, some at a time. */
async function enqueueDue(
  kernel: Kernel,
  { safe, renewing }: Pick<RenewalParts, 'safe' | 'renewing'>,
  signal: AbortSignal,
  enqueue: Enqueue,
): Promise<void> {
  const { store } = kernel
  const until = soonOf(kernel)
  const known = new Map<string, Set<string>>()
  const isRenewed = async ({ user_id, id }: CredentialRow): Promise<boolean> => {
    const ids =
      known.get(user_id) ?? new Set((await renewing.renewers(user_id)).map((one) => one.credential_id))
    if (!known.has(user_id)) known.clear()
    known.set(user_id, ids)
    return ids.has(id)
  }
  for (let after: string | undefined = ''; after !== undefined;) {
    signal.throwIfAborted()
    const db = store.reader.tables<VaultTables>()
    const rows = await vaultStore.endingBy(db, { until, after }, AT_ONCE)
    const due: CredentialRow[] = []
    for (const row of rows) if (wantsRenewal(safe, row) && (await isRenewed(row))) due.push(row)
    if (due.length > 0)
      await store.write((tx) => {
        for (const { user_id, id } of due)
          whereRoom(() => enqueue(tx, user_id, { credential_id: id, is_due: true }))
        return Promise.resolve()
      })
    after = rows.length < AT_ONCE ? undefined : rows.at(-1)?.id
  }
}

/** Not one that was damaged: nobody knows what its owner wants. */
function wantsRenewal(safe: Pick<Safe, 'aboutOf'>, row: CredentialRow): boolean {
  return knownOf(safe, row)?.auto_rotate ?? false
}
