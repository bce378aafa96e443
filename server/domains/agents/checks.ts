import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { stored } from '../../kernel/stored.ts'
import type { ChecksCapability, Stored } from '../../skills/capabilities.ts'
import { stateOf } from '../../skills/skill.ts'
import type { Check, Checked, Skill } from '../../skills/skill.ts'
import type { Memories, RecordRow } from '../memory/index.ts'
import type { Notifications } from '../notifications/index.ts'
import { openSpending } from './checks/spending.ts'
import type { Accounts, Spending } from './checks/spending.ts'
import type { Grant, Skills } from './skills.ts'
import { agentStore } from './store.ts'
import type { AgentRow, AgentTables } from './store.ts'

const CHECK_JOB = 'agents.check'
/** How long one look may take; the lease leaves time to write what came of it. */
const LOOK_MS = 60_000
const LEASE_MS = 90_000
/** When to try again what failed for reasons that its skill does not know. */
const FAILED_MS = 3_600_000
/** When to ask again whether an agent is back that is switched off, deleted, or out of time for today. */
const RESTING_MS = 600_000

type Job = Parameters<Parameters<Kernel['jobs']['handle']>[1]['run']>[0]

interface Parts extends Accounts {
  memory: Memories
  notifications: Notifications
  skills: Skills
  /** IANA zone of the user. */
  zoneOf: (user_id: string) => string
}

/** What is looked at, as it was when the look began. */
interface Seen {
  row: RecordRow
  state: unknown
  skill: Skill
  check: Check
  agent: AgentRow
}

/**
 * Durable checks of documents, for every installed skill that has one. A look may take its time and writes nothing;
 * what came of it, the notification, the next check and the job's end are one transaction, so a crash leaves all or
 * nothing of it, and what was not written is looked at again. A document that changed meanwhile wins over the look.
 */
export function openChecks(kernel: Kernel, parts: Parts): (grant: Grant) => ChecksCapability {
  const set = (tx: Tx, user_id: string, key: string, due: number): void => {
    // Every user has a lane, so that one whose hosts are slow holds up no other.
    const job = { kind: CHECK_JOB, key, user_id, lane: user_id, payload: {}, run_at: due }
    kernel.jobs.enqueue(tx, { ...job, priority: 'low' })
  }
  kernel.jobs.handle(CHECK_JOB, {
    concurrency_max: 8,
    per_lane_at_once: 2,
    per_user_max: 1_000,
    total_max: 100_000,
    lease_ms: LEASE_MS,
    attempts_max: 5,
    run: (job, signal) => new Looker(kernel, parts, set).run(job, signal),
    giveUp: (job, error) =>
      kernel.store.write((tx) => {
        kernel.log.error('a check fails again and again', { key: job.key, error })
        job.finish(tx)
        set(tx, job.user_id, job.key, kernel.clock.now() + FAILED_MS)
        return Promise.resolve()
      }),
  })
  // One that is gone needs nothing: its check finds that out and ends.
  parts.memory.onRestored((tx, user_id, id, row) => {
    const found = row && skillOf(parts.skills, row)
    if (row !== undefined && found?.check.group === row.group_name) set(tx, user_id, id, kernel.clock.now())
  })
  return ({ db, owner }) => {
    const tx = (): Tx => {
      if ('afterCommit' in db) return db
      throw new Error('An action that reads tried to set a check.')
    }
    return {
      set: async (record_id, due) => {
        set(tx(), owner.user_id, record_id, due)
        await Promise.resolve()
      },
      cancel: async (record_id) => {
        kernel.jobs.cancel(tx(), CHECK_JOB, record_id)
        await Promise.resolve()
      },
    }
  }
}

function skillOf(skills: Skills, { collection }: RecordRow): { skill: Skill; check: Check } | undefined {
  for (const skill of skills.all()) {
    if (skill.check?.collection === collection) return { skill, check: skill.check }
  }
  return undefined
}

/** Performs one check. */
class Looker {
  readonly #kernel: Kernel
  readonly #parts: Parts
  readonly #set: (tx: Tx, user_id: string, key: string, due: number) => void

  constructor(
    kernel: Kernel,
    parts: Parts,
    set: (tx: Tx, user_id: string, key: string, due: number) => void,
  ) {
    this.#kernel = kernel
    this.#parts = parts
    this.#set = set
  }

  async run(job: Job, signal: AbortSignal): Promise<void> {
    const { store } = this.#kernel
    const seen = await store.write((tx) => this.#see(tx, job))
    if (seen === undefined) return
    const spending = openSpending(this.#kernel, this.#parts, seen.agent, LOOK_MS)
    try {
      if (spending.left_ms === 0) return await store.write((tx) => Promise.resolve(this.#rest(tx, job)))
      const checked = await this.#look(seen, spending, signal)
      await store.write(async (tx) => {
        await this.#write(tx, job, seen, checked)
        spending.settle(tx)
      })
    } catch (error) {
      await spending.settleLost()
      throw error
    } finally {
      spending.end()
    }
  }

  /** What there is to look at; ends the job, or puts it off, when there is nothing. */
  async #see(tx: Tx, job: Job): Promise<Seen | undefined> {
    const { memory, skills } = this.#parts
    const { user_id, key } = job
    const row = await memory.recordOf(tx, user_id, key)
    const found = row && skillOf(skills, row)
    const isDue = row !== undefined && row.group_name === found?.check.group && memory.fits(row)
    if (row === undefined || found === undefined || !isDue) {
      job.finish(tx)
      if (row === undefined) await this.#forget(tx, user_id, key)
      return undefined
    }
    const agent = await agentStore.anyById(tx.tables<AgentTables>(), user_id, row.agent_id)
    if (agent === undefined || agent.is_active === 0 || agent.deleted_at !== null) {
      this.#rest(tx, job)
      return undefined
    }
    const kept = await memory.recordOf(tx, user_id, stateOf(found.check, key).id)
    const state: unknown = kept === undefined ? undefined : stored(kept.body)
    return { ...found, row, state, agent }
  }

  #rest(tx: Tx, job: Job): void {
    job.finish(tx)
    this.#set(tx, job.user_id, job.key, this.#kernel.clock.now() + RESTING_MS)
  }

  async #look(
    { row, state, skill, check, agent }: Seen,
    { meter, left_ms }: Spending,
    signal: AbortSignal,
  ): Promise<Checked> {
    const { clock, id, store } = this.#kernel
    const { user_id, agent_id } = row
    const late = new AbortController()
    const cancel = clock.after(left_ms, () => late.abort(new Error('It looked for too long.')))
    const either = AbortSignal.any([signal, late.signal])
    const { promise: ended, reject } = Promise.withResolvers<never>()
    either.addEventListener('abort', () => reject(either.reason as Error), { once: true })
    if (either.aborted) reject(either.reason as Error)
    const can = this.#parts.skills.grant(skill, {
      owner: { user_id, agent_id },
      agent_number: agent.agent_number,
      now: clock.now(),
      id,
      db: store.reader,
      note: undefined,
      time_zone: this.#parts.zoneOf(user_id),
      signal: either,
      meter,
    })
    try {
      return await Promise.race([check.look(can, toStored(row), state, either), ended])
    } finally {
      cancel()
    }
  }

  async #write(tx: Tx, job: Job, { row, check, agent }: Seen, checked: Checked): Promise<void> {
    const { memory, notifications } = this.#parts
    const { user_id, key } = job
    job.finish(tx)
    const current = await memory.recordOf(tx, user_id, key)
    if (current === undefined) return this.#forget(tx, user_id, key)
    if (!isSame(current, row)) return this.#set(tx, user_id, key, this.#kernel.clock.now())
    const { state, text, severity = 'info', next_due } = checked
    const body = JSON.stringify(state ?? null)
    await memory.putRecord(tx, { ...row, ...stateOf(check, key), group_name: '', body })
    if (text !== undefined) {
      await notifications.notify(tx, user_id, {
        source_agent: agent.agent_number,
        severity,
        text,
      })
    }
    if (next_due !== undefined) this.#set(tx, user_id, key, next_due)
  }

  /** Removes what is kept of checks of a document that is gone, whichever skill's it was. */
  async #forget(tx: Tx, user_id: string, key: string): Promise<void> {
    const { memory, skills } = this.#parts
    for (const { check } of skills.all()) {
      const kept = check && (await memory.recordOf(tx, user_id, stateOf(check, key).id))
      if (check === undefined || kept === undefined) continue
      const { clock, id } = this.#kernel
      const owner = { user_id, agent_id: kept.agent_id }
      // Nobody takes this back: the state is of use to nobody without its document.
      const records = memory.bindRecords({ owner, now: clock.now(), id, db: tx, note: () => {} })
      await records.remove(stateOf(check, key).collection, kept.id)
    }
  }
}

function isSame(a: RecordRow, b: RecordRow): boolean {
  return a.group_name === b.group_name && a.at === b.at && a.body === b.body
}

function toStored(row: RecordRow): Stored<unknown> {
  return {
    id: row.id,
    group: row.group_name,
    at: row.at,
    body: JSON.parse(row.body) as unknown,
    created_at: row.created_at,
  }
}
