import { Fault } from '../../../kernel/fault.ts'
import type { Job } from '../../../kernel/job.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { decide } from '../decide.ts'
import type { Wishes } from '../decide.ts'
import { told } from '../store.ts'
import type { NotificationTables, SubscriptionRow } from '../store.ts'
import type { PushKeys } from './keys.ts'
import { TTL_MS, toRequest } from './message.ts'
import type { Notice, PushRequest } from './message.ts'
import { subscriptions } from './store.ts'

const JOB = 'notifications.push'
/** Messages that wait for push services, of a user and of the server; what is beyond is told in the app alone. */
const PER_USER_MAX = 1_000
const TOTAL_MAX = 100_000
const LEASE_MS = 60_000
/** With waits that double from two seconds on, the last attempt is some nine hours after the first. */
const ATTEMPTS_MAX = 18
/** Refusals after which a subscription is taken for a broken one. */
const FAILURES_MAX = 5

/** Within a lease; whatever a push service has to say, its status says enough. A message is for nobody else's eyes. */
const BOUNDS = { timeout_ms: 30_000, bytes_max: 65_536, redirects_max: 0 }

/** The way out to other machines, as far as push needs it. */
export interface PushEgress {
  request(
    request: PushRequest & typeof BOUNDS,
    context: { user_id: string; signal: AbortSignal; hosts: readonly string[] },
  ): Promise<{ status: number; headers: Readonly<Record<string, string>>; body: Uint8Array }>
}

interface Parts {
  egress: PushEgress
  keys: () => Promise<PushKeys>
  hosts: readonly string[]
  wishesOf: (user_id: string) => Promise<Wishes>
  /** Tells the user that a browser is told nothing more. */
  dropped: (tx: Tx, subscription: SubscriptionRow) => Promise<void>
}

interface Payload {
  subscription_id: string
  /** Absent in a test. */
  notification_id?: string
}

export interface Push {
  /** Sends a stored notification to every browser of its user. */
  send(tx: Tx, user_id: string, notification_id: string): Promise<void>
  test(tx: Tx, user_id: string, subscription_id: string): void
}

/** What there is to send now: nothing any more, nothing before a time (epoch ms), or this. */
type Ready = 'over' | { later: number } | { notice: Notice; ttl_ms: number }

/**
 * Sends to browsers that show no page, one durable job for each browser and notification. After a crash one may be sent
 * twice; the browser then shows it once, because both have the same tag.
 */
export function openPush(kernel: Kernel, parts: Parts): Push {
  const enqueue = (tx: Tx, user_id: string, payload: Payload, run_at?: number): void => {
    const key = `${payload.subscription_id}:${payload.notification_id ?? 'test'}`
    const at = run_at === undefined ? {} : { run_at }
    // One after the other to each browser: they come in their order, and one that is slow takes one place.
    const lane = payload.subscription_id
    kernel.jobs.enqueue(tx, { kind: JOB, key, user_id, payload, lane, ...at })
  }
  const send: Push['send'] = async (tx, user_id, notification_id) => {
    for (const { id } of await subscriptions.list(tx.tables<NotificationTables>(), user_id)) {
      try {
        enqueue(tx, user_id, { subscription_id: id, notification_id })
      } catch (error) {
        // It is stored and told in the app: that must not fail because push services do not keep up.
        if (!(error instanceof Fault)) throw error
        kernel.log.warn('too many push messages wait; one is left out', { user_id, notification_id })
      }
    }
  }
  kernel.jobs.handle(JOB, {
    concurrency_max: 8,
    per_lane_at_once: 1,
    per_user_max: PER_USER_MAX,
    total_max: TOTAL_MAX,
    lease_ms: LEASE_MS,
    attempts_max: ATTEMPTS_MAX,
    run: async (job, signal) => {
      const { user_id } = job
      const payload = job.payload as Payload
      const db = kernel.store.reader.tables<NotificationTables>()
      const subscription = await subscriptions.find(db, user_id, payload.subscription_id)
      const ready = await prepare(kernel, await parts.wishesOf(user_id), user_id, payload)
      if (subscription === undefined || ready === 'over') return end(kernel, job)
      if ('later' in ready)
        return kernel.store.write((tx) => Promise.resolve(enqueue(tx, user_id, payload, ready.later)))
      const made = { keys: await parts.keys(), subject: subjectOf(kernel.settings.public_url), ...ready }
      const request = await toRequest(subscription, ready.notice, made)
      const status = await post(parts, request, { user_id, signal, hosts: parts.hosts })
      await kernel.store.write(async (tx) => {
        job.finish(tx)
        await conclude(kernel, parts, tx, subscription, status)
      })
    },
    giveUp: (job) => end(kernel, job),
  })
  return {
    send,
    test: (tx, user_id, subscription_id) => enqueue(tx, user_id, { subscription_id }),
  }
}

function end(kernel: Kernel, job: Job): Promise<void> {
  return kernel.store.write((tx) => Promise.resolve(job.finish(tx)))
}

/** Looks at what the user wants now, which may be another thing than when it was told. */
async function prepare(
  kernel: Kernel,
  wishes: Wishes,
  user_id: string,
  { notification_id }: Payload,
): Promise<Ready> {
  if (notification_id === undefined) {
    const text = 'This is how PAIOS tells you things here.'
    return { notice: { notification_id: null, text, severity: 'info' }, ttl_ms: TTL_MS }
  }
  const now = kernel.clock.now()
  const db = kernel.store.reader.tables<NotificationTables>()
  const row = await told.find(db, user_id, notification_id)
  if (row === undefined || row.read_at !== null) return 'over'
  const ttl_ms = Date.parse(row.delivered_at ?? row.created_at) + TTL_MS - now
  if (ttl_ms <= 0) return 'over'
  const way = decide(wishes, row.severity, now)
  if (way.held_until !== undefined) return { later: way.held_until }
  return way.push ? { notice: row, ttl_ms } : 'over'
}

/** The status that the push service answered with. @throws Error for what another attempt may mend. */
async function post(
  { egress }: Pick<Parts, 'egress'>,
  request: PushRequest,
  context: Parameters<PushEgress['request']>[1],
): Promise<number> {
  let status: number
  try {
    status = (await egress.request({ ...request, ...BOUNDS }, context)).status
  } catch {
    // What was thrown may name the address, and this one is logged.
    throw new Error('The push service could not be reached.')
  }
  if (status === 408 || status === 429 || status >= 500)
    throw new Error(`The push service answered with ${status}.`)
  return status
}

async function conclude(
  kernel: Kernel,
  { dropped }: Pick<Parts, 'dropped'>,
  tx: Tx,
  { user_id, id }: SubscriptionRow,
  status: number,
): Promise<void> {
  const db = tx.tables<NotificationTables>()
  // What others that ran meanwhile have counted must count, too.
  const subscription = await subscriptions.find(db, user_id, id)
  if (subscription === undefined) return
  if (status >= 200 && status < 300) {
    await subscriptions.change(db, user_id, id, { last_success: kernel.now(), failures: 0 })
  } else if (status === 404 || status === 410) {
    await subscriptions.remove(db, user_id, id)
  } else if (subscription.failures + 1 < FAILURES_MAX) {
    await subscriptions.change(db, user_id, id, { failures: subscription.failures + 1 })
  } else {
    await subscriptions.remove(db, user_id, id)
    await dropped(tx, subscription)
  }
}

/** A push service may turn away what names this machine alone, so only a public address is named. */
function subjectOf(public_url: string): string {
  return public_url.startsWith('https://') ? public_url : 'mailto:push@paios.invalid'
}
