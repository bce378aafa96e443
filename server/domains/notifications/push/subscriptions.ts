import { notifications } from '../../../../contract/notifications.ts'
import type { PushSubscription } from '../../../../contract/notifications.ts'
import { reads, writes } from '../../../kernel/answers.ts'
import type { Answers } from '../../../kernel/answers.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { NotificationTables, SubscriptionRow } from '../store.ts'
import { checkSubscription, shorten } from './endpoint.ts'
import type { PushKeys } from './keys.ts'
import { subscriptions } from './store.ts'

const PER_USER_MAX = 20
const USER_AGENT_MAX = 256

interface Parts {
  keys: () => Promise<PushKeys>
  hosts: readonly string[]
  /** Sends a test to a subscription of the user. */
  test: (tx: Tx, user_id: string, id: string) => void
}

/** What users ask about the browsers in which they are told things. */
export function subscribing(kernel: Kernel, { keys, hosts, test }: Parts): Answers {
  return {
    [notifications.push.name]: reads(notifications.push, async ({ user_id }) => {
      const { public_key } = await keys()
      const rows = await subscriptions.list(kernel.store.reader.tables<NotificationTables>(), user_id)
      return { public_key, subscriptions: rows.map(toSubscription) }
    }),
    [notifications.push_add.name]: writes(notifications.push_add, {
      commit: async (tx, { user_id, user_agent }, given) => {
        checkSubscription(given, hosts)
        const db = tx.tables<NotificationTables>()
        const row: SubscriptionRow = {
          id: kernel.id(),
          user_id,
          // As the platform writes it, so that the same one is the same text.
          endpoint: new URL(given.endpoint).href,
          p256dh: given.keys.p256dh.replace('=', ''),
          auth: given.keys.auth.replaceAll('=', ''),
          user_agent: user_agent.slice(0, USER_AGENT_MAX),
          created_at: kernel.now(),
          last_success: null,
          failures: 0,
        }
        await subscriptions.replace(db, row)
        if ((await subscriptions.list(db, user_id)).length >= PER_USER_MAX)
          throw new Fault(
            'VALIDATION_ERROR',
            `At most ${PER_USER_MAX} browsers can be told things: remove one first.`,
            undefined,
            { status: 409 },
          )
        await subscriptions.insert(db, row)
        return toSubscription(row)
      },
    }),
    [notifications.push_remove.name]: writes(notifications.push_remove, {
      commit: async (tx, { user_id }, { id }) => {
        await need(tx, user_id, id)
        await subscriptions.remove(tx.tables<NotificationTables>(), user_id, id)
        return {}
      },
    }),
    [notifications.push_test.name]: writes(notifications.push_test, {
      commit: async (tx, { user_id }, { id }) => {
        await need(tx, user_id, id)
        test(tx, user_id, id)
        return {}
      },
    }),
  }
}

async function need(tx: Tx, user_id: string, id: string): Promise<void> {
  if ((await subscriptions.find(tx.tables<NotificationTables>(), user_id, id)) === undefined)
    throw new Fault('VALIDATION_ERROR', `There is no push subscription ${id}.`, { id }, { status: 404 })
}

function toSubscription(row: SubscriptionRow): PushSubscription {
  const { id, endpoint, user_agent, created_at, last_success, failures } = row
  return {
    id,
    endpoint: shorten(endpoint),
    user_agent,
    created_at,
    ...(last_success === null ? {} : { last_success }),
    failures,
  }
}
