import { parentPort } from 'node:worker_threads'
import type { PureTask } from './domains/agents/run/worker.ts'
import type { CompileTask } from './domains/integrations/openapi/compile.ts'
import type { WorkerAnswer } from './kernel/workers.ts'
import { ActionError } from './skills/skill.ts'
import type { Skill } from './skills/skill.ts'
import type { Capabilities } from './skills/capabilities.ts'

/** The skills that have pure actions; each is loaded when it is first asked for. */
const SKILLS: Readonly<Record<string, () => Promise<Skill>>> = {
  data: async () => (await import('./skills/data/index.ts')).data,
  text: async () => (await import('./skills/text/index.ts')).text,
  watcher: async () => (await import('./skills/watcher/index.ts')).watcher,
  fetcher: async () => (await import('./skills/fetcher/index.ts')).fetcher,
}

/** Work of domains that is no action: a document becomes actions. */
type Task = PureTask | { compile: CompileTask }

async function work(task: Task): Promise<unknown> {
  if (!('compile' in task)) return perform(task)
  const { compile } = await import('./domains/integrations/openapi/compile.ts')
  return compile(task.compile)
}

async function perform({ skill, action: name, parameters, clock }: PureTask): Promise<unknown> {
  const load = Object.hasOwn(SKILLS, skill) ? SKILLS[skill] : undefined
  const actions = (await load?.())?.actions
  const action = actions !== undefined && Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action?.pure !== true) throw new Error(`${skill} has no pure action ${name}.`)
  // A pure action names no capability but the clock, so no other is here.
  return action.perform({ clock } as Capabilities, parameters)
}

const answer = (said: WorkerAnswer): void => parentPort?.postMessage(said)

parentPort?.on('message', ({ id, task }: { id: number; task: Task }) => {
  work(task).then(
    (value) => answer({ id, value }),
    (error: unknown) =>
      answer(
        error instanceof ActionError
          ? { id, refused: error.message }
          : { id, failed: error instanceof Error ? error.message : 'unknown' },
      ),
  )
})
