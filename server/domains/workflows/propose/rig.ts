import assert from 'node:assert/strict'
import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import { START } from '../../../../test/app.ts'
import { ACCEPTS } from '../../../install.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { concierge } from '../../../skills/concierge/index.ts'
import { data } from '../../../skills/data/index.ts'
import { fetcher } from '../../../skills/fetcher/index.ts'
import { guardian } from '../../../skills/guardian/index.ts'
import { notes } from '../../../skills/notes/index.ts'
import { reminders } from '../../../skills/reminders/index.ts'
import { system } from '../../../skills/system/index.ts'
import { tasks } from '../../../skills/tasks/index.ts'
import { text } from '../../../skills/text/index.ts'
import { watcher } from '../../../skills/watcher/index.ts'
import { buildCatalogue } from '../../language/catalogue.ts'
import { TemplateError, compileTemplate } from '../../language/template.ts'
import { understand } from '../../language/understand.ts'
import { openOwn } from '../own/index.ts'
import { validateDefinition } from '../validate/definition.ts'
import type { Known } from '../validate/known.ts'
import { sayCondition } from './explain.ts'
import { isProposal, propose } from './index.ts'
import type { Proposal, ProposeContext, UnderstoodClause } from './proposal.ts'

export const SKILLS = [concierge, notes, reminders, tasks, data, text, watcher, fetcher, guardian]
export const ZONE = 'Europe/Berlin'
export const OWN = openOwn({} as Kernel, {
  notify: () => Promise.reject(new Error('Nobody is told.')),
}).actions

const agents = SKILLS.map((skill) => ({
  agent_number: skill.agent.number,
  name: skill.agent.name,
  skill,
  voice_commands: [],
}))
const catalogue = buildCatalogue(system, agents, [])

const classify = () => Promise.resolve({ ranked: [], in_scope: 0 })

/** Understands by the phrases of the built-in skills alone. */
export async function understandClause(clause: string): Promise<UnderstoodClause | undefined> {
  const around = { wake_words: ['paios'], active_agent: undefined, only_agent: undefined }
  const heard = { text: clause, now: START, time_zone: ZONE, ...around }
  const { meaning, parameters, missing, confidence } = await understand(heard, {
    catalogue,
    accepts: ACCEPTS,
    classify,
  })
  if (meaning === undefined) return undefined
  const { agent_number, agent_name, name, action } = meaning
  const { effect, summary } = action
  return {
    agent_number,
    agent_name,
    action: name,
    parameters,
    effect,
    summary,
    confidence,
    missing: missing === undefined ? [] : [missing.parameter],
  }
}

export const CONTEXT: ProposeContext = { time_zone: ZONE, now: START, understand: understandClause }

/** The proposal for a sentence, which must be one. */
export async function proposed(sentence: string, more: Partial<ProposeContext> = {}): Promise<Proposal> {
  const proposal = await propose(sentence, { ...CONTEXT, ...more })
  if ('definition' in proposal) return proposal
  throw new Error(`No workflow for "${sentence}": ${proposal.unclear.join(' ')}`)
}

const KNOWN: Known = {
  agents: new Map([
    [0, { name: 'System', is_active: true, actions: OWN, aliases: new Set<string>() }],
    ...agents.map(
      ({ agent_number, name, skill }) =>
        [
          agent_number,
          { name, is_active: true, actions: skill.actions, aliases: new Set<string>() },
        ] as const,
    ),
  ]),
  time_zone: ZONE,
  now: START,
  findPhraseProblem: (phrase) => {
    try {
      compileTemplate(phrase)
      return undefined
    } catch (error) {
      if (error instanceof TemplateError) return error.message
      throw error
    }
  },
}

/** Everything that is wrong with a definition, and worth knowing about it. */
export function problemsOf(definition: unknown): string[] {
  const { errors, warnings } = validateDefinition(definition, KNOWN)
  return [...errors, ...warnings].map(({ path, code, message }) => `${path} ${code} ${message}`)
}

/** A trigger in few words. */
function shortTrigger({ type, conditions, source_agent }: WorkflowTrigger): string {
  const { cron, timezone, every_ms, ...rest } = conditions
  const zone = timezone === ZONE ? '' : ` ${timezone as string}`
  if (cron !== undefined) return `cron ${cron as string}${zone}`
  if (every_ms !== undefined) return `every ${Number(every_ms) / 60_000} min`
  const more = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`
  return `${type}${source_agent === undefined ? '' : ` ${source_agent}`}${more}`
}

/** The trigger and the steps of a proposal in few words: `id agent/action parameters`, and the condition in words. */
export function shortened({ definition }: Proposal): string[] {
  const steps = definition.steps.map(({ id, agent_number, action, parameters, condition }) => {
    const told = parameters['text']
    const worked_out = action === 'notify' && typeof told === 'string' && /^\{\{|\n\{\{/.test(told)
    const shown = worked_out || Object.keys(parameters).length === 0 ? '' : ` ${JSON.stringify(parameters)}`
    return `${id} ${agent_number}/${action}${shown}${condition === undefined ? '' : ` ${sayCondition(condition)}`}`
  })
  return [shortTrigger(definition.trigger), ...steps]
}

/** A sentence, what starts its workflow, and its steps; where a step tells something found, its text is left out. */
export type Sentence = readonly [sentence: string, trigger: string, ...steps: string[]]

/** Makes sure that each sentence is a proposal of exactly these steps, and that nothing is wrong with it. */
export async function becomes(sentences: readonly Sentence[]): Promise<void> {
  for (const [sentence, ...wanted] of sentences) {
    const proposal = await proposed(sentence)
    assert.deepEqual(shortened(proposal), wanted, sentence)
    assert.deepEqual(proposal.unclear, [], sentence)
    assert.deepEqual(problemsOf(proposal.definition), [], sentence)
    assert.ok(isProposal(sentence), sentence)
  }
}
