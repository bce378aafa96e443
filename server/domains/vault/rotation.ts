import type { Kysely } from 'kysely'
import { credentials } from '../../../contract/credentials.ts'
import { writes } from '../../kernel/answers.ts'
import type { Answer } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { openTurns } from '../../kernel/turns.ts'
import type { Notifications } from '../notifications/index.ts'
import type { Keyslots } from './keyslots.ts'
import type { Safe } from './safe.ts'
import { vaultStore } from './store.ts'
import type { CredentialRow, VaultTables } from './store.ts'

type Db = Kysely<VaultTables>

export interface Rotation {
  /**
   * Makes the next key of a user, before the transaction, since it is a file: unless a change is under way, which is
   * joined. Where something is to be shredded one is made all the same: it may be under the newest.
   */
  prepare(user_id: string, how?: { shreds: true }): void
  /** Starts the change to the newest key, after which the old ones are destroyed. */
  start(tx: Tx, user_id: string): void
  answer: Answer
  begin(): Promise<void>
}

interface RotationParts {
  slots: Keyslots
  safe: Safe
  notifications: Pick<Notifications, 'notify'>
}

const JOB = 'vault.rotate'
const LEASE_MS = 60_000
const keyOf = (user_id: string): string => `${JOB} ${user_id}`
/** Credentials that are sealed anew in one transaction. */
const AT_ONCE = 100

/**
 * Gives a user a new key and seals everything under it, while it is used: both keys open until nothing is left under the
 * old one, which is destroyed then. A killed process goes on where it was.
 */
export function openRotation(kernel: Kernel, parts: RotationParts): Rotation {
  const { slots } = parts
  const enqueue = (tx: Tx, user_id: string): void => {
    kernel.jobs.enqueue(tx, { kind: JOB, key: keyOf(user_id), user_id, payload: {}, priority: 'low' })
  }
  const prepare = (user_id: string, how?: { shreds: true }): void => {
    const { connection } = kernel.store.reader
    const isUnderWay = vaultStore.isUnderWay(connection, { kind: JOB, key: keyOf(user_id) })
    if (how?.shreds === true || !isUnderWay) slots.renew(user_id)
  }
  const tell = (tx: Tx, user_id: string, text: string) =>
    parts.notifications.notify(tx, user_id, { source_agent: 0, severity: 'critical', text })
  const sealAll = openSealing(kernel, parts)
  const sealFormers = openSealingFormers(kernel, parts)
  /** Only once all of it is on the disk does nothing need the old keys; those that anything still names are kept. */
  const destroyOld = async (user_id: string): Promise<void> => {
    await kernel.store.settled()
    const named = new Set(await vaultStore.keysOf(kernel.store.reader.tables<VaultTables>(), user_id))
    const { id: newest } = slots.current(user_id)
    const old = slots.of(user_id).filter((id) => id !== newest && !named.has(id))
    slots.destroy(user_id, old)
  }
  kernel.jobs.handle(JOB, {
    concurrency_max: 1,
    per_user_max: 4,
    total_max: 10_000,
    lease_ms: LEASE_MS,
    attempts_max: 5,
    run: async (job, signal) => {
      const { user_id } = job
      const closed = await sealAll(user_id, signal)
      // All are under the newest key by now, so that no former one comes to be under another any more.
      await sealFormers(user_id, signal)
      await destroyOld(user_id)
      await kernel.store.write(async (tx) => {
        job.finish(tx)
        if (closed > 0)
          await tell(
            tx,
            user_id,
            `${closed} of your credentials could not be opened, so their old key was not destroyed: the list of credentials says which are damaged. Give each another secret, or delete it.`,
          )
      })
    },
    giveUp: (job, error) => {
      kernel.log.error('a user key could not be changed', { user_id: job.user_id, error })
      return kernel.store.write(async (tx) => {
        job.finish(tx)
        await tell(
          tx,
          job.user_id,
          'The key of your credentials could not be changed; the old one was not destroyed.',
        )
      })
    },
  })
  return {
    prepare,
    start: enqueue,
    answer: writes(credentials.rotate, {
      prepare: ({ user_id }) => Promise.resolve(prepare(user_id)),
      commit: (tx, { user_id }) => {
        enqueue(tx, user_id)
        return Promise.resolve({ encryption_key_id: slots.current(user_id).id })
      },
    }),
    /** A key that was made before its job was committed is finished all the same. */
    begin: async () => {
      for (const user_id of slots.unfinished())
        await kernel.store.write((tx) => Promise.resolve(enqueue(tx, user_id)))
    },
  }
}

/** Seals everything of a user under the newest key, some at a time; answers how many could not be opened. */
function openSealing(
  kernel: Kernel,
  { slots, safe }: { slots: Keyslots; safe: Safe },
): (user_id: string, signal: AbortSignal) => Promise<number> {
  /** Seals some anew, those after an id; answers the last of them, and how many could not be opened. */
  const piece = (user_id: string, after: string): Promise<{ last: string | undefined; closed: number }> =>
    kernel.store.write(async (tx) => {
      const breathe = openTurns(kernel.clock)
      const db = tx.tables<VaultTables>()
      const { id: key_id } = slots.current(user_id)
      const rows = await vaultStore.underOther(db, user_id, { key_id, after }, AT_ONCE)
      let closed = 0
      for (const row of rows) {
        await breathe()
        if (!(await again(db, row))) closed += 1
      }
      return { last: rows.length < AT_ONCE ? undefined : rows.at(-1)?.id, closed }
    })
  const again = async (db: Db, row: CredentialRow): Promise<boolean> => {
    try {
      const { secret, about: opened } = await safe.open(db, row)
      const { number: _number, ...about } = opened
      const sealed = await safe.seal(db, row, about, secret).finally(() => secret.fill(0))
      await vaultStore.update(db, { id: row.id, user_id: row.user_id, ...sealed })
      return true
    } catch (error) {
      // What somebody has damaged keeps nothing else from its new key, and keeps its own.
      if (error instanceof Fault) return false
      throw error
    }
  }
  return async (user_id, signal) => {
    let closed = 0
    for (let after: string | undefined = ''; after !== undefined;) {
      signal.throwIfAborted()
      const done = await piece(user_id, after)
      closed += done.closed
      after = done.last
    }
    return closed
  }
}

/** Seals the former secrets of a user under the newest key, some at a time; what cannot be opened any more is let go of. */
function openSealingFormers(
  kernel: Kernel,
  { safe }: { safe: Safe },
): (user_id: string, signal: AbortSignal) => Promise<void> {
  const piece = (user_id: string, after: string): Promise<string | undefined> =>
    kernel.store.write(async (tx) => {
      const breathe = openTurns(kernel.clock)
      const db = tx.tables<VaultTables>()
      const rows = await vaultStore.withFormer(db, user_id, after, AT_ONCE)
      for (const row of rows) {
        await breathe()
        await vaultStore.update(db, { id: row.id, user_id, ...resealed(row) })
      }
      return rows.length < AT_ONCE ? undefined : rows.at(-1)?.id
    })
  const resealed = (row: CredentialRow): Pick<CredentialRow, 'former' | 'former_at'> => {
    try {
      return { former: safe.resealFormer(row), former_at: row.former_at }
    } catch (error) {
      if (error instanceof Fault) return { former: null, former_at: null }
      throw error
    }
  }
  return async (user_id, signal) => {
    for (let after: string | undefined = ''; after !== undefined; after = await piece(user_id, after))
      signal.throwIfAborted()
  }
}
