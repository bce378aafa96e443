import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { GeneratorValue } from 'fast-check'
import type { ExecutionDetail, WorkflowDefinition, WorkflowStep } from '../../contract/workflows.ts'
import { own, pass } from '../../server/domains/workflows/engine/rig.ts'
import { step } from '../../server/domains/workflows/rig.ts'
import type { Stage } from '../../server/domains/workflows/rig.ts'
import { Fault } from '../../server/kernel/fault.ts'

const RUNS_MAX = 10
const KINDS = ['act', 'send', 'remember', 'wait', 'event', 'set', 'notify', 'act', 'send'] as const
const EVENTS = [
  'agent:execution_completed',
  'workflow:step_completed',
  'workflow:completed',
  'notification:created',
]
const STRATEGIES = ['fail_fast', 'continue', 'retry', 'fallback'] as const
const PRIORITIES = ['low', 'normal', 'high'] as const
/** Transactions that are held so long let everything else in memory get ahead of the store. */
const HELD_TURNS = 200
/** So often a refused write is tried again, after at most so long. */
const [AGAIN_TRIES, AGAIN_MS] = [5, 1_000]

/** What happens to a few workflows, drawn from one generator: they are made, stopped, restarted, and meet a busy store. */
export class Mishaps {
  readonly #stage: Stage
  readonly #draw: (below: number) => number
  readonly #kinds = new Map<string, string>()
  readonly #runs: string[] = []
  readonly #ended = new Map<string, ExecutionDetail>()
  #refusals = 0
  /** How often the store has refused what was to be written. */
  refused = 0

  constructor(stage: Stage, generate: GeneratorValue) {
    this.#stage = stage
    this.#draw = (below) => generate(fc.nat, { max: below - 1 })
    const acts = new Map<string, { ms: number; error?: string }>()
    stage.script = (id, attempt) => {
      const key = `${id}.${attempt}`
      const isQuick = this.#kinds.get(id) === 'remember' || this.#draw(3) === 0
      const act = acts.get(key) ?? {
        ms: isQuick ? 0 : this.#draw(400),
        ...(this.#draw(4) === 0 ? { error: 'no' } : {}),
      }
      acts.set(key, act)
      return act
    }
    this.#refuse()
  }

  /** The store refuses what the engine writes as often as was drawn. */
  #refuse(): void {
    const { store } = this.#stage.app.kernel
    const write = store.write.bind(store)
    const refusing = (work: Parameters<typeof write>[0]): Promise<unknown> => {
      if (this.#refusals === 0 || !/engine\/driver|run\/attempt/u.test(new Error('Who writes?').stack ?? ''))
        return write(work)
      this.#refusals -= 1
      this.refused += 1
      return Promise.reject(new Fault('SERVICE_UNAVAILABLE', 'The disk is full.', { reason: 'disk_full' }))
    }
    Object.assign(store, { write: refusing })
  }

  async happen(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      await this.#one(this.#draw(13))
      await this.#lookAtEnded()
    }
  }

  async #one(what: number): Promise<void> {
    const stage = this.#stage
    const token = await stage.signIn()
    const some = this.#runs[this.#draw(Math.max(1, this.#runs.length))]
    if (what < 4 && this.#runs.length < RUNS_MAX) return this.#start(token)
    if (what === 4 && some !== undefined) await stage.ask(token, 'workflows.stop', { id: some })
    else if (what === 5) {
      this.#refusals = 0
      // What is to be written again waits for a clock that does not go by itself: the server would wait for it, too.
      for (let tries = 0; tries < AGAIN_TRIES; tries += 1) await pass(stage, AGAIN_MS)
      await stage.restart()
      this.#refuse()
    } else if (what === 6) await pass(stage, 0)
    else if (what === 7) stage.clock.advance(this.#draw(300))
    else if (what === 8) {
      stage.clock.jump(this.#draw(1_500))
      await pass(stage, 0)
    } else if (what === 9) await this.#hold(this.#draw(3) === 0 ? some : undefined, token)
    else if (what === 10) this.#refusals = 1 + this.#draw(4)
    else await pass(stage, this.#draw(400))
  }

  async #start(token: string): Promise<void> {
    const strategy = STRATEGIES[this.#draw(4)] ?? 'retry'
    const fallback_steps = strategy === 'fallback' ? this.#steps(1 + this.#draw(3)) : undefined
    const definition: Partial<WorkflowDefinition> = {
      steps: this.#steps(1 + this.#draw(7)),
      error_handling: {
        strategy,
        notification_on_error: this.#draw(2) === 0,
        ...(fallback_steps && { fallback_steps }),
      },
      retry_policy: {
        max_attempts: 1 + this.#draw(3),
        delay_ms: this.#draw(300),
        backoff_strategy: 'fixed',
      },
      timeout_ms: this.#draw(4) === 0 ? 100 + this.#draw(1_000) : 60_000,
    }
    const { id } = await this.#stage.create(definition)
    const priority = PRIORITIES[this.#draw(3)] ?? 'normal'
    const { execution_id } = await this.#stage.ask(token, 'workflows.execute', { id, priority })
    this.#runs.push(execution_id)
  }

  #steps(count: number): WorkflowStep[] {
    const ids: string[] = []
    const isList = this.#draw(3) === 0
    return Array.from({ length: count }, () => {
      const id = `s${this.#kinds.size}`
      const kind = KINDS[this.#draw(KINDS.length)] ?? 'act'
      this.#kinds.set(id, kind)
      const more: Partial<WorkflowStep> = isList ? {} : { depends_on: ids.filter(() => this.#draw(3) === 0) }
      const [first] = more.depends_on ?? []
      if (first !== undefined && this.#draw(5) === 0)
        more.condition = `steps.${first}.status === '${this.#draw(2) === 0 ? 'completed' : 'failed'}'`
      if (this.#draw(6) === 0) more.timeout_ms = 50 + this.#draw(300)
      ids.push(id)
      return this.#step(id, kind, more)
    })
  }

  #step(id: string, kind: (typeof KINDS)[number], more: Partial<WorkflowStep>): WorkflowStep {
    switch (kind) {
      case 'wait':
        return own(id, 'wait', { seconds: this.#draw(3_000) / 3_000 }, more)
      case 'event': {
        const given = { event: EVENTS[this.#draw(4)], timeout_seconds: 1 + this.#draw(3) }
        return own(id, 'wait_for_event', given, more)
      }
      case 'set':
        return own(id, 'set', { value: this.#draw(10) }, more)
      case 'notify':
        return own(id, 'notify', { text: 'hi' }, more)
      default:
        return step(id, { action: kind, ...more })
    }
  }

  /** A transaction takes long: what is stopped, and what ends by itself, meets it. */
  async #hold(stopped: string | undefined, token: string): Promise<void> {
    const { clock } = this.#stage
    let stopping: Promise<unknown> = Promise.resolve()
    await this.#stage.write(async () => {
      if (stopped !== undefined) stopping = this.#stage.call(token, 'workflows.stop', { id: stopped })
      for (const ms of [this.#draw(400), this.#draw(100)]) {
        clock.advance(ms)
        for (let turn = 0; turn < HELD_TURNS; turn += 1) await Promise.resolve()
      }
    })
    await stopping
  }

  /** What has ended changes no more. */
  async #lookAtEnded(): Promise<void> {
    for (const id of this.#runs) {
      const run = await this.#stage.look(id)
      if (run.ended_at === null) continue
      assert.deepEqual(run, this.#ended.get(id) ?? run, 'An ended run has changed.')
      this.#ended.set(id, run)
    }
  }

  /** All runs have ended once, and all that is known of them fits. */
  async check(): Promise<void> {
    const stage = this.#stage
    this.#refusals = 0
    await stage.settle(200_000)
    const told = await stage.told()
    const toldOf = (id: string, name: string, step_id?: string): number =>
      told.filter((event) => {
        const data = event.data as { execution_id?: string; step_id?: string }
        return event.name === name && data.execution_id === id && data.step_id === step_id
      }).length
    for (const id of this.#runs) {
      const run = await stage.look(id)
      assert.notEqual(run.ended_at, null, `${id} has not ended: ${JSON.stringify(run.steps)}`)
      assert.equal(toldOf(id, 'workflow:completed'), 1, 'The end is told once.')
      for (const one of run.steps) {
        const times = toldOf(id, 'workflow:step_completed', one.step_id)
        assert.equal(times, one.status === 'stopped' ? 0 : 1, `${one.step_id} ${one.status} is told once`)
        this.#checkStep(run, one)
      }
    }
    const rows = (sql: string) => stage.app.kernel.store.reader.connection.all(sql, [])
    assert.deepEqual(rows(`SELECT key FROM jobs WHERE kind = 'workflows.run'`), [])
    assert.deepEqual(rows(`SELECT id FROM executions WHERE status IN ('queued', 'executing')`), [])
    assert.deepEqual(rows('SELECT id FROM workflows WHERE execution_count <> finished_count'), [])
  }

  #checkStep({ definition, steps }: ExecutionDetail, one: ExecutionDetail['steps'][number]): void {
    const { step_id, status, attempts, started_at } = one
    const what = `${step_id} ${status} after ${attempts}`
    const done = this.#stage.performed.filter((name) => name.startsWith(`${step_id}.`)).length
    assert.ok(!['pending', 'executing', 'waiting'].includes(status), what)
    assert.ok(attempts <= definition.retry_policy.max_attempts, what)
    if (this.#kinds.get(step_id) === 'send')
      assert.ok(done <= Math.max(1, attempts), `${what}, sent ${done} times`)
    if (status === 'skipped') assert.equal(done, 0, what)
    const { depends_on = [] } = definition.steps.find(({ id }) => id === step_id) ?? {}
    for (const before of steps.filter((other) => depends_on.includes(other.step_id)))
      assert.ok(started_at === null || (before.ended_at ?? '~') <= started_at, `${what}, began too early`)
  }
}
