import { setImmediate as nextTurn } from 'node:timers/promises'
import type { VoiceProcessed } from '../../../../contract/voice.ts'
import type { ExecutionDetail, Workflow, WorkflowDefinition } from '../../../../contract/workflows.ts'
import { PASSWORD } from '../../../../test/app.ts'
import { defined } from '../../workflows/rig.ts'
import { openSpeaker } from '../rig.ts'
import type { Speaker } from '../rig.ts'

/** Somebody who speaks of workflows, and stays signed in however long it takes. */
export interface Planner extends Speaker {
  /** The token that is good now. */
  signed(): Promise<string>
  say: Speaker['say']
  /** What is said back. */
  text(sentence: string, conversation_id?: string): Promise<string>
  /** Makes a workflow of Ann's, or of another user. */
  make(name: string, definition?: Partial<WorkflowDefinition>, user_id?: string): Promise<Workflow>
  /** Names of Ann's workflows, those that are off in brackets. */
  names(): Promise<string[]>
  runs(): Promise<{ workflow_name: string; status: string; trigger_source: string }[]>
  /** The run once it has ended or waits. */
  look(execution_id: string | undefined): Promise<ExecutionDetail>
}

const TOKEN_MS = 800_000

export async function openPlanner(): Promise<Planner> {
  const ann = await openSpeaker()
  const { app, clock, ask, user_id } = ann
  let token = ann.token
  let since = clock.now()
  const signed = async (): Promise<string> => {
    if (clock.now() - since < TOKEN_MS) return token
    const who = { email: 'ann@example.org', password: PASSWORD }
    token = (await ask(undefined, 'auth.login', who)).access_token
    since = clock.now()
    return token
  }
  const say: Speaker['say'] = async (text_fallback, conversation_id = 'one'): Promise<VoiceProcessed> =>
    ask(await signed(), 'voice.process', { text_fallback, context: { conversation_id } })
  const look = async (id: string): Promise<ExecutionDetail> => {
    for (let turns = 0; turns < 2_000; turns += 1) {
      const run = await ask(await signed(), 'workflows.execution', { id })
      if (run.ended_at !== null || run.steps.some(({ status }) => status === 'waiting')) return run
      await nextTurn()
    }
    throw new Error('The run does not end.')
  }
  return {
    ...ann,
    signed,
    say,
    text: async (sentence, conversation_id) => (await say(sentence, conversation_id)).response.text,
    make: (name, definition = {}, owner = user_id) =>
      app.kernel.store.write((tx) =>
        app.workflows.create(tx, owner, { name, definition: defined({ steps: [SET], ...definition }) }),
      ),
    names: async () =>
      (await app.workflows.shown(user_id)).map((one) => (one.is_active ? one.name : `(${one.name})`)),
    runs: async () => (await ask(await signed(), 'workflows.executions', {})).executions,
    look: (id = '') => look(id),
  }
}

/** Does nothing that anybody can see. */
export const SET = { id: 'set', agent_number: 0, action: 'set', parameters: { value: '{{trigger}}' } }
/** Waits for its user. */
export const QUESTION = {
  id: 'ask',
  agent_number: 0,
  action: 'wait_for_approval',
  parameters: { text: 'Shall I go on?' },
}
/** Fails: nothing like it is on the list. */
export const FAILS = { id: 'bad', agent_number: 4, action: 'done', parameters: { items: ['plutonium'] } }
export const WAITS = { id: 'wait', agent_number: 0, action: 'wait', parameters: { seconds: 3_000 } }
