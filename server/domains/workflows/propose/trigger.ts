import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import { CONFIDENCE_TO_ASK } from '../../../../contract/limits.ts'
import { lineOf } from './line.ts'
import { momentOf } from './once.ts'
import { FIRST_AGENTS } from './proposal.ts'
import type { AgentNames, ProposeContext } from './proposal.ts'
import { anything } from './results.ts'
import { literal } from './quoting.ts'
import type { Said } from './request.ts'

/** How often a change is looked for: a day of it is within what the smallest account may run. */
const CHANGE_MINUTES = 30
const LABEL_CHARACTERS_MAX = 100

/** What an agent has said at its end, and the text that its action was about, if there is one. */
const ENDED = "(trigger.result.success ? (trigger.result.text ?? '') : (trigger.result.error ?? ''))"
const KEPT = `typeof (trigger.result.data ?? {}).text === 'string' ? trigger.result.data.text : ${ENDED}`

export interface Started {
  trigger: WorkflowTrigger
  /** An expression for what "tell me the result" tells before any step has found something. */
  subject?: string
  /** The same for "it", as a text that is kept: without what leads to it. */
  result?: string
  unclear: string[]
}

/** The trigger that was said. */
export async function triggerOf(said: Said, context: ProposeContext, sentence = ''): Promise<Started> {
  const { time_zone } = context
  switch (said.type) {
    case 'manual':
      return { trigger: { type: 'manual', conditions: {} }, unclear: [] }
    case 'webhook': {
      const result = anything("(trigger.body ?? '')")
      const subject = `'The webhook was called. ' + (${result})`
      return { trigger: { type: 'webhook', conditions: { method: 'POST' } }, subject, result, unclear: [] }
    }
    case 'voice_command':
      return { trigger: { type: 'voice_command', conditions: { phrase: said.phrase } }, unclear: [] }
    case 'schedule': {
      const zone = 'cron' in said.conditions ? { timezone: time_zone } : {}
      const conditions = { ...zone, ...said.conditions }
      return {
        trigger: { type: 'schedule', conditions },
        unclear: said.problem === undefined ? [] : [said.problem],
      }
    }
    case 'once': {
      const at = momentOf(said.once, sentence, context)
      const trigger = {
        type: 'schedule' as const,
        conditions: at === undefined ? {} : { at, timezone: time_zone },
      }
      return { trigger, unclear: at === undefined ? ['That time has passed, or is none.'] : [] }
    }
    case 'change':
      return {
        trigger: { type: 'schedule', conditions: { every_ms: CHANGE_MINUTES * 60_000 } },
        subject: changeOf(said.target).text,
        unclear: [],
      }
    case 'agent_completion':
      return completionOf(said, context)
  }
}

async function completionOf(
  said: Extract<Said, { type: 'agent_completion' }>,
  { agents = FIRST_AGENTS, understand }: ProposeContext,
): Promise<Started> {
  const source_agent = agentNamed(said.agent, agents)
  const { success, doing } = said
  const done = doing === undefined ? undefined : await understand(doing)
  const isOwn = done?.agent_number === source_agent && (done?.confidence ?? 0) >= CONFIDENCE_TO_ASK
  const action = said.action ?? (isOwn ? done?.action : undefined)
  const conditions = {
    ...(action === undefined ? {} : { action }),
    ...(success === undefined ? {} : { success }),
  }
  const how = success === false ? 'has failed' : 'has finished'
  const subject = `'Agent ' + trigger.agent_number + ' ${how} (' + trigger.action + '). ' + ${ENDED}`
  const unclear = source_agent === undefined ? [noAgent(said.agent)] : []
  if (source_agent !== undefined && doing !== undefined && !isOwn)
    unclear.push(`Agent ${source_agent} does nothing that is called “${doing}”.`)
  const source = source_agent === undefined ? {} : { source_agent }
  return { trigger: { type: 'agent_completion', conditions, ...source }, subject, result: KEPT, unclear }
}

/** One workflow waits for one agent. */
function noAgent(said: string): string {
  return /^(?:an|any|some|every|another|one|each)$/iu.test(said)
    ? 'Say which agent, such as "when agent 8 fails, tell me".'
    : `There is no agent "${said}".`
}

/** The agent of a number, of a name, or of the one name that has all these words. */
function agentNamed(said: string, agents: AgentNames): number | undefined {
  const key = lineOf(said).text
  if (/^\d+$/u.test(key)) return agents.has(Number(key)) ? Number(key) : undefined
  const named = [...agents].map(([number, name]) => ({ number, key: lineOf(name).text }))
  const same = named.find((agent) => agent.key === key)
  const partly = named.filter(
    (agent) => key !== '' && key.split(' ').every((word) => agent.key.split(' ').includes(word)),
  )
  return same?.number ?? (partly.length === 1 ? partly[0]?.number : undefined)
}

/** Expressions about a watch of this target, in the result of the step `watches`. */
export function changeOf(target: string) {
  const label = target.slice(0, LABEL_CHARACTERS_MAX)
  const names = `(one.label === ${literal(label)} || one.target === ${literal(target)})`
  const since = `addMinutes(trigger.due ?? now, -${CHANGE_MINUTES})`
  const changed = `${names} && one.last_change !== undefined && one.last_change.at > ${since}`
  const texts = `steps.watches.result.watches.filter(one => ${changed}).map(one => one.last_change.text.slice(0, 300)).join(' ')`
  return {
    label,
    has_changed: anyWatch(changed),
    is_unknown: `steps.watches.status === 'completed' && !steps.watches.result.watches.some(one => ${names})`,
    text: `${literal(`${label} has changed. `)} + ${texts}`,
  }
}

function anyWatch(test: string): string {
  return `steps.watches.status === 'completed' && steps.watches.result.watches.some(one => ${test})`
}
