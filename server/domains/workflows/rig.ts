import { Type } from 'typebox'
import type { TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type {
  ExecutionDetail,
  Workflow,
  WorkflowDefinition,
  WorkflowReceipt,
  WorkflowStep,
} from '../../../contract/workflows.ts'
import { Fault } from '../../kernel/fault.ts'
import { ActionError, action, shape } from '../../skills/skill.ts'
import type { ActionEffect, Skill } from '../../skills/skill.ts'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { FACTORIES } from '../agents/probe/fixture.ts'
import type { bindMemory } from '../memory/capabilities.ts'

/** How one performance of an act goes, after how many milliseconds. */
export interface Act {
  ms?: number
  result?: unknown
  error?: string
  /** A refusal that no other attempt mends. */
  final?: boolean
  /** It asks to be left alone for so long. */
  retry_after_s?: number
}

/** A server with an agent 20 whose acts are scripted. */
export interface Stage extends Server {
  /** What was performed, in order: step and attempt, as in `a.1`. */
  readonly performed: string[]
  script: (step: string, attempt: number) => Act
  create(definition: Partial<WorkflowDefinition>, name?: string): Promise<Workflow>
  start(id: string, input?: unknown): Promise<WorkflowReceipt>
  /** Forgets what was performed: steps of another run begin with their first attempt. */
  forget(): void
  /** Lets time pass until nothing is left to do, at most so many milliseconds. */
  settle(most_ms?: number): Promise<void>
  look(execution_id: string): Promise<ExecutionDetail>
  /** Creates, starts, and waits for the end. */
  run(definition: Partial<WorkflowDefinition>, input?: unknown): Promise<ExecutionDetail>
}

export async function openStage(
  context: Pick<TestContext, 'after'>,
  options: Parameters<typeof openServer>[1] = {},
): Promise<Stage> {
  const performed: string[] = []
  const attempts = new Map<string, number>()
  let stage: Stage | undefined
  const perform = async (name: string): Promise<unknown> => {
    const attempt = (attempts.get(name) ?? 0) + 1
    attempts.set(name, attempt)
    performed.push(`${name}.${attempt}`)
    const act = stage?.script(name, attempt) ?? {}
    if ((act.ms ?? 0) > 0) await new Promise<void>((resolve) => stage?.clock.after(act.ms ?? 0, resolve))
    if (act.error !== undefined && act.final === true) throw new Fault('VALIDATION_ERROR', act.error)
    if (act.error !== undefined) throw new ActionError(act.error, { cause: pause(act) })
    return act.result ?? { step: name }
  }
  const server = await openServer(context, {
    ...options,
    prepare: (app) => {
      app.agents.skills.install([actor(perform)], FACTORIES)
      options.prepare?.(app)
    },
  })
  await server.own({ agent_number: 20, name: 'Player', config: { preferences: { skill: 'actor' } } })
  let names = 0
  const token = () => server.signIn()
  const settle = async (most_ms = 86_400_000): Promise<void> => {
    let left = most_ms
    for (let turns = 0; turns < 5_000; turns += 1) {
      await quiet(server)
      const next = server.clock.untilNext()
      if (next === undefined || next > left || !(await isBusy(server))) return
      left -= next
      server.clock.advance(next)
    }
    throw new Error('It does not settle.')
  }
  const own: Omit<Stage, keyof Server> = {
    performed,
    script: () => ({}),
    create: async (definition, name) => {
      names += 1
      const given = { name: name ?? `Workflow ${names}`, definition: defined(definition) }
      return server.write((tx) => server.app.workflows.create(tx, server.ann.user_id, given))
    },
    start: async (id, input_data) => server.ask(await token(), 'workflows.execute', { id, input_data }),
    settle,
    forget: () => {
      performed.length = 0
      attempts.clear()
    },
    look: async (id) => server.ask(await token(), 'workflows.execution', { id }),
    run: async (definition, input) => {
      const { id } = await own.create(definition)
      const { execution_id } = await own.start(id, input)
      await settle()
      return own.look(execution_id)
    },
  }
  stage = Object.assign(Object.create(server) as Server, own)
  return stage
}

export function defined(part: Partial<WorkflowDefinition>): WorkflowDefinition {
  return {
    trigger: { type: 'manual', conditions: {} },
    steps: [],
    error_handling: { strategy: 'fail_fast', notification_on_error: false },
    timeout_ms: 3_600_000,
    retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
    ...part,
  }
}

/** A step that acts. */
export function step(id: string, more: Partial<WorkflowStep> = {}): WorkflowStep {
  return { id, agent_number: 20, action: 'act', parameters: { step: id }, ...more }
}

function pause({ retry_after_s }: Act): Fault | undefined {
  if (retry_after_s === undefined) return undefined
  return new Fault('AGENT_EXECUTION_FAILED', 'Not now.', undefined, { retry_after_s })
}

async function isBusy({ app, ann }: Server): Promise<boolean> {
  return (await Promise.resolve(app.kernel.jobs.count('workflows.run', ann.user_id))) > 0
}

/** Waits until nothing more happens without time going by. */
async function quiet({ app }: Server): Promise<void> {
  for (let calm = 0, seen = -1; calm < 6;) {
    await nextTurn()
    const { committed } = app.kernel.store.progress
    calm = committed === seen ? calm + 1 : 0
    seen = committed
  }
}

function actor(perform: (step: string) => Promise<unknown>): Skill {
  const acted = (effect: ActionEffect) =>
    action({
      summary: 'Acts.',
      parameters: shape({ step: Type.String(), value: Type.Optional(Type.Unknown()) }),
      result: Type.Unknown(),
      effect,
      phrases: [],
      examples: [],
      perform: async (_can, { step: name }) => ({ data: await perform(name), text: name }),
    })
  const remember = action({
    summary: 'Remembers the step.',
    parameters: shape({ step: Type.String() }),
    result: Type.Unknown(),
    effect: 'write',
    phrases: [],
    examples: [],
    perform: async (can: { memory: ReturnType<typeof bindMemory> }, { step: name }) => {
      await can.memory.store({ memory_type: 'act', content: name })
      return { data: await perform(name), text: name }
    },
  })
  const actions = { act: acted('read'), send: acted('network'), remember }
  return { name: 'actor', agent: { number: 18, name: 'Actor', description: '' }, needs: ['memory'], actions }
}
